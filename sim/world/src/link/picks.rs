//! What luck has in store for one datagram, from the models or from a tape.

use super::ImpairmentKind;
use super::fates::{Fate, Fates};
use super::targeted::GreVerdict;
use crate::luck::Model;
use crate::tape::{Choice, Decision};

/// Luck's part in the fate of one datagram.
#[derive(Copy, Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct Picks {
    /// The first model that loses it.
    pub(super) lost_by: Option<Model>,
    pub(super) duplicate: bool,
    /// The bit turned over in each copy.
    pub(super) corrupt: [Option<u32>; 2],
    /// The bit for a targeted rule that names none.
    pub(super) targeted: Option<u32>,
    pub(super) reorder: bool,
    /// Nanoseconds, each copy's.
    pub(super) jitter: [i64; 2],
}

impl Picks {
    /// What a tape decided about one datagram of so many bits.
    ///
    /// # Errors
    /// A decision about a bit behind the end, or a second loss.
    pub(super) fn from_tape(decisions: &[Decision], bits: u32) -> Result<Picks, Decision> {
        let mut picks = Picks::default();
        for decision in decisions {
            let copy = usize::from(decision.copy);
            match decision.choice {
                Choice::Duplicate => picks.duplicate = true,
                Choice::Reorder => picks.reorder = true,
                Choice::Jitter(nanoseconds) => picks.jitter[copy] = nanoseconds,
                Choice::Corrupt(bit) if bit < bits => picks.corrupt[copy] = Some(bit),
                Choice::Targeted(bit) if bit < bits => picks.targeted = Some(bit),
                Choice::Loss | Choice::LossGilbertElliott | Choice::LossMarkov
                    if picks.lost_by.is_none() =>
                {
                    picks.lost_by = Some(decision.choice.model());
                }
                _ => return Err(*decision),
            }
        }
        Ok(picks)
    }

    /// The picks that made a difference: what a tape has to hold.
    pub(super) fn that_counted(&self, fates: &Fates, verdict: &GreVerdict) -> Picks {
        let mut counted = Picks::default();
        match fates.first {
            Fate::Lost(ImpairmentKind::Targeted | ImpairmentKind::Outage | ImpairmentKind::Mtu) => {
                return counted;
            }
            Fate::Lost(ImpairmentKind::Queue) | Fate::Delivered(_) => {}
            Fate::Lost(_) => {
                counted.lost_by = self.lost_by;
                return counted;
            }
        }
        counted.duplicate = self.duplicate && !verdict.duplicate;
        if let Fate::Delivered(delivery) = fates.first {
            counted.corrupt[0] = self.corrupt[0];
            counted.reorder = self.reorder;
            counted.jitter[0] = if delivery.reordered {
                0
            } else {
                self.jitter[0]
            };
        }
        if let Some(Fate::Delivered(delivery)) = fates.copy {
            counted.corrupt[1] = self.corrupt[1];
            counted.jitter[1] = if delivery.reordered {
                0
            } else {
                self.jitter[1]
            };
        }
        if fates.deliveries().next().is_some() {
            counted.targeted = self.targeted;
        }
        counted
    }

    /// The picks as decisions, in the order of a tape.
    pub(super) fn decisions(&self, ordinal: u64) -> impl Iterator<Item = Decision> + use<> {
        let loss = self.lost_by.and_then(|model| match model {
            Model::Loss => Some(Choice::Loss),
            Model::LossGilbertElliott => Some(Choice::LossGilbertElliott),
            Model::LossMarkov => Some(Choice::LossMarkov),
            _ => None,
        });
        let jitter = self
            .jitter
            .map(|nanoseconds| (nanoseconds != 0).then_some(Choice::Jitter(nanoseconds)));
        let choices = [
            (false, loss),
            (false, self.duplicate.then_some(Choice::Duplicate)),
            (false, self.corrupt[0].map(Choice::Corrupt)),
            (true, self.corrupt[1].map(Choice::Corrupt)),
            (false, self.targeted.map(Choice::Targeted)),
            (false, self.reorder.then_some(Choice::Reorder)),
            (false, jitter[0]),
            (true, jitter[1]),
        ];
        choices.into_iter().filter_map(move |(copy, choice)| {
            choice.map(|choice| Decision {
                ordinal,
                copy,
                choice,
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn picks_survive_a_tape() {
        let picks = Picks {
            lost_by: Some(Model::LossMarkov),
            duplicate: true,
            corrupt: [Some(3), Some(799)],
            targeted: Some(4),
            reorder: true,
            jitter: [-5, 6],
        };
        let decisions: Vec<Decision> = picks.decisions(9).collect();
        assert_eq!(decisions.len(), 8);
        assert!(decisions.is_sorted_by(|one, next| one.place() < next.place()));
        assert_eq!(Picks::from_tape(&decisions, 800), Ok(picks));
        assert_eq!(Picks::from_tape(&decisions, 799), Err(decisions[3]));
        assert_eq!(Picks::default().decisions(9).count(), 0);
    }

    #[test]
    fn a_second_loss_does_not_fit() {
        let decision = |choice| Decision {
            ordinal: 1,
            copy: false,
            choice,
        };
        let both = [decision(Choice::Loss), decision(Choice::LossMarkov)];
        assert_eq!(Picks::from_tape(&both, 8), Err(both[1]));
    }
}
