//! A network of two ends for tests: endpoints, or an endpoint and a script that sends what it likes. Every control message takes
//! `delay`, every GRE packet too.

#![allow(dead_code)]

mod ask;
pub mod bug_flows;
pub mod flows;
pub mod odd_flows;
mod script;
mod transport;

#[allow(unused_imports)]
pub use script::{at_pac, at_pns};

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use pptp_proto::{
    CallRef, Command, CommandError, Config, ConnectionId, DataOutcome, Endpoint, Input, Outcome,
    Role, Transition,
};
use pptp_wire::time::{Duration, Instant};
use pptp_wire::{ControlMessage, ControlMessageType, Framer, MAXIMUM_LENGTH, Requirement};

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
