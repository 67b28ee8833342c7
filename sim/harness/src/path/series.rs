//! The packets of one direction of one call.

use std::collections::VecDeque;

use pptp_wire::Serial;

use super::identification::{IdentificationUse, Identifications};

/// Packets whose Identification is remembered, to tell a packet that was sent again from one that the path repeated.
const REMEMBERED: usize = 128;
/// Gaps that may still be filled.
const OPEN_GAPS: usize = 32;

/// How a GRE packet stands to those of its series before it.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum Standing {
    /// It has no sequence number.
    Unnumbered,
    /// The first with a sequence number.
    First,
    /// The number after the highest.
    InOrder,
    /// Numbers below it have not been seen. They may still come: then they are [`Standing::Overtaken`] or the like.
    AfterGap {
        /// How many.
        missing: u32,
        /// Why, as far as can be told at this packet.
        cause: GapCause,
    },
    /// It fills a gap, and was sent before packets that were seen before it: the path reordered.
    Overtaken,
    /// It fills a gap, and was sent after packets with higher numbers: the sender's own order.
    SentOutOfOrder,
    /// It fills a gap; who reordered cannot be told.
    OutOfOrder,
    /// The same packet once more: the path repeated it.
    RepeatedByPath,
    /// Its number was seen in another packet: the sender sent it again.
    SentAgain,
    /// Its number was seen before; whose doing it is cannot be told.
    Repeated,
    /// Its number is so far back that whether it was seen before is not known any more.
    Old,
}

/// Why numbers are missing.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum GapCause {
    /// The sender sent as many packets as are missing: lost, or overtaken, before the tap.
    Path,
    /// The sender sent nothing in between.
    NeverSent,
    /// Cannot be told.
    Unknown,
}

/// How often what happened in a series.
#[derive(Copy, Clone, Default, Debug, Eq, PartialEq)]
pub struct Totals {
    /// Packets, with a sequence number or without.
    pub packets: u64,
    /// Packets with a sequence number.
    pub data: u64,
    /// [`Standing::Overtaken`].
    pub overtaken: u64,
    /// [`Standing::SentOutOfOrder`].
    pub sent_out_of_order: u64,
    /// [`Standing::OutOfOrder`].
    pub out_of_order: u64,
    /// [`Standing::RepeatedByPath`].
    pub repeated_by_path: u64,
    /// [`Standing::SentAgain`].
    pub sent_again: u64,
    /// [`Standing::Repeated`].
    pub repeated: u64,
    /// [`Standing::Old`].
    pub old: u64,
    /// Numbers that never came and that the path has lost before the tap.
    pub lost: u64,
    /// Numbers that never came and were never sent.
    pub never_sent: u64,
    /// Numbers that never came, lost or never sent.
    pub missing: u64,
}

impl Totals {
    /// Adds what happened in another series.
    pub fn add(&mut self, other: &Totals) {
        let Totals {
            packets,
            data,
            overtaken,
            sent_out_of_order,
            out_of_order,
            repeated_by_path,
            sent_again,
            repeated,
            old,
            lost,
            never_sent,
            missing,
        } = *other;
        self.packets += packets;
        self.data += data;
        self.overtaken += overtaken;
        self.sent_out_of_order += sent_out_of_order;
        self.out_of_order += out_of_order;
        self.repeated_by_path += repeated_by_path;
        self.sent_again += sent_again;
        self.repeated += repeated;
        self.old += old;
        self.lost += lost;
        self.never_sent += never_sent;
        self.missing += missing;
    }

    /// What became of packets and numbers, each by its key in JSON: the path's doing, the sender's, and what cannot be told.
    pub fn counts(&self) -> [(&'static str, u64); 10] {
        [
            ("packets", self.packets),
            ("lost", self.lost),
            ("overtaken", self.overtaken),
            ("repeated-by-path", self.repeated_by_path),
            ("never-sent", self.never_sent),
            ("sent-out-of-order", self.sent_out_of_order),
            ("sent-again", self.sent_again),
            ("missing", self.missing),
            ("out-of-order", self.out_of_order),
            ("repeated", self.repeated + self.old),
        ]
    }

    fn gap(&mut self, cause: GapCause) -> &mut u64 {
        match cause {
            GapCause::Path => &mut self.lost,
            GapCause::NeverSent => &mut self.never_sent,
            GapCause::Unknown => &mut self.missing,
        }
    }
}

/// Numbers that were left out.
#[derive(Copy, Clone, Debug)]
struct Gap {
    first: u32,
    count: u32,
    cause: GapCause,
}

/// One direction of one call.
#[derive(Clone, Default, Debug)]
pub struct Series {
    identifications: Identifications,
    /// The first number seen, and the highest.
    numbers: Option<(u32, u32)>,
    gaps: VecDeque<Gap>,
    /// Gaps below this number are forgotten.
    remembered_from: Option<u32>,
    /// Numbers of the last packets, and their Identifications; the oldest is overwritten.
    recent: Vec<(u32, u16)>,
    next_recent: usize,
    totals: Totals,
}

impl Series {
    /// Takes the next packet.
    #[inline]
    pub fn see(&mut self, sequence_number: Option<u32>, identification: u16) -> Standing {
        self.totals.packets += 1;
        let Some(number) = sequence_number else {
            self.identifications.passed(identification, true);
            return Standing::Unnumbered;
        };
        self.totals.data += 1;
        let standing = match &mut self.numbers {
            Some((_, highest)) if number == highest.wrapping_add(1) => {
                *highest = number;
                Standing::InOrder
            }
            _ => self.odd(number, identification),
        };
        let in_order = matches!(standing, Standing::First | Standing::InOrder);
        self.identifications.passed(identification, in_order);
        self.identifications.data_passed(in_order);
        if self.recent.len() < REMEMBERED {
            self.recent.push((number, identification));
        } else {
            self.recent[self.next_recent] = (number, identification);
            self.next_recent = (self.next_recent + 1) % REMEMBERED;
        }
        standing
    }

