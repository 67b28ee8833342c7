//! The ladder as a `sequenceDiagram` of Mermaid. GitHub takes 50,000 characters of one; what is more is counted instead of drawn.

use pptp_wire::time::Instant;

use super::arrow::{Arrow, Fate, Plane};
use super::ladder::{Event, EventKind, Ladder, NoteKind};
use super::order::{LONG, Point, What, points, span};
use super::wrap::{short, wrap};

/// What is kept of the 50,000 characters that Mermaid takes, for the end of the diagram.
const MOST: usize = 48_000;
/// Letters in a line of a label.
const LETTERS: usize = 64;
/// Lines of fields below the title of a message.
const FIELD_LINES: usize = 3;
/// The most participants that a diagram shows.
const MOST_PARTICIPANTS: usize = 24;

/// Draws a ladder.
pub fn draw(ladder: &Ladder) -> String {
    let shown = ladder.lifelines.len().min(MOST_PARTICIPANTS);
    let mut text = "sequenceDiagram\n".to_owned();
    text.push_str(&format!(
        "    title {}\n",
        label(&short(&ladder.title, 200))
    ));
    for (place, lifeline) in ladder.lifelines.iter().take(shown).enumerate() {
        let mut alias = label(&short(&lifeline.name, 60));
        if !lifeline.about.is_empty() {
            alias.push_str(&format!("<br/>{}", label(&short(&lifeline.about, 60))));
        }
        text.push_str(&format!("    participant n{place} as {alias}\n"));
    }
    if shown == 0 {
        text.push_str("    participant n0 as #40;nobody#41;\n");
    }
    let across = match shown {
        0 | 1 => "n0".to_owned(),
        count => format!("n0,n{}", count - 1),
    };
    let facts: Vec<String> = ladder.facts.iter().map(|fact| label(fact)).collect();
    if !facts.is_empty() {
        text.push_str(&format!(
            "    Note over {across}: {}\n",
            facts.join("<br/>")
        ));
    }
    let left_out = events(ladder, shown, &across, &mut text);
    let mut end: Vec<String> = ladder
        .remarks
        .iter()
        .take(20)
        .map(|remark| lines(remark))
        .collect();
    if left_out > 0 {
        end.push(format!(
            "{left_out} more events are not drawn#58; Mermaid takes 50,000 characters"
        ));
    }
    if !end.is_empty() {
        let mut note = end.join("<br/>");
        if note.len() > 1_500 {
            note = end.last().cloned().unwrap_or_default();
        }
        text.push_str(&format!("    Note over {across}: {note}\n"));
    }
    text
}

/// Draws the events as far as there is room for them; gives the number of those that are left out.
fn events(ladder: &Ladder, shown: usize, across: &str, text: &mut String) -> usize {
    let mut now: Option<Instant> = None;
    let mut left_out = 0;
    let mut states: Option<(usize, Instant, Vec<String>)> = None;
    let is_drawn = |what: &What| matches!(what, What::Send(_) | What::State(_) | What::Note(_));
    for Point { at, what } in points(ladder).into_iter() {
        let passed = now.map(|now| at.since(now));
        now = Some(at);
        if left_out > 0 {
            left_out += usize::from(is_drawn(&what));
            continue;
        }
        let mut line = String::new();
        if let Some(passed) = passed.filter(|passed| *passed >= LONG) {
            line = format!("    Note over {across}: ⋮ {}\n", span(passed));
        }
        let state = state_of(ladder, shown, what);
        let goes_on = matches!((&state, &states), (Some((lifeline, _)), Some((last, when, _))) if lifeline == last && *when == at);
        if !goes_on && let Some(done) = states.take() {
            line = format!("{}{line}", note_of_states(shown, &done));
        }
        match (state, what) {
            (Some((lifeline, told)), _) => {
                let open = states.get_or_insert((lifeline, at, Vec::new()));
                open.2.push(told);
            }
            (None, What::Send(place) | What::Note(place)) => {
                line.push_str(&one(&ladder.events[place], shown, across));
            }
            _ => {}
        }
        if text.len() + line.len() > MOST {
            left_out += 1;
        } else {
            text.push_str(&line);
        }
    }
    if left_out == 0
        && let Some(done) = states
    {
        text.push_str(&note_of_states(shown, &done));
    }
    left_out
}

