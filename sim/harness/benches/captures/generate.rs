//! Long captures, the same for the same shape: control connections one after the other, calls on each, and data both ways at a
//! thousand packets a second each, of 100 octets, with acknowledgments, some packets lost before the tap and some overtaken.

#[path = "frames.rs"]
mod frames;

use frames::{Frames, Segment, checksum, words};
use pptp_wire::{CallId, ControlMessage, ControlMessageType, GreHeader, Raw};
use std::io::{self, Write};
use std::net::{Ipv4Addr, SocketAddrV4};

const FIN: u8 = 0x01;
const SYN: u8 = 0x02;
const PSH: u8 = 0x08;
const ACK: u8 = 0x10;

/// Octets of a PPP frame that a packet carries.
const PAYLOAD: usize = 100;
/// Between two GRE packets, whichever way they go.
const MICROSECONDS_A_PACKET: u64 = 500;
/// Between two echoes.
const MICROSECONDS_AN_ECHO: u64 = 60_000_000;
/// From a segment to the answer.
const MICROSECONDS_A_TRIP: u64 = 10_000;
/// One packet in so many is lost before the tap.
const LOST: u64 = 1_000;
/// One packet in so many is overtaken by the next one of its direction.
const OVERTAKEN: u64 = 500;
/// One packet in so many is an acknowledgment alone.
const ALONE: u64 = 16;

/// What a capture holds.
#[derive(Copy, Clone, Debug)]
pub struct Shape {
    /// Control connections, one after the other.
    pub connections: u32,
    /// Calls on each, one after the other.
    pub calls: u32,
    /// GRE packets of each call that pass the tap.
    pub packets: u32,
}

/// What was written.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct Written {
    pub frames: u64,
    pub octets: u64,
    pub control_messages: u64,
    pub gre_packets: u64,
    /// Packets that were sent and never passed the tap.
    pub lost: u64,
    /// Packets that the next one of their direction overtook.
    pub overtaken: u64,
}

/// Writes the capture of this shape, as a stream.
///
/// # Errors
/// If `out` takes it not.
pub fn write_capture<W: Write>(shape: Shape, out: W) -> io::Result<Written> {
    let mut session = Session {
        frames: Frames::begin(out)?,
        sides: [Side::default(), Side::default()],
        next_echo: MICROSECONDS_AN_ECHO,
        luck: 2637,
        written: Written {
            frames: 0,
            octets: 0,
            control_messages: 0,
            gre_packets: 0,
            lost: 0,
            overtaken: 0,
        },
    };
    for number in 0..shape.connections {
        session.connection(number, shape)?;
    }
    let Session {
        frames, written, ..
    } = session;
    let (count, octets) = (frames.written, frames.octets);
    frames.finish()?;
    Ok(Written {
        frames: count,
        octets,
        ..written
    })
}

const PNS: usize = 0;
const PAC: usize = 1;

/// One end.
#[derive(Debug)]
struct Side {
    address: SocketAddrV4,
    /// TCP sequence number of its next octet.
    next: u32,
    identification: u16,
    call_id: u16,
    /// Sequence number of its next packet of data.
    sequence_number: u32,
    /// The highest sequence number that has reached it, and the highest that it has acknowledged.
    received: Option<u32>,
    acknowledged: Option<u32>,
    /// A packet that its next one overtakes, with its Identification and sequence number.
    held: Option<(u16, u32, Vec<u8>)>,
}

impl Default for Side {
    fn default() -> Side {
        Side {
            address: SocketAddrV4::new(Ipv4Addr::UNSPECIFIED, 0),
            next: 0,
            identification: 0,
            call_id: 0,
            sequence_number: 0,
            received: None,
            acknowledged: None,
            held: None,
        }
    }
}

impl Side {
    fn identify(&mut self) -> u16 {
        self.identification = self.identification.wrapping_add(1);
        self.identification
    }
}

struct Session<W> {
    frames: Frames<W>,
    sides: [Side; 2],
    next_echo: u64,
    luck: u64,
    written: Written,
}

