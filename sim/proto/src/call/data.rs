//! User data: payloads out, GRE packets in, and the timers between (RFC 2637 §4). The way of every packet.

use std::net::Ipv4Addr;

use pptp_wire::time::Duration;
use pptp_wire::{CallId, GreHeader, GrePacket, Requirement, Severity, validate_gre};

use super::{Call, CallState};
use crate::connection::Ending;
use crate::deviation::DeviationId;
use crate::endpoint::{Endpoint, Io};
use crate::outbox::Outbox;
use crate::profile::DataBeforeConnect;
use crate::session::{Session, SessionConfig};
use crate::timer::Owner;
use crate::tunnel::Assigned;
use crate::{
    CallRef, Cause, CommandError, DataOutcome, DropReason, Event, Point, Reached, SessionView, Sink,
};

/// From here on an endpoint reads GRE which opens its socket late (`gre-receiver-opens-late`).
const GRE_RECEIVER_OPENS: Duration = Duration::from_secs(2);
/// From here on PPP runs where it starts late (`reflects-early-data`).
const PPP_STARTS: Duration = Duration::from_secs(1);
/// The packet that meets a passing error of the sending host (`send-error-fatal`).
const FAILING_PACKET: u32 = 10;
/// Octets of an early packet that are kept at most: the longest user data packet with its header (`TR-011`).
const LONGEST_EARLY_PACKET: usize = 1548;

/// Where a session puts what it puts out.
struct CallSink<'a> {
    outbox: &'a mut Outbox,
    reached: &'a mut Reached,
    call: CallRef,
    peer: Ipv4Addr,
    /// Whether a packet was dropped for what is wrong with it by itself.
    malformed: bool,
}

impl Sink for CallSink<'_> {
    fn packet(&mut self, header: &GreHeader, payload: &[u8], cause: Cause) {
        self.outbox.datagram(self.peer, header, payload, cause);
    }

    fn deliver(&mut self, sequence_number: u32, payload: &[u8]) {
        self.outbox.data(self.call, sequence_number, payload);
    }

    fn dropped(&mut self, reason: DropReason, sequence_number: Option<u32>) {
        self.malformed |= is_malformed(reason);
        self.outbox.event(Event::Dropped {
            call: Some(self.call),
            reason,
            sequence_number,
        });
    }

    fn violation(&mut self, requirement: Requirement) {
        let connection = Some(self.call.connection);
        self.outbox.event(Event::Violation {
            requirement,
            connection,
            call: Some(self.call),
        });
    }

    fn window_full(&mut self, window: u32) {
        self.outbox.event(Event::WindowFull {
            call: self.call,
            window,
        });
    }

    fn timed_out(&mut self, of: u32) {
        self.outbox.event(Event::TimeOut {
            call: self.call,
            of,
        });
    }

    #[inline(always)]
    fn reached(&mut self, point: Point) {
        self.reached.point(point);
    }
}

/// Whether the reason lies in the packet alone.
fn is_malformed(reason: DropReason) -> bool {
    matches!(
        reason,
        DropReason::Truncated
            | DropReason::BadHeader
            | DropReason::BadVersion
            | DropReason::ProtocolType
            | DropReason::PayloadLength
            | DropReason::NoSequenceNumber
            | DropReason::EmptyPayload
    )
}

impl Endpoint {
    /// Sends a payload on an established call.
    pub(crate) fn send_payload(
        &mut self,
        call: CallRef,
        payload: &[u8],
    ) -> Result<DataOutcome, CommandError> {
        let slot = self.find_call(call).ok_or(CommandError::UnknownCall)?;
        let found = &mut self.calls[slot];
        let on = |id| self.config.deviations.contains(id);
        // A session exists while the call is established (`CALL-008`, `CALL-009`).
        let Some(session) = &mut found.session else {
            return Err(CommandError::WrongState {
                state: found.state.name(),
            });
        };
        let stays_silent = on(DeviationId::NoDataBeforeSetLinkInfo) && !found.linked;
        if stays_silent && session.can_send(payload) {
            return Ok(DataOutcome::Accepted);
        }
        let mut sink = CallSink {
            outbox: &mut self.io.outbox,
            reached: &mut self.io.reached,
            call,
            peer: found.peer,
            malformed: false,
        };
        let outcome = session.send(self.io.now, payload, &mut sink);
        let sent = session.view().next_sequence_number;
        Self::session_used(&mut self.io, slot, found);
        if sent >= FAILING_PACKET && on(DeviationId::SendErrorFatal) {
            self.end_connection(call.connection, None, Ending::Close, Cause::Answer);
        }
        Ok(outcome)
    }

