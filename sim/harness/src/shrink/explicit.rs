//! Luck made explicit: every decision of a tape becomes a targeted fault, and the models that drew them go.

use std::collections::BTreeMap;

use pptp_wire::GreHeader;
use pptp_wire::time::Duration;
use pptp_world::NodeId;
use pptp_world::luck::{Direction, Plane};
use pptp_world::tape::{Choice, Decision, Tape, Track};

use super::line;
use super::probe::SentPacket;
use super::tree;
use crate::scenario::model::{
    FaultKind, GreSpec, MessageName, NodeIndex, PacketLine, Scenario, Step, StepKind, TargetedFault,
};
use crate::scenario::source::SourceSpan;

/// Properties of `control` and `gre` lines that need luck.
const LUCK: &[&str] = &[
    "jitter",
    "distribution",
    "jitter-correlation",
    "loss",
    "loss-correlation",
    "loss-gilbert-elliott",
    "loss-markov",
    "reorder",
    "reorder-correlation",
    "reorder-gap",
    "duplicate",
    "duplicate-correlation",
    "corrupt",
    "corrupt-correlation",
];

/// The scenario with the decisions of the tape as targeted faults at the beginning of its flow, and without anything that needs luck.
/// `packets` are the datagrams that were sent in the run of the tape: faults pick them by their numbers, where those are unique.
pub fn explicit(scenario: &Scenario, tape: &Tape, packets: &[SentPacket]) -> Scenario {
    let doubles = tree::all(&scenario.flow).iter().any(
        |step| matches!(&step.kind, StepKind::Fault(fault) if fault.kind == FaultKind::Duplicate),
    );
    let mut faults = Vec::new();
    for (position, track) in tape.tracks().iter().enumerate() {
        // A link opens four paths, in the order of the links.
        let Some(link) = scenario.links.get(position / 4) else {
            continue;
        };
        let (from, to) = match track.name.direction {
            Direction::Forward => (link.a, link.b),
            Direction::Backward => (link.b, link.a),
        };
        let path = Path {
            scenario,
            from,
            to,
            doubles,
        };
        match track.name.plane {
            Plane::Control => path.segments(track, &mut faults),
            Plane::Gre => path.packets(track, packets, &mut faults),
        }
    }
    let mut explicit = scenario.clone();
    for link in &mut explicit.links {
        for control in &mut link.control {
            control.jitter = None;
        }
        for gre in &mut link.gre {
            *gre = GreSpec {
                delay: gre.delay,
                rate: gre.rate,
                mtu: gre.mtu,
                ..GreSpec::default()
            };
        }
    }
    let flow = tree::rewritten(&explicit.flow, &mut |_, step| without_luck(step));
    explicit.flow = faults;
    explicit.flow.extend(flow);
    explicit
}

/// A step that changes a link without luck; a fault whose bit luck chose is gone, with what it holds in its place.
fn without_luck(mut step: Step) -> Vec<Step> {
    match &mut step.kind {
        StepKind::Impair(impairment) => {
            let lines = impairment.lines.iter();
            let lines = lines.map(|line| line::without(line, LUCK));
            // `gre from=pac` alone changes nothing.
            impairment.lines = lines
                .filter(|line| {
                    let words = line::words(line);
                    let mut properties = words.iter().filter_map(line::Word::property);
                    properties.any(|(key, _)| key != "from")
                })
                .collect();
            if impairment.lines.is_empty() {
                return impairment.body.take().unwrap_or_default();
            }
            vec![step]
        }
        StepKind::Fault(fault) if fault.kind == (FaultKind::Corrupt { bit: None }) => {
            fault.body.take().unwrap_or_default()
        }
        _ => vec![step],
    }
}

/// One direction of a link.
struct Path<'a> {
    scenario: &'a Scenario,
    from: NodeIndex,
    to: NodeIndex,
    /// Faults of the scenario double packets: every packet may have a second copy.
    doubles: bool,
}

