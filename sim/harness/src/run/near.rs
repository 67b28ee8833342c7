//! What came near to what was expected, and what stood in the way: the substance of a failure report.

use pptp_wire::time::Instant;
use pptp_world::{NodeId, Query, Stage, Value};

use super::driver::Driver;
use super::failure::NearMiss;
use super::matcher::{Difference, FoldPlace, differences, node_id};
use super::message::Seen;
use crate::scenario::model::MessageLine;
use crate::transcript::{Mark, render_entry};

/// How many near misses a report shows.
const NEAREST: usize = 3;

impl<S: Stage> Driver<'_, S> {
    pub(super) fn entry_line(&self, entry: usize) -> String {
        self.log
            .entry(entry)
            .map_or_else(String::new, |entry| render_entry(self.log.names(), entry))
    }

    pub(super) fn near_miss(&self, line: &MessageLine, seen: &Seen, place: FoldPlace) -> NearMiss {
        NearMiss {
            line: self.entry_line(seen.entry),
            differences: self.named_differences(line, seen, place),
            fate: self.fate_of(seen),
        }
    }

    /// What the network or the receiver did to a message, if anything.
    fn fate_of(&self, seen: &Seen) -> Option<String> {
        let mut entry = self.log.entry(seen.entry).cloned()?;
        let is_fate = |mark: &Mark| {
            matches!(
                mark,
                Mark::Lost(_) | Mark::Corrupted | Mark::Delayed(_) | Mark::Refused(_)
            )
        };
        let marks = entry.marks_mut()?;
        let fates: Vec<String> = marks
            .iter()
            .filter(|mark| is_fate(mark))
            .map(Mark::text)
            .collect();
        (!fates.is_empty()).then(|| fates.join("; "))
    }

    /// Differences as a reader wants them: nodes by name, and of another message no fields.
    pub(super) fn named_differences(
        &self,
        line: &MessageLine,
        seen: &Seen,
        place: FoldPlace,
    ) -> Vec<Difference> {
        let mut found = differences(line, seen, &self.bindings, place);
        if found.iter().any(|difference| difference.key == "message") {
            found.retain(|difference| matches!(difference.key.as_str(), "message" | "direction"));
        }
        let names = self.log.names();
        for difference in found
            .iter_mut()
            .filter(|difference| difference.key == "direction")
        {
            let (from, to) = (node_id(line.from), node_id(line.to));
            difference.expected = format!("{} -> {}", names.of(from), names.of(to));
            difference.seen = format!("{} -> {}", names.of(seen.from), names.of(seen.to));
        }
        if place == FoldPlace::Last {
            for difference in &mut found {
                difference.expected.push_str(" in the last packet");
            }
        }
        found
    }

    /// The messages seen since `since` that differ least from one of the lines; the latest first among equals.
    pub(super) fn nearest(&self, lines: &[&MessageLine], since: Instant) -> Vec<NearMiss> {
        let mut candidates: Vec<(usize, NearMiss)> = Vec::new();
        for seen in self.recent.all(&self.log).filter(|seen| seen.at >= since) {
            let best = lines
                .iter()
                .map(|line| self.near_miss(line, &seen, FoldPlace::Single))
                .min_by_key(|near| weight(&near.differences));
            if let Some(near) = best {
                candidates.push((weight(&near.differences), near));
            }
        }
        candidates.sort_by_key(|(weight, _)| *weight);
        candidates
            .into_iter()
            .map(|(_, near)| near)
            .take(NEAREST)
            .collect()
    }

    /// Faults in force, steps that wait, and what the nodes wait for.
    pub(super) fn circumstances(&self) -> Vec<String> {
        let mut notes = Vec::new();
        for fault in self.faults.iter().filter(|fault| fault.active) {
            notes.push(format!("in force: {}", fault.text));
        }
        for plan in self.plans.iter().filter(|plan| plan.waits()) {
            notes.push(format!(
                "not performed yet: {} (what it answers has not arrived, or no connection is open)",
                plan.step().text
            ));
        }
        for (position, node) in self.scenario.nodes.iter().enumerate() {
            let id = NodeId(u16::try_from(position).unwrap_or(u16::MAX));
            if let Some(Value::Timer(at, cause)) = self.stage.query(id, &Query::NextTimer) {
                notes.push(format!("{} waits until {at}: {cause}", node.name));
            }
        }
        notes
    }
}

/// Which packet of a folded line is the one that can be wrong: the last.
pub(super) fn last_of(line: &MessageLine) -> FoldPlace {
    match line.packets {
        Some(packets) if packets > 1 => FoldPlace::Last,
        _ => FoldPlace::Single,
    }
}

/// A wrong message or direction weighs more than a wrong field.
fn weight(found: &[Difference]) -> usize {
    found
        .iter()
        .map(|difference| {
            if matches!(difference.key.as_str(), "message" | "direction" | "view") {
                10
            } else {
                1
            }
        })
        .sum()
}
