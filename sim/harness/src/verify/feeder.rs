//! From what a capture shows to what the judge sees, and from what it finds to groups.

use std::collections::BTreeMap;
use std::io;
use std::net::{Ipv4Addr, SocketAddrV4};

use pptp_rules::{
    Connection, End, EndDescription, Event, Finding, Grading, Judge, JudgeConfig, Observation,
    Origin, Place,
};
use pptp_wire::time::Instant;
use pptp_wire::{ControlMessageType, GrePacket, Header, Requirement};

use super::ends::{Ends, Roles, Speaker};
use super::held::{Held, Told};
use super::incomplete::completed;
use super::recent::Recent;
use super::report::{EndReport, Group, OpenQuestion, Report};
use super::run::{Found, OnFinding};
use crate::capture::{Flow, Stamp};
use crate::decode::{Control, Framing, Gre, GreOctets, Item, ItemKind, Sink, line};
use crate::path::{Path, PathWatch};

/// Frames that a group names.
const NAMED_FRAMES: usize = 4;
const CUT_PACKET: &str = "the capture cut packets inside their GRE header";
const MISSED: &str = "the capture does not hold all octets of the control connection";
const ALIKE: &str = "both ends have one address, so that they cannot be told apart";

/// Shows the judge what a capture holds.
pub(super) struct Feeder<'o> {
    judge: Judge,
    ends: Ends,
    path: PathWatch,
    recent: Recent,
    groups: BTreeMap<(End, Requirement), Group>,
    doubts: BTreeMap<(End, Option<Requirement>), &'static str>,
    /// Found on what is at hand.
    findings: Vec<Finding>,
    held: Held,
    completed: Vec<u8>,
    last: Instant,
    beyond: u64,
    on_finding: &'o mut OnFinding<'o>,
}

/// What is at hand while the judge looks at it.
struct AtHand<'a> {
    frame: u64,
    ends: (End, End),
    speakers: (Speaker, Speaker),
    /// The control connection that it passed on.
    connection: Option<u32>,
    /// Gives its line.
    line: &'a dyn Fn() -> String,
}

impl<'o> Feeder<'o> {
    pub(super) fn new(config: JudgeConfig, on_finding: &'o mut OnFinding<'_>) -> Self {
        Feeder {
            judge: Judge::new(config),
            ends: Ends::default(),
            path: PathWatch::new(),
            recent: Recent::default(),
            groups: BTreeMap::new(),
            doubts: BTreeMap::new(),
            findings: Vec::new(),
            held: Held::default(),
            completed: Vec::new(),
            last: Instant::START,
            beyond: 0,
            on_finding,
        }
    }

    /// The capture has ended.
    pub(super) fn finish(mut self) -> io::Result<Report> {
        self.judge.finish(self.last, &mut self.findings);
        self.hand_over(None)?;
        for told in self.held.take_all() {
            self.emit(told)?;
        }
        let mut inconclusive = self.doubts;
        for (requirement, end, reason) in self.judge.inconclusive() {
            // What was found broken at another place is decided.
            if !self.groups.contains_key(&(end, requirement)) {
                inconclusive
                    .entry((end, Some(requirement)))
                    .or_insert(reason);
            }
        }
        let hosts: Vec<_> = self.ends.hosts().collect();
        let ends = hosts.into_iter().map(|(end, address, roles)| EndReport {
            address,
            role: match roles {
                Roles {
                    pns: true,
                    pac: true,
                } => "PNS and PAC",
                Roles { pns: true, .. } => "PNS",
                Roles { pac: true, .. } => "PAC",
                Roles { .. } => "",
            },
            groups: self
                .groups
                .range((end, Requirement::ALL[0])..)
                .take_while(|((of, _), _)| *of == end)
                .map(|(_, group)| group.clone())
                .collect(),
            inconclusive: inconclusive
                .range((end, None)..)
                .take_while(|((of, _), _)| *of == end)
                .map(|(&(_, requirement), &reason)| OpenQuestion {
                    requirement,
                    reason,
                })
                .collect(),
            held: Requirement::ALL
                .iter()
                .map(|&requirement| (requirement, self.judge.preconditions(requirement, end)))
                .filter(|(_, count)| *count > 0)
                .collect(),
            sent: self.judge.packets(end),
        });
        Ok(Report {
            ends: ends.collect(),
            path: self.path.directions(),
            beyond: self.beyond,
            ..Report::default()
        })
    }