fn state_of(ladder: &Ladder, shown: usize, what: What) -> Option<(usize, String)> {
    let What::State(place) = what else {
        return None;
    };
    match &ladder.events[place].kind {
        EventKind::State(state) if state.lifeline < shown => {
            Some((state.lifeline, label(&short(&state.title(), LETTERS))))
        }
        _ => None,
    }
}

fn note_of_states(shown: usize, (lifeline, _, titles): &(usize, Instant, Vec<String>)) -> String {
    let side = if *lifeline + 1 == shown && shown > 1 {
        "right"
    } else {
        "left"
    };
    format!("    Note {side} of n{lifeline}: {}\n", titles.join("<br/>"))
}

/// One message or note.
fn one(event: &Event, shown: usize, across: &str) -> String {
    match &event.kind {
        EventKind::Arrow(arrow) if arrow.from < shown && arrow.to < shown => {
            message(event.at, arrow)
        }
        EventKind::Note(note) => {
            let mark = match note.kind {
                NoteKind::Step => "script#58; ",
                NoteKind::Remark => "",
            };
            format!(
                "    Note over {across}: {} {mark}{}\n",
                event.at,
                lines(&note.text)
            )
        }
        EventKind::Arrow(_) | EventKind::State(_) => String::new(),
    }
}

fn message(at: Instant, arrow: &Arrow) -> String {
    let is_lost = |fate: &Fate| matches!(fate, Fate::Lost(_) | Fate::UnderWay);
    let all_lost = arrow.ends.iter().all(|end| is_lost(&end.fate));
    let shape = match (arrow.plane, all_lost) {
        (Plane::Tcp, false) => "-->>",
        (Plane::Tcp, true) => "--x",
        (Plane::Control, false) => "->>",
        (Plane::Gre, false) => "-)",
        (_, true) => "-x",
    };
    let mut told = format!("{at} {}", label(&arrow.title()));
    let fields = arrow.details();
    let wrapped = wrap(fields.iter().map(String::as_str), LETTERS);
    for (place, line) in wrapped.iter().enumerate() {
        if place == FIELD_LINES {
            told.push_str("<br/>…");
            break;
        }
        told.push_str(&format!("<br/>{}", label(line)));
    }
    for mark in arrow.marks.iter().take(8) {
        told.push_str(&format!("<br/>{}", lines(&format!("({})", mark.text))));
    }
    if arrow.ends.iter().any(|end| end.fate == Fate::UnderWay) {
        told.push_str("<br/>#40;had not arrived at the end#41;");
    }
    format!("    n{}{shape}n{}: {told}\n", arrow.from, arrow.to)
}

/// A long text as lines of a label, at most six.
fn lines(text: &str) -> String {
    let wrapped = wrap(text.split(' '), LETTERS);
    let mut told: Vec<String> = wrapped.iter().take(6).map(|line| label(line)).collect();
    if wrapped.len() > 6 {
        told.push("…".to_owned());
    }
    told.join("<br/>")
}

/// Text as a label holds it: what Mermaid or HTML would take for something else stands as its number.
fn label(text: &str) -> String {
    let mut label = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            'a'..='z'
            | 'A'..='Z'
            | '0'..='9'
            | ' '
            | '.'
            | ','
            | '='
            | '-'
            | '_'
            | '/'
            | '\''
            | '+' => {
                label.push(letter);
            }
            '×' | '…' | '→' | '⋮' => label.push(letter),
            letter if letter < ' ' || matches!(letter, '\u{7f}'..='\u{9f}') => {
                label.push('\u{fffd}')
            }
            letter if letter.is_alphabetic() => label.push(letter),
            letter => label.push_str(&format!("#{};", u32::from(letter))),
        }
    }
    label
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_leaves_a_label() {
        assert_eq!(
            label("a;b#c\"d\"<br/>%%{x}\n"),
            "a#59;b#35;c#34;d#34;#60;br/#62;#37;#37;#123;x#125;\u{fffd}"
        );
        assert_eq!(label("payload-length=3..4, ×2"), "payload-length=3..4, ×2");
    }
}
