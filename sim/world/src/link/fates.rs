//! What becomes of a datagram.

use super::{ImpairmentKind, RuleId};
use pptp_wire::time::{Duration, Instant};

/// What becomes of one datagram that was offered to a path.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
#[must_use = "a datagram is delivered by whoever reads its fates"]
pub struct Fates {
    /// Which datagram of the path this is, counted from 1.
    pub ordinal: u64,
    /// The fate of the datagram, or of its first copy.
    pub first: Fate,
    /// The fate of the second copy, if one was made.
    pub copy: Option<Fate>,
    /// The first targeted rule that did something to it.
    pub rule: Option<RuleId>,
    /// How much targeted rules delayed it beyond what the path does.
    pub held_up: Duration,
}

/// What becomes of one copy.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum Fate {
    /// Lost, and by what.
    Lost(ImpairmentKind),
    /// It arrives.
    Delivered(Delivery),
}

/// The arrival of one copy.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct Delivery {
    /// When; never before it was offered.
    pub at: Instant,
    /// Whether it was picked to go ahead of the delayed ones.
    pub reordered: bool,
    /// The bits that are not as they were sent.
    pub flips: Flips,
}

/// Bits that a path turned over: at most one by a targeted rule, one by a targeted rule for this copy alone, and one by luck. Bit 0
/// is the most significant one of octet 0.
#[derive(Copy, Clone, Debug, Default, Eq, PartialEq)]
pub struct Flips([Option<u32>; 3]);

impl Fates {
    /// The copies that arrive, each with its number: 0 for the datagram itself, 1 for its second copy.
    pub fn deliveries(&self) -> impl Iterator<Item = (u16, Delivery)> + use<> {
        let fates = [(0, Some(self.first)), (1, self.copy)];
        fates.into_iter().filter_map(|(copy, fate)| match fate {
            Some(Fate::Delivered(delivery)) => Some((copy, delivery)),
            _ => None,
        })
    }

    /// What lost the datagram, if no copy of it arrives.
    pub fn lost_by(&self) -> Option<ImpairmentKind> {
        match (self.first, self.copy) {
            (Fate::Lost(by), None | Some(Fate::Lost(_))) => Some(by),
            _ => None,
        }
    }
}

impl Flips {
    /// Bits that are to be turned over; one that is named more than once is turned over once.
    pub(super) fn of([one, two, three]: [Option<u32>; 3]) -> Flips {
        let two = two.filter(|bit| Some(*bit) != one);
        let three = three.filter(|bit| Some(*bit) != one && Some(*bit) != two);
        Flips([one, two, three])
    }

    /// The bits, none twice.
    pub fn bits(&self) -> impl Iterator<Item = u32> + use<> {
        self.0.into_iter().flatten()
    }

    /// Whether anything is changed.
    pub fn is_empty(&self) -> bool {
        self.0 == [None; 3]
    }

    /// Turns the bits over in the datagram's octets. Bits behind its end are left alone.
    pub fn apply(&self, octets: &mut [u8]) {
        for bit in self.bits() {
            if let Some(octet) = octets.get_mut(bit as usize / 8) {
                *octet ^= 0x80 >> (bit % 8);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flips_turn_over_the_bits_that_they_name() {
        let mut octets = [0u8; 3];
        Flips::of([Some(0), None, Some(23)]).apply(&mut octets);
        assert_eq!(octets, [0x80, 0, 0x01]);
        Flips::of([Some(24), None, None]).apply(&mut octets);
        assert_eq!(octets, [0x80, 0, 0x01]);
        assert!(Flips::of([None; 3]).is_empty());
    }

    #[test]
    fn one_bit_named_twice_is_turned_over() {
        let mut octets = [0u8; 1];
        let flips = Flips::of([Some(7); 3]);
        flips.apply(&mut octets);
        assert_eq!(octets, [1]);
        assert!(!flips.is_empty());
    }

    #[test]
    fn a_datagram_is_lost_when_no_copy_arrives() {
        let delivery = Delivery {
            at: Instant(7),
            reordered: false,
            flips: Flips::default(),
        };
        let lost = Fate::Lost(ImpairmentKind::Queue);
        let fates = |first, copy| Fates {
            ordinal: 1,
            first,
            copy,
            rule: None,
            held_up: Duration::ZERO,
        };
        let gone = fates(lost, Some(Fate::Lost(ImpairmentKind::Outage)));
        assert_eq!(
            (gone.lost_by(), gone.deliveries().count()),
            (Some(ImpairmentKind::Queue), 0)
        );
        let one = fates(Fate::Delivered(delivery), Some(lost));
        assert_eq!(
            (one.lost_by(), one.deliveries().collect::<Vec<_>>()),
            (None, vec![(0, delivery)])
        );
        let other = fates(lost, Some(Fate::Delivered(delivery)));
        assert_eq!(
            (other.lost_by(), other.deliveries().collect::<Vec<_>>()),
            (None, vec![(1, delivery)])
        );
    }
}