    /// Shows one event of a control connection.
    fn show(&mut self, item: &Item<'_>, flow: &Flow, event: Event<'_>) -> io::Result<()> {
        let (Some(from), Some(to)) = (self.number(*flow.from.ip()), self.number(*flow.to.ip()))
        else {
            self.beyond += 1;
            return Ok(());
        };
        self.release(flow.connection, Some(flow.from))?;
        if from == to {
            self.doubts.entry((from, None)).or_insert(ALIKE);
        }
        let observation = Observation {
            number: item.stamp.frame,
            at: item.released.at,
            place: Place::Passing,
            from,
            to,
            origin: Origin::Own,
            event,
        };
        self.judge.observe(&observation, &mut self.findings);
        self.last = self.last.max(item.released.at);
        self.hand_over(Some(&AtHand {
            frame: item.stamp.frame,
            ends: (from, to),
            speakers: (Speaker::Port(flow.from), Speaker::Port(flow.to)),
            connection: Some(flow.connection),
            line: &|| plain_line(item),
        }))
    }

    fn control(&mut self, item: &Item<'_>, control: &Control<'_>) -> io::Result<()> {
        let framing = match control.framing {
            Framing::Whole => None,
            Framing::Faulty(kind) | Framing::Lost(kind) => Some(kind),
            // What comes behind junk is junk.
            Framing::OutOfStep => return Ok(()),
            // Cut off by the sender's own close, or by what the capture does not hold.
            Framing::Unfinished if control.findings.is_empty() => return Ok(()),
            Framing::Unfinished => None,
        };
        if control.framing == Framing::Whole {
            self.begin_series(&control.flow, control.octets);
        }
        let connection = Connection(control.flow.connection);
        let octets = control.octets;
        let event = Event::Control {
            connection,
            octets,
            framing,
        };
        self.show(item, &control.flow, event)?;
        self.learn_role(connection, &control.flow);
        Ok(())
    }

    /// The sender may have shown what it is.
    fn learn_role(&mut self, connection: Connection, flow: &Flow) {
        let Some(end) = self.number(*flow.from.ip()) else {
            return;
        };
        if let (Some(is_pns), Some(roles)) =
            (self.judge.is_pns(connection, end), self.ends.roles(end))
        {
            roles.pns |= is_pns;
            roles.pac |= !is_pns;
        }
    }

    /// A message that gives a call its Call ID: the numbers of its packets begin anew.
    fn begin_series(&mut self, flow: &Flow, octets: &[u8]) {
        let gives_call_id = Header::decode(octets).is_ok_and(|header| {
            matches!(
                header.control_message_type,
                ControlMessageType::OUTGOING_CALL_REQUEST
                    | ControlMessageType::OUTGOING_CALL_REPLY
                    | ControlMessageType::INCOMING_CALL_REQUEST
                    | ControlMessageType::INCOMING_CALL_REPLY
            )
        });
        if let Some(&[high, low]) = octets.get(12..14).filter(|_| gives_call_id) {
            self.path.begin(Path {
                from: *flow.to.ip(),
                to: *flow.from.ip(),
                call_id: u16::from_be_bytes([high, low]),
            });
        }
    }

    /// The number of a host; the judge knows its address.
    #[inline]
    fn number(&mut self, address: Ipv4Addr) -> Option<End> {
        let known = self.ends.count();
        let end = self.ends.number(address)?;
        if self.ends.count() != known {
            let description = EndDescription {
                address: Some(address),
                ..EndDescription::default()
            };
            self.judge.describe(end, description);
        }
        Some(end)
    }

