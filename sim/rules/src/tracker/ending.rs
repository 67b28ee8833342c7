//! Ends that crash, and the end of all observation.

use super::{Calls, ConnectionRecord, EndCause, Party, Tracker};
use crate::control::ANSWERS_STOP;
use crate::ledger::Ledger;
use crate::observation::End;
use pptp_wire::Requirement::*;

impl Tracker {
    /// An end has crashed.
    pub(crate) fn crashed(&mut self, end: End) {
        let at = self.now;
        self.end(end).may_have_restarted = true;
        let numbers: Vec<(u32, usize)> = self
            .connections
            .iter()
            .filter_map(|(number, record)| Some((number, record.side_of(end)?)))
            .collect();
        for (number, side) in numbers {
            self.timers.cancel_side(number, side);
            if let Some(record) = self.connections.get_mut(number) {
                record.sides[side].crashed = true;
            }
            self.end_calls(number, side, at, EndCause::Closed);
        }
    }

    /// Whether the end on this side of a connection has crashed since.
    pub(crate) fn has_crashed(&self, number: u32, side: usize) -> bool {
        self.connections
            .get(number)
            .is_some_and(|record| record.sides[side].crashed)
    }

    /// Octets between the two were not seen, whatever they were.
    pub(crate) fn missed(&mut self, one: End, other: End) {
        self.intrude(one, other);
        self.pair(one, other).unseen = true;
    }

    /// Nothing more will be seen of a connection.
    pub(crate) fn lose_sight(&mut self, number: u32) {
        let Some(record) = self.connections.get(number) else {
            return;
        };
        leave_open(&mut self.ledger, record);
        if !self.config.from_the_start {
            leave_answers_open(&mut self.ledger, record, &self.calls);
        }
        let ends = record.ends;
        let calls: Vec<u32> = record.calls.iter().copied().collect();
        for index in calls {
            self.timers.cancel_call(index);
            self.calls.forget(index);
        }
        self.pair(ends[0], ends[1]).unseen = true;
        self.retire(number);
    }

    /// What still waits for an answer, or for a role to be shown, is inconclusive.
    pub(crate) fn leave_open(&mut self) {
        for (_, record) in self.connections.iter() {
            leave_open(&mut self.ledger, record);
            if !self.config.from_the_start {
                leave_answers_open(&mut self.ledger, record, &self.calls);
            }
        }
    }
}

/// What is open on a connection of which nothing more is seen.
fn leave_open(ledger: &mut Ledger, record: &ConnectionRecord) {
    for side in 0..2 {
        let (this, end) = (&record.sides[side], record.ends[side]);
        for (requirement, start) in [(Sccrq006, this.start_request), (Sccrp008, this.start_reply)] {
            let may_be_pns = record.pns.is_none_or(|pns| pns == side && !this.shows_role);
            if may_be_pns && start.is_some_and(|start| start.maximum_channels != 0) {
                let reason = "no call has shown who is the PNS";
                ledger.inconclusive(requirement, end, reason);
            }
        }
        let echo = record.sides[1 - side]
            .echoes
            .iter()
            .any(|echo| echo.arrived.is_some() && !echo.answered && !echo.silence_reported);
        if echo && !this.closed {
            let reason = "the observation ended before the Echo-Reply was due";
            ledger.inconclusive(Ecrp001, end, reason);
        }
    }
}

/// What nobody has answered yet, on a connection that stands.
fn leave_answers_open(ledger: &mut Ledger, record: &ConnectionRecord, calls: &Calls) {
    if record.closing() {
        return;
    }
    let reason = "the observation ended before the answer was due";
    for (side, stop) in ANSWERS_STOP.into_iter().enumerate() {
        let (this, end) = (&record.sides[side], record.ends[side]);
        if this.starts_to_answer > 0 {
            ledger.inconclusive(Sccrp001, end, reason);
        }
        if this.stops_to_answer > 0 && this.stop_request_arrived.is_some() {
            ledger.inconclusive(stop, end, reason);
        }
    }
    let live = record.calls.iter().filter_map(|&index| calls.get(index));
    for call in live {
        let (pns, pac) = (
            call.ends[Party::Pns as usize],
            call.ends[Party::Pac as usize],
        );
        if call.clear_arrived.is_some() && call.is_live(Party::Pac) {
            ledger.inconclusive(Cclr005, pac, reason);
        } else if call.request_arrived.is_some() && call.reply.is_none() {
            match call.outgoing {
                true => ledger.inconclusive(Ocrp001, pac, reason),
                false => ledger.inconclusive(Icrp001, pns, reason),
            }
        }
    }
}
