//! Names of streams, and the stable hash that turns a name into the seed of a generator.

use core::fmt;

/// Which of the two planes of a link a path carries.
#[derive(Copy, Clone, Debug, Eq, PartialEq, Ord, PartialOrd, Hash)]
pub enum Plane {
    /// Ordered octet streams: TCP, the control connections.
    Control,
    /// Datagrams: enhanced GRE.
    Gre,
}

/// Which way along a link.
#[derive(Copy, Clone, Debug, Eq, PartialEq, Ord, PartialOrd, Hash)]
pub enum Direction {
    /// From the end that the link names first to the one that it names second.
    Forward,
    /// From the end that the link names second to the one that it names first.
    Backward,
}

/// A model of an impairment that needs luck. Its key is the word of the scenario and of the tape.
#[derive(Copy, Clone, Debug, Eq, PartialEq, Ord, PartialOrd, Hash)]
pub enum Model {
    /// Random loss, with correlation.
    Loss,
    /// Loss after Gilbert and Elliott.
    LossGilbertElliott,
    /// Loss after a Markov chain of four states.
    LossMarkov,
    /// Duplication.
    Duplicate,
    /// One random bit changed.
    Corrupt,
    /// The bit that a targeted rule changes where the rule names none.
    Targeted,
    /// A datagram sent ahead of the delayed ones.
    Reorder,
    /// Variation of the delay.
    Jitter,
}

impl Plane {
    /// The word for it: `control`, `gre`.
    pub const fn key(self) -> &'static str {
        match self {
            Plane::Control => "control",
            Plane::Gre => "gre",
        }
    }
}

impl Direction {
    /// Both directions, forward first.
    pub const BOTH: [Direction; 2] = [Direction::Forward, Direction::Backward];

    /// The word for it: `forward`, `backward`.
    pub const fn key(self) -> &'static str {
        match self {
            Direction::Forward => "forward",
            Direction::Backward => "backward",
        }
    }

    /// The other way.
    pub const fn reversed(self) -> Direction {
        match self {
            Direction::Forward => Direction::Backward,
            Direction::Backward => Direction::Forward,
        }
    }

    /// 0 for forward, 1 for backward: the place in a pair.
    pub const fn index(self) -> usize {
        self as usize
    }
}

impl Model {
    /// Every model, in the order in which a path consults them.
    pub const ALL: [Model; 8] = [
        Model::Loss,
        Model::LossGilbertElliott,
        Model::LossMarkov,
        Model::Duplicate,
        Model::Corrupt,
        Model::Targeted,
        Model::Reorder,
        Model::Jitter,
    ];

    /// The word for it: `loss-gilbert-elliott`.
    pub const fn key(self) -> &'static str {
        match self {
            Model::Loss => "loss",
            Model::LossGilbertElliott => "loss-gilbert-elliott",
            Model::LossMarkov => "loss-markov",
            Model::Duplicate => "duplicate",
            Model::Corrupt => "corrupt",
            Model::Targeted => "targeted",
            Model::Reorder => "reorder",
            Model::Jitter => "jitter",
        }
    }

    /// The model of that word.
    pub fn from_key(key: &str) -> Option<Model> {
        Model::ALL.into_iter().find(|model| model.key() == key)
    }
}

/// One direction of one plane of one link.
#[derive(Clone, Debug, Eq, PartialEq, Ord, PartialOrd, Hash)]
pub struct PathName {
    /// The link's own name; no two links of a world share one.
    pub link: String,
    /// Which way.
    pub direction: Direction,
    /// Which plane.
    pub plane: Plane,
}

impl PathName {
    /// Names one direction of one plane of the link called `link`.
    pub fn new(link: &str, direction: Direction, plane: Plane) -> PathName {
        PathName {
            link: link.to_owned(),
            direction,
            plane,
        }
    }

