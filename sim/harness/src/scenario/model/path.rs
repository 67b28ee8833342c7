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

impl Probability {
    /// It does not happen.
    pub const NEVER: Probability = Probability {
        parts_per_billion: 0,
    };
    /// It happens each time.
    pub const ALWAYS: Probability = Probability {
        parts_per_billion: 1_000_000_000,
    };
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

/// How far a delay strays.
#[derive(Copy, Clone, Debug, Default, Eq, PartialEq)]
pub struct Jitter {
    /// `jitter=`: the largest deviation for the uniform distribution, the standard deviation for the others.
    pub amount: Duration,
    /// `distribution=`.
    pub distribution: Distribution,
    /// `jitter-correlation=`.
    pub correlation: Probability,
}

/// `loss-gilbert-elliott="p r 1-h 1-k"`, in netem's order.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct GilbertElliott {
    /// From good to bad.
    pub p: Probability,
    /// From bad to good; 100% - p where the text names none.
    pub r: Probability,
    /// Loss in the bad state; 100% where the text names none.
    pub one_minus_h: Probability,
    /// Loss in the good state; 0% where the text names none.
    pub one_minus_k: Probability,
}

/// `loss-markov="p13 p31 p32 p23 p14"`, in netem's order.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct Markov {
    /// From received in a gap to lost in a burst.
    pub p13: Probability,
    /// From lost in a burst to received in a gap; 100% - p13 where the text names none.
    pub p31: Probability,
    /// From lost in a burst to received in a burst; 0% where the text names none.
    pub p32: Probability,
    /// From received in a burst to lost in a burst; 100% where the text names none.
    pub p23: Probability,
    /// From received in a gap to lost alone; 0% where the text names none.
    pub p14: Probability,
}

/// `rate="64kbit" queue=50`.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct Rate {
    /// Bits a second.
    pub bits_per_second: u64,
    /// Packets that may wait; more are lost (tail drop). 1000 where the text names none.
    pub queue: u32,
}

/// Where the path cuts what was sent at once.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub enum Segmentation {
    /// Nowhere.
    #[default]
    Whole,
    /// `segment=536`: after so many octets each.
    Maximum(u32),
    /// `segment-at="1 20"`: behind each of these numbers of octets; ascending, none 0.
    Cuts(Vec<u32>),
}

/// `reorder="10%" reorder-correlation="50%" reorder-gap=5`.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct Reordering {
    /// How often a packet overtakes (it skips the delay).
    pub chance: WithCorrelation,
    /// Of so many packets one may overtake; at least 1.
    pub gap: u32,
}

/// One direction of the control plane.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct ControlSpec {
    /// `delay=`: one way.
    pub delay: Duration,
    /// `jitter=` and its companions; a segment never overtakes the one before it.
    pub jitter: Option<Jitter>,
    /// `segment=` or `segment-at=`.
    pub segmentation: Segmentation,
    /// `segment-spacing=`: how much later each further segment of what was sent at once leaves.
    pub segment_spacing: Duration,
    /// `coalesce=`: octets wait this long for more, and leave together.
    pub coalesce: Option<Duration>,
}

/// One direction of the GRE plane.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct GreSpec {
    /// `delay=`: one way.
    pub delay: Duration,
    /// `jitter=` and its companions.
    pub jitter: Option<Jitter>,
    /// `loss=`, `loss-correlation=`.
    pub loss: Option<WithCorrelation>,
    /// `loss-gilbert-elliott=`; may stand beside the other losses.
    pub loss_gilbert_elliott: Option<GilbertElliott>,
    /// `loss-markov=`; may stand beside the other losses.
    pub loss_markov: Option<Markov>,
    /// `reorder=` and its companions.
    pub reorder: Option<Reordering>,
    /// `duplicate=`, `duplicate-correlation=`.
    pub duplicate: Option<WithCorrelation>,
    /// `corrupt=`, `corrupt-correlation=`.
    pub corrupt: Option<WithCorrelation>,
    /// `rate=`, `queue=`.
    pub rate: Option<Rate>,
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

