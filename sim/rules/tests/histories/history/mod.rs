//! Short histories of a PNS and a PAC: what each puts on the wire, when; the taps and the judging are done here.

mod messages;
mod outcome;

pub use messages::*;
pub use outcome::Outcome;

use pptp_rules::{
    Connection, End, EndDescription, Event, Judge, JudgeConfig, Observation, Origin, Place,
};
use pptp_wire::time::Instant;
use pptp_wire::*;

/// The PNS; it opens control connections unless said otherwise. 192.0.2.1.
pub const PNS: End = End(0);
/// The PAC. 192.0.2.2.
pub const PAC: End = End(1);
/// A bystander.
pub const OTHER: End = End(2);
/// The Call ID that the PNS gives to the call of the ready-made parts.
pub const PNS_ID: u16 = 17_233;
/// The Call ID that the PAC gives to it.
pub const PAC_ID: u16 = 40_961;
/// One way.
pub const DELAY: u64 = 20;

enum Owned {
    Opening(u32),
    Opened(u32),
    Control(u32, Vec<u8>, Option<FramingErrorKind>),
    Closed(u32),
    Reset(u32),
    Gre(Vec<u8>, Option<u16>),
}

struct Entry {
    at: Instant,
    place: Place,
    from: End,
    to: End,
    origin: Origin,
    event: Owned,
    number: u64,
}

/// A history under construction. Times are in milliseconds.
pub struct History {
    pub config: JudgeConfig,
    now: u64,
    entries: Vec<Entry>,
    sent: u64,
    connection: u32,
    openers: Vec<(u32, End, End)>,
    taps_on_path: bool,
    origin: Origin,
    scripted: Vec<End>,
    pns: Option<End>,
    crashes: Vec<(u64, End)>,
    intrusions: Vec<u64>,
    reaches: bool,
    addresses: [[u8; 4]; 3],
}

impl Default for History {
    fn default() -> Self {
        Self::new()
    }
}

impl History {
    pub fn new() -> Self {
        Self {
            config: JudgeConfig::default(),
            now: 0,
            entries: Vec::new(),
            sent: 0,
            connection: 0,
            openers: Vec::new(),
            taps_on_path: false,
            origin: Origin::Own,
            scripted: Vec::new(),
            pns: None,
            crashes: Vec::new(),
            intrusions: Vec::new(),
            reaches: true,
            addresses: [[192, 0, 2, 1], [192, 0, 2, 2], [192, 0, 2, 3]],
        }
    }

    /// As a capture shows it: one tap on the path.
    pub fn captured() -> Self {
        Self {
            taps_on_path: true,
            ..Self::new()
        }
    }

    pub fn addresses(&mut self, pns: [u8; 4], pac: [u8; 4]) -> &mut Self {
        self.addresses[0] = pns;
        self.addresses[1] = pac;
        self
    }

    pub fn script(&mut self, end: End) -> &mut Self {
        self.scripted.push(end);
        self
    }

    /// The feeder knows who is the PNS.
    pub fn described(&mut self, pns: End) -> &mut Self {
        self.pns = Some(pns);
        self
    }

    pub fn crash(&mut self, end: End) -> &mut Self {
        self.crashes.push((self.now, end));
        self
    }

    /// Others put octets into the connection of PNS and PAC.
    pub fn intrude(&mut self) -> &mut Self {
        self.intrusions.push(self.now);
        self
    }

    /// What follows is sent by nobody's will.
    pub fn foreign(&mut self) -> &mut Self {
        self.origin = Origin::Foreign;
        self
    }

    /// What follows is mixed up with octets of others.
    pub fn spoiled(&mut self) -> &mut Self {
        self.origin = Origin::Spoiled;
        self
    }

    pub fn own(&mut self) -> &mut Self {
        self.origin = Origin::Own;
        self
    }

    /// What follows is sent and never arrives.
    pub fn lose(&mut self) -> &mut Self {
        self.reaches = false;
        self
    }

    pub fn deliver(&mut self) -> &mut Self {
        self.reaches = true;
        self
    }

    pub fn wait(&mut self, milliseconds: u64) -> &mut Self {
        self.now += milliseconds;
        self
    }

