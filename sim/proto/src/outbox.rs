//! Outputs that wait to be drained. Octets lie in one arena that is reused, so that a steady state allocates nothing.

use std::collections::VecDeque;
use std::net::Ipv4Addr;

use pptp_wire::{ControlMessage, GreHeader, HEADER_LENGTH, MAXIMUM_LENGTH};

use crate::{CallRef, Cause, ConnectionId, Event, Output};

/// An arena larger than this is given back once it is drained.
const KEPT_OCTETS: usize = 1 << 20;

#[derive(Copy, Clone, Debug)]
struct Span {
    start: usize,
    end: usize,
}

#[derive(Copy, Clone, Debug)]
enum Queued {
    Connect {
        connection: ConnectionId,
        to: Ipv4Addr,
    },
    Send {
        connection: ConnectionId,
        octets: Span,
        cause: Cause,
    },
    Close {
        connection: ConnectionId,
        cause: Cause,
    },
    Reset {
        connection: ConnectionId,
        cause: Cause,
    },
    Datagram {
        to: Ipv4Addr,
        octets: Span,
        cause: Cause,
    },
    Data {
        call: CallRef,
        sequence_number: u32,
        payload: Span,
    },
    Event(Event<'static>),
}

/// The queue of outputs.
#[derive(Debug, Default)]
pub(crate) struct Outbox {
    queue: VecDeque<Queued>,
    arena: Vec<u8>,
}

impl Outbox {
    /// Asks for a TCP connection.
    pub fn connect(&mut self, connection: ConnectionId, to: Ipv4Addr) {
        self.queue.push_back(Queued::Connect { connection, to });
    }

    /// Sends a control message.
    pub fn send(&mut self, connection: ConnectionId, message: &ControlMessage, cause: Cause) {
        let mut buffer = [0; MAXIMUM_LENGTH];
        let octets = message.encode(&mut buffer);
        self.send_octets(connection, octets, cause);
    }

    /// Sends a control message that is encoded already.
    pub fn send_octets(&mut self, connection: ConnectionId, octets: &[u8], cause: Cause) {
        debug_assert!(octets.len() >= HEADER_LENGTH);
        let octets = self.keep(octets);
        self.queue.push_back(Queued::Send {
            connection,
            octets,
            cause,
        });
    }

    /// Closes a TCP connection.
    pub fn close(&mut self, connection: ConnectionId, cause: Cause) {
        self.queue.push_back(Queued::Close { connection, cause });
    }

    /// Resets a TCP connection.
    pub fn reset(&mut self, connection: ConnectionId, cause: Cause) {
        self.queue.push_back(Queued::Reset { connection, cause });
    }

    /// Sends a GRE packet.
    pub fn datagram(&mut self, to: Ipv4Addr, header: &GreHeader, payload: &[u8], cause: Cause) {
        let mut buffer = [0; 16];
        let length = header.encode(&mut buffer);
        let start = self.arena.len();
        self.arena.extend_from_slice(&buffer[..length]);
        self.arena.extend_from_slice(payload);
        let octets = Span {
            start,
            end: self.arena.len(),
        };
        self.queue.push_back(Queued::Datagram { to, octets, cause });
    }

    /// Hands a payload to PPP.
    pub fn data(&mut self, call: CallRef, sequence_number: u32, payload: &[u8]) {
        let payload = self.keep(payload);
        self.queue.push_back(Queued::Data {
            call,
            sequence_number,
            payload,
        });
    }

    /// Tells of something without octets.
    pub fn event(&mut self, event: Event<'static>) {
        self.queue.push_back(Queued::Event(event));
    }

    /// Whether all outputs are drained.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.queue.is_empty()
    }

    /// Takes the arena back once all outputs are drained.
    #[inline]
    pub fn reclaim(&mut self) {
        self.arena.clear();
        if self.arena.capacity() > KEPT_OCTETS {
            self.arena.shrink_to(0);
        }
    }

    /// The next output.
    #[inline]
    pub fn next(&mut self) -> Option<Output<'_>> {
        let queued = self.queue.pop_front()?;
        let octets = |span: Span| &self.arena[span.start..span.end];
        Some(match queued {
            Queued::Connect { connection, to } => Output::Connect { connection, to },
            Queued::Send {
                connection,
                octets: span,
                cause,
            } => Output::Send {
                connection,
                octets: octets(span),
                cause,
            },
            Queued::Close { connection, cause } => Output::Close { connection, cause },
            Queued::Reset { connection, cause } => Output::Reset { connection, cause },
            Queued::Datagram {
                to,
                octets: span,
                cause,
            } => Output::Datagram {
                to,
                octets: octets(span),
                cause,
            },
            Queued::Data {
                call,
                sequence_number,
                payload,
            } => Output::Event(Event::Data {
                call,
                sequence_number,
                payload: octets(payload),
            }),
            Queued::Event(event) => Output::Event(event),
        })
    }

    fn keep(&mut self, octets: &[u8]) -> Span {
        let start = self.arena.len();
        self.arena.extend_from_slice(octets);
        Span {
            start,
            end: self.arena.len(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outputs_keep_their_order_and_their_octets() {
        let mut outbox = Outbox::default();
        let connection = ConnectionId(1);
        for round in 0..3u8 {
            outbox.send_octets(connection, &[round; 12], Cause::Answer);
            outbox.close(connection, Cause::Answer);
            let sent = Output::Send {
                connection,
                octets: &[round; 12],
                cause: Cause::Answer,
            };
            assert_eq!(outbox.next(), Some(sent));
            assert_eq!(
                outbox.next(),
                Some(Output::Close {
                    connection,
                    cause: Cause::Answer
                })
            );
            assert_eq!(outbox.next(), None);
            outbox.reclaim();
            assert!(outbox.arena.is_empty());
        }
    }

    #[test]
    fn a_burst_does_not_keep_its_memory() {
        let mut outbox = Outbox::default();
        outbox.send_octets(ConnectionId(1), &vec![0; KEPT_OCTETS + 1], Cause::Answer);
        while outbox.next().is_some() {}
        outbox.reclaim();
        assert_eq!(outbox.arena.capacity(), 0);
    }
}
