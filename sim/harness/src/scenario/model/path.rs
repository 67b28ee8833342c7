//! Links: what a path does to control octets and to GRE packets.

use pptp_wire::time::Duration;

use super::super::source::SourceSpan;
use super::{NodeIndex, Step};

/// A plane of a link.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum Plane {
    /// The ordered octet stream of TCP.
    Control,
    /// GRE datagrams.
    Gre,
}

/// A probability in parts of a thousand million: `"5%"` is 50,000,000.
#[derive(Copy, Clone, Debug, Default, Eq, PartialEq, Ord, PartialOrd)]
pub struct Probability {
    /// 0 to 1,000,000,000.
    pub parts_per_billion: u32,
}

/// A probability, and how much each draw leans on the one before it.
#[derive(Copy, Clone, Debug, Default, Eq, PartialEq)]
pub struct WithCorrelation {
    /// How often.
    pub probability: Probability,
    /// Correlation with the draw before; zero: none.
    pub correlation: Probability,
}

/// The law that jitter follows.
#[derive(Copy, Clone, Debug, Default, Eq, PartialEq)]
pub enum Distribution {
    /// Equally likely between delay - jitter and delay + jitter.
    #[default]
    Uniform,
    /// Normal.
    Normal,
    /// Pareto.
    Pareto,
    /// A quarter normal, three quarters Pareto.
    ParetoNormal,
}

/// How GRE packets are lost.
#[derive(Copy, Clone, Debug, Default, Eq, PartialEq)]
pub enum LossModel {
    /// They are not.
    #[default]
    None,
    /// `loss="5%" loss-correlation="25%"`.
    Random(WithCorrelation),
    /// `loss-gilbert-elliott="p r 1-h 1-k"`, in netem's order.
    GilbertElliott {
        /// From good to bad.
        p: Probability,
        /// From bad to good.
        r: Probability,
        /// Loss in the bad state.
        one_minus_h: Probability,
        /// Loss in the good state.
        one_minus_k: Probability,
    },
    /// `loss-markov="p13 p31 p32 p23 p14"`, in netem's order.
    Markov {
        /// From received to lost in a burst.
        p13: Probability,
        /// From lost in a burst to received.
        p31: Probability,
        /// From lost in a burst to received within a burst.
        p32: Probability,
        /// From received within a burst to lost in a burst.
        p23: Probability,
        /// From received to lost alone.
        p14: Probability,
    },
}

/// `reorder="10%" reorder-correlation="50%" reorder-gap=5`.
#[derive(Copy, Clone, Debug, Default, Eq, PartialEq)]
pub struct Reordering {
    /// How often a packet overtakes (it skips the delay).
    pub chance: WithCorrelation,
    /// Every so many packets one may overtake; 0: any.
    pub gap: u32,
}

/// One direction of the control plane.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct ControlSpec {
    /// One-way delay.
    pub delay: Duration,
    /// `segment=`: the largest segment in octets; none: what is written at once is one segment.
    pub segment: Option<u32>,
    /// `coalesce=`: octets wait this long for more, and go in one segment.
    pub coalesce: Option<Duration>,
}

/// One direction of the GRE plane.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct GreSpec {
    /// One-way delay.
    pub delay: Duration,
    /// How far the delay strays to either side.
    pub jitter: Duration,
    /// `distribution=`.
    pub distribution: Distribution,
    /// `jitter-correlation=`.
    pub jitter_correlation: Probability,
    /// Loss.
    pub loss: LossModel,
    /// Reordering.
    pub reorder: Reordering,
    /// `duplicate=`, `duplicate-correlation=`.
    pub duplicate: WithCorrelation,
    /// `corrupt=`, `corrupt-correlation=`.
    pub corrupt: WithCorrelation,
    /// `rate=`: bits a second.
    pub rate: Option<u64>,
    /// `queue=`: packets that may wait for the rate; more are lost (tail drop).
    pub queue: Option<u32>,
    /// `mtu=`: longer packets (IPv4 header and all) are lost.
    pub mtu: Option<u32>,
}

/// `link a b { … }`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct LinkSpec {
    /// Where it is declared.
    pub span: SourceSpan,
    /// One end.
    pub a: NodeIndex,
    /// The other end.
    pub b: NodeIndex,
    /// Control plane: from a to b, from b to a.
    pub control: [ControlSpec; 2],
    /// GRE plane: from a to b, from b to a.
    pub gre: [GreSpec; 2],
}

/// What a `control` line of `impair` changes; what it does not name stays.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct ControlChange {
    /// `delay=`.
    pub delay: Option<Duration>,
    /// `segment=`.
    pub segment: Option<u32>,
    /// `coalesce=`.
    pub coalesce: Option<Duration>,
}

/// What a `gre` line of `link` or `impair` changes; what it does not name stays.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct GreChange {
    /// `delay=`.
    pub delay: Option<Duration>,
    /// `jitter=`.
    pub jitter: Option<Duration>,
    /// `distribution=`.
    pub distribution: Option<Distribution>,
    /// `jitter-correlation=`.
    pub jitter_correlation: Option<Probability>,
    /// Any of the `loss` words.
    pub loss: Option<LossModel>,
    /// The `reorder` words.
    pub reorder: Option<Reordering>,
    /// The `duplicate` words.
    pub duplicate: Option<WithCorrelation>,
    /// The `corrupt` words.
    pub corrupt: Option<WithCorrelation>,
    /// `rate=`.
    pub rate: Option<u64>,
    /// `queue=`.
    pub queue: Option<u32>,
    /// `mtu=`.
    pub mtu: Option<u32>,
}

/// `impair a b { control …; gre …; }`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Impairment {
    /// One end of the link.
    pub a: NodeIndex,
    /// The other end.
    pub b: NodeIndex,
    /// Control plane: from a to b, from b to a.
    pub control: [ControlChange; 2],
    /// GRE plane: from a to b, from b to a.
    pub gre: [GreChange; 2],
    /// The change lines as they are written, resolved.
    pub lines: Vec<String>,
    /// Steps (`flow { … }` inside) for which the change holds; without it, until `restore`.
    pub body: Option<Vec<Step>>,
}

impl ControlChange {
    /// Applies the change to one direction.
    pub fn apply(&self, spec: &mut ControlSpec) {
        spec.delay = self.delay.unwrap_or(spec.delay);
        spec.segment = self.segment.or(spec.segment);
        spec.coalesce = self.coalesce.or(spec.coalesce);
    }
}

impl GreChange {
    /// Applies the change to one direction.
    pub fn apply(&self, spec: &mut GreSpec) {
        spec.delay = self.delay.unwrap_or(spec.delay);
        spec.jitter = self.jitter.unwrap_or(spec.jitter);
        spec.distribution = self.distribution.unwrap_or(spec.distribution);
        spec.jitter_correlation = self.jitter_correlation.unwrap_or(spec.jitter_correlation);
        spec.loss = self.loss.unwrap_or(spec.loss);
        spec.reorder = self.reorder.unwrap_or(spec.reorder);
        spec.duplicate = self.duplicate.unwrap_or(spec.duplicate);
        spec.corrupt = self.corrupt.unwrap_or(spec.corrupt);
        spec.rate = self.rate.or(spec.rate);
        spec.queue = self.queue.or(spec.queue);
        spec.mtu = self.mtu.or(spec.mtu);
    }
}
