//! The kill matrix: the proof that the suite can fail. Every deviation is switched on in every role that it has, and the suite must
//! miss a requirement that the deviation breaks.
//!
//! Scenarios that are known to catch the deviation come first, then those that cover a requirement that it breaks, then the rest.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::sync::Arc;

use pptp_proto::{DEVIATIONS, Deviation, FoundBy, Role};
use pptp_rules::{Grade, Grading};
use pptp_wire::Requirement;

use super::case::run_case;
use super::family::{CaseRun, Family};
use super::jobs::in_order;
use super::killers::Killer;
use super::options::{Seat, SuiteOptions};
use super::planted::REGRESSIONS;
use crate::run::NodeChoice;
use crate::scenario::Role as NodeRole;

/// How much of the matrix is worked out, and by how many.
#[derive(Clone, Debug)]
pub struct MatrixOptions {
    /// Every scenario is played, instead of those up to the first that catches the deviation.
    pub full: bool,
    /// The deviations that are tried, by name; none named: all that the suite is to find, and the canary.
    pub names: Vec<String>,
    /// How many runs at a time; nothing in the results depends on it.
    pub jobs: usize,
}

/// A run that caught a deviation.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Kill {
    /// The scenario's name.
    pub scenario: String,
    /// The case of its matrix.
    pub case: Option<String>,
    /// The node that deviated.
    pub node: String,
    /// The requirement that the run missed, one of those that the deviation breaks.
    pub requirement: Requirement,
    /// The command that repeats the run.
    pub replay: String,
}

/// What became of one deviation in one role.
#[derive(Clone, Debug)]
pub struct MatrixRow {
    /// The deviation.
    pub deviation: &'static Deviation,
    /// The role of the node that had it.
    pub role: Role,
    /// What caught it: the first run, or, in a full matrix, the first run of each scenario.
    pub kills: Vec<Kill>,
    /// Requirements that were missed, though the deviation is not said to break them, in runs that did not catch it.
    pub missed_instead: BTreeSet<Requirement>,
    /// How many runs there were.
    pub runs: u64,
}

impl MatrixRow {
    /// Whether nothing caught it.
    pub fn survived(&self) -> bool {
        self.kills.is_empty()
    }

    /// Whether it is as it should be: caught by the suite, unless that is not to find it.
    pub fn as_expected(&self) -> bool {
        self.survived() == (self.deviation.found_by != FoundBy::Suite)
    }
}

/// The deviations of these names, or, where there are none, all that the suite is to find and the canary.
///
/// # Errors
/// The first name that is no deviation's.
pub fn tried(names: &[String]) -> Result<Vec<&'static Deviation>, String> {
    if names.is_empty() {
        let all = DEVIATIONS
            .iter()
            .filter(|deviation| deviation.found_by != FoundBy::Sweep);
        return Ok(all.collect());
    }
    let find = |name: &String| Deviation::by_name(name).ok_or_else(|| name.clone());
    names.iter().map(find).collect()
}

/// Tries deviations in all of their roles against `families`. Each row is shown to `watch` as soon as those before it were; it may
/// break the work off.
pub fn kill_matrix(
    families: &[Arc<Family>],
    killers: &[Killer],
    deviations: &[&'static Deviation],
    options: &MatrixOptions,
    watch: &mut dyn FnMut(&MatrixRow) -> ControlFlow<()>,
) -> Vec<MatrixRow> {
    let pairs: Vec<(&'static Deviation, Role)> = deviations
        .iter()
        .flat_map(|&deviation| deviation.roles.iter().map(move |&role| (deviation, role)))
        .collect();
    let seated: Vec<Seated<'_>> = families.iter().map(|family| Seated::of(family)).collect();
    let mut rows = Vec::new();
    in_order(
        options.jobs,
        pairs.len(),
        &|position| {
            let (deviation, role) = pairs[position];
            let plan = plan(&seated, killers, deviation, role);
            try_out(&plan, deviation, role, options.full)
        },
        &mut |_, row| {
            let flow = watch(&row);
            rows.push(row);
            flow
        },
    );
    rows
}

/// A family, and for each of its cases the nodes that can deviate.
struct Seated<'a> {
    family: &'a Family,
    seats: Vec<Seats>,
}

/// The first node of each role that is not scripted.
struct Seats {
    pac: Option<String>,
    pns: Option<String>,
}

impl Seated<'_> {
    fn of(family: &Family) -> Seated<'_> {
        let seats = (0..family.file.case_count()).map(|case| {
            let scenario = family.file.case(case).ok();
            let seat = |role| {
                let scenario = scenario.as_ref()?;
                let place = Seat::Role(role).find(scenario).ok()?;
                Some(scenario.node(place).name.clone())
            };
            Seats {
                pac: seat(NodeRole::Pac),
                pns: seat(NodeRole::Pns),
            }
        });
        Seated {
            family,
            seats: seats.collect(),
        }
    }

    /// The cases that have a node of the role, with its name.
    fn trials(&self, role: Role) -> impl Iterator<Item = (u64, &str)> {
        self.seats.iter().zip(0..).filter_map(move |(seats, case)| {
            let seat = match role {
                Role::Pac => &seats.pac,
                Role::Pns => &seats.pns,
            };
            Some((case, seat.as_deref()?))
        })
    }
}

