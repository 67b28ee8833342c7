//! Links of the scenario text as the world's link model has them.

use pptp_world::link::{
    Chance, ControlImpairments, Distribution, FourStateMarkov, GilbertElliott, GreImpairments,
    Jitter, Rate, Reorder, Segmentation,
};
use pptp_world::luck::Probability;

use crate::scenario::model::{self, ControlSpec, GreSpec, WithCorrelation};

/// One direction of the control plane.
pub fn control(spec: &ControlSpec) -> ControlImpairments {
    ControlImpairments {
        delay: spec.delay,
        jitter: spec.jitter.map(jitter),
        segmentation: match &spec.segmentation {
            model::Segmentation::Whole => Segmentation::Whole,
            model::Segmentation::Maximum(size) => Segmentation::Maximum(*size),
            model::Segmentation::Cuts(cuts) => Segmentation::Cuts(cuts.clone()),
        },
        segment_spacing: spec.segment_spacing,
        coalesce: spec.coalesce,
    }
}

/// One direction of the GRE plane.
pub fn gre(spec: &GreSpec) -> GreImpairments {
    GreImpairments {
        delay: spec.delay,
        jitter: spec.jitter.map(jitter),
        loss: spec.loss.map(chance),
        loss_gilbert_elliott: spec.loss_gilbert_elliott.map(|model| GilbertElliott {
            good_to_bad: probability(model.p),
            bad_to_good: probability(model.r),
            loss_in_bad: probability(model.one_minus_h),
            loss_in_good: probability(model.one_minus_k),
        }),
        loss_markov: spec.loss_markov.map(|model| FourStateMarkov {
            p13: probability(model.p13),
            p31: probability(model.p31),
            p32: probability(model.p32),
            p23: probability(model.p23),
            p14: probability(model.p14),
        }),
        reorder: spec.reorder.map(|reorder| Reorder {
            chance: chance(reorder.chance),
            gap: reorder.gap,
        }),
        duplicate: spec.duplicate.map(chance),
        corrupt: spec.corrupt.map(chance),
        rate: spec.rate.map(|rate| Rate {
            bits_per_second: rate.bits_per_second,
            queue_limit: rate.queue,
        }),
        mtu: spec.mtu,
    }
}

fn probability(value: model::Probability) -> Probability {
    Probability::from_parts_per_billion(u64::from(value.parts_per_billion))
        .unwrap_or(Probability::ALWAYS)
}

fn chance(value: WithCorrelation) -> Chance {
    Chance {
        probability: probability(value.probability),
        correlation: probability(value.correlation),
    }
}

fn jitter(value: model::Jitter) -> Jitter {
    let distribution = match value.distribution {
        model::Distribution::Uniform => Distribution::Uniform,
        model::Distribution::Normal => Distribution::Normal,
        model::Distribution::Pareto => Distribution::Pareto,
        model::Distribution::ParetoNormal => Distribution::ParetoNormal,
    };
    Jitter {
        amount: value.amount,
        distribution,
        correlation: probability(value.correlation),
    }
}
