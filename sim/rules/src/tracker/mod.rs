//! What the judge knows about ends, pairs, connections and calls: from observations alone.

mod call;
mod calls;
mod connection;
mod ending;
mod transit;

pub(crate) use call::{Call, CallRef, EndCause, Party};
pub(crate) use calls::Calls;
pub(crate) use connection::{Answer, ConnectionRecord, Echo, Side, Start};
pub(crate) use transit::{Cut, Effect, InTransit, Transit, Values};

use crate::config::JudgeConfig;
use crate::judge::EndDescription;
use crate::ledger::{Ledger, Mark, Seen};
use crate::numbered::Numbered;
use crate::observation::End;
use crate::timer::{CallTimer, ConnectionTimer, Timer, Timers};
use pptp_wire::time::{Duration, Instant};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Connections that are over and remembered, so that what straggles is not taken for a new one.
const RETIRED_CONNECTIONS: usize = 256;

/// The most Call Serial Numbers of one end that are remembered; the lowest gives way.
pub(crate) const SERIAL_NUMBERS: usize = 4096;

/// What is known about one end beyond its connections.
#[derive(Clone, Default, Debug)]
pub(crate) struct EndFacts {
    /// What the feeder told.
    pub(crate) description: EndDescription,
    /// Call Serial Numbers of its Outgoing-Call-Requests and of its Incoming-Call-Requests, and the connection of each.
    pub(crate) serial_numbers: [BTreeMap<u16, u32>; 2],
    /// A connection of it went down without a stop: it may have started anew.
    pub(crate) may_have_restarted: bool,
    /// The last sequence number that it sent in any call (SEQ-004).
    pub(crate) last_sequence_number: Option<u32>,
}

/// What is known about two ends and the tunnel between them.
#[derive(Clone, Default, Debug)]
pub(crate) struct Pair {
    /// Numbers of the connections between them that are not over.
    pub(crate) connections: BTreeSet<u32>,
    /// A control connection between them was established, when last.
    pub(crate) established: Option<Instant>,
    /// A call was requested between them.
    pub(crate) had_calls: bool,
    /// Its beginning was not seen: what is not known may have been set up before.
    pub(crate) unseen: bool,
}

/// The state of everything, and the ledger of what was found.
#[derive(Clone, Default, Debug)]
pub(crate) struct Tracker {
    pub(crate) config: JudgeConfig,
    pub(crate) ends: Vec<EndFacts>,
    /// By end: whether it is a script. Apart from what else is known, as every observation asks for it.
    scripted: Vec<bool>,
    pub(crate) pairs: BTreeMap<(End, End), Pair>,
    pub(crate) connections: Numbered<ConnectionRecord>,
    pub(crate) calls: Calls,
    pub(crate) timers: Timers,
    pub(crate) ledger: Ledger,
    /// Pairs of ends into whose connections others have put messages, until they connect anew: each of the two knows of the other
    /// what the other never said, so neither what they do about it nor what they leave undone is graded.
    intruded: BTreeSet<(End, End)>,
    /// The latest time that was heard of.
    pub(crate) now: Instant,
    retired: VecDeque<u32>,
}

impl Tracker {
    pub(crate) fn new(config: JudgeConfig) -> Self {
        Self {
            config,
            ..Self::default()
        }
    }

    /// What is known about an end.
    #[inline]
    pub(crate) fn end(&mut self, end: End) -> &mut EndFacts {
        let index = usize::from(end.0);
        if index >= self.ends.len() {
            self.ends.resize_with(index + 1, EndFacts::default);
        }
        &mut self.ends[index]
    }

    /// Takes in what the feeder knows about an end.
    pub(crate) fn describe(&mut self, end: End, description: EndDescription) {
        self.end(end).description = description;
        self.scripted.resize(self.ends.len(), false);
        self.scripted[usize::from(end.0)] = description.scripted;
    }

    /// Whether an end does what a script says.
    #[inline]
    pub(crate) fn is_scripted(&self, end: End) -> bool {
        self.scripted.get(usize::from(end.0)) == Some(&true)
    }

