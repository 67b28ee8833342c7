//! Bugs that real PPTP software had at an end of a tunnel, with what plays them: the deviations that name them, or, where none can,
//! the reason.

mod data;
mod signalling;

use super::{DEVIATIONS, Deviation};

use data::DATA_BUGS;
use signalling::SIGNALLING_BUGS;

/// One bug of real software.
#[derive(Copy, Clone, Debug)]
pub struct KnownBug {
    /// Its number in this project: `KB-01`.
    pub id: &'static str,
    /// The software and its versions.
    pub software: &'static str,
    /// What it did wrong.
    pub doc: &'static str,
    /// Why no deviation plays it; `None` where one does.
    pub not_played: Option<&'static str>,
}

impl KnownBug {
    /// Every bug, in the order of the numbers.
    pub fn all() -> impl Iterator<Item = &'static KnownBug> {
        SIGNALLING_BUGS.iter().chain(DATA_BUGS)
    }

    /// The bug of this number, whatever its case.
    pub fn by_id(id: &str) -> Option<&'static KnownBug> {
        KnownBug::all().find(|bug| bug.id.eq_ignore_ascii_case(id))
    }

    /// The deviations that play it.
    pub fn deviations(&self) -> impl Iterator<Item = &'static Deviation> {
        let id = self.id;
        DEVIATIONS
            .iter()
            .filter(move |deviation| deviation.known_bugs.contains(&id))
    }
}

/// A bug that a deviation plays.
const fn bug(id: &'static str, software: &'static str, doc: &'static str) -> KnownBug {
    KnownBug {
        id,
        software,
        doc,
        not_played: None,
    }
}

/// A bug that none plays.
const fn not_played(
    id: &'static str,
    software: &'static str,
    doc: &'static str,
    reason: &'static str,
) -> KnownBug {
    KnownBug {
        id,
        software,
        doc,
        not_played: Some(reason),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_number_is_played_or_says_why_not() {
        for (place, bug) in KnownBug::all().enumerate() {
            // KB-65 to KB-86 are bugs of things between the ends, and of decoders.
            let number = if place < 64 { place + 1 } else { 87 };
            assert_eq!(bug.id, format!("KB-{number:02}"));
            assert_eq!(
                bug.deviations().next().is_none(),
                bug.not_played.is_some(),
                "{}",
                bug.id
            );
            assert!(bug.doc.ends_with('.') && !bug.software.is_empty());
            assert!(KnownBug::by_id(&bug.id.to_lowercase()).is_some());
        }
        assert!(KnownBug::by_id("KB-00").is_none());
    }

    #[test]
    fn deviations_name_bugs_that_are_known() {
        for deviation in DEVIATIONS {
            for id in deviation.known_bugs {
                assert!(KnownBug::by_id(id).is_some(), "{}: {id}", deviation.name);
            }
        }
    }
}
