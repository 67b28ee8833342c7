//! One direction of the GRE plane.

use super::fates::{Delivery, Fate, Fates, Flips};
use super::models::Models;
use super::picks::Picks;
use super::rate::RateQueue;
use super::targeted::{GreVerdict, Haste, RuleSet};
use super::{
    GreImpairments, GreRule, IPV4_HEADER_LENGTH, ImpairmentError, ImpairmentKind, PacketView,
    RuleId,
};
use crate::luck::{LuckSource, Model, PathName};
use crate::tape::{Decision, TapeDeck, TapeMismatch, TrackId};
use core::fmt;
use pptp_wire::time::{Duration, Instant};
use std::sync::Arc;

/// One direction of the GRE plane of a link: tells what becomes of each datagram. The stages are those of the
/// [module](super).
pub struct GrePath {
    name: PathName,
    track: TrackId,
    /// Whether a tape takes the place of the models.
    plays: bool,
    source: Arc<dyn LuckSource>,
    impairments: GreImpairments,
    models: Models,
    rules: RuleSet<GreRule>,
    queue: RateQueue,
    outages: u32,
    offered: u64,
}

impl GrePath {
    /// A path that delivers at once. Its luck comes from `source`, or, if the deck plays a tape, from the tape.
    ///
    /// # Errors
    /// The deck has no track for this path, or has one in use.
    pub fn open(
        name: PathName,
        source: Arc<dyn LuckSource>,
        deck: &mut TapeDeck,
    ) -> Result<GrePath, TapeMismatch> {
        let track = deck.open(&name)?;
        Ok(GrePath {
            name,
            track,
            plays: deck.is_playing(),
            source,
            impairments: GreImpairments::default(),
            models: Models::default(),
            rules: RuleSet::default(),
            queue: RateQueue::default(),
            outages: 0,
            offered: 0,
        })
    }

    /// The path's name.
    pub fn name(&self) -> &PathName {
        &self.name
    }

    /// The impairments in force.
    pub fn impairments(&self) -> &GreImpairments {
        &self.impairments
    }

    /// Puts impairments in force for what is offered from now on. A model that stays on keeps its state.
    ///
    /// # Errors
    /// They cannot be carried out; then the ones before stay in force.
    pub fn impair(&mut self, impairments: GreImpairments) -> Result<(), ImpairmentError> {
        impairments.check()?;
        if !self.plays {
            self.models.switch(&impairments, &*self.source, &self.name);
        }
        self.impairments = impairments;
        Ok(())
    }

    /// Begins an outage. Outages may overlap: the path works again when each has ended.
    pub fn begin_outage(&mut self) {
        self.outages = self.outages.saturating_add(1);
    }

    /// Ends one outage; nothing happens if there is none.
    pub fn end_outage(&mut self) {
        self.outages = self.outages.saturating_sub(1);
    }

    /// Whether the path is out of order.
    pub fn is_out(&self) -> bool {
        self.outages > 0
    }

    /// Adds a targeted rule behind the others.
    pub fn add_rule(&mut self, rule: GreRule) -> RuleId {
        self.rules.add(rule)
    }

    /// Replaces a rule; it keeps its place and its count. `false`: there is no such rule.
    pub fn update_rule(&mut self, id: RuleId, rule: GreRule) -> bool {
        self.rules.update(id, rule)
    }

    /// Removes a rule. `false`: there is no such rule.
    pub fn remove_rule(&mut self, id: RuleId) -> bool {
        self.rules.remove(id)
    }

    /// Decides what becomes of a datagram that is put on the path at `now`, which must not go back. The deck is the one
    /// that the path was opened with.
    ///
    /// # Errors
    /// The deck plays a tape that does not fit; never while recording.
    pub fn offer(
        &mut self,
        now: Instant,
        packet: &PacketView<'_>,
        deck: &mut TapeDeck,
    ) -> Result<Fates, TapeMismatch> {
        self.offered += 1;
        let bits = packet.bits();
        let verdict = self.rules.judge(packet);
        let decisions = deck.advance(self.track)?;
        let played = decisions.map(|decisions| Picks::from_tape(decisions, bits));
        let Some(played) = played else {
            let picks = self.draw(bits, &verdict);
            let fates = self.decide(now, packet, &verdict, &picks);
            self.record(&picks.that_counted(&fates, &verdict), deck);
            return Ok(fates);
        };
        let picks = played.map_err(|decision| self.unusable(decision))?;
        let fates = self.decide(now, packet, &verdict, &picks);
        self.compare(&picks, &fates, &verdict, bits)?;
        Ok(fates)
    }

