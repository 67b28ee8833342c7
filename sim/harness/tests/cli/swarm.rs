//! `sweep --swarm` and `run --swarm`: what a seed draws is the same however it is played, and can be kept as a file.

use std::fs;
use std::path::Path;

use crate::common::{Ended, folder, write};
use crate::sweep::alone;

/// A bug that the swarm finds soon: calls that one end alone knows to be over.
const DEVIATION: [&str; 2] = ["--deviation", "pac=silent-disconnect"];

fn run(here: &Path, words: &[&str]) -> Ended {
    let output = alone(here).args(words).output();
    output.expect("the command starts").into()
}

fn sweep(here: &Path, more: &[&str]) -> Ended {
    let words = [
        &["sweep", "--swarm", "--seeds", "0..150"],
        &DEVIATION[..],
        more,
    ]
    .concat();
    run(here, &words)
}

#[test]
fn any_split_of_the_swarm_gives_the_same_sum() {
    let here = folder("swarm-split");
    let one = sweep(&here, &["--jobs", "1", "--out", "whole"]);
    assert_eq!(one.status, 1, "{one:?}");
    assert!(one.out.contains("of 1 cases, 150 runs: "), "{}", one.out);
    assert_eq!(sweep(&here, &["--jobs", "4"]).out, one.out);
    for shard in ["1/4", "2/4", "3/4", "4/4"] {
        sweep(&here, &["--out", "parts", "--shard", shard]);
    }
    let merged = run(&here, &["merge", "parts"]);
    assert_eq!((merged.status, &merged.out), (1, &one.out), "{merged:?}");
    let whole = fs::read_to_string(here.join("whole/swarm.0-150.jsonl")).expect("a result file");
    assert!(whole.contains("\"scenario\":\"swarm 4\""), "{whole}");
    // Cut off in the middle of a line, as by a kill.
    fs::write(
        here.join("whole/swarm.0-150.jsonl.part"),
        &whole[..whole.len() / 2],
    )
    .expect("a cut file");
    fs::remove_file(here.join("whole/swarm.0-150.jsonl")).expect("it goes");
    let again = sweep(&here, &["--out", "whole", "--resume"]);
    assert_eq!(again.out, one.out);
    let resumed = fs::read_to_string(here.join("whole/swarm.0-150.jsonl")).expect("a result file");
    assert_eq!(resumed, whole);
}

#[test]
fn exploring_is_the_same_whatever_the_jobs() {
    let here = folder("swarm-explore");
    let words = ["sweep", "--swarm", "--seeds", "0..60", "--explore", "150"];
    let one = run(&here, &[&words[..], &["--jobs", "1"]].concat());
    assert!(one.out.contains(" 210 runs: "), "{}", one.out);
    let more = run(&here, &[&words[..], &["--jobs", "4"]].concat());
    assert_eq!(more.out, one.out);
    let plain = run(
        &here,
        &["sweep", "--swarm", "--seeds", "0..60", "--coverage"],
    );
    assert_ne!(plain.out, one.out);
    let wrong = run(&here, &[&words[..], &["--out", "x"]].concat());
    assert_eq!(wrong.status, 2, "{wrong:?}");
}

#[test]
fn correct_ends_survive_the_swarm() {
    let ended = run(
        &folder("swarm-clean"),
        &["sweep", "--swarm", "--seeds", "0..400"],
    );
    assert_eq!(ended.status, 0, "{}", ended.out);
}

/// The command of the first class that the sum shows.
fn replay(ended: &Ended) -> Vec<String> {
    let replay = ended
        .out
        .lines()
        .find_map(|line| line.trim().strip_prefix("replay   pptp-sim "));
    let words = replay.expect("a command").split(' ');
    words.map(str::to_owned).collect()
}

