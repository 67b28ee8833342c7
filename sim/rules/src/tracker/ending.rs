//! Ends that crash, and the end of all observation.

use super::{EndCause, Tracker};
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

    /// What still waits for an answer, or for a role to be shown, is inconclusive.
    pub(crate) fn leave_open(&mut self) {
        for (_, record) in self.connections.iter() {
            for side in 0..2 {
                let (this, end) = (&record.sides[side], record.ends[side]);
                if record.pns.is_none()
                    && this
                        .start_request
                        .is_some_and(|start| start.maximum_channels != 0)
                {
                    let reason = "no call has shown who is the PNS";
                    self.ledger.inconclusive(Sccrq006, end, reason);
                }
                if record.pns.is_none()
                    && this
                        .start_reply
                        .is_some_and(|start| start.maximum_channels != 0)
                {
                    let reason = "no call has shown who is the PNS";
                    self.ledger.inconclusive(Sccrp008, end, reason);
                }
                let echo = record.sides[1 - side]
                    .echoes
                    .iter()
                    .any(|echo| echo.arrived.is_some() && !echo.answered && !echo.silence_reported);
                if echo && !this.closed {
                    let reason = "the observation ended before the Echo-Reply was due";
                    self.ledger.inconclusive(Ecrp001, end, reason);
                }
            }
        }
    }
}
