//! The sequence numbers that one end of a call sends (RFC 2637 §4.1).

use pptp_wire::Serial;

/// How far back single numbers are remembered.
const REMEMBERED: u32 = 64;

/// A sender's numbers so far.
#[derive(Copy, Clone, Default, Debug)]
pub(crate) struct Numbers {
    started: bool,
    first: u32,
    highest: u32,
    /// Bit n: the number n below the highest was sent.
    sent: u64,
    /// Acknowledgment-only packets since the last data packet.
    acknowledgment_only: u32,
}

/// How a number stands to those before.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub(crate) enum Step {
    /// The first of the session.
    First,
    /// The next one.
    Next,
    /// Numbers were left out.
    Gap {
        /// The number that was next.
        expected: u32,
        /// As many were left out as acknowledgment-only packets were sent in between.
        acknowledgments_counted: bool,
    },
    /// Sent before.
    Again,
    /// Behind, and not sent before.
    Back {
        /// The number that was next.
        expected: u32,
    },
}

impl Numbers {
    /// How `number` stands to those before.
    #[inline]
    pub(crate) fn step(&self, number: u32) -> Step {
        if !self.started {
            return Step::First;
        }
        let expected = self.highest.wrapping_add(1);
        if number == expected {
            return Step::Next;
        }
        self.odd_step(number, expected)
    }

    #[cold]
    fn odd_step(&self, number: u32, expected: u32) -> Step {
        if Serial(number).newer_than(Serial(self.highest)) {
            let left_out = number.wrapping_sub(expected);
            return Step::Gap {
                expected,
                acknowledgments_counted: left_out == self.acknowledgment_only,
            };
        }
        let below = self.highest.wrapping_sub(number);
        let was_sent = if below < REMEMBERED {
            self.sent >> below & 1 == 1
        } else {
            Serial(number).at_least(Serial(self.first))
        };
        if was_sent {
            Step::Again
        } else {
            Step::Back { expected }
        }
    }

    /// The number that comes next; `None` before the first.
    pub(crate) fn next(&self) -> Option<u32> {
        self.started.then(|| self.highest.wrapping_add(1))
    }

    /// A data packet with this number was sent.
    #[inline]
    pub(crate) fn sent(&mut self, number: u32) {
        self.acknowledgment_only = 0;
        if !self.started {
            self.started = true;
            self.first = number;
            self.highest = number;
            self.sent = 1;
            return;
        }
        let ahead = number.wrapping_sub(self.highest);
        if ahead != 0 && ahead < 1 << 31 {
            self.sent = if ahead < REMEMBERED {
                self.sent << ahead
            } else {
                0
            } | 1;
            self.highest = number;
        } else {
            let below = self.highest.wrapping_sub(number);
            if below < REMEMBERED {
                self.sent |= 1 << below;
            }
        }
    }

    /// An acknowledgment-only packet was sent.
    #[inline]
    pub(crate) fn sent_acknowledgment_only(&mut self) {
        self.acknowledgment_only = self.acknowledgment_only.saturating_add(1);
    }

    /// Acknowledgment-only packets were sent since the last data packet.
    #[inline]
    pub(crate) fn follows_acknowledgment_only(&self) -> bool {
        self.started && self.acknowledgment_only != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(sent: &[u32]) -> Numbers {
        let mut numbers = Numbers::default();
        for &number in sent {
            numbers.sent(number);
        }
        numbers
    }

    #[test]
    fn numbers_go_up_by_one_across_the_wrap() {
        assert_eq!(Numbers::default().step(0), Step::First);
        assert_eq!(after(&[0, 1]).step(2), Step::Next);
        assert_eq!(after(&[u32::MAX]).step(0), Step::Next);
        assert_eq!(
            after(&[u32::MAX - 1, u32::MAX, 0]).step(u32::MAX),
            Step::Again
        );
    }

    #[test]
    fn a_gap_and_what_fills_it_are_told_from_a_repetition() {
        let gap = after(&[0, 3]);
        assert_eq!(
            after(&[0]).step(3),
            Step::Gap {
                expected: 1,
                acknowledgments_counted: false
            }
        );
        assert_eq!(gap.step(2), Step::Back { expected: 4 });
        assert_eq!(gap.step(0), Step::Again);
        assert_eq!(gap.step(3), Step::Again);
    }

    #[test]
    fn numbers_used_up_by_acknowledgments_are_recognised() {
        let mut numbers = after(&[0]);
        numbers.sent_acknowledgment_only();
        numbers.sent_acknowledgment_only();
        assert!(numbers.follows_acknowledgment_only());
        assert_eq!(
            numbers.step(3),
            Step::Gap {
                expected: 1,
                acknowledgments_counted: true
            }
        );
        assert_eq!(
            numbers.step(2),
            Step::Gap {
                expected: 1,
                acknowledgments_counted: false
            }
        );
        numbers.sent(3);
        assert!(!numbers.follows_acknowledgment_only());
    }
}
