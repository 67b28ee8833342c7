//! The author's guide and the README say what is true: the vocabulary is the one that the parser has, and every scenario that
//! they show is one that the parser takes.

use std::path::PathBuf;

use pptp_harness::scenario::load::FileLoader;
use pptp_harness::scenario::vocabulary::{entries, to_markdown};
use pptp_harness::scenario::{Content, read, render_all};

const BEGIN: &str = "<!-- vocabulary -->\n";
const END: &str = "<!-- end of vocabulary -->";

fn top(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .join(name)
}

fn text_of(name: &str) -> String {
    std::fs::read_to_string(top(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The text with the vocabulary of this build in its place; `None` where the two marks are missing.
fn with_vocabulary(guide: &str) -> Option<String> {
    let (before, rest) = guide.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!(
        "{before}{BEGIN}\n{}\n{END}{after}",
        to_markdown(&entries()).trim_end()
    ))
}

/// The blocks of a Markdown text that are fenced as `kdl` and hold a whole scenario.
fn scenarios_in(text: &str) -> Vec<String> {
    let blocks = text
        .split("```kdl\n")
        .skip(1)
        .filter_map(|rest| rest.split_once("\n```"));
    blocks
        .map(|(block, _)| block.to_owned())
        .filter(|block| block.contains("\nscenario \""))
        .collect()
}

/// `GUIDE=update cargo test -p pptp-harness --test guide` writes the vocabulary into the guide.
#[test]
fn the_guide_has_the_vocabulary_of_this_build() {
    let guide = text_of("scenarios/README.md");
    let current = with_vocabulary(&guide).expect("the guide has both marks");
    if std::env::var("GUIDE").is_ok_and(|wish| wish == "update") {
        std::fs::write(top("scenarios/README.md"), current).expect("the guide can be written");
        return;
    }
    assert!(
        guide == current,
        "the vocabulary in scenarios/README.md is out of date: GUIDE=update cargo test -p pptp-harness --test guide"
    );
}

#[test]
fn every_scenario_that_the_texts_show_is_a_good_one() {
    let mut shown = 0;
    for name in ["README.md", "scenarios/README.md"] {
        for block in scenarios_in(&text_of(name)) {
            shown += 1;
            let path = top("scenarios/outgoing/shown.kdl")
                .to_string_lossy()
                .into_owned();
            let found = match read(&path, block, &FileLoader) {
                Ok(Content::Scenario(file)) => file.check(),
                Ok(Content::Fragment) => panic!("{name} shows a fragment as a scenario"),
                Err(mistakes) => mistakes,
            };
            assert!(found.is_empty(), "{name}:\n{}", render_all(&found, false));
        }
    }
    assert!(shown >= 2, "both texts show a scenario");
}

#[test]
fn the_marks_and_the_blocks_are_found() {
    assert_eq!(with_vocabulary("no marks"), None);
    let text = format!("a\n{BEGIN}old\n{END}\nb");
    let new = with_vocabulary(&text).expect("marks");
    assert!(new.starts_with("a\n") && new.ends_with("\nb") && new.len() > 1000);
    assert!(!new.contains("\nold\n"));
    assert_eq!(
        scenarios_in(
            "x\n```kdl\n// c\nscenario \"t\" {\n}\n```\n```kdl\npns -> pac TCP-Open\n```\n"
        )
        .len(),
        1
    );
}
