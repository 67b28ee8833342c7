//! The world around one endpoint: peers, user and time, as a plan says.

use std::net::Ipv4Addr;

use pptp_wire::ppp::test_frame;
use pptp_wire::time::{Duration, Instant};
use pptp_wire::{CallId, GRE_MAXIMUM_HEADER_LENGTH, GreHeader, StopReason};

use super::Played;
use super::laws::Laws;
use super::plan::{PEERS, Setup, Step};
use super::trace::{Happening, Traced};
use crate::{
    CallRef, CallView, Command, ConnectionId, Deadline, Endpoint, Input, Output, PlaceCall, Ring,
    WanErrors,
};

/// Deadlines that are kept in one step at most; then the rest of its time does not pass.
const DEADLINES_OF_A_STEP: usize = 64;
/// Deadlines in a row at one instant at most.
const DEADLINES_OF_AN_INSTANT: usize = 1_000;
/// The longest payload that a user may send (`TR-011`).
const LONGEST_PAYLOAD: usize = 1532;
/// Outputs of one draining at most.
const OUTPUTS_AT_ONCE: usize = 100_000;
/// A number of a connection or call that names none.
const NONE: u8 = 255;

/// How far a connection is, seen from outside.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub(super) enum Tcp {
    /// The endpoint has asked for it.
    Opening,
    /// Both directions are open.
    Open,
    /// It is over for the endpoint.
    Over,
}

/// A connection that there is or was.
#[derive(Debug)]
pub(super) struct Wire {
    pub id: ConnectionId,
    pub peer: Ipv4Addr,
    pub tcp: Tcp,
}

/// An endpoint with what surrounds it.
#[derive(Debug)]
pub(super) struct Surroundings {
    endpoint: Endpoint,
    now: Instant,
    deadline: Option<Deadline>,
    at_this_instant: usize,
    wires: Vec<Wire>,
    accepted: u32,
    counter: u64,
    laws: Laws,
    /// What has happened, where somebody wants to know.
    trace: Option<Vec<Traced>>,
}

impl Surroundings {
    pub fn new(setup: &Setup) -> Surroundings {
        let config = setup.config();
        let mut surroundings = Surroundings {
            laws: Laws::new(&config, setup.is_strict()),
            endpoint: Endpoint::new(config),
            now: Instant::START,
            deadline: None,
            at_this_instant: 0,
            wires: Vec::new(),
            accepted: 0,
            counter: 0,
            trace: None,
        };
        surroundings.drain();
        surroundings
    }

    /// The same, telling what happens.
    pub fn traced(setup: &Setup) -> Surroundings {
        Surroundings {
            trace: Some(Vec::new()),
            ..Surroundings::new(setup)
        }
    }

    pub fn into_trace(self) -> Vec<Traced> {
        self.trace.unwrap_or_default()
    }

    fn tell(&mut self, happening: impl FnOnce() -> Happening) {
        let at = self.now;
        if let Some(trace) = &mut self.trace {
            let happening = happening();
            trace.push(Traced { at, happening });
        }
    }

    pub fn played(&self) -> Played {
        self.laws.played
    }

    pub fn step(&mut self, step: &Step) {
        match *step {
            Step::Wait { milliseconds } => self.wait(Duration::from_millis(milliseconds.into())),
            Step::Sleep { seconds } => self.wait(Duration::from_secs(seconds.into())),
            Step::Deadline {} => self.keep_deadline(Instant::NEVER),
            Step::Accept { peer } => self.accept(peer_of(peer)),
            Step::Opened { connection } => self.opened(connection),
            Step::Octets {
                connection,
                ref octets,
            } => {
                let connection = self.connection(connection);
                self.octets(connection, octets);
            }
            Step::Message {
                connection,
                ref message,
            } => {
                let connection = self.connection(connection);
                let octets = message.octets(self.call(message.call).call.call_id);
                let first = message
                    .first_segment
                    .map_or(0, |length| usize::from(length).min(octets.len()));
                self.octets(connection, &octets[..first]);
                self.octets(connection, &octets[first..]);
            }
            Step::Close { connection } => self.end(connection, false),
            Step::Reset { connection } => self.end(connection, true),
            Step::Datagram { peer, ref octets } => self.datagram(peer_of(peer), octets.clone()),
            Step::Packet {
                call,
                from_elsewhere,
                sequence_distance,
                acknowledges,
                length,
            } => {
                let view = self.call(call);
                let octets = self.packet(&view, sequence_distance, acknowledges, length);
                let from = if from_elsewhere { PEERS[3] } else { view.peer };
                self.datagram(from, octets);
            }
            Step::ForgedMessage {
                connection,
                call_id,
                call,
                ref message,
            } => {
                let connection = self.connection(connection);
                let named = self.call(call).call.call_id;
                self.octets(connection, &message.octets(CallId(call_id.into()), named));
            }
            Step::ForgedPacket {
                call,
                peer,
                ref packet,
            } => {
                let view = self.call(call);
                let (next, own_next) = self.numbers(&view);
                let octets = packet.octets(view.call.call_id, next, own_next);
                self.datagram(peer.map_or(view.peer, peer_of), octets);
            }
            Step::SendData {
                call,
                packets,
                length,
            } => self.send_data(call, packets, usize::from(length) % (LONGEST_PAYLOAD + 1)),
            _ => self.user(step),
        }
    }

