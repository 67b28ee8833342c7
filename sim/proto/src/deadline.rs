//! Deadlines that say what runs out, and causes that say why something was sent.

use core::fmt;

use pptp_wire::time::{Duration, Instant};

/// When an endpoint wants to be called again, and what for.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct Deadline {
    /// The instant at which it runs out.
    pub at: Instant,
    /// What runs out then.
    pub reason: DeadlineReason,
}

/// What a deadline is about. `Display` is the mark that a transcript prints.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum DeadlineReason {
    /// A stand-alone acknowledgment is due, this long after the packet that it is for (AMB-08).
    AcknowledgmentDelay(Duration),
    /// No acknowledgment of this sequence number came in the adaptive time-out (RFC 2637 §4.4).
    TimeOut {
        /// Sequence number of the oldest unacknowledged packet.
        of: u32,
    },
    /// Packets held back for a missing one are passed on without it (RFC 2637 §4.3, AMB-10).
    ReorderTimeOut(Duration),
}

impl fmt::Display for DeadlineReason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            DeadlineReason::AcknowledgmentDelay(delay) => {
                write!(formatter, "acknowledgment delay {}", Spaced(delay))
            }
            DeadlineReason::TimeOut { of } => write!(formatter, "time-out of {of}"),
            DeadlineReason::ReorderTimeOut(delay) => {
                write!(formatter, "reorder time-out {}", Spaced(delay))
            }
        }
    }
}

/// Why an endpoint put something on the wire. `Display` is the mark of the transcript line, empty for an answer.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum Cause {
    /// The direct consequence of an input or a command.
    Answer,
    /// A deadline ran out.
    Deadline(DeadlineReason),
    /// The other end's start request won the collision (RFC 2637 §3.1.3).
    CollisionLost,
}

impl fmt::Display for Cause {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Cause::Answer => Ok(()),
            Cause::Deadline(reason) => reason.fmt(formatter),
            Cause::CollisionLost => formatter.write_str("collision lost"),
        }
    }
}

/// A duration with a space before its unit: `100 ms`.
pub(crate) struct Spaced(pub Duration);

impl fmt::Display for Spaced {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.0.to_string();
        let unit = text
            .find(|character: char| !character.is_ascii_digit())
            .unwrap_or(text.len());
        write!(formatter, "{} {}", &text[..unit], &text[unit..])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_read_as_in_transcripts() {
        let delay = Duration::from_millis(100);
        let marks = [
            Cause::Deadline(DeadlineReason::AcknowledgmentDelay(delay)),
            Cause::Deadline(DeadlineReason::TimeOut { of: 4 }),
            Cause::Deadline(DeadlineReason::ReorderTimeOut(Duration::from_secs(2))),
            Cause::Answer,
            Cause::CollisionLost,
        ]
        .map(|cause| cause.to_string());
        assert_eq!(
            marks,
            [
                "acknowledgment delay 100 ms",
                "time-out of 4",
                "reorder time-out 2 s",
                "",
                "collision lost"
            ]
        );
    }
}
