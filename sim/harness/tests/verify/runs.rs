//! Captures of simulated runs: `verify` sees less than the run's own judge, and finds nothing that the run did not find.

use std::collections::BTreeSet;
use std::net::Ipv4Addr;

use pptp_harness::register::RequirementSet;
use pptp_harness::suite::{Family, KeepTranscripts, Outcome, SuiteOptions, find, run_case};
use pptp_harness::verify::{VerifyOptions, verify};
use pptp_rules::{Grade, Grading};

/// Cases of a scenario that are looked at: the first and the last ones.
const CASES: u64 = 3;

/// Scenarios in which something happens that a capture does not show, and what.
const NOT_TO_BE_SEEN: [(&str, &str); 17] = [
    ("control/crash-and-restart", "an end crashes"),
    ("control/restarted-client-starts-again", "an end crashes"),
    ("keep-alive/vanished-peer", "an end crashes"),
    (
        "data/run-behind-a-gap",
        "the path resets the connection in the name of an end",
    ),
    (
        "faults/path-reset",
        "the path resets the connection in the name of an end",
    ),
    (
        "states/connection-ends-under-a-pac",
        "the path closes one half of the connection",
    ),
    (
        "states/connection-ends-under-a-pns",
        "the path closes one half of the connection",
    ),
    (
        "faults/corrupt",
        "the path changes octets that no checksum guards",
    ),
    ("faults/crash-under-data", "an end crashes"),
    ("faults/crossing-echoes", "an end crashes"),
    (
        "faults/outage-and-stall-until-a-later-line",
        "an end crashes",
    ),
    (
        "faults/rest-after-the-storm",
        "an end crashes, or the path resets the connection in the name of an end",
    ),
    (
        "regressions/call-request-to-an-end-that-has-closed",
        "a reply is on its way for 60 s, and comes to an end that has closed",
    ),
    ("regressions/crash-while-starts-cross", "an end crashes"),
    (
        "regressions/far-number-that-its-receiver-discards",
        "an outsider sends in the name of an end",
    ),
    (
        "regressions/planted/echo-crossing-stops-keep-alive",
        "an end crashes",
    ),
    (
        "regressions/start-request-to-an-end-that-has-closed",
        "an end crashes",
    ),
];

/// The captures of every scenario of the suite, of a few cases each: whatever `verify` grades fail at an end that is no script, the
/// run's transcript has, under the same id.
#[test]
fn verify_finds_nothing_in_the_capture_of_a_run_that_the_run_did_not_find() {
    let options = SuiteOptions {
        captures: true,
        transcripts: KeepTranscripts::All,
        ..SuiteOptions::default()
    };
    let mut wrong = Vec::new();
    let mut looked_at = 0;
    for found in find(&[]).expect("the built-in suite") {
        let family = Family::load(&found).expect("a scenario");
        let count = family.file.case_count();
        let cases: BTreeSet<u64> = (0..CASES.min(count))
            .chain(count.saturating_sub(CASES)..count)
            .collect();
        for case in cases {
            let scenario = family.file.case(case).expect("a case");
            if scenario.set == RequirementSet::Windows {
                continue;
            }
            let scripted: Vec<Ipv4Addr> = scenario
                .nodes
                .iter()
                .filter(|node| node.scripted)
                .flat_map(|node| node.addresses.clone())
                .collect();
            let run = run_case(&family, case, &options);
            let Outcome::Played(played) = &run.outcome else {
                continue;
            };
            let transcript = &played.report.transcript;
            for capture in &played.captures {
                let (node, octets) = (&capture.node, &capture.pcapng);
                let options = VerifyOptions::default();
                let report = verify(&octets[..], options, &mut |_| Ok(())).expect("a capture");
                assert!(report.cut_short.is_none());
                looked_at += 1;
                for end in &report.ends {
                    let failed = end
                        .groups
                        .iter()
                        .filter(|group| Grading::Default.grade(group.severity) == Grade::Fail)
                        .filter(|_| !scripted.contains(&end.address))
                        .filter(|group| !transcript.contains(group.requirement.id()));
                    for group in failed {
                        wrong.push(format!(
                            "{} case {case} at {node}: {} {} {} in frame {}: {}",
                            found.name,
                            end.address,
                            group.requirement,
                            group.detail,
                            group.frames[0],
                            group.evidence.trim()
                        ));
                    }
                }
            }
        }
    }
    assert!(looked_at > 800, "{looked_at}");
    for (name, why) in NOT_TO_BE_SEEN {
        let before = wrong.len();
        wrong.retain(|line: &String| !line.starts_with(&format!("{name} ")));
        assert!(
            wrong.len() < before,
            "nothing is found in {name} though {why}"
        );
    }
    assert!(
        wrong.is_empty(),
        "{} in {looked_at}:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}
