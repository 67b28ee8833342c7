//! Steps of a plan as steps of a flow.

use super::cast::{CallEnd, Cast};
use super::network::Ways;
use super::{NODES, PAC, index, inject, node_number, plain};
use crate::scenario::model::{
    Action, Impairment, Name, NodeIndex, PlaceCall, Plane, Ring, SetLinkInfoOptions, Step,
    StepKind, Until, WanErrors,
};
use crate::scenario::source::SourceSpan;
use pptp_wire::time::Duration;
use pptp_world::fuzzing;

/// The ways of a plan: both directions of both links.
const WAYS: usize = 4;

/// The longest payload that a plan's user sends (`TR-011`).
const LONGEST_PAYLOAD: u16 = 1532;

/// Receive ACCM that a plan's user tells.
const RECEIVE_ACCM: u32 = 0x000A_0000;

/// By when everything but keep-alive comes to rest once the network is healed and no user has anything to send.
const REST: Duration = Duration::from_secs(4 * 3_600);

/// The longest that a packet of a user waits for the one before it: the MaxTimeOut of a profile whose peer never acknowledges.
const SLOWEST: Duration = Duration::from_secs(64);

/// Writes the flow of a plan.
pub(super) struct Writer {
    steps: Vec<Step>,
    cast: Cast,
    ways: Ways,
    /// How often each way's outage and stall have begun and not ended.
    outages: [u8; WAYS],
    stalls: [u8; WAYS],
    /// Packets that users may offer.
    offered: u64,
    /// How long the plan's steps take.
    waited: Duration,
    uses_second_pns: bool,
    /// Whether an outsider puts octets into a connection.
    intrudes: bool,
}

impl Writer {
    /// Links that delay by so much.
    pub(super) fn new(delay: Duration) -> Writer {
        Writer {
            steps: Vec::new(),
            cast: Cast::default(),
            ways: Ways::new(delay),
            outages: [0; WAYS],
            stalls: [0; WAYS],
            offered: 0,
            waited: Duration::ZERO,
            uses_second_pns: false,
            intrudes: false,
        }
    }

    /// Whether some line names the second PNS.
    pub(super) fn uses_second_pns(&self) -> bool {
        self.uses_second_pns
    }

    /// Whether some end may be told what the other never said.
    pub(super) fn intrudes(&self) -> bool {
        self.intrudes
    }

    /// How long the run may take at most.
    pub(super) fn longest(&self) -> Duration {
        self.waited + self.rest_within() * 2
    }

    /// By when everything has come to rest.
    fn rest_within(&self) -> Duration {
        REST + SLOWEST * self.offered
    }

    /// The flow: the plan's steps, then the network heals.
    pub(super) fn flow(&mut self, steps: &[fuzzing::Step]) -> Vec<Step> {
        self.say("free control", StepKind::FreeControl { body: None });
        for step in steps {
            self.step(step);
        }
        self.say("heal", StepKind::Heal);
        std::mem::take(&mut self.steps)
    }

    /// Everything comes to rest.
    pub(super) fn rest(&mut self) -> Vec<Step> {
        let within = self.rest_within();
        let until = Until::Rest {
            within: Some(within),
            requirement: None,
        };
        let line = format!("wait until=rest within=\"{within}\"");
        let text = "wait until=rest".to_owned();
        let kind = StepKind::Wait(until);
        self.steps.push(Step {
            text,
            ..plain(line, kind)
        });
        std::mem::take(&mut self.steps)
    }

    fn say(&mut self, line: impl Into<String>, kind: StepKind) {
        self.steps.push(plain(line.into(), kind));
    }