    fn draw(&mut self, bits: u32, verdict: &GreVerdict) -> Picks {
        let draw = self.offered - 1;
        let mut picks = self.models.draw(draw, bits, verdict.duplicate);
        if verdict.corrupt == Some(None) {
            picks.targeted = self
                .models
                .draw_targeted(draw, bits, &*self.source, &self.name);
        }
        picks
    }

    fn decide(
        &mut self,
        now: Instant,
        packet: &PacketView<'_>,
        verdict: &GreVerdict,
        picks: &Picks,
    ) -> Fates {
        let octets = packet.length.saturating_add(IPV4_HEADER_LENGTH);
        let lost = if verdict.drop {
            Some(ImpairmentKind::Targeted)
        } else if self.outages > 0 {
            Some(ImpairmentKind::Outage)
        } else if self
            .impairments
            .mtu
            .is_some_and(|mtu| octets > mtu as usize)
        {
            Some(ImpairmentKind::Mtu)
        } else {
            picks.lost_by.and_then(ImpairmentKind::of_loss)
        };
        let (first, copy) = if let Some(by) = lost {
            (Fate::Lost(by), None)
        } else {
            let targeted = targeted_bit(verdict, picks, packet.bits());
            let mut deliver = |copy| self.deliver(now, packet, verdict, picks, targeted, copy);
            let first = deliver(0);
            let two = picks.duplicate || verdict.duplicate;
            (first, two.then(|| deliver(1)))
        };
        Fates {
            ordinal: self.offered,
            first,
            copy,
            rule: verdict.rule,
            held_up: match copy {
                None => verdict.delay[0],
                Some(_) => verdict.delay[0].max(verdict.delay[1]),
            },
        }
    }

    /// The way of one copy from the queue on.
    fn deliver(
        &mut self,
        now: Instant,
        packet: &PacketView<'_>,
        verdict: &GreVerdict,
        picks: &Picks,
        targeted: Option<u32>,
        copy: usize,
    ) -> Fate {
        let octets = packet.length.saturating_add(IPV4_HEADER_LENGTH);
        let departure = match &self.impairments.rate {
            None => now,
            Some(rate) => match self.queue.enqueue(now, octets, rate) {
                None => return Fate::Lost(ImpairmentKind::Queue),
                Some(departure) => departure,
            },
        };
        let reordered = (picks.reorder && copy == 0) || verdict.haste[copy] == Haste::All;
        let delay = match verdict.haste[copy] {
            _ if reordered => Duration::ZERO,
            Haste::All => Duration::ZERO,
            Haste::By(haste) => {
                let jitter = picks.jitter[copy];
                let delay = self.impairments.delay.0.saturating_add_signed(jitter);
                Duration(delay.saturating_sub(haste.0))
            }
        };
        let of_copy = verdict.corrupt_copy[copy];
        let of_copy = of_copy.and_then(|bit| bit.checked_rem(packet.bits()));
        Fate::Delivered(Delivery {
            at: departure + delay + verdict.delay[copy],
            reordered,
            flips: Flips::of([targeted, of_copy, picks.corrupt[copy]]),
        })
    }

    fn record(&self, counted: &Picks, deck: &mut TapeDeck) {
        if *counted != Picks::default() {
            for decision in counted.decisions(self.offered) {
                deck.write(self.track, decision);
            }
        }
    }

    /// Whether what a tape said is just what was needed.
    fn compare(
        &self,
        picks: &Picks,
        fates: &Fates,
        verdict: &GreVerdict,
        bits: u32,
    ) -> Result<(), TapeMismatch> {
        let counted = picks.that_counted(fates, verdict);
        let needs_bit =
            verdict.corrupt == Some(None) && bits > 0 && fates.deliveries().next().is_some();
        if needs_bit && counted.targeted.is_none() {
            return Err(TapeMismatch::Missing {
                path: self.name.clone(),
                ordinal: self.offered,
                needed: "targeted",
            });
        }
        let mut counted = counted.decisions(self.offered).peekable();
        for decision in picks.decisions(self.offered) {
            let spare = decision.choice.model() == Model::Targeted && !needs_bit;
            if spare || counted.next_if_eq(&decision).is_none() {
                return Err(self.unusable(decision));
            }
        }
        Ok(())
    }

    fn unusable(&self, decision: Decision) -> TapeMismatch {
        TapeMismatch::Unusable {
            path: self.name.clone(),
            decision,
        }
    }
}

/// The bit that a targeted rule turns over; there is none in an empty datagram.
fn targeted_bit(verdict: &GreVerdict, picks: &Picks, bits: u32) -> Option<u32> {
    match verdict.corrupt? {
        None => picks.targeted,
        Some(bit) => bit.checked_rem(bits),
    }
}

impl fmt::Debug for GrePath {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("GrePath")
            .field("name", &self.name)
            .field("impairments", &self.impairments)
            .field("offered", &self.offered)
            .finish_non_exhaustive()
    }
}
