//! Baselines: failures that are known. They stay visible and do not fail a run; one that is fixed is reported.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use pptp_wire::Requirement;
use serde_json::{Value, json};

use super::family::CaseRun;
use super::status::Status;
use crate::register::requirement;

/// The format's name in the first line.
const FORMAT: &str = "pptp-sim baseline";
/// The version that this build reads and writes.
pub const BASELINE_VERSION: u64 = 1;
/// The version of this build: scenarios and rules belong to it, and so does what fails them.
const TOOL: &str = env!("CARGO_PKG_VERSION");

/// A run: the scenario's name and the case of its matrix.
pub type RunName = (String, Option<String>);

/// Failures that are known.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Baseline {
    /// The node that was the system under test; `None` where all were judged.
    pub judged: Option<String>,
    /// What each run misses. A run that fails without missing a requirement has an empty set.
    pub failures: BTreeMap<RunName, BTreeSet<Requirement>>,
}

/// Why a text is no baseline of this version.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct BaselineError {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub problem: String,
}

impl fmt::Display for BaselineError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "line {}: {}", self.line, self.problem)
    }
}

impl std::error::Error for BaselineError {}

/// The name of a run.
pub fn run_name(scenario: &str, run: &CaseRun) -> RunName {
    let case = run.case.as_ref().map(|case| case.text.clone());
    (scenario.to_owned(), case)
}

impl Baseline {
    /// Notes a run if it has failed conformance.
    pub fn note(&mut self, scenario: &str, run: &CaseRun) {
        if run.status() == Status::Failure {
            let missed = run.failing().into_iter().collect();
            self.failures.insert(run_name(scenario, run), missed);
        }
    }

    /// Whether this failure is known: the run is noted, and misses nothing that is not noted.
    pub fn knows(&self, scenario: &str, run: &CaseRun) -> bool {
        run.status() == Status::Failure
            && self
                .failures
                .get(&run_name(scenario, run))
                .is_some_and(|known| run.failing().iter().all(|id| known.contains(id)))
    }

    /// Whether the run is noted and passes now.
    pub fn is_fixed(&self, scenario: &str, run: &CaseRun) -> bool {
        run.status() == Status::Success
            && run.grade().is_some()
            && self.failures.contains_key(&run_name(scenario, run))
    }

    /// The baseline as JSON Lines.
    pub fn to_text(&self) -> String {
        let mut text = format!(
            "{}\n",
            json!({"format": FORMAT, "version": BASELINE_VERSION, "tool": TOOL, "sut": self.judged})
        );
        for ((scenario, case), missed) in &self.failures {
            let missed: Vec<&str> = missed.iter().map(|requirement| requirement.id()).collect();
            let line = json!({"scenario": scenario, "case": case, "misses": missed});
            text.push_str(&format!("{line}\n"));
        }
        text
    }

    /// Reads what [`Baseline::to_text`] writes.
    ///
    /// # Errors
    /// The first line that is wrong: another format, another version of it or of this tool, no JSON, an unknown requirement, a run that stands twice.
    pub fn from_text(text: &str) -> Result<Baseline, BaselineError> {
        let mut baseline = Baseline::default();
        let mut lines = text.lines().enumerate();
        let wrong = |line: usize, problem: String| BaselineError {
            line: line + 1,
            problem,
        };
        let first = lines.next().map(|(_, line)| line).unwrap_or_default();
        baseline.judged = read_head(first).map_err(|problem| wrong(0, problem))?;
        for (number, line) in lines {
            if line.trim().is_empty() {
                continue;
            }
            let (name, missed) = read_line(line).map_err(|problem| wrong(number, problem))?;
            if baseline.failures.insert(name, missed).is_some() {
                return Err(wrong(
                    number,
                    "this run stands here a second time".to_owned(),
                ));
            }
        }
        Ok(baseline)
    }
}

