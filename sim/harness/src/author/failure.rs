//! Why no scenario was written.

use std::fmt;

use crate::decode::DecodeFailure;
use crate::suite::Status;

/// A failure of [`author`](super::author).
#[derive(Debug)]
pub enum AuthorFailure {
    /// A capture cannot be read.
    Capture {
        /// What it is called.
        name: String,
        /// Why.
        error: DecodeFailure,
    },
    /// The captures hold neither a PPTP control connection nor a GRE packet of PPTP.
    NothingSeen {
        /// Frames that they hold.
        frames: u64,
    },
    /// They hold more than a scenario can say.
    TooMuch {
        /// What there is too much of.
        what: &'static str,
        /// How much is possible.
        most: usize,
    },
    /// No scenario tells what the capture tells. A defect of this command.
    NotReproduced {
        /// What the last attempt came to.
        reason: String,
    },
}

impl AuthorFailure {
    /// The exit status that it gives.
    pub fn status(&self) -> Status {
        match self {
            AuthorFailure::Capture { .. } | AuthorFailure::NothingSeen { .. } => Status::Usage,
            AuthorFailure::TooMuch { .. } => Status::Limit,
            AuthorFailure::NotReproduced { .. } => Status::Internal,
        }
    }
}

impl fmt::Display for AuthorFailure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            AuthorFailure::Capture {
                name,
                error: error @ DecodeFailure::Open { .. },
            } => write!(formatter, "{error} ({name})"),
            AuthorFailure::Capture { name, error } => write!(formatter, "{name}: {error}"),
            AuthorFailure::NothingSeen { frames } => write!(
                formatter,
                "there is no PPTP in {frames} frames: no control connection to port 1723 and no GRE packet of PPTP"
            ),
            AuthorFailure::TooMuch { what, most } => write!(
                formatter,
                "there are more than {most} {what}: cut the capture to the part that matters, with `editcap` for instance"
            ),
            AuthorFailure::NotReproduced { reason } => {
                write!(formatter, "no scenario reproduces the capture: {reason}")
            }
        }
    }
}

impl std::error::Error for AuthorFailure {}