/// What a `control` line changes in one direction; what it does not name stays.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct ControlChange {
    /// `delay=`.
    pub delay: Option<Duration>,
    /// The `jitter` words; an amount of zero: none.
    pub jitter: Option<Jitter>,
    /// The `segment` words.
    pub segmentation: Option<Segmentation>,
    /// `segment-spacing=`.
    pub segment_spacing: Option<Duration>,
    /// `coalesce=`; zero: not at all.
    pub coalesce: Option<Duration>,
}

/// What a `gre` line changes in one direction; what it does not name stays. A probability, rate or MTU of zero switches its model off.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct GreChange {
    /// `delay=`.
    pub delay: Option<Duration>,
    /// The `jitter` words; an amount of zero: none.
    pub jitter: Option<Jitter>,
    /// The `loss` words.
    pub loss: Option<WithCorrelation>,
    /// `loss-gilbert-elliott=`.
    pub loss_gilbert_elliott: Option<GilbertElliott>,
    /// `loss-markov=`.
    pub loss_markov: Option<Markov>,
    /// The `reorder` words.
    pub reorder: Option<Reordering>,
    /// The `duplicate` words.
    pub duplicate: Option<WithCorrelation>,
    /// The `corrupt` words.
    pub corrupt: Option<WithCorrelation>,
    /// The `rate` words.
    pub rate: Option<Rate>,
    /// `mtu=`.
    pub mtu: Option<u32>,
}

/// `impair a b { control …; gre …; flow { … } }`.
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
    /// The steps of `flow`, for which the change holds; without it, until `restore`.
    pub body: Option<Vec<Step>>,
}

impl ControlSpec {
    /// What changes `before` into this.
    pub fn change_from(&self, before: &ControlSpec) -> ControlChange {
        ControlChange {
            delay: changed(&self.delay, &before.delay),
            jitter: changed(&self.jitter, &before.jitter).map(Option::unwrap_or_default),
            segmentation: changed(&self.segmentation, &before.segmentation),
            segment_spacing: changed(&self.segment_spacing, &before.segment_spacing),
            coalesce: changed(&self.coalesce, &before.coalesce).map(Option::unwrap_or_default),
        }
    }
}

impl GreSpec {
    /// What changes `before` into this; what it has no more is named with zeros.
    pub fn change_from(&self, before: &GreSpec) -> GreChange {
        let no_bursts = GilbertElliott {
            p: Probability::NEVER,
            r: Probability::ALWAYS,
            one_minus_h: Probability::ALWAYS,
            one_minus_k: Probability::NEVER,
        };
        let no_chain = Markov {
            p13: Probability::NEVER,
            p31: Probability::ALWAYS,
            p32: Probability::NEVER,
            p23: Probability::ALWAYS,
            p14: Probability::NEVER,
        };
        let no_reordering = Reordering {
            chance: WithCorrelation::default(),
            gap: 1,
        };
        let no_rate = Rate {
            bits_per_second: 0,
            queue: 1000,
        };
        GreChange {
            delay: changed(&self.delay, &before.delay),
            jitter: changed(&self.jitter, &before.jitter).map(Option::unwrap_or_default),
            loss: changed(&self.loss, &before.loss).map(Option::unwrap_or_default),
            loss_gilbert_elliott: changed(&self.loss_gilbert_elliott, &before.loss_gilbert_elliott)
                .map(|model| model.unwrap_or(no_bursts)),
            loss_markov: changed(&self.loss_markov, &before.loss_markov)
                .map(|model| model.unwrap_or(no_chain)),
            reorder: changed(&self.reorder, &before.reorder)
                .map(|model| model.unwrap_or(no_reordering)),
            duplicate: changed(&self.duplicate, &before.duplicate).map(Option::unwrap_or_default),
            corrupt: changed(&self.corrupt, &before.corrupt).map(Option::unwrap_or_default),
            rate: changed(&self.rate, &before.rate).map(|rate| rate.unwrap_or(no_rate)),
            mtu: changed(&self.mtu, &before.mtu).map(Option::unwrap_or_default),
        }
    }
}

fn changed<T: Clone + PartialEq>(now: &T, before: &T) -> Option<T> {
    (now != before).then(|| now.clone())
}

