//! Deadlines that say what runs out, and causes that say why something was sent.

use core::fmt;

use pptp_wire::ControlMessageType;
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
    /// The TCP connection that this end asked for is still not open.
    TcpOpen(Duration),
    /// The loser of a collision has still not closed its TCP connection (RFC 2637 §3.1.3).
    TcpClose(Duration),
    /// A control message is still expected: Start-Control-Connection-Request or -Reply, Stop-Control-Connection-Reply, or
    /// the next message of a call (RFC 2637 §3, §3.1.4, §3.2.1).
    Awaited {
        /// What is waited for.
        message: ControlMessageType,
        /// For how long.
        within: Duration,
    },
    /// No control message came in (RFC 2637 §3.1.4): an Echo-Request is due.
    Idle(Duration),
    /// No Echo-Reply came in (RFC 2637 §3.1.4): the control connection ends.
    EchoReply(Duration),
    /// A stopped control connection is closed now although the other end did not do so.
    ClosesAfter(Duration),
    /// The last call has ended and so does the control connection (AMB-54).
    AfterLastCall(Duration),
    /// The telephone side answers, or turns out not to. No mark: to the PPTP side it is an event like any other.
    Telephone,
    /// The caller at the telephone hangs up this long after the call was established.
    HangsUp(Duration),
    /// The PAC gives up dialling (`OCRP-012`).
    DialTimeOut(Duration),
    /// Error counters have waited for the next WAN-Error-Notify that may be sent (`WEN-003`).
    WanErrorInterval(Duration),
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
            DeadlineReason::TcpOpen(span) => write!(formatter, "{} without TCP-Open", Spaced(span)),
            DeadlineReason::TcpClose(span) => {
                write!(formatter, "{} without TCP-Close", Spaced(span))
            }
            DeadlineReason::Awaited { message, within } => {
                let name = message.name().unwrap_or("an answer");
                write!(formatter, "{} without {name}", Spaced(within))
            }
            DeadlineReason::Idle(span) => {
                write!(formatter, "{} without a control message", Spaced(span))
            }
            DeadlineReason::EchoReply(span) => {
                write!(formatter, "{} without Echo-Reply", Spaced(span))
            }
            DeadlineReason::ClosesAfter(span) => {
                write!(formatter, "{} since the stop exchange", Spaced(span))
            }
            DeadlineReason::AfterLastCall(span) => {
                write!(formatter, "{} since the last call", Spaced(span))
            }
            DeadlineReason::Telephone => Ok(()),
            DeadlineReason::HangsUp(span) => {
                write!(formatter, "the telephone hangs up after {}", Spaced(span))
            }
            DeadlineReason::DialTimeOut(span) => {
                write!(formatter, "{} of dialling", Spaced(span))
            }
            DeadlineReason::WanErrorInterval(span) => {
                write!(formatter, "{} since the last", Spaced(span))
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
    /// Start requests crossed between equal addresses: neither can win (AMB-26).
    CollisionUndecided,
    /// A control connection with this peer stands already, so the new TCP connection is of no use (`TR-012`).
    ConnectionExists,
    /// A control message could not be understood (RFC 2637 §3, `HDR-009`, `HDR-014`).
    Malformed,
    /// The last call has ended (AMB-54).
    LastCallEnded,
}

impl fmt::Display for Cause {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Cause::Answer => Ok(()),
            Cause::Deadline(reason) => reason.fmt(formatter),
            Cause::CollisionLost => formatter.write_str("collision lost"),
            Cause::CollisionUndecided => formatter.write_str("collision of equal addresses"),
            Cause::ConnectionExists => formatter.write_str("a control connection stands"),
            Cause::Malformed => formatter.write_str("malformed message"),
            Cause::LastCallEnded => formatter.write_str("last call ended"),
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
            Cause::Deadline(DeadlineReason::Idle(Duration::from_secs(60))),
            Cause::Deadline(DeadlineReason::EchoReply(Duration::from_secs(60))),
            Cause::Deadline(DeadlineReason::WanErrorInterval(Duration::from_secs(60))),
            Cause::Deadline(DeadlineReason::Awaited {
                message: ControlMessageType::START_CONTROL_CONNECTION_REPLY,
                within: Duration::from_secs(60),
            }),
            Cause::Deadline(DeadlineReason::TcpClose(Duration::from_secs(60))),
            Cause::Deadline(DeadlineReason::Telephone),
        ]
        .map(|cause| cause.to_string());
        assert_eq!(
            marks,
            [
                "acknowledgment delay 100 ms",
                "time-out of 4",
                "reorder time-out 2 s",
                "",
                "collision lost",
                "60 s without a control message",
                "60 s without Echo-Reply",
                "60 s since the last",
                "60 s without Start-Control-Connection-Reply",
                "60 s without TCP-Close",
                ""
            ]
        );
    }
}
