//! One direction of the control plane.

use super::chance::{Held, Running};
use super::control_stream::{ControlStream, Unit};
use super::targeted::RuleSet;
use super::{
    ControlImpairments, ControlRule, ControlView, ImpairmentError, Jitter, LinkError, RuleId,
};
use crate::luck::{LuckSource, Model, PathName};
use crate::tape::{Choice, Decision, TapeDeck, TapeMismatch, TrackId};
use core::fmt;
use pptp_wire::time::{Duration, Instant};
use std::sync::Arc;

/// One direction of the control plane of a link: delays and cuts what the connections over it send, and may hold it back.
/// What is on its way lies in the [`ControlStream`]s. It never loses or reorders octets of a connection, as TCP does not.
///
/// Its packets, for luck and tape, are the segments that carry octets, in the order in which they were cut.
//
// What every segment touches comes first.
#[repr(C)]
pub struct ControlPath {
    track: TrackId,
    stalls: u32,
    released_at: Instant,
    segments: u64,
    jitter: Option<Box<Running<Jitter, Held>>>,
    rules: RuleSet<ControlRule>,
    impairments: ControlImpairments,
    name: PathName,
    source: Arc<dyn LuckSource>,
    /// Whether a tape takes the place of the model.
    plays: bool,
}

/// What became of octets that were sent.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct Sent {
    /// When the last octet arrives, unless the path is stalled then.
    pub arrives_at: Instant,
    /// Segments that were begun for them; 0 if all of them joined one that had not left.
    pub segments: u32,
    /// The first targeted rule that did something to them.
    pub rule: Option<RuleId>,
    /// How much targeted rules delayed them beyond what the path does.
    pub held_up: Duration,
}

/// How the octets of one send travel.
struct Departure {
    at: Instant,
    held_up: Duration,
    joins: bool,
    /// The first targeted rule that did something to them.
    rule: Option<RuleId>,
}

impl ControlPath {
    /// A path that delivers at once. Its luck comes from `source`, or, if the deck plays a tape, from the tape.
    ///
    /// # Errors
    /// The deck has no track for this path, or has one in use.
    pub fn open(
        name: PathName,
        source: Arc<dyn LuckSource>,
        deck: &mut TapeDeck,
    ) -> Result<ControlPath, TapeMismatch> {
        let track = deck.open(&name)?;
        Ok(ControlPath {
            name,
            track,
            plays: deck.is_playing(),
            source,
            impairments: ControlImpairments::default(),
            jitter: None,
            rules: RuleSet::default(),
            stalls: 0,
            released_at: Instant::START,
            segments: 0,
        })
    }

    /// The path's name.
    pub fn name(&self) -> &PathName {
        &self.name
    }

    /// The impairments in force.
    pub fn impairments(&self) -> &ControlImpairments {
        &self.impairments
    }

    /// Puts impairments in force for what is sent from now on.
    ///
    /// # Errors
    /// They cannot be carried out; then the ones before stay in force.
    pub fn impair(&mut self, impairments: ControlImpairments) -> Result<(), ImpairmentError> {
        impairments.check()?;
        if !self.plays {
            Running::switch(&mut self.jitter, impairments.jitter, || {
                self.source.stream(&self.name, Model::Jitter)
            });
        }
        self.impairments = impairments;
        Ok(())
    }

    /// Adds a targeted rule behind the others.
    ///
    /// # Errors
    /// It cannot be carried out.
    pub fn add_rule(&mut self, rule: ControlRule) -> Result<RuleId, ImpairmentError> {
        rule.check()?;
        Ok(self.rules.add(rule))
    }

    /// Replaces a rule; it keeps its place and its count. `false`: there is no such rule.
    ///
    /// # Errors
    /// The new rule cannot be carried out; then the one before stays.
    pub fn update_rule(&mut self, id: RuleId, rule: ControlRule) -> Result<bool, ImpairmentError> {
        rule.check()?;
        Ok(self.rules.update(id, rule))
    }

    /// Removes a rule. `false`: there is no such rule.
    pub fn remove_rule(&mut self, id: RuleId) -> bool {
        self.rules.remove(id)
    }

    /// Holds back everything that has not arrived. Stalls may overlap: the path goes on when each has been released.
    pub fn stall(&mut self) {
        self.stalls = self.stalls.saturating_add(1);
    }

    /// Releases one stall. What should have arrived meanwhile arrives at `now`, in order, in the segments that it was cut
    /// into. Nothing happens if there is no stall.
    pub fn release(&mut self, now: Instant) {
        if self.stalls == 1 {
            self.released_at = now;
        }
        self.stalls = self.stalls.saturating_sub(1);
    }

    /// Whether the path holds everything back.
    pub fn is_stalled(&self) -> bool {
        self.stalls > 0
    }

    /// Reads what a segment will need.
    #[inline]
    pub(crate) fn look_ahead(&self) -> (u64, Duration) {
        (self.segments, self.impairments.segment_spacing)
    }

    /// Nothing arrives before this; `None` while it is stalled.
    pub(super) fn not_before(&self) -> Option<Instant> {
        (self.stalls == 0).then_some(self.released_at)
    }

    /// Puts octets on the path at `now`, which must not go back. `message` is what targeted rules look at: send message by
    /// message where there may be rules. The deck is the one that the path was opened with.
    ///
    /// # Errors
    /// The stream has ended, or the deck plays a tape that does not fit.
    pub fn send(
        &mut self,
        stream: &mut ControlStream,
        now: Instant,
        octets: &[u8],
        message: &ControlView,
        deck: &mut TapeDeck,
    ) -> Result<Sent, LinkError> {
        if stream.is_ended() {
            return Err(LinkError::Ended);
        }
        let verdict = self.rules.judge(message);
        let mut departure = self.depart(stream, now, verdict.delay);
        departure.rule = verdict.rule;
        let next_cut = |position| verdict.next_cut(position);
        let (segments, arrives_at) = self.cut(stream, octets, &mut departure, next_cut, deck)?;
        Ok(Sent {
            arrives_at: arrives_at.unwrap_or(now),
            segments,
            rule: departure.rule,
            held_up: departure.held_up,
        })
    }

