//! A failure explains itself: what was expected and where, what came instead, what the network did to it, what the RFC says.

use pptp_wire::Requirement;
use pptp_wire::time::Instant;

use super::matcher::Difference;
use crate::scenario::source::Location;

/// What kind of failure it is.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum FailureKind {
    /// The message of a line did not come in time.
    Missing,
    /// A message came too early, or the last packet of a folded line differs.
    Different,
    /// A control message or TCP event that no line names.
    Unexpected,
    /// A state or value that did not hold.
    State,
    /// GRE where the scenario wants silence.
    NotSilent,
    /// A step that the node's state forbids, or that cannot be performed at all.
    Impossible,
    /// A node that does not offer what a step asks of it.
    Unsupported,
    /// What `finally` asks for did not hold.
    Ending,
    /// Not everything came to rest in time.
    NotAtRest,
    /// A call, a window or a timer that will never be done with.
    NotSettled,
    /// A limit of the run.
    Limit,
    /// A tape that does not fit.
    Tape,
}

impl FailureKind {
    /// The kind's name in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            FailureKind::Missing => "missing",
            FailureKind::Different => "different",
            FailureKind::Unexpected => "unexpected",
            FailureKind::State => "state",
            FailureKind::NotSilent => "not-silent",
            FailureKind::Impossible => "impossible",
            FailureKind::Unsupported => "unsupported",
            FailureKind::Ending => "ending",
            FailureKind::NotAtRest => "not-at-rest",
            FailureKind::NotSettled => "not-settled",
            FailureKind::Limit => "limit",
            FailureKind::Tape => "tape",
        }
    }
}

/// A message that came near to what was expected.
#[derive(Clone, Debug)]
pub struct NearMiss {
    /// The message as a transcript line, with its time.
    pub line: String,
    /// Field by field.
    pub differences: Vec<Difference>,
    /// What the network did to it, if anything.
    pub fate: Option<String>,
}

/// Why a run failed.
#[derive(Clone, Debug)]
pub struct Failure {
    /// The kind.
    pub kind: FailureKind,
    /// When, in virtual time.
    pub at: Instant,
    /// One sentence.
    pub summary: String,
    /// The lines that were waited for: text and place.
    pub expected: Vec<(String, Location)>,
    /// At most three messages that came nearest.
    pub nearest: Vec<NearMiss>,
    /// What stood in the way: faults in force, timers, steps that wait.
    pub circumstances: Vec<String>,
    /// The requirements that are missed.
    pub requirements: Vec<Requirement>,
    /// The command that repeats the run.
    pub replay: String,
}

impl Failure {
    /// The report, several lines, without colours. `clause` gives section and sentence of a requirement. Never panics.
    pub fn text(&self, clause: &dyn Fn(Requirement) -> Option<(String, String)>) -> String {
        let mut text = format!("{} at {}\n", self.summary, self.at);
        for (position, (line, place)) in self.expected.iter().enumerate() {
            let word = if position == 0 {
                "expected"
            } else {
                "      or"
            };
            text.push_str(&format!("  {word}  {line}\n            {place}\n"));
        }
        for near in &self.nearest {
            text.push_str(&format!("  seen     {}\n", near.line.trim_start()));
            for difference in &near.differences {
                text.push_str(&format!(
                    "             {}: expected {}, seen {}",
                    difference.key, difference.expected, difference.seen
                ));
                if let Some(requirement) = difference.requirement {
                    text.push_str(&format!(" [{}]", requirement.id()));
                }
                text.push('\n');
            }
            if let Some(fate) = &near.fate {
                text.push_str(&format!("             {fate}\n"));
            }
        }
        for line in &self.circumstances {
            text.push_str(&format!("  note     {line}\n"));
        }
        for &requirement in &self.requirements {
            text.push_str(&format!("  breaks   {}", requirement.id()));
            if let Some((section, sentence)) = clause(requirement) {
                text.push_str(&format!(" (RFC 2637 §{section}): {sentence}"));
            }
            text.push('\n');
        }
        if !self.replay.is_empty() {
            text.push_str(&format!("  replay   {}\n", self.replay));
        }
        text
    }
}