    /// A GRE packet: to the session that its Call ID names in the tunnel to its sender (`GRE-012`, `GRE-018`).
    pub(crate) fn datagram_received(&mut self, from: Ipv4Addr, octets: &[u8]) {
        let Ok(packet) = GrePacket::decode(octets) else {
            return self.dropped_unread(DropReason::Truncated, None);
        };
        let call_id = packet.header.call_id;
        let tunnel = self.tunnels.find(from).map(|tunnel| &self.tunnels[tunnel]);
        let slot = match tunnel.map_or(Assigned::Nothing, |tunnel| tunnel.look_up(call_id)) {
            Assigned::Call(slot) => slot,
            Assigned::Released => {
                self.io.reached.point(Point::PacketAfterCall);
                let sequence_number = packet.header.sequence_number;
                return self.dropped_unread(DropReason::NotEstablished, sequence_number);
            }
            Assigned::Nothing => match self.call_from_any_source(call_id) {
                Some(slot) => slot,
                None => return self.unknown_call_id(call_id, &packet),
            },
        };
        if self.deviates(DeviationId::DataFeedsIdleTimer) {
            let connection = self.calls[slot].connection;
            self.heard(connection);
        }
        if !self.config.deviations.is_empty() && self.mistakes_packet(slot, &packet, octets) {
            return;
        }
        self.packet_received(slot, &packet, octets);
    }

    /// What a deviation does with a packet instead of passing it to its session, if anything.
    #[cold]
    fn mistakes_packet(&mut self, slot: u32, packet: &GrePacket<'_>, octets: &[u8]) -> bool {
        let call = &self.calls[slot];
        let age = self.io.now.since(call.began);
        let on = |id| self.config.deviations.contains(id);
        if on(DeviationId::GreReceiverOpensLate) && age < GRE_RECEIVER_OPENS
            || on(DeviationId::NoDataBeforeSetLinkInfo) && !call.linked
        {
            self.dropped_unread(DropReason::Deviation, packet.header.sequence_number);
            return true;
        }
        if on(DeviationId::ReflectsEarlyData) && age < PPP_STARTS && !packet.payload.is_empty() {
            let _ = self.send_payload(call.reference(), packet.data());
            return true;
        }
        if on(DeviationId::CallIdNotChecked) {
            let mut mine = *packet;
            mine.header.call_id = call.call_id;
            self.packet_received(slot, &mine, octets);
            return true;
        }
        false
    }

    /// A session begins as its call is established.
    pub(crate) fn start_session(&mut self, slot: u32) {
        let limits = self.config.limits;
        let now = self.io.now;
        let call = &mut self.calls[slot];
        call.began = now;
        let config = SessionConfig {
            own_call_id: call.call_id,
            peer_call_id: call.peer_call_id.unwrap_or(CallId(0)),
            peer_window: call.peer_window,
            peer_packet_processing_delay: call.peer_delay,
            own_window: call.own_window,
            transmit_buffer_packets: limits.transmit_buffer_packets,
            receive_buffer_packets: limits.receive_buffer_packets,
        };
        if call.session.is_none() {
            let mut session = Session::new(config, &self.config.profile, self.config.deviations);
            let is_mine = |left: &(u32, CallId, _)| (left.0, left.1) == (call.tunnel, call.call_id);
            if let Some(place) = self.left_behind.iter().position(is_mine) {
                session.inherit_held(self.left_behind.swap_remove(place).2);
            }
            call.session = Some(Box::new(session));
            Self::session_used(&mut self.io, slot, call);
        }
        for octets in core::mem::take(&mut call.early) {
            if let Ok(packet) = GrePacket::decode(&octets) {
                self.packet_received(slot, &packet, &octets);
            }
        }
    }

    /// The session ends with the call, or as soon as this end has asked for its end.
    pub(crate) fn stop_session(&mut self, slot: u32) {
        let Some(call) = self.calls.get_mut(slot) else {
            return;
        };
        call.early = Vec::new();
        if let Some(mut session) = call.session.take() {
            session.reached_at_end(&mut self.io.reached);
            let survives = DeviationId::HeldSurvivesCall;
            if session.holds() && self.config.deviations.contains(survives) {
                let held = session.leave_held();
                self.left_behind.push((call.tunnel, call.call_id, held));
            }
            call.unsent = session.end();
        }
        self.io.timers.clear(&call.data_timer);
    }

    /// The session's deadline has come.
    pub(crate) fn data_timer(&mut self, slot: u32) {
        let Some(call) = self.calls.get_mut(slot) else {
            return;
        };
        let (reference, peer) = (call.reference(), call.peer);
        let Some(session) = &mut call.session else {
            return;
        };
        let mut sink = CallSink {
            outbox: &mut self.io.outbox,
            reached: &mut self.io.reached,
            call: reference,
            peer,
            malformed: false,
        };
        session.on_deadline(self.io.now, &mut sink);
        Self::session_used(&mut self.io, slot, call);
    }

