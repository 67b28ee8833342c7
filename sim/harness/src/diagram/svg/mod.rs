//! The ladder as an SVG picture that needs nothing beside itself.
//!
//! Times stand at the left, details at the right, and what an arrow is called along the arrow, so that no text stands on another.

mod arrows;
mod bars;
mod columns;
mod details;
mod heights;
mod ink;
mod legend;
mod style;

use super::ladder::{EventKind, Ladder};
use super::wrap::{short, wrap};
use columns::{Columns, LANE, MARGIN};
use heights::{Heights, LINE, heights};
use ink::{Ink, escape};

/// Draws a ladder.
pub fn draw(ladder: &Ladder) -> String {
    let columns = Columns::of(ladder);
    let mut front = Ink::default();
    let top = head(ladder, &columns, &mut front);
    let heights = heights(ladder, &columns, top + 14);
    let bottom = heights.bottom;
    let mut back = Ink::default();
    lifelines(&columns, &heights, top, &mut back);
    bars::draw(ladder, &columns, &heights, &mut back);
    cuts(&columns, &heights, &mut back);
    arrows::draw(ladder, &columns, &heights, &mut front);
    words(&columns, &heights, &mut front);
    for &middle in &heights.heads {
        names(ladder, &columns, middle - 13, &mut front);
    }
    names(ladder, &columns, top - 30, &mut front);
    let end = foot(ladder, &columns, bottom, &mut front);
    let (width, height) = (columns.width, end + MARGIN);
    back.add(front);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" role=\"img\" \
         aria-labelledby=\"title description\">\n<title id=\"title\">{}</title>\n<desc id=\"description\">{}</desc>\n\
         <style>{}</style>\n<rect class=\"g\" width=\"{width}\" height=\"{height}\"/>\n{}</svg>\n",
        escape(&ladder.title),
        escape(&description(ladder)),
        style::sheet(),
        back.text()
    )
}

/// What the picture shows, for those who cannot see it.
fn description(ladder: &Ladder) -> String {
    let names: Vec<&str> = ladder
        .lifelines
        .iter()
        .map(|line| line.name.as_str())
        .collect();
    let messages: u64 = ladder.arrows().map(super::arrow::Arrow::packets).sum();
    let last = ladder.events.last().map_or_else(String::new, |event| {
        format!(", the last event at {} s", event.at)
    });
    format!(
        "Sequence diagram: {messages} messages among {}{last}. {}",
        names.join(", "),
        ladder.remarks.join(". ")
    )
}

/// Title and facts, and room for the names; gives the height at which lifelines begin.
fn head(ladder: &Ladder, columns: &Columns, ink: &mut Ink) -> i64 {
    let room = columns.width - 2 * MARGIN;
    let mut y = MARGIN + 14;
    for line in wrap(ladder.title.split(' '), (room / 9).unsigned_abs() as usize) {
        ink.say("T", (MARGIN, y), &line);
        y += 20;
    }
    let facts = ladder.facts.iter();
    for line in facts.flat_map(|fact| wrap(fact.split(' '), (room / 7).unsigned_abs() as usize)) {
        ink.say("m q", (MARGIN, y - 3), &line);
        y += LINE;
    }
    y + 44
}

/// The names of all lifelines, in boxes.
fn names(ladder: &Ladder, columns: &Columns, y: i64, ink: &mut Ink) {
    let room = match columns.lifelines.as_slice() {
        [one, two, ..] => two - one - 10,
        _ => 200,
    };
    let letters = (room / 8).unsigned_abs() as usize;
    for (lifeline, &x) in ladder.lifelines.iter().zip(&columns.lifelines) {
        let name = short(&lifeline.name, letters);
        let about = short(&lifeline.about, (room / 6).unsigned_abs() as usize);
        let widest = (name.chars().count() * 8).max(about.chars().count() * 6) as i64;
        let width = (widest + 16).max(56);
        let first = if about.is_empty() { y + 17 } else { y + 12 };
        ink.panel("p", (x - width / 2, y - 2), (width, 28));
        ink.say("n c", (x, first), &name);
        if !about.is_empty() {
            ink.say("s q c", (x, y + 23), &about);
        }
    }
}

/// The lifelines from top to bottom.
fn lifelines(columns: &Columns, heights: &Heights, top: i64, ink: &mut Ink) {
    for &x in &columns.lifelines {
        ink.line("v", (x, top - 2), (x, heights.bottom));
    }
}

/// Lifelines and bars are cut where time is left out.
fn cuts(columns: &Columns, heights: &Heights, ink: &mut Ink) {
    for (lifeline, &x) in columns.lifelines.iter().enumerate() {
        let bars = columns.lanes[lifeline].saturating_sub(1) as i64 * LANE + 7;
        let (left, right) = match columns.outward[lifeline] {
            -1 => (x - bars, x + 7),
            _ => (x - 7, x + bars),
        };
        for &(y, _) in &heights.breaks {
            ink.shape(
                "g",
                &[(left, y), (right, y - 4), (right, y + 1), (left, y + 5)],
            );
            ink.line("r", (left, y), (right, y - 4));
            ink.line("r", (left, y + 5), (right, y + 1));
        }
    }
}

/// Times, breaks and details.
fn words(columns: &Columns, heights: &Heights, ink: &mut Ink) {
    for (y, time) in &heights.times {
        ink.say("m q e", (columns.time, y + 3), time);
    }
    for (y, span) in &heights.breaks {
        ink.say("m q e", (columns.time, y + 3), &format!("⋮ {span}"));
    }
    for (y, lines) in &heights.details {
        for (place, line) in lines.iter().enumerate() {
            let y = y + 3 + place as i64 * LINE;
            ink.say(line.class, (columns.details, y), &line.text);
        }
    }
}

/// Remarks and the key to what occurs; gives the height at which it all ends.
fn foot(ladder: &Ladder, columns: &Columns, bottom: i64, ink: &mut Ink) -> i64 {
    let room = ((columns.width - 2 * MARGIN) / 7).unsigned_abs() as usize;
    let mut y = bottom + 18;
    for remark in &ladder.remarks {
        for line in wrap(remark.split(' '), room) {
            ink.say("m", (MARGIN, y), &line);
            y += LINE;
        }
    }
    legend::draw(ladder, columns, y + 8, ink)
}

/// Whether any state is shown.
fn has_states(ladder: &Ladder, calls: bool) -> bool {
    ladder
        .events
        .iter()
        .any(|event| matches!(&event.kind, EventKind::State(state) if state.track.is_call == calls))
}
