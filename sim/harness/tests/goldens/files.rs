//! Captures of runs, and what stands in them.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use pptp_harness::decode::{Format, run_on};
use pptp_harness::goldens::Line;
use pptp_harness::run::NodeCapture;
use pptp_harness::suite::{
    CaseRun, Family, FamilyReport, Outcome, Plan, SuiteOptions, Watcher, built_in, run_plan,
};
use serde_json::Value;

type Each<'e> = dyn FnMut(&str, &[NodeCapture]) -> ControlFlow<()> + 'e;

struct Watch<'e> {
    each: &'e mut Each<'e>,
    seen: usize,
}

impl Watcher for Watch<'_> {
    fn case(&mut self, family: &Family, run: &CaseRun) -> ControlFlow<()> {
        let Outcome::Played(played) = &run.outcome else {
            panic!("{} was not played", family.found.name);
        };
        self.seen += 1;
        (self.each)(&family.found.name, &played.captures)
    }

    fn family(&mut self, _report: &FamilyReport) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}

/// Runs these scenarios and gives `each` the captures of every run.
pub fn written<'e>(names: &[String], options: &SuiteOptions, each: &'e mut Each<'e>) {
    let found: Vec<_> = built_in()
        .into_iter()
        .filter(|found| names.contains(&found.name))
        .collect();
    assert_eq!(found.len(), names.len(), "{names:?}");
    let options = SuiteOptions {
        captures: true,
        ..options.clone()
    };
    let mut watch = Watch { each, seen: 0 };
    run_plan(Plan::read(&found, &options), &options, &mut watch);
    assert!(watch.seen >= names.len());
}

/// The lines of a golden file behind its head.
pub fn lines(capture: &NodeCapture) -> Vec<Line> {
    let text = std::str::from_utf8(&capture.golden).expect("text");
    text.lines()
        .skip(1)
        .map(|line| Line::read(line).expect("a line"))
        .collect()
}

/// What `decode --format json` says.
pub fn decoded(pcapng: &[u8]) -> Vec<Value> {
    let mut out = Vec::new();
    run_on("-", pcapng, Format::Json, &mut out).expect("a capture");
    let text = String::from_utf8(out).expect("text");
    text.lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect()
}

/// The comments of a capture's packets, by frame.
pub fn comments(pcapng: &[u8]) -> BTreeMap<u64, String> {
    let word = |at: usize| {
        u32::from_le_bytes(pcapng[at..at + 4].try_into().expect("four octets")) as usize
    };
    let (mut at, mut frame, mut comments) = (0, 0, BTreeMap::new());
    while at < pcapng.len() {
        let (kind, length) = (word(at), word(at + 4));
        if kind == 6 {
            frame += 1;
            let option = at + 28 + word(at + 20).next_multiple_of(4);
            if option + 4 < at + length - 4 {
                let size = word(option) >> 16;
                assert_eq!(word(option) & 0xFFFF, 1, "the only option is a comment");
                let text = &pcapng[option + 4..option + 4 + size];
                comments.insert(frame, String::from_utf8(text.to_vec()).expect("text"));
            }
        }
        at += length;
    }
    comments
}
