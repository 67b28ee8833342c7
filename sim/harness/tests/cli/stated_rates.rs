//! Scenarios that state at how many seeds they hold: decided in the order of the seeds, by one process, any jobs, or a merge of shards.

use std::fs;
use std::path::{Path, PathBuf};

use crate::common::{Ended, failing, folder, lossy, passing, write};
use crate::sweep::alone;

fn run(folder: &Path, arguments: &[&str]) -> Ended {
    let output = alone(folder).args(arguments).output();
    output.expect("the command starts").into()
}

/// A folder with a scenario that holds with nine of ten seeds, stating this.
fn stating(name: &str, holds: &str) -> PathBuf {
    let here = folder(name);
    write(&here, "a.kdl", &lossy(holds));
    here
}

/// The seeds after which it was decided.
fn decided_after(ended: &Ended) -> u64 {
    let (_, rest) = ended.out.split_once("decided after ").expect("a decision");
    let number = rest.split(' ').next().expect("a number");
    number.parse().expect("a number")
}

#[test]
fn a_rate_that_holds_allows_single_failures_whatever_the_split() {
    let here = stating(
        "rate-holds",
        "holds in \"80%\" of=\"seeds\" confidence=\"95%\"",
    );
    let sweep = ["sweep", "a.kdl", "--seeds", "0..300", "--jobs"];
    let one = run(&here, &[&sweep[..], &["1"]].concat());
    assert_eq!(one.status, 0, "{one:?}");
    assert!(
        one.out
            .contains("\na holds in 80% of seeds: decided after "),
        "{one:?}"
    );
    assert!(
        one.out
            .contains(" runs, allowed by a stated rate; the shortest, of "),
        "{one:?}"
    );
    assert!(one.out.contains(" of 300 failed\n"), "{one:?}");
    assert_eq!(run(&here, &[&sweep[..], &["5"]].concat()).out, one.out);
    for shard in ["1/4", "3/4", "2/4", "4/4"] {
        let arguments = [&sweep[..], &["1", "--out", "out", "--shard", shard]].concat();
        let part = run(&here, &arguments);
        assert_eq!(part.status, 0, "{part:?}");
        assert!(
            part.out
                .contains("a states 80% of seeds: merge decides when all shards have ended"),
            "{part:?}"
        );
        assert!(!part.out.contains("decided after"), "{part:?}");
    }
    let merged = run(&here, &["merge", "out"]);
    assert_eq!((merged.status, &merged.out), (0, &one.out), "{merged:?}");
}

#[test]
fn a_rate_that_is_refuted_is_a_failure_after_the_same_seed_everywhere() {
    let here = stating(
        "rate-refuted",
        "holds in \"99.5%\" of=\"seeds\" confidence=\"99%\"",
    );
    let sweep = ["sweep", "a.kdl", "--seeds", "7..307"];
    let one = run(
        &here,
        &[&sweep[..], &["--jobs", "1", "--out", "whole"]].concat(),
    );
    assert_eq!(one.status, 1, "{one:?}");
    assert!(
        one.out
            .contains("a does not hold in 99.5% of seeds: decided after "),
        "{one:?}"
    );
    assert!(!one.out.contains("allowed"), "{one:?}");
    for shard in ["1/2", "2/2"] {
        // A part alone refutes nothing, however many of its seeds fail.
        let part = run(
            &here,
            &[&sweep[..], &["--out", "out", "--shard", shard]].concat(),
        );
        assert_eq!(part.status, 0, "{part:?}");
    }
    let merged = run(&here, &["merge", "out"]);
    assert_eq!((merged.status, &merged.out), (1, &one.out), "{merged:?}");
    assert_eq!(run(&here, &["merge", "whole"]).out, one.out);

    // The first failure is the seed that refutes the rate.
    let until = run(
        &here,
        &[&sweep[..], &["--until-failure", "--jobs", "3"]].concat(),
    );
    assert_eq!(
        (until.status, decided_after(&until)),
        (1, decided_after(&one))
    );
    let runs = format!(", {} runs: ", decided_after(&one));
    assert!(until.out.contains(&runs), "{until:?}");
}

