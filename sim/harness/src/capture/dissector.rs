//! From frames to events: link layer, IPv4, fragments, TCP streams, GRE.

use std::cell::Cell;
use std::io::Read;

use pptp_wire::time::Instant;

use super::error::CaptureError;
use super::event::{Event, Observer, Stamp};
use super::fragments::Fragments;
use super::ipv4::{Ipv4Packet, PROTOCOL_GRE, PROTOCOL_TCP};
use super::link::ipv4_in_frame;
use super::notice::{Notice, Notices, Place};
use super::reader::{CaptureReader, CapturedFrame, Clock};
use super::streams::Streams;
use super::tcp::TcpSegment;

/// Turns the frames of one capture into [`Event`]s. Holds bounded memory whatever the frames are.
#[derive(Debug, Default)]
pub struct Dissector {
    origin: Option<u64>,
    last: Stamp,
    fragments: Fragments,
    pub(super) streams: Streams,
    notices: Notices,
}

impl Dissector {
    /// Nothing seen yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the next frame and tells `out` what it brought.
    pub fn frame(&mut self, frame: &CapturedFrame<'_>, out: &mut Observer<'_>) {
        let stamp = self.stamp(frame);
        self.last = stamp;
        let octets = match ipv4_in_frame(frame.link_type, frame.octets) {
            Ok(octets) => octets,
            Err(notice) => return self.notices.add(notice, Place::Frame(frame.number)),
        };
        let Some(packet) = Ipv4Packet::parse(octets) else {
            return self
                .notices
                .add(Notice::Ipv4Header, Place::Frame(frame.number));
        };
        if !matches!(packet.protocol, PROTOCOL_TCP | PROTOCOL_GRE) {
            return;
        }
        if !packet.checksum_valid {
            self.notices
                .add(Notice::Ipv4Checksum, Place::Frame(frame.number));
        }
        if !packet.is_fragment() {
            self.datagram(stamp, &packet, out);
        } else if let Some(payload) =
            self.fragments
                .add(&packet, frame.number, frame.nanoseconds, &mut self.notices)
        {
            let whole = Ipv4Packet {
                payload: &payload,
                payload_length: payload.len(),
                more_fragments: false,
                fragment_offset: 0,
                ..packet
            };
            self.datagram(stamp, &whole, out);
        }
    }

    /// The capture ends: tells `out` what was still waited for.
    pub fn finish(&mut self, out: &mut Observer<'_>) {
        self.fragments.finish(&mut self.notices);
        self.streams.finish(self.last, &mut self.notices, out);
    }

    /// What was skipped or doubted so far; the caller may take it out.
    pub fn notices(&mut self) -> &mut Notices {
        &mut self.notices
    }

    fn stamp(&mut self, frame: &CapturedFrame<'_>) -> Stamp {
        let first = match frame.clock {
            Clock::Run => 0,
            Clock::Epoch => frame.nanoseconds,
        };
        let origin = *self.origin.get_or_insert(first);
        if frame.nanoseconds < origin {
            self.notices
                .add(Notice::TimeBeforeStart, Place::Frame(frame.number));
        }
        Stamp {
            frame: frame.number,
            at: Instant(frame.nanoseconds.saturating_sub(origin)),
        }
    }

    fn datagram(&mut self, stamp: Stamp, packet: &Ipv4Packet<'_>, out: &mut Observer<'_>) {
        let place = Place::Frame(stamp.frame);
        if packet.payload.len() < packet.payload_length {
            self.notices.add(Notice::CutPacket, place);
        }
        if packet.protocol == PROTOCOL_GRE {
            return self.gre(stamp, packet, out);
        }
        let Some(segment) = TcpSegment::parse(packet) else {
            return self.notices.add(Notice::TcpHeader, place);
        };
        if segment.checksum_valid == Some(false) {
            self.notices.add(Notice::TcpChecksum, place);
        }
        self.streams
            .add(stamp, packet, &segment, &mut self.notices, out);
    }

    /// PPTP's GRE is version 1; a packet of another version counts as PPTP's only if it has PPTP's protocol type.
    fn gre(&mut self, stamp: Stamp, packet: &Ipv4Packet<'_>, out: &mut Observer<'_>) {
        let Some(&[_, flags, high, low]) = packet.payload.first_chunk() else {
            return self
                .notices
                .add(Notice::GreHeader, Place::Frame(stamp.frame));
        };
        let protocol_type = u16::from_be_bytes([high, low]);
        if flags & 0x07 != 1 && protocol_type != pptp_wire::GRE_PROTOCOL_PPP {
            return self
                .notices
                .add(Notice::OtherGre(protocol_type), Place::Frame(stamp.frame));
        }
        let event = Event::Gre {
            from: packet.source,
            to: packet.destination,
            octets: packet.payload,
            sent_length: packet.payload_length,
            identification: packet.identification,
        };
        out(stamp, event);
    }
}

/// Reads a whole capture and tells `out` everything that it shows.
///
/// The events of all frames that can be read have been told when an error comes back. Reading stops once `out` answers `false`.
///
/// # Errors
/// If the file cannot be read, or cannot be read to its end.
pub fn dissect<R: Read>(
    reader: &mut CaptureReader<R>,
    notices: &mut Notices,
    out: &mut dyn FnMut(Stamp, Event<'_>) -> bool,
) -> Result<(), CaptureError> {
    let mut dissector = Dissector::new();
    let wanted = Cell::new(true);
    let out: &mut Observer<'_> = &mut |stamp, event| wanted.set(wanted.get() && out(stamp, event));
    let ending = loop {
        if !wanted.get() {
            break Ok(());
        }
        match reader.next_frame() {
            Ok(Some(frame)) => dissector.frame(&frame, out),
            Ok(None) => break Ok(()),
            Err(error) => break Err(error),
        }
    };
    dissector.finish(out);
    notices.absorb(reader.notices());
    notices.absorb(dissector.notices());
    ending
}
