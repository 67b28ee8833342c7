//! Input that is wrong in every way: a clear message, exit status 2, no panic, no long wait.

use crate::common::{folder, passing, run_in, scenario, write};
use std::fs;

#[test]
fn hostile_scenarios_meet_a_clear_message() {
    let here = folder("hostile");
    let nested = format!(
        "scenario \"deep\" {}{}",
        "{ a ".repeat(100_000),
        "}".repeat(100_000)
    );
    let matrix = passing().replace(
        "    node pns",
        "    matrix { x \"1..18446744073709551615\"; y \"1..18446744073709551615\"; }\n    node pns",
    );
    let long = format!("scenario \"{}\" {{}}", "x".repeat(4 << 20));
    let wide = passing().replace("expect pns", &"wait for=\"1ms\"\n".repeat(200_000));
    for (name, text) in [
        ("nested", nested),
        ("matrix", matrix),
        ("long", long),
        ("wide", wide),
        ("empty", String::new()),
        (
            "fragment",
            "fragment call=c1 { do pns open-control to=pac; }".to_owned(),
        ),
        ("two", format!("{}{}", passing(), passing())),
        (
            "repeat",
            scenario("repeat 99999999999 { wait for=\"1s\"; }", "connections 1"),
        ),
        (
            "data",
            scenario(
                "do pns send-data call=c1 packets=99999999999999999999 bytes=1",
                "",
            ),
        ),
        ("loop", scenario("include \"loop.kdl\"", "connections 1")),
        (
            "missing",
            scenario("include \"no-such-file.kdl\"", "connections 1"),
        ),
        ("zeros", "\0\0\0\0".to_owned()),
    ] {
        write(&here, &format!("{name}.kdl"), &text);
        for command in ["lint", "run"] {
            let ended = run_in(&here, &[command, &format!("{name}.kdl")]);
            assert_eq!(ended.status, 2, "{command} {name}\n{}", ended.errors);
            let has_text = ended.errors.contains(&format!("{name}.kdl"));
            assert!(has_text, "{command} {name}\n{}", ended.errors);
            assert!(ended.errors.len() < 200_000, "{command} {name}");
            assert!(!ended.errors.contains("internal error"), "{command} {name}");
        }
    }
}

#[test]
fn octets_that_are_no_text_meet_a_clear_message() {
    let here = folder("octets");
    let octets: Vec<u8> = (0..=255).cycle().take(4096).collect();
    for name in ["a.kdl", "a.pcap", "a.tape", "a.jsonl"] {
        fs::write(here.join(name), &octets).expect("a file");
    }
    for arguments in [
        &["run", "a.kdl"][..],
        &["lint", "a.kdl"],
        &["decode", "a.pcap"],
        &["replay", "a.tape"],
        &["run", "--baseline", "a.jsonl", "outgoing"],
        &["decode", "."],
        &["replay", "."],
        &["run", "--baseline", "."],
    ] {
        let ended = run_in(&here, arguments);
        assert_eq!(ended.status, 2, "{arguments:?}\n{}", ended.errors);
        assert!(
            ended.errors.starts_with("error: ") || ended.errors.contains('×'),
            "{}",
            ended.errors
        );
        assert!(
            !ended.errors.contains("internal error"),
            "{arguments:?}\n{}",
            ended.errors
        );
    }
}

#[test]
fn a_run_without_end_meets_a_limit() {
    let here = folder("endless");
    let flow = "ignore { pac -> pns Echo-Request; pns -> pac Echo-Reply; pns -> pac Echo-Request; pac -> pns Echo-Reply; }
        wait for=\"100000h\"";
    write(&here, "endless.kdl", &scenario(flow, "connections 1"));
    let ended = run_in(&here, &["run", "endless.kdl"]);
    assert_eq!(ended.status, 4, "{}{}", ended.out, ended.errors);
    assert!(ended.out.contains("limit"), "{}", ended.out);
}

#[test]
fn a_folder_without_scenarios_says_so() {
    let here = folder("nothing");
    fs::create_dir(here.join("empty")).expect("a folder");
    let ended = run_in(&here, &["run", "empty"]);
    assert_eq!(ended.status, 2);
    assert!(
        ended.errors.contains("there is no scenario in this folder"),
        "{}",
        ended.errors
    );
}
