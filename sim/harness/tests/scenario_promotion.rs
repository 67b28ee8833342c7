//! A transcript line without its time is a line of a scenario: authors promote what they saw by pasting it.

use pptp_harness::scenario::{
    LintedScenario, lint_file, load::FileLoader, load::MemoryLoader, render_all,
};

const PAIRS: [(&str, &str); 8] = [
    ("outgoing/outgoing-call", "01-outgoing-call"),
    ("incoming/incoming-call", "02-incoming-call"),
    ("collision/simultaneous-start", "03-collision"),
    ("many-calls/two-calls-crossing", "04-two-calls-crossing"),
    (
        "malformed/bad-request-cut-anywhere",
        "05-bad-request-cut-anywhere",
    ),
    ("data/lost-acknowledgments", "06-lost-acknowledgments"),
    ("keep-alive/unanswered-keep-alive", "07-keep-alive"),
    ("outgoing/pac-under-test", "08-pac-under-test"),
];

/// The transcripts in a file: each the lines of one run, times cut off, comments left out.
fn runs(text: &str) -> Vec<Vec<String>> {
    let mut runs: Vec<Vec<String>> = Vec::new();
    for line in text.lines() {
        if line.starts_with("// pptp-sim transcript") {
            runs.push(Vec::new());
        }
        let Some((time, rest)) = line.trim_start().split_once("  ") else {
            continue;
        };
        if time.starts_with(|c: char| c.is_ascii_digit())
            && !rest.trim_start().starts_with("//")
            && let Some(run) = runs.last_mut()
        {
            run.push(rest.to_owned());
        }
    }
    runs
}

/// The scenario with the lines of a run for its flow, and nothing behind it.
fn promoted(scenario: &str, lines: &[String]) -> String {
    let start = scenario.find("    flow {").expect("a flow");
    format!(
        "{}    flow {{\n{}\n    }}\n}}\n",
        &scenario[..start],
        lines.join("\n")
    )
}

fn lint_text(text: String) -> LintedScenario {
    let mut loader = MemoryLoader::default();
    loader.files.insert("a.kdl".into(), text);
    match lint_file("a.kdl", &loader) {
        Ok(linted) => linted.expect("a scenario"),
        Err(mistakes) => panic!("{}", render_all(&mistakes, false)),
    }
}

#[test]
fn the_lines_of_a_transcript_stand_in_place_of_the_lines_of_its_scenario() {
    let root = env!("CARGO_MANIFEST_DIR");
    for (scenario, transcript) in PAIRS {
        let path = format!("{root}/../../scenarios/{scenario}.kdl");
        let text = std::fs::read_to_string(&path).expect("the scenario");
        let transcript = format!("{root}/tests/data/transcripts/{transcript}.transcript");
        let transcript = std::fs::read_to_string(transcript).expect("the transcript");
        let runs = runs(&transcript);
        assert!(!runs.is_empty(), "{scenario}: no run");
        for lines in runs {
            assert!(lines.len() >= 7, "{scenario}: only {} lines", lines.len());
            let linted = lint_text(promoted(&text, &lines));
            let steps = linted.file.case(0).expect("checked").flow.len();
            let inside = lines.iter().filter(|line| line.ends_with('{')).count();
            assert!(steps > 6 || inside > 0, "{scenario}: {steps} steps");
        }
    }
}

/// Where the transcript echoes a step of the script, it echoes what the typed step has for it.
#[test]
fn the_echoes_of_the_transcripts_are_those_of_the_steps() {
    let root = env!("CARGO_MANIFEST_DIR");
    for (scenario, transcript) in PAIRS {
        let path = format!("{root}/../../scenarios/{scenario}.kdl");
        let linted = lint_file(&path, &FileLoader)
            .expect("clean")
            .expect("a scenario");
        let transcript = format!("{root}/tests/data/transcripts/{transcript}.transcript");
        let transcript = std::fs::read_to_string(transcript).expect("the transcript");
        for (index, lines) in runs(&transcript).iter().enumerate() {
            // The table of the cut request shows one case of many.
            let case = if linted.cases == 167 {
                83
            } else {
                index as u64
            };
            let case = linted.file.case(case).expect("checked");
            let known = format!("{case:?}");
            let echoes = lines.iter().filter(|line| {
                ["do ", "expect ", "silent ", "drop "]
                    .iter()
                    .any(|word| line.starts_with(word))
            });
            for echo in echoes {
                let echo = echo.split("  //").next().unwrap_or(echo);
                assert!(
                    known.contains(&format!("text: {echo:?}")),
                    "{scenario}: {echo}"
                );
            }
        }
    }
}
