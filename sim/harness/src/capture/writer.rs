//! Writes what one node of a run sees on its interface as a pcapng file.

use std::collections::{BTreeMap, BTreeSet};
use std::net::{Ipv4Addr, SocketAddrV4};

use pptp_wire::time::Instant;

use super::blocks;
use super::conversation::{Conversation, Side};
use super::packet::{MAXIMUM_IPV4_PAYLOAD, MAXIMUM_SEGMENT, Segment, gre_frame, tcp_frame};
use super::tcp::{ACK, FIN, PSH, RST, SYN};

/// The capture of one node: Ethernet, IPv4, and TCP or GRE with valid addresses, ports, sequence numbers and checksums.
///
/// Each call tells what passes the node's interface at a time: when the node sends it, or when it arrives there. Times never go
/// back. What TCP does by itself is added: handshakes are completed, each octet is acknowledged (by the next segment the other way,
/// or by a segment of its own: at once by the node itself, a round trip after sending by the other end). Equal calls give equal
/// octets, and a connection has the same initial sequence numbers in every node's file.
///
/// ```
/// use pptp_harness::capture::CaptureWriter;
/// use pptp_wire::time::Instant;
/// let pns = "10.0.0.1:1024".parse().unwrap();
/// let pac = "10.0.0.2:1723".parse().unwrap();
/// let mut capture = CaptureWriter::new("pns", &["10.0.0.1".parse().unwrap()]);
/// capture.tcp_open(Instant(0), pns, pac);
/// capture.tcp_opened(Instant(50_000_000), pns, pac);
/// capture.tcp_octets(Instant(50_000_000), pns, pac, b"octets of the stream");
/// capture.tcp_close(Instant(60_000_000), pns, pac);
/// assert!(capture.finish().starts_with(&[0x0A, 0x0D, 0x0D, 0x0A]));
/// ```
#[derive(Debug)]
pub struct CaptureWriter {
    addresses: Vec<Ipv4Addr>,
    octets: Vec<u8>,
    identifications: BTreeMap<Ipv4Addr, u16>,
    conversations: BTreeMap<Ends, Conversation>,
    /// How often each pair of ends was connected: gives every connection its own initial sequence numbers.
    openings: BTreeMap<Ends, u32>,
    /// When TCP has something to do by itself, and for which connection (the ends and how often they were connected).
    due: BTreeSet<(Instant, u64, Ends, u32)>,
    ordinal: u64,
    comment: Option<String>,
    frames: u64,
}

/// Who opened a connection, and to whom.
type Ends = (SocketAddrV4, SocketAddrV4);

impl CaptureWriter {
    /// The capture of the node `name`, which has these `addresses`.
    pub fn new(name: &str, addresses: &[Ipv4Addr]) -> Self {
        let mut octets = Vec::new();
        blocks::begin_section(&mut octets, name);
        CaptureWriter {
            addresses: addresses.to_vec(),
            octets,
            identifications: BTreeMap::new(),
            conversations: BTreeMap::new(),
            openings: BTreeMap::new(),
            due: BTreeSet::new(),
            ordinal: 0,
            comment: None,
            frames: 0,
        }
    }

    /// A comment (`opt_comment`) for the next call: for every packet that carries its octets, or for the first one where it has none.
    pub fn comment(&mut self, text: &str) {
        self.comment = Some(text.to_owned());
    }

    /// Packets written so far: the number of the last one, as every reader of the file counts them.
    pub fn frames(&self) -> u64 {
        self.frames
    }

    /// A SYN from `opener`. The node answers one that arrives at it at once, unless [`tcp_refused`](Self::tcp_refused) follows at the
    /// same time.
    pub fn tcp_open(&mut self, at: Instant, opener: SocketAddrV4, acceptor: SocketAddrV4) {
        self.pass_time(at);
        self.begin(at, opener, acceptor);
        if self.is_own(acceptor) {
            self.schedule(at, (opener, acceptor));
        }
    }

