//! The points of a ladder from top to bottom: what a renderer puts at a height of its own.

use pptp_wire::time::{Duration, Instant};

use super::ladder::{EventKind, Ladder};

/// A gap without any point that is at least as long is drawn as a break in time.
pub const LONG: Duration = Duration::from_secs(2);

/// What a point is; numbers are places in [`Ladder::events`] and in an arrow's ends.
#[derive(Copy, Clone, Debug, Eq, PartialEq, Ord, PartialOrd)]
pub enum What {
    /// A message leaves.
    Send(usize),
    /// The last packet of a run leaves.
    LastSend(usize),
    /// A copy of a message comes to its end.
    End(usize, usize),
    /// The last packet of a run comes to its end.
    LastEnd(usize),
    /// A state changes.
    State(usize),
    /// A note.
    Note(usize),
}

/// A point.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct Point {
    /// When.
    pub at: Instant,
    /// What.
    pub what: What,
}

/// Every point, in the order in which things happened. What ends at no time that is known has no point of its own.
pub fn points(ladder: &Ladder) -> Vec<Point> {
    let mut points: Vec<(Instant, u64, What)> = Vec::with_capacity(ladder.events.len() * 2);
    for (place, event) in ladder.events.iter().enumerate() {
        let arrow = match &event.kind {
            EventKind::Arrow(arrow) => arrow,
            EventKind::State(_) => {
                points.push((event.at, event.order, What::State(place)));
                continue;
            }
            EventKind::Note(_) => {
                points.push((event.at, event.order, What::Note(place)));
                continue;
            }
        };
        points.push((event.at, event.order, What::Send(place)));
        for (copy, end) in arrow.ends.iter().enumerate() {
            if let Some(at) = end.at {
                points.push((at, end.order, What::End(place, copy)));
            }
        }
        if let Some(run) = &arrow.run {
            points.push((run.until, run.order, What::LastSend(place)));
            if let Some(at) = run.end.at {
                points.push((at, run.end.order, What::LastEnd(place)));
            }
        }
    }
    points.sort_by_key(|(at, order, _)| (*at, *order));
    let points = points.into_iter().map(|(at, _, what)| Point { at, what });
    points.collect()
}

/// A span of time for a reader: `58.3 s`, `25 ms`; cut off, not rounded.
pub fn span(span: Duration) -> String {
    let millis = span.0 / 1_000_000;
    match millis {
        0..1_000 => format!("{millis} ms"),
        1_000..600_000 => format!("{}.{} s", millis / 1_000, millis % 1_000 / 100),
        _ => format!("{} min", millis / 60_000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_short() {
        let told = |nanos| span(Duration(nanos));
        assert_eq!(told(25_000_000), "25 ms");
        assert_eq!(told(58_399_999_999), "58.3 s");
        assert_eq!(told(3_600_000_000_000), "60 min");
    }
}
