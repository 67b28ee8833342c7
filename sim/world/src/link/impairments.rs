//! What a path is told to do to packets.

use super::{Chance, FourStateMarkov, GilbertElliott, Jitter, Rate, Reorder};
use crate::tape::TapeMismatch;
use core::fmt;
use pptp_wire::time::Duration;

/// The impairments of one direction of the GRE plane. The default is a path that delivers at once.
#[derive(Copy, Clone, Debug, Default, Eq, PartialEq)]
pub struct GreImpairments {
    /// The time that the path takes.
    pub delay: Duration,
    /// Variation of it.
    pub jitter: Option<Jitter>,
    /// Random loss.
    pub loss: Option<Chance>,
    /// Loss by the Gilbert-Elliott model; may stand beside the other losses.
    pub loss_gilbert_elliott: Option<GilbertElliott>,
    /// Loss by the four-state Markov chain; may stand beside the other losses.
    pub loss_markov: Option<FourStateMarkov>,
    /// Packets sent ahead of the delayed ones.
    pub reorder: Option<Reorder>,
    /// A second copy.
    pub duplicate: Option<Chance>,
    /// One random bit turned over.
    pub corrupt: Option<Chance>,
    /// A limited rate.
    pub rate: Option<Rate>,
    /// The longest IP packet that passes, in octets with its header of [`IPV4_HEADER_LENGTH`](super::IPV4_HEADER_LENGTH).
    pub mtu: Option<u32>,
}

impl GreImpairments {
    /// Whether the values can be carried out.
    ///
    /// # Errors
    /// The first that cannot: chances of one state over 100% together, a gap, rate or queue of 0, a queue over 1,000,000.
    pub fn check(&self) -> Result<(), ImpairmentError> {
        if let Some(chain) = &self.loss_markov {
            chain.check()?;
        }
        if let Some(rate) = &self.rate {
            rate.check()?;
        }
        if self.reorder.is_some_and(|reorder| reorder.gap == 0) {
            return Err(ImpairmentError {
                field: "reorder",
                problem: "the gap is at least 1",
            });
        }
        Ok(())
    }
}

/// The impairments of one direction of the control plane. The default is a path that delivers at once what is sent, as it
/// is sent.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[repr(C)]
pub struct ControlImpairments {
    /// The time that the path takes.
    pub delay: Duration,
    /// How much later each further segment of what was sent at once leaves.
    pub segment_spacing: Duration,
    /// What is sent within this time of the first octets leaves together at the end of it.
    pub coalesce: Option<Duration>,
    /// Where the stream is cut.
    pub segmentation: Segmentation,
    /// Variation of the delay, segment by segment; a segment never overtakes the one before it.
    pub jitter: Option<Jitter>,
}

/// Where a path cuts what was sent at once (or was coalesced) into segments.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub enum Segmentation {
    /// Nowhere.
    #[default]
    Whole,
    /// After so many octets each; not 0.
    Maximum(u32),
    /// Behind each of these numbers of octets, counted from the start of what was sent at once; ascending, none 0.
    Cuts(Vec<u32>),
}

impl ControlImpairments {
    /// Whether the values can be carried out.
    ///
    /// # Errors
    /// A segment size of 0, or cuts that are not ascending numbers over 0.
    pub fn check(&self) -> Result<(), ImpairmentError> {
        self.segmentation.check()
    }
}

impl Segmentation {
    fn check(&self) -> Result<(), ImpairmentError> {
        let problem = match self {
            Segmentation::Maximum(0) => "a segment has at least 1 octet",
            Segmentation::Cuts(cuts) if !are_cuts(cuts) => "cuts are ascending numbers over 0",
            _ => return Ok(()),
        };
        Err(ImpairmentError {
            field: "segmentation",
            problem,
        })
    }

