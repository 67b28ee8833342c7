//! Why a capture was not decoded, or not to its end.

use std::fmt;
use std::io;

use super::decoder::Summary;
use crate::capture::CaptureError;

/// A failure of [`decode`](super::decode) or [`run`](super::run). Exit status 2, whichever it is.
#[derive(Debug)]
#[non_exhaustive]
pub enum DecodeFailure {
    /// The file cannot be opened.
    Open {
        /// The path as it was given.
        path: String,
        /// What the operating system says.
        error: io::Error,
    },
    /// The file is no capture.
    Unreadable(CaptureError),
    /// The file cannot be read to its end. Everything before has been decoded and written.
    CutShort {
        /// Where, and what was expected.
        error: CaptureError,
        /// What was decoded.
        summary: Box<Summary>,
    },
    /// The result cannot be written.
    Write(io::Error),
}

impl fmt::Display for DecodeFailure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DecodeFailure::Open { path, error } => write!(formatter, "cannot open {path}: {error}"),
            DecodeFailure::Unreadable(error) => {
                write!(formatter, "not a readable capture: {error}")
            }
            DecodeFailure::CutShort { error, summary } => {
                write!(
                    formatter,
                    "the capture cannot be read to its end: {error}; {} frames were read",
                    summary.frames
                )
            }
            DecodeFailure::Write(error) => write!(formatter, "cannot write: {error}"),
        }
    }
}

impl std::error::Error for DecodeFailure {}
