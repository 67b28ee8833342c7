//! `sweep` and `merge`: any split of the work gives the same sum, nothing is lost by a kill, and what does not fit is told.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::common::{Ended, command, failing, lossy, passing, write};

/// Two scenarios, of which one fails with some seeds.
const SWEEP: [&str; 3] = ["sweep", "lossy.kdl", "faults/duplicate"];
/// The result file of one of them.
pub const LOSSY: &str = "out/lossy.0-40.jsonl";

/// A folder with the scenario that fails with some seeds.
pub fn folder(name: &str) -> PathBuf {
    let here = crate::common::folder(name);
    write(&here, "lossy.kdl", &lossy(""));
    here
}

/// The command, outside of all schedulers.
pub fn alone(folder: &Path) -> Command {
    let mut command = command(folder);
    for variable in [
        "SLURM_ARRAY_TASK_ID",
        "JOB_COMPLETION_INDEX",
        "PARALLEL_SEQ",
        "CI_NODE_INDEX",
    ] {
        command.env_remove(variable);
    }
    for variable in [
        "CIRCLE_NODE_INDEX",
        "BUILDKITE_PARALLEL_JOB",
        "SYSTEM_JOBPOSITIONINPHASE",
    ] {
        command.env_remove(variable);
    }
    command
}

pub fn sweep(folder: &Path, more: &[&str]) -> Ended {
    let output = alone(folder).args(SWEEP).args(more).output();
    output.expect("the command starts").into()
}

pub fn merge(folder: &Path, folders: &[&str]) -> Ended {
    let output = alone(folder).arg("merge").args(folders).output();
    output.expect("the command starts").into()
}

/// The whole sweep in one process, once.
fn whole(name: &str) -> (PathBuf, Ended) {
    let here = folder(name);
    let ended = sweep(&here, &["--seeds", "0..40", "--out", "out", "--jobs", "1"]);
    assert_eq!(ended.status, 1, "{ended:?}");
    (here, ended)
}

pub fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn any_split_gives_the_same_sum() {
    let (here, one) = whole("sweep-split");
    assert!(one.out.contains("of 2 cases, 80 runs: "), "{}", one.out);
    assert!(one.out.contains("\ndigest "));
    let jobs = sweep(&here, &["--seeds", "0..40", "--jobs", "5"]);
    assert_eq!(jobs.out, one.out);
    for shard in ["1/3", "2/3", "3/3"] {
        let part = sweep(
            &here,
            &["--seeds", "0..40", "--out", "parts", "--shard", shard],
        );
        assert!(
            part.errors.contains(&format!("shard {shard} by --shard")),
            "{part:?}"
        );
    }
    let merged = merge(&here, &["parts"]);
    assert_eq!((merged.status, &merged.out), (1, &one.out), "{merged:?}");
    let other = sweep(&here, &["--seeds", "1..41"]);
    assert_ne!(other.out.lines().last(), one.out.lines().last());
}

#[test]
fn a_class_of_failures_has_its_shortest_run_with_the_command_that_plays_it() {
    let (here, one) = whole("sweep-class");
    let command = one
        .out
        .lines()
        .find_map(|line| line.trim().strip_prefix("replay   pptp-sim "));
    let words: Vec<&str> = command.expect("a command").split(' ').collect();
    let again: Ended = alone(&here)
        .args(&words)
        .output()
        .expect("the command starts")
        .into();
    assert_eq!(again.status, 1, "{again:?}");
    let json = sweep(&here, &["--seeds", "0..40", "--format", "json"]).out;
    let lines: Vec<serde_json::Value> = json
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    assert!(
        lines[0]["class"]
            .as_str()
            .is_some_and(|class| class.starts_with("conformance ending"))
    );
    let summary = &lines[lines.len() - 1]["summary"];
    assert_eq!(
        (&summary["runs"], &summary["not-played"]),
        (&80.into(), &0.into())
    );
}

