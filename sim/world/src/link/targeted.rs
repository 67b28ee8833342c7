//! Targeted rules: faults that pick packets by what they are, not by luck.

use super::impairments::{are_cuts, next_cut};
use super::{ControlView, ImpairmentError, PacketView, Ranges};
use pptp_wire::time::Duration;
use pptp_wire::{ControlMessageType, PppFrame};

/// A rule of one path.
#[derive(Copy, Clone, Debug, Eq, PartialEq, Ord, PartialOrd, Hash)]
pub struct RuleId(pub u32);

/// A rule for datagrams.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct GreRule {
    /// Which datagrams.
    pub matches: GreMatch,
    /// What happens to them.
    pub action: GreAction,
}

/// Which datagrams a rule is about: those that satisfy every condition that is set. A field that a datagram does not have
/// satisfies no condition.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct GreMatch {
    /// Which ones of those that satisfy the other conditions, counted from 1 since the rule was added.
    pub nth: Option<Ranges>,
    /// The Call ID.
    pub call_id: Option<Ranges>,
    /// The Payload Length field.
    pub payload_length: Option<Ranges>,
    /// The Sequence Number; see [`Ranges::serial`].
    pub sequence_number: Option<Ranges>,
    /// The Acknowledgment Number; see [`Ranges::serial`].
    pub acknowledgment_number: Option<Ranges>,
    /// Whether it acknowledges and carries nothing.
    pub acknowledgment_only: Option<bool>,
    /// The PPP protocol number of the payload (0xC021: LCP). A datagram without payload has none.
    pub ppp_protocol: Option<Ranges>,
    /// Octets from the GRE header on.
    pub length: Option<Ranges>,
    /// Only this copy of a datagram that is doubled: 0 the first, 1 the second. For delays, hastes and bits; what drops or doubles a
    /// datagram is about all of it.
    pub copy: Option<u8>,
}

/// What a rule does to a datagram.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum GreAction {
    /// It is lost.
    Drop,
    /// It arrives so much later. Those of several rules add up.
    Delay(Duration),
    /// Its way through the link's delay takes so much less time; `None`: it takes none, and goes ahead of all that are delayed.
    Hasten(Option<Duration>),
    /// This bit is turned over (counted from the most significant bit of octet 0; past the end, from the start again);
    /// `None`: one that luck chooses. The first such rule alone, and the first for each copy that names a copy and a bit.
    Corrupt(Option<u32>),
    /// There are two copies.
    Duplicate,
}

/// A rule for control messages.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ControlRule {
    /// Which messages.
    pub matches: ControlMatch,
    /// What happens to them.
    pub action: ControlAction,
}

/// Which control messages a rule is about: those that satisfy every condition that is set.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct ControlMatch {
    /// Which ones of those that satisfy the other conditions, counted from 1 since the rule was added.
    pub nth: Option<Ranges>,
    /// The Control Message Type.
    pub control_message_type: Option<ControlMessageType>,
    /// The Call ID that names its call.
    pub call_id: Option<Ranges>,
    /// It is about segments that carry octets, in the order in which they are cut, and not about messages; type and Call ID mean
    /// nothing then.
    pub of_segments: bool,
}

/// What a rule does to a control message, or a segment. TCP loses and reorders nothing, so neither can a rule.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum ControlAction {
    /// It arrives so much later, and all octets behind it not before it.
    Delay(Duration),
    /// Its way through the link's delay takes so much less time, but what was sent before it arrives before it. Segments alone.
    Hasten(Duration),
    /// It is cut behind each of these numbers of its octets; ascending, none 0. Messages alone.
    Cut(Vec<u32>),
}

impl ControlRule {
    /// Whether the rule can be carried out.
    ///
    /// # Errors
    /// Cuts that are not ascending numbers over 0; a segment that is cut, a message that is hastened.
    pub fn check(&self) -> Result<(), ImpairmentError> {
        match &self.action {
            ControlAction::Cut(cuts) if !are_cuts(cuts) => Err(ImpairmentError {
                field: "cut",
                problem: "cuts are ascending numbers over 0",
            }),
            ControlAction::Cut(_) if self.matches.of_segments => Err(ImpairmentError {
                field: "cut",
                problem: "a segment is not cut: messages are",
            }),
            ControlAction::Hasten(_) if !self.matches.of_segments => Err(ImpairmentError {
                field: "hasten",
                problem: "segments are hastened, messages are not",
            }),
            _ => Ok(()),
        }
    }
}

