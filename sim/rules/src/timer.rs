//! Deadlines of obligations: when it is certain that something did not happen.

use crate::numbered::Numbered;
use pptp_wire::collections::Runs;
use pptp_wire::time::{Duration, Instant};

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

/// One obligation: when it is due, and when the queue will look at it. `NEVER`: not.
#[derive(Copy, Clone, Debug)]
struct Obligation {
    due: Instant,
    /// Not later than `due`, unless there is none.
    queued: Instant,
}

const NOTHING: Obligation = Obligation {
    due: Instant::NEVER,
    queued: Instant::NEVER,
};

impl Default for Obligation {
    fn default() -> Self {
        NOTHING
    }
}

const CONNECTION_TIMERS: usize = ConnectionTimer::Malformed as usize + 1;
const CALL_TIMERS: usize = CallTimer::AnswerClear as usize + 1;

/// The obligations of both ends of a control connection, by kind and side. Those of keep-alive, which is all that most connections do,
/// lie together.
#[derive(Clone, Default, Debug)]
struct Row {
    keep_alive: [[Obligation; 2]; KEEP_ALIVE_TIMERS],
    others: Option<Box<[[Obligation; 2]; CONNECTION_TIMERS]>>,
}

/// The first of the kinds that are keep-alive, and how many follow each other.
const KEEP_ALIVE: usize = ConnectionTimer::Idle as usize;
const KEEP_ALIVE_TIMERS: usize = ConnectionTimer::AnswerEcho as usize + 1 - KEEP_ALIVE;

impl Row {
    /// One obligation, to be set.
    fn get_mut(&mut self, kind: ConnectionTimer, side: u8) -> &mut Obligation {
        let of_kind = match self
            .keep_alive
            .get_mut((kind as usize).wrapping_sub(KEEP_ALIVE))
        {
            Some(of_kind) => of_kind,
            None => &mut self.others.get_or_insert_default()[kind as usize],
        };
        &mut of_kind[usize::from(side)]
    }

    /// One obligation, if it was ever set.
    fn known(&mut self, kind: ConnectionTimer, side: u8) -> Option<&mut Obligation> {
        let of_kind = match self
            .keep_alive
            .get_mut((kind as usize).wrapping_sub(KEEP_ALIVE))
        {
            Some(of_kind) => of_kind,
            None => &mut self.others.as_deref_mut()?[kind as usize],
        };
        of_kind.get_mut(usize::from(side))
    }

    /// All obligations that were ever set, by side.
    fn iter_mut(&mut self) -> impl Iterator<Item = &mut [Obligation; 2]> {
        let others = self.others.iter_mut().flat_map(|others| others.iter_mut());
        self.keep_alive.iter_mut().chain(others)
    }
}

/// All pending deadlines in the order of time; at most one for each obligation.
///
/// Most deadlines are moved or dropped long before they come. So the queue is looked after late: an entry for a deadline that was
/// moved to a later time, or dropped, stays where it is until it is the first.
#[derive(Clone, Default, Debug)]
pub(crate) struct Timers {
    /// The first entry is always one for a deadline as it stands.
    queue: Runs<(Instant, Timer)>,
    /// Obligations that have an entry of their own in the queue; what is beyond is left over.
    queued: usize,
    connections: Numbered<Row>,
    calls: Vec<[Obligation; CALL_TIMERS]>,
}

impl Timers {
    /// Sets a deadline, in place of an earlier one: it comes when more than `limit` has passed since `start`.
    pub(crate) fn set(&mut self, start: Instant, limit: Duration, timer: Timer) {
        let at = start + limit + Duration::from_nanos(1);
        let obligation = self.obligation(timer);
        obligation.due = at;
        if at < obligation.queued {
            let is_new = obligation.queued == Instant::NEVER;
            obligation.queued = at;
            self.queued += usize::from(is_new);
            self.queue.push((at, timer));
        }
        self.changed(timer);
    }

    /// Sets a deadline unless one for the same obligation is pending.
    pub(crate) fn set_first(&mut self, start: Instant, limit: Duration, timer: Timer) {
        if self.obligation(timer).due == Instant::NEVER {
            self.set(start, limit, timer);
        }
    }

    /// The obligation is met, or has lost its reason.
    pub(crate) fn cancel(&mut self, timer: Timer) {
        let Some(obligation) = self.known(timer) else {
            return;
        };
        if obligation.due != Instant::NEVER {
            obligation.due = Instant::NEVER;
            self.changed(timer);
        }
    }

    /// Nothing is expected on this connection any more.
    pub(crate) fn cancel_connection(&mut self, connection: u32) {
        if let Some(mut row) = self.connections.remove(connection) {
            let pending = row.iter_mut().flatten();
            self.queued -= pending.filter(|it| it.queued != Instant::NEVER).count();
            self.tidy();
        }
    }

    /// Nothing is expected of this end of the connection any more.
    pub(crate) fn cancel_side(&mut self, connection: u32, side: usize) {
        if let Some(row) = self.connections.get_mut(connection) {
            for obligations in row.iter_mut() {
                obligations[side].due = Instant::NEVER;
            }
            self.tidy();
        }
    }

    /// Nothing is expected on this call any more.
    pub(crate) fn cancel_call(&mut self, index: u32) {
        if let Some(row) = self.calls.get_mut(index as usize) {
            for obligation in row {
                obligation.due = Instant::NEVER;
            }
            self.tidy();
        }
    }

    /// Asks for the deadlines of a connection.
    #[inline]
    pub(crate) fn look_ahead(&self, connection: u32) {
        self.connections.look_ahead(connection);
    }

    /// The next deadline.
    #[inline]
    pub(crate) fn next(&self) -> Option<Instant> {
        self.queue.first().map(|first| first.0)
    }

