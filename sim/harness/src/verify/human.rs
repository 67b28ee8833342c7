//! The report for people.

use std::fmt::Write as _;

use pptp_rules::{Grade, Grading};

use super::report::{EndReport, Group, OpenQuestion, Report};
use crate::path::Totals;
use crate::register::clause;

/// Letters of a requirement's sentence that are shown.
const SENTENCE: usize = 110;

/// Findings by end and requirement, what the path did, what is inconclusive, and a verdict for each end. `name` is what the capture is
/// called; `paint` colours the word of a grade.
pub fn human(
    name: &str,
    report: &Report,
    grading: Grading,
    paint: &dyn Fn(Grade) -> String,
) -> String {
    let mut text = head(name, report);
    for end in &report.ends {
        if !end.groups.is_empty() {
            let _ = writeln!(text, "\n{}", title(end));
        }
        for group in &end.groups {
            tell_group(&mut text, group, grading, paint);
        }
    }
    tell_packets(&mut text, report);
    tell_path(&mut text, report);
    tell_doubts(&mut text, report);
    text.push_str("\nverdict\n");
    for end in &report.ends {
        let counts = counts(end, grading);
        let verdict = paint(end.verdict(grading));
        let _ = writeln!(text, "  {:<24}  {verdict}  {counts}", title(end));
    }
    if report.ends.is_empty() {
        text.push_str("  the capture holds nothing of PPTP\n");
    }
    text
}

fn head(name: &str, report: &Report) -> String {
    let mut text = format!(
        "// pptp-sim verify 1\n// capture \"{}\": {}, {}, {}, {}\n",
        name.escape_default(),
        counted(report.frames, "frame"),
        counted(report.connections, "control connection"),
        counted(report.control_messages, "control message"),
        counted(report.gre_packets, "GRE packet"),
    );
    for line in report.notices.to_string().lines() {
        let _ = writeln!(text, "// {line}");
    }
    if let Some(error) = &report.cut_short {
        let _ = writeln!(text, "// cannot be read to its end: {error}");
    }
    if report.beyond > 0 {
        let _ = writeln!(
            text,
            "// {} of hosts beyond the first {} not judged",
            counted(report.beyond, "message"),
            super::ends::MAXIMUM_ENDS
        );
    }
    text
}

fn title(end: &EndReport) -> String {
    match end.role {
        "" => end.address.to_string(),
        role => format!("{} {role}", end.address),
    }
}

fn tell_group(text: &mut String, group: &Group, grading: Grading, paint: &dyn Fn(Grade) -> String) {
    let grade = paint(grading.grade(group.severity));
    let (section, sentence) = clause(group.requirement).unwrap_or_default();
    let _ = writeln!(
        text,
        "  {} {grade}  {}  (RFC 2637 §{section})",
        group.requirement.id(),
        shortened(&sentence)
    );
    let _ = writeln!(text, "    {}", group.detail);
    match group.evidence.trim_start() {
        "" => {
            let _ = writeln!(text, "    frame {}", group.last_frame.min(group.frames[0]));
        }
        evidence => {
            let _ = writeln!(text, "    {evidence}");
        }
    }
    let more = group.count - 1;
    if more == 1 {
        let _ = writeln!(text, "    and once more, in frame {}", group.last_frame);
    } else if more > 1 {
        let frames: Vec<String> = group.frames[1..].iter().map(u64::to_string).collect();
        let rest = match group.frames.len() as u64 == group.count {
            true => String::new(),
            false => format!(", ... {}", group.last_frame),
        };
        let _ = writeln!(
            text,
            "    and {more} times more, in frames {}{rest}",
            frames.join(", ")
        );
    }
}

/// The sentence, up to a word's end.
fn shortened(sentence: &str) -> String {
    if sentence.chars().count() <= SENTENCE {
        return sentence.to_owned();
    }
    let mut kept: String = sentence.chars().take(SENTENCE).collect();
    kept.truncate(kept.rfind(' ').unwrap_or(kept.len()));
    format!("{kept} ...")
}

