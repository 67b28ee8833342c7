//! Every scenario has its transcript or table among the snapshots, and every snapshot a scenario or a test that owns it.

use crate::tree::Tree;
use crate::{assert_clean, assert_complaint};
use std::collections::BTreeSet;

/// Where the snapshots of the suite are, `TOPIC/NAME[.CASE].snap`, beside the test target that owns them.
const TRANSCRIPTS: &str = "snapshots/transcripts";
const SUITE: &str = "snapshots/suite.rs";

/// Scenarios without a snapshot, snapshots without a scenario, and folders of snapshots that no test owns.
fn snapshots(tree: &Tree) -> Vec<String> {
    let mut complaints = ownerless(tree);
    if tree.text(SUITE).is_none() {
        return complaints;
    }
    let scenarios = scenarios(tree);
    let mut shown = BTreeSet::new();
    for (path, _) in tree.below(TRANSCRIPTS) {
        let name = scenario_of(path);
        if !scenarios.contains(name) {
            complaints.push(format!(
                "{path} belongs to no scenario: there is no scenarios/{name}.kdl"
            ));
        }
        shown.insert(name);
    }
    let unseen = scenarios.iter().filter(|name| !shown.contains(*name));
    complaints.extend(
        unseen.map(|name| format!("scenarios/{name}.kdl has no snapshot in {TRANSCRIPTS}/")),
    );
    complaints
}

/// The names of the files that hold a scenario, `TOPIC/NAME`.
fn scenarios(tree: &Tree) -> BTreeSet<&str> {
    let holds_scenario = |text: &str| text.lines().any(|line| line.starts_with("scenario "));
    tree.below("scenarios")
        .filter(|(path, text)| path.ends_with(".kdl") && holds_scenario(text))
        .map(|(path, _)| &path["scenarios/".len()..path.len() - ".kdl".len()])
        .collect()
}

/// The scenario that a snapshot is named for.
fn scenario_of(path: &str) -> &str {
    let inside = &path[TRANSCRIPTS.len() + 1..];
    let file = inside.rfind('/').map_or(0, |end| end + 1);
    let end = inside[file..]
        .find('.')
        .map_or(inside.len(), |dot| file + dot);
    &inside[..end]
}

/// Snapshots stand in a folder that a test target beside it names.
fn ownerless(tree: &Tree) -> Vec<String> {
    let folders: BTreeSet<&str> = tree
        .below("snapshots")
        .filter_map(|(path, _)| path.strip_prefix("snapshots/")?.split_once('/'))
        .map(|(folder, _)| folder)
        .collect();
    let targets: Vec<&str> = tree
        .below("snapshots")
        .filter(|(path, _)| path.ends_with(".rs"))
        .map(|(_, text)| text)
        .collect();
    let names = |folder: &str| {
        targets.iter().any(|text| {
            text.contains(&format!("\"{folder}\""))
                || text.contains(&format!("snapshots/{folder}\""))
        })
    };
    let lost = folders.into_iter().filter(|folder| !names(folder));
    lost.map(|folder| format!("no test target in snapshots/ names the folder {folder}"))
        .collect()
}

#[test]
fn scenarios_and_snapshots_belong_together() {
    assert_clean(snapshots);
    assert!(scenarios(&Tree::of_repository()).len() >= 20);
}

#[test]
fn a_scenario_without_a_snapshot_and_a_snapshot_without_a_scenario_are_noticed() {
    let suite = (SUITE, "const FOLDER: &str = \"transcripts\";\n");
    let scenario = (
        "scenarios/data/loss.kdl",
        "// About.\nscenario \"loss\" {\n}\n",
    );
    let fragment = ("scenarios/fragments/call.kdl", "fragment {\n}\n");
    let shown = ("snapshots/transcripts/data/loss.snap", "");
    let case = ("snapshots/transcripts/data/loss.all-lost.snap", "");
    assert_eq!(
        snapshots(&Tree::made_up(&[suite, scenario, fragment, shown, case])),
        [] as [&str; 0]
    );
    assert_complaint(
        snapshots,
        &[suite, scenario, fragment],
        "scenarios/data/loss.kdl has no snapshot",
    );
    let other = ("snapshots/transcripts/data/gain.snap", "");
    assert_complaint(
        snapshots,
        &[suite, scenario, shown, other],
        "gain.snap belongs to no scenario",
    );
    let stray = ("snapshots/old/x.snap", "");
    assert_complaint(
        snapshots,
        &[suite, scenario, shown, stray],
        "names the folder old",
    );
}
