//! Captures of real implementations.

use std::fs;
use std::path::{Path, PathBuf};

use pptp_harness::author::{author, matters};
use pptp_harness::scenario::parse_str;

/// Capture and scenario: those that are part of the suite.
const COMMITTED: [(&str, &str); 5] = [
    ("normal", "normal"),
    ("pns_reorder", "pns-reorder"),
    ("kill_pptpctrl_TERM", "kill-pptpctrl-term"),
    ("pac_unknown", "pac-unknown"),
    ("nat_nft_pptp_outside", "nat-nft-pptp-outside"),
];

fn package() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn captures() -> Vec<PathBuf> {
    let folder = package().join("tests/data/captures");
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)
        .expect("the folder of captures")
        .map(|entry| entry.expect("a folder entry").path())
        .filter(|path| path.extension().is_some_and(|it| it == "pcap"))
        .collect();
    paths.sort();
    assert_eq!(paths.len(), 19);
    paths
}

fn authored(path: &Path) -> pptp_harness::author::Authored {
    let octets = fs::read(path).expect("a capture");
    let name = path.display().to_string();
    author(vec![(name, octets.as_slice())]).unwrap_or_else(|failure| panic!("{failure}"))
}

/// After a change of what `author` writes: `pptp-sim author CAPTURE --out scenarios/from-captures/NAME.kdl` for each, and read the diff.
#[test]
fn the_scenarios_of_the_suite_are_what_author_writes() {
    let folder = package().join("../../scenarios/from-captures");
    for (capture, scenario) in COMMITTED {
        let path = package().join(format!("tests/data/captures/{capture}.pcap"));
        let committed = fs::read_to_string(folder.join(format!("{scenario}.kdl")))
            .expect("a committed scenario");
        assert_eq!(authored(&path).text, committed, "{scenario}");
    }
    let files = fs::read_dir(&folder)
        .expect("the folder of scenarios")
        .count();
    assert_eq!(files, COMMITTED.len());
}

/// Every one is reproduced, whatever it shows; most of them with endpoints.
#[test]
fn every_capture_of_a_real_implementation_is_reproduced() {
    let mut endpoints = 0;
    for path in captures() {
        let authored = authored(&path);
        let grave = authored.remaining.iter().find(|it| matters(it.kind));
        assert_eq!(grave, None, "{}", path.display());
        let linted = parse_str(&authored.text);
        assert!(linted.is_ok_and(|it| it.is_some()), "{}", path.display());
        endpoints += authored.endpoints;
    }
    assert!(endpoints >= 20, "only {endpoints} nodes are endpoints");
}

/// Each of these is what an expert reads in the capture first.
#[test]
fn a_scenario_says_what_its_capture_shows() {
    let text = |capture: &str| {
        let path = package().join(format!("tests/data/captures/{capture}.pcap"));
        authored(&path).text
    };
    let killed = text("kill_pptpctrl_TERM");
    for line in [
        "do pac close-control",
        "pac -> pns Call-Disconnect-Notify call=c1 result-code=3",
        "pac -> pns Stop-Control-Connection-Request reason=1",
        "pns -> pac Stop-Control-Connection-Reply result-code=1",
    ] {
        assert!(killed.contains(line), "{line}\n{killed}");
    }
    let normal = text("normal");
    assert!(normal.contains("profile=pptp-linux") && normal.contains("profile=poptop"));
    assert!(
        normal.contains("packets=2 sequence-number=\"2..3\""),
        "{normal}"
    );
    let behind_nat = text("nat_nft_pptp_outside");
    assert!(behind_nat.contains("node pns1") && behind_nat.contains("node pns2"));
    let reordered = text("pns_reorder");
    let three = reordered.find("pns -> pac GRE call=c1 sequence-number=3 ");
    let two = reordered.find("pns -> pac GRE call=c1 sequence-number=2 ");
    assert!(three < two && three.is_some(), "{reordered}");
    let unknown = text("pac_unknown");
    assert!(
        unknown.contains("Unknown-Message control-message-type=99"),
        "{unknown}"
    );
    assert!(unknown.contains("Echo-Request length=20"), "{unknown}");
}
