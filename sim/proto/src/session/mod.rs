//! The GRE data session of one call (RFC 2637 §4), in both directions.
//!
//! A [`Session`] is pure: it knows no connection and no address. Time is an argument, what it does goes to a [`Sink`], and
//! [`Session::deadline`] says when it wants to be called again. It numbers and paces what is sent, acknowledges what is
//! received, and passes payloads on in order. Its parts:
//!
//! | part | does | RFC 2637 |
//! |---|---|---|
//! | `admission` | checks the header of a received packet | §4.1 |
//! | `receiver` | orders payloads, drops late ones | §4.3 |
//! | `acknowledger` | decides when and how to acknowledge | §4.2 |
//! | `transmitter` | numbers, window, time-out | §4.2, §4.4 |
//! | `estimator` | the adaptive time-out | §4.4.1, §4.4.2 |
//! | `envelope` | makes the header of what is sent | §4.1 |

mod acknowledger;
mod admission;
mod drop_reason;
mod envelope;
mod estimator;
mod flight;
mod receiver;
mod reorder_buffer;
mod sink;
#[cfg(test)]
mod tests;
mod transmit_buffer;
mod transmitter;
mod view;

pub use drop_reason::DropReason;
pub use sink::Sink;
pub use view::{DataOutcome, SessionView};

use pptp_wire::time::Instant;
use pptp_wire::{CallId, GrePacket, Requirement, hdlc};

use self::acknowledger::Acknowledger;
use self::admission::Admission;
use self::envelope::Envelope;
use self::receiver::Receiver;
pub(crate) use self::reorder_buffer::ReorderBuffer;
use self::transmit_buffer::TransmitBuffer;
use self::transmitter::{Acknowledged, Transmitter};
use crate::{
    BadAcknowledgment, Cause, Deadline, DeadlineReason, DeviationId, Deviations, EmptyPayloadRule,
    Point, Profile, Reached, WindowState,
};

/// Begins and ends a frame on a dial link (RFC 1662 §3.1).
const HDLC_FLAG: u8 = 0x7E;

/// What the call set-up agreed on, and the limits of this end.
#[derive(Clone, Debug)]
pub struct SessionConfig {
    /// The Call ID that this end assigned: received packets carry it.
    pub own_call_id: CallId,
    /// The Call ID that the peer assigned: sent packets carry it.
    pub peer_call_id: CallId,
    /// The peer's Packet Recv. Window Size.
    pub peer_window: u16,
    /// The peer's Packet Processing Delay (or Packet Transmit Delay) in tenths of a second.
    pub peer_packet_processing_delay: u16,
    /// This end's Packet Recv. Window Size.
    pub own_window: u16,
    /// Payloads that may wait for the window to open.
    pub transmit_buffer_packets: usize,
    /// Packets that may be held for a missing one.
    pub receive_buffer_packets: usize,
}

/// The data session of one established call.
#[derive(Clone, Debug)]
pub struct Session {
    admission: Admission,
    receiver: Receiver,
    acknowledger: Acknowledger,
    transmitter: Transmitter,
    transmit_buffer: TransmitBuffer,
    envelope: Envelope,
    bad_acknowledgment: BadAcknowledgment,
    empty_payload: EmptyPayloadRule,
    deviations: Deviations,
    /// Whether [`Sink::window_full`] was called since the last time-out.
    window_full_said: bool,
    /// The last payload and its number, kept only to be sent again by a deviation.
    last_sent: Option<(u32, Vec<u8>)>,
    ended: bool,
}

impl Session {
    /// A session at its start: the first packet has the profile's first number, which is 0 (SEQ-001).
    pub fn new(config: SessionConfig, profile: &Profile, deviations: Deviations) -> Session {
        let drops = deviations.contains(DeviationId::StaleAckDropsPayload);
        Session {
            admission: Admission::new(&config, profile, deviations),
            receiver: Receiver::new(&config, profile, deviations),
            acknowledger: Acknowledger::new(&config, profile, deviations),
            transmitter: Transmitter::new(&config, profile, deviations),
            transmit_buffer: TransmitBuffer::new(config.transmit_buffer_packets),
            envelope: Envelope::new(&config, deviations),
            bad_acknowledgment: if drops {
                BadAcknowledgment::DropPacket
            } else {
                profile.bad_acknowledgment
            },
            empty_payload: profile.empty_payload,
            deviations,
            window_full_said: false,
            last_sent: None,
            ended: false,
        }
    }