    /// The name of a node, which takes part from now on.
    fn name(&mut self, node: usize) -> &'static str {
        self.uses_second_pns |= node == NODES.len() - 1;
        NODES[node]
    }

    fn step(&mut self, step: &fuzzing::Step) {
        use fuzzing::Step as Planned;
        match step {
            Planned::Wait { milliseconds } => {
                self.wait(Duration::from_millis((*milliseconds).into()));
            }
            Planned::Sleep { seconds } => self.wait(Duration::from_secs((*seconds).into())),
            Planned::OpenControl { node, to } => self.open_control(*node, *to),
            Planned::CloseControl { node, reason } => self.close_control(*node, *reason),
            Planned::Call { node } => self.call(node_number(*node)),
            Planned::EndCall { call }
            | Planned::LoseCarrier { call }
            | Planned::SetLinkInfo { call }
            | Planned::CountWanErrors { call, .. }
            | Planned::Traffic { call, .. } => self.of_call(step, *call),
            Planned::ResetConnection { connection }
            | Planned::HalfClose { connection, .. }
            | Planned::InjectControl { connection, .. } => self.of_connection(step, *connection),
            Planned::InjectGre { node, to, octets } => {
                let (from, to) = (node_number(*node), node_number(*to));
                if super::cast::linked(from, to) {
                    let names = [self.name(from), self.name(to)];
                    let (line, kind) = inject::gre([from, to], names, octets);
                    self.say(line, kind);
                }
            }
            Planned::Crash { node } => {
                let node = node_number(*node);
                self.cast.crash(node);
                let line = format!("crash {}", self.name(node));
                self.say(line, StepKind::Crash { node: index(node) });
            }
            Planned::Restart { node } => {
                let node = node_number(*node);
                let line = format!("restart {}", self.name(node));
                self.say(line, StepKind::Restart { node: index(node) });
            }
            _ => self.of_way(step),
        }
    }

    fn wait(&mut self, span: Duration) {
        if span == Duration::ZERO {
            return;
        }
        self.waited = self.waited + span;
        self.cast.wait();
        let until = Until::Elapsed {
            span,
            requirement: None,
        };
        self.say(format!("wait for=\"{span}\""), StepKind::Wait(until));
    }

    /// Has a node do something, which may be refused.
    fn ask(&mut self, node: usize, words: &str, action: Action) {
        let line = format!("do {} {words} may-be-refused=#true", self.name(node));
        self.say(
            line,
            StepKind::Do {
                node: index(node),
                action,
                may_be_refused: true,
            },
        );
    }

    fn open_control(&mut self, node: u8, to: u8) {
        let (node, to) = (node_number(node), node_number(to));
        let connection = self.cast.open(node, to).map(|number| format!("k{number}"));
        let mut words = format!("open-control to={}", self.name(to));
        if let Some(connection) = &connection {
            words.push_str(&format!(" connection={connection}"));
        }
        let action = Action::OpenControl {
            to: index(to),
            connection: connection.map(named),
        };
        self.ask(node, &words, action);
    }

    fn close_control(&mut self, node: u8, reason: u8) {
        let node = node_number(node);
        self.cast.close(node);
        // "Can't support protocol version" would be a lie of the user's (STCRQ-003).
        let reason = [1, 3][usize::from(reason % 2)];
        let action = Action::CloseControl {
            connection: None,
            reason,
        };
        self.ask(node, &format!("close-control reason={reason}"), action);
    }

    fn call(&mut self, node: usize) {
        let call = format!("c{}", self.cast.call(node));
        let (word, action) = if node == PAC {
            let action = Action::Ring {
                call: Some(named(call.clone())),
                connection: None,
                options: Ring::default(),
            };
            ("ring", action)
        } else {
            let action = Action::PlaceCall {
                call: Some(named(call.clone())),
                connection: None,
                options: PlaceCall::default(),
            };
            ("place-call", action)
        };
        self.ask(node, &format!("{word} call={call}"), action);
    }

    /// What a user asks of a call. What an end of its role cannot do comes to nothing.
    fn of_call(&mut self, step: &fuzzing::Step, which: u8) {
        let Some(CallEnd { call, node, .. }) = self.cast.call_end(which) else {
            return;
        };
        let at_pac = node == PAC;
        let text = format!("c{call}");
        let name = named(text.clone());
        let (words, action) = match *step {
            fuzzing::Step::EndCall { .. } => {
                self.cast.end(call);
                if at_pac {
                    (
                        "disconnect-call".to_owned(),
                        Action::DisconnectCall { call: name },
                    )
                } else {
                    ("clear-call".to_owned(), Action::ClearCall { call: name })
                }
            }
            fuzzing::Step::LoseCarrier { .. } if at_pac => {
                self.cast.end(call);
                (
                    "lose-carrier".to_owned(),
                    Action::LoseCarrier { call: name },
                )
            }
            fuzzing::Step::SetLinkInfo { .. } if !at_pac => {
                let options = SetLinkInfoOptions {
                    send_accm: 0,
                    receive_accm: RECEIVE_ACCM,
                };
                let words = format!("set-link-info send-accm=0 receive-accm={RECEIVE_ACCM}");
                (
                    words,
                    Action::SetLinkInfo {
                        call: name,
                        options,
                    },
                )
            }
            fuzzing::Step::CountWanErrors { errors, .. } if at_pac && errors > 0 => {
                let counters = WanErrors {
                    crc_errors: errors.into(),
                    ..WanErrors::default()
                };
                let words = format!("count-wan-errors crc-errors={errors}");
                (
                    words,
                    Action::CountWanErrors {
                        call: name,
                        counters,
                    },
                )
            }
            fuzzing::Step::Traffic {
                packets,
                length,
                every,
                ..
            } if packets > 0 => {
                self.offered += u64::from(packets);
                let bytes = 1 + length % LONGEST_PAYLOAD;
                let every = every.map(|every| Duration::from_millis(every.into()));
                let mut words = format!("send-data packets={packets} bytes={bytes}");
                if let Some(every) = every {
                    words.push_str(&format!(" every=\"{every}\""));
                }
                let action = Action::SendData {
                    call: name,
                    packets: packets.into(),
                    bytes,
                    every,
                };
                (words, action)
            }
            _ => return,
        };
        let words = words.replacen(' ', &format!(" call={text} "), 1);
        let words = if words.contains("call=") {
            words
        } else {
            format!("{words} call={text}")
        };
        self.ask(node, &words, action);
    }

    /// What happens to a connection from outside.
    fn of_connection(&mut self, step: &fuzzing::Step, which: u8) {
        let Some(connection) = self.cast.connection(which) else {
            return;
        };
        let [opener, other] = connection.ends;
        let text = format!("k{}", connection.number);
        let (a, b) = (self.name(opener), self.name(other));
        match step {
            fuzzing::Step::HalfClose { backward, .. } => {
                let from = if *backward { other } else { opener };
                let line = format!(
                    "half-close {a} {b} from={} connection={text}",
                    self.name(from)
                );
                let kind = StepKind::HalfClose {
                    a: index(opener),
                    b: index(other),
                    from: index(from),
                    connection: Some(named(text)),
                };
                self.say(line, kind);
            }
            fuzzing::Step::InjectControl {
                backward, octets, ..
            } => {
                if octets.is_empty() {
                    return;
                }
                let ends = if *backward {
                    [other, opener]
                } else {
                    [opener, other]
                };
                let names = ends.map(|end| NODES[end]);
                self.intrudes = true;
                let (line, kind) = inject::control(ends, names, named(text), octets);
                self.say(line, kind);
            }
            _ => {
                self.cast.lose(connection.number);
                let line = format!("reset {a} {b} connection={text}");
                let kind = StepKind::Reset {
                    a: index(opener),
                    b: index(other),
                    connection: Some(named(text)),
                };
                self.say(line, kind);
            }
        }
    }

    /// What a way does from now on.
    fn of_way(&mut self, step: &fuzzing::Step) {
        use fuzzing::Step as Planned;
        let (Planned::ImpairGre { way, .. }
        | Planned::ImpairControl { way, .. }
        | Planned::Target { way, .. }
        | Planned::HoldUp { way, .. }
        | Planned::Outage { way, .. }
        | Planned::Stall { way, .. }) = step
        else {
            return;
        };
        let way = usize::from(*way) % WAYS;
        let (a, b) = ([0, 2][way / 2], PAC);
        let (from, to) = if way % 2 == 0 { (a, b) } else { (b, a) };
        let ends = (index(a), index(b));
        match step {
            Planned::ImpairGre { impairments, .. } => {
                let change = self.ways.impair_gre(way, ends, NODES[from], impairments);
                self.impair(a, change);
            }
            Planned::ImpairControl { impairments, .. } => {
                let change = self
                    .ways
                    .impair_control(way, ends, NODES[from], impairments);
                self.impair(a, change);
            }
            Planned::Outage { begins, .. } => {
                let changes = count(&mut self.outages[way], *begins);
                if changes {
                    self.outage(ends, from, Plane::Gre, *begins);
                }
            }
            Planned::Stall { begins, .. } => {
                let changes = count(&mut self.stalls[way], *begins);
                if changes {
                    self.outage(ends, from, Plane::Control, *begins);
                }
            }
            _ => {
                if let Some((line, kind)) = super::faults::fault(step, from, to) {
                    self.name(a);
                    self.say(line, kind);
                }
            }
        }
    }

    fn impair(&mut self, pns: usize, change: Option<Impairment>) {
        let Some(change) = change else { return };
        let line = format!("impair {} {}", self.name(pns), NODES[PAC]);
        self.steps.push(Step {
            span: SourceSpan::default(),
            text: format!("{line} {{"),
            line,
            kind: StepKind::Impair(Box::new(change)),
        });
    }

    /// GRE is lost, or control octets wait, or no more.
    fn outage(&mut self, (a, b): (NodeIndex, NodeIndex), from: usize, plane: Plane, begins: bool) {
        let pns = self.name(usize::from(a.0));
        let ends = format!("{pns} {}", NODES[PAC]);
        let sender = NODES[from];
        let from = Some(index(from));
        let (line, kind) = match (begins, plane) {
            (true, Plane::Gre) => (
                format!("outage {ends} plane=gre from={sender}"),
                StepKind::Outage {
                    a,
                    b,
                    plane: Some(plane),
                    from,
                    duration: None,
                    body: None,
                },
            ),
            (true, Plane::Control) => (
                format!("stall {ends} from={sender}"),
                StepKind::Stall {
                    a,
                    b,
                    from,
                    duration: None,
                    body: None,
                },
            ),
            (false, plane) => {
                let word = match plane {
                    Plane::Gre => "gre",
                    Plane::Control => "control",
                };
                (
                    format!("resume {ends} plane={word} from={sender}"),
                    StepKind::Resume {
                        a,
                        b,
                        plane: Some(plane),
                        from,
                    },
                )
            }
        };
        self.say(line, kind);
    }
}

/// Counts beginnings and ends; whether it is the first beginning, or the last end.
fn count(begun: &mut u8, begins: bool) -> bool {
    if begins {
        *begun = begun.saturating_add(1);
        *begun == 1
    } else if *begun > 0 {
        *begun -= 1;
        *begun == 0
    } else {
        false
    }
}

pub(super) fn named(text: String) -> Name {
    Name {
        text,
        span: SourceSpan::default(),
    }
}
