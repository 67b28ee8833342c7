//! What many seeds gave, added up: in any order, in any parts, the same.

use std::collections::BTreeMap;

use pptp_rules::Grade;

use super::kind::ClassKind;
use super::line::ResultLine;
use super::rate::{Standing, Verdict};
use crate::coverage::Coverage;
use crate::suite::Status;

/// How many classes of failures are told apart; what comes later is counted together.
const CLASSES: usize = 1000;

/// A sum over seeds. Its size does not grow with their number.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Tally {
    /// How many runs.
    pub seeds: u64,
    /// The wrapping sum of their digests.
    pub digest: u128,
    /// By verdict, mildest first.
    pub grades: BTreeMap<Grade, u64>,
    /// Failures by class.
    pub classes: BTreeMap<String, ClassTally>,
    /// Failures that stated rates allow, by class.
    pub allowed: BTreeMap<String, ClassTally>,
    /// How the stated rates stand, by unit.
    pub standings: BTreeMap<u64, Standing>,
    /// Failures of classes for which there was no room any more.
    pub others: u64,
    /// What all of them came to.
    pub coverage: Coverage,
}

/// The failures of one class.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ClassTally {
    /// How many.
    pub count: u64,
    /// The one that is shown.
    pub shortest: Representative,
}

/// The failure that stands for its class: that of the fewest transcript lines, of the first unit, of the lowest seed.
#[derive(Clone, Debug, Eq, PartialEq, Ord, PartialOrd)]
pub struct Representative {
    /// Lines of its transcript.
    pub lines: u64,
    /// The number of its unit.
    pub unit: u64,
    /// Its seed.
    pub seed: u64,
    /// The command that plays it again.
    pub replay: String,
}

impl Representative {
    /// The command that makes it smaller; `None` where it ran in a world that shrinking is not for.
    pub fn shrink(&self) -> Option<String> {
        let of_event_world = !self.replay.split(' ').any(|word| word == "--world");
        let rest = self.replay.strip_prefix("pptp-sim run ")?;
        of_event_world.then(|| format!("pptp-sim shrink {rest}"))
    }
}

impl Tally {
    /// Adds what one seed of a unit gave.
    pub fn add(
        &mut self,
        unit: u64,
        scenario_digest: &str,
        line: &ResultLine,
        replay: &dyn Fn(u64) -> String,
    ) {
        self.seeds += 1;
        self.coverage.merge(&line.coverage);
        self.digest = self.digest.wrapping_add(line.digest(scenario_digest));
        *self.grades.entry(line.grade()).or_default() += 1;
        if let Some((class, lines)) = &line.failure {
            let shortest = Representative {
                lines: *lines,
                unit,
                seed: line.seed,
                replay: replay(line.seed),
            };
            let more = ClassTally { count: 1, shortest };
            self.others += add_class(&mut self.classes, class, more);
        }
    }

    /// Adds another sum.
    pub fn merge(&mut self, other: &Tally) {
        self.seeds += other.seeds;
        self.coverage.merge(&other.coverage);
        self.digest = self.digest.wrapping_add(other.digest);
        for (grade, count) in &other.grades {
            *self.grades.entry(*grade).or_default() += count;
        }
        for (class, tally) in &other.classes {
            self.others += add_class(&mut self.classes, class, tally.clone());
        }
        for (class, tally) in &other.allowed {
            self.others += add_class(&mut self.allowed, class, tally.clone());
        }
        self.standings.extend(other.standings.clone());
        self.others += other.others;
    }

    /// The exit status that the failures ask for. A rate that remains undecided is no failure.
    pub fn status(&self) -> Status {
        let mut standings = self.standings.values();
        let refuted = standings.any(|standing| standing.verdict == Verdict::Refuted);
        let mut status = match refuted || self.others > 0 {
            false => Status::Success,
            true => Status::Failure,
        };
        for class in self.classes.keys() {
            status = status.and(ClassKind::status_of(class));
        }
        status
    }

    /// The digest as 32 hexadecimal digits.
    pub fn digest_text(&self) -> String {
        format!("{:032x}", self.digest)
    }
}

/// Adds to a class; returns how many failures found no room.
fn add_class(classes: &mut BTreeMap<String, ClassTally>, class: &str, more: ClassTally) -> u64 {
    let has_room = classes.len() < CLASSES;
    match classes.get_mut(class) {
        Some(known) => {
            known.count += more.count;
            if more.shortest < known.shortest {
                known.shortest = more.shortest;
            }
        }
        None if has_room => {
            classes.insert(class.to_owned(), more);
        }
        None => return more.count,
    }
    0
}

#[cfg(test)]
mod tests {
    use super::super::line::tests::{failed, passed, reached};
    use super::*;

    fn tally(lines: &[ResultLine]) -> Tally {
        let mut tally = Tally::default();
        for line in lines {
            tally.add(1, "a", line, &|seed| format!("run {seed}"));
        }
        tally
    }

    #[test]
    fn any_split_gives_the_same_sum() {
        let lines = [
            passed(1),
            failed(2, 9),
            reached(3, &["T-CCO-01", "tail-drop"]),
            failed(4, 5),
            failed(5, 5),
            reached(6, &["T-CCO-01", "crashed"]),
        ];
        let whole = tally(&lines);
        for cut in 0..=lines.len() {
            let mut sum = tally(&lines[cut..]);
            sum.merge(&tally(&lines[..cut]));
            assert_eq!(sum, whole);
        }
        assert_eq!((whole.seeds, whole.grades[&Grade::Fail]), (6, 3));
        assert_eq!(whole.coverage.items().count(), 3);
        assert_ne!(whole.digest, tally(&lines[1..]).digest);
    }

    #[test]
    fn the_shortest_failure_stands_for_its_class() {
        let whole = tally(&[failed(2, 9), failed(4, 5), failed(5, 5)]);
        let class = whole.classes.values().next().expect("a class");
        assert_eq!(class.count, 3);
        assert_eq!(
            (class.shortest.seed, class.shortest.replay.as_str()),
            (4, "run 4")
        );
        assert_eq!(whole.status(), Status::Failure);
        assert_eq!(tally(&[passed(1)]).status(), Status::Success);
    }

    #[test]
    fn what_is_shown_can_be_made_smaller_in_the_event_world() {
        let of = |replay: &str| {
            let shortest = Representative {
                lines: 1,
                unit: 1,
                seed: 7,
                replay: replay.to_owned(),
            };
            shortest.shrink()
        };
        assert_eq!(
            of("pptp-sim run --seed 7 --case 'a b' a.kdl").as_deref(),
            Some("pptp-sim shrink --seed 7 --case 'a b' a.kdl")
        );
        assert_eq!(of("pptp-sim run --seed 7 --world turmoil a.kdl"), None);
    }

    #[test]
    fn classes_beyond_the_limit_are_counted_together() {
        let mut lines = Vec::new();
        for seed in 0..CLASSES as u64 + 7 {
            lines.push(ResultLine {
                failure: Some((format!("liveness {seed}"), 1)),
                ..passed(seed)
            });
        }
        let tally = tally(&lines);
        assert_eq!((tally.classes.len(), tally.others), (CLASSES, 7));
    }
}