    /// The connection is open for this node: the second segment of the handshake arrives at the opener, or the third at the acceptor.
    pub fn tcp_opened(&mut self, at: Instant, opener: SocketAddrV4, acceptor: SocketAddrV4) {
        self.pass_time(at);
        let ends = (opener, acceptor);
        if !self.conversations.contains_key(&ends) {
            self.begin(at, opener, acceptor);
        }
        self.complete_handshake(at, ends);
    }

    /// A reset from `acceptor` instead of the second segment of the handshake.
    pub fn tcp_refused(&mut self, at: Instant, opener: SocketAddrV4, acceptor: SocketAddrV4) {
        self.pass_time(at);
        let ends = (opener, acceptor);
        if !self.conversations.contains_key(&ends) {
            self.begin(at, opener, acceptor);
        }
        if let Some(conversation) = self.conversations.remove(&ends) {
            let acknowledgment_number = conversation.side(Side::Opener).next;
            self.segment(
                at,
                &Segment {
                    from: acceptor,
                    to: opener,
                    sequence_number: 0,
                    acknowledgment_number,
                    flags: RST | ACK,
                    octets: &[],
                },
            );
        }
    }

    /// Octets of the stream, cut into segments of at most 1460. A connection that was not opened before is opened by `from`, at once.
    pub fn tcp_octets(&mut self, at: Instant, from: SocketAddrV4, to: SocketAddrV4, octets: &[u8]) {
        self.pass_time(at);
        let comment = self.comment.take();
        let (ends, side) = self.connected(at, from, to);
        let pieces = octets.chunks(MAXIMUM_SEGMENT);
        let last = pieces.len().saturating_sub(1);
        for (index, piece) in pieces.enumerate() {
            let flags = if index == last { PSH | ACK } else { ACK };
            self.comment = comment.clone();
            self.send(at, ends, side, flags, piece);
        }
        self.comment = None;
    }

    /// A FIN from `from`.
    pub fn tcp_close(&mut self, at: Instant, from: SocketAddrV4, to: SocketAddrV4) {
        self.pass_time(at);
        let (ends, side) = self.connected(at, from, to);
        self.send(at, ends, side, FIN | ACK, &[]);
    }

    /// A reset from `from`: the connection is over.
    pub fn tcp_reset(&mut self, at: Instant, from: SocketAddrV4, to: SocketAddrV4) {
        self.pass_time(at);
        let (ends, side) = self.connected(at, from, to);
        self.send(at, ends, side, RST | ACK, &[]);
        self.conversations.remove(&ends);
    }

    /// A GRE packet, from the GRE header on, with the next Identification of its sender.
    pub fn gre(&mut self, at: Instant, from: Ipv4Addr, to: Ipv4Addr, octets: &[u8]) {
        self.pass_time(at);
        let identification = self.next_identification(from);
        self.gre_identified(at, from, to, identification, octets);
    }

    /// A GRE packet with the given Identification: the copies that a network makes of a packet have its Identification.
    pub fn gre_identified(
        &mut self,
        at: Instant,
        from: Ipv4Addr,
        to: Ipv4Addr,
        identification: u16,
        octets: &[u8],
    ) {
        self.pass_time(at);
        if octets.len() > MAXIMUM_IPV4_PAYLOAD && self.comment.is_none() {
            self.comment = Some(format!(
                "{} octets, cut to what an IPv4 packet holds",
                octets.len()
            ));
        }
        self.frame(at, &gre_frame(from, to, identification, octets));
    }

