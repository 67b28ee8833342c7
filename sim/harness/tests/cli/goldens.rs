//! `pptp-sim goldens`, with decoders that are not there or are not what they should be.

use std::fs;
use std::path::Path;

use crate::common::{command, folder, run_in, write};

#[test]
fn goldens_are_written_beside_each_other() {
    let here = folder("goldens-out");
    let ended = run_in(
        &here,
        &["goldens", "--out", "out", "outgoing/outgoing-call"],
    );
    assert_eq!(ended.status, 0, "{}", ended.errors);
    assert_eq!(ended.out, "2 captures written into out\n");
    for node in ["pns", "pac"] {
        let stem = format!("out/outgoing/outgoing-call.{node}");
        let golden = fs::read_to_string(here.join(format!("{stem}.jsonl"))).expect("a golden");
        assert!(golden.starts_with("{\"format\":\"pptp-sim golden 1\","));
        assert!(here.join(format!("{stem}.pcapng")).is_file());
    }
}

#[test]
fn a_decoder_that_is_not_installed_is_told() {
    let here = folder("goldens-absent");
    for decoder in ["tshark", "tcpdump", "scapy"] {
        let output = command(&here)
            .args(["goldens", "--check", decoder, "outgoing/outgoing-call"])
            .env("PATH", "")
            .output()
            .expect("the command starts");
        assert_eq!(output.status.code(), Some(2));
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(
            errors.contains(&format!("{decoder} is not installed")),
            "{errors}"
        );
        assert!(output.stdout.is_empty());
    }
}

#[test]
fn the_usage_says_what_there_is_to_do() {
    let here = folder("goldens-usage");
    for arguments in [
        &["goldens"][..],
        &["goldens", "--check", "wireshark"],
        &["goldens", "--in", "x"],
        &["goldens", "--check", "tshark", "--in", "x", "--out", "y"],
        &["goldens", "--out", "x", "nowhere/nothing"],
    ] {
        assert_eq!(run_in(&here, arguments).status, 2, "{arguments:?}");
    }
}

/// A program of that name that prints this; its version is 1.0.
#[cfg(unix)]
fn program(here: &Path, name: &str, prints: &str) {
    use std::os::unix::fs::PermissionsExt;
    let script = format!(
        "#!/bin/sh\nif [ \"$1\" = --version ]; then echo '{name} 1.0'; exit 0; fi\ncat > /dev/null\n{prints}\n"
    );
    write(here, &format!("bin/{name}"), &script);
    let path = here.join("bin").join(name);
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).expect("a mode");
}

#[cfg(unix)]
fn checked(here: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let path = std::env::join_paths([here.join("bin"), "/usr/bin".into(), "/bin".into()]);
    let output = command(here)
        .args(arguments)
        .env("PATH", path.expect("a path"))
        .output()
        .expect("the command starts");
    let text = |octets: &[u8]| String::from_utf8_lossy(octets).into_owned();
    (
        output.status.code(),
        text(&output.stdout),
        text(&output.stderr),
    )
}

#[cfg(unix)]
#[test]
fn a_decoder_that_fails_or_babbles_is_told() {
    let here = folder("goldens-babble");
    let check = ["goldens", "--check", "tcpdump", "outgoing/outgoing-call"];
    program(&here, "tcpdump", "echo 'what is this?'");
    let (status, _, errors) = checked(&here, &check);
    assert_eq!(status, Some(2));
    let problem =
        "what tcpdump 1.0 prints cannot be understood: line 1 of its output is of no frame";
    assert!(errors.contains(problem), "{errors}");
    program(&here, "tcpdump", "echo 'no permission' >&2; exit 7");
    let (status, _, errors) = checked(&here, &check);
    assert_eq!(status, Some(2));
    assert!(errors.contains("no permission"), "{errors}");
}

#[cfg(unix)]
#[test]
fn new_disagreements_are_listed_and_fail() {
    let here = folder("goldens-new");
    // Says nothing of any frame.
    program(&here, "tcpdump", "exit 0");
    assert_eq!(
        run_in(&here, &["goldens", "--out", "g", "outgoing/outgoing-call"]).status,
        0
    );
    let (status, out, _) = checked(&here, &["goldens", "--check", "tcpdump", "--in", "g"]);
    assert_eq!(status, Some(1));
    let first = "outgoing/outgoing-call.pac frame 4 message: ours Start-Control-Connection-Request, theirs nothing (nothing odd)\n";
    assert!(out.starts_with(first), "{out}");
    assert!(
        out.contains("the causes were confirmed with version 4.99.3"),
        "{out}"
    );
    assert!(out.contains("tcpdump 1.0: 2 captures"), "{out}");
    let json = [
        "goldens", "--check", "tcpdump", "--in", "g", "--format", "json",
    ];
    let (status, out, _) = checked(&here, &json);
    assert_eq!(status, Some(1));
    let object: serde_json::Value =
        serde_json::from_str(out.lines().next().expect("a line")).expect("JSON");
    assert_eq!(object["field"], "message");
    assert_eq!(object["frame"], 4);
}