/// The families in the order in which they are tried.
fn plan<'a>(
    seated: &'a [Seated<'a>],
    killers: &[Killer],
    deviation: &Deviation,
    role: Role,
) -> Vec<&'a Seated<'a>> {
    let mut plan: Vec<(u8, &Seated<'a>)> = Vec::new();
    for seated in seated {
        let name = &seated.family.found.name;
        // What was made of planted bugs once sweeps had found them.
        if name.starts_with(REGRESSIONS) {
            continue;
        }
        let known = killers.iter().any(|killer| {
            let rows = killer.deviation.id == deviation.id && killer.scenario == *name;
            rows && seated.trials(role).any(|(_, node)| node == killer.node)
        });
        let covers = seated
            .family
            .covers
            .iter()
            .any(|(requirement, _)| deviation.breaks.contains(requirement));
        let turn = match (known, covers) {
            (true, _) => 0,
            (false, true) => 1,
            (false, false) => 2,
        };
        plan.push((turn, seated));
    }
    plan.sort_by_key(|(turn, _)| *turn);
    plan.into_iter().map(|(_, seated)| seated).collect()
}

fn try_out(
    plan: &[&Seated<'_>],
    deviation: &'static Deviation,
    role: Role,
    full: bool,
) -> MatrixRow {
    let mut row = MatrixRow {
        deviation,
        role,
        kills: Vec::new(),
        missed_instead: BTreeSet::new(),
        runs: 0,
    };
    for seated in plan {
        if let Some(kill) = try_family(seated, deviation, &mut row) {
            row.kills.push(kill);
            if !full {
                break;
            }
        }
    }
    if !row.survived() {
        row.missed_instead.clear();
    }
    row
}

/// The first case that catches the deviation.
fn try_family(seated: &Seated<'_>, deviation: &Deviation, row: &mut MatrixRow) -> Option<Kill> {
    // What breaks no more than a note counts under the strict grading alone.
    let right = SuiteOptions {
        grading: Grading::Strict,
        ..SuiteOptions::default()
    };
    let family = seated.family;
    for (case, node) in seated.trials(row.role) {
        let mut options = right.clone();
        let choice = NodeChoice {
            profile: None,
            deviations: vec![deviation.name.to_owned()],
        };
        options.choices.insert(node.to_owned(), choice);
        let run = run_case(family, case, &options);
        row.runs += 1;
        let missed = missed(&run);
        let is_broken = |requirement: &Requirement| deviation.breaks.contains(requirement);
        if !missed.iter().any(is_broken) {
            row.missed_instead.extend(missed);
            continue;
        }
        // A requirement that the case misses without the deviation as well proves nothing.
        let usual = self::missed(&run_case(family, case, &right));
        row.runs += 1;
        let mut proofs = missed.difference(&usual).copied();
        let Some(requirement) = proofs.find(is_broken) else {
            continue;
        };
        return Some(Kill {
            scenario: family.found.name.clone(),
            case: run.case.as_ref().map(|case| case.text.clone()),
            node: node.to_owned(),
            requirement,
            replay: run.replay,
        });
    }
    None
}

/// The requirements that a run was judged to miss.
fn missed(run: &CaseRun) -> BTreeSet<Requirement> {
    let is_miss = |grade: Grade| matches!(grade, Grade::NonStrict | Grade::Fail);
    let Some(report) = run.report().filter(|report| is_miss(report.grade())) else {
        return BTreeSet::new();
    };
    let missed = report
        .requirements
        .iter()
        .filter(|(_, evidence)| is_miss(evidence.grade));
    missed.map(|(requirement, _)| *requirement).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::suite::{built_in, killers};

    fn families(names: &[&str]) -> Vec<Arc<Family>> {
        let found = built_in().into_iter();
        let wanted = found.filter(|found| names.contains(&found.name.as_str()));
        wanted
            .map(|found| Arc::new(Family::load(&found).expect("no mistakes")))
            .collect()
    }

    fn matrix(scenarios: &[&str], deviations: &[&str], full: bool, jobs: usize) -> Vec<MatrixRow> {
        let names: Vec<String> = deviations.iter().map(|&name| name.to_owned()).collect();
        let deviations = tried(&names).expect("they exist");
        let options = MatrixOptions { full, names, jobs };
        let killers = killers().expect("no mistakes");
        kill_matrix(
            &families(scenarios),
            &killers,
            &deviations,
            &options,
            &mut |_| ControlFlow::Continue(()),
        )
    }

    const SCENARIOS: &[&str] = &[
        "control/start-and-stop",
        "outgoing/outgoing-call",
        "outgoing/pac-ends-the-call",
    ];

    #[test]
    fn a_bug_is_caught_for_the_right_requirement_in_each_of_its_roles() {
        let rows = matrix(SCENARIOS, &["cdn-carries-pns-id", "first-seq-1"], false, 2);
        let shown: Vec<_> = rows
            .iter()
            .map(|row| (row.role, row.kills[0].requirement, row.as_expected()))
            .collect();
        assert_eq!(
            shown,
            [
                (Role::Pac, Requirement::Cdn003, true),
                (Role::Pac, Requirement::Seq001, true),
                (Role::Pns, Requirement::Seq001, true),
            ]
        );
        assert!(
            rows[0]
                .kills
                .iter()
                .all(|kill| kill.replay.contains("--deviation pac=cdn-carries-pns-id"))
        );
    }

    #[test]
    fn the_canary_survives_and_is_told_from_a_bug_that_survives() {
        let rows = matrix(SCENARIOS, &["canary", "wrap-plain-comparison"], false, 1);
        let shown: Vec<_> = rows
            .iter()
            .map(|row| (row.deviation.name, row.survived(), row.as_expected()))
            .collect();
        assert_eq!(
            shown,
            [
                ("canary", true, true),
                ("canary", true, true),
                // No wrap in these scenarios: the suite is too weak, and the matrix says so.
                ("wrap-plain-comparison", true, false),
                ("wrap-plain-comparison", true, false),
            ]
        );
        assert!(rows.iter().all(|row| row.runs > 0));
    }

    #[test]
    fn a_full_matrix_names_every_scenario_and_does_not_depend_on_jobs() {
        let one = matrix(SCENARIOS, &["cdn-carries-pns-id"], true, 1);
        let two = matrix(SCENARIOS, &["cdn-carries-pns-id"], true, 2);
        let names = |rows: &[MatrixRow]| -> Vec<String> {
            let kills = rows.iter().flat_map(|row| &row.kills);
            kills.map(|kill| kill.scenario.clone()).collect()
        };
        assert_eq!(names(&one), names(&two));
        assert_eq!(
            names(&one),
            ["outgoing/outgoing-call", "outgoing/pac-ends-the-call"]
        );
    }

    #[test]
    fn a_name_that_is_no_deviation_is_refused() {
        assert_eq!(tried(&["ack-a-head".to_owned()]).unwrap_err(), "ack-a-head");
        let all = tried(&[]).expect("all");
        assert!(all.iter().any(|one| one.found_by == FoundBy::Nothing));
    }
}
