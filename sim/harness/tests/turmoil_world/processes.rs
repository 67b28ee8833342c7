//! Equal seeds give equal records in another process, whatever its environment.

use super::common::*;
use pptp_world::Stage;
use std::process::Command;

/// Says the digest of a run, for the test below.
#[test]
fn digest_of_a_run() {
    let mut world = turmoil(5, &delayed([25, 20], 20), endpoints());
    open(&mut world);
    let [call, there] = place(&mut world);
    for (node, call) in [(PNS_NODE, call), (PAC_NODE, there)] {
        world
            .start_traffic(node, call, traffic(50, 7))
            .expect("data");
    }
    run_to(&mut world, ms(70_000));
    let records = records(&mut world);
    assert!(records.len() > 300, "{}", records.len());
    println!(
        "\ndigest {}",
        blake3::hash(format!("{records:?}").as_bytes())
    );
}

#[test]
fn two_processes_tell_the_same() {
    let digest = |zone: &str, threads: &str| {
        let itself = std::env::current_exe().expect("this test");
        let output = Command::new(itself)
            .args(["processes::digest_of_a_run", "--exact", "--nocapture"])
            .env("TZ", zone)
            .env("LC_ALL", if zone == "UTC" { "C" } else { "tr_TR.UTF-8" })
            .env("RUST_TEST_THREADS", threads)
            .output()
            .expect("a process");
        let said = String::from_utf8(output.stdout).expect("text");
        let line = said.lines().find(|line| line.starts_with("digest "));
        line.map(str::to_owned).unwrap_or_else(|| panic!("{said}"))
    };
    assert_eq!(digest("UTC", "1"), digest("Pacific/Kiritimati", "3"));
}
