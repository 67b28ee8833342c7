//! The conformance report on a system under test, requirement by requirement: for people, as JSON, as JUnit XML.

use pptp_rules::Grade;
use pptp_wire::Requirement;
use serde_json::{Map, Value, json};

use super::junit::{Kind, Totals, escape};
use super::seconds;
use crate::cli::terminal::{bold, paint};
use crate::register::clause;
use crate::run::grade_text;
use crate::suite::{Conformance, EvidenceLine, RequirementVerdict};

/// So many runs that nothing explains are named; the others are counted.
const SHOWN: usize = 10;

/// The report for people: worst first, each miss with its evidence and the command that repeats it.
pub fn human(report: &Conformance, node: &str, colour: bool) -> String {
    let mut text = format!("\n{}\n", bold(&format!("Conformance of {node}"), colour));
    for (requirement, verdict) in report.worst_first() {
        text.push_str(&human_verdict(requirement, verdict, colour));
    }
    let parts: Vec<String> = report
        .counts()
        .iter()
        .map(|(grade, count)| format!("{count} {}", grade_text(*grade)))
        .collect();
    text.push_str(&format!(
        "{} requirements: {}\n",
        report.requirements.len(),
        parts.join(", ")
    ));
    text.push_str(&unexplained(report));
    for (reason, count) in &report.skipped {
        let plural = if *count == 1 { "" } else { "s" };
        text.push_str(&format!("skipped {count} run{plural}: {reason}\n"));
    }
    text
}

fn human_verdict(requirement: Requirement, verdict: &RequirementVerdict, colour: bool) -> String {
    let word = format!("{:<12}", grade_text(verdict.grade));
    let (section, sentence) = clause(requirement).unwrap_or_default();
    let mut text = format!(
        "{}  {requirement:<9}  §{section:<13}  {sentence}\n",
        paint(&word, Some(verdict.grade), colour)
    );
    let mut line = |words: &str| text.push_str(&format!("              {words}\n"));
    if verdict.fixed {
        line("fixed: the baseline knows it as missed");
    }
    if verdict.known && verdict.grade >= Grade::Fail {
        line("known: the baseline has it");
    }
    let evidence = &verdict.evidence;
    let runs = format!(
        "{} of {} run{}",
        verdict.times,
        verdict.runs,
        if verdict.runs == 1 { "" } else { "s" }
    );
    if verdict.grade <= Grade::Pass {
        line(&format!("{}, {runs}", place(evidence)));
        return text;
    }
    line(&format!("{}, {runs}: {}", place(evidence), evidence.text));
    if let Some(message) = &evidence.message {
        line(message.trim());
    }
    line(&evidence.replay);
    text
}

/// `outgoing/bad-fields (field=bearer) at 1.500s`.
fn place(evidence: &EvidenceLine) -> String {
    match &evidence.case {
        Some(case) => format!("{} ({case}) at {}", evidence.scenario, evidence.at),
        None => format!("{} at {}", evidence.scenario, evidence.at),
    }
}

fn unexplained(report: &Conformance) -> String {
    if report.unexplained.is_empty() {
        return String::new();
    }
    let count = report.unexplained.len();
    let mut text = format!(
        "{count} run{} took another way than the scenario is written for; no requirement says that it is wrong:\n",
        if count == 1 { "" } else { "s" }
    );
    for line in report.unexplained.iter().take(SHOWN) {
        text.push_str(&format!("    {}: {}\n", place(line), line.text));
        if let Some(message) = &line.message {
            text.push_str(&format!("        {}\n", message.trim()));
        }
    }
    if count > SHOWN {
        text.push_str(&format!("    and {} more\n", count - SHOWN));
    }
    text
}

/// The report as one JSON value, for the summary.
pub fn json(report: &Conformance, node: &str) -> Value {
    let requirements: Vec<Value> = report
        .requirements
        .iter()
        .map(|(requirement, verdict)| {
            let mut object = Map::new();
            object.insert("id".to_owned(), json!(requirement.id()));
            object.insert("verdict".to_owned(), json!(grade_text(verdict.grade)));
            object.insert("runs".to_owned(), json!(verdict.runs));
            object.insert("times".to_owned(), json!(verdict.times));
            object.extend(evidence_json(&verdict.evidence));
            let known = verdict.known && verdict.grade >= Grade::Fail;
            object.insert("known-failure".to_owned(), json!(known));
            object.insert("fixed".to_owned(), json!(verdict.fixed));
            Value::Object(object)
        })
        .collect();
    let unexplained: Vec<Value> = report
        .unexplained
        .iter()
        .map(|line| Value::Object(evidence_json(line)))
        .collect();
    let skipped: Vec<Value> = report
        .skipped
        .iter()
        .map(|(reason, runs)| json!({"reason": reason, "runs": runs}))
        .collect();
    json!({
        "node": node,
        "requirements": requirements,
        "unexplained": unexplained,
        "skipped": skipped,
    })
}

fn evidence_json(line: &EvidenceLine) -> Map<String, Value> {
    let mut object = Map::new();
    let mut add = |key: &str, value: Value| object.insert(key.to_owned(), value);
    add("scenario", json!(line.scenario));
    add("case", json!(line.case));
    add("time", json!(seconds(line.at)));
    add("evidence", json!(line.text));
    add("message", json!(line.message.as_deref().map(str::trim)));
    add("replay", json!(line.replay));
    object
}

/// The report as a suite of JUnit XML: a test a requirement.
pub(super) fn junit(report: &Conformance, node: &str) -> (Totals, String) {
    let mut totals = Totals::default();
    let mut body = String::new();
    for (requirement, verdict) in &report.requirements {
        let (section, sentence) = clause(*requirement).unwrap_or_default();
        let head = format!(
            "    <testcase name=\"{requirement}\" classname=\"{}\" time=\"{}\"",
            escape(&format!("conformance.{node}")),
            seconds(verdict.evidence.at)
        );
        let evidence = &verdict.evidence;
        let told = escape(&format!(
            "RFC 2637 §{section}: {sentence}\n{}: {}\n{}\n{}\n",
            place(evidence),
            evidence.text,
            evidence.message.as_deref().unwrap_or("").trim(),
            evidence.replay
        ));
        let word = grade_text(verdict.grade);
        let (kind, inside) = match verdict.grade {
            Grade::Fail if verdict.known => (
                Kind::Skipped,
                "      <skipped message=\"a known failure\"/>\n".to_owned(),
            ),
            Grade::Fail => (
                Kind::Failure,
                format!("      <failure type=\"{word}\">{told}</failure>\n"),
            ),
            Grade::Error => (
                Kind::Error,
                format!("      <error type=\"{word}\">{told}</error>\n"),
            ),
            Grade::Unsupported | Grade::Inconclusive => (
                Kind::Skipped,
                format!("      <skipped message=\"{word}\"/>\n"),
            ),
            Grade::NonStrict | Grade::Info => (
                Kind::Passed,
                format!("      <system-out>{word}: {told}</system-out>\n"),
            ),
            Grade::Pass => (Kind::Passed, String::new()),
        };
        totals.add(kind);
        if inside.is_empty() {
            body.push_str(&format!("{head}/>\n"));
        } else {
            body.push_str(&format!("{head}>\n{inside}    </testcase>\n"));
        }
    }
    let head = format!(
        "  <testsuite name=\"{}\" {}>\n",
        escape(&format!("conformance of {node}")),
        totals.attributes()
    );
    (totals, format!("{head}{body}  </testsuite>\n"))
}
