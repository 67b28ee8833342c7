//! What `run --capture` writes: captures whose packets say what they are, and beside each a file with every field of every message.

mod decoders;
mod files;

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use files::{comments, decoded, lines, written};
use pptp_harness::goldens::{Head, Line};
use pptp_harness::run::{NodeCapture, NodeChoice, NodeChoices};
use pptp_harness::suite::SuiteOptions;
use serde_json::Value;

/// The file of a node.
fn of<'c>(captures: &'c [NodeCapture], node: &str) -> &'c NodeCapture {
    captures
        .iter()
        .find(|capture| capture.node == node)
        .unwrap_or_else(|| panic!("no node {node}"))
}

#[test]
fn every_line_says_what_decode_says_of_the_capture_beside_it() {
    let scenarios = [
        "outgoing/outgoing-call",
        "incoming/incoming-call",
        "malformed/several-in-a-segment",
        "malformed/octet-by-octet",
        "malformed/junk",
        "malformed/length-too-long",
        "data/header-bits",
        "faults/corrupt",
        "collision/simultaneous-start",
    ];
    let scenarios = scenarios.map(str::to_owned);
    let mut compared = 0;
    written(
        &scenarios,
        &SuiteOptions::default(),
        &mut |name, captures| {
            for capture in captures {
                let golden = lines(capture);
                let mut shown = golden.iter().filter(|line| line.plane != "tcp");
                for object in decoded(&capture.pcapng) {
                    let line = shown
                        .next()
                        .unwrap_or_else(|| panic!("{name} {}: a line is missing", capture.node));
                    let theirs: Value = serde_json::from_str(&line.to_json()).expect("JSON");
                    for key in [
                        "frame", "time", "from", "to", "plane", "message", "findings",
                    ] {
                        assert_eq!(object[key], theirs[key], "{name} {}: {key}", capture.node);
                    }
                    for (key, value) in object["fields"].as_object().expect("fields") {
                        assert_eq!(value, &theirs["fields"][key], "{name}: {key}");
                    }
                    compared += 1;
                }
                assert!(shown.next().is_none(), "{name}: a line too many");
            }
            ControlFlow::Continue(())
        },
    );
    assert!(compared > 2000, "only {compared} lines");
}

#[test]
fn a_line_survives_being_written() {
    let scenarios = ["faults/duplicate".to_owned(), "malformed/junk".to_owned()];
    written(&scenarios, &SuiteOptions::default(), &mut |_, captures| {
        for capture in captures {
            let text = std::str::from_utf8(&capture.golden).expect("text");
            let mut all = text.lines();
            let head = Head::read(all.next().expect("a head")).expect("a head");
            assert_eq!(head.node, capture.node);
            for line in all {
                let read = Line::read(line).expect("a line");
                assert_eq!(read.to_json().trim_end(), line);
            }
        }
        ControlFlow::Continue(())
    });
    assert!(Head::read("{\"format\":\"pptp-sim golden 99\"}").is_err());
    assert!(Line::read("{\"frame\":1}").is_err());
}

#[test]
fn frames_carry_what_the_lines_say_of_segments() {
    let scenarios = ["malformed/several-in-a-segment".to_owned()];
    let mut shared = 0;
    let mut split = 0;
    written(
        &scenarios,
        &SuiteOptions::default(),
        &mut |name, captures| {
            let at_pac = of(captures, "pac");
            let comments = comments(&at_pac.pcapng);
            let mut in_frame: BTreeMap<u64, usize> = BTreeMap::new();
            for line in lines(at_pac).iter().filter(|line| line.plane == "control") {
                let total: u64 = line.segments.iter().map(|piece| piece.octets).sum();
                assert_eq!(total * 2, line.octets.len() as u64, "{name}: {line:?}");
                assert_eq!(line.segments.last().expect("a segment").frame, line.frame);
                for piece in &line.segments {
                    let comment = &comments[&piece.frame];
                    assert!(comment.contains(&line.message), "{comment}");
                    let of_all = format!("{} (octets", line.message);
                    let is_part = piece.octets < total;
                    assert!(!is_part || comment.contains(&of_all), "{name}: {comment}");
                }
                split += usize::from(line.segments.len() > 1);
                *in_frame.entry(line.frame).or_default() += 1;
            }
            shared += in_frame.values().filter(|count| **count > 1).count();
            ControlFlow::Continue(())
        },
    );
    assert!(split >= 5 && shared >= 5, "{split} split, {shared} shared");
}

#[test]
fn marks_tell_what_became_of_a_packet() {
    let scenarios = ["faults/random-loss", "faults/duplicate", "faults/reorder"].map(str::to_owned);
    let mut counted: BTreeMap<&str, usize> = BTreeMap::new();
    written(&scenarios, &SuiteOptions::default(), &mut |_, captures| {
        for capture in captures {
            let all = lines(capture);
            let comments = comments(&capture.pcapng);
            let by_frame: BTreeMap<u64, &Line> =
                all.iter().map(|line| (line.frame, line)).collect();
            for line in all.iter().filter(|line| line.plane == "gre") {
                for mark in &line.marks {
                    assert!(comments[&line.frame].contains(mark));
                    let sent = line.direction.as_deref() == Some("sent");
                    if mark == "lost after this point: loss" {
                        assert!(sent);
                        *counted.entry("lost").or_default() += 1;
                    } else if let Some(frame) = mark.strip_prefix("duplicate of frame ") {
                        let first = by_frame[&frame.parse::<u64>().expect("a frame")];
                        assert_eq!(first.octets, line.octets);
                        assert!(!sent && first.frame < line.frame);
                        *counted.entry("duplicate").or_default() += 1;
                    } else if let Some(frame) = mark.strip_prefix("late: sent before frame ") {
                        let newer = by_frame[&frame.parse::<u64>().expect("a frame")];
                        assert!(!sent && newer.frame < line.frame);
                        assert_eq!(newer.from, line.from);
                        *counted.entry("late").or_default() += 1;
                    }
                }
            }
        }
        ControlFlow::Continue(())
    });
    assert!(counted["lost"] >= 10, "{counted:?}");
    assert!(counted["duplicate"] >= 10, "{counted:?}");
    assert!(counted["late"] >= 10, "{counted:?}");
}

#[test]
fn a_verdict_stands_at_the_message_that_earned_it() {
    let mut choices = NodeChoices::new();
    let broken = NodeChoice {
        deviations: vec!["cdn-carries-pns-id".to_owned()],
        ..NodeChoice::default()
    };
    choices.insert("pac".to_owned(), broken);
    let options = SuiteOptions {
        choices,
        ..SuiteOptions::default()
    };
    let mut failed = 0;
    written(
        &["outgoing/outgoing-call".to_owned()],
        &options,
        &mut |_, captures| {
            for capture in captures {
                let comments = comments(&capture.pcapng);
                for line in lines(capture) {
                    if line.verdict.as_deref() != Some("fail") {
                        continue;
                    }
                    assert_eq!(line.message, "Call-Disconnect-Notify");
                    let found = &line.requirements[0];
                    assert_eq!((found.end.as_str(), found.graded), ("pac", true));
                    let comment = &comments[&line.frame];
                    let verdict = format!("; fail: {} (pac)", found.requirement);
                    assert!(comment.contains(&verdict), "{comment}");
                    failed += 1;
                }
            }
            ControlFlow::Continue(())
        },
    );
    assert_eq!(failed, 1, "the run ends when it is sent");
}