    /// Octets of a stream are missing: what both ends do from now on may be the answer to them.
    fn missing(&mut self, flow: &Flow) {
        let (Some(one), Some(other)) = (self.number(*flow.from.ip()), self.number(*flow.to.ip()))
        else {
            return;
        };
        self.judge.missed(one, other);
        for told in self.held.take(flow.connection, Some(flow.from)) {
            let key = (told.finding.end, Some(told.finding.requirement));
            self.doubts.entry(key).or_insert(MISSED);
        }
        for end in [one, other] {
            self.doubts.entry((end, None)).or_insert(MISSED);
        }
    }

    /// Gives away what was found, and counts it.
    fn hand_over(&mut self, at_hand: Option<&AtHand<'_>>) -> io::Result<()> {
        if self.findings.is_empty() {
            return Ok(());
        }
        let mut findings = std::mem::take(&mut self.findings);
        let mut result = Ok(());
        for finding in &findings {
            if result.is_ok() {
                result = self.take(finding, at_hand);
            }
        }
        findings.clear();
        self.findings = findings;
        result
    }

    #[cold]
    fn take(&mut self, finding: &Finding, at_hand: Option<&AtHand<'_>>) -> io::Result<()> {
        let (end, requirement) = (finding.end, finding.requirement);
        if !finding.graded {
            self.doubts
                .entry((end, Some(requirement)))
                .or_insert(MISSED);
            return Ok(());
        }
        let address = self.ends.address(end);
        let is_at_hand = |here: &&AtHand<'_>| {
            here.frame == finding.observation && (here.ends.0 == end || here.ends.1 == end)
        };
        let here = at_hand.filter(is_at_hand);
        let earlier = match here {
            Some(_) => None,
            None => self.recent.find(finding.observation),
        };
        let (one, other) = match (here, &earlier) {
            (Some(here), _) => (here.speakers.0, Some(here.speakers.1)),
            (None, Some((flow, _))) => (Speaker::Port(flow.from), Some(Speaker::Port(flow.to))),
            (None, None) => (Speaker::Host(address), None),
        };
        let is_of = |speaker: Speaker| match speaker {
            Speaker::Host(host) => host == address,
            Speaker::Port(port) => *port.ip() == address,
        };
        let (from, to) = match other {
            Some(other) if !is_of(one) => (other, Some(one)),
            _ => (one, other),
        };
        let evidence = match (here, earlier) {
            _ if self.groups.contains_key(&(end, requirement)) => String::new(),
            (Some(here), _) => (here.line)(),
            (None, Some((_, line))) => line,
            (None, None) => String::new(),
        };
        let told = Told {
            finding: *finding,
            from,
            to,
            evidence,
        };
        // What a sender is blamed for may be the answer to octets that turn out to be missing.
        let connection = here.and_then(|here| here.connection.filter(|_| here.ends.0 == end));
        match connection {
            Some(connection) => self
                .held
                .hold(connection, told)
                .map_or(Ok(()), |one| self.emit(one)),
            None => self.emit(told),
        }
    }

    /// What was held of a connection is certain: the other end than these findings are about has gone on speaking, or the connection
    /// is over.
    fn release(&mut self, connection: u32, speaker: Option<SocketAddrV4>) -> io::Result<()> {
        for told in self.held.take(connection, speaker) {
            self.emit(told)?;
        }
        Ok(())
    }

    fn emit(&mut self, told: Told) -> io::Result<()> {
        let Told {
            finding,
            from,
            to,
            evidence,
        } = told;
        (self.on_finding)(&Found {
            finding: &finding,
            from,
            to,
        })?;
        let frame = finding.observation;
        let group = self
            .groups
            .entry((finding.end, finding.requirement))
            .or_insert_with(|| Group {
                requirement: finding.requirement,
                severity: finding.severity,
                count: 0,
                frames: Vec::new(),
                last_frame: frame,
                detail: finding.detail.to_string(),
                evidence,
            });
        group.count += 1;
        let grade = |severity| Grading::Default.grade(severity);
        if grade(finding.severity) > grade(group.severity) {
            group.severity = finding.severity;
        }
        if group.frames.len() < NAMED_FRAMES {
            group.frames.push(frame);
        }
        group.last_frame = frame;
        Ok(())
    }
}