#[test]
fn a_finding_is_played_again_and_kept_as_a_file() {
    let here = folder("swarm-kept");
    let ended = sweep(&here, &[]);
    assert!(
        ended.out.contains("liveness half-open not-settled\n"),
        "{}",
        ended.out
    );
    let words = replay(&ended);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    assert_eq!(words[..3], ["run", "--swarm", "--seed"]);
    let transcript = [&words[..], &["--transcript"]].concat();
    let drawn = run(&here, &transcript);
    assert_eq!(drawn.status, 1, "{drawn:?}");
    assert!(
        drawn
            .out
            .contains(&format!("replay   pptp-sim {}", words.join(" "))),
        "{}",
        drawn.out
    );
    let printed = run(&here, &[&words[..], &["--print-scenario"]].concat());
    assert_eq!((printed.status, &*printed.errors), (0, ""));
    write(&here, "kept.kdl", &printed.out);
    let mut kept = vec!["run", "kept.kdl", "--transcript"];
    kept.extend(DEVIATION);
    let kept = run(&here, &kept);
    assert_eq!(kept.status, 1, "{kept:?}");
    let events = |text: &str| {
        let from = text.find("// pptp-sim transcript").expect("a transcript");
        let to = text.find("// behaviour=").expect("its end");
        text[from..to].to_owned()
    };
    assert_eq!(events(&kept.out), events(&drawn.out));
    let tape = [&words[..], &["--tape", "tapes"]].concat();
    assert_eq!(run(&here, &tape).status, 1);
    let seed = words[3];
    let replayed = run(&here, &["replay", &format!("tapes/swarm/{seed}.tape")]);
    assert_eq!(replayed.status, 1, "{replayed:?}");
}

#[test]
fn a_finding_is_shrunk_by_the_command_that_the_sweep_prints() {
    let here = folder("swarm-shrunk");
    let ended = sweep(&here, &[]);
    let class = ended.out.find("liveness half-open not-settled\n");
    let of_class = &ended.out[class.expect("the class")..];
    let command = of_class
        .lines()
        .find_map(|line| line.trim().strip_prefix("shrink   pptp-sim "));
    let words: Vec<&str> = command.expect("a command").split(' ').collect();
    let shrunk = run(&here, &[&words[..], &["--out", "small.kdl"]].concat());
    assert_eq!(shrunk.status, 0, "{shrunk:?}");
    let text = fs::read_to_string(here.join("small.kdl")).expect("a scenario");
    assert!(
        text.contains("// class: liveness half-open not-settled"),
        "{text}"
    );
    let steps = text.lines().filter(|line| line.contains(" do ")).count();
    assert!((1..=4).contains(&steps), "{text}");
    let again = |more: &[&str]| run(&here, &[&["run", "small.kdl"], more].concat()).status;
    assert_eq!((again(&DEVIATION), again(&[])), (1, 0), "{text}");
}

#[test]
fn what_does_not_suit_the_swarm_is_told() {
    let here = folder("swarm-wrong");
    let seeds = ["sweep", "--swarm", "--seeds", "0..2"];
    for (more, problem) in [
        (&["--world", "turmoil"][..], "the event world alone"),
        (&["--case", "x"], "has no cases"),
        (&["--sut", "pns2"], "--sut takes pns or pac"),
        (
            &["--deviation", "relay=never-ack"],
            "no node `relay`; there are: pns, pac, pns2",
        ),
        (&["--profile", "pac=nothing"], "no profile `nothing`"),
        (&["faults"], "cannot be used with"),
    ] {
        let ended = run(&here, &[&seeds[..], more].concat());
        assert_eq!(ended.status, 2, "{more:?}: {ended:?}");
        assert!(ended.errors.contains(problem), "{more:?}: {}", ended.errors);
    }
    for (words, problem) in [
        (&["run", "--swarm"][..], "--seed"),
        (&["run", "--print-scenario", "--seed", "1"], "--swarm"),
        (
            &["run", "--swarm", "--seed", "1", "faults"],
            "cannot be used with",
        ),
        (&["shrink", "--swarm"], "--seed"),
        (&["shrink"], "PATH"),
    ] {
        let ended = run(&here, words);
        assert_eq!(ended.status, 2, "{words:?}: {ended:?}");
        assert!(
            ended.errors.contains(problem),
            "{words:?}: {}",
            ended.errors
        );
    }
}

#[test]
fn a_profile_that_is_asked_for_takes_the_place_of_the_drawn_one() {
    let here = folder("swarm-profile");
    for seed in ["3", "181"] {
        let words = ["run", "--swarm", "--seed", seed, "--print-scenario"];
        let profile = ["--profile", "pac=poptop"];
        let printed = run(&here, &[&words[..], &profile].concat()).out;
        assert!(printed.contains("node pac role=PAC address=\"10.0.0.2\" profile=poptop"));
        assert!(printed.contains("may-miss"), "{printed}");
    }
}