    /// Takes a payload of 1 to 65535 octets: sends it, or keeps it until the window opens.
    #[inline]
    pub fn send(&mut self, now: Instant, payload: &[u8], out: &mut impl Sink) -> DataOutcome {
        if !self.can_send(payload) {
            return DataOutcome::Unsendable;
        }
        if self.transmit_buffer.is_empty() && self.transmitter.is_open() {
            self.transmit(now, payload, Cause::Answer, out);
            return DataOutcome::Accepted;
        }
        if self.deviations.contains(DeviationId::DropsWaitingData) {
            return DataOutcome::Accepted;
        }
        let outcome = match self.transmit_buffer.push(payload) {
            true => DataOutcome::Accepted,
            false => DataOutcome::Full, // WIN-008
        };
        out.reached(match outcome {
            DataOutcome::Accepted => Point::DataWaited,
            _ => Point::TransmitBufferFull,
        });
        self.say_window_full(out);
        outcome
    }

    /// Whether this is a payload, and the session is not over.
    pub fn can_send(&self, payload: &[u8]) -> bool {
        !self.ended && (1..=usize::from(u16::MAX)).contains(&payload.len())
    }

    /// Takes a GRE packet from the peer.
    #[inline]
    pub fn receive(&mut self, now: Instant, packet: &GrePacket<'_>, out: &mut impl Sink) {
        let sequence_number = packet.header.sequence_number;
        let admitted = match self.ended {
            true => Err(DropReason::NotEstablished),
            false => self.admission.admit(packet),
        };
        let payload = match admitted {
            Ok(payload) => payload,
            Err(reason) => {
                out.reached(Point::HeaderRefused);
                return out.dropped(reason, sequence_number);
            }
        };
        let was_due = self.acknowledger.due() <= now;
        if let Some(number) = self.receiver.expire(now, out) {
            self.acknowledger.received(now, number);
        }
        let acknowledgment = packet
            .header
            .acknowledgment_number
            .map(|number| self.read(number));
        if self.drops_for(acknowledgment) {
            out.dropped(DropReason::BadAcknowledgment, sequence_number);
        } else {
            self.take_payload(now, sequence_number, acknowledgment, payload, out);
        }
        if let Some(number) = acknowledgment {
            if self.transmitter.acknowledge(now, number, out) == Acknowledged::Unsent {
                out.violation(Requirement::Ack001);
            }
            self.flush(now, Cause::Answer, out);
        }
        if self.acknowledger.due() <= now {
            let delay = DeadlineReason::AcknowledgmentDelay(self.acknowledger.delay());
            let cause = if was_due {
                Cause::Deadline(delay)
            } else {
                out.reached(Point::AcknowledgedAtOnce);
                Cause::Answer
            };
            self.acknowledge_alone(now, cause, out);
        }
    }

    /// The next instant at which [`Session::on_deadline`] has something to do.
    #[inline]
    pub fn deadline(&self) -> Option<Deadline> {
        let mut next = Deadline {
            at: self.acknowledger.due(),
            reason: DeadlineReason::AcknowledgmentDelay(self.acknowledger.delay()),
        };
        if let Some(at) = self.receiver.deadline().filter(|&at| at <= next.at) {
            next = Deadline {
                at,
                reason: DeadlineReason::ReorderTimeOut(self.receiver.hold_for()),
            };
        }
        if let Some((at, of)) = self.transmitter.deadline().filter(|&(at, _)| at <= next.at) {
            next = Deadline {
                at,
                reason: DeadlineReason::TimeOut { of },
            };
        }
        (next.at != Instant::NEVER).then_some(next)
    }

