//! A network of two ends for tests: endpoints, or an endpoint and a script that sends what it likes. Every control message takes
//! `delay`, every GRE packet too.

#![allow(dead_code)]

mod ask;
mod script;

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use pptp_proto::{
    CallRef, Cause, Command, CommandError, Config, ConnectionId, DataOutcome, Endpoint, Event,
    Input, Outcome, Output, Role, Transition,
};
use pptp_wire::time::{Duration, Instant};
use pptp_wire::{
    ControlMessage, ControlMessageType, Framer, GrePacket, MAXIMUM_LENGTH, Requirement,
};

/// The PNS of most tests, and its side.
pub const PNS: usize = 0;
/// The PAC of most tests, and its side.
pub const PAC: usize = 1;
pub const PNS_ADDRESS: Ipv4Addr = Ipv4Addr::new(10, 0, 0, 1);
pub const PAC_ADDRESS: Ipv4Addr = Ipv4Addr::new(10, 0, 0, 2);
pub const DELAY: Duration = Duration::from_millis(25);

pub fn milliseconds(count: u64) -> Duration {
    Duration::from_millis(count)
}

pub fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

pub fn pns() -> Config {
    Config::new(Role::Pns, PNS_ADDRESS)
}

pub fn pac() -> Config {
    Config::new(Role::Pac, PAC_ADDRESS)
}

/// What a side put on the wire.
#[derive(Clone, Debug, PartialEq)]
pub enum Sent {
    Open,
    Message(ControlMessage),
    Octets(Vec<u8>),
    Close(String),
    Reset,
    Data {
        sequence_number: Option<u32>,
        acknowledgment_number: Option<u32>,
        length: usize,
    },
}

/// One line of the log: when, from which side, on which connection, what, and the mark of its cause.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    pub at: Instant,
    pub from: usize,
    pub connection: usize,
    pub sent: Sent,
    pub mark: String,
}

/// A transition that was told.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    pub side: usize,
    pub transition: Transition,
    pub from: &'static str,
    pub to: &'static str,
}

enum Delivery {
    Opened(usize),
    Octets(usize, Vec<u8>),
    Closed(usize),
    Reset(usize),
    Datagram(Ipv4Addr, Vec<u8>),
}

struct Link {
    ids: [ConnectionId; 2],
    closed: [bool; 2],
    framer: Framer,
    received: Vec<ControlMessage>,
}

/// Two sides and what is on its way between them.
pub struct Net {
    pub now: Instant,
    pub delay: Duration,
    ends: [Option<Endpoint>; 2],
    addresses: [Ipv4Addr; 2],
    links: Vec<Link>,
    queue: BTreeMap<(Instant, u64), (usize, Delivery)>,
    order: u64,
    deadlines: [Option<Instant>; 2],
    pub log: Vec<Line>,
    pub steps: Vec<Step>,
    pub violations: Vec<(usize, Requirement)>,
    pub data: Vec<(usize, CallRef, u32, Vec<u8>)>,
    pub events: Vec<(usize, String)>,
    /// Datagrams that reached the script.
    pub datagrams: Vec<Vec<u8>>,
}

impl Net {
    /// Two endpoints.
    pub fn pair(first: Config, second: Config) -> Net {
        let addresses = [first.address, second.address];
        Net::new(
            [Some(Endpoint::new(first)), Some(Endpoint::new(second))],
            addresses,
        )
    }

    /// An endpoint on side 0 and a script on side 1.
    pub fn scripted(config: Config) -> Net {
        let script = if config.address == PAC_ADDRESS {
            PNS_ADDRESS
        } else {
            PAC_ADDRESS
        };
        let addresses = [config.address, script];
        Net::new([Some(Endpoint::new(config)), None], addresses)
    }

    fn new(ends: [Option<Endpoint>; 2], addresses: [Ipv4Addr; 2]) -> Net {
        Net {
            now: Instant::START,
            delay: DELAY,
            ends,
            addresses,
            links: Vec::new(),
            queue: BTreeMap::new(),
            order: 0,
            deadlines: [None; 2],
            log: Vec::new(),
            steps: Vec::new(),
            violations: Vec::new(),
            data: Vec::new(),
            events: Vec::new(),
            datagrams: Vec::new(),
        }
    }

    pub fn end(&self, side: usize) -> &Endpoint {
        self.ends[side].as_ref().expect("an endpoint")
    }

