//! From events of a capture to items.

use std::collections::BTreeMap;
use std::io::{self, Read};
use std::net::SocketAddrV4;

use super::failure::DecodeFailure;
use super::item::{GreOctets, Item, ItemKind, Sink};
use super::stream::StreamDecoder;
use crate::capture::{CaptureReader, Event, Flow, Notices, Stamp, dissect};

/// What a capture held.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Summary {
    /// Frames of the file, whatever they carry.
    pub frames: u64,
    /// Connections that carry PPTP.
    pub connections: u64,
    /// Control messages, and pieces of streams that are out of step.
    pub control_messages: u64,
    /// GRE packets.
    pub gre_packets: u64,
    /// Findings on single messages.
    pub findings: u64,
    /// What was skipped or doubted.
    pub notices: Notices,
}

/// Reads a capture (pcap or pcapng) and gives `sink` everything that it shows of PPTP, as a stream, in bounded memory.
///
/// # Errors
/// If `input` is no capture, cannot be read to its end, or `sink` fails. What was decoded before has been given to `sink`.
pub fn decode<R: Read>(input: R, sink: &mut dyn Sink) -> Result<Summary, DecodeFailure> {
    let mut reader = CaptureReader::new(input).map_err(DecodeFailure::Unreadable)?;
    let mut decoder = Decoder {
        sink,
        streams: BTreeMap::new(),
        summary: Summary::default(),
        failure: None,
    };
    let mut notices = Notices::default();
    let ending = dissect(&mut reader, &mut notices, &mut |stamp, event| {
        decoder.event(stamp, event);
        decoder.failure.is_none()
    });
    let Decoder {
        mut summary,
        failure,
        ..
    } = decoder;
    summary.frames = reader.frames();
    summary.notices = notices;
    match (failure, ending) {
        (Some(error), _) => Err(DecodeFailure::Write(error)),
        (None, Err(error)) => Err(DecodeFailure::CutShort {
            error,
            summary: Box::new(summary),
        }),
        (None, Ok(())) => Ok(summary),
    }
}

struct Decoder<'s> {
    sink: &'s mut dyn Sink,
    /// By connection and sender.
    streams: BTreeMap<(u32, SocketAddrV4), StreamDecoder>,
    summary: Summary,
    failure: Option<io::Error>,
}

impl Decoder<'_> {
    fn event(&mut self, stamp: Stamp, event: Event<'_>) {
        match event {
            Event::TcpOpening(flow) => {
                self.begin(flow, true);
                self.tell(stamp, ItemKind::Opening(flow));
            }
            Event::TcpOpened { flow, start_seen } => {
                self.begin(flow, start_seen);
                self.tell(stamp, ItemKind::Opened { flow, start_seen });
            }
            Event::TcpOctets {
                flow,
                octets,
                arrived,
                starts_segment,
            } => {
                self.with_stream(flow, |stream, out| {
                    stream.octets(flow, octets, arrived, stamp, starts_segment, out)
                });
            }
            Event::TcpMissing { flow, count } => {
                self.with_stream(flow, |stream, out| stream.missing(flow, stamp, out));
                self.tell(stamp, ItemKind::Missing { flow, count });
            }
            Event::TcpClosed(flow) => {
                self.with_stream(flow, |stream, out| stream.ends(flow, stamp, true, out));
                self.tell(stamp, ItemKind::Closed(flow));
            }
            Event::TcpReset(flow) => {
                self.end(flow, stamp);
                self.tell(stamp, ItemKind::Reset(flow));
            }
            Event::TcpEnded(flow) => {
                self.end(flow, stamp);
                for end in [flow.from, flow.to] {
                    self.streams.remove(&(flow.connection, end));
                }
                self.tell(stamp, ItemKind::Ended(flow));
            }
            Event::Gre {
                from,
                to,
                octets,
                sent_length,
                identification,
            } => {
                let packet = GreOctets {
                    from,
                    to,
                    octets,
                    sent_length,
                    identification,
                };
                self.gre(stamp, packet);
            }
        }
    }

    fn gre(&mut self, stamp: Stamp, packet: GreOctets<'_>) {
        match self.sink.gre(stamp, &packet) {
            Ok(true) => self.summary.gre_packets += 1,
            Ok(false) => self.tell(stamp, ItemKind::Gre(packet.into())),
            Err(error) => self.failure = Some(error),
        }
    }

    /// Makes the decoders of both directions, unless they are there.
    fn begin(&mut self, flow: Flow, start_seen: bool) {
        if !self.streams.contains_key(&(flow.connection, flow.from)) {
            self.summary.connections += 1;
        }
        for end in [flow.from, flow.to] {
            self.streams
                .entry((flow.connection, end))
                .or_insert_with(|| StreamDecoder::new(start_seen));
        }
    }

    fn end(&mut self, flow: Flow, stamp: Stamp) {
        for flow in [
            flow,
            Flow {
                from: flow.to,
                to: flow.from,
                ..flow
            },
        ] {
            self.with_stream(flow, |stream, out| stream.ends(flow, stamp, false, out));
        }
    }

    fn with_stream(
        &mut self,
        flow: Flow,
        act: impl FnOnce(&mut StreamDecoder, &mut dyn FnMut(Item<'_>)),
    ) {
        let key = (flow.connection, flow.from);
        if let Some(mut stream) = self.streams.remove(&key) {
            act(&mut stream, &mut |item| self.give(&item));
            self.streams.insert(key, stream);
        }
    }

    fn tell(&mut self, stamp: Stamp, kind: ItemKind<'_>) {
        self.give(&Item {
            stamp,
            released: stamp,
            kind,
        });
    }

    fn give(&mut self, item: &Item<'_>) {
        match &item.kind {
            ItemKind::Control(control) => {
                self.summary.control_messages += 1;
                self.summary.findings += control.findings.len() as u64;
            }
            ItemKind::Gre(gre) => {
                self.summary.gre_packets += 1;
                self.summary.findings += gre.findings.len() as u64;
            }
            _ => {}
        }
        if self.failure.is_none() {
            self.failure = self.sink.item(item).err();
        }
    }
}
