//! A node on strings: it does and claims what the test says, right or wrong.

use super::{PAC, PNS, pair, run_to};
use core::net::Ipv4Addr;
use pptp_wire::time::Instant;
use pptp_wire::{CallId, GRE_MAXIMUM_HEADER_LENGTH, GreHeader};
use pptp_world::link::LinkConfig;
use pptp_world::{
    CallRef, Cause, Command, ConnectionId, Event, Input, Node, NodeId, Output, Query, Unit, Value,
    World, WorldConfig,
};
use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

/// What a puppet is to do.
#[derive(Clone, Debug)]
pub enum Act {
    Connect(ConnectionId, Ipv4Addr),
    Send(ConnectionId, Vec<u8>),
    Close(ConnectionId),
    Datagram(Ipv4Addr, Vec<u8>),
    Data(CallRef, u32, Vec<u8>),
    CallEnded(CallRef),
    TimeOut(CallRef, u32),
}

/// The strings.
#[derive(Debug, Default)]
pub struct Strings {
    pub acts: VecDeque<Act>,
    pub window: Option<u64>,
    pub calls: u64,
    /// Never stops to send the last act again.
    pub endless: bool,
    lent: Option<Act>,
}

#[derive(Debug, Default)]
pub struct Puppet {
    strings: Rc<RefCell<Strings>>,
    lent: Option<Act>,
}

impl Node for Puppet {
    fn handle(&mut self, _now: Instant, _input: Input<'_>) {}

    fn poll(&mut self, _now: Instant) -> Output<'_> {
        let strings = &mut *self.strings.borrow_mut();
        let next = strings.acts.pop_front();
        if strings.endless && next.is_some() {
            strings.lent = next.clone();
        }
        self.lent = next.or_else(|| strings.lent.clone());
        let cause = Cause::ANSWER;
        match &self.lent {
            None => Output::Deadline(None),
            Some(Act::Connect(connection, to)) => Output::Connect {
                connection: *connection,
                to: *to,
            },
            Some(Act::Send(connection, octets)) => Output::Send {
                connection: *connection,
                octets,
                unit: Unit::Stream,
                cause,
            },
            Some(Act::Close(connection)) => Output::Close {
                connection: *connection,
                cause,
            },
            Some(Act::Datagram(to, octets)) => Output::Datagram {
                from: None,
                to: *to,
                octets,
                cause,
            },
            Some(Act::Data(call, sequence_number, payload)) => Output::Event(Event::Data {
                call: *call,
                sequence_number: *sequence_number,
                payload,
            }),
            Some(Act::CallEnded(call)) => Output::Event(Event::CallEnded {
                call: *call,
                unsent: 0,
            }),
            Some(Act::TimeOut(call, of)) => Output::Event(Event::TimeOut {
                call: *call,
                of: *of,
            }),
        }
    }

    fn query(&self, query: &Query) -> Option<Value> {
        let strings = self.strings.borrow();
        match query {
            Query::Window(_) => strings.window.map(Value::Number),
            Query::Calls => Some(Value::Number(strings.calls)),
            _ => None,
        }
    }
}

/// A PNS and a PAC on strings.
pub struct Theatre {
    pub world: World,
    pub nodes: [NodeId; 2],
    strings: [Rc<RefCell<Strings>>; 2],
}

pub const ADDRESSES: [Ipv4Addr; 2] = [PNS, PAC];

impl Theatre {
    pub fn new(config: WorldConfig, link: &LinkConfig) -> Theatre {
        let puppets = [Puppet::default(), Puppet::default()];
        let strings = [0, 1].map(|side| Rc::clone(&puppets[side].strings));
        let [pns, pac] = puppets;
        let (world, pns, pac, _) = pair(config, link, Box::new(pns), Box::new(pac));
        Theatre {
            world,
            nodes: [pns, pac],
            strings,
        }
    }

    pub fn strings(&self, side: usize) -> std::cell::RefMut<'_, Strings> {
        self.strings[side].borrow_mut()
    }

    /// One end (0: PNS, 1: PAC) does something; then time passes until it has arrived.
    pub fn play(&mut self, side: usize, acts: impl IntoIterator<Item = Act>) {
        self.strings(side).acts.extend(acts);
        // A puppet takes no command, but is asked what it wants after it.
        let poke = Command::OpenTcp {
            to: ADDRESSES[side],
        };
        self.world.command(self.nodes[side], &poke).unwrap_err();
        let until = Instant(self.world.now().0 + 1_000_000);
        run_to(&mut self.world, until);
    }

    /// One end sends a control message on the first connection.
    pub fn say(&mut self, side: usize, message: impl Into<pptp_wire::ControlMessage>) {
        let connection = ConnectionId(side as u32 + 1);
        self.play(side, [Act::Send(connection, super::octets(message))]);
    }

    /// One end sends data.
    pub fn data(
        &mut self,
        side: usize,
        call_id: u16,
        sequence_number: u32,
        acknowledgment: Option<u32>,
        payload: &[u8],
    ) {
        let octets = datagram(call_id, sequence_number, acknowledgment, payload);
        self.play(side, [Act::Datagram(ADDRESSES[1 - side], octets)]);
    }
}

pub fn datagram(
    call_id: u16,
    sequence_number: u32,
    acknowledgment: Option<u32>,
    payload: &[u8],
) -> Vec<u8> {
    let header = GreHeader::data(
        CallId(call_id),
        sequence_number,
        acknowledgment,
        payload.len() as u16,
    );
    let mut octets = [0; GRE_MAXIMUM_HEADER_LENGTH];
    let length = header.encode(&mut octets);
    [&octets[..length], payload].concat()
}

pub fn acknowledgment(call_id: u16, number: u32) -> Vec<u8> {
    let mut octets = [0; GRE_MAXIMUM_HEADER_LENGTH];
    let length = GreHeader::acknowledgment_only(CallId(call_id), number).encode(&mut octets);
    octets[..length].to_vec()
}
