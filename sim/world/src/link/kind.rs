//! The names of the impairments.

use crate::luck::Model;

/// What a link did to a packet.
#[derive(Copy, Clone, Debug, Eq, PartialEq, Ord, PartialOrd, Hash)]
pub enum ImpairmentKind {
    /// A targeted rule.
    Targeted,
    /// The path was out of order.
    Outage,
    /// Longer than the path takes.
    Mtu,
    /// Random loss.
    Loss,
    /// Loss by the Gilbert-Elliott model.
    LossGilbertElliott,
    /// Loss by the four-state Markov chain.
    LossMarkov,
    /// The queue before the rate limit was full.
    Queue,
    /// A second copy.
    Duplicate,
    /// A bit turned over.
    Corrupt,
    /// Ahead of the delayed ones.
    Reorder,
    /// The time that the octets take on the line.
    Rate,
    /// The plain delay.
    Delay,
    /// Variation of the delay.
    Jitter,
    /// Control octets held back until they are released.
    Stall,
}

impl ImpairmentKind {
    /// Every kind.
    pub const ALL: [ImpairmentKind; 14] = [
        ImpairmentKind::Targeted,
        ImpairmentKind::Outage,
        ImpairmentKind::Mtu,
        ImpairmentKind::Loss,
        ImpairmentKind::LossGilbertElliott,
        ImpairmentKind::LossMarkov,
        ImpairmentKind::Queue,
        ImpairmentKind::Duplicate,
        ImpairmentKind::Corrupt,
        ImpairmentKind::Reorder,
        ImpairmentKind::Rate,
        ImpairmentKind::Delay,
        ImpairmentKind::Jitter,
        ImpairmentKind::Stall,
    ];

    /// The word for it: `loss-gilbert-elliott`.
    pub const fn key(self) -> &'static str {
        match self {
            ImpairmentKind::Targeted => "targeted",
            ImpairmentKind::Outage => "outage",
            ImpairmentKind::Mtu => "mtu",
            ImpairmentKind::Loss => "loss",
            ImpairmentKind::LossGilbertElliott => "loss-gilbert-elliott",
            ImpairmentKind::LossMarkov => "loss-markov",
            ImpairmentKind::Queue => "queue",
            ImpairmentKind::Duplicate => "duplicate",
            ImpairmentKind::Corrupt => "corrupt",
            ImpairmentKind::Reorder => "reorder",
            ImpairmentKind::Rate => "rate",
            ImpairmentKind::Delay => "delay",
            ImpairmentKind::Jitter => "jitter",
            ImpairmentKind::Stall => "stall",
        }
    }

    /// What it means, in a sentence.
    pub const fn doc(self) -> &'static str {
        match self {
            ImpairmentKind::Targeted => "A rule of the scenario aimed at this packet.",
            ImpairmentKind::Outage => "The path was out of order when the packet was sent.",
            ImpairmentKind::Mtu => {
                "The datagram with its IP header was longer than the path takes."
            }
            ImpairmentKind::Loss => "Lost at random.",
            ImpairmentKind::LossGilbertElliott => "Lost by the Gilbert-Elliott model of bursts.",
            ImpairmentKind::LossMarkov => "Lost by the Markov chain of four states.",
            ImpairmentKind::Queue => "The queue before the rate limit was full.",
            ImpairmentKind::Duplicate => "The path made a second copy.",
            ImpairmentKind::Corrupt => "The path turned over one bit.",
            ImpairmentKind::Reorder => "Sent at once, ahead of the delayed ones.",
            ImpairmentKind::Rate => {
                "Waited for its turn and took its time on a line of limited rate."
            }
            ImpairmentKind::Delay => "Took the time that the path takes.",
            ImpairmentKind::Jitter => "Took more or less time than the path's delay.",
            ImpairmentKind::Stall => "Control octets were held back until the path was released.",
        }
    }

    /// The kind that a loss by this model of luck has; `None` for a model that does not lose.
    pub(super) const fn of_loss(model: Model) -> Option<ImpairmentKind> {
        match model {
            Model::Loss => Some(ImpairmentKind::Loss),
            Model::LossGilbertElliott => Some(ImpairmentKind::LossGilbertElliott),
            Model::LossMarkov => Some(ImpairmentKind::LossMarkov),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_differ_and_those_of_models_are_the_models() {
        let keys: std::collections::BTreeSet<_> =
            ImpairmentKind::ALL.map(ImpairmentKind::key).into();
        assert_eq!(keys.len(), ImpairmentKind::ALL.len());
        for model in Model::ALL {
            assert!(keys.contains(model.key()), "{}", model.key());
            let kind = ImpairmentKind::of_loss(model);
            assert!(kind.is_none_or(|kind| kind.key() == model.key()));
        }
    }
}
