//! What stands beside an event in the column at the right: fields, marks, notes, and titles for which its arrow has no room.

use super::super::arrow::{Arrow, MarkKind};
use super::super::ladder::{EventKind, Ladder, NoteKind};
use super::super::wrap::wrap;
use super::columns::{Columns, DETAIL_LETTERS};

/// A line of details.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Detail {
    /// Classes of the style sheet.
    pub class: &'static str,
    /// What it says.
    pub text: String,
}

/// The most lines of one event; the rest is told by an ellipsis.
const MOST_LINES: usize = 12;

/// The lines beside the event at `place`.
pub fn details(ladder: &Ladder, columns: &Columns, place: usize) -> Vec<Detail> {
    let mut lines = Vec::new();
    match &ladder.events[place].kind {
        EventKind::Arrow(arrow) => of_arrow(ladder, columns, arrow, &mut lines),
        EventKind::State(state) => {
            if let Some(lifeline) = ladder.lifelines.get(state.lifeline) {
                add(
                    &mut lines,
                    "m q",
                    &format!("{}: {}", lifeline.name, state.title()),
                );
            }
        }
        EventKind::Note(note) => match note.kind {
            NoteKind::Step => add(&mut lines, "m i", &format!("▸ {}", note.text)),
            NoteKind::Remark => add(&mut lines, "m", &note.text),
        },
    }
    if lines.len() > MOST_LINES {
        lines.truncate(MOST_LINES);
        if let Some(last) = lines.last_mut() {
            last.text.push('…');
        }
    }
    lines
}

fn of_arrow(ladder: &Ladder, columns: &Columns, arrow: &Arrow, lines: &mut Vec<Detail>) {
    if !has_room(columns, arrow) {
        let name = |place: usize| {
            ladder
                .lifelines
                .get(place)
                .map_or("?", |line| line.name.as_str())
        };
        let title = format!(
            "{} → {}  {}",
            name(arrow.from),
            name(arrow.to),
            arrow.title()
        );
        add(lines, "m n", &title);
    }
    let fields = arrow.details();
    add_words(lines, "m q", fields.iter().map(String::as_str));
    for mark in &arrow.marks {
        let class = match mark.kind {
            MarkKind::Plain => "m",
            MarkKind::Path => "m w",
            MarkKind::Gone => "m o",
            MarkKind::Finding => "m n o",
        };
        add(lines, class, &mark.text);
    }
}

fn add(lines: &mut Vec<Detail>, class: &'static str, text: &str) {
    add_words(lines, class, text.split(' '));
}

fn add_words<'w>(
    lines: &mut Vec<Detail>,
    class: &'static str,
    words: impl Iterator<Item = &'w str>,
) {
    let wrapped = wrap(words, DETAIL_LETTERS).into_iter();
    lines.extend(wrapped.map(|text| Detail { class, text }));
}

/// Whether the arrow is long enough for its title, whose letters are about 7 pixels wide.
pub fn has_room(columns: &Columns, arrow: &Arrow) -> bool {
    let at = |place: usize| columns.lifelines.get(place).copied().unwrap_or(0);
    let length = (at(arrow.to) - at(arrow.from)).abs();
    arrow.title().chars().count() as i64 * 7 + 40 <= length
}
