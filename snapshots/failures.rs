//! What a failure says: one scenario a way to fail, each with its report as a snapshot.

use std::path::{Path, PathBuf};

use pptp_harness::register::clause;
use pptp_harness::run::{NodeChoices, RunOptions, event_world, grade_text, play};
use pptp_harness::scenario::{lint, render_all};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/failing")
}

/// The report of a scenario that fails: verdict, reason, clauses.
fn report_of(name: &str) -> String {
    let path = folder().join(name).with_extension("kdl");
    let found = lint(&path).unwrap_or_else(|mistakes| panic!("{}", render_all(&mistakes, false)));
    let file = &found[0].file;
    let scenario = file
        .case(0)
        .unwrap_or_else(|mistakes| panic!("{}", render_all(&mistakes, false)));
    let options = RunOptions {
        replay: format!("pptp-sim run {name}"),
        ..RunOptions::default()
    };
    let mut world = event_world(
        &scenario,
        scenario.seed,
        &NodeChoices::default(),
        None,
        false,
    )
    .expect("a world");
    let report = play(
        &scenario,
        &file.sources,
        &options,
        &mut world,
        "event",
        None,
    );
    let failure = report
        .failure
        .as_ref()
        .unwrap_or_else(|| panic!("{name} passes:\n{}", report.transcript));
    let here = format!("{}/", folder().to_string_lossy());
    let (behaviour, ending) = (grade_text(report.behaviour), grade_text(report.ending));
    format!(
        "behaviour={behaviour} ending={ending}\n{}",
        failure.text(&clause)
    )
    .replace(&here, "")
}

#[test]
fn every_way_to_fail_explains_itself() {
    let mut settings = insta::Settings::clone_current();
    settings
        .set_snapshot_path(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../snapshots/failures"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    let mut names: Vec<String> = std::fs::read_dir(folder())
        .expect("the folder of failing scenarios")
        .filter_map(|entry| {
            Some(
                entry
                    .ok()?
                    .path()
                    .file_stem()?
                    .to_string_lossy()
                    .into_owned(),
            )
        })
        .collect();
    names.sort();
    assert!(names.len() >= 12, "the folder holds the ways to fail");
    settings.bind(|| {
        for name in &names {
            insta::assert_snapshot!(name.as_str(), report_of(name));
        }
    });
}