    /// What the user asks for.
    fn user(&mut self, step: &Step) {
        let named =
            |connection: Option<u8>| connection.map(|connection| self.connection(connection));
        let call = |call| self.call(call).call;
        let command = match *step {
            Step::OpenControl { peer } => Command::OpenControl { to: peer_of(peer) },
            Step::CloseControl { connection, reason } => Command::CloseControl {
                connection: named(connection),
                reason: StopReason(1 + reason % 3),
            },
            Step::PlaceCall { connection, window } => Command::PlaceCall {
                connection: named(connection),
                options: PlaceCall {
                    packet_recv_window_size: window.map(|window| window.max(1)),
                    ..PlaceCall::default()
                },
            },
            Step::Ring { connection } => Command::Ring {
                connection: named(connection),
                options: Ring::default(),
            },
            Step::ClearCall { call: which } => Command::ClearCall { call: call(which) },
            Step::DisconnectCall { call: which } => Command::DisconnectCall { call: call(which) },
            Step::LoseCarrier { call: which } => Command::LoseCarrier { call: call(which) },
            Step::SetLinkInfo {
                call: which,
                send_accm,
                receive_accm,
            } => Command::SetLinkInfo {
                call: call(which),
                send_accm,
                receive_accm,
            },
            Step::CountWanErrors {
                call: which,
                errors,
            } => Command::CountWanErrors {
                call: call(which),
                counters: WanErrors {
                    crc_errors: errors,
                    alignment_errors: errors,
                    ..WanErrors::default()
                },
            },
            _ => return,
        };
        self.tell(|| Happening::Command(command.clone()));
        let refused = self.endpoint.command(self.now, &command).is_err();
        let acts = self.drain();
        assert!(
            !refused || acts == 0,
            "a command that was refused has changed something: {command:?}"
        );
    }

    /// Gives something to the endpoint and does what it wants.
    fn input(&mut self, input: Input<'_>) {
        self.endpoint.handle(self.now, input);
        self.drain();
    }

    /// Does what the endpoint wants; gives how many things, those that it tells not counted.
    fn drain(&mut self) -> usize {
        let mut told = 0;
        for outputs in 0..OUTPUTS_AT_ONCE {
            match self.endpoint.poll() {
                Output::Deadline(deadline) => {
                    self.deadline = deadline;
                    if let Some(deadline) = deadline {
                        assert!(
                            deadline.at >= self.now,
                            "{} has run out already",
                            deadline.reason
                        );
                    }
                    self.laws.at_rest(&self.endpoint);
                    return outputs - told;
                }
                Output::Connect { connection, to } => {
                    let last = self
                        .wires
                        .iter()
                        .filter(|wire| wire.id.is_own())
                        .map(|wire| wire.id.0)
                        .max();
                    assert_eq!(
                        connection.0,
                        last.map_or(1, |last| last + 2),
                        "the next odd number"
                    );
                    self.tell(|| Happening::Connects(connection, to));
                    let tcp = Tcp::Opening;
                    self.wires.push(Wire {
                        id: connection,
                        peer: to,
                        tcp,
                    });
                }
                output => {
                    told += usize::from(matches!(output, Output::Event(_)));
                    if let (Some(trace), Some(happening)) =
                        (&mut self.trace, Happening::of(&output))
                    {
                        let at = self.now;
                        trace.push(Traced { at, happening });
                    }
                    self.laws.output(output, &mut self.wires);
                }
            }
        }
        panic!("the endpoint has always something more to do");
    }

    /// Lets time pass.
    fn wait(&mut self, span: Duration) {
        let until = self.now + span;
        for _ in 0..DEADLINES_OF_A_STEP {
            if self.deadline.is_none_or(|deadline| deadline.at > until) {
                self.pass(until);
                return;
            }
            self.keep_deadline(until);
        }
    }

    /// Lets time pass up to the next deadline, if it comes by then, and keeps it.
    fn keep_deadline(&mut self, until: Instant) {
        let Some(deadline) = self.deadline.filter(|deadline| deadline.at <= until) else {
            return;
        };
        self.pass(deadline.at);
        self.at_this_instant += 1;
        assert!(
            self.at_this_instant < DEADLINES_OF_AN_INSTANT,
            "{} comes for ever",
            deadline.reason
        );
        self.input(Input::Deadline);
    }

    fn pass(&mut self, until: Instant) {
        if until > self.now && until != Instant::NEVER {
            self.now = until;
            self.at_this_instant = 0;
        }
    }

    /// Octets come in on a connection that is open, is over, or was never there.
    fn octets(&mut self, connection: ConnectionId, octets: &[u8]) {
        if self.tcp(connection) != Some(Tcp::Opening) && !octets.is_empty() {
            self.tell(|| Happening::Octets(connection, octets.to_vec()));
            self.input(Input::Octets { connection, octets });
        }
    }

