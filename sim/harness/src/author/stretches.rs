//! Where a story can be cut, and where what is sent crosses on its way.

use pptp_wire::ControlMessageType;

use super::calls::type_of;
use super::story::{Event, Fate, Story, What};

/// Parts of a story between which nothing is on its way.
pub fn stretches(story: &Story) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let (mut first, mut until) = (0, 0);
    for (place, event) in story.events.iter().enumerate() {
        if place > first && event.at >= until {
            found.push((first, place));
            first = place;
        }
        until = until.max(arrival(event));
        // What the path does to a call's packets is said behind its reply, for all that follows.
        if is_reply(event) {
            found.push((first, place + 1));
            (first, until) = (place + 1, 0);
        }
    }
    found.push((first, story.events.len()));
    found
}

fn is_reply(event: &Event) -> bool {
    let What::Control { octets, .. } = &event.what else {
        return false;
    };
    matches!(
        type_of(octets),
        Some(ControlMessageType::OUTGOING_CALL_REPLY | ControlMessageType::INCOMING_CALL_REPLY)
    )
}

fn arrival(event: &Event) -> u64 {
    match &event.fate {
        Fate::Arrived(times) => times.iter().copied().max().unwrap_or(event.at),
        Fate::Unknown | Fate::Lost => event.at,
    }
}

/// Whether somebody sends while something is on its way to it.
pub fn crosses(story: &Story, places: &[usize]) -> bool {
    places.iter().enumerate().any(|(index, place)| {
        let event = &story.events[*place];
        places[..index].iter().any(|before| {
            let other = &story.events[*before];
            other.to == event.from && arrival(other) > event.at
        })
    })
}
