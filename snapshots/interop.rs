//! Who works with whom: the interop matrix as a snapshot, and what must be seen in it.

use std::path::Path;

use pptp_harness::interop::{Cause, Matrix, NETWORKS, Pair, matrix_json, matrix_text, profiles_of};
use pptp_proto::Role;

fn matrix() -> Matrix {
    Matrix::play(2).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn the_matrix() {
    let mut settings = insta::Settings::clone_current();
    settings
        .set_snapshot_path(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../snapshots/interop"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!("matrix", matrix_text(&matrix())));
}

#[test]
fn nothing_depends_on_the_number_of_jobs() {
    let alone = Matrix::play(1).unwrap_or_else(|error| panic!("{error}"));
    let (matrix, lines) = (matrix(), matrix_json(&alone));
    assert_eq!(matrix_json(&matrix), lines);
    let pairs = profiles_of(Role::Pns).count() * profiles_of(Role::Pac).count();
    assert_eq!(lines.lines().count(), pairs * NETWORKS.len());
}

/// Every pair keeps what the scenarios ask of any two ends: the call comes up, and data gets through both ways.
#[test]
fn every_pair_carries_a_call() {
    for pair in &matrix().pairs {
        let who = format!(
            "{}: {} -> {}",
            pair.network.name, pair.pns.name, pair.pac.name
        );
        assert_eq!(pair.meeting.failure, None, "{who}");
        assert_eq!(pair.marks.call, '.', "{who}");
        assert!(
            pair.meeting.ways.iter().all(|way| way.passed_on >= 40),
            "{who}"
        );
        if pair.network.name == "clean" {
            assert_eq!(pair.marks.data, ['.', '.'], "{who}");
        }
    }
}

/// No mark is left unexplained: a value of one of the two profiles, with its source, or the RFC's own reading is behind it.
#[test]
fn every_mark_has_its_cause() {
    let mut marks = 0;
    for pair in &matrix().pairs {
        for (question, mark, ends) in pair.marks.each(&pair.meeting) {
            if mark == '.' {
                continue;
            }
            marks += 1;
            let causes = ends
                .iter()
                .map(|&end| Cause::of(pair.profile(end), end, question, mark));
            assert!(
                causes.flatten().count() > 0,
                "{}: {} -> {}: {question:?} `{mark}`",
                pair.network.name,
                pair.pns.name,
                pair.pac.name
            );
        }
    }
    assert!(marks > 100);
}

/// Two ends that do as the RFC says get nothing but what late packets cost, and no rule finds anything.
#[test]
fn ends_that_follow_the_rfc_leave_nothing_to_say() {
    let matrix = matrix();
    let pair = |network| matrix.pair(network, "rfc", "rfc").expect("a pair");
    assert!(pair("clean").marks.is_clean());
    assert_eq!(pair("lossy").marks.to_string(), ". dd .. ..");
    for network in NETWORKS {
        let findings = &pair(network.name).meeting.findings;
        assert!(findings.iter().all(Vec::is_empty), "{findings:?}");
    }
}

fn breaks(pair: &Pair, end: usize, id: &str) -> bool {
    let mut findings = pair.meeting.findings[end].iter();
    findings.any(|found| found.requirement.id() == id)
}

/// What goes wrong in the field goes wrong here.
#[test]
fn failures_of_the_field_show() {
    let matrix = matrix();
    let clean = |pns, pac| matrix.pair("clean", pns, pac).expect("a pair");
    let lossy = |pns, pac| matrix.pair("lossy", pns, pac).expect("a pair");

    // A first packet numbered 0 is never acknowledged by pptp-linux; one numbered 1 is.
    assert_eq!(
        clean("pptp-linux", "poptop").marks.acknowledgment,
        ['.', 'z']
    );
    assert_eq!(clean("pptp-linux", "npppd").marks.acknowledgment[1], '.');

    // A Call-Disconnect-Notify with the PNS's Call ID, which a PNS that looks for the PAC's does not understand.
    assert!(breaks(clean("rfc", "accel-ppp"), 1, "CDN-003"));
    assert_eq!(clean("rfc", "accel-ppp").marks.call_end, 'n');
    assert_eq!(clean("mpd5", "accel-ppp").marks.call_end, 'k');
    let kept = clean("mpd5", "accel-ppp").meeting.ending.lingered(0);
    assert_eq!(kept, Some(pptp_wire::time::Duration::from_secs(60)));

    // A bare FIN instead of a disconnect, from either end.
    for (pair, end) in [
        (clean("rfc", "poptop"), 1),
        (lossy("rfc", "poptop"), 1),
        (clean("macos", "rfc"), 0),
    ] {
        assert_eq!((pair.marks.call_end, pair.marks.control_end), ('-', 'F'));
        assert_eq!(pair.meeting.ending.closed_by, Some(end));
    }
    assert!(breaks(clean("rfc", "poptop"), 1, "CCLR-005"));
    assert!(breaks(lossy("rfc", "poptop"), 1, "CDN-002"));

    // A stand-alone acknowledgment that never comes: a sender that minds the window runs on time-outs.
    for pac in ["accel-ppp", "npppd"] {
        for pns in ["rfc", "macos"] {
            let pair = clean(pns, pac);
            assert_eq!(pair.marks.acknowledgment[0], 'p', "{pns} -> {pac}");
            assert!(pair.meeting.ways[0].time_outs >= 5, "{pns} -> {pac}");
        }
        assert_eq!(clean("windows", pac).meeting.ways[0].time_outs, 0);
    }

    // A disconnect that macOS does not listen to, and a stop request that it does not answer.
    assert_eq!(lossy("macos", "rfc").marks.call_end, 'k');
    assert_eq!(lossy("macos", "rfc").meeting.ending.lingered(0), None);
    assert_eq!(lossy("macos", "mpd5").marks.control_end, 'u');

    // A stop with the Reason 0, which nobody has defined.
    assert!(breaks(lossy("rfc", "accel-ppp"), 1, "STCRQ-002"));

    // A gap at the tail that pptpd holds on to, and packets that Windows passes on although they are late.
    assert_eq!(lossy("rfc", "poptop").marks.data[0], 'h');
    assert_eq!(lossy("windows", "rfc").marks.data[1], 'o');
}