impl Path<'_> {
    fn segments(&self, track: &Track, faults: &mut Vec<Step>) {
        for decision in track.decisions() {
            if let Choice::Jitter(nanoseconds) = decision.choice {
                let (kind, word, by) = jitter(nanoseconds);
                let which = format!("nth={}", decision.ordinal);
                faults.push(self.fault(kind, MessageName::TcpSegment, word, &which, &by));
            }
        }
    }

    fn packets(&self, track: &Track, packets: &[SentPacket], faults: &mut Vec<Step>) {
        let (from, to) = (NodeId(self.from.0), NodeId(self.to.0));
        let own = packets.iter().filter(|it| (it.from, it.to) == (from, to));
        let names = names(own.map(|packet| packet.header));
        let mut rest = track.decisions();
        while let Some(first) = rest.first() {
            let count = rest
                .iter()
                .take_while(|it| it.ordinal == first.ordinal)
                .count();
            let (of_packet, behind) = rest.split_at(count);
            rest = behind;
            let place = usize::try_from(first.ordinal).unwrap_or(usize::MAX) - 1;
            let fallback = || format!("nth={}", first.ordinal);
            let which = names.get(place).cloned().flatten().unwrap_or_else(fallback);
            let two = self.doubles
                || of_packet
                    .iter()
                    .any(|it| it.copy || it.choice == Choice::Duplicate);
            for decision in of_packet {
                faults.push(self.of_packet(decision, &which, two));
            }
        }
    }

    /// The fault that does to a packet what luck decided. Of two copies it strikes the one that the decision was about.
    fn of_packet(&self, decision: &Decision, which: &str, two: bool) -> Step {
        let copy = match (two, decision.copy) {
            (false, _) => "",
            (true, false) => " copy=1",
            (true, true) => " copy=2",
        };
        let (kind, word, rest) = match decision.choice {
            Choice::Loss | Choice::LossGilbertElliott | Choice::LossMarkov => {
                (FaultKind::Drop, "drop", String::new())
            }
            Choice::Duplicate => (FaultKind::Duplicate, "duplicate", String::new()),
            Choice::Corrupt(bit) => (
                FaultKind::Corrupt { bit: Some(bit) },
                "corrupt",
                format!("{copy} bit={bit}"),
            ),
            // What a fault corrupts is corrupt in both copies.
            Choice::Targeted(bit) => (
                FaultKind::Corrupt { bit: Some(bit) },
                "corrupt",
                format!(" bit={bit}"),
            ),
            Choice::Reorder => (FaultKind::Hasten { by: None }, "hasten", copy.to_owned()),
            Choice::Jitter(nanoseconds) => {
                let (kind, word, by) = jitter(nanoseconds);
                (kind, word, format!("{copy}{by}"))
            }
        };
        self.fault(kind, MessageName::Gre, word, which, &rest)
    }

    fn fault(
        &self,
        kind: FaultKind,
        message: MessageName,
        word: &str,
        which: &str,
        rest: &str,
    ) -> Step {
        let name = |node| &self.scenario.node(node).name;
        let (from, to) = (name(self.from), name(self.to));
        let line = format!("{word} {from} -> {to} {} {which}{rest}", message.name());
        Step {
            span: SourceSpan::default(),
            text: line.clone(),
            line,
            // What counts is the line: the scenario is read again before it is played.
            kind: StepKind::Fault(TargetedFault {
                kind,
                packets: PacketLine {
                    from: self.from,
                    to: self.to,
                    message,
                    call: None,
                    connection: None,
                    fields: Vec::new(),
                },
                nth: None,
                copy: None,
                body: None,
            }),
        }
    }
}

fn jitter(nanoseconds: i64) -> (FaultKind, &'static str, String) {
    let by = Duration(nanoseconds.unsigned_abs());
    let text = format!(" by=\"{by}\"");
    if nanoseconds < 0 {
        (FaultKind::Hasten { by: Some(by) }, "hasten", text)
    } else {
        (FaultKind::Delay { by }, "delay", text)
    }
}

/// What picks each packet of a path, and no other: its Sequence Number, or, where it only acknowledges, its Acknowledgment Number; and
/// which one it is of those that have the same.
fn names(headers: impl Iterator<Item = Option<GreHeader>>) -> Vec<Option<String>> {
    let keys: Vec<Option<(bool, u32)>> = headers
        .map(|header| {
            let header = header?;
            match (header.sequence_number, header.acknowledgment_number) {
                (Some(number), _) => Some((true, number)),
                (None, Some(number)) => Some((false, number)),
                (None, None) => None,
            }
        })
        .collect();
    let mut counts: BTreeMap<(bool, u32), u64> = BTreeMap::new();
    for key in keys.iter().flatten() {
        *counts.entry(*key).or_default() += 1;
    }
    let mut seen: BTreeMap<(bool, u32), u64> = BTreeMap::new();
    let name = |key: (bool, u32)| {
        let nth = seen.entry(key).or_default();
        *nth += 1;
        let mut name = match key {
            (true, number) => format!("sequence-number={number}"),
            (false, number) => {
                format!("acknowledgment-only=#true acknowledgment-number={number}")
            }
        };
        if counts[&key] > 1 {
            name.push_str(&format!(" nth={nth}"));
        }
        name
    };
    let mut name = name;
    keys.into_iter().map(|key| key.map(&mut name)).collect()
}
