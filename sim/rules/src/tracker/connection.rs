//! One control connection: what each of its two ends has sent, and what has reached it.

use super::Transit;
use crate::ledger::{Mark, Seen};
use crate::observation::End;
use crate::rarely::Rarely;
use crate::stamp::Stamp;
use core::ops::{Deref, DerefMut};
use pptp_wire::collections::Few;
use pptp_wire::time::Instant;
use std::collections::BTreeSet;

/// The most Echo-Requests of one end that are remembered as open.
const OPEN_ECHOES: usize = 256;

/// A Start-Control-Connection-Request or -Reply that an end sent.
#[derive(Copy, Clone, Debug)]
pub(crate) struct Start {
    pub(crate) mark: Mark,
    pub(crate) version: u16,
    pub(crate) maximum_channels: u16,
    /// Result Code of a reply.
    pub(crate) result: u8,
}

/// A Stop-Control-Connection-Reply.
#[derive(Copy, Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) mark: Mark,
    pub(crate) result: u8,
}

/// An Echo-Request that is open.
#[derive(Copy, Clone, Debug)]
pub(crate) struct Echo {
    pub(crate) identifier: u32,
    pub(crate) mark: Mark,
    /// When it reached the end that has to answer.
    pub(crate) arrived: Stamp,
    /// The answer is on the way.
    pub(crate) answered: bool,
    /// That the requester does not close for want of the answer was reported.
    pub(crate) wait_reported: bool,
    /// That there is no answer was reported, or is nothing to report.
    pub(crate) silence_reported: bool,
}

/// One end of a control connection: what every message asks for, in as few lines of the cache as it takes. The rest is looked at through
/// it as well.
#[derive(Clone, Debug)]
#[repr(C)]
pub(crate) struct Side {
    /// When a control message last reached it.
    pub(crate) last_received: Instant,
    /// Since when it is in the state established.
    pub(crate) established: Stamp,
    /// Stop-Control-Connection-Request has reached it.
    pub(crate) stop_request_arrived: Rarely<Mark>,
    /// It has sent Stop-Control-Connection-Request.
    pub(crate) stop_request: Rarely<Mark>,
    /// Junk has reached it.
    pub(crate) lost_step: Rarely<Mark>,
    /// A malformed message has reached it, and it has neither closed nor answered with an error; whether its type is defined.
    pub(crate) malformed: Rarely<(Mark, bool)>,
    /// When it last sent Echo-Request.
    pub(crate) last_echo_request: Stamp,
    /// When a message other than an echo last reached it.
    pub(crate) last_other_received: Stamp,
    /// The peer's close or reset has reached it.
    pub(crate) peer_closed: Stamp,
    /// Identifier of the last Echo-Request that it answered.
    pub(crate) last_answered: Option<u32>,
    /// It has sent octets that were not its own.
    pub(crate) foreign: bool,
    /// Octets of others have spoiled what it said: it may have asked for what nobody could see.
    pub(crate) spoiled: bool,
    /// Octets that do not fit their Length have reached it: where it takes messages to begin is not known from then on, and neither
    /// what it answers.
    pub(crate) astray: bool,
    /// The last message that it sent was not as long as its type asks for.
    pub(crate) wrong_length: bool,
    /// A message with a field out of range, or a malformed one, has reached it: it may close (HDR-014).
    pub(crate) may_close: bool,
    /// A malformed message, or one behind junk, has reached it: what it says unasked may be the answer to that (HDR-008, HDR-014).
    pub(crate) may_answer_malformed: bool,
    /// It has closed or reset.
    pub(crate) closed: bool,
    /// It has crashed: nothing is expected from it.
    pub(crate) crashed: bool,
    /// It has lost a collision: it says no more on this connection, which it opened.
    pub(crate) silenced: bool,
    /// It has won a collision: it says nothing on this connection, which the peer opened.
    pub(crate) forbidden: bool,
    /// A valid message has reached it after the junk.
    pub(crate) valid_after_junk: bool,
    /// Its Echo-Requests that are open.
    pub(crate) echoes: Few<Echo>,
    apart: Box<SideApart>,
}

/// What is known about an end of a control connection for its beginning and its end, and for its calls.
#[derive(Clone, Default, Debug)]
pub(crate) struct SideApart {
    /// Its first Start-Control-Connection-Request.
    pub(crate) start_request: Option<Start>,
    /// Its last Start-Control-Connection-Reply.
    pub(crate) start_reply: Option<Start>,
    /// Start-Control-Connection-Requests that have reached it.
    pub(crate) start_requests_arrived: u32,
    /// Of these, those that it has not answered.
    pub(crate) starts_to_answer: u32,
    /// Protocol Version of the last of these, and when it came.
    pub(crate) requested: Option<(u16, Mark)>,
    /// A refusing Start-Control-Connection-Reply has reached it.
    pub(crate) refused: bool,
    /// Stop-Control-Connection-Requests that have reached it and that it has not answered.
    pub(crate) stops_to_answer: u32,
    /// Its last Stop-Control-Connection-Reply.
    pub(crate) stop_answer: Option<Answer>,
    /// The last Stop-Control-Connection-Reply that has reached it.
    pub(crate) stop_answer_arrived: Option<Answer>,
    /// Call-Clear-Requests for unknown calls that have reached it.
    pub(crate) unknown_clears: u32,
    /// Call ID in the last refusing Incoming-Call-Reply that has reached it.
    pub(crate) refusal: Option<u16>,
    /// Requests for calls that went against their direction and that it has not answered: it may refuse each (HDR-014).
    pub(crate) misdirected_requests: u32,
    /// When it last sent a control message; kept where the tap sits on the path.
    pub(crate) last_sent: Option<Instant>,
    /// It has shown its role by a call message of its own.
    pub(crate) shows_role: bool,
}

