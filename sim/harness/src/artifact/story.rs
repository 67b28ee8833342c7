//! What happened to an endpoint, line by line.

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;

use pptp_proto::fuzzing::{Happening, Traced};
use pptp_proto::{CallRef, Command, ConnectionId};
use pptp_wire::time::Instant;
use pptp_wire::{ControlMessage, FieldValue, GreHeader, GrePacket, Header, fields};

/// The names of the peers of plans, and their addresses here: the third one's would be the endpoint's own.
pub(super) const PEER_NAMES: [(&str, &str); 4] = [
    ("peer1", "10.0.0.1"),
    ("peer2", "10.0.0.3"),
    ("peer3", "10.0.0.4"),
    ("peer4", "192.0.2.1"),
];

/// Their addresses in plans.
const PEERS: [Ipv4Addr; 4] = [
    Ipv4Addr::new(10, 0, 0, 1),
    Ipv4Addr::new(10, 0, 0, 3),
    Ipv4Addr::new(10, 0, 0, 2),
    Ipv4Addr::new(192, 0, 2, 1),
];

/// How messages and packets are written.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub(super) enum Style {
    /// Field by field where they decode.
    Fields,
    /// Octet by octet.
    Octets,
}

/// Lines in the making.
pub(super) struct Story {
    own: &'static str,
    style: Style,
    now: Instant,
    lines: Vec<String>,
    peers: BTreeSet<usize>,
    /// Connections by the endpoint's names: the scenario's name, the peer, and whether it is open.
    connections: BTreeMap<ConnectionId, (String, usize, bool)>,
    /// Calls by connection and the endpoint's Call ID, and by connection and the peer's.
    own_calls: BTreeMap<(ConnectionId, u16), String>,
    peer_calls: BTreeMap<(ConnectionId, u16), String>,
    /// A call that the endpoint's user has asked for, and the endpoint has not yet.
    asked: Option<String>,
    calls: usize,
}

impl Story {
    pub(super) fn new(own: &'static str, style: Style) -> Story {
        Story {
            own,
            style,
            now: Instant::START,
            lines: Vec::new(),
            peers: BTreeSet::new(),
            connections: BTreeMap::new(),
            own_calls: BTreeMap::new(),
            peer_calls: BTreeMap::new(),
            asked: None,
            calls: 0,
        }
    }

    /// The peers that something happened with; one where there was nothing at all.
    pub(super) fn peers(&self) -> Vec<usize> {
        match self.peers.is_empty() {
            true => vec![0],
            false => self.peers.iter().copied().collect(),
        }
    }

    pub(super) fn lines(&self) -> &[String] {
        &self.lines
    }

    /// Writes what happened.
    pub(super) fn take(&mut self, traced: &Traced) {
        let quiet = matches!(traced.happening, Happening::Sent(..) | Happening::Ended(_));
        if traced.at > self.now && !quiet {
            let span = traced.at.since(self.now);
            self.now = traced.at;
            self.say(format!("wait for=\"{span}\""));
        }
        let own = self.own;
        match &traced.happening {
            Happening::Accepted(connection, peer) => {
                let (name, peer) = self.connection(*connection, *peer, true);
                let peer = PEER_NAMES[peer].0;
                self.say(format!("{peer} -> {own} TCP-Open connection={name}"));
            }
            Happening::Connects(connection, to) => {
                // Its line is that of the command.
                self.connection(*connection, *to, false);
            }
            Happening::Opened(connection) => {
                if let Some((name, _, is_open)) = self.connections.get_mut(connection) {
                    *is_open = true;
                    let note =
                        format!("// {name} is open from here on; a scenario opens it at once");
                    self.say(note);
                }
            }
            Happening::Octets(connection, octets) => self.octets(*connection, octets),
            Happening::Closed(connection) => self.end(*connection, "TCP-Close"),
            Happening::Reset(connection) => self.end(*connection, "TCP-Reset"),
            Happening::Ended(connection) => {
                if let Some((_, _, is_open)) = self.connections.get_mut(connection) {
                    *is_open = false;
                }
            }
            Happening::Datagram(from, octets) => self.datagram(*from, octets),
            Happening::Command(command) => self.command(command),
            Happening::SendData(call, packets, length) => {
                if *packets > 0 {
                    let what = format!("packets={packets} bytes={}", (*length).max(1));
                    self.of_call("send-data", *call, &what);
                }
            }
            Happening::Sent(connection, octets) => self.sent(*connection, octets),
        }
    }

    fn say(&mut self, line: String) {
        self.lines.push(line);
    }

    fn connection(&mut self, id: ConnectionId, peer: Ipv4Addr, open: bool) -> (String, usize) {
        let peer = PEERS.iter().position(|known| *known == peer).unwrap_or(3);
        self.peers.insert(peer);
        let name = format!("k{}", self.connections.len() + 1);
        self.connections.insert(id, (name.clone(), peer, open));
        (name, peer)
    }

