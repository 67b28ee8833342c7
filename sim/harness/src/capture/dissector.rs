//! From frames to events: link layer, IPv4, fragments, tunnels, TCP streams, GRE.

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
use super::tunnel;

/// Packets inside packets that are followed.
const MAXIMUM_DEPTH: usize = 4;

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
        match ipv4_in_frame(frame.link_type, frame.octets) {
            Ok(octets) => self.packet(stamp, octets, 0, out),
            Err(notice) => self.notice(stamp, notice),
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

    fn notice(&mut self, stamp: Stamp, notice: Notice) {
        self.notices.add(notice, Place::Frame(stamp.frame));
    }

    fn stamp(&mut self, frame: &CapturedFrame<'_>) -> Stamp {
        let first = match frame.clock {
            Clock::Run => 0,
            Clock::Epoch => frame.nanoseconds,
        };
        let origin = *self.origin.get_or_insert(first);
        let stamp = Stamp {
            frame: frame.number,
            at: Instant(frame.nanoseconds.saturating_sub(origin)),
        };
        if frame.nanoseconds < origin {
            self.notice(stamp, Notice::TimeBeforeStart);
        } else if stamp.at < self.last.at {
            self.notice(stamp, Notice::TimeGoesBack);
        }
        stamp
    }

    /// An IPv4 packet inside `depth` others.
    fn packet(&mut self, stamp: Stamp, octets: &[u8], depth: usize, out: &mut Observer<'_>) {
        let Some(packet) = Ipv4Packet::parse(octets) else {
            return self.notice(stamp, Notice::Ipv4Header);
        };
        if !packet.checksum_valid {
            self.notice(stamp, Notice::Ipv4Checksum);
        }
        if !packet.is_fragment() {
            return self.datagram(stamp, &packet, depth, out);
        }
        let whole = self
            .fragments
            .add(&packet, stamp.frame, stamp.at.0, &mut self.notices);
        if let Some(payload) = whole {
            let whole = Ipv4Packet {
                payload: &payload,
                payload_length: payload.len(),
                more_fragments: false,
                fragment_offset: 0,
                ..packet
            };
            self.datagram(stamp, &whole, depth, out);
        }
    }

    fn datagram(
        &mut self,
        stamp: Stamp,
        packet: &Ipv4Packet<'_>,
        depth: usize,
        out: &mut Observer<'_>,
    ) {
        match packet.protocol {
            PROTOCOL_TCP => self.tcp(stamp, packet, out),
            PROTOCOL_GRE if is_pptp_in(packet) => self.gre(stamp, packet, out),
            _ => match tunnel::carried(packet) {
                Ok(_) if depth == MAXIMUM_DEPTH => self.notice(stamp, Notice::NestedTunnels),
                Ok((name, inner)) => {
                    self.notice(stamp, Notice::Carried(name));
                    self.packet(stamp, inner, depth + 1, out);
                }
                Err(notice) => self.notice(stamp, notice),
            },
        }
    }

    fn tcp(&mut self, stamp: Stamp, packet: &Ipv4Packet<'_>, out: &mut Observer<'_>) {
        self.notice_if_cut(stamp, packet);
        let Some(segment) = TcpSegment::parse(packet) else {
            return self.notice(stamp, Notice::TcpHeader);
        };
        if segment.checksum_valid == Some(false) {
            self.notice(stamp, Notice::TcpChecksum);
        }
        self.streams
            .add(stamp, packet, &segment, &mut self.notices, out);
    }

    fn gre(&mut self, stamp: Stamp, packet: &Ipv4Packet<'_>, out: &mut Observer<'_>) {
        self.notice_if_cut(stamp, packet);
        let event = Event::Gre {
            from: packet.source,
            to: packet.destination,
            octets: packet.payload,
            sent_length: packet.payload_length,
            identification: packet.identification,
        };
        out(stamp, event);
    }

    fn notice_if_cut(&mut self, stamp: Stamp, packet: &Ipv4Packet<'_>) {
        if packet.payload.len() < packet.payload_length {
            self.notice(stamp, Notice::CutPacket);
        }
    }
}

/// Whether a GRE packet that is long enough to tell is PPTP's.
fn is_pptp_in(packet: &Ipv4Packet<'_>) -> bool {
    matches!(packet.payload, &[_, version, high, low, ..]
        if tunnel::is_pptp(version, u16::from_be_bytes([high, low])))
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
