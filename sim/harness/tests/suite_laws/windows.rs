//! The scenarios about Windows can fail: an end that keeps to RFC 2637 instead misses what they are about.

use pptp_harness::run::NodeChoice;
use pptp_harness::suite::{Family, SuiteOptions, run_case};
use pptp_rules::{Grade, Grading};
use pptp_wire::Requirement::{self, *};

use crate::scenarios;

/// The scenario, the node that keeps to RFC 2637 (or deviates so), and what it then misses.
const ROWS: &[(&str, &str, &str, Requirement)] = &[
    ("reserved-fields", "pac", "reserved1-not-zero", Ms001),
    ("the-wait-for-the-start", "pac", "", Ms002),
    ("the-wait-for-the-start", "pns", "", Ms002),
    ("echoes", "pac", "never-echo-request", Ms003),
    ("echoes", "pns", "never-echo-request", Ms003),
    ("crossing-starts", "pns", "", Ms004),
    ("no-window", "pac", "", Ms005),
    ("no-window", "pns", "", Ms005),
    ("late-packets", "pac", "", Ms006),
    ("late-packets", "pns", "", Ms006),
    ("no-window", "pac", "acknowledges-late", Ms007),
    ("what-a-server-never-sends", "pac", "", Ms009),
    ("how-a-call-ends", "pac", "", Ms015),
    ("how-a-call-ends", "pns", "", Ms014),
];

#[test]
fn an_end_that_is_not_windows_misses_what_windows_does() {
    for (name, node, deviation, requirement) in ROWS {
        let name = format!("windows/{name}");
        let mut found = scenarios().into_iter();
        let found = found.find(|found| found.name == name).expect("it is there");
        let family = Family::load(&found).expect("no mistake");
        let mut options = SuiteOptions {
            grading: Grading::Strict,
            ..SuiteOptions::default()
        };
        let choice = match *deviation {
            "" => NodeChoice {
                profile: Some("rfc".to_owned()),
                deviations: Vec::new(),
            },
            deviation => NodeChoice {
                profile: None,
                deviations: vec![deviation.to_owned()],
            },
        };
        let misses = |options: &SuiteOptions| {
            (0..family.file.case_count()).any(|case| {
                let run = run_case(&family, case, options);
                let missed = run
                    .report()
                    .and_then(|report| report.requirements.get(requirement));
                missed.is_some_and(|missed| matches!(missed.grade, Grade::NonStrict | Grade::Fail))
            })
        };
        assert!(
            !misses(&options),
            "{name}: {requirement} is missed as it is"
        );
        options.choices.insert((*node).to_owned(), choice);
        assert!(misses(&options), "{name}: {requirement} at {node}");
    }
}