    /// The first cut behind this octet of the unit.
    pub(super) fn next_cut(&self, position: u64) -> Option<u64> {
        match self {
            Segmentation::Whole => None,
            Segmentation::Maximum(size) => {
                let size = u64::from(*size);
                Some((position / size + 1) * size)
            }
            Segmentation::Cuts(cuts) => next_cut(cuts, position),
        }
    }

    /// Whether this place in the unit, behind its first octet, is a cut.
    pub(super) fn cuts_at(&self, position: u64) -> bool {
        position > 0 && self.next_cut(position - 1) == Some(position)
    }
}

/// The first of ascending cuts that is behind `position`.
pub(super) fn next_cut(cuts: &[u32], position: u64) -> Option<u64> {
    let index = cuts.partition_point(|cut| u64::from(*cut) <= position);
    cuts.get(index).map(|cut| u64::from(*cut))
}

/// Whether the numbers ascend from 1 or more.
pub(super) fn are_cuts(cuts: &[u32]) -> bool {
    cuts.first() != Some(&0) && cuts.is_sorted_by(|one, next| one < next)
}

/// Impairments that cannot be carried out.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct ImpairmentError {
    /// Which impairment, by its key.
    pub field: &'static str,
    /// What is wrong with it.
    pub problem: &'static str,
}

impl fmt::Display for ImpairmentError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.field, self.problem)
    }
}

impl core::error::Error for ImpairmentError {}

/// Why a link cannot be opened, or octets cannot be sent on it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum LinkError {
    /// Its impairments cannot be carried out.
    Impairment(ImpairmentError),
    /// The tape does not fit.
    Tape(TapeMismatch),
    /// The sender has closed or reset this direction of the connection before.
    Ended,
}

impl From<ImpairmentError> for LinkError {
    fn from(error: ImpairmentError) -> LinkError {
        LinkError::Impairment(error)
    }
}

impl From<TapeMismatch> for LinkError {
    fn from(error: TapeMismatch) -> LinkError {
        LinkError::Tape(error)
    }
}

impl fmt::Display for LinkError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LinkError::Impairment(error) => error.fmt(formatter),
            LinkError::Tape(error) => error.fmt(formatter),
            LinkError::Ended => write!(formatter, "octets behind the end of their stream"),
        }
    }
}

impl core::error::Error for LinkError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_carried_out_is_refused() {
        assert_eq!(GreImpairments::default().check(), Ok(()));
        let reorder = Some(Reorder {
            chance: Chance::default(),
            gap: 0,
        });
        let no_gap = GreImpairments {
            reorder,
            ..GreImpairments::default()
        };
        assert_eq!(
            no_gap.check().unwrap_err().to_string(),
            "reorder: the gap is at least 1"
        );
        let rate = Some(Rate::new(0));
        assert!(
            GreImpairments {
                rate,
                ..GreImpairments::default()
            }
            .check()
            .is_err()
        );
        for wrong in [vec![0], vec![0, 1], vec![2, 2], vec![3, 1]] {
            assert!(Segmentation::Cuts(wrong).check().is_err());
        }
        assert!(Segmentation::Maximum(0).check().is_err());
        assert_eq!(Segmentation::Cuts(vec![1, 2, 9]).check(), Ok(()));
    }

    #[test]
    fn cuts_are_found_behind_a_position() {
        let cuts = Segmentation::Cuts(vec![2, 5]);
        assert_eq!(
            [0, 1, 2, 4, 5].map(|at| cuts.next_cut(at)),
            [Some(2), Some(2), Some(5), Some(5), None]
        );
        assert_eq!(
            [0, 2, 3, 5].map(|at| cuts.cuts_at(at)),
            [false, true, false, true]
        );
        let sized = Segmentation::Maximum(4);
        assert_eq!(
            [0, 3, 4].map(|at| sized.next_cut(at)),
            [Some(4), Some(4), Some(8)]
        );
        assert_eq!(
            [0, 3, 4, 8].map(|at| sized.cuts_at(at)),
            [false, false, true, true]
        );
    }
}
