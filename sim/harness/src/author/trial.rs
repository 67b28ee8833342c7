//! A trial: a scenario is checked, run on the event world, and what it gives is held against the capture.

use std::net::Ipv4Addr;

use super::compare::{Difference, Kind, differences};
use super::story::Story;
use super::{merge, tap};
use crate::run::{Failure, RunOptions, RunReport, node_of};
use crate::scenario::model::NodeIndex;
use crate::scenario::parse_str;
use crate::suite::Staged;

/// What a trial came to.
pub struct Trial {
    /// The report of the run.
    pub report: RunReport,
    /// Where the run and the capture differ.
    pub differences: Vec<Difference>,
    /// What the run told.
    pub got: Story,
}

impl Trial {
    /// Whether the flow was played to its end and the run gave what the capture holds, acknowledgments apart.
    pub fn reproduces(&self) -> bool {
        self.report.failure.is_none() && self.gravest().is_none()
    }

    /// The first difference that counts.
    pub fn gravest(&self) -> Option<&Difference> {
        self.differences
            .iter()
            .find(|difference| matters(difference.kind))
    }

    /// Why it does not reproduce the capture, in words.
    pub fn reason(&self) -> String {
        match (&self.report.failure, self.gravest()) {
            (Some(failure), _) => of_failure(failure),
            (None, Some(difference)) => difference.to_string(),
            (None, None) => "nothing differs".to_owned(),
        }
    }
}

/// Why a run failed, with what was waited for and what came.
fn of_failure(failure: &Failure) -> String {
    let mut text = failure.summary.clone();
    if let Some((line, _)) = failure.expected.first() {
        text.push_str(&format!("; the script waits for {line}"));
    }
    if let Some(near) = failure.nearest.first() {
        let words: Vec<&str> = near.line.split_whitespace().collect();
        let line = words.join(" ");
        let line = line.split(" // ").next().unwrap_or_default();
        text.push_str(&format!("; there came, at {line}"));
    }
    text
}

/// Whether a difference of this kind makes another story of it.
pub fn matters(kind: Kind) -> bool {
    matches!(kind, Kind::Control | Kind::Data | Kind::Delivered)
}

/// Checks a scenario and runs it; `judged` is the node that is judged, all of them where none is named.
///
/// # Errors
/// Why it cannot run, in words.
pub fn run(
    text: &str,
    story: &Story,
    same_ids: bool,
    judged: Option<usize>,
) -> Result<Trial, String> {
    let linted = parse_str(text).map_err(|mistakes| match mistakes.first() {
        Some(first) => first.to_string(),
        None => "it cannot be read".to_owned(),
    })?;
    let linted = linted.ok_or("it is no scenario")?;
    let scenario = linted
        .file
        .case(0)
        .map_err(|_| "it has no case".to_owned())?;
    let seed = scenario.seed;
    let options = RunOptions {
        system_under_test: judged
            .and_then(|party| u16::try_from(party).ok())
            .map(NodeIndex),
        ..RunOptions::default()
    };
    let staged = Staged {
        scenario: &scenario,
        sources: &linted.file.sources,
        options: &options,
        seed,
        keep_octets: true,
    };
    let ran = staged
        .on_event_world(None, &mut |node| node_of(node, seed, None))
        .map_err(|error| error.to_string())?;
    let mut taps = Vec::new();
    for capture in &ran.captures {
        let tap = tap::read(&capture.node, capture.pcapng.as_slice());
        taps.push(tap.map_err(|error| error.to_string())?);
    }
    let known = known_parties(story);
    let got = merge::merge(taps, Some(&known)).unwrap_or(known);
    Ok(Trial {
        differences: differences(story, &got, same_ids),
        report: ran.report,
        got,
    })
}

/// The parties of a story with the addresses that the nodes of its scenario have.
fn known_parties(story: &Story) -> Story {
    let mut known = Story {
        parties: story.parties.clone(),
        is_seen_at_both_ends: true,
        ..Story::default()
    };
    for (number, party) in known.parties.iter_mut().enumerate() {
        let host = u32::try_from(number + 1).unwrap_or(1);
        party.address = Ipv4Addr::from(u32::from(Ipv4Addr::new(10, 0, 0, 0)) + host);
        party.number = 0;
    }
    known
}