impl<W: Write> Session<W> {
    fn connection(&mut self, number: u32, shape: Shape) -> io::Result<()> {
        let [low, middle, high, _] = ((number >> 8) + 1).to_le_bytes();
        let client = Ipv4Addr::new(10, high, middle, low);
        self.sides[PNS].address = SocketAddrV4::new(client, 32_768 + (number % 256) as u16);
        self.sides[PAC].address = SocketAddrV4::new(Ipv4Addr::new(192, 0, 2, 1), 1723);
        self.sides[PNS].next = 1_000;
        self.sides[PAC].next = 2_000_000;
        self.segment(PNS, SYN, &[])?;
        self.segment(PAC, SYN | ACK, &[])?;
        self.segment(PNS, ACK, &[])?;
        self.next_echo = self.frames.microseconds + MICROSECONDS_AN_ECHO;
        self.message(
            PNS,
            ControlMessageType::START_CONTROL_CONNECTION_REQUEST,
            &[],
        )?;
        let accepted = [("result-code", 1)];
        let started = [("result-code", 1), ("maximum-channels", 100)];
        self.message(
            PAC,
            ControlMessageType::START_CONTROL_CONNECTION_REPLY,
            &started,
        )?;
        for call in 0..shape.calls {
            let once = number.wrapping_mul(shape.calls).wrapping_add(call);
            self.call(once as u16, shape.packets)?;
        }
        let reason = [("reason", 1)];
        self.message(
            PNS,
            ControlMessageType::STOP_CONTROL_CONNECTION_REQUEST,
            &reason,
        )?;
        self.message(
            PAC,
            ControlMessageType::STOP_CONTROL_CONNECTION_REPLY,
            &accepted,
        )?;
        self.segment(PNS, FIN | ACK, &[])?;
        self.segment(PAC, FIN | ACK, &[])?;
        self.segment(PNS, ACK, &[])
    }

    fn call(&mut self, once: u16, packets: u32) -> io::Result<()> {
        for (side, first) in [(PNS, 1), (PAC, 0x4001)] {
            let side = &mut self.sides[side];
            side.call_id = once % 0x4000 + first;
            side.sequence_number = 0;
            side.received = None;
            side.acknowledged = None;
        }
        let (pns, pac) = (
            u32::from(self.sides[PNS].call_id),
            u32::from(self.sides[PAC].call_id),
        );
        let request = [
            ("call-id", pns),
            ("call-serial-number", u32::from(once)),
            ("minimum-bps", 2_400),
            ("maximum-bps", 10_000_000),
            ("bearer-type", 3),
            ("framing-type", 3),
            ("packet-recv-window-size", 64),
        ];
        self.message(PNS, ControlMessageType::OUTGOING_CALL_REQUEST, &request)?;
        let reply = [
            ("call-id", pac),
            ("peer-call-id", pns),
            ("result-code", 1),
            ("connect-speed", 10_000_000),
            ("packet-recv-window-size", 64),
        ];
        self.message(PAC, ControlMessageType::OUTGOING_CALL_REPLY, &reply)?;
        let before = self.written.gre_packets;
        let mut sender = PNS;
        while self.written.gre_packets - before < u64::from(packets) {
            self.frames.microseconds += MICROSECONDS_A_PACKET;
            self.data(sender)?;
            if self.frames.microseconds >= self.next_echo {
                self.echo()?;
            }
            sender = 1 - sender;
        }
        self.sides[PNS].held = None;
        self.sides[PAC].held = None;
        self.frames.microseconds += MICROSECONDS_A_TRIP;
        self.message(
            PNS,
            ControlMessageType::CALL_CLEAR_REQUEST,
            &[("call-id", pns)],
        )?;
        let cleared = [("call-id", pac), ("result-code", 4)];
        self.message(PAC, ControlMessageType::CALL_DISCONNECT_NOTIFY, &cleared)
    }

    fn echo(&mut self) -> io::Result<()> {
        self.next_echo += MICROSECONDS_AN_ECHO;
        let identifier = (self.next_echo / MICROSECONDS_AN_ECHO) as u32;
        let request = [("identifier", identifier)];
        self.message(PNS, ControlMessageType::ECHO_REQUEST, &request)?;
        let reply = [("identifier", identifier), ("result-code", 1)];
        self.message(PAC, ControlMessageType::ECHO_REPLY, &reply)
    }

