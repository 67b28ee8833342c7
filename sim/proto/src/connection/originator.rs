//! The end that opens the control connection (RFC 2637 §3.1.1).

use std::net::Ipv4Addr;

use pptp_wire::{
    ControlMessageType, StartControlConnectionReply, StartControlConnectionRequest, StartResult,
    StopReason,
};

use super::{ConnectionState, Ending, Phase};
use crate::deviation::DeviationId;
use crate::endpoint::Endpoint;
use crate::profile::{SecondConnection, StartRefused, VersionRule};
use crate::{
    Cause, CommandError, ConnectionId, DeadlineReason, LimitKind, Outcome, Point, Transition,
};
use pptp_wire::{BearerCapabilities, FramingCapabilities, ProtocolVersion};

impl Endpoint {
    /// Opens a control connection: one alone for each peer, unless the profile allows more (`TR-012`, AMB-28).
    pub(crate) fn open_control(&mut self, to: Ipv4Addr) -> Result<Outcome, CommandError> {
        if !self.config.profile.opens_control {
            return Err(CommandError::Unsupported);
        }
        if self.config.profile.second_connection == SecondConnection::Refuse
            && let Some(state) = self.own_or_standing_connection(to)
        {
            return Err(CommandError::WrongState { state });
        }
        if self.connections.len() >= self.config.limits.connections {
            self.limit(LimitKind::Connections);
            return Err(CommandError::Limit);
        }
        let id = self.next_own_connection();
        self.add_connection(id, to, Phase::Opening);
        self.io.outbox.connect(id, to);
        let span = self.config.profile.start_time_out;
        self.await_within(id, span, DeadlineReason::TcpOpen(span));
        Ok(Outcome::Connection(id))
    }

    /// A connection that this end asked for is open.
    pub(crate) fn opened_own(&mut self, id: ConnectionId) {
        let Some(connection) = self.connections.get_mut(&id) else {
            return;
        };
        if connection.phase != Phase::Opening {
            return;
        }
        connection.phase = Phase::Open;
        let tunnel = connection.tunnel;
        // The peer's own connection came to stand while this one opened: a second one is of no use (`TR-012`).
        if self.tunnels[tunnel].standing > 0
            && self.config.profile.second_connection == SecondConnection::Refuse
        {
            self.io.reached.point(Point::SecondConnectionGivenUp);
            if let Some(stands) = self.standing_connection(tunnel) {
                self.move_queued_calls(id, stands);
                self.place_queued_calls(stands);
            }
            return self.end_connection(id, None, Ending::Close, Cause::ConnectionExists);
        }
        // T-CCO-01 (`CC-001`, `SCCRQ-001`).
        let request = self.start_request();
        self.send(id, request, Cause::Answer);
        if self.deviates(DeviationId::StartRequestTwice) {
            self.send(id, request, Cause::Answer);
        }
        self.enter(id, Transition::Cco01, ConnectionState::WaitControlReply);
        let within = self.config.profile.start_time_out;
        self.await_message(
            id,
            ControlMessageType::START_CONTROL_CONNECTION_REPLY,
            within,
        );
    }

    /// Start-Control-Connection-Reply in wait_ctl_reply.
    pub(crate) fn start_reply_received(
        &mut self,
        id: ConnectionId,
        reply: &StartControlConnectionReply,
    ) {
        let refused = match reply.result_code {
            StartResult::OK => None,
            _ if self.deviates(DeviationId::RefusedStartTakenForSuccess) => None,
            // AMB-25: some modems say 0 for success.
            StartResult(0) if self.config.profile.accepts_start_result_0 => None,
            StartResult::EXISTS => Some(Transition::Cco07),
            StartResult::NOT_AUTHORISED => Some(Transition::Cco08),
            StartResult::BAD_VERSION => Some(Transition::Cco09),
            // T-CCO-06: Result 2, and what the RFC does not define (`CC-007`).
            _ => Some(Transition::Cco06),
        };
        if let Some(transition) = refused {
            return match self.config.profile.start_refused {
                // T-CCO-06, T-CCO-07, T-CCO-08, T-CCO-09.
                StartRefused::Close => {
                    self.end_connection(id, Some(transition), Ending::Close, Cause::Answer);
                }
                StartRefused::Stop => {
                    self.send_stop_request(
                        id,
                        StopReason::STOP_PROTOCOL,
                        transition,
                        Cause::Answer,
                    );
                }
            };
        }
        if !self.speaks(
            reply.protocol_version,
            self.config.profile.reply_version_rule,
        ) {
            // T-CCO-05 (`CC-005`, `STCRQ-003`).
            let reason = StopReason::STOP_PROTOCOL;
            return self.send_stop_request(id, reason, Transition::Cco05, Cause::Answer);
        }
        // T-CCO-04 (`CC-004`, `CC-006`): the lower version is the one in use.
        self.enter(id, Transition::Cco04, ConnectionState::Established);
        self.start_exchange_complete(id, reply.protocol_version);
    }

    /// The control connection stands: the wait is over, keep-alive begins.
    pub(crate) fn start_exchange_complete(&mut self, id: ConnectionId, version: ProtocolVersion) {
        if let Some(connection) = self.connections.get_mut(&id) {
            connection.version = version;
            self.io.timers.clear(&connection.timer);
        }
        self.restart_idle_timer(id);
        self.place_queued_calls(id);
    }

    /// Whether this end speaks a version that the peer has named (AMB-23).
    pub(crate) fn speaks(&self, version: ProtocolVersion, rule: VersionRule) -> bool {
        let profile = &self.config.profile;
        let (own, lowest) = (profile.protocol_version, profile.minimum_protocol_version);
        match rule {
            VersionRule::Lower => (lowest..=own).contains(&version.0),
            VersionRule::Exact => version.0 == own,
            VersionRule::AtLeast => version.0 >= lowest,
            VersionRule::Any => true,
        }
    }

    /// Maximum Channels of this end (`SCCRQ-006`, `SCCRQ-008`).
    pub(crate) fn maximum_channels(&self) -> u16 {
        let by_role = match self.config.role {
            crate::Role::Pac => 64,
            crate::Role::Pns => 0,
        };
        self.config.profile.maximum_channels.unwrap_or(by_role)
    }

    fn start_request(&self) -> StartControlConnectionRequest {
        let profile = &self.config.profile;
        StartControlConnectionRequest {
            protocol_version: ProtocolVersion(profile.protocol_version),
            framing_capabilities: FramingCapabilities(profile.framing_capabilities),
            bearer_capabilities: BearerCapabilities(profile.bearer_capabilities),
            maximum_channels: self.maximum_channels(),
            firmware_revision: profile.firmware_revision,
            host_name: profile.host_name,
            vendor_name: profile.vendor_name,
            ..StartControlConnectionRequest::default()
        }
    }

    /// An established connection of the tunnel.
    fn standing_connection(&self, tunnel: u32) -> Option<ConnectionId> {
        let mut established = self.connections.iter().filter(|(_, found)| {
            found.tunnel == tunnel && found.state == ConnectionState::Established
        });
        established.next().map(|(&id, _)| id)
    }

    /// The state of a connection with this peer that stands or that this end opens.
    fn own_or_standing_connection(&self, peer: Ipv4Addr) -> Option<&'static str> {
        let tunnel = &self.tunnels[self.tunnels.find(peer)?];
        if let Some(opening) = tunnel.opening.first() {
            return self.connection_state(*opening);
        }
        (tunnel.standing > 0).then_some(ConnectionState::Established.name())
    }
}
