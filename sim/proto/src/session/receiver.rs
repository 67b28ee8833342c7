//! The receiving half: what is passed on to PPP, in which order (RFC 2637 §4.3).

use pptp_wire::time::{Duration, Instant};
use pptp_wire::{PppFrame, PppProtocol, Serial};

use super::reorder_buffer::ReorderBuffer;
use super::{DropReason, SessionConfig, Sink};
use crate::{
    AcknowledgedNumber, DeviationId, Deviations, FirstReceivedNumber, LatePackets, Point, Profile,
};

/// Codes of LCP Echo-Request and Echo-Reply (RFC 1661 §5).
const LCP_ECHOES: [u8; 2] = [9, 10];
/// So near to the wrap `wrap-narrow-window` sees it.
const NARROW_WRAP: u32 = 256;
/// The jump that `far-jump-discarded` still takes.
const NEAR_JUMP: i32 = 300;

/// Puts received packets in order, or throws late ones away.
#[derive(Clone, Debug)]
pub(super) struct Receiver {
    started: bool,
    highest: u32,
    /// Bit n: the packet n below the highest one was received.
    seen: u128,
    /// The next number to pass on, where packets are held.
    next: u32,
    held: ReorderBuffer,
    /// So many packets may be held; more give the missing ones up.
    hold_at_most: usize,
    /// So many packets there is room for; more are thrown away (WIN-007).
    room: usize,
    hold_for: Duration,
    expiry_needs_traffic: bool,
    acknowledges: AcknowledgedNumber,
    late: LatePackets,
    rewinds: bool,
    acknowledges_late: bool,
    /// Nothing is acknowledged any more.
    silent: bool,
    /// The numbers have wrapped.
    wrapped: bool,
    deviations: Deviations,
}

/// Where a number stands to those that were received.
enum Place {
    New,
    Old,
    Duplicate,
}

impl Receiver {
    pub(super) fn new(
        config: &SessionConfig,
        profile: &Profile,
        deviations: Deviations,
    ) -> Receiver {
        Receiver {
            started: profile.first_received_number == FirstReceivedNumber::Zero,
            highest: u32::MAX,
            seen: 0,
            next: 0,
            held: ReorderBuffer::new(deviations.contains(DeviationId::HeldSortedPlainly)),
            hold_at_most: usize::from(profile.reorder_buffer),
            room: config.receive_buffer_packets,
            hold_for: profile.reorder_time_out,
            expiry_needs_traffic: profile.reorder_time_out_needs_traffic,
            acknowledges: profile.acknowledged_number,
            late: profile.late_packets,
            rewinds: profile.rewinds_to_number_1,
            acknowledges_late: profile.acknowledges_late_packets,
            silent: false,
            wrapped: false,
            deviations,
        }
    }

    /// The highest number that was received.
    pub(super) fn highest_received(&self) -> Option<u32> {
        (self.seen != 0).then_some(self.highest)
    }

    /// Takes packet `number`: passes it on, holds it or throws it away. The answer is the number to acknowledge, where that has
    /// changed.
    #[inline]
    pub(super) fn receive(
        &mut self,
        now: Instant,
        number: u32,
        payload: &[u8],
        out: &mut impl Sink,
    ) -> Option<u32> {
        if !self.deviations.is_empty() {
            if self.loses_by_deviation(number) {
                out.dropped(DropReason::Deviation, Some(number));
                return None;
            }
            self.silent |= self.seen != 0
                && Serial(number).distance(Serial(self.highest)) > 1
                && self
                    .deviations
                    .contains(DeviationId::AcknowledgmentStopsAtGap);
        }
        if !self.started {
            self.started = true;
            self.highest = number.wrapping_sub(1);
            self.next = number;
        }
        if self.rewinds && number == 1 && number != self.next {
            return self.rewind(payload, out);
        }
        match self.place(number) {
            Place::New if self.hold_at_most == 0 => {
                if self.seen != 0 && number != self.highest.wrapping_add(1) {
                    out.reached(Point::GapPassed);
                }
                self.mark(number, out);
                pass(out, number, payload);
                (!self.silent).then_some(number)
            }
            Place::New => self.receive_in_order(now, number, payload, out),
            Place::Old => self.late(DropReason::Old, number, payload, out),
            Place::Duplicate => self.late(DropReason::Duplicate, number, payload, out),
        }
    }

