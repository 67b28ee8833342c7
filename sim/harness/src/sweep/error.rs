//! What can be wrong with result files.

use std::fmt;
use std::path::{Path, PathBuf};

/// Why a sweep cannot begin, cannot go on, or cannot be merged: a file and what is wrong with it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SweepError {
    /// The file or folder.
    pub path: PathBuf,
    /// The line, from 1, where one line is at fault.
    pub line: Option<u64>,
    /// What is wrong, and what was expected.
    pub problem: String,
}

impl SweepError {
    /// About a whole file or folder.
    pub fn new(path: &Path, problem: impl Into<String>) -> SweepError {
        SweepError {
            path: path.to_owned(),
            line: None,
            problem: problem.into(),
        }
    }

    /// About one line.
    pub fn at(path: &Path, line: u64, problem: impl Into<String>) -> SweepError {
        SweepError {
            line: Some(line),
            ..SweepError::new(path, problem)
        }
    }
}

impl fmt::Display for SweepError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.path.display())?;
        if let Some(line) = self.line {
            write!(formatter, ", line {line}")?;
        }
        write!(formatter, ": {}", self.problem)
    }
}

impl std::error::Error for SweepError {}
