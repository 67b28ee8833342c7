//! The matrix for people: a grid a network, then what stands behind its marks.

use std::collections::BTreeMap;
use std::fmt::Write;

use pptp_proto::{ProfileDefinition, Role};
use pptp_wire::time::Duration;
use pptp_wire::{Requirement, Severity};

use super::cause::Cause;
use super::matrix::{Matrix, NETWORKS, Network, Pair, profiles_of};
use super::meanings::{MEANINGS, Question};
use super::way::{Wait, Way};

/// The width of a column of the grid.
const COLUMN: usize = 12;

/// The whole matrix. Ends with a line end.
pub fn matrix_text(matrix: &Matrix) -> String {
    let mut text = String::new();
    legend(&mut text);
    for network in NETWORKS {
        grid(&mut text, matrix, network);
    }
    interplay(&mut text, matrix);
    text.push_str(
        "\nEnd by end: the values of the profile that its marks come from, each with its source; what the rules find against RFC 2637,\n\
         in how many of its meetings, and what was seen first; the ids of mere notes.\n",
    );
    for (end, role) in [(0, Role::Pns), (1, Role::Pac)] {
        for profile in profiles_of(role) {
            one_end(&mut text, matrix, profile, end);
        }
    }
    text
}

/// What a mark is about, in a word.
const fn heading(question: Question) -> &'static str {
    match question {
        Question::Call => "c  call",
        Question::Data => "d  data",
        Question::Acknowledgment => "a  acknowledgments",
        Question::CallEnd => "e  end of the call",
        Question::ControlEnd => "e  end of the connection",
    }
}

fn legend(text: &mut String) {
    text.push_str(
        "Who works with whom. A cell reads `c dd aa ee`: the call; data to the PAC, to the PNS; acknowledged by the PAC, by the PNS;\n\
         the end of the call, of the control connection. `.` is what RFC 2637 asks for, or leaves free.\n\n",
    );
    let mut last = None;
    for meaning in MEANINGS {
        let head = match last == Some(meaning.question) {
            true => "",
            false => heading(meaning.question),
        };
        last = Some(meaning.question);
        let _ = writeln!(text, "  {head:<26}{}  {}", meaning.mark, meaning.text);
    }
}

fn grid(text: &mut String, matrix: &Matrix, network: &Network) {
    let _ = write!(text, "\n{}: {}\n\n  ", network.name, network.text);
    let mut line = format!("{:<COLUMN$}", "PNS \\ PAC");
    for pac in profiles_of(Role::Pac) {
        let _ = write!(line, "{:<COLUMN$}", pac.name);
    }
    let _ = writeln!(text, "{}", line.trim_end());
    for pns in profiles_of(Role::Pns) {
        let mut line = format!("{:<COLUMN$}", pns.name);
        for pac in profiles_of(Role::Pac) {
            let marks = matrix
                .pair(network.name, pns.name, pac.name)
                .map_or_else(String::new, |pair| pair.marks.to_string());
            let _ = write!(line, "{marks:<COLUMN$}");
        }
        let _ = writeln!(text, "  {}", line.trim_end());
    }
}

/// What two ends make of one another, where it is not the doing of one alone.
fn interplay(text: &mut String, matrix: &Matrix) {
    text.push_str("\nWhat ends make of one another, where it is not the doing of one alone:\n\n");
    for pair in &matrix.pairs {
        for line in troubles(pair) {
            let who = format!("{} -> {}", pair.pns.name, pair.pac.name);
            let _ = writeln!(text, "  {:<6} {who:<24} {line}", pair.network.name);
        }
    }
}

fn troubles(pair: &Pair) -> Vec<String> {
    let meeting = &pair.meeting;
    let mut lines = Vec::new();
    if let Some(failure) = &meeting.failure {
        lines.push(format!("the scenario fails: {failure}"));
    }
    for (sender, way) in meeting.ways.iter().enumerate() {
        let (from, to) = match sender {
            0 => ("PNS", "PAC"),
            _ => ("PAC", "PNS"),
        };
        if way.time_outs > 0
            && pair.network.name == "clean"
            && pair.marks.acknowledgment[sender] != '.'
        {
            let plural = if way.time_outs == 1 { "" } else { "s" };
            lines.push(format!(
                "the {from} ran into {} time-out{plural}: the {to} acknowledged {}",
                way.time_outs,
                how_acknowledged(way)
            ));
        }
        if way.unsent > 0 {
            lines.push(format!("the {from} never sent {} packets", way.unsent));
        }
        if pair.marks.acknowledgment[sender] == 'z' {
            lines.push(format!(
                "the {from}'s first packet, number 0, was acknowledged {}, with a later one",
                wait_text(way.first_wait)
            ));
        }
    }
    if pair.marks.call_end == 'k' {
        lines.push(match meeting.ending.lingered(0) {
            Some(span) => format!(
                "the PNS kept the call for {}, until the connection ended",
                seconds(span)
            ),
            None => "the PNS kept the call to the end".to_owned(),
        });
    }
    lines
}

