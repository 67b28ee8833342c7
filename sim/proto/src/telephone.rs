//! The telephone side of a PAC, as far as PPTP can tell.

use pptp_wire::OutgoingCallResult;
use pptp_wire::time::Duration;

/// How the telephone network treats the calls of a PAC.
#[derive(Copy, Clone, Debug, Default, Eq, PartialEq)]
pub struct Telephone {
    /// From dialling to the outcome.
    pub answers_after: Duration,
    /// What dialling leads to.
    pub outcome: DialOutcome,
    /// From the call being established to the far end's hanging up; `None` if it never does.
    pub hangs_up_after: Option<Duration>,
}

/// What dialling leads to.
#[derive(Copy, Clone, Debug, Default, Eq, PartialEq)]
pub enum DialOutcome {
    /// Somebody answers.
    #[default]
    Answer,
    /// The called party is busy.
    Busy,
    /// No carrier is detected.
    NoCarrier,
    /// The line gives no dial tone.
    NoDialTone,
}

impl DialOutcome {
    /// The Result Code that reports it (RFC 2637 §2.8).
    pub const fn result(self) -> OutgoingCallResult {
        match self {
            DialOutcome::Answer => OutgoingCallResult::CONNECTED,
            DialOutcome::Busy => OutgoingCallResult::BUSY,
            DialOutcome::NoCarrier => OutgoingCallResult::NO_CARRIER,
            DialOutcome::NoDialTone => OutgoingCallResult::NO_DIAL_TONE,
        }
    }
}