    pub fn try_command(&mut self, side: usize, command: &Command) -> Result<Outcome, CommandError> {
        let now = self.now;
        let outcome = self.ends[side]
            .as_mut()
            .expect("an endpoint")
            .command(now, command);
        self.drain(side);
        outcome
    }

    pub fn command(&mut self, side: usize, command: &Command) -> Outcome {
        self.try_command(side, command)
            .unwrap_or_else(|error| panic!("{command:?}: {error}"))
    }

    pub fn send_data(
        &mut self,
        side: usize,
        call: CallRef,
        payload: &[u8],
    ) -> Result<DataOutcome, CommandError> {
        let now = self.now;
        let outcome = self.ends[side]
            .as_mut()
            .expect("an endpoint")
            .send_data(now, call, payload);
        self.drain(side);
        outcome
    }

    /// Opens a control connection from `side` and waits until both ends have it established.
    pub fn establish(&mut self, side: usize) -> usize {
        let to = self.addresses[1 - side];
        self.command(side, &Command::OpenControl { to });
        self.run(self.delay * 4);
        self.links.len() - 1
    }

    /// PNS: a call from the first message to established, if the PAC answers at once.
    pub fn place_call(&mut self) -> CallRef {
        let command = Command::PlaceCall {
            connection: None,
            options: Default::default(),
        };
        let Outcome::Call(call) = self.command(PNS, &command) else {
            panic!("a call")
        };
        call
    }

    pub fn ring(&mut self, side: usize) -> CallRef {
        let command = Command::Ring {
            connection: None,
            options: Default::default(),
        };
        let Outcome::Call(call) = self.command(side, &command) else {
            panic!("a call")
        };
        call
    }

    /// The only call of a side.
    pub fn call_of(&self, side: usize) -> CallRef {
        let mut calls = self.end(side).calls();
        let call = calls.next().expect("a call").call;
        assert!(calls.next().is_none(), "more than one call");
        call
    }

    /// Lets time pass.
    pub fn run(&mut self, span: Duration) {
        let until = self.now + span;
        while let Some(at) = self.next_event().filter(|&at| at <= until) {
            self.now = self.now.max(at);
            let due = self
                .queue
                .first_key_value()
                .map(|(key, _)| *key)
                .filter(|key| key.0 <= self.now);
            if let Some(key) = due {
                let (side, delivery) = self.queue.remove(&key).expect("just seen");
                self.deliver(side, delivery);
                continue;
            }
            for side in 0..2 {
                if self.deadlines[side].is_some_and(|deadline| deadline <= self.now) {
                    self.handle(side, Input::Deadline);
                }
            }
        }
        self.now = until;
    }

    fn next_event(&self) -> Option<Instant> {
        let delivery = self.queue.first_key_value().map(|(key, _)| key.0);
        delivery
            .into_iter()
            .chain(self.deadlines.iter().flatten().copied())
            .min()
    }

    fn handle(&mut self, side: usize, input: Input<'_>) {
        let now = self.now;
        if let Some(end) = self.ends[side].as_mut() {
            end.handle(now, input);
        }
        self.drain(side);
    }

    fn deliver(&mut self, side: usize, delivery: Delivery) {
        match delivery {
            Delivery::Opened(link) => {
                let (connection, peer) = (self.links[link].ids[side], self.addresses[1 - side]);
                self.handle(side, Input::Opened { connection, peer });
            }
            Delivery::Octets(link, octets) => {
                if self.ends[side].is_none() {
                    let link = &mut self.links[link];
                    let mut rest = &octets[..];
                    while let Some(frame) = link.framer.push(&mut rest) {
                        let octets = frame.expect("endpoints keep step").octets;
                        link.received
                            .push(ControlMessage::decode(octets).expect("endpoints send messages"));
                    }
                }
                let connection = self.links[link].ids[side];
                self.handle(
                    side,
                    Input::Octets {
                        connection,
                        octets: &octets,
                    },
                );
            }
            Delivery::Closed(link) => {
                let connection = self.links[link].ids[side];
                self.handle(side, Input::Closed { connection });
            }
            Delivery::Reset(link) => {
                let connection = self.links[link].ids[side];
                self.handle(side, Input::Reset { connection });
            }
            Delivery::Datagram(from, octets) => {
                if self.ends[side].is_none() {
                    self.datagrams.push(octets.clone());
                }
                self.handle(
                    side,
                    Input::Datagram {
                        from,
                        octets: &octets,
                    },
                );
            }
        }
    }