#[test]
fn too_few_seeds_leave_a_rate_undecided_and_that_is_no_failure() {
    let here = stating(
        "rate-undecided",
        "holds in \"99%\" of=\"seeds\" confidence=\"99.9%\"",
    );
    let ended = run(
        &here,
        &["sweep", "a.kdl", "--seeds", "0..9", "--format", "json"],
    );
    assert_eq!(ended.status, 0, "{ended:?}");
    let standing = ended.out.lines().find(|line| line.contains("\"verdict\":"));
    let standing: serde_json::Value =
        serde_json::from_str(standing.expect("a line")).expect("JSON");
    assert_eq!(standing["verdict"], "undecided");
    assert_eq!(standing["decided-after"], serde_json::Value::Null);
    assert_eq!(
        (&standing["holds-in"], &standing["seeds"]),
        (&"99%".into(), &9.into())
    );
}

#[test]
fn until_decided_plays_no_more_seeds_than_that_and_is_gone_on_with() {
    let here = stating(
        "rate-until",
        "holds in \"80%\" of=\"seeds\" confidence=\"95%\"",
    );
    write(&here, "b.kdl", &passing());
    let sweep = ["sweep", "a.kdl", "b.kdl", "--seeds", "0..300", "--out"];
    let whole = run(&here, &[&sweep[..], &["whole"]].concat());
    let mut outputs = Vec::new();
    for (jobs, out) in [("1", "one"), ("4", "four")] {
        let ended = run(
            &here,
            &[&sweep[..], &[out, "--jobs", jobs, "--until-decided"]].concat(),
        );
        assert_eq!(
            (ended.status, decided_after(&ended)),
            (0, decided_after(&whole))
        );
        // What states no rate is played to its end.
        let runs = format!(", {} runs: ", 300 + decided_after(&whole));
        assert!(
            ended.out.contains(&runs) && ended.out.contains(" not played\n"),
            "{ended:?}"
        );
        outputs.push(ended.out);
    }
    assert_eq!(outputs[0], outputs[1]);
    assert!(here.join("one/a.0-300.jsonl.part").exists());
    let again = run(
        &here,
        &[&sweep[..], &["one", "--until-decided", "--resume"]].concat(),
    );
    assert_eq!(again.out, outputs[0]);
    let unfinished = run(&here, &["merge", "one"]);
    assert!(
        unfinished.errors.contains("this is not finished"),
        "{unfinished:?}"
    );
    let rest = run(&here, &[&sweep[..], &["one", "--resume"]].concat());
    assert_eq!(rest.out, whole.out);
    let results = |folder: &str| fs::read_to_string(here.join(folder).join("a.0-300.jsonl"));
    assert_eq!(
        results("one").expect("a file"),
        results("whole").expect("a file")
    );
}

#[test]
fn a_shard_cannot_end_when_something_is_decided() {
    let here = stating(
        "rate-shard",
        "holds in \"80%\" of=\"seeds\" confidence=\"95%\"",
    );
    let sweep = ["sweep", "a.kdl", "--seeds", "0..8", "--until-decided"];
    let flag = run(&here, &[&sweep[..], &["--shard", "1/2"]].concat());
    assert_eq!(flag.status, 2, "{flag:?}");
    let mut environment = alone(&here);
    environment
        .env("CI_NODE_INDEX", "2")
        .env("CI_NODE_TOTAL", "4")
        .args(sweep);
    let ended: Ended = environment.output().expect("the command starts").into();
    assert_eq!(ended.status, 2, "{ended:?}");
    assert!(
        ended
            .errors
            .contains("this is shard 2/4 by the environment of GitLab CI"),
        "{ended:?}"
    );
}

#[test]
fn a_broken_requirement_is_no_matter_of_luck() {
    let here = folder("rate-requirement");
    let holds = "    holds in \"1%\" of=\"seeds\" confidence=\"99%\"\n    node";
    write(&here, "a.kdl", &failing().replacen("    node", holds, 1));
    let ended = run(&here, &["sweep", "a.kdl", "--seeds", "0..3"]);
    assert_eq!(ended.status, 1, "{ended:?}");
    assert!(ended.out.contains("conformance CDN-003 missing") && !ended.out.contains("allowed"));
    assert!(
        ended.out.contains("a may hold in 1% of seeds: undecided"),
        "{ended:?}"
    );
}

#[test]
fn a_single_run_is_as_ever() {
    let here = stating(
        "rate-run",
        "holds in \"80%\" of=\"seeds\" confidence=\"95%\"",
    );
    let statuses: Vec<i32> = (0..30)
        .map(|seed| run(&here, &["run", "a.kdl", "--seed", &seed.to_string()]).status)
        .collect();
    assert!(
        statuses.contains(&0) && statuses.contains(&1),
        "{statuses:?}"
    );
}
