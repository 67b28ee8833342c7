//! Impairments of a plan as lines of `impair`.

use crate::scenario::model::{
    ControlSpec, Distribution, GilbertElliott, GreSpec, Impairment, Jitter, Markov, NodeIndex,
    Probability, Rate, Reordering, Segmentation, WithCorrelation,
};
use crate::scenario::print::{control_words, gre_words};
use pptp_wire::time::Duration;
use pptp_world::fuzzing::{ControlChoice, GreChoice};
use pptp_world::{link, luck};

/// The smallest MTU that a scenario can name; packets of that length are the shortest that carry a GRE header at all.
const LEAST_MTU: u32 = 28;

/// Both planes of a link as they are declared.
pub(super) fn declared(delay: Duration) -> (ControlSpec, GreSpec) {
    let control = ControlSpec {
        delay,
        ..ControlSpec::default()
    };
    let gre = GreSpec {
        delay,
        ..GreSpec::default()
    };
    (control, gre)
}

/// The ways of the network as they are now.
pub(super) struct Ways {
    control: [ControlSpec; 4],
    gre: [GreSpec; 4],
}

impl Ways {
    pub(super) fn new(delay: Duration) -> Ways {
        Ways {
            control: core::array::from_fn(|_| declared(delay).0),
            gre: core::array::from_fn(|_| declared(delay).1),
        }
    }

    /// A way of the GRE plane changes; nothing where it stays as it is.
    pub(super) fn impair_gre(
        &mut self,
        way: usize,
        ends: (NodeIndex, NodeIndex),
        sender: &str,
        choice: &GreChoice,
    ) -> Option<Impairment> {
        let change = gre(&choice.impairments()).change_from(&self.gre[way]);
        change.apply(&mut self.gre[way]);
        let mut impairment = impairment(ends, format!("gre from={sender}{}", gre_words(&change)));
        let changes_something = !change.is_nothing();
        impairment.gre[way % 2] = change;
        changes_something.then_some(impairment)
    }

    /// A way of the control plane changes; nothing where it stays as it is.
    pub(super) fn impair_control(
        &mut self,
        way: usize,
        ends: (NodeIndex, NodeIndex),
        sender: &str,
        choice: &ControlChoice,
    ) -> Option<Impairment> {
        let change = control(&choice.impairments()).change_from(&self.control[way]);
        change.apply(&mut self.control[way]);
        let words = control_words(&change);
        let mut impairment = impairment(ends, format!("control from={sender}{words}"));
        let changes_something = !change.is_nothing();
        impairment.control[way % 2] = change;
        changes_something.then_some(impairment)
    }
}

fn impairment((a, b): (NodeIndex, NodeIndex), line: String) -> Impairment {
    Impairment {
        a,
        b,
        control: Default::default(),
        gre: Default::default(),
        lines: vec![line],
        body: None,
    }
}

fn control(impairments: &link::ControlImpairments) -> ControlSpec {
    ControlSpec {
        delay: impairments.delay,
        jitter: impairments.jitter.map(jitter),
        segmentation: match &impairments.segmentation {
            link::Segmentation::Whole => Segmentation::Whole,
            link::Segmentation::Maximum(most) => Segmentation::Maximum(*most),
            link::Segmentation::Cuts(cuts) => Segmentation::Cuts(cuts.clone()),
        },
        segment_spacing: impairments.segment_spacing,
        coalesce: impairments.coalesce,
    }
}

fn gre(impairments: &link::GreImpairments) -> GreSpec {
    let bursts = |model: link::GilbertElliott| GilbertElliott {
        p: probability(model.good_to_bad),
        r: probability(model.bad_to_good),
        one_minus_h: probability(model.loss_in_bad),
        one_minus_k: probability(model.loss_in_good),
    };
    let chain = |model: link::FourStateMarkov| Markov {
        p13: probability(model.p13),
        p31: probability(model.p31),
        p32: probability(model.p32),
        p23: probability(model.p23),
        p14: probability(model.p14),
    };
    GreSpec {
        delay: impairments.delay,
        jitter: impairments.jitter.map(jitter),
        loss: impairments.loss.map(chance),
        loss_gilbert_elliott: impairments.loss_gilbert_elliott.map(bursts),
        loss_markov: impairments.loss_markov.map(chain),
        reorder: impairments.reorder.map(|reorder| Reordering {
            chance: chance(reorder.chance),
            gap: reorder.gap,
        }),
        duplicate: impairments.duplicate.map(chance),
        corrupt: impairments.corrupt.map(chance),
        rate: impairments.rate.map(|rate| Rate {
            bits_per_second: rate.bits_per_second,
            queue: rate.queue_limit,
        }),
        mtu: impairments.mtu.map(|mtu| mtu.max(LEAST_MTU)),
    }
}

fn jitter(jitter: link::Jitter) -> Jitter {
    Jitter {
        amount: jitter.amount,
        distribution: match jitter.distribution {
            link::Distribution::Uniform => Distribution::Uniform,
            link::Distribution::Normal => Distribution::Normal,
            link::Distribution::Pareto => Distribution::Pareto,
            link::Distribution::ParetoNormal => Distribution::ParetoNormal,
        },
        correlation: probability(jitter.correlation),
    }
}

fn chance(chance: link::Chance) -> WithCorrelation {
    WithCorrelation {
        probability: probability(chance.probability),
        correlation: probability(chance.correlation),
    }
}

/// The nearest that a percentage with seven decimals can say.
fn probability(probability: luck::Probability) -> Probability {
    Probability {
        parts_per_billion: u32::try_from(probability.parts_per_billion()).unwrap_or(1_000_000_000),
    }
}