    /// A message in a segment of its own, and TCP's acknowledgment of it.
    fn message(
        &mut self,
        from: usize,
        message_type: ControlMessageType,
        fields: &[(&str, u32)],
    ) -> io::Result<()> {
        let message = ControlMessage::default_for(message_type).expect("a defined type");
        let mut raw = Raw::control(message);
        for (key, value) in fields {
            raw = raw.patch(key, *value).expect("a field of the message");
        }
        self.written.control_messages += 1;
        self.segment(from, PSH | ACK, &raw.into_octets())?;
        self.segment(1 - from, ACK, &[])
    }

    fn segment(&mut self, from: usize, flags: u8, octets: &[u8]) -> io::Result<()> {
        let (next, acknowledged) = (self.sides[from].next, self.sides[1 - from].next);
        let segment = Segment {
            from: self.sides[from].address,
            to: self.sides[1 - from].address,
            sequence_number: next,
            acknowledgment_number: if flags & ACK != 0 { acknowledged } else { 0 },
            flags,
            octets,
        };
        let counted = u32::from(flags & (SYN | FIN) != 0);
        self.sides[from].next = next.wrapping_add(octets.len() as u32 + counted);
        self.frames.microseconds += MICROSECONDS_A_TRIP;
        let identification = self.sides[from].identify();
        self.frames.tcp(identification, &segment)
    }

    /// One packet of one end: data, or what acknowledges the other end's, which is lost, overtaken, or passes the tap.
    fn data(&mut self, from: usize) -> io::Result<()> {
        let call_id = CallId(self.sides[1 - from].call_id);
        let luck = self.luck();
        let side = &mut self.sides[from];
        let new = side.received.filter(|_| side.received != side.acknowledged);
        side.acknowledged = side.received;
        let identification = side.identify();
        if let (Some(number), 0) = (new, luck % ALONE) {
            let header = GreHeader::acknowledgment_only(call_id, number);
            return self.pass(from, identification, &Raw::gre(&header, &[]).into_octets());
        }
        let number = side.sequence_number;
        side.sequence_number = number.wrapping_add(1);
        let header = GreHeader::data(call_id, number, new, PAYLOAD as u16);
        let octets = Raw::gre(&header, &payload(number)).into_octets();
        if luck.is_multiple_of(LOST) {
            self.written.lost += 1;
            return Ok(());
        }
        if luck % OVERTAKEN == 1 && side.held.is_none() {
            side.held = Some((identification, number, octets));
            return Ok(());
        }
        self.pass(from, identification, &octets)?;
        self.sides[1 - from].received = Some(number);
        if let Some((identification, _, octets)) = self.sides[from].held.take() {
            self.written.overtaken += 1;
            self.frames.microseconds += 50;
            self.pass(from, identification, &octets)?;
        }
        Ok(())
    }

    fn pass(&mut self, from: usize, identification: u16, octets: &[u8]) -> io::Result<()> {
        let (source, destination) = (self.sides[from].address, self.sides[1 - from].address);
        self.written.gre_packets += 1;
        self.frames
            .gre(*source.ip(), *destination.ip(), identification, octets)
    }

    fn luck(&mut self) -> u64 {
        self.luck = self
            .luck
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        self.luck >> 33
    }
}

/// A PPP frame with an IPv4 packet with a UDP datagram with a number in it.
fn payload(number: u32) -> [u8; PAYLOAD] {
    let mut frame = [0x5A; PAYLOAD];
    frame[..4].copy_from_slice(&[0xFF, 0x03, 0x00, 0x21]);
    let length = (PAYLOAD - 4) as u8;
    frame[4..24].copy_from_slice(&[
        0x45, 0, 0, length, 0, 0, 0x40, 0, 64, 17, 0, 0, 172, 16, 0, 1, 172, 16, 0, 2,
    ]);
    frame[8..10].copy_from_slice(&(number as u16).to_be_bytes());
    let sum = checksum(words(&frame[4..24]));
    frame[14..16].copy_from_slice(&sum.to_be_bytes());
    frame[24..32].copy_from_slice(&[0x13, 0x88, 0x13, 0x89, 0, length - 20, 0, 0]);
    frame[32..36].copy_from_slice(&number.to_be_bytes());
    frame
}
