//! What can be wrong with a tape: its text, or how it fits the run.

use super::decision::Decision;
use crate::luck::PathName;
use core::fmt;

/// A text that is not a tape.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TapeError {
    /// The line, counted from 1; one past the last where the text ends too early.
    pub line: usize,
    /// What should stand there.
    pub expected: &'static str,
    /// The beginning of what does stand there; empty at the end of the text.
    pub found: String,
}

impl fmt::Display for TapeError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let TapeError {
            line,
            expected,
            found,
        } = self;
        if found.is_empty() {
            return write!(
                formatter,
                "tape line {line}: expected {expected}, found nothing"
            );
        }
        write!(
            formatter,
            "tape line {line}: expected {expected}, found {found:?}"
        )
    }
}

impl core::error::Error for TapeError {}

/// A tape that does not fit the run that plays it, or a name used twice.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum TapeMismatch {
    /// Two paths of one world have the same name.
    NameTaken(PathName),
    /// The tape has no track for this path.
    UnknownPath(PathName),
    /// The run offers a packet more than the tape knows.
    Beyond {
        /// Where.
        path: PathName,
        /// How many packets the tape knows there.
        packets: u64,
    },
    /// The tape decides something about a packet that the run leaves no room for: say, jitter of a packet that an outage
    /// swallowed, or a bit behind the packet's end.
    Unusable {
        /// Where.
        path: PathName,
        /// What the tape says.
        decision: Decision,
    },
    /// A rule of the run needs a decision that the tape does not have.
    Missing {
        /// Where.
        path: PathName,
        /// About which packet.
        ordinal: u64,
        /// The decision that is needed.
        needed: &'static str,
    },
    /// The run ended with fewer packets than the tape has.
    Short {
        /// Where.
        path: PathName,
        /// How many packets the run offered.
        offered: u64,
        /// How many packets the tape has.
        packets: u64,
    },
}

impl fmt::Display for TapeMismatch {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TapeMismatch::NameTaken(path) => write!(formatter, "two paths are named `{path}`"),
            TapeMismatch::UnknownPath(path) => write!(formatter, "the tape has no track `{path}`"),
            TapeMismatch::Beyond { path, packets } => {
                write!(
                    formatter,
                    "the tape ends after packet {packets} of `{path}`, the run goes on"
                )
            }
            TapeMismatch::Unusable { path, decision } => {
                write!(formatter, "`{decision}` of `{path}` does not fit this run")
            }
            TapeMismatch::Missing {
                path,
                ordinal,
                needed,
            } => {
                write!(
                    formatter,
                    "packet {ordinal} of `{path}` needs a decision `{needed}`, the tape has none"
                )
            }
            TapeMismatch::Short {
                path,
                offered,
                packets,
            } => {
                write!(
                    formatter,
                    "the run ended after packet {offered} of `{path}`, the tape has {packets}"
                )
            }
        }
    }
}

impl core::error::Error for TapeMismatch {}