    /// Does everything that is due. At one instant, the time-out comes before the acknowledgment that may ride on what it sends.
    pub fn on_deadline(&mut self, now: Instant, out: &mut impl Sink) {
        while let Some(deadline) = self.deadline().filter(|deadline| deadline.at <= now) {
            let cause = Cause::Deadline(deadline.reason);
            match deadline.reason {
                DeadlineReason::TimeOut { of } => self.time_out(now, of, cause, out),
                DeadlineReason::ReorderTimeOut(_) => {
                    if let Some(number) = self.receiver.expire(now, out) {
                        self.acknowledger.received(now, number);
                    }
                }
                _ => self.acknowledge_alone(now, cause, out),
            }
        }
    }

    /// What can be seen from outside. The ACCMs are those in force before any Set-Link-Info.
    pub fn view(&self) -> SessionView {
        SessionView {
            window: self.transmitter.window(),
            peer_maximum_window: self.transmitter.maximum_window(),
            adaptive_time_out: self.transmitter.adaptive_time_out(),
            unacknowledged: self.transmitter.outstanding(),
            queued: u32::try_from(self.transmit_buffer.len()).unwrap_or(u32::MAX),
            next_sequence_number: self.transmitter.next_sequence_number(),
            highest_received: self.receiver.highest_received(),
            send_accm: u32::MAX,
            receive_accm: u32::MAX,
        }
    }

    /// How the transmit window stands.
    #[inline]
    pub fn window_state(&self) -> WindowState {
        self.transmitter.window_state()
    }

    /// Whether packets are held for a missing one.
    pub(crate) fn holds(&self) -> bool {
        self.receiver.holds()
    }

    /// What the end of the session cuts off.
    pub(crate) fn reached_at_end(&self, reached: &mut Reached) {
        if self.transmitter.outstanding() > 0 {
            reached.point(Point::CallEndedInFlight);
        }
        if !self.transmit_buffer.is_empty() {
            reached.point(Point::CallEndedWithWaiting);
        }
        if self.receiver.holds() {
            reached.point(Point::CallEndedWithHeld);
        }
    }

    /// Packets that the end of the call leaves behind (`held-survives-call`).
    pub(crate) fn leave_held(&mut self) -> ReorderBuffer {
        self.receiver.leave()
    }

    /// Takes over what an earlier call has left behind.
    pub(crate) fn inherit_held(&mut self, held: ReorderBuffer) {
        self.receiver.inherit(held);
    }

    /// Ends the session: nothing is sent or passed on any more. The answer is how many payloads were never sent.
    pub fn end(&mut self) -> u32 {
        let unsent = u32::try_from(self.transmit_buffer.len()).unwrap_or(u32::MAX);
        self.ended = true;
        self.transmit_buffer.clear();
        self.receiver.end();
        self.transmitter.end();
        self.acknowledger.paid();
        unsent
    }

    /// Passes the payload to the receiver, unless the packet has none or has no number for it.
    #[inline]
    fn take_payload(
        &mut self,
        now: Instant,
        sequence_number: Option<u32>,
        acknowledgment: Option<u32>,
        payload: &[u8],
        out: &mut impl Sink,
    ) {
        let Some(number) = sequence_number else {
            return self.take_unnumbered(acknowledgment, payload, out);
        };
        if payload.is_empty() {
            out.dropped(DropReason::EmptyPayload, Some(number)); // GRE-004
            if self.empty_payload == EmptyPayloadRule::Ignored {
                return;
            }
        }
        if self.deviations.contains(DeviationId::LatePacketSentBack)
            && self.receiver.is_late(number)
        {
            return self.transmit(now, payload, Cause::Answer, out);
        }
        if let Some(number) = self.receiver.receive(now, number, payload, out) {
            self.acknowledger.received(now, number);
        }
    }

    fn take_unnumbered(&self, acknowledgment: Option<u32>, payload: &[u8], out: &mut impl Sink) {
        if !payload.is_empty() {
            out.reached(Point::PayloadWithoutNumber);
            out.dropped(DropReason::NoSequenceNumber, None); // GRE-016
        } else if acknowledgment.is_none() {
            out.dropped(DropReason::EmptyPayload, None); // GRE-015
        } else if self
            .deviations
            .contains(DeviationId::AckOnlyDeliveredAsEmptyFrame)
        {
            out.deliver(0, &[]);
        }
    }

