//! The ladder of a run: from the entries of its transcript and what was taken down beside them.

use std::collections::BTreeMap;

use pptp_wire::CallId;
use pptp_wire::time::Instant;
use pptp_world::{ConnectionNumber, NodeId};

use super::arrow::{Arrow, End, Fate, Mark, MarkKind, Numbers, Plane};
use super::builder::Builder;
use super::course::{Course, Moved, Way};
use super::ladder::{EventKind, Ladder, Level, Note, NoteKind, State, Track};
use super::overtaken::mark_late;
use crate::scenario::model::{NodeSpec, Scenario};
use crate::transcript::{self, ControlEntry, Entry, GreEntry, Header, TcpEvent, control_words};

/// What of a run is said beside its entries.
pub struct Facts<'a> {
    /// What the head of the transcript names.
    pub header: &'a Header,
    /// The last line of the transcript.
    pub verdict: &'a str,
    /// The scenario: its nodes.
    pub scenario: &'a Scenario,
    /// Names of the connections of pairs that had more than one.
    pub connections: &'a BTreeMap<ConnectionNumber, String>,
    /// The name of a node's call by its own Call ID, as it is known at the end.
    pub call_name: &'a dyn Fn(NodeId, CallId) -> Option<String>,
}

/// The ladder of a run. `entries` are in the order in which they were logged, as `course` counts them.
pub fn of_run(facts: &Facts<'_>, entries: &[Entry], course: &Course) -> Ladder {
    let mut builder = Builder::new(facts.header.title.clone(), head(facts.header));
    for node in &facts.scenario.nodes {
        builder.lifeline(node.name.clone(), about(node));
    }
    let mut happened: Vec<(Instant, u64, EventKind)> = Vec::new();
    let mut arrows: Vec<(Instant, u64, Arrow)> = Vec::new();
    for (place, entry) in entries.iter().enumerate() {
        let way = course.way(place);
        let order = way.order;
        match entry {
            Entry::Step { at, text, .. } => {
                happened.push((*at, order, note(NoteKind::Step, text.clone())));
            }
            Entry::Comment { text, .. } if text.starts_with("matched: ") => {}
            Entry::Comment { at, text } => {
                happened.push((*at, order, note(NoteKind::Remark, text.clone())));
            }
            _ => arrows.extend(arrow(entry, way).map(|arrow| (entry.at(), order, arrow))),
        }
    }
    arrows.sort_by_key(|(at, order, _)| (*at, *order));
    mark_late(&mut arrows);
    happened.extend(states(facts, course));
    let arrows = arrows.into_iter().map(|(at, order, arrow)| {
        let kind = EventKind::Arrow(Box::new(arrow));
        (at, order, kind)
    });
    happened.extend(arrows);
    happened.sort_by_key(|(at, order, _)| (*at, *order));
    for (at, order, kind) in happened {
        match kind {
            EventKind::Arrow(arrow) => builder.arrow(at, order, *arrow),
            other => builder.add(at, order, other),
        };
    }
    builder.remark(facts.verdict.trim_start_matches("// ").to_owned());
    builder.finish()
}

fn head(header: &Header) -> Vec<String> {
    let case = header.case.iter().map(|case| format!("case {case}"));
    let luck = format!("seed={} world={}", header.seed, header.world);
    case.chain([luck]).collect()
}

/// `PNS`, `PAC (poptop)`, `scripted`.
fn about(node: &NodeSpec) -> String {
    let mut about = node
        .role
        .map_or_else(String::new, |role| role.name().to_owned());
    if node.scripted {
        about = format!("{about} scripted").trim_start().to_owned();
    }
    about
}

fn note(kind: NoteKind, text: String) -> EventKind {
    EventKind::Note(Note { kind, text })
}

fn arrow(entry: &Entry, way: Way) -> Option<Arrow> {
    let (from, to) = match entry {
        Entry::Tcp(tcp) => (tcp.from, tcp.to),
        Entry::Control(control) => (control.from, control.to),
        Entry::Gre(packet) => (packet.from, packet.to),
        Entry::Step { .. } | Entry::Comment { .. } => return None,
    };
    let mut arrow = Arrow {
        from: usize::from(from.0),
        to: usize::from(to.0),
        plane: Plane::Tcp,
        name: String::new(),
        fields: Vec::new(),
        numbers: None,
        marks: Vec::new(),
        ends: way.ends,
        run: None,
    };
    if arrow.ends.is_empty() {
        // The arrival of a SYN that is accepted shows in nothing but the connection being open a little later.
        let is_opening = matches!(entry, Entry::Tcp(tcp) if tcp.event == TcpEvent::Open);
        let fate = if is_opening {
            Fate::Unknown
        } else {
            Fate::UnderWay
        };
        arrow.ends.push(End {
            fate,
            ..End::unknown()
        });
    }
    let marks = match entry {
        Entry::Tcp(tcp) => {
            arrow.name = tcp.event.name().to_owned();
            let connection = tcp.connection.iter();
            arrow.fields = connection
                .map(|name| format!("connection={name}"))
                .collect();
            &tcp.marks
        }
        Entry::Control(control) => {
            describe_control(&mut arrow, control);
            &control.marks
        }
        Entry::Gre(packet) => {
            describe_gre(&mut arrow, packet);
            &packet.marks
        }
        Entry::Step { .. } | Entry::Comment { .. } => return None,
    };
    arrow.marks = marks.iter().filter_map(mark).collect();
    Some(arrow)
}