impl Deref for Side {
    type Target = SideApart;

    #[inline]
    fn deref(&self) -> &SideApart {
        &self.apart
    }
}

impl DerefMut for Side {
    #[inline]
    fn deref_mut(&mut self) -> &mut SideApart {
        &mut self.apart
    }
}

impl Side {
    fn new(at: Instant, established: bool) -> Self {
        Self {
            last_received: at,
            established: established.then_some(at).into(),
            stop_request_arrived: Rarely::default(),
            stop_request: Rarely::default(),
            lost_step: Rarely::default(),
            malformed: Rarely::default(),
            last_echo_request: Stamp::default(),
            last_other_received: Stamp::default(),
            peer_closed: Stamp::default(),
            last_answered: None,
            foreign: false,
            spoiled: false,
            astray: false,
            wrong_length: false,
            may_close: false,
            may_answer_malformed: false,
            closed: false,
            crashed: false,
            silenced: false,
            forbidden: false,
            valid_after_junk: false,
            echoes: Few::new(),
            apart: Box::default(),
        }
    }

    /// A stop exchange has begun as far as this end knows.
    pub(crate) fn stopping(&self) -> bool {
        self.stop_request.is_some() || self.stop_request_arrived.is_some()
    }

    /// Nothing more is expected from this end but its answer to the peer's close.
    pub(crate) fn is_over(&self) -> bool {
        self.closed || self.peer_closed.is_some() || self.crashed
    }

    /// Remembers an Echo-Request as open.
    pub(crate) fn open_echo(&mut self, echo: Echo) {
        if self.echoes.len() == OPEN_ECHOES {
            self.echoes.pop_front();
        }
        self.echoes.push_back(echo);
    }
}

/// One control connection. Side 0 opened it, side 1 accepted it. What every message asks for comes first.
#[derive(Clone, Debug)]
#[repr(C, align(64))]
pub(crate) struct ConnectionRecord {
    /// The ends by side.
    pub(crate) ends: [End; 2],
    /// Its beginning was not seen.
    pub(crate) partial: bool,
    /// The TCP connection is open.
    pub(crate) opened: bool,
    /// A message was sent on it.
    pub(crate) spoken: bool,
    /// Messages on the way, by the side that sent them.
    pub(crate) transit: [Transit; 2],
    /// The ends' states.
    pub(crate) sides: [Side; 2],
    /// The side that is the PNS, once a call has shown it.
    pub(crate) pns: Option<usize>,
    /// The connection that it collides with.
    pub(crate) rival: Option<u32>,
    /// In a collision: the opener of this connection wins, or, where the addresses tell nothing, nobody.
    pub(crate) opener_wins: Option<bool>,
    /// The first observation of it.
    pub(crate) opening: Mark,
    /// Its calls, by their places in the table.
    pub(crate) calls: BTreeSet<u32>,
}

impl ConnectionRecord {
    pub(crate) fn new(seen: &Seen, partial: bool) -> Self {
        let side = || Side::new(seen.mark.at, partial);
        Self {
            ends: [seen.from, seen.to],
            partial,
            opened: partial,
            opening: seen.mark,
            spoken: partial,
            pns: None,
            sides: [side(), side()],
            transit: [Transit::default(), Transit::default()],
            calls: BTreeSet::new(),
            rival: None,
            opener_wins: None,
        }
    }

    /// The side of an end.
    pub(crate) fn side_of(&self, end: End) -> Option<usize> {
        self.ends.iter().position(|&other| other == end)
    }

    /// What the end on this side sends is judged under `seen`: not graded where it was led astray.
    pub(crate) fn fair(&self, side: usize, seen: &Seen) -> Seen {
        let mut fair = *seen;
        fair.mark.graded &= !self.sides[side].astray;
        fair
    }

    /// Either end has closed or reset.
    pub(crate) fn closing(&self) -> bool {
        self.sides.iter().any(|side| side.closed)
    }

    /// Version 1.0 was agreed: a start with Result 1 in which both ends named 0x0100.
    pub(crate) fn agreed(&self) -> bool {
        let named = |start: Option<Start>| start.is_some_and(|start| start.version == 0x0100);
        (0..2).any(|side| {
            named(self.sides[side].start_reply)
                && self.sides[side]
                    .start_reply
                    .is_some_and(|reply| reply.result == 1)
                && named(self.sides[1 - side].start_request)
        })
    }
}
