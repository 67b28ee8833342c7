//! The typed scenario: what a scenario file means once includes, parameters, matrix values and repeats are resolved.
//!
//! The runner consumes these types and never sees KDL. Names that bind while the scenario runs (`call=c1`,
//! `connection=k1`, `$x` where no parameter has that name) are still names here; everything else is a value.

mod action;
mod block;
mod line;
mod path;
mod pattern;
mod world;

pub use action::{Action, SetLinkInfoOptions};
pub use block::{Branch, FaultKind, PacketLine, Silence, Step, StepKind, TargetedFault, Until};
pub use line::{ExpectLine, FieldPattern, MessageLine, MessageName, Octets, Patch, RawWork, View};
pub use path::{
    ControlChange, ControlSpec, Distribution, GilbertElliott, GreChange, GreSpec, Impairment,
    Jitter, LinkSpec, Markov, Plane, Probability, Rate, Reordering, Segmentation, WithCorrelation,
};
pub use pattern::{Comparison, Pattern, Value};
pub use pptp_world::{PlaceCall, Ring, WanErrors};
pub use world::{
    AutoSpec, CaseName, FinalCheck, FinalKind, Limits, NodeSpec, Outcome, ProfileSetting, Scenario,
    StatedRate, TelephoneSpec, WrongRate,
};

use super::source::SourceSpan;

/// Position of a node in [`Scenario::nodes`]. A runner that adds the nodes to its world in that order has equal numbers there.
#[derive(Copy, Clone, Debug, Eq, PartialEq, Ord, PartialOrd)]
pub struct NodeIndex(pub u16);

/// A name that binds while the scenario runs: the `c1` of `call=c1`, the `kept` of `connection=kept`.
///
/// Names that a fragment binds for itself have been made unique (`c1-2`) where they would meet another of that name.
#[derive(Clone, Debug, Eq, PartialEq, Ord, PartialOrd)]
pub struct Name {
    /// The name as the transcript prints it.
    pub text: String,
    /// Where the line names it.
    pub span: SourceSpan,
}

/// What `expect` and `never` can ask of a node.
#[derive(Copy, Clone, Debug, Eq, PartialEq, Ord, PartialOrd)]
pub enum Observable {
    /// `state=`: the state of a call (with `call=`) or of a control connection, as `rfc/fsm.tsv` names it with `-` for `_`.
    State,
    /// `window=`: packets that the node may now have outstanding in this call.
    Window,
    /// `adaptive-time-out=`: the current adaptive time-out of the call, in nanoseconds.
    AdaptiveTimeOut,
    /// `send-accm=`: the send ACCM that the node uses for the call.
    SendAccm,
    /// `receive-accm=`: the receive ACCM that the node uses for the call.
    ReceiveAccm,
    /// `dropped=`: the node dropped a GRE packet for this reason.
    Dropped,
    /// `violation`: a finding against the node, as a requirement id.
    Violation,
    /// `calls=`: how many calls the node has.
    Calls,
    /// `connections=`: how many control connections the node has.
    Connections,
}