    /// Asks for the memory that a message on this connection will need.
    #[inline]
    pub(crate) fn look_ahead(&self, number: u32) {
        self.connections.look_ahead(number);
        self.timers.look_ahead(number);
    }

    /// The tunnel between two ends.
    pub(crate) fn pair(&mut self, one: End, other: End) -> &mut Pair {
        let from_the_start = self.config.from_the_start;
        self.pairs
            .entry((one.min(other), one.max(other)))
            .or_insert_with(|| Pair {
                unseen: !from_the_start,
                ..Pair::default()
            })
    }

    /// Octets that are neither end's own are on their way between the two.
    pub(crate) fn intrude(&mut self, one: End, other: End) {
        self.intruded.insert((one.min(other), one.max(other)));
    }

    /// Whether others have put messages between the two ends.
    #[inline]
    pub(crate) fn is_intruded(&self, one: End, other: End) -> bool {
        !self.intruded.is_empty() && self.intruded.contains(&(one.min(other), one.max(other)))
    }

    /// `seen` for rules that look beyond the single message: not graded where others have put messages between the two ends.
    #[inline]
    pub(crate) fn undisturbed(&self, seen: &Seen) -> Seen {
        let mut fair = *seen;
        fair.mark.graded &= !self.is_intruded(seen.from, seen.to);
        fair
    }

    /// The connection with this number and the sender's side of it. A connection that was never seen to open is taken to be
    /// established, with the sender as its opener. `None` for what straggles after the end of a connection, and for a connection
    /// between an end and itself, whose directions cannot be told apart.
    pub(crate) fn enter(&mut self, seen: &Seen, number: u32) -> Option<usize> {
        if seen.from == seen.to {
            return None;
        }
        if !self.connections.hold(number) {
            if self.retired.contains(&number) {
                return None;
            }
            self.add_connection(seen, number, true);
        }
        let record = self.connections.get(number)?;
        record.side_of(seen.from)
    }

    /// Adds a connection that `seen.from` opens, or that is there already and was never seen to open.
    pub(crate) fn add_connection(&mut self, seen: &Seen, number: u32, partial: bool) {
        let record = ConnectionRecord::new(seen, partial);
        self.connections.insert(number, record);
        let pair = self.pair(seen.from, seen.to);
        let is_alone = pair.connections.is_empty();
        pair.connections.insert(number);
        if partial {
            pair.unseen = true;
            pair.established.get_or_insert(seen.mark.at);
        }
        if is_alone {
            self.intruded
                .remove(&(seen.from.min(seen.to), seen.from.max(seen.to)));
        }
        if partial {
            for side in 0..2 {
                self.set_timer(
                    number,
                    side,
                    ConnectionTimer::Idle,
                    seen.mark.at,
                    self.idle_limit(),
                );
            }
        }
    }

    /// Forgets a connection that is over.
    pub(crate) fn retire(&mut self, number: u32) {
        self.timers.cancel_connection(number);
        let Some(record) = self.connections.remove(number) else {
            return;
        };
        self.leave_pair(record.ends[0], record.ends[1], number);
        self.retired.push_back(number);
        if self.retired.len() > RETIRED_CONNECTIONS {
            self.retired.pop_front();
        }
    }

    /// Takes a connection out of its pair, and forgets a pair of which nothing is known.
    fn leave_pair(&mut self, one: End, other: End, number: u32) {
        let from_the_start = self.config.from_the_start;
        let pair = self.pair(one, other);
        pair.connections.remove(&number);
        let is_known = !pair.connections.is_empty()
            || pair.established.is_some()
            || pair.had_calls
            || pair.unseen == from_the_start;
        if !is_known {
            self.pairs.remove(&(one.min(other), one.max(other)));
        }
    }