    /// Takes what was written so far out of memory; the file is all that was taken, in order, and what [`finish`](Self::finish) gives.
    pub fn take_octets(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.octets)
    }

    /// The end of the run: writes the acknowledgments that are still due and gives the file's octets.
    pub fn finish(mut self) -> Vec<u8> {
        self.comment = None;
        self.pass_time(Instant::NEVER);
        self.octets
    }

    fn is_own(&self, end: SocketAddrV4) -> bool {
        self.addresses.contains(end.ip())
    }

    fn begin(&mut self, at: Instant, opener: SocketAddrV4, acceptor: SocketAddrV4) {
        let ends = (opener, acceptor);
        let openings = self.openings.entry(ends).or_insert(0);
        *openings += 1;
        let conversation = Conversation::new(at, opener, acceptor, *openings);
        self.conversations.insert(ends, conversation);
        self.send(at, ends, Side::Opener, SYN, &[]);
    }

    /// The connection between two ends, whoever opened it, and which side `from` is.
    fn connected(&mut self, at: Instant, from: SocketAddrV4, to: SocketAddrV4) -> (Ends, Side) {
        let (ends, side) = if self.conversations.contains_key(&(to, from)) {
            ((to, from), Side::Acceptor)
        } else {
            ((from, to), Side::Opener)
        };
        if !self.conversations.contains_key(&ends) {
            self.begin(at, from, to);
        }
        if side == Side::Opener || !self.is_own(ends.1) {
            self.complete_handshake(at, ends);
        } else {
            self.accept(at, ends);
        }
        (ends, side)
    }

    /// The second segment of the handshake, unless it was written.
    fn accept(&mut self, at: Instant, ends: Ends) {
        if self
            .conversations
            .get(&ends)
            .is_some_and(|conversation| !conversation.accepted)
        {
            self.send(at, ends, Side::Acceptor, SYN | ACK, &[]);
        }
    }

    /// The second and third segment of the handshake, unless they were written.
    fn complete_handshake(&mut self, at: Instant, ends: Ends) {
        self.accept(at, ends);
        if let Some(conversation) = self.conversations.get_mut(&ends)
            && !conversation.established
        {
            conversation.establish(at);
            self.send(at, ends, Side::Opener, ACK, &[]);
        }
    }

    fn send(&mut self, at: Instant, ends: Ends, side: Side, flags: u8, octets: &[u8]) {
        let Some(conversation) = self.conversations.get_mut(&ends) else {
            return;
        };
        conversation.receive_until(at);
        let segment = conversation.segment(side, flags, octets);
        let sender = segment.from;
        self.segment(at, &segment);
        let occupies = !octets.is_empty() || flags & FIN != 0;
        if occupies && let Some(conversation) = self.conversations.get_mut(&ends) {
            let travel = if self.addresses.contains(sender.ip()) {
                conversation.round_trip
            } else {
                Default::default()
            };
            conversation.expect_acknowledgment(side, at + travel);
            self.schedule(at + travel, ends);
        }
    }

    fn schedule(&mut self, at: Instant, ends: Ends) {
        let opening = self.openings.get(&ends).copied().unwrap_or(0);
        self.ordinal += 1;
        self.due.insert((at, self.ordinal, ends, opening));
    }

    /// Writes what TCP does by itself before `now`.
    fn pass_time(&mut self, now: Instant) {
        let comment = self.comment.take();
        while let Some(&due) = self.due.first()
            && due.0 < now
        {
            self.due.remove(&due);
            let (at, _, ends, opening) = due;
            if self.openings.get(&ends) != Some(&opening) {
                continue;
            }
            self.accept(at, ends);
            for side in [Side::Opener, Side::Acceptor] {
                if let Some(conversation) = self.conversations.get_mut(&ends) {
                    conversation.receive_until(at);
                    if conversation.owes_acknowledgment(side) {
                        self.send(at, ends, side, ACK, &[]);
                    }
                }
            }
        }
        self.comment = comment;
    }

    fn segment(&mut self, at: Instant, segment: &Segment<'_>) {
        let identification = self.next_identification(*segment.from.ip());
        self.frame(at, &tcp_frame(segment, identification));
    }

    fn next_identification(&mut self, from: Ipv4Addr) -> u16 {
        let next = self.identifications.entry(from).or_insert(0);
        *next = next.wrapping_add(1);
        *next
    }

    fn frame(&mut self, at: Instant, frame: &[u8]) {
        let comment = self.comment.take();
        self.frames += 1;
        blocks::packet(&mut self.octets, at.0, frame, comment.as_deref());
    }
}

#[cfg(test)]
mod tests;