/// The node that was under test.
fn read_head(line: &str) -> Result<Option<String>, String> {
    let head: Value = serde_json::from_str(line)
        .map_err(|_| format!("a baseline begins with {{\"format\":\"{FORMAT}\",…}}"))?;
    if head.get("format").and_then(Value::as_str) != Some(FORMAT) {
        return Err(format!(
            "this is no baseline: its format is not \"{FORMAT}\""
        ));
    }
    match head.get("version").and_then(Value::as_u64) {
        Some(BASELINE_VERSION) => {}
        Some(other) => {
            return Err(format!(
                "this is a baseline of version {other}; this build reads version {BASELINE_VERSION}: write it anew with --write-baseline"
            ));
        }
        None => return Err("the version is missing".to_owned()),
    }
    match head.get("tool").and_then(Value::as_str) {
        Some(TOOL) => {}
        Some(other) => {
            let other: String = other.chars().take(40).collect();
            return Err(format!(
                "this baseline is of pptp-sim {other}, whose scenarios and rules may be others; this is {TOOL}: write it anew with --write-baseline"
            ));
        }
        None => return Err("the version of the tool is missing".to_owned()),
    }
    match head.get("sut") {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(node)) => Ok(Some(node.clone())),
        Some(_) => Err("`sut` is the name of a node or null".to_owned()),
    }
}

fn read_line(line: &str) -> Result<(RunName, BTreeSet<Requirement>), String> {
    let value: Value = serde_json::from_str(line).map_err(|error| format!("no JSON: {error}"))?;
    let scenario = value
        .get("scenario")
        .and_then(Value::as_str)
        .ok_or("`scenario` is missing")?;
    let case = match value.get("case") {
        None | Some(Value::Null) => None,
        Some(Value::String(case)) => Some(case.clone()),
        Some(_) => return Err("`case` is a text or null".to_owned()),
    };
    let missed = value
        .get("misses")
        .and_then(Value::as_array)
        .ok_or("`misses` is missing")?;
    let missed = missed
        .iter()
        .map(|id| {
            let id = id.as_str().ok_or("`misses` holds ids of requirements")?;
            requirement(id)
        })
        .collect::<Result<_, String>>()?;
    Ok(((scenario.to_owned(), case), missed))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn baseline() -> Baseline {
        let mut baseline = Baseline {
            judged: Some("pac".to_owned()),
            ..Baseline::default()
        };
        baseline.failures.insert(
            ("outgoing/a".to_owned(), Some("cut=1".to_owned())),
            BTreeSet::from([Requirement::Cdn003, Requirement::Cclr005]),
        );
        baseline
            .failures
            .insert(("outgoing/b".to_owned(), None), BTreeSet::new());
        baseline
    }

    #[test]
    fn a_baseline_reads_back_as_it_was_written() {
        let text = baseline().to_text();
        assert_eq!(
            text,
            format!(
                "{{\"format\":\"pptp-sim baseline\",\"version\":1,\"tool\":\"{TOOL}\",\"sut\":\"pac\"}}\n"
            ) + "{\"scenario\":\"outgoing/a\",\"case\":\"cut=1\",\"misses\":[\"CCLR-005\",\"CDN-003\"]}\n\
             {\"scenario\":\"outgoing/b\",\"case\":null,\"misses\":[]}\n"
        );
        assert_eq!(Baseline::from_text(&text), Ok(baseline()));
    }

    #[test]
    fn mistakes_name_their_line() {
        let problem = |text: &str| {
            Baseline::from_text(text)
                .expect_err("a mistake")
                .to_string()
        };
        assert!(problem("").starts_with("line 1: a baseline begins with"));
        assert!(problem("{\"format\":\"x\"}").starts_with("line 1: this is no baseline"));
        assert_eq!(
            problem("{\"format\":\"pptp-sim baseline\",\"version\":2}"),
            "line 1: this is a baseline of version 2; this build reads version 1: write it anew with --write-baseline"
        );
        let text = baseline().to_text();
        let other = text.replace(TOOL, "0.0.0-other");
        assert!(
            problem(&other).starts_with("line 1: this baseline is of pptp-sim 0.0.0-other"),
            "{}",
            problem(&other)
        );
        assert_eq!(
            problem("{\"format\":\"pptp-sim baseline\",\"version\":1}"),
            "line 1: the version of the tool is missing"
        );
        assert_eq!(
            problem(&text.replace("CDN-003", "CDN-999")),
            "line 2: CDN-999 is no requirement that this build knows"
        );
        assert!(problem(&format!("{text}nonsense\n")).starts_with("line 4: no JSON"));
        assert!(
            problem(&format!("{text}{}\n", text.lines().nth(1).expect("a line")))
                .starts_with("line 4: this run stands here a second time")
        );
        assert_eq!(
            problem(&format!("{text}{{\"scenario\":\"x\",\"misses\":3}}")),
            "line 4: `misses` is missing"
        );
    }
}
