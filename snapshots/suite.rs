//! The conformance suite as tests: one a scenario file, named as the file is (`outgoing/outgoing-call`). Each runs its scenario in
//! the event world, must pass, and must give the transcript, or the table and named transcripts, of its snapshot.

use libtest_mimic::{Arguments, Failed, Trial};
use pptp_harness::suite::{
    Found, KeepTranscripts, SuiteOptions, SuiteReport, family_text, find, run_files,
};
use pptp_rules::Grade;

/// The folder of the snapshots, beside this file.
const FOLDER: &str = "transcripts";

fn main() {
    let arguments = Arguments::from_args();
    let scenarios = format!("{}/../../scenarios", env!("CARGO_MANIFEST_DIR"));
    let trials = match find(&[scenarios]) {
        Ok(found) => found.into_iter().map(trial).collect(),
        Err(error) => vec![Trial::test("the suite is there", move || {
            Err(error.to_string().into())
        })],
    };
    libtest_mimic::run(&arguments, trials).exit();
}

fn trial(found: Found) -> Trial {
    let name = found.name.clone();
    Trial::test(name, move || run(&found))
}

fn run(found: &Found) -> Result<(), Failed> {
    let options = SuiteOptions {
        transcripts: KeepTranscripts::Shown,
        ..SuiteOptions::default()
    };
    let report = run_files(std::slice::from_ref(found), &options);
    passes(&report)?;
    let family = report.families.first().ok_or("nothing was run")?;
    let text = family_text(&family.family, &family.cases);
    let (topic, name) = found.name.rsplit_once('/').unwrap_or(("", &found.name));
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(format!("{FOLDER}/{topic}"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
    Ok(())
}

/// Nothing failed, nothing was refused, and nothing is worse than information.
fn passes(report: &SuiteReport) -> Result<(), Failed> {
    let worst = report
        .families
        .iter()
        .filter_map(|family| family.grade())
        .max();
    if report.has_passed() && worst.is_some_and(|grade| grade <= Grade::Info) {
        Ok(())
    } else {
        Err(report.to_string().into())
    }
}
