//! The whole scenario as text: what the capture shows, the nodes and why they are what they are, links, flow, and what must hold.

use super::cast::{Cast, Endpoint};
use super::compare::Difference;
use super::faults::{delay_word, least_delay};
use super::flow;
use super::names::Names;
use super::pace::rounded;
use super::story::{Fate, Story, What};
use super::summary;
use crate::transcript::quoted;

/// Characters of a line of comment.
const WIDTH: usize = 120;

/// What a path takes at least where only one tap tells, in nanoseconds: nothing arrives as it is sent.
const LEAST_DELAY: u64 = 100_000;

/// What a scenario is written from.
pub struct Draft<'s> {
    /// What the capture is called.
    pub capture: &'s str,
    /// What it tells.
    pub story: &'s Story,
    /// Who plays whom.
    pub cast: &'s [Cast],
    /// The names.
    pub names: &'s Names,
    /// Lines of `finally`.
    pub finally: &'s [String],
    /// What remains different.
    pub remaining: &'s [Difference],
}

/// Writes it.
///
/// # Errors
/// What an endpoint in the cast cannot be told to do.
pub fn write(draft: &Draft<'_>) -> Result<String, String> {
    let mut text = String::new();
    let shown = summary::of(draft.capture, draft.story, draft.cast, draft.names);
    comment(&mut text, "", &shown.comment);
    for line in remaining(draft) {
        comment(&mut text, "", &line);
    }
    text.push_str(&format!("scenario {} {{\n", quoted(&shown.title)));
    for (party, cast) in draft.cast.iter().enumerate() {
        node(&mut text, draft, party, cast);
    }
    links(&mut text, draft);
    text.push_str("\n    flow {\n");
    for line in flow::write(draft.story, draft.cast, draft.names)? {
        text.push_str(&format!("        {line}\n"));
    }
    text.push_str("    }\n");
    if !draft.finally.is_empty() {
        text.push_str("    finally {\n");
        for line in draft.finally {
            text.push_str(&format!("        {line}\n"));
        }
        text.push_str("    }\n");
    }
    text.push_str("}\n");
    Ok(text)
}

/// Adds a comment, folded into lines.
fn comment(text: &mut String, indent: &str, words: &str) {
    let mut line = format!("{indent}//");
    for word in words.split_whitespace() {
        if line.len() + 1 + word.len() > WIDTH {
            text.push_str(&line);
            text.push('\n');
            line = format!("{indent}//");
        }
        line.push(' ');
        line.push_str(word);
    }
    text.push_str(&line);
    text.push('\n');
}

fn remaining(draft: &Draft<'_>) -> Vec<String> {
    draft
        .remaining
        .iter()
        .map(|difference| format!("Differs: {difference}."))
        .collect()
}

fn node(text: &mut String, draft: &Draft<'_>, party: usize, cast: &Cast) {
    let name = &draft.names.nodes[party];
    let address = draft.story.parties[party].address;
    match cast {
        Cast::Endpoint(endpoint) => {
            comment(text, "    ", &format!("{address}: {}", why(endpoint)));
            let mut line = format!("    node {name} role={}", endpoint.role.name());
            if endpoint.profile != "rfc" {
                line.push_str(&format!(" profile={}", endpoint.profile));
            }
            for (key, value) in &endpoint.settings {
                line.push_str(&format!(" {key}={value}"));
            }
            text.push_str(&line);
            if endpoint.misses.is_empty() {
                text.push('\n');
            } else {
                let ids: Vec<String> = endpoint.misses.iter().map(|id| quoted(id)).collect();
                text.push_str(&format!(" {{\n        misses {}\n    }}\n", ids.join(" ")));
            }
        }
        Cast::Scripted { why } => {
            comment(text, "    ", &format!("{address}: scripted, since {why}"));
            let role = match draft.story.parties[party].role {
                Some(role) => format!(" role={}", role.name()),
                None => String::new(),
            };
            text.push_str(&format!("    node {name}{role} scripted=#true\n"));
        }
    }
}

/// Why this profile, in words.
fn why(endpoint: &Endpoint) -> String {
    let (agreeing, seen) = (endpoint.agreeing.len(), endpoint.seen);
    let nearest = match endpoint.profile {
        "rfc" => {
            "no implementation that is known here is nearer than the RFC's own reading".to_owned()
        }
        profile => format!("nearest to {profile}"),
    };
    match (agreeing, seen) {
        (_, 0) => nearest,
        (agreeing, seen) if agreeing == seen => {
            format!(
                "{nearest}, in all {seen} values seen: {}",
                endpoint.agreeing.join(", ")
            )
        }
        (0, seen) => format!("{nearest}; its {seen} values are set"),
        (agreeing, seen) => format!(
            "{nearest}, in {agreeing} of {seen} values seen ({}); the others are set",
            endpoint.agreeing.join(", ")
        ),
    }
}

fn links(text: &mut String, draft: &Draft<'_>) {
    let story = draft.story;
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    for event in &story.events {
        let (a, b) = (event.from, event.to);
        if a != b && !pairs.contains(&(a, b)) && !pairs.contains(&(b, a)) {
            pairs.push((a, b));
        }
    }
    for (a, b) in pairs {
        let names = &draft.names.nodes;
        let mut inside = String::new();
        let trips: Vec<u64> = story
            .connections
            .iter()
            .filter(|it| (it.opener, it.acceptor) == (a, b) || (it.opener, it.acceptor) == (b, a))
            .filter_map(|it| it.round_trip)
            .collect();
        let control = control_delay(story, (a, b))
            .or_else(|| {
                trips
                    .iter()
                    .min()
                    .map(|trip| rounded(trip / 2, story.is_seen_at_both_ends))
            })
            .unwrap_or(0)
            .max(if story.is_seen_at_both_ends {
                0
            } else {
                LEAST_DELAY
            });
        if control > 0 {
            inside.push_str(&format!("        control {}\n", delay_word(control)));
        }
        let (there, back) = (least_delay(story, a, b), least_delay(story, b, a));
        let gre = there.or(back).unwrap_or(control);
        if gre > 0 {
            inside.push_str(&format!("        gre {}\n", delay_word(gre)));
        }
        if let Some(back) = back.filter(|back| *back != gre) {
            inside.push_str(&format!(
                "        gre from={} {}\n",
                names[b],
                delay_word(back)
            ));
        }
        let (a, b) = (&names[a], &names[b]);
        match inside.as_str() {
            "" => text.push_str(&format!("    link {a} {b} {{}}\n")),
            inside => text.push_str(&format!("    link {a} {b} {{\n{inside}    }}\n")),
        }
    }
}

/// The least time that a control message takes, where taps at both ends tell.
fn control_delay(story: &Story, (a, b): (usize, usize)) -> Option<u64> {
    let taken = story
        .events
        .iter()
        .filter(|event| (event.from, event.to) == (a, b) || (event.from, event.to) == (b, a))
        .filter(|event| matches!(event.what, What::Control { .. }))
        .filter_map(|event| match &event.fate {
            Fate::Arrived(times) => times.first().map(|at| at.saturating_sub(event.at)),
            _ => None,
        });
    taken.min()
}