#[test]
fn a_file_that_was_cut_off_anywhere_is_gone_on_with() {
    let (here, one) = whole("sweep-cut");
    let file = here.join(LOSSY);
    let good = read(&file);
    let growing = file.with_extension("jsonl.part");
    let first_line = good.find('\n').expect("a line");
    let ends = [
        0,
        10,
        first_line,
        first_line + 1,
        good.len() / 2,
        good.len() - 60,
        good.len() - 1,
        good.len(),
    ];
    for end in ends {
        fs::remove_file(&file).expect("it goes");
        fs::write(&growing, &good[..end]).expect("a file");
        let refused = sweep(&here, &["--seeds", "0..40", "--out", "out"]);
        assert_eq!(refused.status, 2);
        assert!(
            refused
                .errors
                .contains("is there already: --resume goes on with it")
        );
        let resumed = sweep(&here, &["--seeds", "0..40", "--out", "out", "--resume"]);
        assert_eq!(
            (resumed.status, &resumed.out),
            (1, &one.out),
            "cut at {end}: {}",
            resumed.errors
        );
        assert_eq!(read(&file), good, "cut at {end}");
        assert!(!growing.exists());
    }
}

/// Octets of the results that are there.
fn written(folder: &Path) -> u64 {
    let files = ["lossy.0-400.jsonl", "faults/duplicate.0-400.jsonl"];
    let length = |path: PathBuf| fs::metadata(path).map_or(0, |data| data.len());
    let growing = files.map(|name| length(folder.join("out").join(format!("{name}.part"))));
    growing.iter().sum::<u64>()
        + files
            .map(|name| length(folder.join("out").join(name)))
            .iter()
            .sum::<u64>()
}

#[test]
fn kills_in_the_middle_lose_nothing_however_many() {
    let more = ["--seeds", "0..400", "--out", "out", "--resume", "--jobs"];
    let here = folder("sweep-kill-whole");
    let whole = sweep(&here, &[&more[..], &["1"]].concat());
    let killed = folder("sweep-kill");
    let mut kills = 0;
    for jobs in ["1", "2", "3", "1", "2", "3"] {
        let before = written(&killed);
        let mut child = alone(&killed)
            .args(SWEEP)
            .args(more)
            .arg(jobs)
            .stdout(Stdio::null())
            .spawn()
            .expect("the command starts");
        // However far it came: what is there is good.
        while written(&killed) < before + 6000 && child.try_wait().is_ok_and(|it| it.is_none()) {
            std::thread::yield_now();
        }
        kills += u32::from(child.try_wait().is_ok_and(|ended| ended.is_none()));
        child.kill().expect("it is killed");
        child.wait().expect("it has ended");
        assert!(
            written(&killed) > before || kills == 0,
            "what was played is on the disk"
        );
    }
    assert!(kills >= 3, "only {kills} in the middle");
    let rest = sweep(&killed, &[&more[..], &["2"]].concat());
    assert_eq!((rest.status, &rest.out), (whole.status, &whole.out));
    for name in ["out/lossy.0-400.jsonl", "out/faults/duplicate.0-400.jsonl"] {
        assert_eq!(read(&killed.join(name)), read(&here.join(name)));
    }
}

#[test]
fn two_processes_do_not_write_one_file() {
    let (here, _) = whole("sweep-locked");
    let growing = here.join(LOSSY).with_extension("jsonl.part");
    fs::rename(here.join(LOSSY), &growing).expect("it grows again");
    let file = fs::File::open(&growing).expect("a file");
    file.try_lock().expect("it is ours");
    let resume = ["--seeds", "0..40", "--out", "out", "--resume"];
    let refused = sweep(&here, &resume);
    assert_eq!(refused.status, 2, "{refused:?}");
    assert!(
        refused.errors.contains("another process is writing it"),
        "{refused:?}"
    );
    drop(file);
    assert_eq!(sweep(&here, &resume).status, 1);
}

#[test]
fn results_of_another_sweep_are_not_gone_on_with() {
    let (here, _) = whole("sweep-other");
    for (more, problem) in [
        (&["--seeds", "0..41", "--shard", "1/1"][..], ""),
        (
            &["--seeds", "0..40", "--grading", "strict"][..],
            "what was asked for is",
        ),
        (
            &["--seeds", "0..40", "--profile", "pac=poptop"][..],
            "what was asked for is",
        ),
    ] {
        let arguments = [more, &["--out", "out", "--resume"]].concat();
        let ended = sweep(&here, &arguments);
        if problem.is_empty() {
            // Another range has other files.
            assert_eq!(ended.status, 1, "{ended:?}");
        } else {
            assert_eq!(ended.status, 2, "{ended:?}");
            assert!(
                ended.errors.contains("belongs to another sweep"),
                "{ended:?}"
            );
            assert!(ended.errors.contains(problem), "{ended:?}");
        }
    }
}