    /// When held packets are passed on without the missing one.
    #[inline]
    pub(super) fn deadline(&self) -> Option<Instant> {
        if self.hold_at_most == 0 || self.expiry_needs_traffic {
            return None;
        }
        Some(self.held.first()?.since + self.hold_for)
    }

    pub(super) fn hold_for(&self) -> Duration {
        self.hold_for
    }

    /// Passes on what was held too long. The answer is the number to acknowledge, where that has changed.
    #[inline]
    pub(super) fn expire(&mut self, now: Instant, out: &mut impl Sink) -> Option<u32> {
        if self.hold_at_most == 0 {
            return None;
        }
        let before = self.next;
        while self
            .held
            .first()
            .is_some_and(|held| held.since + self.hold_for <= now)
        {
            out.reached(Point::ReorderTimedOut);
            self.give_up_gap(out);
        }
        self.delivered_since(before)
    }

    /// Whether packets are held for a missing one.
    pub(super) fn holds(&self) -> bool {
        self.held.len() > 0
    }

    /// What is held when the call ends, for the next call of the same Call ID (`held-survives-call`).
    pub(super) fn leave(&mut self) -> ReorderBuffer {
        core::mem::take(&mut self.held)
    }

    /// Takes over what another call has left.
    pub(super) fn inherit(&mut self, held: ReorderBuffer) {
        self.held = held;
    }

    /// Throws away what is held.
    pub(super) fn end(&mut self) {
        self.held = ReorderBuffer::default();
    }

    /// Newer than all, or missing; older than what was passed on; or here before (SEQ-005, SEQ-007, SEQ-010).
    #[inline]
    fn place(&self, number: u32) -> Place {
        let ahead = Serial(number).distance(Serial(self.highest));
        if ahead > 0 {
            return Place::New;
        }
        let again = self.wrapped && number == 0 && ahead == 0;
        if again && self.deviations.contains(DeviationId::WrapForgetsNumber0) {
            return Place::New;
        }
        let behind = ahead.unsigned_abs();
        if behind < u128::BITS && self.seen >> behind & 1 != 0 {
            return Place::Duplicate;
        }
        if self.hold_at_most > 0 && Serial(number).at_least(Serial(self.next)) {
            return Place::New;
        }
        Place::Old
    }

    /// Remembers that `number` was received.
    #[inline]
    fn mark(&mut self, number: u32, out: &mut impl Sink) {
        let ahead = Serial(number).distance(Serial(self.highest));
        if ahead > 0 {
            if number < self.highest && self.seen != 0 {
                self.wrapped = true;
                out.reached(Point::ReceivedNumberWrapped);
            }
            let shift = ahead.unsigned_abs();
            self.seen = if shift < u128::BITS {
                self.seen << shift | 1
            } else {
                1
            };
            self.highest = number;
        } else if ahead.unsigned_abs() < u128::BITS {
            self.seen |= 1 << ahead.unsigned_abs();
        }
    }

    fn receive_in_order(
        &mut self,
        now: Instant,
        number: u32,
        payload: &[u8],
        out: &mut impl Sink,
    ) -> Option<u32> {
        let before = self.next;
        if number != self.next && self.held.len() >= self.hold_at_most.min(self.room) {
            if self.room < self.hold_at_most {
                out.reached(Point::ReceiveBufferFull);
                out.dropped(DropReason::WindowOverflow, Some(number)); // WIN-007
                return None;
            }
            out.reached(Point::ReorderFull);
            self.give_up_gap(out);
            if !Serial(number).at_least(Serial(self.next)) {
                out.dropped(DropReason::Old, Some(number));
                return self.delivered_since(before);
            }
        }
        if number == self.next {
            self.next = number.wrapping_add(1);
            if self.holds() {
                out.reached(Point::ReorderFilled);
            }
            self.mark(number, out);
            pass(out, number, payload);
            self.pass_run(out);
        } else if self.hold(number, now, payload) {
            out.reached(Point::ReorderHeld);
            self.mark(number, out);
        } else {
            out.dropped(DropReason::Duplicate, Some(number));
        }
        match self.acknowledges {
            AcknowledgedNumber::Received => (self.highest == number).then_some(number), // ACK-007
            AcknowledgedNumber::Delivered => self.delivered_since(before),
        }
    }

