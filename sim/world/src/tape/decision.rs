//! One decision of luck about one packet.

use crate::luck::Model;
use core::fmt;

/// What luck decided about a packet.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct Decision {
    /// Which packet of the path, counted from 1.
    pub ordinal: u64,
    /// Whether it is about the second copy of a duplicated packet.
    pub copy: bool,
    /// What was decided.
    pub choice: Choice,
}

/// The kinds of decisions, each named for the model that made it.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum Choice {
    /// Lost at random.
    Loss,
    /// Lost by the Gilbert-Elliott model.
    LossGilbertElliott,
    /// Lost by the Markov chain of four states.
    LossMarkov,
    /// A second copy was made.
    Duplicate,
    /// This bit was turned over; bit 0 is the most significant one of octet 0 of the GRE header.
    Corrupt(u32),
    /// A targeted rule that names no bit turned this one over.
    Targeted(u32),
    /// Sent ahead of the delayed ones.
    Reorder,
    /// So many nanoseconds later (or, negative, earlier) than the plain delay. Not zero on a tape.
    Jitter(i64),
}

impl Choice {
    /// The model that made it.
    pub const fn model(self) -> Model {
        match self {
            Choice::Loss => Model::Loss,
            Choice::LossGilbertElliott => Model::LossGilbertElliott,
            Choice::LossMarkov => Model::LossMarkov,
            Choice::Duplicate => Model::Duplicate,
            Choice::Corrupt(_) => Model::Corrupt,
            Choice::Targeted(_) => Model::Targeted,
            Choice::Reorder => Model::Reorder,
            Choice::Jitter(_) => Model::Jitter,
        }
    }
}

impl Decision {
    /// Where the decision stands on a track: by packet, then by the order of the stages, the first copy before the second.
    pub(crate) const fn place(&self) -> (u64, u8, bool) {
        (self.ordinal, self.choice.model() as u8, self.copy)
    }
}

impl fmt::Display for Decision {
    /// The line of the tape: `14 jitter -1203400`, `15 copy corrupt 99`, `16 loss`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let copy = if self.copy { " copy" } else { "" };
        write!(
            formatter,
            "{}{copy} {}",
            self.ordinal,
            self.choice.model().key()
        )?;
        match self.choice {
            Choice::Corrupt(bit) | Choice::Targeted(bit) => write!(formatter, " {bit}"),
            Choice::Jitter(nanoseconds) => write!(formatter, " {nanoseconds}"),
            _ => Ok(()),
        }
    }
}
