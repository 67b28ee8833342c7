//! The endpoint: what goes in, what comes out, and what can be seen from outside.

use std::collections::VecDeque;

use pptp_wire::ahead::Beginning;
use pptp_wire::time::Instant;
use pptp_wire::{CallId, ControlMessage, ControlMessageType};

use crate::call::CallTable;
use crate::config::ConfigInUse;
use crate::connection::{ConnectionState, Connections, Ending, Phase};
use crate::deviation::{DeviationId, spoil};
use crate::outbox::Outbox;
use crate::random::SplitMix;
use crate::session::ReorderBuffer;
use crate::timer::{Owner, Timers};
use crate::tunnel::Tunnels;
use crate::{
    CallRef, CallView, Cause, Command, CommandError, Config, ConnectionId, ConnectionView,
    DataOutcome, Deadline, Event, Input, LimitKind, Outcome, Output, Point, Reached, Role,
    SessionView,
};

/// Octets of control messages that an endpoint writes in one go which loses the rest (`unsent-tail-dropped`): more than the
/// longest message.
const MOST_AT_ONCE: usize = 240;

/// Lines of the cache that every message touches: timers, configuration, and the first connection up to the octets that came last.
const TOUCHED: usize = 8;

/// What all parts of an endpoint share: the time, what is to be done, what is to be waited for, and chance.
#[derive(Debug)]
#[repr(C)]
pub(crate) struct Io {
    pub timers: Timers,
    /// What the endpoint has come to.
    pub reached: Reached,
    pub now: Instant,
    pub outbox: Outbox,
}

/// One PPTP end, PAC or PNS, with all of its control connections and calls. Sans-I/O: see the [crate's contract](crate).
//
// In this order in memory, so that what every message touches lies together.
#[derive(Debug)]
#[repr(C)]
pub struct Endpoint {
    beginning: Beginning,
    pub(crate) io: Io,
    pub(crate) config: ConfigInUse,
    pub(crate) connections: Connections,
    pub(crate) tunnels: Tunnels,
    pub(crate) calls: CallTable,
    /// Call IDs out of use, with their tunnel and the time at which they may be used again; the oldest first.
    pub(crate) released: VecDeque<(Instant, u32, CallId)>,
    /// What ended calls have left behind, by tunnel and Call ID (`held-survives-call`).
    pub(crate) left_behind: Vec<(u32, CallId, ReorderBuffer)>,
    /// Control connections that have passed the start exchange.
    pub(crate) standing: usize,
    /// Accepted TCP connections that have not.
    pub(crate) pending: usize,
    connections_opened: u32,
    next_serial_number: u16,
    physical_channels: u32,
    pub(crate) random: SplitMix,
    /// What the canary counts.
    sung: u64,
    /// Octets of control messages written since something last came in, where a deviation counts them.
    written: usize,
}

impl Endpoint {
    /// An endpoint without any connection.
    pub fn new(mut config: Config) -> Endpoint {
        if !config.deviations.is_empty() {
            let profile = (*config.profile).clone();
            config.profile = profile.with_deviations(config.deviations).into();
        }
        let io = Io {
            now: Instant::START,
            outbox: Outbox::default(),
            timers: Timers::default(),
            reached: Reached::default(),
        };
        Endpoint {
            beginning: Beginning::NEW,
            next_serial_number: config.profile.first_call_serial_number,
            random: SplitMix::new(config.entropy),
            sung: 0,
            written: 0,
            config: config.into(),
            io,
            connections: Connections::default(),
            tunnels: Tunnels::default(),
            calls: CallTable::default(),
            released: VecDeque::new(),
            left_behind: Vec::new(),
            standing: 0,
            pending: 0,
            connections_opened: 0,
            physical_channels: 0,
        }
    }

    /// What the endpoint was made with.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// PAC or PNS.
    pub fn role(&self) -> Role {
        self.config.role
    }

    /// What it has come to since it was made.
    pub fn reached(&self) -> &Reached {
        &self.io.reached
    }

