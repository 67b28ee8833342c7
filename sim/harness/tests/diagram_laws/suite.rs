//! Every run of the suite is drawn in every format: well-formed, within bounds, the same each time, and with the marks of its transcript.

use std::ops::ControlFlow;

use pptp_harness::diagram::{DiagramFormat, Fate, Ladder, MarkKind, draw};
use pptp_harness::suite::{
    CaseRun, Family, FamilyReport, KeepTranscripts, Outcome, Plan, SuiteOptions, Watcher, find,
    run_plan,
};

use crate::titles::titles_are_apart;

/// Draws what it is shown, and holds it against the laws.
#[derive(Default)]
struct Laws {
    drawn: usize,
    octets: usize,
}

impl Watcher for Laws {
    fn case(&mut self, family: &Family, run: &CaseRun) -> ControlFlow<()> {
        let Outcome::Played(played) = &run.outcome else {
            panic!("{} was not played", family.found.name);
        };
        let name = format!("{} {:?}", family.found.name, run.case);
        assert!(!run.has_failed(), "{name}");
        let ladder = played.report.ladder.as_ref().expect("a diagram");
        marks_are_those_of_the_transcript(&name, ladder, &played.report.transcript);
        self.octets += within_bounds(&name, ladder);
        self.drawn += 1;
        ControlFlow::Continue(())
    }

    fn family(&mut self, _report: &FamilyReport) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}

fn marks_are_those_of_the_transcript(name: &str, ladder: &Ladder, transcript: &str) {
    let packets = || transcript.lines().filter(|line| line.contains("  GRE  "));
    let told = |mark: &str| packets().any(|line| line.contains(mark));
    let ends = || {
        let arrows = ladder.arrows();
        arrows.flat_map(|arrow| {
            arrow
                .ends
                .iter()
                .chain(arrow.run.as_ref().map(|run| &run.end))
        })
    };
    let lost = ends().any(|end| matches!(end.fate, Fate::Lost(_)));
    assert_eq!(lost, told("lost: "), "{name}");
    let refused = ends().any(|end| matches!(end.fate, Fate::Refused(_)));
    assert_eq!(refused, told("refused: "), "{name}");
    let marked = |kind: MarkKind, text: &str| {
        let mut marks = ladder.arrows().flat_map(|arrow| &arrow.marks);
        marks.any(|mark| mark.kind == kind && mark.text.starts_with(text))
    };
    let duplicated = marked(MarkKind::Path, "duplicated");
    assert_eq!(duplicated, told("duplicated"), "{name}");
    let found = marked(MarkKind::Finding, "finding: ");
    assert_eq!(found, transcript.contains("finding: "), "{name}");
    let late = ends().any(|end| end.late);
    assert_eq!(late, marked(MarkKind::Path, "late"), "{name}");
    for arrow in ladder.arrows() {
        assert!(
            arrow.ends.len() < 2 || arrow.marks.iter().any(|mark| mark.text == "duplicated"),
            "{name}"
        );
    }
}

/// Draws a ladder in every format; gives how many octets that took.
pub fn within_bounds(name: &str, ladder: &Ladder) -> usize {
    let mut octets = 0;
    for format in DiagramFormat::ALL {
        let drawn = draw(ladder, format);
        assert_eq!(drawn, draw(ladder, format), "{name}");
        match format {
            DiagramFormat::Svg => {
                let picture = roxmltree::Document::parse(&drawn)
                    .unwrap_or_else(|error| panic!("{name}: {error}\n{drawn}"));
                titles_are_apart(name, &picture);
                let width = picture.root_element().attribute("width");
                let width: usize = width.and_then(|width| width.parse().ok()).expect("a width");
                let most = 900 + 300 * ladder.lifelines.len();
                assert!(width <= most, "{name}: {width}");
                assert!(
                    !drawn.contains("http://") || drawn.matches("http://").count() == 1,
                    "{name}"
                );
            }
            DiagramFormat::Mermaid => {
                assert!(drawn.starts_with("sequenceDiagram\n"), "{name}");
                assert!(drawn.chars().count() <= 50_000, "{name}");
            }
            DiagramFormat::Text => {
                let widest = drawn.lines().map(|line| line.chars().count()).max();
                assert!(widest <= Some(120), "{name}: {widest:?}");
            }
        }
        octets += drawn.len();
    }
    octets
}

#[test]
fn every_run_of_the_suite_is_drawn() {
    let scenarios = format!("{}/../../scenarios", env!("CARGO_MANIFEST_DIR"));
    let found = find(&[scenarios]).expect("the suite is there");
    let options = SuiteOptions {
        diagrams: true,
        transcripts: KeepTranscripts::All,
        jobs: std::thread::available_parallelism().map_or(1, usize::from),
        ..SuiteOptions::default()
    };
    let mut plan = Plan::read(&found, &options);
    for (family, cases) in &mut plan.families {
        // Cases of a family differ little: those are drawn that stand for it.
        cases.retain(|case| family.file.shows(*case));
    }
    let mut laws = Laws::default();
    run_plan(plan, &options, &mut laws);
    assert!(
        laws.drawn > 400 && laws.octets > 1_000_000,
        "{}",
        laws.drawn
    );
}

#[test]
fn every_capture_is_drawn() {
    let folder = format!("{}/tests/data/captures", env!("CARGO_MANIFEST_DIR"));
    let mut drawn = 0;
    for entry in std::fs::read_dir(folder).expect("the folder of captures") {
        let path = entry.expect("a folder entry").path();
        if path
            .extension()
            .is_some_and(|extension| extension == "pcap")
        {
            let octets = std::fs::read(&path).expect("a capture");
            let name = path.display().to_string();
            let (ladder, result) = pptp_harness::diagram::of_capture(&name, octets.as_slice());
            assert!(result.is_ok() && ladder.arrows().count() > 2, "{name}");
            within_bounds(&name, &ladder);
            drawn += 1;
        }
    }
    assert_eq!(drawn, 19);
}
