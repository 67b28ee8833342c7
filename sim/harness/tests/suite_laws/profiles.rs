//! `scenarios/profiles.kdl`: a conformance report on a profile shows the requirements that the table expects it to miss, and no others.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;

use pptp_harness::run::{NodeChoice, NodeChoices, grade_text};
use pptp_harness::suite::{
    CaseRun, Conformance, ExpectedMiss, Family, FamilyReport, Seat, Stand, SuiteOptions,
    SuiteReport, SystemUnderTest, expected, expected_misses, in_order, run_case,
};
use pptp_proto::{PROFILES, ProfileDefinition, Role};
use pptp_rules::Grade;

use crate::{jobs, scenarios};

/// Families with more cases than this are thinned: cuts at every octet and lengths of every size, of which neighbours tell the same.
const CASES: u64 = 60;

/// A profile in one of its roles.
type Seated = (&'static ProfileDefinition, Role);

/// What `run --sut pac --profile pac=NAME` asks for.
fn options((profile, role): Seated) -> SuiteOptions {
    let node = node(role);
    let choice = NodeChoice {
        profile: Some(profile.name.to_owned()),
        deviations: Vec::new(),
    };
    SuiteOptions {
        system_under_test: Some(SystemUnderTest {
            seat: Seat::Named(node.to_owned()),
            stand: Stand::AsWritten,
        }),
        choices: NodeChoices::from([(node.to_owned(), choice)]),
        ..SuiteOptions::default()
    }
}

/// The name of the node that is judged.
const fn node(role: Role) -> &'static str {
    match role {
        Role::Pac => "pac",
        Role::Pns => "pns",
    }
}

/// The cases of a family that are played, with the roles that can stand in each: all of a small family; of a large one some, spread
/// over all of it by a step that has no factor in common with the lists that multiply.
fn cases(family: &Family) -> Vec<(u64, Vec<Role>)> {
    let count = family.file.case_count();
    let steps = [1, 3, 7, 11, 13, 17, 23, 31];
    let step = steps.into_iter().find(|step| count / step <= CASES);
    let chosen = (0..count).step_by(step.unwrap_or(31) as usize);
    let with_roles = chosen.map(|case| {
        let scenario = family.file.case(case).expect("no mistake");
        let stands = |role: &Role| {
            let mut nodes = scenario.nodes.iter();
            nodes.any(|spec| spec.name == node(*role) && !spec.scripted)
        };
        let roles = [Role::Pac, Role::Pns].into_iter().filter(stands);
        (case, roles.collect())
    });
    with_roles.collect()
}

/// A conformance report on each profile in each role.
fn reports(families: &[Arc<Family>], seated: &[Seated]) -> Vec<Conformance> {
    let options: Vec<SuiteOptions> = seated.iter().map(|seat| options(*seat)).collect();
    let mut work = Vec::new();
    for (number, family) in families.iter().enumerate() {
        for (case, roles) in cases(family) {
            let seats = (0..seated.len()).filter(|seat| roles.contains(&seated[*seat].1));
            work.extend(seats.map(|seat| (seat, number, case)));
        }
    }
    let mut runs: Vec<BTreeMap<usize, Vec<CaseRun>>> = vec![BTreeMap::new(); seated.len()];
    let play = |position: usize| {
        let (seat, number, case) = work[position];
        run_case(&families[number], case, &options[seat])
    };
    in_order(jobs(), work.len(), &play, &mut |position, run| {
        let (seat, number, _) = work[position];
        runs[seat].entry(number).or_default().push(run);
        ControlFlow::Continue(())
    });
    let report = |runs: BTreeMap<usize, Vec<CaseRun>>| SuiteReport {
        families: runs
            .into_iter()
            .map(|(number, cases)| FamilyReport {
                family: Arc::clone(&families[number]),
                cases,
                refused: Vec::new(),
            })
            .collect(),
        ..SuiteReport::default()
    };
    runs.into_iter()
        .map(|runs| report(runs).conformance())
        .collect()
}

/// Where a report and the table differ, a sentence each.
fn differences(
    (profile, role): Seated,
    found: &Conformance,
    table: &[ExpectedMiss],
) -> Vec<String> {
    let who = format!("{} as {}", profile.name, role.name());
    let rows = table
        .iter()
        .filter(|row| row.profile.name == profile.name && row.role == role);
    let expected: BTreeMap<_, _> = rows.map(|row| (row.requirement, row)).collect();
    let mut sentences = Vec::new();
    for (requirement, row) in &expected {
        let verdict = found.requirements.get(requirement);
        let grade = verdict.map_or(Grade::Inconclusive, |verdict| verdict.grade);
        if grade != row.grade {
            sentences.push(format!(
                "{who}: {requirement} should be {} (line {} of {}: {}), and is {}",
                grade_text(row.grade),
                row.line,
                expected::PATH,
                row.source,
                grade_text(grade)
            ));
        }
    }
    for requirement in found.missed() {
        if !expected.contains_key(&requirement) {
            let verdict = &found.requirements[&requirement];
            let evidence = &verdict.evidence;
            sentences.push(format!(
                "{who}: {requirement} is {}, and no row of {} says why: {}\n    {}",
                grade_text(verdict.grade),
                expected::PATH,
                evidence.text,
                evidence.replay
            ));
        }
    }
    sentences
}

#[test]
fn each_profile_misses_what_its_software_misses_and_nothing_else() {
    let families: Vec<Arc<Family>> = scenarios()
        .iter()
        .map(|found| Arc::new(Family::load(found).expect("no mistake")))
        .collect();
    let seated: Vec<Seated> = PROFILES
        .iter()
        .flat_map(|profile| profile.roles.iter().map(move |role| (profile, *role)))
        .collect();
    let table = expected_misses().expect("a table without mistakes");
    let found = reports(&families, &seated);
    let wrong: Vec<String> = seated
        .iter()
        .zip(&found)
        .flat_map(|(seat, found)| differences(*seat, found, &table))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));

    // The comparison bites: a row too few and a row too many are both told.
    let poptop = seated
        .iter()
        .position(|(profile, _)| profile.name == "poptop");
    let poptop = poptop.expect("a profile");
    let fewer: Vec<ExpectedMiss> = table
        .iter()
        .filter(|row| row.requirement.id() != "CCLR-005")
        .cloned()
        .collect();
    let told = differences(seated[poptop], &found[poptop], &fewer);
    assert!(told.len() == 1 && told[0].starts_with("poptop as PAC: CCLR-005 is fail, and no row"));
    let told = differences(seated[poptop], &Conformance::default(), &table);
    assert!(
        told.iter()
            .any(|it| it.starts_with("poptop as PAC: CCLR-005 should be fail (line"))
    );
}
