//! Luck: the random numbers of a run, in streams that do not disturb one another.
//!
//! A [`Stream`] belongs to one model of one direction of one plane of one link, and is named by exactly these and the
//! seed. Draw number *n* of a stream is the luck of packet number *n* there, whether or not the packets before it needed
//! luck. Hence
//!
//! * switching a model on or off, or changing it, never re-rolls another;
//! * a packet more on one path never shifts the luck of another path;
//! * a model that is switched on in mid-run meets the luck that it would have met, had it been on from the start.
//!
//! Everything here is integer arithmetic. The generator stands behind [`Luck`] and can be replaced through
//! [`LuckSource`].

mod chosen;
mod name;
mod probability;
mod stream;

pub use chosen::ChosenLuck;
pub use name::{Direction, Model, PathName, Plane, entropy};
pub use probability::Probability;
pub use stream::{Luck, LuckSource, Seeded, Stream};

pub(crate) use name::mix;