    /// A call has ended for one of its ends; once it has for both, it is remembered by its Call IDs alone.
    pub(crate) fn end_call(&mut self, index: u32, party: Party, at: Instant, cause: EndCause) {
        let Some(call) = self.calls.get_mut(index) else {
            return;
        };
        if call.ended[party as usize].is_none() {
            call.ended[party as usize] = Some((at, cause));
            call.halves[party as usize].ended = at;
        }
        if call.ended.iter().all(Option::is_some) {
            let connection = call.connection;
            self.timers.cancel_call(index);
            self.calls.release(index);
            if let Some(record) = self.connections.get_mut(connection) {
                record.calls.remove(&index);
            }
        }
    }

    /// All calls of a connection have ended for the end on this side.
    pub(crate) fn end_calls(&mut self, number: u32, side: usize, at: Instant, cause: EndCause) {
        let Some(record) = self.connections.get(number) else {
            return;
        };
        let calls: Vec<u32> = record.calls.iter().copied().collect();
        for index in calls {
            if let Some(party) = self.calls.get(index).map(|call| call.party_on(side)) {
                self.end_call(index, party, at, cause);
            }
        }
    }

    /// Marks what an end left undone, cited by what called for it. `None` for an end that is a script, has sent what was not its own,
    /// was led astray, or was told what its peer never said: what it does not say is not its fault.
    pub(crate) fn omission(
        &self,
        number: u32,
        side: usize,
        since: Mark,
        at: Instant,
    ) -> Option<Mark> {
        let is_intruded = self
            .connections
            .get(number)
            .is_some_and(|record| self.is_intruded(record.ends[0], record.ends[1]));
        self.omission_all_the_same(number, side, since, at)
            .filter(|_| !is_intruded)
    }

    /// The same, though others may have put octets into the connection: for what their octets ask for as any others do.
    pub(crate) fn omission_all_the_same(
        &self,
        number: u32,
        side: usize,
        since: Mark,
        at: Instant,
    ) -> Option<Mark> {
        let is_excused = self.connections.get(number).is_some_and(|record| {
            let this = &record.sides[side];
            this.foreign || this.astray || self.is_scripted(record.ends[side])
        });
        (!is_excused).then_some(Mark {
            number: since.number,
            at,
            graded: true,
        })
    }

    /// Sets a deadline for an end of a connection.
    pub(crate) fn set_timer(
        &mut self,
        connection: u32,
        side: usize,
        kind: ConnectionTimer,
        start: Instant,
        limit: Duration,
    ) {
        self.timers.set(
            start,
            limit,
            Timer::Connection {
                connection,
                side: side as u8,
                kind,
            },
        );
    }

    /// Drops a deadline of an end of a connection.
    pub(crate) fn cancel_timer(&mut self, connection: u32, side: usize, kind: ConnectionTimer) {
        self.timers.cancel(Timer::Connection {
            connection,
            side: side as u8,
            kind,
        });
    }

    /// Sets a deadline for a call.
    pub(crate) fn set_call_timer(
        &mut self,
        index: u32,
        kind: CallTimer,
        start: Instant,
        limit: Duration,
    ) {
        self.timers.set(start, limit, Timer::Call { index, kind });
    }

    /// Drops deadlines of a call.
    pub(crate) fn cancel_call_timers(&mut self, index: u32, kinds: &[CallTimer]) {
        for &kind in kinds {
            self.timers.cancel(Timer::Call { index, kind });
        }
    }

    /// When silence is too long: 60 s and the tolerance.
    pub(crate) fn idle_limit(&self) -> Duration {
        MINUTE + self.config.timer
    }

    /// How late an end may still act on what it could know, by where the tap sits.
    #[inline]
    pub(crate) fn tolerance(&self, seen: &Seen) -> Duration {
        match seen.place {
            crate::Place::Passing => self.config.transit,
            crate::Place::Sent | crate::Place::Arrived => self.config.reaction,
        }
    }
}

/// The protocol's universal time-out (RFC 2637 §3, §3.1.4, §3.2.1).
pub(crate) const MINUTE: Duration = Duration::from_secs(60);
