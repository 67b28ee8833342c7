//! Events become a ladder: packets are folded as they come, and what is too much is counted instead of drawn.

use std::collections::BTreeMap;

use pptp_wire::time::Instant;

use super::arrow::{Arrow, Mark, Numbers};
use super::fold::{RunKey, run_key, take};
use super::ladder::{Event, EventKind, Ladder, Lifeline};

/// The most events that a ladder holds; what comes after is counted.
pub const MOST_EVENTS: usize = 10_000;
/// The most lifelines.
pub const MOST_LIFELINES: usize = 64;

/// Collects events in the order of time.
#[derive(Debug, Default)]
pub struct Builder {
    ladder: Ladder,
    /// The place of the run that is open, by what its packets have in common.
    open: BTreeMap<RunKey, usize>,
    left_out: u64,
    /// Messages of lifelines that are too many to be drawn.
    unseen: u64,
}

impl Builder {
    /// Nothing has happened.
    pub fn new(title: String, facts: Vec<String>) -> Builder {
        let ladder = Ladder {
            title,
            facts,
            ..Ladder::default()
        };
        Builder {
            ladder,
            ..Builder::default()
        }
    }

    /// Adds a lifeline at the right; `None` where there are too many.
    pub fn lifeline(&mut self, name: String, about: String) -> Option<usize> {
        if self.ladder.lifelines.len() == MOST_LIFELINES {
            return None;
        }
        self.ladder.lifelines.push(Lifeline { name, about });
        Some(self.ladder.lifelines.len() - 1)
    }

    /// The lifeline's own words, to change them once more is known.
    pub fn lifeline_mut(&mut self, place: usize) -> Option<&mut Lifeline> {
        self.ladder.lifelines.get_mut(place)
    }

    /// A message that cannot be drawn for want of a lifeline.
    pub fn without_lifeline(&mut self) {
        self.unseen += 1;
    }

    /// Adds a message, or makes it part of the run before; gives the place of its arrow, unless there are too many.
    pub fn arrow(&mut self, at: Instant, order: u64, arrow: Arrow) -> Option<usize> {
        let key = run_key(&arrow);
        let Some(key) = key else {
            return self.add(at, order, EventKind::Arrow(Box::new(arrow)));
        };
        let mut arrow = arrow;
        if let Some(&place) = self.open.get(&key)
            && let Some(Event {
                kind: EventKind::Arrow(run),
                ..
            }) = self.ladder.events.get_mut(place)
        {
            match take(run, arrow, at, order) {
                None => return Some(place),
                Some(back) => arrow = back,
            }
        }
        // A packet that begins a run ends the direction's other run too, so that arrows stay in the order of sending.
        self.open.remove(&(key.0, key.1, key.2, !key.3));
        self.open.remove(&key);
        let place = self.add(at, order, EventKind::Arrow(Box::new(arrow)))?;
        if self.open.len() >= MOST_EVENTS {
            self.open.clear();
        }
        self.open.insert(key, place);
        Some(place)
    }

    /// Adds anything else.
    pub fn add(&mut self, at: Instant, order: u64, kind: EventKind) -> Option<usize> {
        if self.ladder.events.len() == MOST_EVENTS {
            self.left_out += 1;
            return None;
        }
        self.ladder.events.push(Event { at, order, kind });
        Some(self.ladder.events.len() - 1)
    }

    /// Marks an arrow.
    pub fn mark(&mut self, place: usize, mark: Mark) {
        if let Some(Event {
            kind: EventKind::Arrow(arrow),
            ..
        }) = self.ladder.events.get_mut(place)
        {
            arrow.marks.push(mark);
        }
    }

    /// Adds a field before those of an arrow.
    pub fn add_field(&mut self, place: usize, field: String) {
        if let Some(Event {
            kind: EventKind::Arrow(arrow),
            ..
        }) = self.ladder.events.get_mut(place)
        {
            arrow.fields.insert(0, field);
        }
    }

    /// Adds a line that stands at the end.
    pub fn remark(&mut self, text: String) {
        self.ladder.remarks.push(text);
    }

    /// The ladder, which says what is not in it.
    pub fn finish(mut self) -> Ladder {
        if self.left_out > 0 {
            self.ladder.remarks.push(format!(
                "{} more events are not drawn: a diagram holds {MOST_EVENTS}",
                self.left_out
            ));
        }
        if self.unseen > 0 {
            self.ladder.remarks.push(format!(
                "{} messages of further addresses are not drawn: a diagram holds {MOST_LIFELINES}",
                self.unseen
            ));
        }
        let seconds: Vec<Event> = self.ladder.events.iter_mut().filter_map(second).collect();
        self.ladder.events.extend(seconds);
        self.ladder
            .events
            .sort_by_key(|event| (event.at, event.order));
        self.ladder
    }
}

