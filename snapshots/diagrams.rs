//! Sequence diagrams as they are shown in the README and in the author's guide: each stands in `diagrams/` as it is drawn, so that it can
//! be looked at. `DIAGRAMS=update cargo test -p pptp-harness --test diagrams` draws them anew.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use pptp_harness::diagram::{DiagramFormat, Ladder, draw, of_capture};
use pptp_harness::suite::{Outcome, Plan, SuiteOptions, find, run_files};

/// The folder of the pictures, beside this file.
const FOLDER: &str = "diagrams";

/// Scenarios, with the case that is shown where there are several, and the names of their pictures.
const RUNS: [(&str, Option<&str>, &str); 7] = [
    ("outgoing/outgoing-call", None, "outgoing-call"),
    ("faults/targeted", None, "targeted"),
    ("faults/random-loss", None, "random-loss"),
    (
        "collision/simultaneous-start",
        Some("the PNS wins"),
        "simultaneous-start",
    ),
    (
        "collision/three-nodes",
        Some("the PNS has the middle address"),
        "three-nodes",
    ),
    (
        "control/crash-and-restart",
        Some("the PAC crashes"),
        "crash-and-restart",
    ),
    ("keep-alive/both-ends-ask", None, "both-ends-ask"),
];

/// Captures, which are drawn under their own names.
const CAPTURES: [&str; 2] = ["kill_pptpctrl_TERM", "pns_reorder"];

fn top() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn ladder_of_run(name: &str, case: Option<&str>) -> Ladder {
    let path = top().join("scenarios").join(name).with_extension("kdl");
    let found = find(&[path.to_string_lossy().into_owned()]).expect("the scenario is there");
    let options = SuiteOptions {
        case: case.map(str::to_owned),
        diagrams: true,
        ..SuiteOptions::default()
    };
    assert_eq!(Plan::read(&found, &options).runs(), 1, "{name}");
    let report = run_files(&found, &options);
    let run = &report.families[0].cases[0];
    let Outcome::Played(played) = &run.outcome else {
        panic!("{name} was not played");
    };
    let ladder = played.report.ladder.as_ref().expect("a diagram");
    (**ladder).clone().without_steps()
}

fn ladder_of_capture(name: &str) -> Ladder {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/data/captures")
        .join(format!("{name}.pcap"));
    let octets = fs::read(path).expect("the capture is there");
    let (ladder, result) = of_capture(&format!("{name}.pcap"), octets.as_slice());
    result.expect("a whole capture");
    ladder
}

#[test]
fn diagrams_are_as_they_are_shown() {
    let runs = RUNS
        .iter()
        .map(|(name, case, picture)| (*picture, ladder_of_run(name, *case)));
    let captures = CAPTURES.iter().map(|name| (*name, ladder_of_capture(name)));
    let update = std::env::var_os("DIAGRAMS").is_some_and(|value| value == "update");
    let folder = top().join("snapshots").join(FOLDER);
    let (mut known, mut changed) = (BTreeSet::new(), Vec::new());
    for (picture, ladder) in runs.chain(captures) {
        for format in DiagramFormat::ALL {
            let name = format!("{picture}.{}", format.extension());
            let drawn = draw(&ladder, format);
            let path = folder.join(&name);
            if update {
                fs::write(&path, &drawn).expect("a picture is written");
            } else if fs::read_to_string(&path).ok().as_deref() != Some(&drawn) {
                changed.push(name.clone());
            }
            known.insert(name);
        }
    }
    assert!(
        changed.is_empty(),
        "no longer drawn as shown: {changed:?}; DIAGRAMS=update draws them anew, look at them"
    );
    let shown = fs::read_dir(&folder).expect("the folder of pictures");
    let shown: BTreeSet<String> = shown
        .map(|entry| {
            entry
                .expect("a picture")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    assert_eq!(
        shown, known,
        "a picture that nothing draws, or none of something"
    );
}

/// The README and the guide show diagrams that are drawn by this very build: pictures that stand here, and text from them.
#[test]
fn what_is_shown_to_readers_is_what_is_drawn() {
    let mut shown = BTreeSet::new();
    for (page, folder) in [("README.md", ""), ("scenarios/README.md", "scenarios")] {
        let text = fs::read_to_string(top().join(page)).expect("a page");
        let pictures: Vec<&str> = text
            .split("](")
            .skip(1)
            .filter_map(|rest| rest.split(')').next())
            .filter(|target| target.ends_with(".svg"))
            .collect();
        assert!(!pictures.is_empty(), "{page} shows no picture");
        for picture in pictures {
            let path = top().join(folder).join(picture);
            assert!(path.is_file(), "{page} shows {picture}, which is not there");
        }
        for (fence, format) in [("```mermaid\n", "mmd"), ("```text\n", "txt")] {
            let blocks = text.split(fence).skip(1);
            let blocks = blocks.map(|rest| rest.split("```").next().unwrap_or_default());
            // Other text is no diagram.
            for block in blocks.filter(|block| format == "mmd" || block.contains('║')) {
                shown.insert(format);
                let is_drawn = RUNS.iter().any(|(_, _, picture)| {
                    let path = top().join(format!("snapshots/{FOLDER}/{picture}.{format}"));
                    fs::read_to_string(path).is_ok_and(|drawn| drawn.contains(block.trim_end()))
                });
                assert!(is_drawn, "{page} shows what is not drawn:\n{block}");
            }
        }
    }
    assert_eq!(shown, BTreeSet::from(["mmd", "txt"]));
}
