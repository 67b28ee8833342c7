//! Deadlines of obligations: when it is certain that something did not happen.

use pptp_wire::time::{Duration, Instant};
use std::collections::{BTreeMap, BTreeSet};

/// What a control connection's end has to have done by then.
#[derive(Copy, Clone, Eq, PartialEq, Ord, PartialOrd, Hash, Debug)]
pub(crate) enum ConnectionTimer {
    /// The opener sends Start-Control-Connection-Request (CC-001).
    SendStartRequest,
    /// The acceptor that got no Start-Control-Connection-Request closes (KA-001).
    AwaitStartRequest,
    /// The opener that got no Start-Control-Connection-Reply closes (KA-002, CC-029).
    AwaitStartReply,
    /// The acceptor answers Start-Control-Connection-Request (SCCRP-001, CC-026).
    AnswerStart,
    /// An end that hears nothing sends Echo-Request (KA-003).
    Idle,
    /// An end whose Echo-Request is not answered closes (KA-004, KA-005).
    AwaitEchoReply,
    /// Echo-Request is answered (ECRP-001).
    AnswerEcho,
    /// Stop-Control-Connection-Request is answered (CC-009, CC-018).
    AnswerStop,
    /// An end whose Stop-Control-Connection-Request is not answered closes (CC-029).
    AwaitStopReply,
    /// An end that has answered the stop closes (CC-009, CC-018).
    CloseAfterAnswer,
    /// An end whose stop was answered closes (CC-010, CC-019).
    CloseAfterReply,
    /// An end that has refused a version closes (CC-015).
    CloseAfterRefusal,
    /// The loser of a collision closes its connection (CC-024).
    CollisionClose,
    /// An end that has lost synchronisation closes (HDR-009).
    LostStep,
    /// An end that got a malformed message closes or answers with an error (HDR-014, HDR-015).
    Malformed,
}

/// What an end of a call has to have done by then.
#[derive(Copy, Clone, Eq, PartialEq, Ord, PartialOrd, Hash, Debug)]
pub(crate) enum CallTimer {
    /// The requester still waits for the reply (KA-007).
    AwaitReply,
    /// The request is answered (OCRP-001, ICRP-001).
    AnswerRequest,
    /// An accepted incoming call is connected or disconnected (ICCN-001, PACI-003).
    Connect,
    /// The PNS still waits for Incoming-Call-Connected (KA-007).
    AwaitConnect,
    /// The PNS still waits for Call-Disconnect-Notify (KA-007).
    AwaitDisconnect,
    /// Call-Clear-Request is answered (CCLR-005 and its kin).
    AnswerClear,
}

/// What a deadline is about.
#[derive(Copy, Clone, Eq, PartialEq, Ord, PartialOrd, Hash, Debug)]
pub(crate) enum Timer {
    /// An end of a control connection.
    Connection {
        /// The connection's number.
        connection: u32,
        /// The end: 0 opened it, 1 accepted it.
        side: u8,
        /// What is due.
        kind: ConnectionTimer,
    },
    /// A call.
    Call {
        /// Its place in the table of calls.
        index: u32,
        /// What is due.
        kind: CallTimer,
    },
}

/// All pending deadlines in the order of time; at most one for each obligation.
#[derive(Clone, Default, Debug)]
pub(crate) struct Timers {
    pending: BTreeSet<(Instant, Timer)>,
    due: BTreeMap<Timer, Instant>,
}

impl Timers {
    /// Sets a deadline, in place of an earlier one: it comes when more than `limit` has passed since `start`.
    pub(crate) fn set(&mut self, start: Instant, limit: Duration, timer: Timer) {
        let at = start + limit + Duration::from_nanos(1);
        if let Some(before) = self.due.insert(timer, at) {
            self.pending.remove(&(before, timer));
        }
        self.pending.insert((at, timer));
    }

    /// Sets a deadline unless one for the same obligation is pending.
    pub(crate) fn set_first(&mut self, start: Instant, limit: Duration, timer: Timer) {
        if !self.due.contains_key(&timer) {
            self.set(start, limit, timer);
        }
    }

    /// The obligation is met, or has lost its reason.
    pub(crate) fn cancel(&mut self, timer: Timer) {
        if let Some(at) = self.due.remove(&timer) {
            self.pending.remove(&(at, timer));
        }
    }

    /// Nothing is expected on this connection any more.
    pub(crate) fn cancel_connection(&mut self, connection: u32) {
        let all = ConnectionTimer::SendStartRequest;
        let first = Timer::Connection {
            connection,
            side: 0,
            kind: all,
        };
        self.cancel_while(
            first,
            |timer| matches!(timer, Timer::Connection { connection: other, .. } if *other == connection),
        );
    }

    /// Nothing is expected of this end of the connection any more.
    pub(crate) fn cancel_side(&mut self, connection: u32, side: usize) {
        let first = Timer::Connection {
            connection,
            side: side as u8,
            kind: ConnectionTimer::SendStartRequest,
        };
        self.cancel_while(
            first,
            |timer| matches!(timer, Timer::Connection { connection: other, side: which, .. } if *other == connection && usize::from(*which) == side),
        );
    }

    /// Nothing is expected on this call any more.
    pub(crate) fn cancel_call(&mut self, index: u32) {
        let first = Timer::Call {
            index,
            kind: CallTimer::AwaitReply,
        };
        self.cancel_while(
            first,
            |timer| matches!(timer, Timer::Call { index: other, .. } if *other == index),
        );
    }

    /// The next deadline.
    #[inline]
    pub(crate) fn next(&self) -> Option<Instant> {
        self.pending.first().map(|&(at, _)| at)
    }

    /// Takes the next deadline that has come by `now`.
    pub(crate) fn take(&mut self, now: Instant) -> Option<(Instant, Timer)> {
        self.next().filter(|&at| at <= now)?;
        let taken = self.pending.pop_first();
        if let Some((_, timer)) = &taken {
            self.due.remove(timer);
        }
        taken
    }

    fn cancel_while(&mut self, first: Timer, belongs: impl Fn(&Timer) -> bool) {
        while let Some((&timer, &at)) = self.due.range(first..).next() {
            if !belongs(&timer) {
                return;
            }
            self.due.remove(&timer);
            self.pending.remove(&(at, timer));
        }
    }
}