    fn end(&mut self, connection: ConnectionId, how: &str) {
        let own = self.own;
        let Some((name, peer, is_open)) = self.connections.get_mut(&connection) else {
            return;
        };
        let line = format!("{} -> {own} {how} connection={name}", PEER_NAMES[*peer].0);
        match core::mem::replace(is_open, false) {
            true => self.say(line),
            false => self.say(format!("// {line}: it is not open")),
        }
    }

    fn octets(&mut self, connection: ConnectionId, octets: &[u8]) {
        let Some((name, peer, is_open)) = self.connections.get(&connection).cloned() else {
            return;
        };
        let ends = format!("{} -> {}", PEER_NAMES[peer].0, self.own);
        let message = ControlMessage::decode(octets).ok();
        let line = match message.filter(|_| self.style == Style::Fields) {
            Some(message) => self.message(connection, &name, &ends, &message),
            None => None,
        };
        let line = line.unwrap_or_else(|| {
            let octets = digits(octets);
            format!("{ends} Unframed-Octets connection={name} octets=\"{octets}\"")
        });
        match is_open {
            true => self.say(line),
            false => self.say(format!("// {line}: it is not open")),
        }
    }

    /// A message with the fields that are not as usual; `None` where a line cannot say it.
    fn message(
        &mut self,
        connection: ConnectionId,
        name: &str,
        ends: &str,
        message: &ControlMessage,
    ) -> Option<String> {
        let message_type = message.message_type();
        if message.header != Header::for_type(message_type) {
            return None;
        }
        let usual = ControlMessage::default_for(message_type)?;
        let (mut one, mut other) = ([0; 256], [0; 256]);
        let octets = message.encode(array(&mut one));
        let usual = usual.encode(array(&mut other));
        let mut line = format!("{ends} {} connection={name}", message_type.name()?);
        let (own, named) = call_ids(message, octets);
        let named = named.and_then(|id| self.own_calls.get(&(connection, id)).cloned());
        let known = own.and_then(|id| self.peer_calls.get(&(connection, id)).cloned());
        let is_request = message_type.name()?.ends_with("-Call-Request");
        let call = match (named.or(known), own) {
            (Some(call), _) if !is_request => Some(call),
            (_, Some(_)) if is_request => Some(self.new_call()),
            _ => None,
        };
        if let (Some(call), Some(own)) = (&call, own) {
            self.peer_calls.insert((connection, own), call.clone());
        }
        if let Some(call) = &call {
            line.push_str(&format!(" call={call}"));
        }
        for field in fields(message_type).iter().skip(5) {
            let is_call_id = ["call-id", "peer-call-id"].contains(&field.key);
            let value = field.read(octets)?;
            let differs = field.read(usual) != Some(value);
            if is_call_id && call.is_some() || !is_call_id && !differs {
                continue;
            }
            match value {
                FieldValue::Unsigned(number) => line.push_str(&format!(" {}={number}", field.key)),
                // As octets, whatever they spell.
                FieldValue::Octets(_) => return None,
            }
        }
        Some(line)
    }

    fn new_call(&mut self) -> String {
        self.calls += 1;
        format!("c{}", self.calls)
    }

    /// Which Call IDs the endpoint gives to which calls.
    fn sent(&mut self, connection: ConnectionId, octets: &[u8]) {
        let Ok(message) = ControlMessage::decode(octets) else {
            return;
        };
        let (own, named) = call_ids(&message, octets);
        let asked = message.message_type().name().unwrap_or("");
        let name = match named {
            Some(peer) => self.peer_calls.get(&(connection, peer)).cloned(),
            None if asked.ends_with("-Call-Request") => self.asked.take(),
            None => None,
        };
        if let (Some(name), Some(own)) = (name, own) {
            self.own_calls.entry((connection, own)).or_insert(name);
        }
    }

    fn datagram(&mut self, from: Ipv4Addr, octets: &[u8]) {
        let peer = PEERS.iter().position(|known| *known == from).unwrap_or(3);
        self.peers.insert(peer);
        let head = format!("{} -> {} GRE", PEER_NAMES[peer].0, self.own);
        let plain = GrePacket::decode(octets).ok().filter(is_plain);
        let words = match plain.filter(|_| self.style == Style::Fields) {
            Some(packet) => self.packet(peer, &packet),
            None => format!(
                "call-id=0 acknowledgment-only=#true truncate=0{}",
                patch(octets)
            ),
        };
        self.say(format!("{head} {words}"));
    }