#[test]
fn merging_finds_what_does_not_fit() {
    let (here, one) = whole("sweep-merge");
    let path = here.join(LOSSY);
    let good = read(&path);
    let problem_with = |text: &str| {
        fs::write(&path, text).expect("a file");
        let ended = merge(&here, &["out"]);
        assert_eq!(ended.status, 2, "{ended:?}");
        ended.errors
    };
    let lines: Vec<&str> = good.lines().collect();
    let without = |number: usize| {
        let mut lines = lines.clone();
        lines.remove(number);
        lines.join("\n") + "\n"
    };
    assert!(problem_with(&without(3)).contains("line 4: expected seed 2 of 0..40, found seed 3"));
    assert!(problem_with(&without(40)).contains("the seeds 39..40 of 0..40 are missing"));
    assert!(problem_with(&without(41)).contains("this is not finished"));
    assert!(
        problem_with(&good.replacen("\"pass\"", "\"info\"", 1))
            .contains("line 42: the sum does not fit the lines")
    );
    assert!(
        problem_with(&good.replacen("\"tool\":\"", "\"tool\":\"9", 1))
            .contains("the version of the tool is")
    );
    assert!(problem_with(&good.replacen("0..40", "0..50", 1)).contains("the range of seeds is"));
    assert!(problem_with("").contains("there is no whole line in it"));
    assert!(problem_with(&format!("{good}{{}}\n")).contains("nothing stands behind the last line"));
    fs::remove_file(&path).expect("it goes");
    let missing = merge(&here, &["out"]);
    assert!(
        missing
            .errors
            .contains("of the 2 units of its sweep, number 1 is nowhere"),
        "{missing:?}"
    );
    fs::write(&path, &good).expect("a file");
    assert_eq!(merge(&here, &["out", "out"]).out, one.out);
    assert!(merge(&here, &["nowhere"]).errors.contains("nowhere: "));
    fs::create_dir(here.join("empty")).expect("a folder");
    assert!(
        merge(&here, &["empty"])
            .errors
            .contains("there is no result file below it")
    );
}

#[test]
fn gaps_and_overlaps_are_named() {
    let here = folder("sweep-gaps");
    write(&here, "a.kdl", &passing());
    let part = |shard: &str, out: &str| {
        let arguments = [
            "sweep", "a.kdl", "--seeds", "0..9", "--shard", shard, "--out", out,
        ];
        let ended: Ended = alone(&here)
            .args(arguments)
            .output()
            .expect("the command starts")
            .into();
        assert_eq!(ended.status, 0, "{ended:?}");
    };
    part("1/3", "out");
    part("3/3", "out");
    let gap = merge(&here, &["out"]);
    assert!(
        gap.errors
            .contains("a.6-9.jsonl: the seeds 3..6 before these are missing"),
        "{gap:?}"
    );
    part("2/2", "other");
    let overlap = merge(&here, &["out", "other"]);
    assert!(
        overlap.errors.contains("the seeds 6..9 are also in "),
        "{overlap:?}"
    );
    fs::remove_dir_all(here.join("other")).expect("it goes");
    fs::remove_file(here.join("out/a.6-9.jsonl")).expect("it goes");
    assert!(
        merge(&here, &["out"])
            .errors
            .contains("a.0-3.jsonl: the seeds 3..9 behind these are missing")
    );
}

#[test]
fn until_failure_ends_at_the_first_one_and_can_be_gone_on_with() {
    let here = folder("sweep-until");
    write(&here, "a.kdl", &passing());
    write(&here, "b.kdl", &failing());
    let run = |more: &[&str]| -> Ended {
        let arguments = [
            &[
                "sweep", "a.kdl", "b.kdl", "--seeds", "5..50", "--out", "out",
            ],
            more,
        ]
        .concat();
        alone(&here)
            .args(arguments)
            .output()
            .expect("the command starts")
            .into()
    };
    for jobs in ["1", "4"] {
        let ended = run(&["--until-failure", "--jobs", jobs]);
        assert_eq!(ended.status, 1, "{ended:?}");
        assert!(
            ended
                .out
                .contains("46 runs: 45 pass, 1 fail; 44 not played"),
            "{ended:?}"
        );
        assert!(
            ended.out.contains("conformance CDN-003 missing b.kdl:"),
            "{ended:?}"
        );
        let again = run(&["--until-failure", "--resume"]);
        assert_eq!(again.out, ended.out, "{again:?}");
        if jobs == "1" {
            fs::remove_dir_all(here.join("out")).expect("it goes");
        }
    }
    let whole = run(&["--resume"]);
    assert!(
        whole.out.contains("90 runs: 45 pass, 45 fail\n"),
        "{whole:?}"
    );
}

