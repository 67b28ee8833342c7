//! The captures of real implementations, against the table of what is in them.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};

use kdl::{KdlDocument, KdlNode};
use pptp_harness::verify::nat::{Side, compare};
use pptp_harness::verify::{Report, VerifyOptions, verify, verify_side};
use pptp_rules::{Grade, Grading};
use pptp_wire::Requirement;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/captures")
}

fn table() -> KdlDocument {
    let path = folder().join("verify.kdl");
    let text = std::fs::read_to_string(path).expect("the table");
    pptp_harness::kdl_table::document(&text).expect("KDL")
}

fn text(node: &KdlNode, key: &str) -> String {
    node.get(key)
        .and_then(|value| value.as_string())
        .unwrap_or_default()
        .to_owned()
}

fn number(node: &KdlNode, key: &str) -> u64 {
    let value = node.get(key).and_then(|value| value.as_integer());
    value.map_or(0, |value| u64::try_from(value).expect("a count"))
}

fn argument(node: &KdlNode, place: usize) -> String {
    node.get(place)
        .and_then(|value| value.as_string())
        .unwrap_or_default()
        .to_owned()
}

fn children(node: &KdlNode) -> Vec<&KdlNode> {
    node.children()
        .map(|children| children.nodes().iter().collect())
        .unwrap_or_default()
}

/// What the table says of one capture, as lines that can be compared.
fn expected(capture: &KdlNode) -> Vec<String> {
    let mut lines = Vec::new();
    for node in children(capture) {
        let name = argument(node, 0);
        if node.name().value() == "path" {
            let mut counts: Vec<String> = node
                .entries()
                .iter()
                .filter_map(|entry| {
                    let value = entry.value().as_integer()?;
                    Some(format!("{}={value}", entry.name()?.value()))
                })
                .collect();
            counts.sort();
            lines.push(format!(
                "path {name} {} {}",
                argument(node, 1),
                counts.join(" ")
            ));
            continue;
        }
        lines.push(format!(
            "end {name} {:?} {} {} {} {}",
            text(node, "role"),
            text(node, "verdict"),
            number(node, "data"),
            number(node, "acknowledgments"),
            number(node, "acknowledgments-only")
        ));
        for row in children(node) {
            let id = argument(row, 0);
            match row.name().value() {
                "finding" => {
                    assert!(text(row, "why").len() > 5, "{row}");
                    lines.push(format!(
                        "{name} {id} {} {} {}",
                        argument(row, 1),
                        number(row, "count"),
                        text(row, "frames")
                    ));
                }
                "inconclusive" => {
                    lines.push(format!("{name} {id} inconclusive {}", text(row, "reason")));
                }
                "held" => {}
                other => panic!("{other} is no row"),
            }
        }
    }
    lines.sort();
    lines
}

fn found(report: &Report) -> Vec<String> {
    let mut lines = Vec::new();
    for end in &report.ends {
        let name = end.address;
        lines.push(format!(
            "end {name} {:?} {} {} {} {}",
            end.role,
            end.verdict(Grading::Default),
            end.sent.data,
            end.sent.acknowledgments,
            end.sent.acknowledgment_only
        ));
        for group in &end.groups {
            let frames: Vec<String> = group.frames.iter().map(u64::to_string).collect();
            lines.push(format!(
                "{name} {} {} {} {}",
                group.requirement,
                group.severity,
                group.count,
                frames.join(" ")
            ));
        }
        for open in &end.inconclusive {
            let id = open.requirement.map_or("*", |requirement| requirement.id());
            lines.push(format!("{name} {id} inconclusive {}", open.reason));
        }
    }
    for ((from, to), totals) in &report.path {
        let counts = BTreeMap::from(totals.counts());
        let counts: Vec<String> = counts
            .into_iter()
            .filter(|(_, count)| *count > 0)
            .map(|(key, count)| format!("{key}={count}"))
            .collect();
        lines.push(format!("path {from} {to} {}", counts.join(" ")));
    }
    lines.sort();
    lines
}