/// The rules of a path in the order in which they were added.
#[derive(Debug)]
pub(super) struct RuleSet<R> {
    entries: Vec<Entry<R>>,
    next: u32,
}

#[derive(Debug)]
struct Entry<R> {
    id: RuleId,
    rule: R,
    matched: u64,
}

impl<R> Default for RuleSet<R> {
    fn default() -> Self {
        RuleSet {
            entries: Vec::new(),
            next: 0,
        }
    }
}

impl<R> RuleSet<R> {
    pub(super) fn add(&mut self, rule: R) -> RuleId {
        let id = RuleId(self.next);
        self.next = self.next.wrapping_add(1);
        self.entries.push(Entry {
            id,
            rule,
            matched: 0,
        });
        id
    }

    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    pub(super) fn update(&mut self, id: RuleId, rule: R) -> bool {
        let entry = self.entries.iter_mut().find(|entry| entry.id == id);
        entry.map(|entry| entry.rule = rule).is_some()
    }

    pub(super) fn remove(&mut self, id: RuleId) -> bool {
        let before = self.entries.len();
        self.entries.retain(|entry| entry.id != id);
        self.entries.len() < before
    }
}

/// What the rules say about one datagram.
#[derive(Copy, Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct GreVerdict {
    pub(super) rule: Option<RuleId>,
    pub(super) drop: bool,
    /// Of each copy.
    pub(super) delay: [Duration; 2],
    /// Of each copy.
    pub(super) haste: [Haste; 2],
    pub(super) corrupt: Option<Option<u32>>,
    /// The bit that is turned over in one copy alone.
    pub(super) corrupt_copy: [Option<u32>; 2],
    pub(super) duplicate: bool,
}

/// How much less time the link's delay takes.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub(super) enum Haste {
    By(Duration),
    /// There is no delay.
    All,
}

impl Default for Haste {
    fn default() -> Haste {
        Haste::By(Duration::ZERO)
    }
}

impl Haste {
    fn and(self, more: Option<Duration>) -> Haste {
        match (self, more) {
            (Haste::By(known), Some(more)) => Haste::By(known + more),
            _ => Haste::All,
        }
    }
}

impl RuleSet<GreRule> {
    /// Counts the datagram in every rule that matches it.
    #[inline]
    pub(super) fn judge(&mut self, packet: &PacketView<'_>) -> GreVerdict {
        if self.entries.is_empty() {
            return GreVerdict::default();
        }
        self.judge_by_each(packet)
    }

    fn judge_by_each(&mut self, packet: &PacketView<'_>) -> GreVerdict {
        let mut verdict = GreVerdict::default();
        for entry in &mut self.entries {
            if !entry.rule.matches.fields(packet) {
                continue;
            }
            entry.matched += 1;
            if !holds(&entry.rule.matches.nth, Some(entry.matched)) {
                continue;
            }
            verdict.rule.get_or_insert(entry.id);
            match entry.rule.action {
                GreAction::Drop => {
                    if !core::mem::replace(&mut verdict.drop, true) {
                        verdict.rule = Some(entry.id);
                    }
                }
                GreAction::Delay(by) => {
                    for copy in entry.rule.matches.copies() {
                        verdict.delay[copy] = verdict.delay[copy] + by;
                    }
                }
                GreAction::Hasten(by) => {
                    for copy in entry.rule.matches.copies() {
                        verdict.haste[copy] = verdict.haste[copy].and(by);
                    }
                }
                GreAction::Corrupt(bit) => match (entry.rule.matches.copy, bit) {
                    (Some(copy), Some(bit)) => {
                        verdict.corrupt_copy[usize::from(copy.min(1))].get_or_insert(bit);
                    }
                    _ => {
                        verdict.corrupt.get_or_insert(bit);
                    }
                },
                GreAction::Duplicate => verdict.duplicate = true,
            }
        }
        verdict
    }
}

