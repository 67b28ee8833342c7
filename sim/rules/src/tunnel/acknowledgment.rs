//! Rules on the acknowledgment numbers that an end sends.

use super::receipt::Arrival;
use super::{Flow, Half};
use crate::ledger::Mark;
use crate::observation::Place;
use pptp_wire::Requirement::*;
use pptp_wire::Serial;
use pptp_wire::time::{Duration, Instant};

/// When Windows acknowledges data on its own (MS-PTPT 3.1.2).
const WINDOWS_DELAY: Duration = Duration::from_millis(100);

/// Packets that a capture may have missed between two that it holds.
const MAY_BE_UNSEEN: u32 = 4096;
const NEVER_SENT: &str = "acknowledges a number that it was never sent";
const BEFORE_ALL: &str = "acknowledges before anything was received";

impl Flow<'_> {
    /// ACK-001 to ACK-003, ACK-007 to ACK-009: an acknowledgment against what has reached its sender.
    #[inline]
    pub(super) fn judge_acknowledgment(&mut self, half: &mut Half, number: u32) {
        let receipt = &half.receipt;
        if receipt.is_scattered {
            return;
        }
        let is_plain = receipt.highest == Some(number)
            && receipt
                .waiting
                .is_none_or(|(_, since)| self.is_in_time(since));
        if !is_plain || receipt.late {
            self.judge_closely(half, number);
        }
        self.judge_windows_wait(half);
        if self.seen.authentic {
            if let Some(before) = half.receipt.acknowledged
                && Serial(number).distance(Serial(before)) >= 2
            {
                self.ledger
                    .tunnel(self.seen.from)
                    .acknowledgments_of_several += 1;
            }
            half.receipt.acknowledge(number, self.seen.mark.at);
        }
    }

    fn judge_closely(&mut self, half: &mut Half, number: u32) {
        let (end, mark) = (self.seen.from, self.seen.mark);
        let Some(highest) = half.receipt.highest else {
            // ACK-003; 0xFFFFFFFF, the number before the first, is a note (AMB-02).
            if number == u32::MAX {
                self.ledger.note(
                    Ack003,
                    end,
                    mark,
                    "acknowledges 0xFFFFFFFF before anything was received",
                );
            } else if !self.is_put_off(half, number, 0) {
                let text = BEFORE_ALL;
                self.ledger
                    .blame_value(Ack003, end, mark, text, number, None);
            }
            return;
        };
        if Serial(number).newer_than(Serial(highest)) {
            // ACK-001, the half that is certain.
            if !self.is_put_off(half, number, highest.wrapping_add(1)) {
                self.ledger.blame_value(
                    Ack001,
                    end,
                    mark,
                    NEVER_SENT,
                    number,
                    Some(highest.into()),
                );
            }
            return;
        }
        if let Some(before) = half.receipt.acknowledged
            && Serial(before).newer_than(Serial(number))
        {
            // ACK-008, ACK-002
            let own = self.is_senders_doing(half, |ahead| ahead > 0, |ahead| ahead <= 0);
            let (requirement, text) = if half.receipt.late {
                (Ack008, "acknowledgment lowered by a late packet")
            } else {
                (Ack002, "acknowledgment goes back")
            };
            self.judge(own, requirement, text, number, Some(before));
        }
        if half.receipt.late {
            self.ledger.held(end, Ack008);
        }
        self.judge_gap(half, number);
        self.judge_wait(half);
    }

    /// On the path, a packet that the capture does not hold may have brought what is acknowledged: what follows shows whether the
    /// number was sent before (ACK-001, ACK-003). `next` is the number that was to come.
    fn is_put_off(&mut self, half: &mut Half, number: u32, next: u32) -> bool {
        if self.seen.place != Place::Passing || number.wrapping_sub(next) > MAY_BE_UNSEEN {
            return false;
        }
        let requirement = match half.receipt.highest {
            Some(_) => Ack001,
            None => Ack003,
        };
        let reason = "the capture may not hold the packets that are acknowledged";
        self.ledger
            .inconclusive(requirement, self.seen.from, reason);
        half.receipt.ahead.get_or_insert((number, self.seen.mark));
        true
    }

    /// Data comes after a number was acknowledged that had not been seen: the very number shows that it had not been sent.
    #[cold]
    fn judge_put_off(&mut self, half: &mut Half, number: u32) {
        let Some((ahead, mark)) = half.receipt.ahead else {
            return;
        };
        if number == ahead {
            let end = self.seen.to;
            match half.receipt.highest {
                Some(_) => self
                    .ledger
                    .blame_value(Ack001, end, mark, NEVER_SENT, ahead, None),
                None => self
                    .ledger
                    .blame_value(Ack003, end, mark, BEFORE_ALL, ahead, None),
            }
        }
        if Serial(number).at_least(Serial(ahead)) {
            half.receipt.ahead = None;
        }
    }

    /// ACK-007: a number above a gap is acknowledged once the time for reordering is over. Only where the tap sits at the receiver.
    fn judge_gap(&mut self, half: &mut Half, number: u32) {
        let Some((above, since)) = half.receipt.above_gap else {
            return;
        };
        let mark = self.seen.mark;
        if Serial(above).newer_than(Serial(number))
            && self.seen.place == Place::Sent
            && mark.at.since(since) > self.config.reordering
        {
            let text = "a number above a gap is not acknowledged";
            self.ledger.blame_value(
                Ack007,
                self.seen.from,
                mark,
                text,
                number,
                Some(above.into()),
            );
            half.receipt.above_gap = None;
        }
    }

    /// ACK-009: received data waits for its acknowledgment, once for each wait.
    fn judge_wait(&mut self, half: &mut Half) {
        if let Some((_, since)) = half.receipt.waiting
            && !self.is_in_time(since)
            && !half.receipt.wait_reported
        {
            half.receipt.wait_reported = true;
            let mark = self.seen.mark;
            self.ledger.blame(
                Ack009,
                self.seen.from,
                mark,
                "received data is acknowledged late",
            );
        }
    }

    /// MS-007: within 100 ms.
    fn judge_windows_wait(&mut self, half: &Half) {
        let limit = WINDOWS_DELAY + self.config.reaction;
        if self.config.windows
            && half
                .receipt
                .waiting
                .is_some_and(|(_, since)| self.seen.mark.at.since(since) > limit)
        {
            let mark = self.seen.mark;
            self.ledger.blame(
                Ms007,
                self.seen.from,
                mark,
                "received data is acknowledged late",
            );
        }
    }

    #[inline]
    fn is_in_time(&self, since: Instant) -> bool {
        self.seen.mark.at.since(since) <= self.config.acknowledgment
    }

    /// A data packet has reached the receiver, which has to take it in or may discard it, as it may before the call is established for it
    /// (AMB-42).
    #[inline]
    pub(super) fn receive(&mut self, half: &mut Half, number: u32, is_taken: bool) {
        if half.receipt.ahead.is_some() {
            self.judge_put_off(half, number);
        }
        let at = self.seen.mark.at;
        let arrival = half.receipt.arrived(number, at, is_taken);
        if half.receipt.is_scattered {
            return;
        }
        if arrival == Arrival::AboveGap {
            self.ledger.held(self.seen.to, Ack007);
        }
        if let Some((_, since)) = half.receipt.waiting
            && !half.receipt.wait_reported
            && !self.is_in_time(since)
        {
            half.receipt.wait_reported = true;
            if self.receiver_is_scripted() {
                return;
            }
            let mark = Mark {
                graded: !self.is_intruded,
                ..self.seen.mark
            };
            self.ledger.blame(
                Ack009,
                self.seen.to,
                mark,
                "received data is not acknowledged",
            );
        }
    }

    fn receiver_is_scripted(&self) -> bool {
        self.ends
            .get(usize::from(self.seen.to.0))
            .is_some_and(|facts| facts.description.scripted)
    }
}
