//! Rules on the sequence numbers that an end sends, and on how many packets it has in flight.

use super::numbers::Step;
use super::window::{Excess, ExcessKind};
use super::{Flow, Half};
use crate::finding::Detail;
use crate::ledger::Mark;
use crate::observation::Place;
use crate::tracker::{Call, Party};
use pptp_wire::Requirement::{self, *};
use pptp_wire::Severity;

/// First numbers up to here may be due to packets lost or overtaken before a tap on the path.
const EXPLAINED_BY_PATH: u32 = 64;

impl Flow<'_> {
    /// SEQ-001 to SEQ-004, SEQ-006, ACK-010: the number of a data packet against those that its sender sent before.
    #[inline]
    pub(super) fn judge_sequence_number(&mut self, call: &mut Call, number: u32) {
        let half = &mut call.halves[self.sender as usize];
        let step = half.numbers.step(number);
        if half.numbers.follows_acknowledgment_only() {
            self.ledger
                .tunnel(self.seen.from)
                .data_after_acknowledgment_only += 1;
        }
        if step != Step::Next {
            self.judge_step(call, step, number);
        }
        let half = &mut call.halves[self.sender as usize];
        if self.seen.authentic {
            half.path.passed(
                self.identification,
                matches!(step, Step::First | Step::Next),
            );
            half.path.data_passed();
            half.numbers.sent(number);
            self.ends[usize::from(self.seen.from.0)].last_sequence_number = Some(number);
        }
    }

    #[cold]
    fn judge_step(&mut self, call: &mut Call, step: Step, number: u32) {
        let half = &call.halves[self.sender as usize];
        match step {
            Step::First => self.first_number(call, number),
            Step::Next => {}
            Step::Gap {
                expected,
                acknowledgments_counted,
            } => {
                // SEQ-003, SEQ-004, SEQ-002: what was left out tells why.
                let requirement = if acknowledgments_counted {
                    Seq003
                } else if self.continues_another_call(number) {
                    Seq004
                } else {
                    Seq002
                };
                // On the path, numbers left out may be packets lost before the tap, unless nothing was sent in between.
                let own = match self.seen.place {
                    Place::Sent => Some(true),
                    _ => half
                        .path
                        .unseen(self.identification)
                        .map(|unseen| unseen == 0),
                };
                self.judge(
                    own,
                    requirement,
                    "sequence numbers left out",
                    number,
                    Some(expected),
                );
            }
            Step::Again => {
                // SEQ-006, ACK-010
                let own = self.is_senders_doing(half, |ahead| ahead > 0, |ahead| ahead <= 0);
                let is_unacknowledged = half.window.is_unacknowledged(number);
                self.judge(own, Seq006, "sequence number sent again", number, None);
                if is_unacknowledged {
                    self.judge(
                        own,
                        Ack010,
                        "sent again for want of an acknowledgment",
                        number,
                        None,
                    );
                }
            }
            Step::Back { expected } => {
                // SEQ-002
                let own = self.is_senders_doing(half, |ahead| ahead > 0, |ahead| ahead <= 0);
                self.judge(
                    own,
                    Seq002,
                    "sequence number goes back",
                    number,
                    Some(expected),
                );
            }
        }
    }

    /// SEQ-001, SEQ-004: the first number of a session, and what else its beginning means.
    fn first_number(&mut self, call: &mut Call, number: u32) {
        let end = self.seen.from;
        self.ledger.held_all(end, &[Seq001, Seq004]);
        if call.halves[self.sender as usize].window.is_limited() {
            self.ledger.held_all(end, &[Win001, Win002, Win003]);
            if call.outgoing && self.sender == Party::Pac {
                self.ledger.held(end, Ocrq014);
            }
        }
        let (severity, requirement) = match number {
            0 => return,
            _ if number != 1 && self.continues_another_call(number) => (Seq004.severity(), Seq004),
            // The common deviation (AMB-01).
            1 => (Seq001.severity(), Seq001),
            _ => (Severity::Error, Seq001),
        };
        if self.seen.place == Place::Passing && (2..EXPLAINED_BY_PATH).contains(&number) {
            self.ledger
                .inconclusive(Seq001, end, "packets may have been lost before the tap");
            return;
        }
        let detail = Detail {
            text: "first sequence number",
            seen: Some(number.into()),
            expected: Some(0),
        };
        self.ledger
            .report(requirement, severity, end, self.seen.mark, detail);
    }

    /// Whether the number is the one after the last that the end sent in whatever call.
    fn continues_another_call(&self, number: u32) -> bool {
        self.ends[usize::from(self.seen.from.0)]
            .last_sequence_number
            .is_some_and(|last| last.wrapping_add(1) == number)
    }

    /// Whether the sender did it. At the sender's interface, yes. On the path the IPv4 Identification tells, where it counts:
    /// `sender` and `path` say what each would look like. `None`: cannot be told.
    pub(super) fn is_senders_doing(
        &self,
        half: &Half,
        sender: impl Fn(i16) -> bool,
        path: impl Fn(i16) -> bool,
    ) -> Option<bool> {
        if self.seen.place == Place::Sent {
            return Some(true);
        }
        let ahead = half.path.ahead(self.identification)?;
        if sender(ahead) {
            Some(true)
        } else if path(ahead) {
            Some(false)
        } else {
            None
        }
    }

    /// Blames the sender where it did it, and leaves open what cannot be told.
    pub(super) fn judge(
        &mut self,
        own: Option<bool>,
        requirement: Requirement,
        text: &'static str,
        seen: u32,
        expected: Option<u32>,
    ) {
        let end = self.seen.from;
        match own {
            Some(true) => {
                let mark: Mark = self.seen.mark;
                self.ledger.blame_value(
                    requirement,
                    end,
                    mark,
                    text,
                    seen,
                    expected.map(u64::from),
                );
            }
            Some(false) => {}
            None => self.ledger.inconclusive(
                requirement,
                end,
                "the path may have lost, repeated or reordered packets before the tap",
            ),
        }
    }

    /// WIN-001 to WIN-004, OCRQ-014: packets in flight after this one.
    #[inline]
    pub(super) fn judge_window(&mut self, half: &mut Half, number: u32, outgoing: bool) {
        let at = self.seen.mark.at;
        let minimum_time_out = self.config.minimum_time_out;
        let excess = half.window.sent(number, at, minimum_time_out);
        // Acknowledgments that never come count where the tap sees all of them: at the sender they may have been lost behind it.
        let excess = match self.seen.place {
            Place::Passing => excess.or_else(|| half.window.silent_excess(at, minimum_time_out)),
            Place::Sent | Place::Arrived => excess,
        };
        if let Some(excess) = excess {
            self.report_excess(excess, outgoing);
        }
    }

    #[cold]
    fn report_excess(&mut self, excess: Excess, outgoing: bool) {
        if self.config.windows {
            self.ledger.held(self.seen.from, Ms005);
            return;
        }
        let (requirement, text) = match excess.kind {
            ExcessKind::Maximum => (Win002, "packets in flight beyond the advertised window"),
            ExcessKind::FirstFlight => (Win003, "packets in the first flight"),
            ExcessKind::Window => (Win001, "packets in flight beyond the window"),
            ExcessKind::Growth => (Win004, "packets in flight beyond the grown window"),
        };
        let (end, mark) = (self.seen.from, self.seen.mark);
        let expected = Some(excess.allowed.into());
        self.ledger
            .blame_value(requirement, end, mark, text, excess.in_flight, expected);
        if excess.kind == ExcessKind::Maximum && outgoing && self.sender == Party::Pac {
            self.ledger
                .blame_value(Ocrq014, end, mark, text, excess.in_flight, expected);
        }
    }
}
