//! The end that accepts the control connection (RFC 2637 §3.1.2).

use std::net::Ipv4Addr;

use pptp_wire::{
    BearerCapabilities, ControlMessageType, ErrorCode, FramingCapabilities, ProtocolVersion,
    Requirement, StartControlConnectionReply, StartControlConnectionRequest, StartResult,
};

use super::collision::Collision;
use super::{ConnectionState, Ending, Phase};
use crate::deviation::DeviationId;
use crate::endpoint::Endpoint;
use crate::profile::{SecondConnection, SecondStartRequest, VersionRefusal, VersionRule};
use crate::{Cause, ConnectionId, LimitKind, Transition};

impl Endpoint {
    /// A TCP connection came in on port 1723 (`TR-003`).
    pub(crate) fn accepted(&mut self, id: ConnectionId, peer: Ipv4Addr) {
        if self.connections.contains_key(&id) {
            return;
        }
        if self.pending >= self.config.limits.pending_connections {
            self.limit(LimitKind::PendingConnections);
            return self.io.outbox.reset(id, Cause::Answer);
        }
        self.add_connection(id, peer, Phase::Open);
        // T-CCR-01.
        self.enter(id, Transition::Ccr01, ConnectionState::Idle);
        let within = self.config.profile.start_time_out;
        self.await_message(
            id,
            ControlMessageType::START_CONTROL_CONNECTION_REQUEST,
            within,
        );
    }

    /// Start-Control-Connection-Request in idle: collision first, then reasons to refuse, then success.
    pub(crate) fn start_request_received(
        &mut self,
        id: ConnectionId,
        request: &StartControlConnectionRequest,
    ) {
        match self.collide(id) {
            Collision::None | Collision::Lost => {}
            Collision::Won | Collision::Undecided => return,
        }
        let refusal = self.start_refusal(id, request);
        let Some((result, error, transition)) = refusal else {
            return self.accept_start(id, request.protocol_version);
        };
        let second = result == StartResult::EXISTS;
        if second && self.deviates(DeviationId::SecondConnectionClosedUnanswered) {
            return self.end_connection(id, Some(transition), Ending::Close, Cause::Answer);
        }
        let refused_version = result == StartResult::BAD_VERSION;
        let version_refusal = self.config.profile.version_refusal;
        if refused_version && version_refusal == VersionRefusal::Ignore {
            return;
        }
        let reply = self.start_reply(result, error, self.config.profile.protocol_version);
        self.send(id, reply, Cause::Answer);
        if refused_version && version_refusal == VersionRefusal::Reply {
            // T-CCR-04 as the figure draws it: the connection stays idle (AMB-20).
            return self.enter(id, transition, ConnectionState::Idle);
        }
        self.end_connection(id, Some(transition), Ending::Close, Cause::Answer);
    }

    /// Start-Control-Connection-Request in established (AMB-24).
    pub(crate) fn second_start_request(&mut self, id: ConnectionId) {
        self.violation(id, Requirement::Sccrq012);
        let version = self.config.profile.protocol_version;
        let established = ConnectionState::Established;
        match self.config.profile.second_start_request {
            SecondStartRequest::Exists => {
                let reply = self.start_reply(StartResult::EXISTS, ErrorCode::NONE, version);
                self.send(id, reply, Cause::Answer);
            }
            SecondStartRequest::Succeed => {
                let reply = self.start_reply(StartResult::OK, ErrorCode::NONE, version);
                self.send(id, reply, Cause::Answer);
            }
            SecondStartRequest::Ignore => {}
            SecondStartRequest::Close => {
                return self.end_connection(
                    id,
                    Some(Transition::Ccr10),
                    Ending::Close,
                    Cause::Answer,
                );
            }
        }
        // T-CCR-10.
        self.enter(id, Transition::Ccr10, established);
    }

    /// A reply of this end to a start request.
    pub(crate) fn start_reply(
        &self,
        result_code: StartResult,
        error_code: ErrorCode,
        version: u16,
    ) -> StartControlConnectionReply {
        let profile = &self.config.profile;
        StartControlConnectionReply {
            protocol_version: ProtocolVersion(version),
            result_code,
            error_code,
            framing_capabilities: FramingCapabilities(profile.framing_capabilities),
            bearer_capabilities: BearerCapabilities(profile.bearer_capabilities),
            maximum_channels: self.maximum_channels(),
            firmware_revision: profile.firmware_revision,
            host_name: profile.host_name,
            vendor_name: profile.vendor_name,
        }
    }

    fn start_refusal(
        &mut self,
        id: ConnectionId,
        request: &StartControlConnectionRequest,
    ) -> Option<(StartResult, ErrorCode, Transition)> {
        // T-CCR-05 (`SCCRP-015`).
        if !self.config.profile.authorises_peers {
            return Some((
                StartResult::NOT_AUTHORISED,
                ErrorCode::NONE,
                Transition::Ccr05,
            ));
        }
        // T-CCR-04 (`CC-015`, `SCCRP-016`). A higher version is no reason: the reply offers the own one (`CC-016`).
        let version = request.protocol_version;
        let offers_own = self.config.profile.version_rule == VersionRule::Lower
            && version.0 > self.config.profile.protocol_version;
        if !offers_own && !self.speaks(version, self.config.profile.version_rule) {
            return Some((StartResult::BAD_VERSION, ErrorCode::NONE, Transition::Ccr04));
        }
        // T-CCR-06 (`SCCRP-014`).
        let tunnel = self.connections.get(&id)?.tunnel;
        if self.tunnels[tunnel].standing > 0
            && self.config.profile.second_connection == SecondConnection::Refuse
        {
            return Some((StartResult::EXISTS, ErrorCode::NONE, Transition::Ccr06));
        }
        // T-CCR-07 (`SCCRP-005`, `ERR-005`).
        if self.standing >= self.config.limits.connections {
            self.limit(LimitKind::Connections);
            return Some((
                StartResult::GENERAL_ERROR,
                ErrorCode::NO_RESOURCE,
                Transition::Ccr07,
            ));
        }
        None
    }

    /// T-CCR-03 (`CC-014`, `CC-016`).
    fn accept_start(&mut self, id: ConnectionId, asked: ProtocolVersion) {
        let own = self.config.profile.protocol_version;
        let version = match self.config.profile.version_rule {
            VersionRule::Lower => own.min(asked.0),
            _ => own,
        };
        let mut reply = self.start_reply(StartResult::OK, ErrorCode::NONE, version);
        if self.deviates(DeviationId::StartResult0) {
            reply.result_code = StartResult(0);
        }
        if self.deviates(DeviationId::StartReplyHighVersion) {
            reply.protocol_version = ProtocolVersion(0x0200);
        }
        if self.deviates(DeviationId::ErrorCodeWithoutResult) {
            reply.error_code = ErrorCode::BAD_VALUE;
        }
        self.send(id, reply, Cause::Answer);
        if self.deviates(DeviationId::StartReplyTwice) {
            self.send(id, reply, Cause::Answer);
        }
        self.enter(id, Transition::Ccr03, ConnectionState::Established);
        self.start_exchange_complete(id, ProtocolVersion(version));
    }
}
