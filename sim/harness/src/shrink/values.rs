//! Values of lines become smaller: counts, sizes, spans of time; and faults become simpler ones.

use std::ops::ControlFlow;

use pptp_wire::ControlMessageType;
use pptp_wire::time::Duration;

use super::line::{self, Word};
use super::search::Search;
use super::tree;
use crate::scenario::model::{MessageName, Step, StepKind, Until};
use crate::scenario::quantity;

/// Keys whose values name something, or pick a packet: they stay.
const NAMES: &[&str] = &[
    "acknowledgment-number",
    "acknowledgment-only",
    "bit",
    "branch",
    "call",
    "connection",
    "from",
    "nth",
    "sequence-number",
    "to",
    "until",
];

/// Those of them that may be smaller where a fault picks its packets: another packet may do as well.
const PICKS: &[&str] = &["acknowledgment-number", "bit", "nth", "sequence-number"];

/// Tries to drop and to shorten what lines say.
pub fn simplify(search: &mut Search<'_, '_>) -> ControlFlow<()> {
    let mut place = 0;
    while let Some(line) = line_at(search, place) {
        simpler_faults(search, place, &line)?;
        dropped_properties(search, place)?;
        smaller_values(search, place)?;
        place += 1;
    }
    ControlFlow::Continue(())
}

fn line_at(search: &Search<'_, '_>, place: usize) -> Option<String> {
    tree::all(&search.current.flow)
        .get(place)
        .map(|step| step.line.clone())
}

fn attempt_line(search: &mut Search<'_, '_>, place: usize, line: &str) -> ControlFlow<(), bool> {
    let mut candidate = search.current.clone();
    candidate.flow = tree::with_line(&candidate.flow, place, line);
    search.attempt(candidate)
}

/// A packet that is late or corrupt may as well be lost, and a segment that is late be named by the message in it.
fn simpler_faults(search: &mut Search<'_, '_>, place: usize, text: &str) -> ControlFlow<()> {
    let is_fault = tree::all(&search.current.flow)
        .get(place)
        .is_some_and(|step| matches!(step.kind, StepKind::Fault(_)));
    let word = text.split(' ').next().unwrap_or_default();
    if is_fault && word == "delay" && text.contains(" TCP-Segment ") {
        return named_message(search, place, text);
    }
    if !is_fault || !matches!(word, "delay" | "hasten" | "corrupt") || !text.contains(" GRE") {
        return ControlFlow::Continue(());
    }
    let mut words = line::words(&line::without(text, &["by", "bit", "copy"]));
    words[0].text = "drop".to_owned();
    attempt_line(search, place, &line::line(&words)).map_continue(|_| ())
}

/// The first message, of all types in order, whose delay does the same.
fn named_message(search: &mut Search<'_, '_>, place: usize, text: &str) -> ControlFlow<()> {
    let segment = MessageName::TcpSegment.name();
    let text = line::without(text, &["nth"]);
    for (number, _, _) in ControlMessageType::ALL {
        let message = MessageName::Control(ControlMessageType(*number)).name();
        if attempt_line(search, place, &text.replacen(segment, message, 1))? {
            break;
        }
    }
    ControlFlow::Continue(())
}

fn dropped_properties(search: &mut Search<'_, '_>, place: usize) -> ControlFlow<()> {
    let Some(text) = line_at(search, place) else {
        return ControlFlow::Continue(());
    };
    let keys: Vec<String> = line::words(&text)
        .iter()
        .filter_map(|word| Some(word.property()?.0.to_owned()))
        .collect();
    for key in keys {
        // A packet is picked by fewer words only where that is still the same packet; a call keeps its name.
        if matches!(key.as_str(), "call" | "connection" | "sequence-number") {
            continue;
        }
        let Some(now) = line_at(search, place) else {
            break;
        };
        attempt_line(search, place, &line::without(&now, &[&key]))?;
    }
    ControlFlow::Continue(())
}

/// What a line expects may be dropped, but is not asked for sooner, or in another number.
fn expects(step: &Step) -> bool {
    match &step.kind {
        StepKind::Message(line) => !line.sends,
        StepKind::Wait(until) => !matches!(until, Until::Elapsed { .. }),
        StepKind::Expect(_) | StepKind::Any { .. } => true,
        _ => false,
    }
}