    /// Takes the next deadline that has come by `now`.
    pub(crate) fn take(&mut self, now: Instant) -> Option<(Instant, Timer)> {
        self.next().filter(|&at| at <= now)?;
        let taken = self.queue.pop()?;
        if let Some(obligation) = self.known(taken.1) {
            *obligation = NOTHING;
            self.queued -= 1;
        }
        self.tidy();
        Some(taken)
    }

    fn obligation(&mut self, timer: Timer) -> &mut Obligation {
        match timer {
            Timer::Connection {
                connection,
                side,
                kind,
            } => {
                let row = self
                    .connections
                    .get_or_insert_with(connection, Row::default);
                row.get_mut(kind, side)
            }
            Timer::Call { index, kind } => {
                let index = index as usize;
                if index >= self.calls.len() {
                    self.calls.resize(index + 1, [NOTHING; CALL_TIMERS]);
                }
                &mut self.calls[index][kind as usize]
            }
        }
    }

    /// An obligation that was set before.
    fn known(&mut self, timer: Timer) -> Option<&mut Obligation> {
        match timer {
            Timer::Connection {
                connection,
                side,
                kind,
            } => self
                .connections
                .get_mut(connection)
                .and_then(|row| row.known(kind, side)),
            Timer::Call { index, kind } => self
                .calls
                .get_mut(index as usize)
                .map(|row| &mut row[kind as usize]),
        }
    }

    /// A deadline has changed: no other entry of the queue has.
    #[inline]
    fn changed(&mut self, timer: Timer) {
        if let Some((_, first)) = self.queue.first()
            && *first == timer
        {
            self.tidy();
        }
    }

    /// Sees to it that the first entry of the queue is for a deadline as it stands, and that not too many are left over.
    fn tidy(&mut self) {
        while let Some(&(at, timer)) = self.queue.first() {
            let mut again = None;
            if let Some(obligation) = self.known(timer)
                && obligation.queued == at
            {
                if obligation.due == at {
                    break;
                }
                obligation.queued = obligation.due;
                again = Some(obligation.due);
            }
            self.queue.pop();
            match again {
                Some(Instant::NEVER) => self.queued -= 1,
                Some(due) => self.queue.push((due, timer)),
                None => {}
            }
        }
        if self.queue.len() > 2 * self.queued + LEFT_OVER {
            let mut queue = core::mem::take(&mut self.queue);
            queue.retain(|&(at, timer)| {
                self.known(timer)
                    .is_some_and(|obligation| obligation.queued == at)
            });
            self.queue = queue;
        }
    }
}

/// Entries of the queue that may be left over in any case.
const LEFT_OVER: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    fn timer(number: u32) -> Timer {
        let kinds = [
            ConnectionTimer::Idle,
            ConnectionTimer::AnswerEcho,
            ConnectionTimer::Malformed,
        ];
        match number % 10 {
            9 => Timer::Call {
                index: number / 10,
                kind: CallTimer::AnswerClear,
            },
            rest => Timer::Connection {
                connection: number / 10,
                side: (rest % 2) as u8,
                kind: kinds[rest as usize % 3],
            },
        }
    }

    #[test]
    fn what_is_left_over_is_thrown_away() {
        let mut timers = Timers::default();
        for round in (0..10_000).rev() {
            timers.set(Instant(round), Duration(5), timer(0));
            timers.set(Instant(20_000), Duration(round), timer(10));
            timers.cancel_connection(1);
            assert!(timers.queue.len() <= 2 + LEFT_OVER + 2);
        }
        assert_eq!(timers.take(Instant(6)), Some((Instant(6), timer(0))));
        assert_eq!(timers.take(Instant::NEVER), None);
        assert_eq!(timers.queued, 0);
    }

    proptest! {
        /// Under any sequence of changes the deadlines are those of a plain table.
        #[test]
        fn agrees_with_a_plain_table(steps in prop::collection::vec((0_u8..12, 0_u32..30, 0_u64..50), 0..300)) {
            let mut timers = Timers::default();
            let mut model: BTreeMap<Timer, Instant> = BTreeMap::new();
            for (action, number, at) in steps {
                let (which, number, at) = (timer(number), number / 10, Instant(at));
                let of_connection = |timer: &Timer, wanted: Option<u8>| {
                    matches!(timer, Timer::Connection { connection, side, .. }
                        if *connection == number && wanted.is_none_or(|wanted| wanted == *side))
                };
                match action {
                    0 => {
                        timers.cancel_connection(number);
                        model.retain(|timer, _| !of_connection(timer, None));
                    }
                    1 => {
                        timers.cancel_side(number, 1);
                        model.retain(|timer, _| !of_connection(timer, Some(1)));
                    }
                    2 => {
                        timers.cancel_call(number);
                        model.retain(|timer, _| !matches!(timer, Timer::Call { index, .. } if *index == number));
                    }
                    3 | 4 => {
                        timers.cancel(which);
                        model.remove(&which);
                    }
                    5 | 6 => {
                        let first = model.iter().map(|(&timer, &at)| (at, timer)).min();
                        let due = first.filter(|first| first.0 <= at);
                        prop_assert_eq!(timers.take(at), due);
                        if let Some((_, timer)) = due {
                            model.remove(&timer);
                        }
                    }
                    7 => {
                        timers.set_first(at, Duration::ZERO, which);
                        model.entry(which).or_insert(at + Duration(1));
                    }
                    _ => {
                        timers.set(at, Duration::ZERO, which);
                        model.insert(which, at + Duration(1));
                    }
                }
                prop_assert_eq!(timers.next(), model.values().copied().min());
            }
        }
    }
}
