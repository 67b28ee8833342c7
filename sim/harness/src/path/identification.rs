//! What the IPv4 Identification of one sender's packets tells.

/// How far apart the Identifications of two packets in order may be to count as counted: other traffic of the sender lies between.
const NEAR: u16 = 1024;
/// How far back an Identification may lie in a packet that is in order, where one without a sequence number overtook it.
const SWAPPED: u16 = 64;
/// Steps up before the Identification is trusted.
const ENOUGH: u8 = 2;

/// How a sender uses the Identification.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum IdentificationUse {
    /// Too few packets to tell.
    Unknown,
    /// Up by one from packet to packet of this series: it tells what is missing.
    CountsPackets,
    /// Up, with others between: it tells the order of sending, and when nothing was sent between two packets.
    CountsOthersToo,
    /// The same in every packet (as RFC 6864 §4.1 allows): it tells nothing.
    Constant,
    /// Neither: it only tells one packet from another.
    Erratic,
}

/// Follows the Identifications of one series of packets.
#[derive(Copy, Clone, Default, Debug)]
pub(super) struct Identifications {
    newest: Option<u16>,
    /// Near steps up between packets in order.
    rises: u8,
    /// Others lay between data packets with neighbouring numbers.
    skips: bool,
    stuck: bool,
    erratic: bool,
    /// Identifications that were left out since the last data packet.
    left_out: u16,
}

impl Identifications {
    /// How far `identification` is ahead of all before, zero or less where it is not; `None` where that tells nothing.
    pub(super) fn ahead(&self, identification: u16) -> Option<i16> {
        let ahead = identification.wrapping_sub(self.newest?);
        // The step to this packet counts as well where it is no accident.
        let enough = self.rises + u8::from(ahead == 1) >= ENOUGH;
        (enough && !self.stuck && !self.erratic).then_some(ahead as i16)
    }

    /// How many packets, of whatever kind, may have been sent since the last data packet and were not seen; `None` where that cannot
    /// be told.
    pub(super) fn unseen(&self, identification: u16) -> Option<u16> {
        match self.ahead(identification)? {
            ahead @ 1.. => Some(self.left_out.saturating_add(ahead as u16 - 1)),
            _ => None,
        }
    }

    /// A data packet passed, the next one if `in_order`: what is unseen is counted anew. What was left out between neighbours is no
    /// data of this series.
    #[inline]
    pub(super) fn data_passed(&mut self, in_order: bool) {
        self.skips |= in_order && self.left_out > 0;
        self.left_out = 0;
    }

    /// A packet passed; `in_order` by its sequence number, as far as it has one.
    #[inline]
    pub(super) fn passed(&mut self, identification: u16, in_order: bool) {
        let Some(newest) = self.newest else {
            self.newest = Some(identification);
            return;
        };
        let step = identification.wrapping_sub(newest);
        if step == 1 {
            self.rises = (self.rises + 1).min(ENOUGH);
            self.newest = Some(identification);
        } else {
            self.odd_step(identification, step, in_order);
        }
    }

    fn odd_step(&mut self, identification: u16, step: u16, in_order: bool) {
        match step {
            0 => self.stuck |= in_order,
            1..=NEAR => {
                self.left_out = self.left_out.saturating_add(step - 1);
                self.rises = (self.rises + 1).min(ENOUGH);
                self.newest = Some(identification);
            }
            // Counters that others share, or that jump after a pause.
            _ if step < 1 << 15 => {
                self.skips = true;
                self.left_out = u16::MAX;
                self.newest = Some(identification);
            }
            _ if in_order && step.wrapping_neg() > SWAPPED => self.erratic = true,
            _ => {}
        }
    }

    /// How the sender uses it, as far as seen.
    pub(super) fn used(&self) -> IdentificationUse {
        match self {
            Self { stuck: true, .. } => IdentificationUse::Constant,
            Self { erratic: true, .. } => IdentificationUse::Erratic,
            Self { rises, .. } if *rises < ENOUGH => IdentificationUse::Unknown,
            Self { skips: true, .. } => IdentificationUse::CountsOthersToo,
            _ => IdentificationUse::CountsPackets,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(identifications: &[u16]) -> Identifications {
        let mut seen = Identifications::default();
        for &identification in identifications {
            seen.passed(identification, true);
            seen.data_passed(true);
        }
        seen
    }

    #[test]
    fn a_counter_is_trusted_after_two_steps_and_across_the_wrap() {
        assert_eq!(after(&[7]).ahead(8), None);
        assert_eq!(after(&[7, 8]).ahead(10), None);
        assert_eq!(after(&[7, 8]).ahead(9), Some(1));
        assert_eq!(after(&[7, 8, 9]).ahead(10), Some(1));
        assert_eq!(after(&[u16::MAX - 1, u16::MAX, 0]).ahead(3), Some(3));
        assert_eq!(after(&[7, 8, 9]).ahead(8), Some(-1));
    }

    #[test]
    fn the_uses_are_told_apart() {
        assert_eq!(after(&[5]).used(), IdentificationUse::Unknown);
        assert_eq!(after(&[1, 2, 3]).used(), IdentificationUse::CountsPackets);
        assert_eq!(after(&[1, 4, 9]).used(), IdentificationUse::CountsOthersToo);
        assert_eq!(
            after(&[1, 2, 3, 9000]).used(),
            IdentificationUse::CountsOthersToo
        );
        assert_eq!(after(&[0, 0, 0]).used(), IdentificationUse::Constant);
        assert_eq!(
            after(&[4711, 60000, 12, 30000]).used(),
            IdentificationUse::Erratic
        );
        assert_eq!(after(&[0, 0, 0]).ahead(1), None);
        assert_eq!(after(&[1, 2, 3, 40000, 3]).ahead(4), None);
    }

    #[test]
    fn a_packet_that_an_acknowledgment_overtook_does_not_discredit_the_counter() {
        let mut seen = after(&[1, 2, 3]);
        for identification in [5, 4, 6] {
            seen.passed(identification, true);
        }
        assert_eq!(seen.used(), IdentificationUse::CountsPackets);
        assert_eq!(seen.unseen(9), Some(3));
        assert_eq!(seen.unseen(7), Some(1));
    }
}
