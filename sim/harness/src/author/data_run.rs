//! Runs of data: packets that one line can stand for.

use super::cast::Cast;
use super::gre_line;
use super::pace::is_alike;
use super::story::{Event, Story};

/// Which packets make a run.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum RunOf {
    /// Those that stand next to each other, without acknowledgments.
    Neighbours,
    /// Those of one end, whatever comes between; `unpaced`: at whatever times.
    Endpoint { unpaced: bool },
}

/// Data packets of one call and direction, numbered on, of one length, at one pace.
pub struct Run {
    /// How many.
    pub packets: usize,
    /// The time from one to the next, in nanoseconds; 0: at once, or as fast as the window allows.
    pub every: u64,
    /// When the last was sent.
    pub until: u64,
    /// Nothing else that has a line comes before its last packet.
    pub is_alone: bool,
    /// Their events.
    pub places: Vec<usize>,
}

impl Run {
    /// The run that begins with the first of these events.
    pub fn of(story: &Story, cast: &[Cast], rest: &[usize], of: RunOf) -> Run {
        let head = &story.events[rest[0]];
        let call = head.packet().and_then(|packet| packet.call);
        let mut run = Run {
            packets: 1,
            every: 0,
            until: head.at,
            is_alone: true,
            places: vec![rest[0]],
        };
        let Some((mut number, length)) = head.packet().and_then(|packet| packet.data()) else {
            return run;
        };
        if of == RunOf::Neighbours && has_acknowledgment(head) {
            return run;
        }
        let mut between = false;
        for place in &rest[1..] {
            let event = &story.events[*place];
            let packet = event.packet();
            let is_own = event.from == head.from && packet.is_some_and(|it| it.call == call);
            let is_free = cast[event.from].endpoint().is_some()
                && packet.is_some_and(|it| it.acknowledgment().is_some());
            match packet.and_then(|packet| packet.data()) {
                Some((next, bytes)) if is_own => {
                    if next != number.wrapping_add(1) || bytes != length {
                        break;
                    }
                    // A line names the first number and the last, which is the greater one.
                    let wraps = next == 0;
                    if of == RunOf::Neighbours
                        && (wraps || has_acknowledgment(event) || is_odd(event))
                    {
                        break;
                    }
                    let gap = event.at.saturating_sub(run.until);
                    if !run.takes(gap, of, story.is_seen_at_both_ends) {
                        break;
                    }
                    number = next;
                    run.packets += 1;
                    run.until = event.at;
                    run.places.push(*place);
                    run.is_alone &= !between;
                }
                _ if is_free => {}
                _ if of == RunOf::Neighbours => break,
                // A message ends what its end sends; and of a real host the packets between may be why it sends.
                _ if packet.is_none() || !story.is_seen_at_both_ends => break,
                _ => between = true,
            }
        }
        // Two packets have no pace.
        if run.packets == 2 && run.every > 0 {
            run = Run {
                packets: 1,
                every: 0,
                until: head.at,
                is_alone: true,
                places: vec![rest[0]],
            };
        }
        run
    }

    /// Whether the next packet, that much later, is of the run; the second one sets the pace.
    fn takes(&mut self, gap: u64, of: RunOf, is_exact: bool) -> bool {
        if matches!(of, RunOf::Endpoint { unpaced: true }) {
            return true;
        }
        let gap = if gap < 1_000_000 && !is_exact { 0 } else { gap };
        if self.packets == 1 {
            self.every = gap;
            return gap < 250_000_000;
        }
        match (gap, self.every) {
            (0, 0) => true,
            (0, _) | (_, 0) => false,
            (gap, every) => is_alike(gap, every, is_exact),
        }
    }
}

fn has_acknowledgment(event: &Event) -> bool {
    let header = event.packet().and_then(|packet| packet.header);
    header.is_some_and(|header| header.acknowledgment_number.is_some())
}

/// Whether a line needs raw work to send the packet.
pub fn is_odd(event: &Event) -> bool {
    event.packet().is_some_and(|packet| {
        let words = gre_line::sent(packet, Some("c"));
        words.contains("patch=") || words.contains("octets=") || words.contains("truncate=")
    })
}