#[test]
fn a_shard_may_come_from_the_environment_and_the_flag_wins() {
    let here = folder("sweep-environment");
    write(&here, "a.kdl", &passing());
    let run = |more: &[&str]| -> Ended {
        let mut command = alone(&here);
        command.env("CI_NODE_INDEX", "2").env("CI_NODE_TOTAL", "4");
        command
            .args(["sweep", "a.kdl", "--seeds", "0..8"])
            .args(more);
        command.output().expect("the command starts").into()
    };
    let read = run(&[]);
    assert!(
        read.errors
            .contains("shard 2/4 by the environment of GitLab CI"),
        "{read:?}"
    );
    assert!(
        read.out.starts_with("seeds 2..4 of 1 cases, 2 runs"),
        "{read:?}"
    );
    let flag = run(&["--shard", "8/8"]);
    assert!(
        flag.errors.contains("shard 8/8 by --shard: seeds 7..8"),
        "{flag:?}"
    );
    let none = run(&["--shard", "1/9"]);
    assert_eq!((none.status, none.out.as_str()), (0, ""), "{none:?}");
    assert!(
        none.errors.contains("shard 1/9 by --shard: seeds none"),
        "{none:?}"
    );
}

#[test]
fn plans_are_ready_texts() {
    let here = folder("sweep-plans");
    let plan = |kind: &str| {
        let ended = sweep(
            &here,
            &[
                "--seeds", "0..40", "--out", "out", "--sut", "pac", "--plan", kind, "--shards", "6",
            ],
        );
        assert_eq!(ended.status, 0, "{ended:?}");
        ended.out
    };
    let command = "pptp-sim sweep lossy.kdl faults/duplicate --seeds 0..40 --out out --sut pac --jobs 1 --resume --shard";
    let slurm = plan("slurm");
    assert!(
        slurm.starts_with("#!/bin/sh\n") && slurm.contains("#SBATCH --array=1-6\n"),
        "{slurm}"
    );
    let task = format!("exec {command} \"$SLURM_ARRAY_TASK_ID/6\"\n");
    assert!(slurm.ends_with(&task), "{slurm}");
    let parallel = plan("parallel");
    assert!(
        parallel.contains(&format!("'{command} {{}}/6' ::: $(seq 6)\n")),
        "{parallel}"
    );
    let kubernetes = plan("kubernetes");
    assert!(
        kubernetes.contains("\n  completions: 6\n") && kubernetes.contains("value: \"6\""),
        "{kubernetes}"
    );
    // Its pods find their shards in the environment.
    assert!(!kubernetes.contains("--shard"), "{kubernetes}");
    let missing = sweep(&here, &["--seeds", "0..40", "--plan", "slurm"]);
    assert_eq!(missing.status, 2);
    assert!(missing.errors.contains("--out"));
}

#[test]
fn mistakes_of_the_command_say_what_was_expected() {
    let here = folder("sweep-mistakes");
    for (arguments, problem) in [
        (
            &["--seeds", "5..5"][..],
            "5..5 holds no seed; expected A..B",
        ),
        (
            &["--seeds", "0..4", "--shard", "5/4"][..],
            "there is no shard 5 of 4",
        ),
        (&["--seeds", "0..4", "--resume"][..], "--out"),
        (
            &["--seeds", "0..4", "--sut", "pax"][..],
            "no scenario has a node `pax`",
        ),
        (
            &["--seeds", "0..4", "--profile", "pac=potpop"][..],
            "poptop",
        ),
        (&["--seeds", "0..4", "no/such"][..], "no/such"),
    ] {
        let ended = sweep(&here, arguments);
        assert_eq!(ended.status, 2, "{arguments:?}");
        assert!(
            ended.errors.contains(problem),
            "{arguments:?}: {}",
            ended.errors
        );
    }
}
