//! What a rule found.

use crate::End;
use core::fmt;
use pptp_wire::time::Instant;
use pptp_wire::{Requirement, Severity};

/// One end has broken one requirement.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub struct Finding {
    /// The requirement that is broken.
    pub requirement: Requirement,
    /// How hard: the requirement's severity, except where the circumstances make it milder or harder (AMB-01, AMB-02, NAT).
    pub severity: Severity,
    /// The end at fault.
    pub end: End,
    /// Number of the observation that shows it; for a message that did not come, of the one that called for it.
    pub observation: u64,
    /// When it was certain.
    pub at: Instant,
    /// Whether it counts: false for octets of foreign origin and for what a script left undone.
    pub graded: bool,
    /// What was wrong.
    pub detail: Detail,
}

/// `CDN-003 error: ...`.
impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            requirement,
            severity,
            detail,
            ..
        } = self;
        write!(formatter, "{requirement} {severity}: {detail}")
    }
}

/// What was wrong, with the values where there are any.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub struct Detail {
    /// What was wrong; the key of the field for a finding on one field.
    pub text: &'static str,
    /// The value seen.
    pub seen: Option<u64>,
    /// The value that would have been right.
    pub expected: Option<u64>,
}

/// `text: seen 7, expected 4`.
impl fmt::Display for Detail {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.text)?;
        match (self.seen, self.expected) {
            (Some(seen), Some(expected)) => {
                write!(formatter, ": seen {seen}, expected {expected}")
            }
            (Some(seen), None) => write!(formatter, ": seen {seen}"),
            (None, Some(expected)) => write!(formatter, ": expected {expected}"),
            (None, None) => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_detail_shows_the_values_that_it_has() {
        let mut detail = Detail {
            text: "window",
            seen: Some(7),
            expected: Some(4),
        };
        assert_eq!(detail.to_string(), "window: seen 7, expected 4");
        detail.expected = None;
        assert_eq!(detail.to_string(), "window: seen 7");
        detail.seen = None;
        assert_eq!(detail.to_string(), "window");
        detail.expected = Some(4);
        assert_eq!(detail.to_string(), "window: expected 4");
    }
}