impl Sink for Feeder<'_> {
    fn item(&mut self, item: &Item<'_>) -> io::Result<()> {
        self.recent.keep(item);
        match &item.kind {
            ItemKind::Opening(flow) => {
                let event = Event::ConnectionOpening(Connection(flow.connection));
                self.show(item, flow, event)
            }
            ItemKind::Opened { flow, start_seen } => {
                let connection = Connection(flow.connection);
                let event = match start_seen {
                    true => Event::ConnectionOpened(connection),
                    false => Event::ConnectionUnderway(connection),
                };
                self.show(item, flow, event)
            }
            ItemKind::Closed(flow) => {
                let event = Event::ConnectionClosed(Connection(flow.connection));
                self.show(item, flow, event)
            }
            ItemKind::Reset(flow) => {
                let event = Event::ConnectionReset(Connection(flow.connection));
                self.show(item, flow, event)
            }
            ItemKind::LosingStep(flow) => {
                let event = Event::LosingStep(Connection(flow.connection));
                self.show(item, flow, event)
            }
            ItemKind::Control(control) => self.control(item, control),
            ItemKind::Missing { flow, .. } => {
                self.missing(flow);
                Ok(())
            }
            ItemKind::Ended(flow) => {
                self.judge.advance(item.released.at, &mut self.findings);
                self.hand_over(None)?;
                self.release(flow.connection, None)?;
                self.judge.lose_sight(Connection(flow.connection));
                self.recent.forget(flow.connection);
                Ok(())
            }
            ItemKind::Gre(_) => Ok(()),
        }
    }

    #[inline]
    fn gre(&mut self, stamp: Stamp, packet: &GreOctets<'_>) -> io::Result<bool> {
        let (Some(from), Some(to)) = (self.number(packet.from), self.number(packet.to)) else {
            self.beyond += 1;
            return Ok(true);
        };
        let mut buffer = std::mem::take(&mut self.completed);
        let octets = match packet.octets.len() >= packet.sent_length {
            true => Some(packet.octets),
            false => completed(packet.octets, packet.sent_length, &mut buffer),
        };
        if let Some(octets) = octets {
            if let Ok(GrePacket { header, .. }) = GrePacket::decode(octets) {
                let path = Path {
                    from: packet.from,
                    to: packet.to,
                    call_id: header.call_id.0,
                };
                self.path
                    .see(path, header.sequence_number, packet.identification);
            }
            let observation = Observation {
                number: stamp.frame,
                at: stamp.at,
                place: Place::Passing,
                from,
                to,
                origin: Origin::Own,
                event: Event::Gre {
                    octets,
                    ip_identification: Some(packet.identification),
                },
            };
            self.judge.observe(&observation, &mut self.findings);
        } else {
            self.doubts.entry((from, None)).or_insert(CUT_PACKET);
        }
        self.completed = buffer;
        self.last = self.last.max(stamp.at);
        if !self.findings.is_empty() {
            self.hand_over(Some(&AtHand {
                frame: stamp.frame,
                ends: (from, to),
                speakers: (Speaker::Host(packet.from), Speaker::Host(packet.to)),
                connection: None,
                line: &|| {
                    let gre = Gre {
                        findings: Vec::new(),
                        ..(*packet).into()
                    };
                    line(&Item {
                        stamp,
                        released: stamp,
                        kind: ItemKind::Gre(gre),
                    })
                },
            }))?;
        }
        Ok(true)
    }
}

/// The line of an item, without what it is wrong in: that stands beside it.
fn plain_line(item: &Item<'_>) -> String {
    match &item.kind {
        ItemKind::Control(control) => line(&Item {
            kind: ItemKind::Control(Control {
                findings: Vec::new(),
                ..control.clone()
            }),
            ..item.clone()
        }),
        _ => line(item),
    }
}
