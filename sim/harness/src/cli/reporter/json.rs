//! As JSON Lines: one object a run, last the summary. Keys are in kebab case and in a stable order.

use pptp_proto::Transition;
use pptp_rules::Grade;
use pptp_wire::time::Instant;
use serde_json::{Map, Value, json};

use super::{Reporter, Telling, conformance};
use crate::run::{Failure, NearMiss, RunReport, grade_text};
use crate::suite::{CaseRun, Family, Outcome, Played, SuiteReport};

/// Tells programs.
pub struct Json {
    telling: Telling,
}

impl Json {
    /// A reporter that knows what it is told.
    pub fn new(telling: Telling) -> Json {
        Json { telling }
    }
}

/// An instant as seconds with nine decimals, so that no reader loses digits.
pub fn seconds(at: Instant) -> String {
    format!("{}.{:09}", at.0 / 1_000_000_000, at.0 % 1_000_000_000)
}

impl Reporter for Json {
    fn case(&mut self, family: &Family, run: &CaseRun) -> String {
        let name = &family.found.name;
        let mut object = Map::new();
        let mut add = |key: &str, value: Value| {
            object.insert(key.to_owned(), value);
        };
        add("scenario", json!(name));
        add("seed", json!(run.seed));
        add("world", json!(run.world.name()));
        match &run.outcome {
            Outcome::Played(played) => {
                let report = &played.report;
                add("behaviour", json!(grade_text(report.behaviour)));
                add("ending", json!(grade_text(report.ending)));
                add("requirements", requirements(played));
                add("steps", json!(report.steps));
                add("virtual-time", json!(seconds(report.virtual_time)));
                add("transcript-digest", json!(report.transcript_digest));
                add("failure", failure(run, report));
            }
            Outcome::Skipped(reason) => {
                for key in ["behaviour", "ending"] {
                    add(key, json!("skipped"));
                }
                nothing_played(&mut add);
                add("failure", Value::Null);
                add("skipped", json!(reason));
            }
            Outcome::Refused(reason) | Outcome::Crashed(reason) => {
                let kind = if matches!(run.outcome, Outcome::Refused(_)) {
                    "refused"
                } else {
                    "crashed"
                };
                for key in ["behaviour", "ending"] {
                    add(key, json!("error"));
                }
                nothing_played(&mut add);
                add(
                    "failure",
                    json!({"kind": kind, "summary": reason, "replay": run.replay}),
                );
            }
        }
        add(
            "case",
            json!(run.case.as_ref().map(|case| case.text.as_str())),
        );
        if self.telling.baseline.is_some() {
            add("known-failure", json!(self.telling.knows(name, run)));
            add("fixed", json!(self.telling.is_fixed(name, run)));
        }
        if self.telling.transcripts
            && let Some(report) = run.report()
        {
            add("transcript", json!(report.transcript));
        }
        format!("{}\n", Value::Object(object))
    }

    fn end(&mut self, report: &SuiteReport) -> String {
        let counts = report.counts();
        let mut summary = Map::new();
        let mut add = |key: &str, value: Value| {
            summary.insert(key.to_owned(), value);
        };
        add("scenarios", json!(counts.scenarios));
        add("runs", json!(counts.runs));
        for grade in Grade::ALL {
            add(
                grade_text(grade),
                json!(counts.grades.get(&grade).copied().unwrap_or(0)),
            );
        }
        add("limits", json!(counts.limits));
        add("skipped", json!(counts.skipped));
        add("refused-files", json!(report.mistakes.len()));
        let refused: Vec<Value> = report
            .families
            .iter()
            .flat_map(|family| &family.refused)
            .map(|mistake| json!({"at": mistake.location.to_string(), "problem": mistake.message}))
            .collect();
        add("refused-covers", json!(refused));
        add(
            "transitions",
            json!({"reached": report.transitions().len(), "all": Transition::ALL.len()}),
        );
        let verdicts: Vec<Value> = report
            .verdicts()
            .iter()
            .map(|(requirement, grade)| {
                json!({"id": requirement.id(), "verdict": grade_text(*grade)})
            })
            .collect();
        add("requirements", json!(verdicts));
        if let Some(node) = &self.telling.judged {
            add(
                "conformance",
                conformance::json(&report.conformance(), node),
            );
        }
        if self.telling.baseline.is_some() {
            let names = |runs: &[crate::suite::RunName]| -> Vec<Value> {
                runs.iter()
                    .map(|(scenario, case)| json!({"scenario": scenario, "case": case}))
                    .collect()
            };
            add("known-failures", json!(names(&report.known)));
            add("fixed", json!(names(&report.fixed)));
        }
        add("exit-status", json!(report.status().code()));
        format!("{}\n", json!({ "summary": summary }))
    }
}

/// The keys of a run that was not played.
fn nothing_played(add: &mut impl FnMut(&str, Value)) {
    add("requirements", json!([]));
    add("steps", json!(0));
    add("virtual-time", json!(seconds(Instant::START)));
    add("transcript-digest", Value::Null);
}

fn requirements(played: &Played) -> Value {
    let verdicts = played.verdicts.iter();
    verdicts
        .map(|(requirement, grade)| json!({"id": requirement.id(), "verdict": grade_text(*grade)}))
        .collect()
}

fn failure(run: &CaseRun, report: &RunReport) -> Value {
    if let Some(failure) = &report.failure {
        return stated(failure, &report.problems);
    }
    if !run.has_failed() {
        return Value::Null;
    }
    // Nothing stopped the script: rules or the reference model found something beside it.
    let ids: Vec<&str> = run
        .failing()
        .iter()
        .map(|requirement| requirement.id())
        .collect();
    let found: Vec<String> = report
        .requirements
        .iter()
        .filter(|(_, evidence)| evidence.grade >= Grade::Fail)
        .map(|(requirement, evidence)| format!("{requirement}: {}", evidence.text))
        .chain(report.problems.iter().cloned())
        .collect();
    json!({
        "kind": "finding",
        "time": seconds(report.virtual_time),
        "summary": found.first().cloned().unwrap_or_default(),
        "expected": [],
        "nearest": [],
        "notes": found,
        "requirements": ids,
        "replay": run.replay,
    })
}

fn stated(failure: &Failure, problems: &[String]) -> Value {
    let expected: Vec<Value> = failure
        .expected
        .iter()
        .map(|(line, place)| json!({"line": line, "at": place.to_string()}))
        .collect();
    let nearest: Vec<Value> = failure.nearest.iter().map(near_miss).collect();
    let ids: Vec<&str> = failure
        .requirements
        .iter()
        .map(|requirement| requirement.id())
        .collect();
    let notes: Vec<&String> = failure.circumstances.iter().chain(problems).collect();
    json!({
        "kind": failure.kind.name(),
        "time": seconds(failure.at),
        "summary": failure.summary,
        "expected": expected,
        "nearest": nearest,
        "notes": notes,
        "requirements": ids,
        "replay": failure.replay,
    })
}

fn near_miss(near: &NearMiss) -> Value {
    let differences: Vec<Value> = near
        .differences
        .iter()
        .map(|difference| {
            json!({
                "field": difference.key,
                "expected": difference.expected,
                "seen": difference.seen,
                "requirement": difference.requirement.map(|requirement| requirement.id()),
            })
        })
        .collect();
    json!({"line": near.line.trim_start(), "differences": differences, "fate": near.fate})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_keep_all_their_digits() {
        assert_eq!(seconds(Instant(12_000_500_000)), "12.000500000");
        assert_eq!(seconds(Instant(1)), "0.000000001");
        assert_eq!(seconds(Instant::NEVER), "18446744073.709551615");
    }
}
