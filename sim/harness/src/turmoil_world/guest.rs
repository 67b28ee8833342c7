//! What stands in the world for an implementation on tokio: it repeats what was seen of that one's sockets.

use pptp_wire::time::Instant;
use pptp_world::{
    Command, CommandError, Event, Input, Node, Outcome, Output, Role, ScriptedConfig, ScriptedNode,
};
use std::cell::RefCell;
use std::collections::VecDeque;
use std::net::Ipv4Addr;
use std::rc::Rc;
use tokio::sync::Notify;

/// Datagrams that wait for a program that does not read; more are lost.
const INBOX_LIMIT: usize = 65_536;

/// The datagrams of an implementation on tokio.
#[derive(Debug, Default)]
pub(super) struct Mailbox {
    /// Arrived, with their source addresses.
    pub inbox: VecDeque<(Ipv4Addr, Vec<u8>)>,
    /// To be sent.
    pub outbox: VecDeque<(Ipv4Addr, Vec<u8>)>,
    /// The inbox overflowed since that was told last.
    is_full: bool,
    /// Rings when something has arrived.
    pub bell: Rc<Notify>,
}

/// The program and the world have it in common.
pub(super) type SharedMailbox = Rc<RefCell<Mailbox>>;

/// A node that repeats. As it is told what was seen by commands, it is a scripted node whose datagrams go to the program, and
/// which is judged.
#[derive(Debug)]
pub(super) struct Guest {
    repeats: ScriptedNode,
    mailbox: SharedMailbox,
    role: Option<Role>,
}

impl Guest {
    pub(super) fn new(role: Option<Role>, mailbox: SharedMailbox) -> Guest {
        Guest {
            repeats: ScriptedNode::new(ScriptedConfig::default()),
            mailbox,
            role,
        }
    }
}

impl Node for Guest {
    fn handle(&mut self, now: Instant, input: Input<'_>) {
        let Input::Datagram { from, octets } = input else {
            return self.repeats.handle(now, input);
        };
        let mut mailbox = self.mailbox.borrow_mut();
        if mailbox.inbox.len() < INBOX_LIMIT {
            mailbox.inbox.push_back((from, octets.to_vec()));
            mailbox.bell.notify_one();
        } else {
            mailbox.is_full = true;
        }
    }

    fn poll(&mut self, now: Instant) -> Output<'_> {
        if core::mem::take(&mut self.mailbox.borrow_mut().is_full) {
            let limit = "gre-socket-datagrams";
            return Output::Event(Event::Limit { limit });
        }
        self.repeats.poll(now)
    }

    fn command(&mut self, now: Instant, command: &Command) -> Result<Outcome, CommandError> {
        self.repeats.command(now, command)
    }

    fn role(&self) -> Option<Role> {
        self.role
    }

    fn restart(&mut self) {
        self.repeats.restart();
        let mut mailbox = self.mailbox.borrow_mut();
        mailbox.inbox.clear();
        mailbox.outbox.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_inbox_that_nobody_reads_is_bounded_and_says_so() {
        let mailbox = SharedMailbox::default();
        let mut guest = Guest::new(Some(Role::Pac), mailbox.clone());
        let datagram = Input::Datagram {
            from: Ipv4Addr::LOCALHOST,
            octets: &[1, 2],
        };
        for _ in 0..INBOX_LIMIT {
            guest.handle(Instant::START, datagram);
        }
        assert!(matches!(guest.poll(Instant::START), Output::Deadline(None)));
        guest.handle(Instant::START, datagram);
        let full = Output::Event(Event::Limit {
            limit: "gre-socket-datagrams",
        });
        assert_eq!(guest.poll(Instant::START), full);
        assert!(matches!(guest.poll(Instant::START), Output::Deadline(None)));
        assert_eq!(mailbox.borrow().inbox.len(), INBOX_LIMIT);
        guest.restart();
        assert_eq!(mailbox.borrow().inbox.len(), 0);
        assert!(!guest.is_scripted() && guest.listens());
    }
}