fn tell_packets(text: &mut String, report: &Report) {
    let senders: Vec<&EndReport> = report
        .ends
        .iter()
        .filter(|end| end.sent.packets > 0)
        .collect();
    if !senders.is_empty() {
        text.push_str("\nsent\n");
    }
    for end in senders {
        let sent = &end.sent;
        let piggy_backed = sent.acknowledgments - sent.acknowledgment_only;
        let _ = writeln!(
            text,
            "  {}  {}, {} with an acknowledgment; {} alone",
            title(end),
            counted(sent.data, "data packet"),
            piggy_backed,
            counted(sent.acknowledgment_only, "acknowledgment"),
        );
    }
}

fn tell_path(text: &mut String, report: &Report) {
    if report.path.is_empty() {
        return;
    }
    text.push_str("\npath\n");
    for ((from, to), totals) in &report.path {
        let _ = writeln!(
            text,
            "  {from} -> {to}  {}: {}",
            counted(totals.packets, "packet"),
            did(totals)
        );
    }
}

/// What the path did, what the sender did, and what cannot be told.
fn did(totals: &Totals) -> String {
    let Totals {
        overtaken,
        sent_out_of_order,
        out_of_order,
        repeated_by_path,
        sent_again,
        repeated,
        old,
        lost,
        never_sent,
        missing,
        ..
    } = *totals;
    let mut parts = vec![format!(
        "the path lost {lost}, reordered {overtaken}, repeated {repeated_by_path}"
    )];
    if never_sent + sent_out_of_order + sent_again > 0 {
        parts.push(format!(
            "the sender left out {never_sent}, reordered {sent_out_of_order}, sent again {sent_again}"
        ));
    }
    let repeated = repeated + old;
    if missing + out_of_order + repeated > 0 {
        parts.push(format!(
            "one or the other: {missing} missing, {out_of_order} reordered, {repeated} repeated"
        ));
    }
    parts.join("; ")
}

fn tell_doubts(text: &mut String, report: &Report) {
    let open: Vec<(&EndReport, &OpenQuestion)> = report
        .ends
        .iter()
        .flat_map(|end| end.inconclusive.iter().map(move |open| (end, open)))
        .collect();
    if open.is_empty() {
        return;
    }
    text.push_str("\ninconclusive\n");
    let mut told: Vec<(std::net::Ipv4Addr, &str)> = Vec::new();
    for (end, question) in &open {
        let key = (end.address, question.reason);
        if told.contains(&key) {
            continue;
        }
        told.push(key);
        let ids: Vec<&str> = open
            .iter()
            .filter(|(of, it)| of.address == end.address && it.reason == question.reason)
            .filter_map(|(_, it)| it.requirement.map(|requirement| requirement.id()))
            .collect();
        let what = match ids.is_empty() {
            true => "whatever is not listed above".to_owned(),
            false => ids.join(", "),
        };
        let _ = writeln!(text, "  {}  {what}: {}", title(end), question.reason);
    }
}

fn counts(end: &EndReport, grading: Grading) -> String {
    let mut parts = Vec::new();
    for grade in [Grade::Fail, Grade::NonStrict, Grade::Info] {
        let count = end.count(grade, grading);
        if count > 0 {
            parts.push(format!("{count} {}", grade.name()));
        }
    }
    if !end.inconclusive.is_empty() {
        parts.push(format!("{} inconclusive", end.inconclusive.len()));
    }
    let held = end.held.len() as u64;
    let judged = format!("{} judged", counted(held, "requirement"));
    match parts.is_empty() {
        true => format!("({judged})"),
        false => format!("({}; {judged})", parts.join(", ")),
    }
}

/// `1 frame`, `2 frames`.
pub(super) fn counted(count: u64, what: &str) -> String {
    match count {
        1 => format!("1 {what}"),
        _ => format!("{count} {what}s"),
    }
}
