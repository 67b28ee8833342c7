//! What an implementation on tokio gets from the world: its name, its address, and a socket for GRE.

use super::guest::SharedMailbox;
use std::net::Ipv4Addr;

/// What the software of an implementation on tokio ends with.
pub type HostResult = Result<(), Box<dyn std::error::Error>>;

/// The host that an implementation on tokio runs on. TCP is turmoil's: listen on port 1723 with [`TcpListener`](super::TcpListener)
/// (address `0.0.0.0`), connect with [`TcpStream`](super::TcpStream). Time is tokio's: one millisecond there is one of virtual time.
///
/// Runs are only equal if the software leaves nothing to chance: `biased;` in every `tokio::select!`, no clock but tokio's, no
/// randomness that is not seeded, and tasks spawned with `tokio::task::spawn_local`.
#[derive(Clone, Debug)]
pub struct AsyncHost {
    name: String,
    address: Ipv4Addr,
    mailbox: SharedMailbox,
}

impl AsyncHost {
    pub(super) fn new(name: &str, address: Ipv4Addr, mailbox: SharedMailbox) -> AsyncHost {
        AsyncHost {
            name: name.to_owned(),
            address,
            mailbox,
        }
    }

    /// The node's name in the scenario.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The node's first address.
    pub fn address(&self) -> Ipv4Addr {
        self.address
    }

    /// The socket for IP protocol 47. All sockets of a host share one inbox: have one reader.
    pub fn gre_socket(&self) -> GreSocket {
        GreSocket {
            mailbox: self.mailbox.clone(),
        }
    }
}

/// A socket for IP protocol 47 (enhanced GRE, RFC 2637 §4). What is sent meets the impairments of the node's link.
#[derive(Clone, Debug)]
pub struct GreSocket {
    mailbox: SharedMailbox,
}

impl GreSocket {
    /// Waits for the next datagram: its source address, and its octets from the first of the GRE header on. Safe to cancel.
    pub async fn recv(&mut self) -> (Ipv4Addr, Vec<u8>) {
        loop {
            let (first, bell) = {
                let mut mailbox = self.mailbox.borrow_mut();
                (mailbox.inbox.pop_front(), mailbox.bell.clone())
            };
            match first {
                Some(datagram) => return datagram,
                None => bell.notified().await,
            }
        }
    }

    /// Sends a datagram now. `octets` begin with the GRE header.
    pub fn send(&self, to: Ipv4Addr, octets: &[u8]) {
        let mut mailbox = self.mailbox.borrow_mut();
        mailbox.outbox.push_back((to, octets.to_vec()));
    }
}