    /// Ends the sender's direction with a FIN behind everything that it sent; tells when it arrives. The other direction
    /// goes on.
    pub fn end(&mut self, stream: &mut ControlStream, now: Instant) -> Instant {
        stream.push_end(now + self.impairments.delay, false)
    }

    /// Ends the sender's direction with a RST behind everything that it sent; tells when it arrives.
    pub fn reset(&mut self, stream: &mut ControlStream, now: Instant) -> Instant {
        stream.push_end(now + self.impairments.delay, true)
    }

    /// Sends a mark on its own, as a segment without octets (of the handshake, say) travels: with the path's delay, in
    /// order, without luck. Tells when it arrives.
    pub fn signal(&mut self, stream: &mut ControlStream, now: Instant, mark: u32) -> Instant {
        stream.push_mark(now + self.impairments.delay, mark)
    }

    /// Which unit the octets belong to and when that leaves. What a targeted rule delays travels by itself.
    fn depart(&self, stream: &mut ControlStream, now: Instant, held_up: Duration) -> Departure {
        let within = self.impairments.coalesce.unwrap_or(Duration::ZERO);
        let joins = now < stream.unit.departs && held_up == Duration::ZERO;
        if !joins {
            stream.unit = Unit {
                departs: now + within,
                ..Unit::default()
            };
        }
        let at = stream.unit.departs;
        if held_up > Duration::ZERO {
            stream.unit.departs = now;
        }
        Departure {
            at,
            held_up,
            joins,
            rule: None,
        }
    }

    /// Cuts octets into segments; how many it began, and when the last one arrives.
    fn cut(
        &mut self,
        stream: &mut ControlStream,
        octets: &[u8],
        departure: &mut Departure,
        next_cut_of_rule: impl Fn(u64) -> Option<u64>,
        deck: &mut TapeDeck,
    ) -> Result<(u32, Option<Instant>), TapeMismatch> {
        let (mut begun, mut arrives_at, mut position) = (0, None, 0);
        let mut rest = octets;
        while !rest.is_empty() {
            let length = stream.unit.length;
            let of_path = self
                .impairments
                .segmentation
                .next_cut(length)
                .map(|cut| cut - length);
            let of_rule = next_cut_of_rule(position).map(|cut| cut - position);
            let size = [of_path, of_rule]
                .into_iter()
                .flatten()
                .min()
                .unwrap_or(u64::MAX);
            let size = usize::try_from(size).unwrap_or(usize::MAX).min(rest.len());
            let (segment, behind) = rest.split_at(size);
            let begun_before = departure.joins && stream.unit.segments > 0 && position == 0;
            let joined = if begun_before && !self.impairments.segmentation.cuts_at(length) {
                stream.extend_segment(segment)
            } else {
                None
            };
            arrives_at = match joined {
                Some(at) => Some(at),
                None => {
                    begun += 1;
                    let at = self.arrival(stream.unit.segments, departure, deck)?;
                    stream.unit.segments += 1;
                    Some(stream.push_segment(at, segment))
                }
            };
            stream.unit.length += size as u64;
            position += size as u64;
            rest = behind;
        }
        Ok((begun, arrives_at))
    }

    /// When a segment would arrive, were it alone.
    fn arrival(
        &mut self,
        segment: u64,
        departure: &mut Departure,
        deck: &mut TapeDeck,
    ) -> Result<Instant, TapeMismatch> {
        self.segments += 1;
        let deviation = self.deviation(deck)?;
        let verdict = self.rules.judge_segment();
        departure.rule = departure.rule.or(verdict.rule);
        let travel = self.impairments.delay.0.saturating_add_signed(deviation);
        let travel = Duration(travel.saturating_sub(verdict.haste.0));
        let spacing = self.impairments.segment_spacing * segment;
        Ok(departure.at + spacing + travel + departure.held_up + verdict.delay)
    }

    /// The jitter of a segment in nanoseconds, from luck or from the tape.
    fn deviation(&mut self, deck: &mut TapeDeck) -> Result<i64, TapeMismatch> {
        let ordinal = self.segments;
        if let Some(decisions) = deck.advance(self.track)? {
            return match decisions {
                [] => Ok(0),
                [
                    Decision {
                        choice: Choice::Jitter(nanoseconds),
                        copy: false,
                        ..
                    },
                ] => Ok(*nanoseconds),
                [.., decision] => Err(TapeMismatch::Unusable {
                    path: self.name.clone(),
                    decision: *decision,
                }),
            };
        }
        let Some(model) = &mut self.jitter else {
            return Ok(0);
        };
        let jitter = model.parameters;
        let drawn = model
            .state
            .draw(&mut model.stream, ordinal - 1, jitter.correlation);
        let nanoseconds = jitter.deviation(drawn.value);
        if nanoseconds != 0 {
            let choice = Choice::Jitter(nanoseconds);
            deck.write(
                self.track,
                Decision {
                    ordinal,
                    copy: false,
                    choice,
                },
            );
        }
        Ok(nanoseconds)
    }
}

impl fmt::Debug for ControlPath {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ControlPath")
            .field("name", &self.name)
            .field("impairments", &self.impairments)
            .field("stalls", &self.stalls)
            .field("segments", &self.segments)
            .finish_non_exhaustive()
    }
}