impl ControlChange {
    /// Whether it changes nothing.
    pub fn is_nothing(&self) -> bool {
        *self == ControlChange::default()
    }

    /// Applies the change to one direction.
    pub fn apply(&self, spec: &mut ControlSpec) {
        spec.delay = self.delay.unwrap_or(spec.delay);
        if let Some(jitter) = self.jitter {
            spec.jitter = Some(jitter).filter(|jitter| jitter.amount > Duration::ZERO);
        }
        if let Some(segmentation) = &self.segmentation {
            spec.segmentation = segmentation.clone();
        }
        spec.segment_spacing = self.segment_spacing.unwrap_or(spec.segment_spacing);
        if let Some(coalesce) = self.coalesce {
            spec.coalesce = Some(coalesce).filter(|span| *span > Duration::ZERO);
        }
    }
}

impl GreChange {
    /// Whether it changes nothing.
    pub fn is_nothing(&self) -> bool {
        *self == GreChange::default()
    }

    /// Applies the change to one direction.
    pub fn apply(&self, spec: &mut GreSpec) {
        spec.delay = self.delay.unwrap_or(spec.delay);
        if let Some(jitter) = self.jitter {
            spec.jitter = Some(jitter).filter(|jitter| jitter.amount > Duration::ZERO);
        }
        set_chance(&mut spec.loss, self.loss);
        if let Some(model) = self.loss_gilbert_elliott {
            let loses = model.p > Probability::NEVER || model.one_minus_k > Probability::NEVER;
            spec.loss_gilbert_elliott = Some(model).filter(|_| loses);
        }
        if let Some(model) = self.loss_markov {
            let loses = model.p13 > Probability::NEVER || model.p14 > Probability::NEVER;
            spec.loss_markov = Some(model).filter(|_| loses);
        }
        if let Some(reorder) = self.reorder {
            let happens = reorder.chance.probability > Probability::NEVER;
            spec.reorder = Some(reorder).filter(|_| happens);
        }
        set_chance(&mut spec.duplicate, self.duplicate);
        set_chance(&mut spec.corrupt, self.corrupt);
        if let Some(rate) = self.rate {
            spec.rate = Some(rate).filter(|rate| rate.bits_per_second > 0);
        }
        if let Some(mtu) = self.mtu {
            spec.mtu = Some(mtu).filter(|octets| *octets > 0);
        }
    }
}

fn set_chance(target: &mut Option<WithCorrelation>, change: Option<WithCorrelation>) {
    if let Some(chance) = change {
        *target = Some(chance).filter(|chance| chance.probability > Probability::NEVER);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chance(parts_per_billion: u32) -> WithCorrelation {
        WithCorrelation {
            probability: Probability { parts_per_billion },
            ..WithCorrelation::default()
        }
    }

    #[test]
    fn a_change_leaves_what_it_does_not_name_and_zero_switches_off() {
        let mut spec = GreSpec {
            delay: Duration::from_millis(20),
            loss: Some(chance(5)),
            duplicate: Some(chance(7)),
            ..GreSpec::default()
        };
        let change = GreChange {
            loss: Some(chance(0)),
            mtu: Some(600),
            ..GreChange::default()
        };
        change.apply(&mut spec);
        assert_eq!(spec.delay, Duration::from_millis(20));
        assert_eq!((spec.loss, spec.duplicate), (None, Some(chance(7))));
        assert_eq!(spec.mtu, Some(600));
    }

    #[test]
    fn a_control_change_leaves_what_it_does_not_name() {
        let mut spec = ControlSpec {
            delay: Duration::from_millis(20),
            coalesce: Some(Duration::from_millis(1)),
            ..ControlSpec::default()
        };
        let change = ControlChange {
            segmentation: Some(Segmentation::Maximum(1)),
            coalesce: Some(Duration::ZERO),
            ..ControlChange::default()
        };
        change.apply(&mut spec);
        assert_eq!(spec.delay, Duration::from_millis(20));
        assert_eq!(spec.segmentation, Segmentation::Maximum(1));
        assert_eq!(spec.coalesce, None);
    }
}
