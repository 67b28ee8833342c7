//! What one end of a call has received, and what it has acknowledged of it (RFC 2637 §4.1, §4.3).

use crate::ledger::Mark;
use pptp_wire::Serial;
use pptp_wire::time::Instant;

/// Received and acknowledged numbers of one end.
#[derive(Copy, Clone, Default, Debug)]
pub(crate) struct Receipt {
    /// The highest number that has arrived.
    pub(crate) highest: Option<u32>,
    /// The last number that it acknowledged.
    pub(crate) acknowledged: Option<u32>,
    /// A packet below the highest has arrived since the last acknowledgment.
    pub(crate) late: bool,
    /// A number that is not acknowledged, and since when it waits at least.
    pub(crate) waiting: Option<(u32, Instant)>,
    /// That it waits was reported.
    pub(crate) wait_reported: bool,
    /// A number above a gap, and when it came.
    pub(crate) above_gap: Option<(u32, Instant)>,
    /// On the path: the first acknowledgment of a number that the tap has not seen so far.
    pub(crate) ahead: Option<(u32, Mark)>,
    /// Numbers that are far apart have arrived, as they were changed on the way or injected: which of them its receiver took in, and
    /// which it then takes for the newest, cannot be told, and what it acknowledges is not judged.
    pub(crate) is_scattered: bool,
}

/// How far apart numbers are that a sender, a path that loses and a path that reorders do not bring about.
const FAR: u32 = 1 << 28;

/// What a packet is to what arrived before.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub(crate) enum Arrival {
    /// The first, or the next.
    InOrder,
    /// Numbers below it are missing.
    AboveGap,
    /// Below the highest, or the highest again.
    Late,
}

impl Receipt {
    /// Whether a packet with this number is in excess of a window of `size` packets, as far as acknowledgments tell: its receiver may
    /// throw it away (WIN-007). A size of 0 says nothing (AMB-03).
    #[inline]
    pub(crate) fn is_in_excess(&self, number: u32, size: u32) -> bool {
        let ahead = match self.acknowledged {
            Some(acknowledged) => Serial(number).distance(Serial(acknowledged)),
            None => number as i32,
        };
        size != 0 && ahead > 0 && ahead.unsigned_abs() > size
    }

    /// A data packet has arrived; `counts`: its receiver has no reason to discard it, and has to acknowledge it.
    #[inline]
    pub(crate) fn arrived(&mut self, number: u32, at: Instant, counts: bool) -> Arrival {
        self.is_scattered |= self
            .highest
            .is_some_and(|highest| Serial(number).distance(Serial(highest)).unsigned_abs() >= FAR);
        let arrival = match self.highest {
            None => Arrival::InOrder,
            Some(highest) if number == highest.wrapping_add(1) => Arrival::InOrder,
            Some(highest) if Serial(number).newer_than(Serial(highest)) => Arrival::AboveGap,
            Some(_) => Arrival::Late,
        };
        if arrival == Arrival::Late {
            self.late = true;
            return arrival;
        }
        self.highest = Some(number);
        if !counts {
            return arrival;
        }
        if arrival == Arrival::AboveGap && self.above_gap.is_none() {
            self.above_gap = Some((number, at));
        }
        if self.waiting.is_none() {
            self.waiting = Some((number, at));
        }
        arrival
    }

    /// An acknowledgment was sent.
    #[inline]
    pub(crate) fn acknowledge(&mut self, number: u32, at: Instant) {
        if let Some((waiting, _)) = self.waiting
            && let Some(highest) = self.highest
            && Serial(number).at_least(Serial(waiting))
        {
            // Of what came in between, the time is not kept: it waits from now on.
            self.waiting = Serial(highest)
                .newer_than(Serial(number))
                .then_some((highest, at));
            self.wait_reported = false;
        }
        if let Some((above, _)) = self.above_gap
            && Serial(number).at_least(Serial(above))
        {
            self.above_gap = None;
        }
        if self
            .acknowledged
            .is_none_or(|before| Serial(number).at_least(Serial(before)))
        {
            self.acknowledged = Some(number);
        }
        self.late = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_are_far_apart_scatter_a_receipt_for_good() {
        let scattered = |numbers: &[u32]| {
            let mut receipt = Receipt::default();
            for &number in numbers {
                receipt.arrived(number, Instant::START, true);
            }
            receipt.is_scattered
        };
        assert!(!scattered(&[0, 1, FAR, 2]));
        assert!(!scattered(&[1 << 31, 1 << 31 | 1]));
        assert!(scattered(&[0, FAR, 1, 2]));
        assert!(scattered(&[0, 1 << 31, 1]));
        assert!(scattered(&[FAR - 1, u32::MAX]));
    }
}