fn report(name: &str, behind_nat: bool) -> Report {
    let file = File::open(folder().join(format!("{name}.pcap"))).expect("a capture");
    verify(file, VerifyOptions { behind_nat }, &mut |_| Ok(())).expect("a capture")
}

#[test]
fn verify_finds_in_each_capture_what_the_table_says_and_nothing_else() {
    let table = table();
    let mut names = Vec::new();
    let mut wrong = Vec::new();
    for capture in table.nodes() {
        let name = argument(capture, 0);
        let behind_nat = capture.get("behind-nat").is_some();
        let (expected, found) = (expected(capture), found(&report(&name, behind_nat)));
        let only = |these: &[String], those: &[String], sign: &str| -> Vec<String> {
            let lines = these.iter().filter(|line| !those.contains(line));
            lines.map(|line| format!("{name} {sign} {line}")).collect()
        };
        wrong.extend(only(&expected, &found, "-"));
        wrong.extend(only(&found, &expected, "+"));
        names.push(name);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let files = std::fs::read_dir(folder()).expect("a folder");
    for file in files {
        let name = file.expect("an entry").file_name();
        if let Some(name) = name.to_string_lossy().strip_suffix(".pcap") {
            assert!(
                names.iter().any(|known| known == name),
                "{name} has no rows"
            );
        }
    }
}

#[test]
fn what_was_kept_was_seen_to_be_kept() {
    let mut held = 0;
    for capture in table().nodes() {
        let name = argument(capture, 0);
        let report = report(&name, false);
        for end in children(capture) {
            for row in children(end) {
                if row.name().value() != "held" {
                    continue;
                }
                held += 1;
                let requirement: Requirement = argument(row, 0).parse().expect("an id");
                let address = argument(end, 0);
                let seen = report
                    .ends
                    .iter()
                    .find(|end| end.address.to_string() == address)
                    .and_then(|end| end.held.get(&requirement).copied());
                assert_eq!(
                    seen,
                    Some(number(row, "count")),
                    "{name} {address} {requirement}"
                );
            }
        }
    }
    assert!(held >= 8);
}

/// Two clients behind Linux with its PPTP helper: each Call ID of a PNS becomes the port of its connection, those of the PAC stay, and
/// all messages and packets are there on both sides.
#[test]
fn linux_translates_call_ids_as_it_should() {
    let side = |name: &str| {
        let mut side = Side::new(name);
        let file = File::open(folder().join(format!("{name}.pcap"))).expect("a capture");
        let options = VerifyOptions { behind_nat: true };
        verify_side(file, options, &mut |_| Ok(()), Some(&mut side)).expect("a capture");
        side
    };
    let (one, two) = (side("nat_nft_pptp_inside1"), side("nat_nft_pptp_inside2"));
    let outside = side("nat_nft_pptp_outside");
    let report = compare(&[one.clone(), two.clone()], &outside);
    assert_eq!(report.findings, []);
    assert_eq!(report.verdict(Grading::Default), Grade::Pass);
    let pairs: Vec<_> = report
        .pairs
        .iter()
        .map(|pair| (pair.outside.0.port(), pair.call_ids.clone(), pair.packets))
        .collect();
    let expected = [
        (
            39_280,
            vec![("PNS's", 60_931, 39_280), ("PAC's", 0, 0)],
            [(17, 17), (13, 13)],
        ),
        (
            57_006,
            vec![("PNS's", 53_468, 57_006), ("PAC's", 128, 128)],
            [(17, 17), (14, 14)],
        ),
    ];
    assert_eq!(pairs, expected);
    // In the other order of the captures the same connections are paired.
    let swapped = compare(&[two, one], &outside);
    assert_eq!(swapped.findings, []);
    assert_eq!(swapped.pairs[0].outside.0.port(), 57_006);
}
