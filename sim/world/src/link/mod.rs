//! Links: what the network does to what nodes put on it. Callable without an engine.
//!
//! A link has two ends, named in an order, and two planes. Each [`Direction`](crate::luck::Direction) of each plane is a
//! path of its own: a [`GrePath`] tells the [`Fates`] of a datagram; a [`ControlPath`] carries ordered octets in a
//! [`ControlStream`] per connection and never loses or reorders them. Paths keep no octets of datagrams and no clock: the
//! caller holds what is on its way until the time that the path gave.
//!
//! # The stages of a GRE path
//!
//! A datagram meets them in this order; the first that loses it ends its way.
//!
//! 1. **Targeted rules** see everything that is offered, so that they count what the sender sent. Their actions add up;
//!    a drop wins.
//! 2. **Outage**: everything that is offered while it lasts is lost. What is on its way already arrives.
//! 3. **MTU**: a datagram that is longer, its IP header counted, is lost; nothing is fragmented (AMB-16).
//! 4. **Loss**: random, then Gilbert-Elliott, then the four-state chain, as far as they are on.
//! 5. **Duplicate**: a second copy is made. From here on each copy has its own fate.
//! 6. **Corrupt**: one bit of one copy is turned over. (What a targeted rule corrupts is corrupt in both copies.)
//! 7. **Rate**: the copies wait in a bounded queue for their turn, the first one first; a full queue drops at its tail.
//! 8. **Reorder**: the first copy, if it is picked, arrives as soon as it has left the queue, ahead of the delayed ones.
//! 9. **Delay and jitter**, for what was not reordered, never less than zero; then the delay of targeted rules.
//!
//! Every model that is on takes exactly one draw for each datagram, and keeps its state, whatever the other stages make of
//! the datagram. So the picks of one model do not depend on any other.

mod burst_loss;
mod chance;
mod control;
mod control_stream;
mod fates;
mod gre;
mod impairments;
mod jitter;
mod kind;
mod models;
mod packet;
mod pair;
mod picks;
mod ranges;
mod rate;
mod targeted;
mod waiting;

pub use burst_loss::{FourStateMarkov, GilbertElliott};
pub use chance::{Chance, Reorder};
pub use control::{ControlPath, Sent};
pub use control_stream::{Arrival, ControlStream};
pub use fates::{Delivery, Fate, Fates, Flips};
pub use gre::GrePath;
pub use impairments::{
    ControlImpairments, GreImpairments, ImpairmentError, LinkError, Segmentation,
};
pub use jitter::{Distribution, Jitter};
pub use kind::ImpairmentKind;
pub use packet::{ControlView, IPV4_HEADER_LENGTH, PacketView};
pub use pair::{Link, LinkConfig};
pub use ranges::Ranges;
pub use rate::Rate;
pub use targeted::{
    ControlAction, ControlMatch, ControlRule, GreAction, GreMatch, GreRule, RuleId,
};
