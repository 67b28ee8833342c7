//! The set of requirements that describes Windows: chosen by a scenario, by a command, in a list.

use crate::common::{Ended, folder, run, run_in, scenario, write};

const CALL: &str = "outgoing/outgoing-call";

/// The lines of a report that are about this requirement.
fn said(ended: &Ended, id: &str) -> Vec<String> {
    let lines = ended.out.lines().filter(|line| line.contains(id));
    lines.map(str::to_owned).collect()
}

#[test]
fn a_command_chooses_the_set_for_every_run() {
    let with = run("set-run", &["run", "--set", "windows", CALL]);
    assert_eq!(with.status, 0, "{with:?}");
    assert!(with.out.contains("breaks   MS-008"), "{}", with.out);
    assert!(
        with.out
            .contains("replay   pptp-sim run --seed 0 --set windows")
    );
    let without = run("set-run", &["run", CALL]);
    assert!(said(&without, "MS-").is_empty(), "{}", without.out);
}

#[test]
fn a_report_on_one_end_judges_by_the_set() {
    let report = |role: &str, profile: &str| {
        let profile = format!("{role}={profile}");
        let arguments = [
            "run",
            "--sut",
            role,
            "--profile",
            &profile,
            "--set",
            "windows",
            CALL,
        ];
        said(&run("set-report", &arguments), "MS-008")
    };
    let missed = report("pac", "rfc");
    assert!(missed[0].starts_with("non-strict    MS-008"), "{missed:?}");
    assert_eq!(report("pns", "windows"), Vec::<String>::new());
}

#[test]
fn a_scenario_chooses_the_set() {
    let folder = folder("set-scenario");
    let text = |set: &str, covers: &str| {
        scenario("", "").replacen("node pns", &format!("{set}\n{covers}\nnode pns"), 1)
    };
    write(
        &folder,
        "with.kdl",
        &text("set windows", "covers \"MS-004\""),
    );
    write(&folder, "without.kdl", &text("", "covers \"MS-004\""));
    write(&folder, "unknown.kdl", &text("set window", ""));
    let with = run_in(&folder, &["run", "with.kdl"]);
    assert_eq!(with.status, 0, "{with:?}");
    let without = run_in(&folder, &["lint", "without.kdl"]);
    assert_eq!(without.status, 2);
    assert!(
        without.errors.contains("add `set windows` to the scenario"),
        "{without:?}"
    );
    let unknown = run_in(&folder, &["lint", "unknown.kdl"]);
    assert_eq!(unknown.status, 2);
    assert!(
        unknown.errors.contains("did you mean `windows`?"),
        "{unknown:?}"
    );
}

#[test]
fn a_report_on_the_rfc_leaves_scenarios_about_windows_out() {
    let folder = folder("set-beside");
    let text = scenario("", "").replacen("node pns", "set windows\nnode pns", 1);
    write(&folder, "about.kdl", &text);
    let beside = run_in(&folder, &["run", "--sut", "pac", "about.kdl"]);
    assert_eq!(beside.status, 2, "{beside:?}");
    let asked = run_in(
        &folder,
        &["run", "--sut", "pac", "--set", "windows", "about.kdl"],
    );
    assert_eq!(asked.status, 0, "{asked:?}");
}

#[test]
fn a_tape_remembers_the_set() {
    let folder = folder("set-tape");
    let recorded = run_in(
        &folder,
        &["run", "--set", "windows", "--tape", "tapes", CALL],
    );
    assert_eq!(recorded.status, 0, "{recorded:?}");
    let replayed = run_in(&folder, &["replay", "tapes/outgoing/outgoing-call.tape"]);
    assert_eq!(replayed.status, 0, "{replayed:?}");
    assert!(replayed.out.contains("MS-008"), "{}", replayed.out);
}

#[test]
fn the_list_of_requirements_shows_one_set() {
    let windows = run("set-list", &["requirements", "--set", "windows"]);
    assert_eq!(said(&windows, "MS-PTPT").len(), 15, "{}", windows.out);
    assert!(windows.out.contains("15 requirements:"));
    let rfc = run("set-list", &["requirements", "--set", "rfc"]);
    assert!(said(&rfc, "MS-PTPT").is_empty());
    let unknown = run("set-list", &["requirements", "--set", "linux"]);
    assert_eq!(unknown.status, 2);
    assert!(unknown.errors.contains("windows"));
}
