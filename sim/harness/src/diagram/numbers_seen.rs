//! What the sequence numbers in a capture say of its packets: which did not come, which came late, which came again.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::net::Ipv4Addr;

use pptp_wire::serial::Serial;

use super::arrow::{Arrow, Mark, MarkKind};

/// The most directions that are followed.
const MOST_DIRECTIONS: usize = 1_024;
/// A gap of more packets than this is a jump: they are not waited for.
const LONGEST_GAP: u32 = 256;
/// The most packets that are waited for in one direction.
const MOST_MISSING: usize = 256;
/// How many packets back an IPv4 Identification is remembered.
const REMEMBERED: usize = 64;

/// What a packet's number says.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum Said {
    /// It is the next, or the first.
    Next,
    /// The numbers from the first to the last were left out before it.
    Gap(u32, u32),
    /// So many numbers were left out that they are not waited for.
    Jump(u32),
    /// It was left out before; gives the place of the arrow before which it was.
    Late(Option<usize>),
    /// It was there before; `true` with the same IPv4 Identification: the path's copy, not the sender's.
    Again(bool),
    /// It is older than what is remembered.
    Old,
}

/// One direction of a call.
#[derive(Debug, Default)]
struct Direction {
    newest: Option<u32>,
    /// Numbers that are waited for, each with the arrow before which they were left out.
    missing: BTreeMap<u32, Option<usize>>,
    seen: VecDeque<(u32, u16)>,
}

/// Follows sequence numbers.
#[derive(Debug, Default)]
pub struct NumbersSeen {
    directions: BTreeMap<(Ipv4Addr, Ipv4Addr, u16), Direction>,
}

impl NumbersSeen {
    /// Takes in the number of a packet with data.
    pub fn data(
        &mut self,
        way: (Ipv4Addr, Ipv4Addr, u16),
        number: u32,
        identification: u16,
    ) -> Said {
        if !self.directions.contains_key(&way) && self.directions.len() == MOST_DIRECTIONS {
            return Said::Next;
        }
        let direction = self.directions.entry(way).or_default();
        let again = direction.seen.iter().find(|(seen, _)| *seen == number);
        let again = again.map(|(_, known)| *known == identification && identification != 0);
        if let Some(is_copy) = again {
            return Said::Again(is_copy);
        }
        if direction.seen.len() == REMEMBERED {
            direction.seen.pop_front();
        }
        direction.seen.push_back((number, identification));
        let Some(newest) = direction.newest else {
            direction.newest = Some(number);
            return Said::Next;
        };
        if !Serial(number).newer_than(Serial(newest)) {
            return match direction.missing.remove(&number) {
                Some(place) => Said::Late(place),
                None => Said::Old,
            };
        }
        direction.newest = Some(number);
        let left_out = number.wrapping_sub(newest).wrapping_sub(1);
        match left_out {
            0 => Said::Next,
            1..=LONGEST_GAP if direction.missing.len() + (left_out as usize) <= MOST_MISSING => {
                for back in 1..=left_out {
                    direction.missing.insert(number.wrapping_sub(back), None);
                }
                Said::Gap(newest.wrapping_add(1), number.wrapping_sub(1))
            }
            _ => Said::Jump(left_out),
        }
    }

    /// The arrow of a packet before which numbers were left out.
    pub fn gap_before(
        &mut self,
        way: (Ipv4Addr, Ipv4Addr, u16),
        (first, last): (u32, u32),
        arrow: usize,
    ) {
        if let Some(direction) = self.directions.get_mut(&way) {
            for ahead in 0..=last.wrapping_sub(first) {
                if let Some(place) = direction.missing.get_mut(&first.wrapping_add(ahead)) {
                    *place = Some(arrow);
                }
            }
        }
    }

    /// The numbers that never came, by the arrow before which they were left out.
    pub fn never_came(&self) -> BTreeMap<usize, BTreeSet<u32>> {
        let mut never: BTreeMap<usize, BTreeSet<u32>> = BTreeMap::new();
        for direction in self.directions.values() {
            for (number, place) in &direction.missing {
                if let Some(place) = place {
                    never.entry(*place).or_default().insert(*number);
                }
            }
        }
        never
    }
}

/// Marks the arrow of a packet with what its number says.
pub fn note_numbers(arrow: &mut Arrow, said: Said) {
    let path = |text: String| Mark {
        kind: MarkKind::Path,
        text,
    };
    match said {
        Said::Next => {}
        Said::Gap(first, last) if first == last => {
            arrow
                .marks
                .push(path(format!("{first} was not seen before it")));
        }
        Said::Gap(first, last) => {
            arrow
                .marks
                .push(path(format!("{first}..{last} were not seen before it")));
        }
        Said::Jump(count) => arrow.marks.push(path(format!("{count} numbers left out"))),
        Said::Late(_) => {
            arrow
                .marks
                .push(path("late: behind newer numbers".to_owned()));
            late(arrow);
        }
        Said::Old => {
            arrow.marks.push(path("an old number".to_owned()));
            late(arrow);
        }
        Said::Again(true) => arrow.marks.push(path(
            "duplicated on the path: the same packet again".to_owned(),
        )),
        Said::Again(false) => arrow.marks.push(path("the same number again".to_owned())),
    }
}

fn late(arrow: &mut Arrow) {
    for end in &mut arrow.ends {
        end.late = true;
    }
}

/// `5, 7..9`.
pub fn ranges(numbers: Vec<u32>) -> String {
    let mut ranges: Vec<(u32, u32)> = Vec::new();
    for number in numbers {
        match ranges.last_mut() {
            Some((_, last)) if last.wrapping_add(1) == number => *last = number,
            _ => ranges.push((number, number)),
        }
    }
    let told = ranges.iter().map(|(first, last)| match first == last {
        true => first.to_string(),
        false => format!("{first}..{last}"),
    });
    told.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    const WAY: (Ipv4Addr, Ipv4Addr, u16) = (Ipv4Addr::LOCALHOST, Ipv4Addr::BROADCAST, 7);

    #[test]
    fn gaps_are_filled_or_not() {
        let mut numbers = NumbersSeen::default();
        let said: Vec<Said> = [(0, 1), (1, 2), (4, 3), (2, 4), (4, 5), (4, 3), (5, 6)]
            .into_iter()
            .map(|(number, identification)| {
                let said = numbers.data(WAY, number, identification);
                if let Said::Gap(first, last) = said {
                    numbers.gap_before(WAY, (first, last), 9);
                }
                said
            })
            .collect();
        assert_eq!(
            said,
            [
                Said::Next,
                Said::Next,
                Said::Gap(2, 3),
                Said::Late(Some(9)),
                Said::Again(false),
                Said::Again(true),
                Said::Next
            ]
        );
        assert_eq!(
            numbers.never_came(),
            BTreeMap::from([(9, BTreeSet::from([3]))])
        );
    }

    #[test]
    fn numbers_wrap_and_jump() {
        let mut numbers = NumbersSeen::default();
        assert_eq!(numbers.data(WAY, u32::MAX, 1), Said::Next);
        assert_eq!(numbers.data(WAY, 1, 2), Said::Gap(0, 0));
        assert_eq!(numbers.data(WAY, 0, 3), Said::Late(None));
        assert_eq!(numbers.data(WAY, 1_000_001, 4), Said::Jump(999_999));
        assert_eq!(numbers.data(WAY, 5, 5), Said::Old);
    }
}