    fn hold(&mut self, number: u32, now: Instant, payload: &[u8]) -> bool {
        if self.deviations.contains(DeviationId::HeldPayloadGarbled) {
            let garbled: Vec<u8> = payload.iter().map(|octet| !octet).collect();
            return self.held.hold(number, now, &garbled);
        }
        self.held.hold(number, now, payload)
    }

    /// Whether a packet of this number comes too late.
    pub(super) fn is_late(&self, number: u32) -> bool {
        self.started && !matches!(self.place(number), Place::New)
    }

    /// The number to acknowledge for an end that acknowledges what it passed on.
    fn delivered_since(&self, before: u32) -> Option<u32> {
        let passed = self.acknowledges == AcknowledgedNumber::Delivered && self.next != before;
        passed.then_some(self.next.wrapping_sub(1))
    }

    /// Takes what is missing before the first held packet for lost (SEQ-011).
    fn give_up_gap(&mut self, out: &mut impl Sink) {
        if let Some(held) = self.held.first() {
            self.next = held.number;
            self.pass_run(out);
        }
    }

    /// Passes held packets on as long as they are the next in order.
    fn pass_run(&mut self, out: &mut impl Sink) {
        while let Some(held) = self.held.take(self.next) {
            pass(out, held.number, &held.payload);
            self.next = held.number.wrapping_add(1);
            self.held.recycle(held);
            if self.deviations.contains(DeviationId::OneHeldPacketPerEvent) {
                return;
            }
        }
    }

    fn late(
        &mut self,
        reason: DropReason,
        number: u32,
        payload: &[u8],
        out: &mut impl Sink,
    ) -> Option<u32> {
        let corrupts = self
            .deviations
            .contains(DeviationId::DuplicateOfHeldLosesHeld);
        if reason == DropReason::Duplicate && corrupts {
            self.held = ReorderBuffer::default();
        }
        let deviation = match reason {
            DropReason::Duplicate => DeviationId::DuplicateDelivered,
            _ => DeviationId::LateDelivered,
        };
        let delivers = match self.late {
            LatePackets::Discard => false,
            LatePackets::DeliverLcpEcho => is_lcp_echo(payload),
            LatePackets::Deliver => true,
        };
        if delivers || self.deviations.contains(deviation) {
            pass(out, number, payload);
        } else {
            out.reached(match reason {
                DropReason::Duplicate => Point::DuplicateDiscarded,
                _ => Point::LateDiscarded,
            });
            self.mark(number, out);
            out.dropped(reason, Some(number));
        }
        if self.deviations.contains(DeviationId::AckGoesBack) {
            return Some(number);
        }
        // AMB-11: what was received is acknowledged once more.
        self.acknowledges_late.then_some(match self.acknowledges {
            AcknowledgedNumber::Delivered if self.hold_at_most > 0 => self.next.wrapping_sub(1),
            _ => self.highest,
        })
    }

    /// Packet 1 once more: everything begins again with it.
    fn rewind(&mut self, payload: &[u8], out: &mut impl Sink) -> Option<u32> {
        self.highest = 1;
        self.seen = 1;
        self.next = 2;
        self.held = ReorderBuffer::default();
        pass(out, 1, payload);
        Some(1)
    }

    fn loses_by_deviation(&self, number: u32) -> bool {
        let ahead = Serial(number).distance(Serial(self.highest));
        let begun = self.seen != 0;
        let on = |id| self.deviations.contains(id);
        let wraps = self.highest > u32::MAX - NARROW_WRAP && number < NARROW_WRAP;
        on(DeviationId::DropNumber0) && !begun && number == 0
            || on(DeviationId::FarJumpDiscarded) && begun && ahead > NEAR_JUMP
            || on(DeviationId::WrapPlainComparison) && begun && number < self.highest
            || on(DeviationId::GapStopsDelivery) && begun && ahead > 1
            || on(DeviationId::DataPlaneDead)
            || on(DeviationId::WrapNarrowWindow) && begun && number < self.highest && !wraps
    }
}

/// Passes a payload on; one without octets is no PPP packet.
#[inline]
fn pass(out: &mut impl Sink, number: u32, payload: &[u8]) {
    if !payload.is_empty() {
        out.deliver(number, payload);
    }
}

fn is_lcp_echo(payload: &[u8]) -> bool {
    let frame = PppFrame::parse(payload);
    frame.protocol == PppProtocol::LCP && frame.code.is_some_and(|code| LCP_ECHOES.contains(&code))
}
