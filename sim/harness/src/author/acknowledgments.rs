//! Which acknowledgments of a capture a run gives again: those that stand in both in the same order.

use std::collections::BTreeSet;

use super::story::Story;

/// Beyond so many acknowledgments of one direction none are looked for.
const MOST: usize = 2_000;

/// The events of `wanted` that are acknowledgments of a party and have their like in `got`.
pub fn alike(wanted: &Story, got: &Story, party: usize) -> BTreeSet<usize> {
    let mut found = BTreeSet::new();
    for (number, call) in wanted.calls.iter().enumerate() {
        if call.pns != party && call.pac != party {
            continue;
        }
        let (first, second) = (of(wanted, number, party), of(got, number, party));
        if first.len() <= MOST && second.len() <= MOST {
            found.extend(common(&first, &second));
        }
    }
    found
}

/// Places and numbers of the acknowledgments of a party in a call.
fn of(story: &Story, call: usize, party: usize) -> Vec<(usize, u32)> {
    let own = story.events.iter().enumerate();
    own.filter(|(_, event)| event.from == party)
        .filter_map(|(place, event)| {
            let packet = event.packet().filter(|packet| packet.call == Some(call))?;
            Some((place, packet.acknowledgment()?))
        })
        .collect()
}

/// The places of the longest sequence that both have.
fn common(first: &[(usize, u32)], second: &[(usize, u32)]) -> Vec<usize> {
    let width = second.len() + 1;
    let mut lengths = vec![0_u32; (first.len() + 1) * width];
    for (row, (_, wanted)) in first.iter().enumerate().rev() {
        for (column, (_, got)) in second.iter().enumerate().rev() {
            lengths[row * width + column] = match wanted == got {
                true => lengths[(row + 1) * width + column + 1] + 1,
                false => lengths[(row + 1) * width + column].max(lengths[row * width + column + 1]),
            };
        }
    }
    let (mut row, mut column, mut found) = (0, 0, Vec::new());
    while row < first.len() && column < second.len() {
        if first[row].1 == second[column].1 {
            found.push(first[row].0);
            (row, column) = (row + 1, column + 1);
        } else if lengths[(row + 1) * width + column] >= lengths[row * width + column + 1] {
            row += 1;
        } else {
            column += 1;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbered(numbers: &[u32]) -> Vec<(usize, u32)> {
        numbers.iter().copied().enumerate().collect()
    }

    #[test]
    fn what_both_have_in_order_is_found_and_nothing_else() {
        let (wanted, got) = (numbered(&[5, 6, 7, 9]), numbered(&[3, 5, 7, 6, 9]));
        assert_eq!(common(&wanted, &got), [0, 2, 3]);
        assert!(common(&wanted, &[]).is_empty());
        assert!(common(&numbered(&[1]), &numbered(&[2])).is_empty());
    }
}