    /// How often what happened so far. What is missing may still come.
    pub fn totals(&self) -> &Totals {
        &self.totals
    }

    /// How the sender uses the IPv4 Identification.
    pub fn identification_use(&self) -> IdentificationUse {
        self.identifications.used()
    }

    #[cold]
    fn odd(&mut self, number: u32, identification: u16) -> Standing {
        let Some((first, highest)) = self.numbers else {
            self.numbers = Some((number, number));
            return Standing::First;
        };
        if Serial(number).newer_than(Serial(highest)) {
            return self.after_gap(number, highest, identification);
        }
        if !Serial(number).at_least(Serial(first)) {
            self.before_the_first(number, first, highest);
            return self.late(identification);
        }
        if self.fill(number) {
            return self.late(identification);
        }
        self.again(number, identification)
    }

    fn after_gap(&mut self, number: u32, highest: u32, identification: u16) -> Standing {
        let missing = number.wrapping_sub(highest) - 1;
        let cause = match self.identifications.unseen(identification) {
            Some(0) => GapCause::NeverSent,
            Some(unseen)
                if self.identifications.used() == IdentificationUse::CountsPackets
                    && u32::from(unseen) >= missing =>
            {
                GapCause::Path
            }
            _ => GapCause::Unknown,
        };
        *self.totals.gap(cause) += u64::from(missing);
        if let Some((_, highest)) = &mut self.numbers {
            *highest = number;
        }
        self.remember(Gap {
            first: highest.wrapping_add(1),
            count: missing,
            cause,
        });
        Standing::AfterGap { missing, cause }
    }

    /// The first packet that was seen was not the first that was sent.
    fn before_the_first(&mut self, number: u32, first: u32, highest: u32) {
        self.numbers = Some((number, highest));
        let between = first.wrapping_sub(number) - 1;
        if between != 0 && self.remembered_from.is_none() {
            self.totals.missing += u64::from(between);
            self.gaps.push_front(Gap {
                first: number.wrapping_add(1),
                count: between,
                cause: GapCause::Unknown,
            });
            self.bound_gaps();
        }
    }

    /// A number that was not seen before and is below the highest.
    fn late(&mut self, identification: u16) -> Standing {
        match self.identifications.ahead(identification) {
            Some(1..) => {
                self.totals.sent_out_of_order += 1;
                Standing::SentOutOfOrder
            }
            Some(_) => {
                self.totals.overtaken += 1;
                Standing::Overtaken
            }
            None => {
                self.totals.out_of_order += 1;
                Standing::OutOfOrder
            }
        }
    }

    /// A number that lies in no open gap and is not above the highest.
    fn again(&mut self, number: u32, identification: u16) -> Standing {
        let before = self.recent.iter().find(|(seen, _)| *seen == number);
        let is_constant = self.identification_use() == IdentificationUse::Constant;
        match before {
            Some(&(_, same)) if same == identification && identification != 0 && !is_constant => {
                self.totals.repeated_by_path += 1;
                Standing::RepeatedByPath
            }
            Some(&(_, other)) if other != identification => {
                self.totals.sent_again += 1;
                Standing::SentAgain
            }
            None if self
                .remembered_from
                .is_some_and(|from| !Serial(number).at_least(Serial(from))) =>
            {
                self.totals.old += 1;
                Standing::Old
            }
            _ => {
                self.totals.repeated += 1;
                Standing::Repeated
            }
        }
    }

    fn remember(&mut self, gap: Gap) {
        self.gaps.push_back(gap);
        self.bound_gaps();
    }

    fn bound_gaps(&mut self) {
        if self.gaps.len() > OPEN_GAPS
            && let Some(oldest) = self.gaps.pop_front()
        {
            self.remembered_from = Some(oldest.first.wrapping_add(oldest.count));
        }
    }

    /// Takes a number out of the gap in which it lies; whether it lay in one.
    fn fill(&mut self, number: u32) -> bool {
        let inside = |gap: &Gap| number.wrapping_sub(gap.first) < gap.count;
        let Some(index) = self.gaps.iter().position(inside) else {
            return false;
        };
        let gap = self.gaps[index];
        *self.totals.gap(gap.cause) -= 1;
        let below = number.wrapping_sub(gap.first);
        let above = Gap {
            first: number.wrapping_add(1),
            count: gap.count - below - 1,
            cause: gap.cause,
        };
        self.gaps[index].count = below;
        if above.count != 0 && below == 0 {
            self.gaps[index] = above;
        } else if above.count != 0 {
            self.gaps.insert(index + 1, above);
            self.bound_gaps();
        } else if below == 0 {
            self.gaps.remove(index);
        }
        true
    }
}

#[cfg(test)]
mod tests;
