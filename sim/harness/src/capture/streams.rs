//! All TCP connections of a capture, in bounded memory.

use std::collections::BTreeMap;
use std::net::SocketAddrV4;

use super::connection::{Connection, Work};
use super::event::{Observer, Stamp};
use super::ipv4::Ipv4Packet;
use super::notice::{Notice, Notices, Place};
use super::tcp::{ACK, RST, SYN, TcpSegment};

/// The port on which PPTP listens (RFC 2637 §1.4).
pub const PPTP_PORT: u16 = 1723;

/// Connections that are followed at the same time; the one that was idle longest gives way.
const MAXIMUM_CONNECTIONS: usize = 4096;
/// Octets that all connections together may hold back.
const MAXIMUM_WAITING: usize = 16 << 20;

type Ends = (SocketAddrV4, SocketAddrV4);

/// The connections that are being followed.
#[derive(Debug, Default)]
pub(super) struct Streams {
    connections: BTreeMap<Ends, Connection>,
    by_use: BTreeMap<u64, Ends>,
    uses: u64,
    recognised: u32,
    waiting_octets: usize,
}

impl Streams {
    /// Takes a segment of any connection.
    pub(super) fn add(
        &mut self,
        stamp: Stamp,
        packet: &Ipv4Packet<'_>,
        segment: &TcpSegment<'_>,
        notices: &mut Notices,
        out: &mut Observer<'_>,
    ) {
        let from = SocketAddrV4::new(packet.source, segment.source_port);
        let to = SocketAddrV4::new(packet.destination, segment.destination_port);
        let (key, side) = if from <= to {
            ((from, to), 0)
        } else {
            ((to, from), 1)
        };
        let opens = segment.has(SYN) && !segment.has(ACK);
        let old = self.connections.get(&key);
        if opens && old.is_some_and(|old| old.gives_way_to(side, segment.sequence_number)) {
            self.forget(key, stamp, notices, out);
        }
        let known = self.connections.contains_key(&key);
        if !known && !is_worth_following(segment) {
            return;
        }
        if !known && self.connections.len() >= MAXIMUM_CONNECTIONS {
            self.forget_idle(stamp, notices, out);
        }
        let work = &mut Work {
            stamp,
            recognised: &mut self.recognised,
            notices,
            out,
        };
        let connection = self
            .connections
            .entry(key)
            .or_insert_with(|| Connection::new([key.0, key.1], side, segment, work));
        self.uses += 1;
        self.by_use.remove(&connection.last_use);
        self.by_use.insert(self.uses, key);
        connection.last_use = self.uses;
        let before = connection.waiting_octets();
        connection.segment(side, segment, work);
        if self.waiting_octets > MAXIMUM_WAITING {
            connection.release_all(work);
        }
        self.waiting_octets = self.waiting_octets - before + connection.waiting_octets();
    }

    /// The capture ends.
    pub(super) fn finish(&mut self, stamp: Stamp, notices: &mut Notices, out: &mut Observer<'_>) {
        while let Some((_, &key)) = self.by_use.first_key_value() {
            self.forget(key, stamp, notices, out);
        }
    }

    fn forget_idle(&mut self, stamp: Stamp, notices: &mut Notices, out: &mut Observer<'_>) {
        if let Some((_, &key)) = self.by_use.first_key_value() {
            if self
                .connections
                .get(&key)
                .is_some_and(Connection::is_wanted)
            {
                notices.add(Notice::ForgottenConnection, Place::Frame(stamp.frame));
            }
            self.forget(key, stamp, notices, out);
        }
    }

    fn forget(&mut self, key: Ends, stamp: Stamp, notices: &mut Notices, out: &mut Observer<'_>) {
        if let Some(mut connection) = self.connections.remove(&key) {
            self.by_use.remove(&connection.last_use);
            self.waiting_octets -= connection.waiting_octets();
            connection.end(&mut Work {
                stamp,
                recognised: &mut self.recognised,
                notices,
                out,
            });
        }
    }
}

/// A segment that says nothing about a connection that is not followed makes none.
fn is_worth_following(segment: &TcpSegment<'_>) -> bool {
    let on_our_port = segment.source_port == PPTP_PORT || segment.destination_port == PPTP_PORT;
    !segment.has(RST) && (on_our_port || segment.has(SYN) || !segment.payload.is_empty())
}

#[cfg(test)]
mod tests;
