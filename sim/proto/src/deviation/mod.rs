//! Named, switchable protocol bugs. One switch, one bug, compiled into the endpoint itself.
//!
//! A deviation is off unless a run switches it on. It proves that the requirements which it breaks are really tested: the
//! suite, or a sweep over random faults, must find an endpoint that has it.

mod area;
mod choices;
mod fields;
mod known_bug;
mod table;

pub use area::Area;
pub(crate) use fields::spoil;
pub use known_bug::KnownBug;
pub use table::{DEVIATIONS, DeviationId};

use core::fmt;

use pptp_wire::Requirement;

use crate::Role;

/// What finds an endpoint with a deviation.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum FoundBy {
    /// A scenario of the suite that scripts the situation.
    Suite,
    /// A sweep over random faults: it takes a lost, late or doubled packet.
    Sweep,
    /// Nothing, as there is nothing to find: a canary, which proves that survivors are told.
    Nothing,
}

impl FoundBy {
    /// `suite`, `sweep` or `nothing`.
    pub const fn name(self) -> &'static str {
        match self {
            FoundBy::Suite => "suite",
            FoundBy::Sweep => "sweep",
            FoundBy::Nothing => "nothing",
        }
    }
}

/// One row of the switchboard.
#[derive(Copy, Clone, Debug)]
pub struct Deviation {
    /// The switch.
    pub id: DeviationId,
    /// Its name on the command line: `cdn-carries-pns-id`.
    pub name: &'static str,
    /// The part of the endpoint in which it lies.
    pub area: Area,
    /// The roles in which the bug can show.
    pub roles: &'static [Role],
    /// The requirements that it breaks.
    pub breaks: &'static [Requirement],
    /// What finds it.
    pub found_by: FoundBy,
    /// Bugs of real implementations that were like it.
    pub known_bugs: &'static [&'static str],
    /// What the endpoint does wrong.
    pub doc: &'static str,
}

impl Deviation {
    /// The deviation of this name.
    pub fn by_name(name: &str) -> Option<&'static Deviation> {
        DEVIATIONS.iter().find(|deviation| deviation.name == name)
    }
}

impl DeviationId {
    /// Its row of the table.
    pub const fn row(self) -> &'static Deviation {
        &DEVIATIONS[self as usize]
    }
}

impl fmt::Display for DeviationId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.row().name)
    }
}

/// Words of the bit set, of 64 bits each.
const WORDS: usize = DEVIATIONS.len().div_ceil(u64::BITS as usize);

/// The deviations that are switched on.
#[derive(Copy, Clone, Debug, Default, Eq, PartialEq)]
pub struct Deviations([u64; WORDS]);

impl Deviations {
    /// None: a correct endpoint.
    pub const NONE: Deviations = Deviations([0; WORDS]);

    /// This one alone.
    pub const fn only(id: DeviationId) -> Deviations {
        Deviations::NONE.with(id)
    }

    /// These and `id`.
    #[must_use]
    pub const fn with(mut self, id: DeviationId) -> Deviations {
        let (word, bit) = place(id);
        self.0[word] |= bit;
        self
    }

    /// Whether `id` is switched on.
    #[inline(always)]
    pub const fn contains(&self, id: DeviationId) -> bool {
        let (word, bit) = place(id);
        self.0[word] & bit != 0
    }

    /// Whether none is switched on.
    #[inline]
    pub const fn is_empty(&self) -> bool {
        let mut word = 0;
        let mut all = 0;
        while word < WORDS {
            all |= self.0[word];
            word += 1;
        }
        all == 0
    }

    /// Those that are switched on, in the order of the table.
    pub fn iter(self) -> impl Iterator<Item = &'static Deviation> {
        DEVIATIONS
            .iter()
            .filter(move |deviation| self.contains(deviation.id))
    }
}

/// The word of the set and the bit in it that stand for a deviation.
#[inline(always)]
const fn place(id: DeviationId) -> (usize, u64) {
    let bits = u64::BITS as usize;
    (id as usize / bits, 1 << (id as usize % bits))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_stand_at_their_switch_and_names_are_unique() {
        let mut names: Vec<&str> = Vec::new();
        for (index, deviation) in DEVIATIONS.iter().enumerate() {
            assert_eq!(deviation.id as usize, index);
            assert_eq!(Deviation::by_name(deviation.name).unwrap().id, deviation.id);
            let harmless = deviation.found_by == FoundBy::Nothing;
            assert_eq!(deviation.breaks.is_empty(), harmless, "{}", deviation.name);
            assert!(!deviation.roles.is_empty(), "{}", deviation.name);
            assert!(deviation.doc.ends_with('.'), "{}", deviation.name);
            for bug in deviation.known_bugs {
                assert!(bug.starts_with("KB-") && bug.len() == 5, "{bug}");
            }
            names.push(deviation.name);
        }
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), DEVIATIONS.len());
        assert!(DEVIATIONS.len() <= 1 + usize::from(u8::MAX));
        assert!(DEVIATIONS.is_sorted_by_key(|deviation| deviation.area));
    }

    #[test]
    fn a_switch_is_on_alone() {
        for deviation in DEVIATIONS {
            let on = Deviations::only(deviation.id);
            let names: Vec<&str> = on.iter().map(|other| other.name).collect();
            assert_eq!(names, [deviation.name]);
            assert!(!Deviations::NONE.contains(deviation.id));
        }
        let two = Deviations::only(DeviationId::AckAhead).with(DeviationId::NeverAck);
        assert_eq!(two.iter().count(), 2);
        assert!(Deviations::NONE.is_empty() && !two.is_empty());
    }

    #[test]
    fn an_unknown_name_is_no_deviation() {
        assert!(Deviation::by_name("ack-a-head").is_none());
    }
}