    /// The session of a call, with the ACCMs of its line.
    pub(crate) fn session_view(&self, call: CallRef) -> Option<SessionView> {
        let call = self.calls.get(self.find_call(call)?)?;
        let view = call.session.as_ref()?.view();
        Some(SessionView {
            send_accm: call.send_accm,
            receive_accm: call.receive_accm,
            ..view
        })
    }

    fn packet_received(&mut self, slot: u32, packet: &GrePacket<'_>, octets: &[u8]) {
        let Some(call) = self.calls.get_mut(slot) else {
            return;
        };
        let (reference, peer) = (call.reference(), call.peer);
        let Some(session) = &mut call.session else {
            return self.packet_without_session(slot, packet, octets);
        };
        let mut sink = CallSink {
            outbox: &mut self.io.outbox,
            reached: &mut self.io.reached,
            call: reference,
            peer,
            malformed: false,
        };
        session.receive(self.io.now, packet, &mut sink);
        let malformed = sink.malformed;
        Self::session_used(&mut self.io, slot, call);
        if malformed {
            self.packet_violations(reference, octets);
        }
    }

    /// The call is not established yet, or is being cleared (`CALL-009`, AMB-42).
    fn packet_without_session(&mut self, slot: u32, packet: &GrePacket<'_>, octets: &[u8]) {
        let limit = self.config.limits.receive_buffer_packets;
        let keeps = self.config.profile.data_before_connect == DataBeforeConnect::Accept;
        let call = &mut self.calls[slot];
        let early = call.state != CallState::WaitDisconnect;
        if keeps && early && call.early.len() < limit && octets.len() <= LONGEST_EARLY_PACKET {
            self.io.reached.point(Point::EarlyPacketKept);
            return call.early.push(octets.into());
        }
        self.io.reached.point(match early {
            true => Point::PacketBeforeCall,
            false => Point::PacketWhileClearing,
        });
        let sequence_number = packet.header.sequence_number;
        let event = Event::Dropped {
            call: Some(call.reference()),
            reason: DropReason::NotEstablished,
            sequence_number,
        };
        self.io.outbox.event(event);
    }

    /// What is wrong with a packet by itself was its sender's doing (`GRE-001` to `GRE-016`).
    #[cold]
    fn packet_violations(&mut self, call: CallRef, octets: &[u8]) {
        for finding in validate_gre(octets) {
            if matches!(finding.severity, Severity::Error | Severity::Warning) {
                let (requirement, connection) = (finding.requirement, Some(call.connection));
                self.io.outbox.event(Event::Violation {
                    requirement,
                    connection,
                    call: Some(call),
                });
            }
        }
    }

    /// The call of this Call ID in any tunnel, where the source address is not looked at (AMB-51).
    fn call_from_any_source(&self, call_id: CallId) -> Option<u32> {
        if self.deviates(DeviationId::CallIdNotChecked) {
            return self
                .connections
                .keys()
                .find_map(|&id| self.first_call_of(id));
        }
        if self.config.profile.checks_gre_source && !self.deviates(DeviationId::DeliversAnySource) {
            return None;
        }
        self.tunnels
            .iter()
            .find_map(|tunnel| match tunnel.look_up(call_id) {
                Assigned::Call(slot) => Some(slot),
                _ => None,
            })
    }

    #[cold]
    fn unknown_call_id(&mut self, call_id: CallId, packet: &GrePacket<'_>) {
        let elsewhere = self
            .tunnels
            .iter()
            .any(|tunnel| matches!(tunnel.look_up(call_id), Assigned::Call(_)));
        let (reason, point) = if elsewhere {
            (DropReason::WrongSource, Point::PacketFromElsewhere)
        } else {
            (DropReason::UnknownCallId, Point::PacketOfNoCall)
        };
        self.io.reached.point(point);
        self.dropped_unread(reason, packet.header.sequence_number);
    }

    fn dropped_unread(&mut self, reason: DropReason, sequence_number: Option<u32>) {
        self.io.outbox.event(Event::Dropped {
            call: None,
            reason,
            sequence_number,
        });
    }

    /// The session of a call was changed: its timer is set anew, and how its window stands is noted.
    #[inline]
    fn session_used(io: &mut Io, slot: u32, call: &mut Call) {
        let Some(session) = &call.session else {
            return io.timers.clear(&call.data_timer);
        };
        let window = session.window_state();
        if call.window != Some(window) {
            call.window = Some(window);
            io.reached.window(call.machine, window);
        }
        match session.deadline() {
            Some(deadline) => {
                io.timers
                    .set(&mut call.data_timer, Owner::Data(slot), deadline);
            }
            None => io.timers.clear(&call.data_timer),
        }
    }
}
