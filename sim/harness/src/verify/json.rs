//! Findings and the summary as JSON lines.

use std::net::Ipv4Addr;

use pptp_rules::{Grade, Grading};
use serde_json::{Map, Value, json};

use super::report::{EndReport, Report};
use super::run::Found;
use crate::decode::seconds;
use crate::path::Totals;

/// One finding: `requirement`, `severity`, `frame`, `time`, `from`, `to`, `detail`. `from` is the end at fault; `time` is when it was
/// certain; `frame` is the one that shows it, or that called for what did not come. `capture` is added where there are several.
pub fn finding_line(found: &Found<'_>, capture: Option<&str>) -> String {
    let finding = found.finding;
    let mut object = Map::new();
    object.insert("requirement".into(), finding.requirement.id().into());
    object.insert("severity".into(), finding.severity.name().into());
    object.insert("frame".into(), finding.observation.into());
    object.insert("time".into(), seconds(finding.at).into());
    object.insert("from".into(), found.from.to_string().into());
    object.insert("to".into(), found.to.map(|to| to.to_string()).into());
    object.insert("detail".into(), finding.detail.to_string().into());
    if let Some(capture) = capture {
        object.insert("capture".into(), capture.into());
    }
    Value::Object(object).to_string()
}

/// The last line: counts, verdicts, what was inconclusive and what the path did.
pub fn summary_line(report: &Report, grading: Grading) -> String {
    let mut findings = Map::new();
    for grade in [Grade::Fail, Grade::NonStrict, Grade::Info] {
        findings.insert(grade.name().into(), report.count(grade, grading).into());
    }
    let mut inconclusive = Vec::new();
    for end in &report.ends {
        for open in &end.inconclusive {
            inconclusive.push(json!({
                "requirement": open.requirement.map(|requirement| requirement.id()),
                "end": end.address.to_string(),
                "reason": open.reason,
            }));
        }
    }
    let ends: Vec<Value> = report.ends.iter().map(|end| of_end(end, grading)).collect();
    let path: Vec<Value> = report.path.iter().map(of_direction).collect();
    let mut summary = Map::new();
    summary.insert("frames".into(), report.frames.into());
    summary.insert("control-messages".into(), report.control_messages.into());
    summary.insert("gre-packets".into(), report.gre_packets.into());
    summary.insert("findings".into(), findings.into());
    summary.insert("inconclusive".into(), inconclusive.into());
    summary.insert("connections".into(), report.connections.into());
    summary.insert("ends".into(), ends.into());
    summary.insert("path".into(), path.into());
    summary.insert("verdict".into(), report.verdict(grading).name().into());
    json!({ "summary": summary }).to_string()
}

fn of_end(end: &EndReport, grading: Grading) -> Value {
    let mut object = Map::new();
    object.insert("end".into(), end.address.to_string().into());
    object.insert("role".into(), end.role.into());
    object.insert("verdict".into(), end.verdict(grading).name().into());
    object.insert("data".into(), end.sent.data.into());
    object.insert("acknowledgments".into(), end.sent.acknowledgments.into());
    let alone = end.sent.acknowledgment_only;
    object.insert("acknowledgments-only".into(), alone.into());
    Value::Object(object)
}

fn of_direction(((from, to), totals): (&(Ipv4Addr, Ipv4Addr), &Totals)) -> Value {
    let mut object = Map::new();
    object.insert("from".into(), from.to_string().into());
    object.insert("to".into(), to.to_string().into());
    for (key, count) in totals.counts() {
        object.insert(key.into(), count.into());
    }
    Value::Object(object)
}
