//! Which connection inside is which outside.

use super::fields::without_call_ids;
use super::side::{Conversation, Side};

/// A connection by the number of its capture and its place in it.
pub(super) type Place = (usize, usize);

/// Pairs of connections, inside and outside, in the order of the inside; then those inside that have no other half.
pub(super) fn pairs(inside: &[Side], outside: &Side) -> (Vec<(Place, usize)>, Vec<Place>) {
    let mut taken = vec![false; outside.conversations.len()];
    let (mut found, mut alone) = (Vec::new(), Vec::new());
    for (capture, side) in inside.iter().enumerate() {
        for (place, conversation) in side.conversations.iter().enumerate() {
            let candidates = outside.conversations.iter().enumerate();
            let best = candidates
                .filter(|(other, _)| !taken[*other])
                .filter_map(|(other, candidate)| {
                    Some((likeness(conversation, candidate)?, usize::MAX - other))
                })
                .max();
            match best {
                Some((_, from_the_end)) => {
                    let other = usize::MAX - from_the_end;
                    taken[other] = true;
                    found.push(((capture, place), other));
                }
                None => alone.push((capture, place)),
            }
        }
    }
    (found, alone)
}

/// How alike two connections are: messages alike but for their Call IDs, messages alike to the octet, ports and addresses alike.
/// `None` if the first messages already say other things.
fn likeness(one: &Conversation, other: &Conversation) -> Option<(usize, usize, usize)> {
    let (mut alike, mut equal) = (0, 0);
    for side in 0..2 {
        let both = one.messages[side].iter().zip(&other.messages[side]);
        for (number, (inside, outside)) in both.enumerate() {
            if without_call_ids(&inside.octets) == without_call_ids(&outside.octets) {
                alike += 1;
                equal += usize::from(inside.octets == outside.octets);
            } else if number == 0 && inside.octets.get(8..10) != outside.octets.get(8..10) {
                return None;
            }
        }
    }
    if alike == 0 {
        return None;
    }
    let ends = usize::from(one.opener.port() == other.opener.port())
        + usize::from(one.acceptor == other.acceptor);
    Some((alike, equal, ends))
}
