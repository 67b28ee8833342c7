//! The corpus of every fuzz target, replayed: what a target once found, and what it starts from, holds on every toolchain.

mod layout;
mod seeds;

use pptp_wire::fuzzing::chosen;
use std::fs;
use std::path::{Path, PathBuf};

/// Each target with the type that its octets choose, or `octets` for these themselves, and the function that it calls; and a test that
/// replays its corpus.
macro_rules! targets {
    ($($name:ident: $type:tt$(::$inner:ident)* => $($function:ident)::+,)*) => {
        /// Names, the types of the inputs, and the functions as the targets write them.
        const TARGETS: &[(&str, &str, &str)] = &[
            $((stringify!($name), stringify!($type$(::$inner)*), stringify!($($function)::+))),*
        ];

        $(#[test]
        fn $name() {
            replay(stringify!($name), |octets| targets!(@call octets, $type$(::$inner)*, $($function)::+));
        })*
    };
    (@call $octets:ident, octets, $function:path) => { $function($octets) };
    (@call $octets:ident, $type:ty, $function:path) => { $function(&chosen::<$type>($octets)) };
}

targets! {
    control_decode: octets => pptp_wire::fuzzing::control_decode,
    control_round_trip: pptp_wire::ControlMessage => pptp_wire::fuzzing::control_round_trip,
    differential: pptp_wire::fuzzing::Differential => pptp_wire::fuzzing::differential,
    gre_decode: octets => pptp_wire::fuzzing::gre_decode,
    field_tables: octets => pptp_wire::fuzzing::field_tables,
    framer: octets => pptp_wire::fuzzing::framer,
    capture_reader: octets => pptp_harness::fuzzing::capture_reader,
    endpoint: pptp_proto::fuzzing::Plan => pptp_proto::fuzzing::endpoint,
    world: pptp_world::fuzzing::Plan => pptp_world::fuzzing::world,
    scenario_text: octets => pptp_harness::fuzzing::scenario_text,
}

fn fuzz() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz")
}

/// The files of a folder by name, sorted.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let entries =
        fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files: Vec<(String, Vec<u8>)> = entries
        .map(|entry| entry.expect("a folder entry").path())
        .filter(|path| path.is_file())
        .map(|path| {
            let name = path
                .file_name()
                .expect("a name")
                .to_string_lossy()
                .into_owned();
            (name, fs::read(&path).expect("a file that can be read"))
        })
        .collect();
    files.sort();
    files
}

/// Gives every input of the corpus to the target's function. The last name that is printed is that of the input that fails.
fn replay(target: &str, function: impl Fn(&[u8])) {
    let corpus = files(&fuzz().join("corpus").join(target));
    assert!(corpus.len() >= 5, "{target}: only {} inputs", corpus.len());
    for (name, octets) in corpus {
        println!("{target}/{name}");
        function(&octets);
    }
}

#[test]
fn every_target_is_one_call_of_its_function() {
    let written: Vec<(String, String)> = files(&fuzz().join("fuzz_targets"))
        .into_iter()
        .map(|(name, octets)| (name, String::from_utf8(octets).expect("a source file")))
        .collect();
    let mut expected: Vec<String> = TARGETS
        .iter()
        .map(|(name, ..)| format!("{name}.rs"))
        .collect();
    expected.sort();
    let names: Vec<&str> = written.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names, expected,
        "the targets replayed here are those of fuzz/"
    );
    for (name, text) in written {
        let code: String = text
            .lines()
            .filter(|line| !line.starts_with("//!") && !line.is_empty())
            .collect::<Vec<_>>()
            .join("\n");
        let (_, input, function) = TARGETS
            .iter()
            .find(|(target, ..)| name == format!("{target}.rs"))
            .expect("listed above");
        let [input, function] = [input, function].map(|path| path.replace(' ', ""));
        let begin = "#![no_main]\n#![forbid(unsafe_code)]\nlibfuzzer_sys::fuzz_target!(|";
        let rest = code.strip_prefix(begin).expect(&name);
        let (variable, _) = rest.split_once(':').expect(&name);
        let expected = match input.as_str() {
            "octets" => format!("octets: &[u8]| {function}(octets));"),
            _ => format!("{variable}: {input}| {function}(&{variable}));"),
        };
        // However it is broken into lines, for which the call becomes a block.
        let plain = |text: &str| {
            text.replace(['{', '}'], "")
                .split_whitespace()
                .collect::<String>()
        };
        assert_eq!(plain(rest), plain(&expected), "{name}");
    }
}

#[test]
fn the_corpora_are_those_of_the_targets_and_every_input_has_a_reason() {
    let mut expected: Vec<&str> = TARGETS.iter().map(|(name, ..)| *name).collect();
    expected.sort_unstable();
    let mut folders: Vec<String> = fs::read_dir(fuzz().join("corpus"))
        .expect("the corpora")
        .map(|entry| {
            entry
                .expect("a folder entry")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    folders.sort();
    assert_eq!(folders, expected);
}

/// Seeds that are made from tables are the ones of those tables; those that are made from scenarios were once.
#[test]
fn the_seeds_are_the_generated_ones() {
    let stale = "write them again with `cargo run -p pptp-harness --example fuzz_seeds`";
    let all = seeds::all();
    assert_eq!(all.len(), TARGETS.len());
    for target in all {
        let committed: Vec<(String, Vec<u8>)> = files(&fuzz().join("corpus").join(target.name))
            .into_iter()
            .filter_map(|(name, octets)| {
                Some((name.strip_prefix(seeds::PREFIX)?.to_owned(), octets))
            })
            .collect();
        let mut generated = target.seeds;
        generated.sort();
        if target.follows_scenarios {
            let names = |seeds: &[(String, Vec<u8>)]| -> Vec<String> {
                seeds.iter().map(|(name, _)| name.clone()).collect()
            };
            assert_eq!(
                names(&committed),
                names(&generated),
                "{}: {stale}",
                target.name
            );
        } else {
            // What the swarm draws changes with it; a plan that it once drew is still one.
            let of_tables = |seeds: Vec<(String, Vec<u8>)>| -> Vec<(String, Vec<u8>)> {
                let drawn = |name: &str| name.starts_with("swarm-");
                let kept = seeds.into_iter().map(|(name, octets)| match drawn(&name) {
                    true => (name, Vec::new()),
                    false => (name, octets),
                });
                kept.collect()
            };
            assert!(
                of_tables(committed) == of_tables(generated),
                "{}: {stale}",
                target.name
            );
        }
    }
}

#[test]
fn the_dictionaries_are_the_generated_ones() {
    let generated = seeds::dictionaries();
    let committed = files(&fuzz().join("dictionaries"));
    assert_eq!(committed.len(), generated.len());
    for ((name, text), (file, octets)) in generated.into_iter().zip(committed) {
        assert_eq!(name, file);
        let committed = String::from_utf8(octets).expect("text");
        if name != "scenario.dict" {
            assert_eq!(text, committed, "{name}");
        }
        for line in committed.lines() {
            let quoted = line.len() > 2 && line.starts_with('"') && line.ends_with('"');
            assert!(quoted || line.starts_with('#'), "{name}: {line}");
        }
    }
}