fn how_acknowledged(way: &Way) -> String {
    match way.alone {
        0 => "with data of its own alone".to_owned(),
        _ => format!(
            "the first packet {}, later ones {}",
            wait_text(way.first_wait),
            wait_text(way.later_wait)
        ),
    }
}

fn wait_text(wait: Wait) -> String {
    match wait {
        Wait::Nothing => "without delay".to_owned(),
        Wait::For(span) => format!("after {}", seconds(span)),
        Wait::Never => "never".to_owned(),
    }
}

/// `128.50 s`.
fn seconds(span: Duration) -> String {
    let hundredths = span.as_nanos() / 10_000_000;
    format!("{}.{:02} s", hundredths / 100, hundredths % 100)
}

/// What the rules say of one requirement, over all meetings of an end.
struct Broken {
    severity: Severity,
    detail: String,
    meetings: BTreeMap<&'static str, u64>,
}

fn one_end(text: &mut String, matrix: &Matrix, profile: &ProfileDefinition, end: usize) {
    let role = if end == 0 { "PNS" } else { "PAC" };
    let of_it = |pair: &&Pair| pair.profile(end).name == profile.name;
    let pairs: Vec<&Pair> = matrix.pairs.iter().filter(of_it).collect();
    let _ = writeln!(text, "\n{} as {role}\n", profile.name);
    let mut nothing = true;
    for (cause, marks) in causes(&pairs, profile, end) {
        nothing = false;
        let value = format!("{}={}", cause.field, cause.value);
        let _ = writeln!(text, "  {marks:<5}{value:<42} {}", cause.source);
    }
    let mut notes = Vec::new();
    for (requirement, broken) in broken(&pairs, end) {
        nothing = false;
        if broken.severity > Severity::Warning {
            notes.push(requirement.id());
            continue;
        }
        let _ = writeln!(
            text,
            "  {:<9} {:<8} {:<22} {}",
            requirement.id(),
            broken.severity.name(),
            how_often(&broken, &pairs),
            broken.detail
        );
    }
    if !notes.is_empty() {
        let _ = writeln!(text, "  notes     {}", notes.join(" "));
    }
    if nothing {
        text.push_str("  nothing that RFC 2637 does not say\n");
    }
}

/// `clean 5/5, lossy 4/5`: in so many of its meetings.
fn how_often(broken: &Broken, pairs: &[&Pair]) -> String {
    let parts: Vec<String> = NETWORKS
        .iter()
        .filter_map(|network| {
            let all = pairs
                .iter()
                .filter(|pair| pair.network.name == network.name);
            let times = broken.meetings.get(network.name)?;
            Some(format!("{} {times}/{}", network.name, all.count()))
        })
        .collect();
    parts.join(", ")
}

/// The values behind the marks of an end, each once with its marks, in the order of the questions.
fn causes(pairs: &[&Pair], profile: &ProfileDefinition, end: usize) -> Vec<(Cause, String)> {
    let mut causes: Vec<(Cause, String)> = Vec::new();
    for meaning in MEANINGS {
        let appears = pairs.iter().any(|pair| {
            let marks = pair.marks.each(&pair.meeting);
            marks.iter().any(|(question, mark, ends)| {
                (*question, *mark) == (meaning.question, meaning.mark) && ends.contains(&end)
            })
        });
        if !appears {
            continue;
        }
        for cause in Cause::of(profile, end, meaning.question, meaning.mark) {
            match causes
                .iter_mut()
                .find(|(known, _)| known.field == cause.field)
            {
                Some((_, marks)) => marks.push(meaning.mark),
                None => causes.push((cause, meaning.mark.to_string())),
            }
        }
    }
    causes
}

fn broken(pairs: &[&Pair], end: usize) -> BTreeMap<Requirement, Broken> {
    let mut all: BTreeMap<Requirement, Broken> = BTreeMap::new();
    for pair in pairs {
        for found in &pair.meeting.findings[end] {
            let broken = all.entry(found.requirement).or_insert_with(|| Broken {
                severity: found.severity,
                detail: found.detail.clone(),
                meetings: BTreeMap::new(),
            });
            if found.severity < broken.severity {
                broken.severity = found.severity;
                broken.detail.clone_from(&found.detail);
            }
            *broken.meetings.entry(pair.network.name).or_default() += 1;
        }
    }
    all
}