    fn accept(&mut self, peer: Ipv4Addr) {
        self.accepted += 2;
        let connection = ConnectionId(self.accepted);
        self.wires.push(Wire {
            id: connection,
            peer,
            tcp: Tcp::Open,
        });
        self.tell(|| Happening::Accepted(connection, peer));
        self.input(Input::Opened { connection, peer });
    }

    fn opened(&mut self, which: u8) {
        let mut opening: Vec<&mut Wire> = self
            .wires
            .iter_mut()
            .filter(|wire| wire.tcp == Tcp::Opening)
            .collect();
        let count = opening.len();
        if let Some(wire) = opening.get_mut(usize::from(which) % count.max(1)) {
            wire.tcp = Tcp::Open;
            let (connection, peer) = (wire.id, wire.peer);
            self.tell(|| Happening::Opened(connection));
            self.input(Input::Opened { connection, peer });
        }
    }

    /// The other end, or the network, ends a connection. A FIN needs one that is open.
    fn end(&mut self, which: u8, reset: bool) {
        let connection = self.connection(which);
        if reset {
            self.set_tcp(connection, Tcp::Over);
            self.tell(|| Happening::Reset(connection));
            self.input(Input::Reset { connection });
        } else if self.tcp(connection) != Some(Tcp::Opening) {
            self.tell(|| Happening::Closed(connection));
            self.input(Input::Closed { connection });
        }
    }

    fn datagram(&mut self, from: Ipv4Addr, octets: Vec<u8>) {
        self.tell(|| Happening::Datagram(from, octets.clone()));
        self.endpoint.handle(
            self.now,
            Input::Datagram {
                from,
                octets: &octets,
            },
        );
        self.laws.received.push((from, octets));
        self.drain();
    }

    fn send_data(&mut self, which: u8, packets: u8, length: usize) {
        let call = self.call(which).call;
        self.tell(|| Happening::SendData(call, packets, length));
        for _ in 0..packets {
            self.counter += 1;
            let mut payload = Vec::new();
            test_frame(self.counter, length, &mut payload);
            let outcome = self.endpoint.send_data(self.now, call, &payload);
            self.laws.offered(call, &payload, outcome);
            self.drain();
        }
    }

    /// A packet for the call as its peer could send it.
    fn packet(
        &self,
        view: &CallView,
        distance: u8,
        acknowledges: Option<u8>,
        length: u8,
    ) -> Vec<u8> {
        let (next, own_next) = self.numbers(view);
        let sequence_number = next.wrapping_add_signed(i32::from(distance as i8));
        let acknowledgment = acknowledges.map(|before| own_next.wrapping_sub(before.into()));
        let mut header = GreHeader::data(
            view.call.call_id,
            sequence_number,
            acknowledgment,
            length.into(),
        );
        if length == 0 {
            header = GreHeader::acknowledgment_only(view.call.call_id, acknowledgment.unwrap_or(0));
        }
        let mut buffer = [0; GRE_MAXIMUM_HEADER_LENGTH];
        let header_length = header.encode(&mut buffer);
        let mut octets = buffer[..header_length].to_vec();
        test_frame(sequence_number.into(), length.into(), &mut octets);
        octets
    }

    /// The Sequence Numbers that the call's peer and the endpoint use next.
    fn numbers(&self, view: &CallView) -> (u32, u32) {
        let session = self.endpoint.session(view.call);
        let received = session.and_then(|session| session.highest_received);
        let next = received.map_or(0, |highest| highest.wrapping_add(1));
        (
            next,
            session.map_or(0, |session| session.next_sequence_number),
        )
    }

    fn tcp(&self, connection: ConnectionId) -> Option<Tcp> {
        self.wires
            .iter()
            .find(|wire| wire.id == connection)
            .map(|wire| wire.tcp)
    }

    fn set_tcp(&mut self, connection: ConnectionId, tcp: Tcp) {
        for wire in self.wires.iter_mut().filter(|wire| wire.id == connection) {
            wire.tcp = tcp;
        }
    }

    /// The connection of this number.
    fn connection(&self, which: u8) -> ConnectionId {
        if which == NONE || self.wires.is_empty() {
            return ConnectionId(u32::MAX - 1);
        }
        self.wires[usize::from(which) % self.wires.len()].id
    }

    /// The call of this number, or one that there is not.
    fn call(&self, which: u8) -> CallView {
        let count = self.endpoint.calls().count();
        let none = CallView {
            call: CallRef {
                connection: self.connection(0),
                call_id: CallId(which.into()),
            },
            peer: PEERS[0],
            peer_call_id: None,
            machine: crate::Machine::PnsOutgoing,
            state: "idle",
            call_serial_number: 0,
            physical_channel_id: 0,
            send_accm: 0,
            receive_accm: 0,
            wan_errors: WanErrors::default(),
        };
        if which == NONE || count == 0 {
            return none;
        }
        self.endpoint
            .calls()
            .nth(usize::from(which) % count)
            .unwrap_or(none)
    }
}

fn peer_of(number: u8) -> Ipv4Addr {
    PEERS[usize::from(number) % PEERS.len()]
}
