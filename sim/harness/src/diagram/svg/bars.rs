//! State bars: one along each lifeline for the control connection, others beside it for calls.

use std::collections::BTreeMap;

use super::super::ladder::{EventKind, Ladder, Level, State, Track};
use super::super::order::What;
use super::super::wrap::short;
use super::columns::{BAR, Columns, STATE_LETTERS};
use super::heights::Heights;
use super::ink::Ink;

/// Draws every bar, and beside the outer lifelines the names of states.
pub fn draw(ladder: &Ladder, columns: &Columns, heights: &Heights, ink: &mut Ink) {
    let mut open: BTreeMap<(usize, &Track), (i64, usize, &State)> = BTreeMap::new();
    let mut words = Ink::default();
    for (place, event) in ladder.events.iter().enumerate() {
        let EventKind::State(state) = &event.kind else {
            continue;
        };
        if state.lifeline >= columns.lifelines.len() {
            continue;
        }
        let Some(&y) = heights.of.get(&What::State(place)) else {
            continue;
        };
        if columns.is_outer(state.lifeline) {
            let class = if columns.outward[state.lifeline] < 0 {
                "s q e"
            } else {
                "s q"
            };
            let title = short(&state.title(), STATE_LETTERS);
            words.say(class, (columns.state(state.lifeline), y + 4), &title);
        }
        let key = (state.lifeline, &state.track);
        if let Some((from, lane, before)) = open.remove(&key) {
            bar(columns, lane, before, (from, y), ink);
        }
        if let Some(&lane) = columns.lane_of.get(&place)
            && state.level != Level::None
        {
            open.insert(key, (y, lane, state));
        }
    }
    for (from, lane, state) in open.into_values() {
        bar(columns, lane, state, (from, heights.bottom), ink);
    }
    ink.add(words);
}

fn bar(columns: &Columns, lane: usize, state: &State, (from, to): (i64, i64), ink: &mut Ink) {
    let class = match (state.track.is_call, state.level) {
        (false, Level::Established) => "C",
        (false, _) => "D",
        (true, Level::Established) => "E",
        (true, _) => "F",
    };
    let at = (columns.bar(state.lifeline, lane), from);
    ink.bar(class, at, (BAR, (to - from).max(2)), &state.title());
}