impl GreMatch {
    /// The copies that the rule is about.
    fn copies(&self) -> core::ops::RangeInclusive<usize> {
        match self.copy {
            None => 0..=1,
            Some(copy) => {
                let copy = usize::from(copy.min(1));
                copy..=copy
            }
        }
    }

    fn fields(&self, packet: &PacketView<'_>) -> bool {
        let ppp_protocol = || {
            let frame = (!packet.payload.is_empty()).then(|| PppFrame::parse(packet.payload));
            frame.map(|frame| u64::from(frame.protocol.0))
        };
        holds(
            &self.call_id,
            packet.call_id.map(|call_id| call_id.0.into()),
        ) && holds(&self.payload_length, packet.payload_length.map(u64::from))
            && holds(&self.sequence_number, packet.sequence_number.map(u64::from))
            && holds(
                &self.acknowledgment_number,
                packet.acknowledgment_number.map(u64::from),
            )
            && self
                .acknowledgment_only
                .is_none_or(|only| only == packet.is_acknowledgment_only())
            && holds(&self.length, Some(packet.length as u64))
            && (self.ppp_protocol.is_none() || holds(&self.ppp_protocol, ppp_protocol()))
    }
}

/// What the rules say about one control message.
#[derive(Debug, Default)]
pub(super) struct ControlVerdict {
    pub(super) rule: Option<RuleId>,
    pub(super) delay: Duration,
    cuts: Option<Vec<u32>>,
}

impl ControlVerdict {
    /// The first cut behind this octet of the message.
    pub(super) fn next_cut(&self, position: u64) -> Option<u64> {
        self.cuts
            .as_deref()
            .and_then(|cuts| next_cut(cuts, position))
    }
}

/// What the rules say about one segment.
#[derive(Debug, Default)]
pub(super) struct SegmentVerdict {
    pub(super) rule: Option<RuleId>,
    pub(super) delay: Duration,
    pub(super) haste: Duration,
}

impl RuleSet<ControlRule> {
    /// Counts the message in every rule that matches it. Delays add up; the first rule that cuts is the one that does.
    pub(super) fn judge(&mut self, message: &ControlView) -> ControlVerdict {
        let mut verdict = ControlVerdict::default();
        for Entry { id, rule, matched } in &mut self.entries {
            let wanted = &rule.matches;
            if wanted.of_segments {
                continue;
            }
            let of_type = wanted.control_message_type;
            let fields = of_type
                .is_none_or(|of_type| message.control_message_type == Some(of_type))
                && holds(
                    &wanted.call_id,
                    message.call_id.map(|call_id| call_id.0.into()),
                );
            if !fields {
                continue;
            }
            *matched += 1;
            if !holds(&wanted.nth, Some(*matched)) {
                continue;
            }
            verdict.rule.get_or_insert(*id);
            match &rule.action {
                ControlAction::Delay(by) => verdict.delay = verdict.delay + *by,
                ControlAction::Cut(cuts) => {
                    verdict.cuts.get_or_insert_with(|| cuts.clone());
                }
                ControlAction::Hasten(_) => {}
            }
        }
        verdict
    }

    /// Counts one more segment in every rule about segments. Delays add up, and so do hastes.
    pub(super) fn judge_segment(&mut self) -> SegmentVerdict {
        let mut verdict = SegmentVerdict::default();
        let of_segments = |entry: &&mut Entry<ControlRule>| entry.rule.matches.of_segments;
        for Entry { id, rule, matched } in self.entries.iter_mut().filter(of_segments) {
            *matched += 1;
            if !holds(&rule.matches.nth, Some(*matched)) {
                continue;
            }
            verdict.rule.get_or_insert(*id);
            match &rule.action {
                ControlAction::Delay(by) => verdict.delay = verdict.delay + *by,
                ControlAction::Hasten(by) => verdict.haste = verdict.haste + *by,
                ControlAction::Cut(_) => {}
            }
        }
        verdict
    }
}

fn holds(condition: &Option<Ranges>, value: Option<u64>) -> bool {
    match condition {
        None => true,
        Some(ranges) => value.is_some_and(|value| ranges.contains(value)),
    }
}