fn describe_control(arrow: &mut Arrow, control: &ControlEntry) {
    let (name, fields) = control_words(control);
    arrow.plane = Plane::Control;
    arrow.name = name.to_owned();
    arrow.fields = fields
        .iter()
        .map(|(key, value)| format!("{key}={value}"))
        .collect();
}

fn describe_gre(arrow: &mut Arrow, packet: &GreEntry) {
    arrow.plane = Plane::Gre;
    arrow.name = "GRE".to_owned();
    arrow.numbers = Some(Numbers {
        call_id: packet.call_id(),
        sequence: packet.sequence_number().map(|number| (number, number)),
        acknowledgment: packet
            .acknowledgment_number()
            .map(|number| (number, number)),
        payload_length: (packet.payload_length(), packet.payload_length()),
    });
    arrow.fields.push(match &packet.call {
        Some(call) => format!("call={call}"),
        None => format!("call-id={}", packet.call_id()),
    });
    let odd = packet.odd_fields().into_iter();
    arrow
        .fields
        .extend(odd.map(|(key, value)| format!("{key}={value}")));
}

/// A mark of the transcript; what is about the script alone is left out.
fn mark(mark: &transcript::Mark) -> Option<Mark> {
    use transcript::Mark as Told;
    let kind = match mark {
        Told::Ignored | Told::Branch(_) | Told::Answer => return None,
        Told::Lost(_) | Told::Refused(_) => MarkKind::Gone,
        Told::Duplicated | Told::Corrupted | Told::Delayed(_) => MarkKind::Path,
        Told::Finding(_) => MarkKind::Finding,
        Told::Cause(_)
        | Told::WindowFull(_)
        | Told::Segments(_)
        | Told::Scripted(_)
        | Told::Note(_) => MarkKind::Plain,
    };
    let text = mark.text();
    (!text.is_empty()).then_some(Mark { kind, text })
}

/// The tracks that a node has open: what each is called, and the state that it is in.
type Tracks = BTreeMap<Track, (String, &'static str)>;

/// The moves of the state machines, and what crashes end.
fn states(facts: &Facts<'_>, course: &Course) -> Vec<(Instant, u64, EventKind)> {
    enum What<'c> {
        Moved(&'c Moved),
        Power(NodeId, bool),
    }
    let moves = course
        .moves()
        .iter()
        .map(|moved| (moved.at, moved.order, What::Moved(moved)));
    let powers = course
        .powers()
        .iter()
        .map(|&(at, order, node, up)| (at, order, What::Power(node, up)));
    let mut happened: Vec<_> = moves.chain(powers).collect();
    happened.sort_by_key(|(at, order, _)| (*at, *order));
    let mut open: BTreeMap<NodeId, Tracks> = BTreeMap::new();
    let mut shown = Vec::new();
    for (at, order, what) in happened {
        match what {
            What::Moved(moved) => {
                let tracks = open.entry(moved.node).or_default();
                if let Some(state) = state(facts, moved, tracks) {
                    shown.push((at, order, EventKind::State(state)));
                }
            }
            What::Power(node, up) => {
                for (track, (of, _)) in std::mem::take(open.entry(node).or_default()) {
                    let state = State {
                        lifeline: usize::from(node.0),
                        track,
                        of,
                        name: "gone".to_owned(),
                        level: Level::None,
                    };
                    shown.push((at, order, EventKind::State(state)));
                }
                let name = facts.scenario.nodes.get(usize::from(node.0));
                let name = name.map_or("?", |node| node.name.as_str());
                let text = format!("{name} {}", if up { "starts again" } else { "crashes" });
                shown.push((at, order, note(NoteKind::Remark, text)));
            }
        }
    }
    shown
}

/// One move as it is drawn; `tracks` are those that the node has open.
fn state(facts: &Facts<'_>, moved: &Moved, tracks: &mut Tracks) -> Option<State> {
    let level = match moved.state {
        "idle" => Level::None,
        "established" => Level::Established,
        _ => Level::Pending,
    };
    let (track, of) = match moved.call {
        Some(id) => {
            let name = moved.call_name.clone();
            let name = name.or_else(|| (facts.call_name)(moved.node, id));
            let track = Track {
                is_call: true,
                key: u64::from(id.0),
            };
            (track, name.unwrap_or_else(|| format!("call {}", id.0)))
        }
        None => {
            let is_connection = |track: &&Track| !track.is_call;
            let track = match moved.connection {
                Some(number) => Track {
                    is_call: false,
                    key: u64::from(number.0),
                },
                // The connection is forgotten already: the one that is open is meant.
                None => tracks.keys().rfind(is_connection)?.clone(),
            };
            let name = moved
                .connection
                .and_then(|number| facts.connections.get(&number).cloned());
            let name = name.or_else(|| tracks.get(&track).map(|(of, _)| of.clone()));
            (track, name.unwrap_or_default())
        }
    };
    let before = tracks.remove(&track).map(|(_, state)| state);
    let is_news = match level {
        Level::None => before.is_some(),
        Level::Pending | Level::Established => {
            tracks.insert(track.clone(), (of.clone(), moved.state));
            before != Some(moved.state)
        }
    };
    if !is_news {
        return None;
    }
    Some(State {
        lifeline: usize::from(moved.node.0),
        track,
        of,
        name: moved.state.to_owned(),
        level,
    })
}