    /// Time for what was sent to arrive.
    pub fn turn(&mut self) -> &mut Self {
        self.wait(DELAY)
    }

    /// What follows is on this connection.
    pub fn on(&mut self, connection: u32) -> &mut Self {
        self.connection = connection;
        self
    }

    fn peer(&self, end: End) -> End {
        self.openers
            .iter()
            .find(|&&(connection, ..)| connection == self.connection)
            .map_or(
                if end == PNS { PAC } else { PNS },
                |&(_, opener, acceptor)| {
                    if end == opener { acceptor } else { opener }
                },
            )
    }

    fn put(&mut self, from: End, to: End, event: impl Fn() -> Owned) {
        self.sent += 1;
        let number = self.sent;
        let places: &[(Place, u64)] = match (self.taps_on_path, self.reaches) {
            (true, _) => &[(Place::Passing, DELAY / 2)],
            (false, true) => &[(Place::Sent, 0), (Place::Arrived, DELAY)],
            (false, false) => &[(Place::Sent, 0)],
        };
        for &(place, late) in places {
            self.entries.push(Entry {
                at: Instant((self.now + late) * 1_000_000),
                place,
                from,
                to,
                origin: self.origin,
                event: event(),
                number,
            });
        }
    }

    /// Opens a connection: one round trip.
    pub fn open_between(&mut self, opener: End, acceptor: End) -> u32 {
        let connection = self.openers.len() as u32 + 1;
        self.openers.push((connection, opener, acceptor));
        self.connection = connection;
        self.put(opener, acceptor, || Owned::Opening(connection));
        self.wait(2 * DELAY);
        self.put(opener, acceptor, || Owned::Opened(connection));
        connection
    }

    pub fn open(&mut self, opener: End) -> u32 {
        let acceptor = if opener == PNS { PAC } else { PNS };
        self.open_between(opener, acceptor)
    }

    /// Both open a connection at the same time: that of the PNS, and that of the PAC.
    pub fn open_both(&mut self) -> (u32, u32) {
        let (first, start) = (self.open(PNS), self.now);
        self.now -= 2 * DELAY;
        let second = self.open(PAC);
        assert_eq!(self.now, start);
        (first, second)
    }

    /// Sends octets as they are.
    pub fn octets(
        &mut self,
        from: End,
        octets: &[u8],
        framing: Option<FramingErrorKind>,
    ) -> &mut Self {
        let (connection, to) = (self.connection, self.peer(from));
        self.put(from, to, || {
            Owned::Control(connection, octets.to_vec(), framing)
        });
        self
    }

    /// Sends a message and lets it arrive.
    pub fn say(&mut self, from: End, message: impl Into<ControlMessage>) -> &mut Self {
        self.send(from, message).turn()
    }

    /// Sends a message.
    pub fn send(&mut self, from: End, message: impl Into<ControlMessage>) -> &mut Self {
        let message = message.into();
        let mut buffer = [0; MAXIMUM_LENGTH];
        let octets = message.encode(&mut buffer).to_vec();
        self.octets(from, &octets, None)
    }

    pub fn close(&mut self, from: End) -> &mut Self {
        let (connection, to) = (self.connection, self.peer(from));
        self.put(from, to, || Owned::Closed(connection));
        self.turn()
    }

    pub fn reset(&mut self, from: End) -> &mut Self {
        let (connection, to) = (self.connection, self.peer(from));
        self.put(from, to, || Owned::Reset(connection));
        self.turn()
    }

    pub fn packet(
        &mut self,
        from: End,
        to: End,
        octets: &[u8],
        identification: Option<u16>,
    ) -> &mut Self {
        self.put(from, to, || Owned::Gre(octets.to_vec(), identification));
        self
    }

    /// Sends data to the peer's Call ID.
    pub fn data_to(
        &mut self,
        from: End,
        id: u16,
        number: u32,
        acknowledgment: Option<u32>,
    ) -> &mut Self {
        let octets = gre(GreHeader::data(CallId(id), number, acknowledgment, 40));
        let to = self.peer(from);
        self.packet(from, to, &octets, None)
    }

    pub fn data(&mut self, from: End, number: u32) -> &mut Self {
        self.data_to(from, id_of_peer(from), number, None)
    }

