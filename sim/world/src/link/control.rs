//! One direction of the control plane.

use super::chance::{Held, Running};
use super::control_stream::{ControlStream, Unit};
use super::targeted::{ControlVerdict, RuleSet};
use super::{
    ControlImpairments, ControlRule, ControlView, ImpairmentError, Jitter, LinkError, RuleId,
    Segmentation,
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
// Small, and all that a segment touches on a path that only delays.
pub struct ControlPath {
    track: TrackId,
    stalls: u32,
    released_at: Instant,
    segments: u64,
    /// That of the impairments.
    delay: Duration,
    /// It has no targeted rules, and no impairments but its delay.
    only_delays: bool,
    apart: Box<Apart>,
}

/// What a path that only delays does not look at.
struct Apart {
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
        let apart = Box::new(Apart {
            name,
            plays: deck.is_playing(),
            source,
            impairments: ControlImpairments::default(),
            jitter: None,
            rules: RuleSet::default(),
        });
        Ok(ControlPath {
            track,
            stalls: 0,
            released_at: Instant::START,
            segments: 0,
            delay: Duration::ZERO,
            only_delays: true,
            apart,
        })
    }

    /// The path's name.
    pub fn name(&self) -> &PathName {
        &self.apart.name
    }

    /// The impairments in force.
    pub fn impairments(&self) -> &ControlImpairments {
        &self.apart.impairments
    }

    /// Puts impairments in force for what is sent from now on.
    ///
    /// # Errors
    /// They cannot be carried out; then the ones before stay in force.
    pub fn impair(&mut self, impairments: ControlImpairments) -> Result<(), ImpairmentError> {
        impairments.check()?;
        let Apart {
            jitter,
            name,
            source,
            plays,
            ..
        } = &mut *self.apart;
        if !*plays {
            let stream = || source.stream(name, Model::Jitter);
            Running::switch(jitter, impairments.jitter, stream);
        }
        self.apart.impairments = impairments;
        self.look_at_apart();
        Ok(())
    }

    /// Adds a targeted rule behind the others.
    ///
    /// # Errors
    /// It cannot be carried out.
    pub fn add_rule(&mut self, rule: ControlRule) -> Result<RuleId, ImpairmentError> {
        rule.check()?;
        let id = self.apart.rules.add(rule);
        self.look_at_apart();
        Ok(id)
    }

    /// Replaces a rule; it keeps its place and its count. `false`: there is no such rule.
    ///
    /// # Errors
    /// The new rule cannot be carried out; then the one before stays.
    pub fn update_rule(&mut self, id: RuleId, rule: ControlRule) -> Result<bool, ImpairmentError> {
        rule.check()?;
        Ok(self.apart.rules.update(id, rule))
    }

    /// Removes a rule. `false`: there is no such rule.
    pub fn remove_rule(&mut self, id: RuleId) -> bool {
        let removed = self.apart.rules.remove(id);
        self.look_at_apart();
        removed
    }

    /// Keeps at hand what every segment asks for of what lies apart.
    fn look_at_apart(&mut self) {
        let impairments = &self.apart.impairments;
        self.delay = impairments.delay;
        let delay_alone = ControlImpairments {
            delay: self.delay,
            ..ControlImpairments::default()
        };
        self.only_delays = self.apart.rules.is_empty() && *impairments == delay_alone;
    }

    /// Whether targeted rules may look at what is sent.
    pub(crate) fn may_have_rules(&self) -> bool {
        !self.only_delays
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
        let verdict = match self.only_delays {
            true => ControlVerdict::default(),
            false => self.apart.rules.judge(message),
        };
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
        stream.push_end(now + self.delay, false)
    }

    /// Ends the sender's direction with a RST behind everything that it sent; tells when it arrives.
    pub fn reset(&mut self, stream: &mut ControlStream, now: Instant) -> Instant {
        stream.push_end(now + self.delay, true)
    }

    /// Sends a mark on its own, as a segment without octets (of the handshake, say) travels: with the path's delay, in
    /// order, without luck. Tells when it arrives.
    pub fn signal(&mut self, stream: &mut ControlStream, now: Instant, mark: u32) -> Instant {
        stream.push_mark(now + self.delay, mark)
    }

    /// Which unit the octets belong to and when that leaves. What a targeted rule delays travels by itself.
    fn depart(&self, stream: &mut ControlStream, now: Instant, held_up: Duration) -> Departure {
        let within = match self.only_delays {
            true => Duration::ZERO,
            false => self.apart.impairments.coalesce.unwrap_or(Duration::ZERO),
        };
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
            let of_path = self.segmentation().next_cut(length).map(|cut| cut - length);
            let of_rule = next_cut_of_rule(position).map(|cut| cut - position);
            let size = [of_path, of_rule]
                .into_iter()
                .flatten()
                .min()
                .unwrap_or(u64::MAX);
            let size = usize::try_from(size).unwrap_or(usize::MAX).min(rest.len());
            let (segment, behind) = rest.split_at(size);
            let begun_before = departure.joins && stream.unit.segments > 0 && position == 0;
            let joined = if begun_before && !self.segmentation().cuts_at(length) {
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

    /// Where the path cuts.
    fn segmentation(&self) -> &Segmentation {
        match self.only_delays {
            true => &Segmentation::Whole,
            false => &self.apart.impairments.segmentation,
        }
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
        let travel = self.delay.0.saturating_add_signed(deviation);
        if self.only_delays {
            return Ok(departure.at + Duration(travel) + departure.held_up);
        }
        let verdict = self.apart.rules.judge_segment();
        departure.rule = departure.rule.or(verdict.rule);
        let travel = Duration(travel.saturating_sub(verdict.haste.0));
        let spacing = self.apart.impairments.segment_spacing * segment;
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
                    path: self.apart.name.clone(),
                    decision: *decision,
                }),
            };
        }
        if self.only_delays {
            return Ok(0);
        }
        let Some(model) = &mut self.apart.jitter else {
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
            .field("name", &self.apart.name)
            .field("impairments", &self.apart.impairments)
            .field("stalls", &self.stalls)
            .field("segments", &self.segments)
            .finish_non_exhaustive()
    }
}
