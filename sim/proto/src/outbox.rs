//! Outputs that wait to be drained. They and their octets lie in buffers that are used again, so that a steady state allocates nothing.

use std::cell::Cell;
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

/// Outputs in order, and the octets that they speak of.
#[derive(Debug, Default)]
struct Buffers {
    queue: VecDeque<Queued>,
    arena: Vec<u8>,
}

thread_local! {
    /// Of thousands of endpoints one at a time has something to say: so they use the same buffers, which stay in the near cache.
    static SPARE: Cell<Option<Box<Buffers>>> = const { Cell::new(None) };
}

/// The queue of outputs.
#[derive(Debug, Default)]
pub(crate) struct Outbox {
    /// `None` where all outputs are drained.
    buffers: Option<Box<Buffers>>,
}

impl Outbox {
    /// Asks for a TCP connection.
    pub fn connect(&mut self, connection: ConnectionId, to: Ipv4Addr) {
        self.buffers()
            .queue
            .push_back(Queued::Connect { connection, to });
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
        self.buffers().queue.push_back(Queued::Send {
            connection,
            octets,
            cause,
        });
    }

    /// Closes a TCP connection.
    pub fn close(&mut self, connection: ConnectionId, cause: Cause) {
        self.buffers()
            .queue
            .push_back(Queued::Close { connection, cause });
    }

    /// Resets a TCP connection.
    pub fn reset(&mut self, connection: ConnectionId, cause: Cause) {
        self.buffers()
            .queue
            .push_back(Queued::Reset { connection, cause });
    }

    /// Sends a GRE packet.
    pub fn datagram(&mut self, to: Ipv4Addr, header: &GreHeader, payload: &[u8], cause: Cause) {
        let mut buffer = [0; 16];
        let length = header.encode(&mut buffer);
        let Buffers { queue, arena } = self.buffers();
        let start = arena.len();
        arena.extend_from_slice(&buffer[..length]);
        arena.extend_from_slice(payload);
        let octets = Span {
            start,
            end: arena.len(),
        };
        queue.push_back(Queued::Datagram { to, octets, cause });
    }

    /// Hands a payload to PPP.
    pub fn data(&mut self, call: CallRef, sequence_number: u32, payload: &[u8]) {
        let payload = self.keep(payload);
        self.buffers().queue.push_back(Queued::Data {
            call,
            sequence_number,
            payload,
        });
    }

    /// Tells of something without octets.
    pub fn event(&mut self, event: Event<'static>) {
        self.buffers().queue.push_back(Queued::Event(event));
    }

    /// Whether all outputs are drained.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.buffers
            .as_ref()
            .is_none_or(|buffers| buffers.queue.is_empty())
    }

    /// Gives the buffers back once all outputs are drained.
    #[inline]
    pub fn reclaim(&mut self) {
        if let Some(mut buffers) = self.buffers.take() {
            // Cleared, they begin anew at the start of their memory.
            buffers.queue.clear();
            buffers.arena.clear();
            if buffers.arena.capacity() > KEPT_OCTETS {
                buffers.arena.shrink_to(0);
            }
            SPARE.set(Some(buffers));
        }
    }

    /// The next output.
    #[inline]
    pub fn next(&mut self) -> Option<Output<'_>> {
        let Buffers { queue, arena } = self.buffers.as_deref_mut()?;
        let queued = queue.pop_front()?;
        let octets = |span: Span| &arena[span.start..span.end];
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

    #[inline]
    fn buffers(&mut self) -> &mut Buffers {
        self.buffers
            .get_or_insert_with(|| SPARE.take().unwrap_or_default())
    }

    fn keep(&mut self, octets: &[u8]) -> Span {
        let arena = &mut self.buffers().arena;
        let start = arena.len();
        arena.extend_from_slice(octets);
        Span {
            start,
            end: arena.len(),
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
            assert!(outbox.buffers.is_none());
        }
    }

    #[test]
    fn a_burst_does_not_keep_its_memory() {
        let mut outbox = Outbox::default();
        outbox.send_octets(ConnectionId(1), &vec![0; KEPT_OCTETS + 1], Cause::Answer);
        while outbox.next().is_some() {}
        outbox.reclaim();
        assert_eq!(outbox.buffers().arena.capacity(), 0);
    }

    fn is(output: Option<Output<'_>>, wanted: &[u8]) -> bool {
        matches!(output, Some(Output::Send { octets, .. }) if octets == wanted)
    }

    #[test]
    fn two_that_have_something_to_say_do_not_mix_it_up() {
        let (mut one, mut other) = (Outbox::default(), Outbox::default());
        for round in 0..3u8 {
            one.send_octets(ConnectionId(1), &[round; 12], Cause::Answer);
            other.send_octets(ConnectionId(2), &[round + 100; 13], Cause::Answer);
            assert!(is(one.next(), &[round; 12]));
            one.reclaim();
            assert!(is(other.next(), &[round + 100; 13]));
            other.reclaim();
            assert!(one.is_empty() && other.is_empty());
        }
    }
}
