//! What must hold of everything that an endpoint puts out, and of the endpoint at rest.

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;

use pptp_wire::ppp::check_test_frame;
use pptp_wire::{
    CallId, ControlMessage, Findings, GrePacket, Serial, Severity, validate_control, validate_gre,
};

use super::Played;
use super::surroundings::{Tcp, Wire};
use crate::{
    CallRef, CommandError, Config, ConnectionId, DataOutcome, Endpoint, Event, LatePackets, Limits,
    Machine, Output, Transition,
};

const IDLE: &str = "idle";
const ESTABLISHED: &str = "established";

/// What was seen of an endpoint, as far as it has to fit together.
#[derive(Debug)]
pub(super) struct Laws {
    /// Whether the endpoint is to do all that the RFC asks for.
    strict: bool,
    /// Whether it has a protocol bug on purpose.
    deviates: bool,
    /// Whether it passes data on in the order of the Sequence Numbers alone.
    in_order: bool,
    limits: Limits,
    /// Datagrams that came in, with their sources.
    pub received: Vec<(Ipv4Addr, Vec<u8>)>,
    connection_states: BTreeMap<ConnectionId, &'static str>,
    call_states: BTreeMap<CallRef, &'static str>,
    /// The Sequence Number last delivered in each call that there is.
    delivered: BTreeMap<CallRef, Serial>,
    pub played: Played,
}

impl Laws {
    pub fn new(config: &Config, strict: bool) -> Laws {
        Laws {
            strict,
            deviates: !config.deviations.is_empty(),
            in_order: config.profile.late_packets == LatePackets::Discard
                && !config.profile.rewinds_to_number_1,
            limits: config.limits,
            received: Vec::new(),
            connection_states: BTreeMap::new(),
            call_states: BTreeMap::new(),
            delivered: BTreeMap::new(),
            played: Played::default(),
        }
    }

    /// An output other than a deadline or a new connection.
    pub fn output(&mut self, output: Output<'_>, wires: &mut [Wire]) {
        match output {
            Output::Send {
                connection,
                octets,
                cause,
            } => {
                let wire = wire_of(wires, connection);
                assert_eq!(wire.tcp, Tcp::Open, "sent on {connection:?}: {cause}");
                self.sent(octets);
            }
            Output::Close { connection, cause } => {
                let wire = wire_of(wires, connection);
                assert_eq!(wire.tcp, Tcp::Open, "closed {connection:?}: {cause}");
                wire.tcp = Tcp::Over;
            }
            Output::Reset { connection, cause } => {
                let wire = wire_of(wires, connection);
                assert_ne!(wire.tcp, Tcp::Over, "reset {connection:?}: {cause}");
                wire.tcp = Tcp::Over;
            }
            Output::Datagram { to, octets, .. } => {
                assert!(
                    wires.iter().any(|wire| wire.peer == to),
                    "a datagram to a stranger, {to}"
                );
                self.sent_datagram(octets);
            }
            Output::Event(event) => self.event(event, wires),
            Output::Connect { .. } | Output::Deadline(_) => {}
        }
    }

    fn sent(&mut self, octets: &[u8]) {
        self.played.messages += 1;
        self.digest(octets);
        if self.deviates {
            return;
        }
        let message = ControlMessage::decode(octets);
        assert!(message.is_ok(), "{message:?} of {:02X?}", shown(octets));
        self.check_findings(&validate_control(octets), octets);
    }

    fn sent_datagram(&mut self, octets: &[u8]) {
        self.played.datagrams += 1;
        self.digest(octets);
        if self.deviates {
            return;
        }
        let packet = match GrePacket::decode(octets) {
            Ok(packet) => packet,
            Err(error) => panic!("{error} in {:02X?}", shown(octets)),
        };
        self.check_findings(&validate_gre(octets), octets);
        if !packet.data().is_empty() {
            let counter = check_test_frame(packet.data());
            assert!(counter.is_ok(), "what is sent was offered: {counter:?}");
        }
    }

    /// The endpoint may do what is only noted; nothing else, if it is to do what the RFC asks for.
    fn check_findings(&self, findings: &Findings, octets: &[u8]) {
        let bad = findings
            .iter()
            .find(|finding| matches!(finding.severity, Severity::Error | Severity::Warning));
        if let Some(finding) = bad.filter(|_| self.strict) {
            panic!("sent {finding} in {:02X?}", shown(octets));
        }
    }

    fn event(&mut self, event: Event<'_>, wires: &[Wire]) {
        match event {
            Event::Transition {
                transition,
                connection,
                call,
                from,
                to,
            } => self.transition(transition, connection, call, from, to),
            Event::Data {
                call,
                sequence_number,
                payload,
            } => self.data(call, sequence_number, payload, wires),
            Event::CallEnded { call, .. } => {
                self.call_states.remove(&call);
                self.delivered.remove(&call);
            }
            Event::Violation { .. } => self.played.violations += 1,
            Event::Limit { .. } => self.played.limits += 1,
            Event::Dropped { .. } | Event::WindowFull { .. } | Event::TimeOut { .. } => {}
        }
    }

