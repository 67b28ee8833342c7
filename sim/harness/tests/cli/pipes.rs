//! Pipes that break, and colours.

use crate::common::{command, folder};
use std::io::Read;
use std::process::Stdio;

#[test]
fn a_reader_that_has_seen_enough_is_no_error() {
    let here = folder("pipes");
    for arguments in [
        &["run", "--transcript"][..],
        &["run", "--format", "json", "--transcript"],
        &["vocabulary"],
        &["profiles", "--format", "json"],
        &["completions", "bash"],
    ] {
        let mut child = command(&here)
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the command starts");
        let mut pipe = child.stdout.take().expect("a pipe");
        let mut few = [0; 16];
        pipe.read_exact(&mut few).expect("some output");
        drop(pipe);
        let output = child.wait_with_output().expect("it ends");
        let errors = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{arguments:?}\n{errors}");
        assert_eq!(errors, "", "{arguments:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error_and_says_so() {
    let full = std::fs::OpenOptions::new()
        .write(true)
        .open("/dev/full")
        .expect("linux has it");
    let output = command(&folder("full"))
        .arg("vocabulary")
        .stdout(full)
        .output()
        .expect("the command starts");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{errors}");
    assert!(errors.contains("cannot write"), "{errors}");
}

#[test]
fn colours_come_only_where_they_are_wanted() {
    let here = folder("colours");
    let coloured = |variables: &[(&str, &str)]| {
        let output = command(&here)
            .args(["run", "outgoing/outgoing-call"])
            .envs(variables.iter().copied())
            .output()
            .expect("the command starts");
        output.stdout.contains(&0x1b)
    };
    assert!(!coloured(&[]));
    assert!(coloured(&[("CLICOLOR_FORCE", "1")]));
    assert!(!coloured(&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]));
}
