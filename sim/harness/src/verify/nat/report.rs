//! What was found of a translation, as text.

use std::fmt::Write as _;
use std::net::SocketAddrV4;

use pptp_rules::{Grade, Grading};
use pptp_wire::{Requirement, Severity};
use serde_json::{Map, Value, json};

/// Where one side of a finding was seen.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Sighting {
    /// The capture.
    pub capture: String,
    /// The frame.
    pub frame: u64,
    /// The value of the field; `None` where no number says it.
    pub value: Option<u64>,
}

/// Something that the translation did wrong.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct NatFinding {
    /// The requirement on the field; `None` where a field was changed that has nothing to do with translation.
    pub requirement: Option<Requirement>,
    /// How hard.
    pub severity: Severity,
    /// The message.
    pub message: &'static str,
    /// The field.
    pub field: String,
    /// Inside.
    pub inside: Sighting,
    /// Outside.
    pub outside: Sighting,
    /// What was wrong.
    pub detail: String,
}

/// A connection that both sides hold.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PairReport {
    /// The capture of the inside.
    pub capture: String,
    /// Opener and acceptor inside.
    pub inside: (SocketAddrV4, SocketAddrV4),
    /// Opener and acceptor outside.
    pub outside: (SocketAddrV4, SocketAddrV4),
    /// Messages that were compared.
    pub messages: u64,
    /// Call IDs: whose they are, inside, outside.
    pub call_ids: Vec<(&'static str, u16, u16)>,
    /// GRE packets to the opener and to the acceptor, inside and outside.
    pub packets: [(u64, u64); 2],
}

/// What a translation did.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct NatReport {
    /// Connections that both sides hold.
    pub pairs: Vec<PairReport>,
    /// Connections inside that the outside does not hold: capture, opener, acceptor.
    pub alone: Vec<(String, SocketAddrV4, SocketAddrV4)>,
    /// What was wrong.
    pub findings: Vec<NatFinding>,
}

impl NatReport {
    /// The verdict on the translation; inconclusive where nothing could be compared.
    pub fn verdict(&self, grading: Grading) -> Grade {
        let worst = self
            .findings
            .iter()
            .map(|found| grading.grade(found.severity))
            .max();
        let nothing = match self.pairs.is_empty() {
            true => Grade::Inconclusive,
            false => Grade::Pass,
        };
        worst.unwrap_or(Grade::Pass).max(nothing)
    }
}

/// A finding on the translation as a JSON line: as other findings, with the two frames, captures and values.
fn nat_finding_line(found: &NatFinding) -> String {
    let side = |sighting: &Sighting| {
        let mut object = Map::new();
        object.insert("capture".into(), sighting.capture.as_str().into());
        object.insert("frame".into(), sighting.frame.into());
        object.insert("value".into(), sighting.value.into());
        Value::Object(object)
    };
    let mut object = Map::new();
    let requirement = found.requirement.map(|requirement| requirement.id());
    object.insert("requirement".into(), requirement.into());
    object.insert("severity".into(), found.severity.name().into());
    object.insert("frame".into(), found.outside.frame.into());
    object.insert("message".into(), found.message.into());
    object.insert("field".into(), found.field.as_str().into());
    object.insert("inside".into(), side(&found.inside));
    object.insert("outside".into(), side(&found.outside));
    object.insert("detail".into(), found.detail.as_str().into());
    Value::Object(object).to_string()
}

/// The translation as JSON lines: its findings, then what was compared.
pub fn nat_json(report: &NatReport, grading: Grading) -> String {
    let mut text = String::new();
    for found in &report.findings {
        text.push_str(&nat_finding_line(found));
        text.push('\n');
    }
    let pairs: Vec<Value> = report.pairs.iter().map(of_pair).collect();
    let alone: Vec<Value> = report
        .alone
        .iter()
        .map(|(capture, opener, acceptor)| {
            json!({"capture": capture, "from": opener.to_string(), "to": acceptor.to_string()})
        })
        .collect();
    let verdict = report.verdict(grading).name();
    let whole = json!({"translation": {"pairs": pairs, "alone": alone, "findings": report.findings.len(), "verdict": verdict}});
    text.push_str(&whole.to_string());
    text.push('\n');
    text
}

fn of_pair(pair: &PairReport) -> Value {
    let call_ids: Vec<Value> = pair
        .call_ids
        .iter()
        .map(|(whose, inside, outside)| {
            json!({"owner": whose.trim_end_matches("'s"), "inside": inside, "outside": outside})
        })
        .collect();
    json!({
        "capture": pair.capture,
        "inside": pair.inside.0.to_string(),
        "outside": pair.outside.0.to_string(),
        "messages": pair.messages,
        "call-ids": call_ids,
        "gre-packets": pair.packets.map(|(inside, outside)| json!({"inside": inside, "outside": outside})),
    })
}

/// The translation for people.
pub fn nat_human(report: &NatReport, grading: Grading, paint: &dyn Fn(Grade) -> String) -> String {
    let mut text = String::from("\ntranslation\n");
    for pair in &report.pairs {
        let _ = writeln!(
            text,
            "  {} -> {} in {} is {} -> {} outside: {} messages compared",
            pair.inside.0,
            pair.inside.1,
            pair.capture,
            pair.outside.0,
            pair.outside.1,
            pair.messages
        );
        for (whose, inside, outside) in &pair.call_ids {
            let _ = writeln!(
                text,
                "    the {whose} Call ID {inside} is {outside} outside"
            );
        }
        let [
            (to_opener, to_opener_outside),
            (to_acceptor, to_acceptor_outside),
        ] = pair.packets;
        let _ = writeln!(
            text,
            "    GRE packets inside and outside: {to_opener} and {to_opener_outside} to the opener, {to_acceptor} and {to_acceptor_outside} to the acceptor"
        );
    }
    for (capture, opener, acceptor) in &report.alone {
        let _ = writeln!(
            text,
            "  {opener} -> {acceptor} in {capture} is not in the capture of the outside"
        );
    }
    for found in &report.findings {
        let grade = paint(grading.grade(found.severity));
        let id = found.requirement.map_or("", |requirement| requirement.id());
        let _ = writeln!(
            text,
            "  {id} {grade}  {} {}: {}",
            found.message, found.field, found.detail
        );
        for (where_, sighting) in [("inside", &found.inside), ("outside", &found.outside)] {
            let value = sighting
                .value
                .map_or(String::new(), |value| format!(" {value}"));
            let _ = writeln!(
                text,
                "    {where_}{value} in frame {} of {}",
                sighting.frame, sighting.capture
            );
        }
    }
    let verdict = paint(report.verdict(grading));
    let _ = writeln!(text, "  verdict on the translation: {verdict}");
    text
}
