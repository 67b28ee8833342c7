//! Tests of the session as a whole.

mod deviations;
mod examples;
mod flow;
mod headers;
mod order;
mod pair;
mod properties;

use pptp_wire::time::Instant;
use pptp_wire::{CallId, GrePacket, Requirement};

use super::*;

/// What a session put out, in order.
#[derive(Clone, Debug, Eq, PartialEq)]
enum Put {
    /// Octets on the wire, with the mark of the cause.
    Packet(Vec<u8>, String),
    Delivered(u32, Vec<u8>),
    Dropped(&'static str, Option<u32>),
    Violation(Requirement),
    WindowFull(u32),
    TimedOut(u32),
}

#[derive(Default)]
struct Recorder(Vec<Put>);

impl Sink for Recorder {
    fn packet(&mut self, header: &pptp_wire::GreHeader, payload: &[u8], cause: Cause) {
        let mut octets = [0; pptp_wire::GRE_MAXIMUM_HEADER_LENGTH];
        let length = header.encode(&mut octets);
        let octets = [&octets[..length], payload].concat();
        self.0.push(Put::Packet(octets, cause.to_string()));
    }
    fn deliver(&mut self, sequence_number: u32, payload: &[u8]) {
        self.0
            .push(Put::Delivered(sequence_number, payload.to_vec()));
    }
    fn dropped(&mut self, reason: DropReason, sequence_number: Option<u32>) {
        self.0.push(Put::Dropped(reason.key(), sequence_number));
    }
    fn violation(&mut self, requirement: Requirement) {
        self.0.push(Put::Violation(requirement));
    }
    fn window_full(&mut self, window: u32) {
        self.0.push(Put::WindowFull(window));
    }
    fn timed_out(&mut self, of: u32) {
        self.0.push(Put::TimedOut(of));
    }
}

const OWN: CallId = CallId(0x1234);
const PEER: CallId = CallId(0x4321);

fn config(peer_window: u16) -> SessionConfig {
    SessionConfig {
        own_call_id: OWN,
        peer_call_id: PEER,
        peer_window,
        peer_packet_processing_delay: 0,
        own_window: 16,
        transmit_buffer_packets: 64,
        receive_buffer_packets: 64,
    }
}

/// One session, driven by hand.
struct Bench {
    session: Session,
    now: Instant,
}

impl Bench {
    fn new(profile: &Profile, deviations: Deviations) -> Bench {
        Bench {
            session: Session::new(config(16), profile, deviations),
            now: Instant::START,
        }
    }

    fn rfc() -> Bench {
        Bench::new(&Profile::RFC, Deviations::NONE)
    }

    fn deviating(id: DeviationId) -> Bench {
        Bench::new(&Profile::RFC, Deviations::only(id))
    }

    fn send(&mut self, payload: &[u8]) -> Vec<Put> {
        let mut out = Recorder::default();
        self.session.send(self.now, payload, &mut out);
        out.0
    }

    /// Sends `count` payloads and returns the headers of what went out.
    fn send_many(&mut self, count: u32) -> Vec<pptp_wire::GreHeader> {
        (0..count)
            .flat_map(|_| headers(&self.send(b"ppp")))
            .collect()
    }

    fn receive(&mut self, octets: &[u8]) -> Vec<Put> {
        let mut out = Recorder::default();
        self.session
            .receive(self.now, &GrePacket::decode(octets).unwrap(), &mut out);
        out.0
    }

    /// Lets time go on to the next deadline and returns what happens then.
    fn wait(&mut self) -> Vec<Put> {
        let mut out = Recorder::default();
        if let Some(deadline) = self.session.deadline() {
            self.now = deadline.at;
            self.session.on_deadline(self.now, &mut out);
        }
        out.0
    }
}

/// A data packet to the session of a [`Bench`].
fn data(number: u32, acknowledgment: Option<u32>, payload: &[u8]) -> Vec<u8> {
    packet(
        pptp_wire::GreHeader::data(OWN, number, acknowledgment, payload.len() as u16),
        payload,
    )
}

/// An acknowledgment to the session of a [`Bench`].
fn acknowledgment(number: u32) -> Vec<u8> {
    packet(pptp_wire::GreHeader::acknowledgment_only(OWN, number), &[])
}

fn packet(header: pptp_wire::GreHeader, payload: &[u8]) -> Vec<u8> {
    let mut octets = [0; pptp_wire::GRE_MAXIMUM_HEADER_LENGTH];
    let length = header.encode(&mut octets);
    [&octets[..length], payload].concat()
}

fn headers(put: &[Put]) -> Vec<pptp_wire::GreHeader> {
    put.iter()
        .filter_map(|one| match one {
            Put::Packet(octets, _) => Some(GrePacket::decode(octets).unwrap().header),
            _ => None,
        })
        .collect()
}

fn numbers(put: &[Put]) -> Vec<u32> {
    headers(put)
        .iter()
        .filter_map(|header| header.sequence_number)
        .collect()
}

fn acknowledged(put: &[Put]) -> Vec<u32> {
    headers(put)
        .iter()
        .filter_map(|header| header.acknowledgment_number)
        .collect()
}

fn delivered(put: &[Put]) -> Vec<u32> {
    put.iter()
        .filter_map(|one| match one {
            Put::Delivered(number, _) => Some(*number),
            _ => None,
        })
        .collect()
}

fn dropped(put: &[Put]) -> Vec<&'static str> {
    put.iter()
        .filter_map(|one| match one {
            Put::Dropped(reason, _) => Some(*reason),
            _ => None,
        })
        .collect()
}
