//! The fault tape: every decision that luck made in a run, so that the run can be had again without random numbers.
//!
//! A tape holds the resolved text of the scenario, the seed (which nodes draw their identifiers from), and a [`Track`] for
//! each direction of each plane of each link: how many packets were offered there, and a [`Decision`] for each that luck
//! touched. What is not luck (delay, rate, MTU, outage, targeted rules) follows from the scenario and is not on the tape;
//! nor is luck that changed nothing, say the jitter of a packet that was lost.
//!
//! [`TapeDeck`] records a tape or plays one. A tape that does not fit what happens is an error, [`TapeMismatch`]: a deck
//! never fills a gap with a default. [`Tape::to_text`] and [`Tape::from_text`] carry it to a file and back.

mod decision;
mod deck;
mod error;
mod parse;
mod text;

pub use decision::{Choice, Decision};
pub use deck::{TapeDeck, TrackId};
pub use error::{TapeError, TapeMismatch};

use crate::luck::PathName;

/// A recorded run: its scenario and every decision of luck.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Tape {
    /// The seed of the run.
    pub seed: u64,
    /// What else is needed to run it again, as key and value in the order in which they were added (`world event`). A key
    /// is one word; a value is one line.
    pub attributes: Vec<(String, String)>,
    /// The text of the scenario, whole and resolved. Opaque here.
    pub scenario: String,
    pub(crate) tracks: Vec<Track>,
    /// By track: how many packets (on the control plane: segments) were offered to its path. Apart, as each of them is counted here, and
    /// luck touches few.
    pub(crate) packets: Vec<u64>,
}

/// The decisions of one path: one direction of one plane of one link.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Track {
    /// Which path.
    pub name: PathName,
    pub(crate) decisions: Vec<Decision>,
}

impl Tape {
    /// The tracks in the order in which their paths were opened.
    pub fn tracks(&self) -> &[Track] {
        &self.tracks
    }

    /// How many packets (on the control plane: segments) were offered to the path of each track.
    pub fn packets(&self) -> &[u64] {
        &self.packets
    }

    /// The value of an attribute.
    pub fn attribute(&self, key: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(known, _)| known == key);
        found.map(|(_, value)| value.as_str())
    }
}

impl Track {
    /// The decisions in the order of packets.
    pub fn decisions(&self) -> &[Decision] {
        &self.decisions
    }
}