    /// States follow from one another, and from the rows of the state machines.
    fn transition(
        &mut self,
        transition: Transition,
        connection: ConnectionId,
        call: Option<CallRef>,
        from: &'static str,
        to: &'static str,
    ) {
        let row = transition.row();
        if self.strict {
            assert!(
                row.state == "any" || row.state == from,
                "{transition} out of {from}"
            );
        }
        let of_connection = matches!(
            transition.machine(),
            Machine::ConnectionOriginator | Machine::ConnectionReceiver
        );
        let before = match call {
            Some(call) => self.call_states.insert(call, to),
            None if of_connection => self.connection_states.insert(connection, to),
            // A call that is refused: it never gets a Call ID of this endpoint.
            None => Some(IDLE).filter(|_| to == IDLE),
        };
        assert!(
            before.unwrap_or(IDLE) == from || self.deviates,
            "{transition} leaves {from}, not {before:?}"
        );
        if let Some(call) = call {
            self.played.established += u64::from(to == ESTABLISHED && from != ESTABLISHED);
            if to == IDLE {
                self.call_states.remove(&call);
            }
        }
    }

    /// Delivered data came in, from the call's peer, with this number and in order.
    fn data(&mut self, call: CallRef, sequence_number: u32, payload: &[u8], wires: &[Wire]) {
        self.played.delivered += 1;
        self.digest(payload);
        if self.deviates {
            return;
        }
        let peer = wires
            .iter()
            .find(|wire| wire.id == call.connection)
            .map(|wire| wire.peer);
        let came_in = self.received.iter().any(|(from, octets)| {
            GrePacket::decode(octets).is_ok_and(|packet| {
                packet.header.call_id == call.call_id
                    && packet.header.sequence_number == Some(sequence_number)
                    && packet.payload.starts_with(payload)
                    && (packet.data() == payload || !self.strict)
                    && (Some(*from) == peer || !self.strict)
            })
        });
        assert!(
            came_in,
            "{call:?} delivers {sequence_number}, which never came in: {:02X?}",
            shown(payload)
        );
        let number = Serial(sequence_number);
        let before = self.delivered.insert(call, number);
        assert!(
            !self.in_order || before.is_none_or(|before| number.newer_than(before)),
            "{call:?} delivers {sequence_number} after {before:?}"
        );
    }

    /// What became of a payload that was offered for sending.
    pub fn offered(
        &self,
        call: CallRef,
        payload: &[u8],
        outcome: Result<DataOutcome, CommandError>,
    ) {
        let state = self.call_states.get(&call).copied();
        match outcome {
            Ok(DataOutcome::Accepted) => assert!(!payload.is_empty()),
            Ok(DataOutcome::Full | DataOutcome::Unsendable) => {}
            Err(_) => assert!(
                state != Some(ESTABLISHED) || self.deviates,
                "{call:?} takes no data"
            ),
        }
    }

    /// The endpoint has nothing more to do.
    pub fn at_rest(&self, endpoint: &Endpoint) {
        let limits = self.limits;
        let mut foreign = 0;
        for connection in endpoint.connections() {
            foreign += usize::from(!connection.connection.is_own());
            assert!(
                connection.calls <= limits.calls_per_connection,
                "{connection:?}: too many calls"
            );
            let told = self.connection_states.get(&connection.connection);
            assert!(
                told.copied().unwrap_or(IDLE) == connection.state || self.deviates,
                "{connection:?} has told of {told:?}"
            );
        }
        // A connection that the loser of a collision is to close, and one that is stopped, count as neither.
        if self.strict {
            let most = limits.connections + limits.pending_connections;
            assert!(foreign <= 2 * most, "{foreign} connections of peers");
        }
        self.calls_at_rest(endpoint);
    }

    fn calls_at_rest(&self, endpoint: &Endpoint) {
        let limits = self.limits;
        let mut ids: BTreeSet<(Ipv4Addr, CallId)> = BTreeSet::new();
        for view in endpoint.calls() {
            let call = view.call;
            let told = self.call_states.get(&call).copied();
            assert!(
                told == Some(view.state) || self.deviates,
                "{view:?} has told of {told:?}"
            );
            let unique = ids.insert((view.peer, call.call_id));
            assert!(
                unique || self.deviates,
                "{call:?}: the Call ID names two calls"
            );
            let session = endpoint.session(call);
            if self.strict {
                assert_eq!(
                    session.is_some(),
                    view.state == ESTABLISHED,
                    "{call:?}: data flows while the call is established"
                );
            }
            if let Some(session) = session {
                assert!(
                    session.queued as usize <= limits.transmit_buffer_packets,
                    "{call:?}: {session:?}"
                );
                assert!(
                    session.window <= session.peer_maximum_window || self.deviates,
                    "{call:?}: {session:?}"
                );
                assert!(
                    session.unacknowledged <= session.peer_maximum_window || self.deviates,
                    "{call:?}: {session:?}"
                );
            }
        }
    }

    /// FNV-1a.
    fn digest(&mut self, octets: &[u8]) {
        const PRIME: u64 = 0x0000_0100_0000_01B3;
        for &octet in octets {
            self.played.digest = (self.played.digest ^ u64::from(octet)).wrapping_mul(PRIME);
        }
        self.played.digest = self.played.digest.wrapping_add(octets.len() as u64);
    }
}

fn wire_of(wires: &mut [Wire], connection: ConnectionId) -> &mut Wire {
    wires
        .iter_mut()
        .find(|wire| wire.id == connection)
        .unwrap_or_else(|| panic!("{connection:?} was never there"))
}

/// As many octets as a message shows.
fn shown(octets: &[u8]) -> &[u8] {
    &octets[..octets.len().min(64)]
}
