//! Points of the world's code that only some runs come to: what a path did, and what met what.

macro_rules! world_points {
    ($($variant:ident $name:literal $doc:literal;)*) => {
        /// A point of the world's code that only some runs come to.
        #[derive(Copy, Clone, Debug, Eq, PartialEq, Ord, PartialOrd)]
        #[repr(u8)]
        pub enum WorldPoint {
            $(#[doc = $doc] $variant,)*
        }

        impl WorldPoint {
            /// All points: those of datagrams first, then those of connections, then those of nodes.
            pub const ALL: &'static [WorldPoint] = &[$(WorldPoint::$variant),*];

            /// Its name, such as `tail-drop`.
            pub const fn name(self) -> &'static str {
                match self {
                    $(WorldPoint::$variant => $name,)*
                }
            }

            /// What happens there, in a sentence.
            pub const fn doc(self) -> &'static str {
                match self {
                    $(WorldPoint::$variant => $doc,)*
                }
            }
        }
    };
}

world_points! {
    LostByRule "lost-by-rule" "A targeted rule lost a datagram.";
    LostInOutage "lost-in-outage" "An outage lost a datagram.";
    TooLong "too-long" "A datagram was longer than the path takes.";
    LostAtRandom "lost-at-random" "Random loss lost a datagram.";
    LostInBurst "lost-in-burst" "A model of bursts lost two datagrams in a row.";
    TailDrop "tail-drop" "The queue before a limited rate was full.";
    Duplicated "duplicated" "The path made a second copy of a datagram.";
    Corrupted "corrupted" "The path turned over a bit of a datagram.";
    Overtaken "overtaken" "A datagram was to arrive before one that was sent earlier the same way.";
    LostAtDownNode "lost-at-down-node" "A datagram came to a node that had crashed.";
    CutInHeader "cut-in-header" "A path cut a stream inside the header of a message.";
    CutInMessage "cut-in-message" "A path cut a stream inside a message, behind its header.";
    Coalesced "coalesced" "Several messages arrived in one piece.";
    ClosesCrossed "closes-crossed" "Both ends closed a connection before they knew of each other's close.";
    SentAfterClose "sent-after-close" "An end sent octets though the other end's close had come: the connection was half closed.";
    ResetUnderOctets "reset-under-octets" "An end reset a connection while something was on its way to it.";
    Severed "severed" "A fault cut a connection from outside.";
    CameToForgotten "came-to-forgotten" "Something came on a connection that its end had forgotten or given up.";
    Crashed "crashed" "A node crashed.";
    Restarted "restarted" "A node that had crashed started afresh.";
}

/// A set of [`WorldPoint`]s.
#[derive(Copy, Clone, Debug, Default, Eq, PartialEq)]
pub struct WorldPoints(u64);

impl WorldPoints {
    /// The set of these bits: point n is bit n.
    pub const fn from_bits(bits: u64) -> WorldPoints {
        WorldPoints(bits)
    }

    /// The set as bits: point n is bit n.
    pub const fn bits(self) -> u64 {
        self.0
    }

    /// Whether the point is in the set.
    pub const fn contains(self, point: WorldPoint) -> bool {
        self.0 >> point as u8 & 1 != 0
    }

    /// Adds a point.
    #[inline(always)]
    pub(crate) fn add(&mut self, point: WorldPoint) {
        self.0 |= 1 << point as u8;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_have_names_and_sentences_and_a_bit_each() {
        let mut names: Vec<&str> = WorldPoint::ALL.iter().map(|point| point.name()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), WorldPoint::ALL.len());
        assert!(WorldPoint::ALL.len() <= 64);
        for point in WorldPoint::ALL {
            let mut points = WorldPoints::default();
            points.add(*point);
            assert!(points.contains(*point) && points.bits().is_power_of_two());
            assert_eq!(WorldPoints::from_bits(points.bits()), points);
            assert!(point.doc().ends_with('.'), "{}", point.name());
        }
    }
}
