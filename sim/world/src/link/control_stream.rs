//! What is on its way in one direction of one TCP connection.

use super::control::ControlPath;
use super::waiting::Waiting;
use pptp_wire::collections::Few;
use pptp_wire::time::Instant;

/// The octets, marks and end that one side of a connection sent and the other has not got yet. Everything arrives in the
/// order in which it was sent.
#[derive(Debug, Default)]
#[repr(C)]
pub struct ControlStream {
    pieces: Few<Piece>,
    /// When the last piece arrives; what follows does not arrive before it.
    last_at: Instant,
    octets: Waiting,
    pub(super) unit: Unit,
    ended: bool,
}

/// What was sent at once or coalesced.
#[derive(Copy, Clone, Debug, Default)]
pub(super) struct Unit {
    /// When it leaves; what is sent before that joins it.
    pub(super) departs: Instant,
    /// Octets up to now.
    pub(super) length: u64,
    /// Segments up to now.
    pub(super) segments: u64,
}

#[derive(Copy, Clone, Debug)]
struct Piece {
    at: Instant,
    kind: PieceKind,
}

#[derive(Copy, Clone, Debug)]
enum PieceKind {
    Octets(usize),
    Mark(u32),
    End,
    Reset,
}

/// One thing that arrives.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum Arrival<'a> {
    /// One segment.
    Octets(&'a [u8]),
    /// A mark that the caller set, behind the segment with the octets that were sent before it.
    Mark(u32),
    /// The sender's FIN. The other direction may go on.
    End,
    /// The sender's RST.
    Reset,
}

impl ControlStream {
    /// A stream with nothing on its way.
    pub fn new() -> ControlStream {
        ControlStream::default()
    }

    /// Sets a mark behind everything that was sent, to arrive with the last of it (at `now` where nothing is on its way).
    /// A mark takes no octets and parts no segment: where octets behind it join the segment before it, it arrives behind
    /// them. What its number means is the caller's business.
    pub fn mark(&mut self, now: Instant, mark: u32) {
        self.push(now, PieceKind::Mark(mark));
    }

    /// When the next thing arrives; `None` if nothing is on its way, or the path is stalled.
    pub fn next_at(&self, path: &ControlPath) -> Option<Instant> {
        let piece = self.pieces.front()?;
        path.not_before().map(|release| release.max(piece.at))
    }

    /// The next thing that has arrived by `now`, one at a time.
    pub fn take(&mut self, path: &ControlPath, now: Instant) -> Option<Arrival<'_>> {
        if self.next_at(path)? > now {
            return None;
        }
        Some(match self.pieces.pop_front()?.kind {
            PieceKind::Octets(length) => Arrival::Octets(self.octets.take(length)),
            PieceKind::Mark(mark) => Arrival::Mark(mark),
            PieceKind::End => Arrival::End,
            PieceKind::Reset => Arrival::Reset,
        })
    }

    /// Forgets everything that is on its way, as when a host crashes or the connection is reset for both ends at once. The
    /// stream takes nothing any more.
    pub fn abort(&mut self) {
        *self = ControlStream {
            ended: true,
            last_at: self.last_at,
            ..ControlStream::default()
        };
    }

    /// Whether its sender has ended it: by FIN, by RST, or by [`ControlStream::abort`].
    pub fn is_ended(&self) -> bool {
        self.ended
    }

    /// Octets that are on their way.
    pub fn octets_in_flight(&self) -> usize {
        self.octets.len()
    }

    /// Whether nothing is on its way.
    pub fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    /// Appends a segment, which arrives at `at` or with what is before it; tells when.
    pub(super) fn push_segment(&mut self, at: Instant, octets: &[u8]) -> Instant {
        self.octets.append(octets);
        self.push(at, PieceKind::Octets(octets.len()))
    }

    /// Makes the last segment longer; `None`, and nothing done, if there is none, or one has another time than the marks
    /// behind it.
    pub(super) fn extend_segment(&mut self, octets: &[u8]) -> Option<Instant> {
        let last_at = self.last_at;
        let mut with_the_last = self
            .pieces
            .iter_mut()
            .rev()
            .take_while(|piece| piece.at == last_at);
        let length = with_the_last.find_map(|piece| match &mut piece.kind {
            PieceKind::Octets(length) => Some(length),
            _ => None,
        })?;
        *length += octets.len();
        self.octets.append(octets);
        Some(last_at)
    }

    /// Appends the sender's last word; nothing if there was one.
    pub(super) fn push_end(&mut self, at: Instant, reset: bool) -> Instant {
        if self.ended {
            return self.last_at;
        }
        self.ended = true;
        self.push(
            at,
            if reset {
                PieceKind::Reset
            } else {
                PieceKind::End
            },
        )
    }

    pub(super) fn push_mark(&mut self, at: Instant, mark: u32) -> Instant {
        self.push(at, PieceKind::Mark(mark))
    }

    fn push(&mut self, at: Instant, kind: PieceKind) -> Instant {
        self.last_at = self.last_at.max(at);
        self.pieces.push_back(Piece {
            at: self.last_at,
            kind,
        });
        self.last_at
    }
}