    fn packet(&self, peer: usize, packet: &GrePacket<'_>) -> String {
        let header = &packet.header;
        let of_peer = |connection: &ConnectionId| {
            let known = self.connections.get(connection);
            known.is_some_and(|known| known.1 == peer)
        };
        let call = self
            .own_calls
            .iter()
            .find(|((connection, id), _)| *id == header.call_id.0 && of_peer(connection));
        let mut words = match call {
            Some((_, name)) => format!("call={name}"),
            None => format!("call-id={}", header.call_id.0),
        };
        let numbers = [
            ("sequence-number", header.sequence_number),
            ("acknowledgment-number", header.acknowledgment_number),
        ];
        for (key, number) in numbers {
            if let Some(number) = number {
                words.push_str(&format!(" {key}={number}"));
            }
        }
        match (header.sequence_number, packet.payload) {
            (None, _) => words.push_str(" acknowledgment-only=#true"),
            (_, []) => words.push_str(" octets=0"),
            (_, payload) => words.push_str(&format!(" octets=\"{}\"", digits(payload))),
        }
        words
    }

    fn command(&mut self, command: &Command) {
        let on = |story: &Story, named: &Option<ConnectionId>| match named {
            None => Some(String::new()),
            Some(id) => {
                let known = story.connections.get(id)?;
                Some(format!(" connection={}", known.0))
            }
        };
        match command {
            Command::OpenControl { to } => {
                let peer = PEERS.iter().position(|known| known == to).unwrap_or(3);
                self.peers.insert(peer);
                // As the endpoint will number it, if it does.
                let name = format!("k{}", self.connections.len() + 1);
                let peer = PEER_NAMES[peer].0;
                self.act(&format!("open-control to={peer} connection={name}"));
            }
            Command::CloseControl { connection, reason } => {
                if let Some(on) = on(self, connection) {
                    self.act(&format!("close-control{on} reason={}", reason.0));
                }
            }
            Command::PlaceCall { connection, .. } | Command::Ring { connection, .. } => {
                let word = match command {
                    Command::Ring { .. } => "ring",
                    _ => "place-call",
                };
                if let Some(on) = on(self, connection) {
                    let call = self.new_call();
                    self.act(&format!("{word} call={call}{on}"));
                    self.asked = Some(call);
                }
            }
            Command::ClearCall { call } => self.of_call("clear-call", *call, ""),
            Command::DisconnectCall { call } => self.of_call("disconnect-call", *call, ""),
            Command::LoseCarrier { call } => self.of_call("lose-carrier", *call, ""),
            Command::SetLinkInfo {
                call,
                send_accm,
                receive_accm,
            } => {
                let maps = format!("send-accm={send_accm} receive-accm={receive_accm}");
                self.of_call("set-link-info", *call, &maps);
            }
            Command::CountWanErrors { call, counters } => {
                let count = counters.crc_errors;
                if count > 0 {
                    self.of_call(
                        "count-wan-errors",
                        *call,
                        &format!("crc-errors={count} alignment-errors={count}"),
                    );
                }
            }
        }
    }

    fn act(&mut self, what: &str) {
        self.say(format!("do {} {what} may-be-refused=#true", self.own));
    }

    fn of_call(&mut self, word: &str, call: CallRef, more: &str) {
        let known = self.own_calls.get(&(call.connection, call.call_id.0));
        let named = known.filter(|_| self.style == Style::Fields).cloned();
        match named {
            Some(name) => self.act(format!("{word} call={name} {more}").trim_end()),
            None => self.say(format!("// {word}: of a call that has no name here")),
        }
    }
}

/// As long an array as messages are encoded to.
fn array(buffer: &mut [u8; 256]) -> &mut [u8; pptp_wire::MAXIMUM_LENGTH] {
    buffer.first_chunk_mut().expect("messages are shorter")
}

/// The sender's own Call ID and the one that it names, where the message has them.
fn call_ids(message: &ControlMessage, octets: &[u8]) -> (Option<u16>, Option<u16>) {
    let read = |key| {
        let field = pptp_wire::field_by_key(message.message_type(), key)?;
        field.read_unsigned(octets).map(|id| id as u16)
    };
    (read("call-id"), read("peer-call-id"))
}

/// Whether a line that names the numbers sends these very flags, Protocol Type and Payload Length.
fn is_plain(packet: &GrePacket<'_>) -> bool {
    let header = &packet.header;
    let usual = match (header.sequence_number, header.acknowledgment_number) {
        (Some(number), acknowledgment) => GreHeader::data(
            header.call_id,
            number,
            acknowledgment,
            packet.payload.len() as u16,
        ),
        (None, acknowledgment) => {
            GreHeader::acknowledgment_only(header.call_id, acknowledgment.unwrap_or(0))
        }
    };
    let carries = header.sequence_number.is_some() || packet.payload.is_empty();
    *header == usual && carries
}

fn patch(octets: &[u8]) -> String {
    match octets {
        [] => String::new(),
        octets => format!(" patch=\"0:{}\"", digits(octets)),
    }
}

fn digits(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02x}")).collect()
}