/// Two packets are no run: takes the second from the first, where nothing is lost by it.
fn second(event: &mut Event) -> Option<Event> {
    let EventKind::Arrow(arrow) = &mut event.kind else {
        return None;
    };
    let numbers = arrow.numbers?;
    let is_plain = numbers.payload_length.0 == numbers.payload_length.1;
    let run = arrow.run.take_if(|run| run.packets == 2 && is_plain)?;
    let last = |pair: Option<(u32, u32)>| pair.map(|(_, last)| (last, last));
    let first = |pair: Option<(u32, u32)>| pair.map(|(first, _)| (first, first));
    let mut next = arrow.clone();
    next.numbers = Some(Numbers {
        sequence: last(numbers.sequence),
        acknowledgment: last(numbers.acknowledgment),
        ..numbers
    });
    next.ends = vec![run.end];
    arrow.numbers = Some(Numbers {
        sequence: first(numbers.sequence),
        acknowledgment: first(numbers.acknowledgment),
        ..numbers
    });
    Some(Event {
        at: run.until,
        order: run.order,
        kind: EventKind::Arrow(next),
    })
}

#[cfg(test)]
mod tests {
    use super::super::arrow::{End, Fate, Plane};
    use super::super::ladder::{Note, NoteKind};
    use super::*;

    fn packet(number: u32) -> Arrow {
        Arrow {
            from: 0,
            to: 1,
            plane: Plane::Gre,
            name: "GRE".to_owned(),
            fields: Vec::new(),
            numbers: Some(Numbers {
                call_id: 7,
                sequence: Some((number, number)),
                acknowledgment: None,
                payload_length: (8, 8),
            }),
            marks: Vec::new(),
            ends: vec![End {
                at: Some(Instant(u64::from(number) + 5)),
                order: 0,
                fate: Fate::Arrived,
                late: false,
            }],
            run: None,
        }
    }

    fn drawn(numbers: impl Iterator<Item = u32>) -> Ladder {
        let mut builder = Builder::new(String::new(), Vec::new());
        for number in numbers {
            builder.arrow(Instant(number.into()), number.into(), packet(number));
        }
        builder.finish()
    }

    #[test]
    fn two_packets_are_no_run_and_three_are_one() {
        let titles = |ladder: &Ladder| ladder.arrows().map(Arrow::title).collect::<Vec<_>>();
        let two = drawn(4..6);
        assert_eq!(titles(&two), ["GRE 4", "GRE 5"]);
        assert_eq!(two.events[1].at, Instant(5));
        let ends: Vec<_> = two.arrows().map(|arrow| arrow.ends[0].at).collect();
        assert_eq!(ends, [Some(Instant(9)), Some(Instant(10))]);
        assert_eq!(titles(&drawn(4..7)), ["GRE 4..6 ×3"]);
    }

    #[test]
    fn a_million_packets_of_a_run_are_one_arrow() {
        let ladder = drawn(0..1_000_000);
        assert_eq!(ladder.events.len(), 1);
        assert_eq!(ladder.arrows().next().map(Arrow::packets), Some(1_000_000));
        assert_eq!(ladder.remarks, [""; 0]);
    }

    #[test]
    fn what_is_too_much_is_counted() {
        let mut builder = Builder::new(String::new(), Vec::new());
        for place in 0..MOST_LIFELINES {
            assert_eq!(builder.lifeline(String::new(), String::new()), Some(place));
        }
        assert_eq!(builder.lifeline(String::new(), String::new()), None);
        builder.without_lifeline();
        for order in 0..MOST_EVENTS as u64 + 3 {
            let note = Note {
                kind: NoteKind::Remark,
                text: String::new(),
            };
            builder.add(Instant(order), order, EventKind::Note(note));
        }
        let ladder = builder.finish();
        assert_eq!(ladder.events.len(), MOST_EVENTS);
        assert!(
            ladder.remarks[0].starts_with("3 more events"),
            "{:?}",
            ladder.remarks
        );
        assert!(
            ladder.remarks[1].starts_with("1 messages"),
            "{:?}",
            ladder.remarks
        );
    }
}