    /// The acknowledgment number as this end reads it.
    #[inline]
    fn read(&self, number: u32) -> u32 {
        match self.deviations.contains(DeviationId::AckOctetOrder) {
            true => number.swap_bytes(),
            false => number,
        }
    }

    /// Whether the acknowledgment costs the packet its payload (AMB-12).
    #[inline]
    fn drops_for(&self, acknowledgment: Option<u32>) -> bool {
        self.bad_acknowledgment == BadAcknowledgment::DropPacket
            && acknowledgment.is_some_and(|number| {
                matches!(
                    self.transmitter.classify(number),
                    Acknowledged::Stale | Acknowledged::Unsent
                )
            })
    }

    /// Sends one payload now.
    #[inline]
    fn transmit(&mut self, now: Instant, payload: &[u8], cause: Cause, out: &mut impl Sink) {
        let number = self.transmitter.number(now);
        let acknowledgment = self.acknowledger.for_data();
        if acknowledgment.is_some() {
            out.reached(Point::AcknowledgmentOnData);
        }
        if number == u32::MAX {
            out.reached(Point::SentNumberWrapped);
        }
        if self.deviations.is_empty() {
            self.envelope
                .data(number, acknowledgment, payload, cause, out);
            return;
        }
        let framed = framed(self.deviations, payload);
        self.envelope
            .data(number, acknowledgment, &framed, cause, out);
        if self.deviations.contains(DeviationId::RetransmitOnTimeOut) {
            self.last_sent = Some((number, payload.to_vec()));
        }
    }

    /// Sends what waits, as far as the window allows.
    #[inline]
    fn flush(&mut self, now: Instant, cause: Cause, out: &mut impl Sink) {
        if self.transmit_buffer.is_empty() {
            return;
        }
        while self.transmitter.is_open() {
            let Some(payload) = self.transmit_buffer.pop() else {
                return;
            };
            out.reached(Point::WaitingDataSent);
            self.transmit(now, &payload, cause, out);
            self.transmit_buffer.recycle(payload);
        }
        if !self.transmit_buffer.is_empty() {
            self.say_window_full(out);
        }
    }

    #[inline]
    fn say_window_full(&mut self, out: &mut impl Sink) {
        if !self.window_full_said {
            self.window_full_said = true;
            out.window_full(self.transmitter.window());
        }
    }

    fn time_out(&mut self, now: Instant, of: u32, cause: Cause, out: &mut impl Sink) {
        self.transmitter.time_out(out);
        self.window_full_said = false;
        out.timed_out(of);
        if let Some((number, payload)) = &self.last_sent {
            self.envelope.data(*number, None, payload, cause, out);
        }
        self.flush(now, cause, out); // never again what was sent before (SEQ-006, ACK-010)
    }

    fn acknowledge_alone(&mut self, now: Instant, cause: Cause, out: &mut impl Sink) {
        let Some(number) = self.acknowledger.alone() else {
            return;
        };
        out.reached(Point::AcknowledgmentAlone);
        if matches!(cause, Cause::Deadline(_)) {
            out.reached(Point::AcknowledgmentDelayed);
        }
        if self
            .deviations
            .contains(DeviationId::AckConsumesSequenceNumber)
        {
            let used_up = self.transmitter.number(now);
            return self.envelope.data(used_up, Some(number), &[], cause, out);
        }
        self.envelope.acknowledgment(number, cause, out);
    }
}

/// The payload with what belongs to a dial link alone, as the deviations have it (`PPP-001`, `PPP-002`).
#[cold]
fn framed(deviations: Deviations, payload: &[u8]) -> Vec<u8> {
    let mut framed = payload.to_vec();
    if deviations.contains(DeviationId::FrameCheckSequenceSent) {
        framed.extend_from_slice(&hdlc::fcs16(payload).to_le_bytes());
    }
    if deviations.contains(DeviationId::HdlcFlagsSent) {
        framed.insert(0, HDLC_FLAG);
        framed.push(HDLC_FLAG);
    }
    framed
}