    /// Something reached the endpoint at `now`, which is never before that of an earlier call. Octets and datagrams may hold
    /// anything; what names a connection that the endpoint does not know is of no effect.
    pub fn handle(&mut self, now: Instant, input: Input<'_>) {
        self.io.now = now;
        if !self.config.deviations.is_empty() {
            self.written = 0;
        }
        match input {
            Input::Datagram { from, octets } => self.datagram_received(from, octets),
            Input::Octets { connection, octets } => self.octets_received(connection, octets),
            Input::Opened { connection, .. } if connection.is_own() => self.opened_own(connection),
            Input::Opened { connection, peer } => self.accepted(connection, peer),
            Input::Closed { connection } => self.connection_lost(connection, Ending::Close),
            Input::Reset { connection } => self.connection_lost(connection, Ending::Gone),
            Input::Deadline => self.run_timers(),
        }
    }

    /// Asks the endpoint to do something.
    ///
    /// # Errors
    /// [`CommandError`] where it cannot be done; nothing has changed then.
    pub fn command(&mut self, now: Instant, command: &Command) -> Result<Outcome, CommandError> {
        self.io.now = now;
        match command {
            Command::OpenControl { to } => self.open_control(*to),
            Command::CloseControl { connection, reason } => {
                self.close_control(*connection, *reason)
            }
            Command::PlaceCall {
                connection,
                options,
            } => self.place_call(*connection, options),
            Command::Ring {
                connection,
                options,
            } => self.ring(*connection, options),
            Command::ClearCall { call } => self.clear_call(*call),
            Command::DisconnectCall { call } => self.disconnect_call(*call),
            Command::LoseCarrier { call } => self.lose_carrier(*call),
            Command::SetLinkInfo {
                call,
                send_accm,
                receive_accm,
            } => self.set_link_info(*call, *send_accm, *receive_accm),
            Command::CountWanErrors { call, counters } => self.count_wan_errors(*call, counters),
        }
    }

    /// Sends `payload`, one PPP packet of 1 to 65535 octets, on an established call.
    ///
    /// # Errors
    /// [`CommandError::UnknownCall`], or [`CommandError::WrongState`] while the call is not established.
    pub fn send_data(
        &mut self,
        now: Instant,
        call: CallRef,
        payload: &[u8],
    ) -> Result<DataOutcome, CommandError> {
        self.io.now = now;
        self.send_payload(call, payload)
    }