    /// The generator's seed for one model of this path.
    ///
    /// The hash is FNV-1a with 64 bits over the parts `pptp-sim luck 1`, seed (8 octets, little-endian), link, direction,
    /// plane and model, each behind its length (8 octets, little-endian); four outputs of SplitMix64 started there are
    /// the seed, each little-endian. Known answers in the tests pin it: equal names give equal luck in every release.
    pub fn seed(&self, seed: u64, model: Model) -> [u8; 32] {
        let mut state = hash(
            seed,
            &[
                &self.link,
                self.direction.key(),
                self.plane.key(),
                model.key(),
            ],
        );
        let mut octets = [0; 32];
        for word in octets.chunks_exact_mut(8) {
            state = state.wrapping_add(GOLDEN_GAMMA);
            word.copy_from_slice(&mix(state).to_le_bytes());
        }
        octets
    }
}

impl fmt::Display for PathName {
    /// As diagnostics and tapes say it: `gre forward pns-pac`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{} {} {}",
            self.plane.key(),
            self.direction.key(),
            self.link
        )
    }
}

/// A number for one purpose outside the link model (say, a node's entropy), apart from every stream of the same seed.
pub fn entropy(seed: u64, purpose: &str, name: &str) -> u64 {
    mix(hash(seed, &["entropy", purpose, name]).wrapping_add(GOLDEN_GAMMA))
}

const GOLDEN_GAMMA: u64 = 0x9E37_79B9_7F4A_7C15;
const FNV_OFFSET_BASIS: u64 = 0xCBF2_9CE4_8422_2325;
const FNV_PRIME: u64 = 0x0000_0100_0000_01B3;

/// The finaliser of SplitMix64: a bijection that spreads every bit of its argument over all bits of the result.
pub(crate) const fn mix(word: u64) -> u64 {
    let word = (word ^ (word >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let word = (word ^ (word >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    word ^ (word >> 31)
}

fn hash(seed: u64, parts: &[&str]) -> u64 {
    let start = absorb(FNV_OFFSET_BASIS, b"pptp-sim luck 1");
    let start = absorb(start, &seed.to_le_bytes());
    parts
        .iter()
        .fold(start, |state, part| absorb(state, part.as_bytes()))
}

/// The length goes first, so that no two lists of parts run together to the same octets.
fn absorb(state: u64, part: &[u8]) -> u64 {
    let length = (part.len() as u64).to_le_bytes();
    length.iter().chain(part).fold(state, |state, octet| {
        (state ^ u64::from(*octet)).wrapping_mul(FNV_PRIME)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_finaliser_is_split_mix_64() {
        // The first outputs of SplitMix64 from state 0, as published with its reference code.
        let outputs = [1, 2, 3].map(|step: u64| mix(step.wrapping_mul(GOLDEN_GAMMA)));
        assert_eq!(
            outputs,
            [
                0xE220_A839_7B1D_CDAF,
                0x6E78_9E6A_A1B9_65F4,
                0x06C4_5D18_8009_454F
            ]
        );
    }

    #[test]
    fn every_part_of_a_name_changes_the_seed() {
        let name = PathName::new("pns-pac", Direction::Forward, Plane::Gre);
        let mut seeds = BTreeSet::new();
        for seed in [0, 1] {
            for link in ["pns-pac", "pns-pa", ""] {
                for direction in Direction::BOTH {
                    for plane in [Plane::Control, Plane::Gre] {
                        for model in Model::ALL {
                            assert!(
                                seeds.insert(
                                    PathName::new(link, direction, plane).seed(seed, model)
                                )
                            );
                        }
                    }
                }
            }
        }
        assert_eq!(seeds.len(), 2 * 3 * 2 * 2 * 8);
        assert_eq!(name.seed(0, Model::Loss), name.clone().seed(0, Model::Loss));
    }

    #[test]
    fn parts_do_not_run_together() {
        assert_ne!(hash(0, &["ab", "c"]), hash(0, &["a", "bc"]));
        assert_ne!(entropy(0, "ab", "c"), entropy(0, "a", "bc"));
        assert_ne!(entropy(0, "node", "pns"), entropy(1, "node", "pns"));
    }

    #[test]
    fn keys_are_found_again() {
        for model in Model::ALL {
            assert_eq!(Model::from_key(model.key()), Some(model));
        }
        assert_eq!(Model::from_key("luck"), None);
    }
}