fn smaller_values(search: &mut Search<'_, '_>, place: usize) -> ControlFlow<()> {
    let steps = tree::all(&search.current.flow);
    let Some(step) = steps.get(place).filter(|step| !expects(step)) else {
        return ControlFlow::Continue(());
    };
    let is_fault = matches!(step.kind, StepKind::Fault(_));
    let text = step.line.clone();
    let words = line::words(&text);
    let properties: Vec<(&str, &str)> = words
        .iter()
        .filter_map(Word::property)
        .filter(|(key, _)| !NAMES.contains(key) || (is_fault && PICKS.contains(key)))
        .collect();
    for (key, value) in properties {
        for smaller in smaller(value) {
            let Some(now) = line_at(search, place) else {
                break;
            };
            if attempt_line(search, place, &line::with(&now, key, &smaller))? {
                break;
            }
        }
    }
    ControlFlow::Continue(())
}

/// Values to try instead of one, as they are written, the smallest first.
fn smaller(value: &str) -> Vec<String> {
    if let Ok(number) = value.parse::<u64>() {
        return smaller_numbers(number)
            .into_iter()
            .map(|number| number.to_string())
            .collect();
    }
    let Some(inner) = value
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
    else {
        return Vec::new();
    };
    match quantity::duration(inner) {
        Ok(span) => smaller_spans(span)
            .into_iter()
            .map(|span| format!("\"{span}\""))
            .collect(),
        Err(_) => Vec::new(),
    }
}

/// 1, 2, 4, 8, … and what lies a little below: each smaller than the number.
fn smaller_numbers(number: u64) -> Vec<u64> {
    let mut smaller: Vec<u64> = (0..64)
        .map(|power| 1 << power)
        .take_while(|it| *it < number)
        .collect();
    smaller.push(number / 10 * 10);
    smaller.push(number.saturating_sub(number / 8));
    smaller.push(number.saturating_sub(1));
    smaller.retain(|it| *it > 0 && *it < number);
    smaller.sort_unstable();
    smaller.dedup();
    smaller
}

/// Spans to try instead of one, the shortest first: 1, 2, 5, 10, 20, 50, … milliseconds; and, where it is not round, the next round one
/// above it.
pub fn smaller_spans(span: Duration) -> Vec<Duration> {
    let mut spans = vec![Duration::ZERO];
    let mut unit = 1_000_000_u64;
    let mut above = None;
    while above.is_none() && unit < u64::MAX / 100 {
        for times in [1, 2, 5] {
            let round = Duration(unit * times);
            if round < span {
                spans.push(round);
            } else if above.is_none() {
                above = Some(round);
            }
        }
        unit *= 10;
    }
    let is_round = above == Some(span) || span.0.is_multiple_of(1_000_000);
    spans.retain(|it| *it < span);
    if !is_round {
        // The same to the millisecond, before anything longer.
        spans.push(Duration(span.0 / 1_000_000 * 1_000_000));
        spans.extend(above);
    }
    spans.dedup();
    spans
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_become_small_ones_first() {
        assert_eq!(smaller_numbers(20), [1, 2, 4, 8, 16, 18, 19]);
        assert_eq!(smaller_numbers(1), Vec::<u64>::new());
        assert_eq!(smaller("512")[0], "1");
        assert_eq!(smaller("0x0100"), Vec::<String>::new());
    }

    #[test]
    fn spans_become_round_ones() {
        let spans = |nanoseconds| -> Vec<String> {
            let spans = smaller_spans(Duration(nanoseconds));
            spans.iter().map(ToString::to_string).collect()
        };
        assert_eq!(spans(5_000_000), ["0s", "1ms", "2ms"]);
        assert_eq!(spans(3_203_411), ["0s", "1ms", "2ms", "3ms", "5ms"]);
        assert_eq!(spans(0), Vec::<String>::new());
        assert_eq!(spans(17), ["0s", "1ms"]);
        assert_eq!(
            smaller("\"20ms\"").last().map(String::as_str),
            Some("\"10ms\"")
        );
        assert_eq!(smaller("\"10.0.0.1\""), Vec::<String>::new());
    }
}