    fn drain(&mut self, side: usize) {
        let Some(mut end) = self.ends[side].take() else {
            return;
        };
        loop {
            let output = end.poll();
            if let Output::Deadline(deadline) = output {
                self.deadlines[side] = deadline.map(|deadline| deadline.at);
                break;
            }
            self.take(side, output);
        }
        self.ends[side] = Some(end);
    }

    fn take(&mut self, side: usize, output: Output<'_>) {
        match output {
            Output::Connect { connection, .. } => self.connect(side, connection),
            Output::Send {
                connection,
                octets,
                cause,
            } => {
                let link = self.link_of(side, connection);
                let sent = match ControlMessage::decode(octets) {
                    Ok(message) => Sent::Message(message),
                    Err(_) => Sent::Octets(octets.to_vec()),
                };
                self.note(side, link, sent, cause);
                self.post(
                    1 - side,
                    self.delay,
                    Delivery::Octets(link, octets.to_vec()),
                );
            }
            Output::Close { connection, cause } => {
                let link = self.link_of(side, connection);
                self.links[link].closed[side] = true;
                self.note(side, link, Sent::Close(cause.to_string()), cause);
                self.post(1 - side, self.delay, Delivery::Closed(link));
            }
            Output::Reset { connection, cause } => {
                let link = self.link_of(side, connection);
                self.links[link].closed = [true; 2];
                self.note(side, link, Sent::Reset, cause);
                self.post(1 - side, self.delay, Delivery::Reset(link));
            }
            Output::Datagram { to, octets, cause } => {
                assert_eq!(to, self.addresses[1 - side]);
                let header = GrePacket::decode(octets)
                    .expect("endpoints send packets")
                    .header;
                let sent = Sent::Data {
                    sequence_number: header.sequence_number,
                    acknowledgment_number: header.acknowledgment_number,
                    length: usize::from(header.payload_length),
                };
                self.note(side, usize::MAX, sent, cause);
                self.post(
                    1 - side,
                    self.delay,
                    Delivery::Datagram(self.addresses[side], octets.to_vec()),
                );
            }
            Output::Event(event) => self.observe(side, event),
            Output::Deadline(_) => {}
        }
    }

    fn observe(&mut self, side: usize, event: Event<'_>) {
        self.events.push((side, format!("{event:?}")));
        match event {
            Event::Transition {
                transition,
                from,
                to,
                ..
            } => {
                self.steps.push(Step {
                    side,
                    transition,
                    from,
                    to,
                });
            }
            Event::Violation { requirement, .. } => self.violations.push((side, requirement)),
            Event::Data {
                call,
                sequence_number,
                payload,
            } => {
                self.data
                    .push((side, call, sequence_number, payload.to_vec()));
            }
            _ => {}
        }
    }

    fn connect(&mut self, side: usize, connection: ConnectionId) {
        let link = self.links.len();
        let mut ids = [ConnectionId(link as u32 * 2 + 2); 2];
        ids[side] = connection;
        self.links.push(Link {
            ids,
            closed: [false; 2],
            framer: Framer::default(),
            received: Vec::new(),
        });
        self.note(side, link, Sent::Open, Cause::Answer);
        self.post(side, self.delay * 2, Delivery::Opened(link));
        self.post(1 - side, self.delay * 3, Delivery::Opened(link));
    }

    fn note(&mut self, from: usize, connection: usize, sent: Sent, cause: Cause) {
        self.log.push(Line {
            at: self.now,
            from,
            connection,
            sent,
            mark: cause.to_string(),
        });
    }

    fn post(&mut self, side: usize, delay: Duration, delivery: Delivery) {
        self.order += 1;
        self.queue
            .insert((self.now + delay, self.order), (side, delivery));
    }

    fn link_of(&self, side: usize, connection: ConnectionId) -> usize {
        let found = self
            .links
            .iter()
            .rposition(|link| link.ids[side] == connection);
        found.expect("a connection that was opened")
    }

    /// A new log.
    pub fn forget(&mut self) {
        self.log.clear();
        self.steps.clear();
        self.violations.clear();
        self.events.clear();
        self.data.clear();
    }
}

/// The body of a message, of the type that the test expects.
#[macro_export]
macro_rules! body {
    ($message:expr, $body:ident) => {
        match $message.body {
            pptp_wire::Body::$body(body) => body,
            ref other => panic!("expected {}, found {other:?}", stringify!($body)),
        }
    };
}
