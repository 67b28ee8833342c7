//! `verify`: what it prints in each format, what it ends with, and what it does with files that it cannot read.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use serde_json::Value;

use crate::common::{Ended, command, folder, run_in};

/// A captured file.
fn capture(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/data/captures")
        .join(name);
    path.to_string_lossy().into_owned()
}

fn verify(name: &str, arguments: &[&str]) -> (PathBuf, Ended) {
    let here = folder(name);
    let ended = run_in(&here, &[&["verify"], arguments].concat());
    (here, ended)
}

#[test]
fn the_exit_status_is_that_of_the_worst_finding_as_it_is_graded() {
    let here = folder("verify-status");
    let status = |grading: &str, name: &str| {
        let ended = run_in(&here, &["verify", "--grading", grading, &capture(name)]);
        assert!(ended.out.contains("\nverdict\n"), "{ended:?}");
        ended.status
    };
    // Maximum Channels of a PNS is a recommendation; a close without a stop exchange is not.
    assert_eq!(status("default", "kill_pptpctrl_TERM.pcap"), 0);
    assert_eq!(status("strict", "kill_pptpctrl_TERM.pcap"), 1);
    assert_eq!(status("default", "pns_window.pcap"), 1);
    assert_eq!(status("lenient", "pns_window.pcap"), 0);
}

#[test]
fn findings_stand_by_end_and_requirement_with_frame_and_line() {
    let (_, ended) = verify("verify-human", &[&capture("pns_window.pcap")]);
    let lines: Vec<&str> = ended.out.lines().collect();
    let at = |wanted: &str| {
        lines
            .iter()
            .position(|line| line.starts_with(wanted))
            .unwrap_or_else(|| panic!("{wanted}: {}", ended.out))
    };
    let (pns, pac) = (at("10.99.0.2 PNS"), at("10.99.0.1 PAC"));
    let window = at("  WIN-002 info  ");
    assert!(pns < pac && pac < window, "{}", ended.out);
    assert_eq!(
        lines[window + 1].trim(),
        "packets in flight beyond the advertised window: seen 4, expected 2"
    );
    assert!(
        lines[window + 2].contains("sequence-number=3")
            && lines[window + 2].contains("// frame 14"),
        "{}",
        ended.out
    );
    assert!(
        lines[at("  10.99.0.2 PNS             fail")].contains("1 fail"),
        "{}",
        ended.out
    );
}

#[test]
fn json_is_a_finding_a_line_and_a_summary() {
    let (_, ended) = verify(
        "verify-json",
        &["--format", "json", &capture("pns_window.pcap")],
    );
    let lines: Vec<Value> = ended
        .out
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    let (summary, findings) = lines.split_last().expect("lines");
    for finding in findings {
        let keys: Vec<&str> = finding
            .as_object()
            .expect("an object")
            .keys()
            .map(String::as_str)
            .collect();
        assert!(
            keys.starts_with(&[
                "requirement",
                "severity",
                "frame",
                "time",
                "from",
                "to",
                "detail"
            ]),
            "{keys:?}"
        );
        assert!(finding["time"].as_str().is_some_and(|time| {
            time.split_once('.')
                .is_some_and(|(_, part)| part.len() == 9)
        }));
    }
    assert!(
        findings
            .iter()
            .any(|finding| finding["requirement"] == "WIN-002" && finding["frame"] == 14)
    );
    let summary = &summary["summary"];
    assert_eq!(
        (
            &summary["frames"],
            &summary["control-messages"],
            &summary["gre-packets"]
        ),
        (&74.into(), &4.into(), &61.into())
    );
    assert!(summary["findings"].is_object() && summary["inconclusive"].is_array());
}

#[test]
fn junit_has_a_case_for_each_end_and_requirement() {
    let (_, ended) = verify(
        "verify-junit",
        &["--format", "junit", &capture("pns_window.pcap")],
    );
    let document = roxmltree::Document::parse(&ended.out).expect("XML");
    let cases: Vec<_> = document
        .descendants()
        .filter(|node| node.has_tag_name("testcase"))
        .collect();
    assert!(cases.len() > 50, "{}", cases.len());
    let failed: Vec<&str> = cases
        .iter()
        .filter(|case| case.children().any(|child| child.has_tag_name("failure")))
        .filter_map(|case| case.attribute("name"))
        .collect();
    assert_eq!(failed.len(), 1, "{failed:?}");
    assert!(failed[0].contains("CC-008"), "{failed:?}");
}

#[test]
fn standard_input_is_read_like_a_file() {
    let (here, file) = verify("verify-input", &[&capture("normal.pcap")]);
    let input = File::open(capture("normal.pcap")).expect("a capture");
    let output = command(&here)
        .args(["verify", "-"])
        .stdin(Stdio::from(input))
        .output();
    let piped: Ended = output.expect("the command starts").into();
    let without_name = |text: &str| text.lines().skip(2).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(without_name(&piped.out), without_name(&file.out));
    assert_eq!(piped.status, file.status);
}

#[test]
fn captures_of_both_sides_are_compared_only_where_a_translation_is_told() {
    let (inside, outside) = (
        capture("nat_nft_pptp_inside1.pcap"),
        capture("nat_nft_pptp_outside.pcap"),
    );
    let (_, without) = verify("verify-two", &[&inside, &outside]);
    assert_eq!(without.status, 2);
    assert!(without.errors.contains("--behind-nat"), "{without:?}");
    let (_, both) = verify("verify-nat", &["--behind-nat", &inside, &outside]);
    assert!(
        both.out
            .contains("the PNS's Call ID 60931 is 39280 outside"),
        "{}",
        both.out
    );
    assert!(
        both.out.contains("verdict on the translation: pass"),
        "{}",
        both.out
    );
}

#[test]
fn what_cannot_be_read_is_told_and_what_could_be_is_kept() {
    let (here, missing) = verify("verify-unreadable", &["nowhere.pcap"]);
    assert_eq!(missing.status, 2);
    assert!(missing.errors.contains("nowhere.pcap"), "{missing:?}");
    fs::write(here.join("text"), "this is no capture, whatever it may be").expect("a file");
    let no_capture = run_in(&here, &["verify", "text"]);
    assert_eq!(
        (no_capture.status, no_capture.out.contains("verdict")),
        (2, false),
        "{no_capture:?}"
    );
    let whole = fs::read(capture("pns_window.pcap")).expect("a capture");
    fs::write(here.join("cut.pcap"), &whole[..whole.len() / 2]).expect("a file");
    let cut = run_in(&here, &["verify", "cut.pcap"]);
    assert_eq!(cut.status, 2, "{cut:?}");
    assert!(cut.out.contains("WIN-002"), "{}", cut.out);
    assert!(cut.errors.contains("cut.pcap"), "{cut:?}");
}
