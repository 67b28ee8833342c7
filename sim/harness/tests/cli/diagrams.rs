//! `--diagram` of `run` and `decode`: where diagrams go, and what is refused.

use std::fs;

use crate::common::{failing, folder, run, run_in, write};

const CAPTURE: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/tests/data/captures/normal.pcap"
);

#[test]
fn the_diagram_of_one_run_stands_alone_on_standard_output() {
    let name = "outgoing/outgoing-call";
    for (format, begins) in [
        ("svg", "<svg xmlns="),
        ("mermaid", "sequenceDiagram\n"),
        ("text", "an outgoing call carries data both ways"),
    ] {
        let ended = run("diagram-of-one", &["run", "--diagram", format, name]);
        assert_eq!(ended.status, 0, "{}", ended.errors);
        assert!(ended.out.starts_with(begins), "{}", ended.out);
        assert!(!ended.out.contains("1 scenario"), "{}", ended.out);
        assert_eq!(ended.errors, "");
    }
    let steps = run(
        "diagram-of-one",
        &["run", "--diagram", "text", "--diagram-steps", name],
    );
    assert!(steps.out.contains("▸ do pns open-control"), "{}", steps.out);
}

#[test]
fn one_case_of_a_family_is_drawn() {
    let arguments = ["run", "--diagram", "text", "collision/simultaneous-start"];
    let several = run("diagram-of-case", &arguments);
    assert_eq!((several.status, several.out.as_str()), (2, ""));
    for part in ["these are 6", "--case", "--diagram-out"] {
        assert!(several.errors.contains(part), "{}", several.errors);
    }
    let arguments = [&arguments[..], &["--case", "the PNS wins"]].concat();
    let one = run("diagram-of-case", &arguments);
    assert_eq!(one.status, 0, "{}", one.errors);
    assert!(one.out.contains("case the PNS wins"), "{}", one.out);
}

#[test]
fn diagrams_of_several_runs_go_to_files_beside_the_report() {
    let folder = folder("diagrams-of-several");
    let arguments = [
        "run",
        "--diagram",
        "mermaid",
        "--diagram-out",
        "a/b",
        "collision",
    ];
    let ended = run_in(&folder, &arguments);
    assert_eq!(ended.status, 0, "{}", ended.errors);
    assert!(ended.out.contains("collision/three-nodes"), "{}", ended.out);
    let written = fs::read_dir(folder.join("a/b/collision")).expect("a folder");
    let mut written: Vec<_> = written.map(|entry| entry.expect("a file").path()).collect();
    written.sort();
    assert!(written.len() > 50, "{written:?}");
    for path in written {
        assert!(path.extension().is_some_and(|extension| extension == "mmd"));
        let text = fs::read_to_string(path).expect("a diagram");
        assert!(text.starts_with("sequenceDiagram\n"));
    }
}

#[test]
fn a_failure_is_told_beside_its_diagram() {
    let folder = folder("diagram-of-failure");
    write(&folder, "fails.kdl", &failing());
    let ended = run_in(&folder, &["run", "--diagram", "text", "fails.kdl"]);
    assert_eq!(ended.status, 1, "{}", ended.errors);
    assert!(
        ended.out.contains("Start-Control-Connection-Request"),
        "{}",
        ended.out
    );
    assert!(ended.errors.contains("expected"), "{}", ended.errors);
}

#[test]
fn what_cannot_be_printed_together_is_refused() {
    let name = "outgoing/outgoing-call";
    for (arguments, says) in [
        (
            &["run", "--diagram", "svg", "--transcript", name][..],
            "--transcript",
        ),
        (
            &["run", "--diagram", "svg", "--format", "json", name],
            "--format",
        ),
        (&["run", "--diagram", "png", name], "mermaid"),
        (&["run", "--diagram-out", "x", name], "--diagram"),
        (&["run", "--diagram-steps", name], "--diagram"),
        (
            &["decode", "--diagram", "svg", "--format", "json", CAPTURE],
            "--format",
        ),
        (
            &["decode", "--diagram", "svg", "nothing-here.pcap"],
            "nothing-here.pcap",
        ),
    ] {
        let ended = run("diagram-refused", arguments);
        assert_eq!((ended.status, ended.out.as_str()), (2, ""), "{arguments:?}");
        assert!(
            ended.errors.contains(says),
            "{arguments:?}: {}",
            ended.errors
        );
    }
    let folder = folder("diagram-into-a-file");
    write(&folder, "taken", "");
    let arguments = ["run", "--diagram", "svg", "--diagram-out", "taken", name];
    let ended = run_in(&folder, &arguments);
    assert_eq!(ended.status, 2);
    assert!(ended.errors.contains("taken"), "{}", ended.errors);
}

#[test]
fn a_capture_is_drawn_as_far_as_it_can_be_read() {
    let whole = run(
        "diagram-of-capture",
        &["decode", "--diagram", "text", CAPTURE],
    );
    assert_eq!(whole.status, 0, "{}", whole.errors);
    assert!(
        whole.out.starts_with("capture normal.pcap\n"),
        "{}",
        whole.out
    );
    let folder = folder("diagram-of-cut-capture");
    let octets = fs::read(CAPTURE).expect("a capture");
    fs::write(folder.join("cut.pcap"), &octets[..octets.len() / 2]).expect("a file");
    let cut = run_in(&folder, &["decode", "--diagram", "text", "cut.pcap"]);
    assert_eq!(cut.status, 2);
    assert!(
        cut.out.contains("Start-Control-Connection-Request"),
        "{}",
        cut.out
    );
    assert!(
        cut.out.contains("record cut short") || cut.errors.contains("cut.pcap"),
        "{}",
        cut.errors
    );
    fs::write(folder.join("none.pcap"), b"no capture at all, not by far").expect("a file");
    let none = run_in(&folder, &["decode", "--diagram", "svg", "none.pcap"]);
    assert_eq!((none.status, none.out.as_str()), (2, ""), "{}", none.errors);
}