    /// The next output. To be called until it answers [`Output::Deadline`], after every other call that changes the endpoint.
    pub fn poll(&mut self) -> Output<'_> {
        if self.io.outbox.is_empty() {
            self.io.outbox.reclaim();
            return Output::Deadline(self.io.timers.first());
        }
        self.io.outbox.next().unwrap_or(Output::Deadline(None))
    }

    /// What it waits for, as the last [`Endpoint::poll`] said if nothing has changed since.
    #[inline]
    pub fn next_deadline(&self) -> Option<Deadline> {
        self.io.timers.first()
    }

    /// Whether no timer is armed but those of keep-alive, which fire for ever on an idle connection.
    #[inline]
    pub fn only_keep_alive_left(&self) -> bool {
        self.io.timers.only_keep_alive()
    }

    /// Asks for the memory that the next input or deadline will need, and changes nothing. Who drives thousands of endpoints may call
    /// it for the next one in turn: what lies far from the processor is then there in time.
    pub fn look_ahead(&self) {
        self.beginning.ask_for(TOUCHED);
    }

    /// The state of a control connection, as RFC 2637 names it with `-` for `_`; `None` for one that is unknown or over.
    pub fn connection_state(&self, connection: ConnectionId) -> Option<&'static str> {
        self.state_of(connection).map(ConnectionState::name)
    }

    /// All connections in the order of their numbers.
    pub fn connections(&self) -> impl Iterator<Item = ConnectionView> {
        self.connections
            .iter()
            .map(|(&id, connection)| connection.view(id))
    }

    /// All calls in the order of connections and Call IDs.
    pub fn calls(&self) -> impl Iterator<Item = CallView> {
        let slots = self
            .connections
            .values()
            .flat_map(|connection| connection.calls.values());
        slots
            .filter_map(|&slot| self.calls.get(slot))
            .map(|call| call.view())
    }

    /// One call.
    pub fn call(&self, call: CallRef) -> Option<CallView> {
        self.calls
            .get(self.find_call(call)?)
            .map(|call| call.view())
    }

    /// The data session of an established call.
    pub fn session(&self, call: CallRef) -> Option<SessionView> {
        self.session_view(call)
    }

    fn run_timers(&mut self) {
        let mark = self.io.timers.mark();
        while let Some((owner, reason)) = self.io.timers.take_due(self.io.now, mark) {
            match owner {
                Owner::ConnectionState(id) => self.connection_timer(id, reason),
                Owner::KeepAlive(id) => self.keep_alive_timer(id, reason),
                Owner::CallState(slot) => self.call_timer(slot, reason),
                Owner::HangUp(slot) => self.hung_up(slot, reason),
                Owner::WanErrors(slot) => self.wan_errors_due(slot, reason),
                Owner::Data(slot) => self.data_timer(slot),
            }
        }
    }

    /// Whether a protocol bug is switched on.
    #[inline]
    pub(crate) fn deviates(&self, id: DeviationId) -> bool {
        self.config.deviations.contains(id)
    }

    /// A limit of the configuration was reached.
    pub(crate) fn limit(&mut self, limit: LimitKind) {
        self.io.reached.point(Point::LimitReached);
        self.io.outbox.event(Event::Limit { limit });
    }

    /// Sends a control message. A call that a deviation keeps alive without its connection has nobody to speak to.
    pub(crate) fn send(
        &mut self,
        id: ConnectionId,
        message: impl Into<ControlMessage>,
        cause: Cause,
    ) {
        if self.phase_of(id) == Some(Phase::Gone) {
            return;
        }
        let mut message = message.into();
        if !self.config.deviations.is_empty() {
            let bad_reserved = message.message_type() == ControlMessageType::ECHO_REQUEST;
            if bad_reserved && self.deviates(DeviationId::ReservedNotZero) {
                message.header.reserved0 = 1;
            }
            if self.deviates(DeviationId::Canary) {
                self.sung = self.sung.wrapping_add(1);
            }
            spoil(self.config.deviations, &mut message);
            self.written += usize::from(message.header.length);
            if self.deviates(DeviationId::UnsentTailDropped) && self.written > MOST_AT_ONCE {
                return;
            }
        }
        self.io.outbox.send(id, &message, cause);
        self.spoke(id);
    }

    pub(crate) fn state_of(&self, id: ConnectionId) -> Option<ConnectionState> {
        self.connections.get(&id).map(|connection| connection.state)
    }

    pub(crate) fn phase_of(&self, id: ConnectionId) -> Option<Phase> {
        self.connections.get(&id).map(|connection| connection.phase)
    }

    /// The oldest connection that is established: the one with the lowest number.
    pub(crate) fn oldest_standing(&self) -> Option<ConnectionId> {
        let mut standing = self.connections.iter();
        standing
            .find(|(_, connection)| connection.state == ConnectionState::Established)
            .map(|(&id, _)| id)
    }

    /// The connection that a new call goes to: one that is established.
    pub(crate) fn connection_for_calls(
        &self,
        connection: Option<ConnectionId>,
    ) -> Result<ConnectionId, CommandError> {
        let early = self.deviates(DeviationId::CallBeforeStartReply);
        let any = || {
            self.connections
                .iter()
                .find(|(_, found)| found.takes_calls(early))
                .map(|(&id, _)| id)
        };
        let id = connection
            .or_else(any)
            .ok_or(CommandError::UnknownConnection)?;
        let found = self
            .connections
            .get(&id)
            .ok_or(CommandError::UnknownConnection)?;
        match found.takes_calls(early) {
            true => Ok(id),
            false => Err(CommandError::WrongState {
                state: found.state.name(),
            }),
        }
    }

    /// Odd numbers from 1 on.
    pub(crate) fn next_own_connection(&mut self) -> ConnectionId {
        let id = ConnectionId(self.connections_opened.wrapping_mul(2) | 1);
        self.connections_opened = self.connections_opened.wrapping_add(1);
        id
    }

    /// Call Serial Numbers count up from the profile's first.
    pub(crate) fn next_serial_number(&mut self) -> u16 {
        let number = self.next_serial_number;
        self.next_serial_number = number.wrapping_add(1);
        number
    }

    /// Physical Channel IDs count up from 1.
    pub(crate) fn next_physical_channel(&mut self) -> u32 {
        self.physical_channels = self.physical_channels.wrapping_add(1);
        self.physical_channels
    }
}
