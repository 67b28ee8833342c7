//! The tap at a sender's interface: cuts what a node sends on a connection into messages.

use crate::Unit;
use pptp_wire::time::Instant;
use pptp_wire::{Framer, FramerConfig, FramingErrorKind, Header, MAGIC_COOKIE, PptpMessageType};

/// Octets that were sent at once and belong to one message.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub(crate) struct Piece<'a> {
    /// The octets.
    pub octets: &'a [u8],
    /// The message that ends with them, if it does.
    pub message: Option<Message<'a>>,
}

/// A whole message, or a unit that is none.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub(crate) struct Message<'a> {
    /// All its octets.
    pub octets: &'a [u8],
    /// When its first octet was sent.
    pub first_at: Instant,
    /// In how many pieces it was sent.
    pub pieces: u16,
    /// Octets in the first piece.
    pub first_piece: u16,
    /// Place in the stream behind its last octet.
    pub end: u64,
    /// What is wrong with its framing.
    pub framing: Option<FramingErrorKind>,
}

/// The tap on one direction of one connection. Small: there are two of them for each connection, most of which rest most of the time.
#[derive(Debug, Default)]
#[repr(C)]
pub(crate) struct Tap {
    sent: u64,
    /// What was sent of a message that is not complete; there is nothing before the first such message.
    partial: Option<Box<Partial>>,
    /// The first error of the stream: from then on every send is a unit.
    lost_step: Option<FramingErrorKind>,
}

/// A message, or unit, that is not complete.
#[derive(Debug, Default)]
struct Partial {
    /// Its octets; none between two messages.
    octets: Vec<u8>,
    first_at: Instant,
    pieces: u16,
    first_piece: u16,
    /// Finds its end.
    framer: Framer,
}

impl Tap {
    pub(crate) fn new() -> Tap {
        Tap::default()
    }

    /// Octets sent up to now.
    pub(crate) fn sent(&self) -> u64 {
        self.sent
    }

    /// Whether what comes next belongs to what was sent before: a message is not complete, or step is lost.
    pub(crate) fn goes_on(&self) -> bool {
        self.lost_step.is_some() || !self.left_over().is_empty()
    }

    /// Octets of a message that is not complete.
    pub(crate) fn left_over(&self) -> &[u8] {
        self.partial
            .as_ref()
            .map_or(&[], |partial| partial.octets.as_slice())
    }