    pub fn data_with(&mut self, from: End, number: u32, acknowledgment: u32) -> &mut Self {
        self.data_to(from, id_of_peer(from), number, Some(acknowledgment))
    }

    /// Data with an IPv4 Identification.
    pub fn identified(&mut self, from: End, number: u32, identification: u16) -> &mut Self {
        let octets = gre(GreHeader::data(CallId(id_of_peer(from)), number, None, 40));
        let to = self.peer(from);
        self.packet(from, to, &octets, Some(identification))
    }

    pub fn acknowledge(&mut self, from: End, number: u32) -> &mut Self {
        let octets = gre(GreHeader::acknowledgment_only(
            CallId(id_of_peer(from)),
            number,
        ));
        let to = self.peer(from);
        self.packet(from, to, &octets, None)
    }

    /// A control connection, opened by the PNS.
    pub fn started(&mut self) -> &mut Self {
        self.started_by(PNS)
    }

    pub fn started_by(&mut self, opener: End) -> &mut Self {
        self.open(opener);
        let acceptor = self.peer(opener);
        self.say(opener, request_from(opener))
            .say(acceptor, reply_from(acceptor))
    }

    /// A control connection and an outgoing call.
    pub fn called(&mut self) -> &mut Self {
        self.started()
            .say(PNS, call_request())
            .say(PAC, call_reply())
    }

    /// A control connection and an incoming call.
    pub fn rung(&mut self) -> &mut Self {
        self.started()
            .say(PAC, ring())
            .say(PNS, ring_reply())
            .say(PAC, ring_connected())
    }

    /// The call and the connection end in order.
    pub fn ended(&mut self) -> &mut Self {
        self.say(PNS, clear(PNS_ID))
            .say(PAC, disconnect(PAC_ID, 4))
            .stopped()
    }

    pub fn stopped(&mut self) -> &mut Self {
        self.say(PNS, StopControlConnectionRequest::default())
            .send(PAC, StopControlConnectionReply::default())
            .close(PAC)
            .close(PNS)
    }

    /// Feeds the history to a judge.
    pub fn judged(&mut self) -> Outcome {
        let mut judge = Judge::new(self.config);
        for (index, address) in self.addresses.iter().enumerate() {
            let end = End(index as u16);
            let description = EndDescription {
                address: Some((*address).into()),
                scripted: self.scripted.contains(&end),
                is_pns: self.pns.map(|pns| pns == end),
            };
            judge.describe(end, description);
        }
        let mut findings = Vec::new();
        self.entries.sort_by_key(|entry| entry.at);
        let mut crashes = self.crashes.clone();
        let mut intrusions = self.intrusions.iter().peekable();
        for entry in &self.entries {
            while intrusions
                .next_if(|at| Instant(**at * 1_000_000) <= entry.at)
                .is_some()
            {
                judge.intruded(PNS, PAC);
            }
            while let Some(&(at, end)) = crashes.first()
                && Instant(at * 1_000_000) <= entry.at
            {
                judge.advance(Instant(at * 1_000_000), &mut findings);
                judge.crashed(end);
                crashes.remove(0);
            }
            judge.observe(&entry.observation(), &mut findings);
        }
        judge.finish(Instant(self.now * 1_000_000), &mut findings);
        Outcome { findings, judge }
    }
}

impl Entry {
    fn observation(&self) -> Observation<'_> {
        let event = match &self.event {
            Owned::Opening(connection) => Event::ConnectionOpening(Connection(*connection)),
            Owned::Opened(connection) => Event::ConnectionOpened(Connection(*connection)),
            Owned::Closed(connection) => Event::ConnectionClosed(Connection(*connection)),
            Owned::Reset(connection) => Event::ConnectionReset(Connection(*connection)),
            Owned::Control(connection, octets, framing) => Event::Control {
                connection: Connection(*connection),
                octets,
                framing: *framing,
            },
            Owned::Gre(octets, ip_identification) => Event::Gre {
                octets,
                ip_identification: *ip_identification,
            },
        };
        Observation {
            number: self.number,
            at: self.at,
            place: self.place,
            from: self.from,
            to: self.to,
            origin: self.origin,
            event,
        }
    }
}