    /// Octets were sent. `each` gets them piece by piece, no piece with octets of two messages.
    pub(crate) fn send(
        &mut self,
        now: Instant,
        octets: &[u8],
        unit: Unit,
        mut each: impl FnMut(Piece<'_>),
    ) {
        match unit {
            Unit::Stream if self.lost_step.is_none() => self.cut(now, octets, &mut each),
            Unit::Part => self.part(now, octets, &mut each),
            Unit::Stream | Unit::Whole => {
                self.keep(now, octets);
                let framing = self.lost_step.or_else(|| framing_of_unit(self.left_over()));
                self.whole(octets, framing, &mut each);
            }
        }
    }

    /// Cuts by the Length fields. Where step is lost, what is left is one unit.
    fn cut(&mut self, now: Instant, octets: &[u8], each: &mut impl FnMut(Piece<'_>)) {
        let mut rest = octets;
        while !rest.is_empty() {
            if self.left_over().is_empty()
                && let Some((message, behind)) = whole_message(rest)
            {
                self.sent += message.len() as u64;
                let first_piece = message.len() as u16;
                let (first_at, end) = (now, self.sent);
                let whole = Message {
                    octets: message,
                    first_at,
                    pieces: 1,
                    first_piece,
                    end,
                    framing: None,
                };
                each(Piece {
                    octets: message,
                    message: Some(whole),
                });
                rest = behind;
                continue;
            }
            let before = rest;
            let outcome = self.push(&mut rest);
            let taken = &before[..before.len() - rest.len()];
            match outcome {
                None => return self.part(now, taken, each),
                Some(Ok(())) => {
                    self.keep(now, taken);
                    self.whole(taken, None, each);
                }
                Some(Err(kind)) => {
                    self.lost_step = Some(kind);
                    self.keep(now, before);
                    return self.whole(before, Some(kind), each);
                }
            }
        }
    }

    /// Gives octets to the framer, a fresh one where a message begins.
    fn push(&mut self, rest: &mut &[u8]) -> Option<Result<(), FramingErrorKind>> {
        let partial = self.partial.get_or_insert_default();
        if partial.octets.is_empty() {
            partial.framer = Framer::default();
        }
        let framed = partial.framer.push(rest)?;
        Some(framed.map(|_| ()).map_err(|error| error.kind))
    }

    /// Adds octets to what is not complete.
    fn keep(&mut self, now: Instant, octets: &[u8]) {
        let partial = self.partial.get_or_insert_default();
        if partial.octets.is_empty() {
            partial.first_at = now;
            partial.pieces = 0;
            partial.first_piece = octets.len().min(usize::from(u16::MAX)) as u16;
        }
        partial.pieces = partial.pieces.saturating_add(1);
        partial.octets.extend_from_slice(octets);
        self.sent += octets.len() as u64;
    }

    fn part(&mut self, now: Instant, octets: &[u8], each: &mut impl FnMut(Piece<'_>)) {
        if !octets.is_empty() {
            self.keep(now, octets);
            each(Piece {
                octets,
                message: None,
            });
        }
    }

    fn whole(
        &mut self,
        last: &[u8],
        framing: Option<FramingErrorKind>,
        each: &mut impl FnMut(Piece<'_>),
    ) {
        let end = self.sent;
        let Some(partial) = self.partial.as_mut().filter(|it| !it.octets.is_empty()) else {
            return;
        };
        let message = Message {
            octets: &partial.octets,
            first_at: partial.first_at,
            pieces: partial.pieces,
            first_piece: partial.first_piece,
            end,
            framing,
        };
        each(Piece {
            octets: last,
            message: Some(message),
        });
        partial.octets.clear();
    }
}

/// A control message that stands whole at the start of the octets, and what is behind it. `None`: look closer.
fn whole_message(octets: &[u8]) -> Option<(&[u8], &[u8])> {
    let header = Header::decode(octets).ok()?;
    let config = FramerConfig::default();
    let framed = header.magic_cookie == MAGIC_COOKIE
        && header.pptp_message_type == PptpMessageType::CONTROL
        && (config.minimum_length..=config.maximum_length).contains(&header.length);
    if framed {
        octets.split_at_checked(usize::from(header.length))
    } else {
        None
    }
}

/// What a receiver's framer would say of the beginning of a unit that stood alone in a stream. Octets behind the message in it are
/// the beginning of the next one.
fn framing_of_unit(octets: &[u8]) -> Option<FramingErrorKind> {
    let mut framer = Framer::new(FramerConfig::default());
    let mut rest = octets;
    framer.push(&mut rest)?.err().map(|error| error.kind)
}

#[cfg(test)]
mod tests {
    use super::*;
    use pptp_wire::{ControlMessage, EchoRequest, MAXIMUM_LENGTH};

    fn echo() -> Vec<u8> {
        ControlMessage::from(EchoRequest::default())
            .encode(&mut [0; MAXIMUM_LENGTH])
            .to_vec()
    }

    /// What comes out of one send: octets of the piece, and of the message with its pieces and framing.
    type Seen = Vec<(usize, Option<(usize, u16, u64, Option<FramingErrorKind>)>)>;

    fn send(tap: &mut Tap, at: u64, octets: &[u8], unit: Unit) -> Seen {
        let mut seen = Vec::new();
        tap.send(Instant(at), octets, unit, |piece| {
            let message = piece
                .message
                .map(|it| (it.octets.len(), it.pieces, it.first_at.0, it.framing));
            seen.push((piece.octets.len(), message));
        });
        seen
    }

    #[test]
    fn a_stream_is_cut_by_length_whatever_the_pieces() {
        let mut tap = Tap::new();
        let two = [echo(), echo()].concat();
        assert_eq!(send(&mut tap, 1, &two[..10], Unit::Stream), [(10, None)]);
        let seen = send(&mut tap, 2, &two[10..20], Unit::Stream);
        assert_eq!(seen, [(6, Some((16, 2, 1, None))), (4, None)]);
        assert_eq!(
            send(&mut tap, 3, &two[20..], Unit::Stream),
            [(12, Some((16, 2, 2, None)))]
        );
        assert_eq!(
            send(&mut tap, 4, &two, Unit::Stream),
            [(16, Some((16, 1, 4, None))); 2]
        );
        assert_eq!(tap.sent(), 64);
    }

    #[test]
    fn junk_is_one_unit_and_step_stays_lost() {
        let mut tap = Tap::new();
        let mut junk = echo();
        junk[4] = 0;
        let framing = Some(FramingErrorKind::BadCookie);
        assert_eq!(
            send(
                &mut tap,
                0,
                &[echo(), junk.clone(), echo()].concat(),
                Unit::Stream
            ),
            [
                (16, Some((16, 1, 0, None))),
                (32, Some((32, 1, 0, framing))),
            ]
        );
        assert_eq!(
            send(&mut tap, 1, &echo(), Unit::Stream),
            [(16, Some((16, 1, 1, framing)))]
        );
    }

    #[test]
    fn a_unit_is_whole_whatever_it_holds() {
        let mut tap = Tap::new();
        let octets = echo();
        assert_eq!(send(&mut tap, 0, &octets[..7], Unit::Part), [(7, None)]);
        assert_eq!(
            send(&mut tap, 5, &octets[7..10], Unit::Whole),
            [(3, Some((10, 2, 0, None)))]
        );
        let framing = Some(FramingErrorKind::LengthTooShort);
        assert_eq!(
            send(&mut tap, 6, &[0; 9], Unit::Whole),
            [(9, Some((9, 1, 6, framing)))]
        );
        // A message with octets behind it that cannot begin another.
        let longer = [&octets[..], &[0; 9]].concat();
        assert_eq!(
            send(&mut tap, 7, &longer, Unit::Whole),
            [(25, Some((25, 1, 7, None)))]
        );
        assert_eq!(
            send(&mut tap, 8, &octets, Unit::Stream),
            [(16, Some((16, 1, 8, None)))]
        );
    }
}
