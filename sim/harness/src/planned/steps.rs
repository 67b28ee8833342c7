//! Steps of a plan as steps of a flow.

use super::cast::Cast;
use super::network::Ways;
use super::{NODES, index, inject, node_number, plain};
use crate::scenario::model::{Name, Step, StepKind, Until};
use crate::scenario::source::SourceSpan;
use pptp_wire::time::Duration;
use pptp_world::fuzzing;

/// The ways of a plan: both directions of both links.
pub(super) const WAYS: usize = 4;

/// By when everything but keep-alive comes to rest once the network is healed and no user has anything to send.
const REST: Duration = Duration::from_secs(4 * 3_600);

/// Longer than any end waits for a message that is to come.
const LONG: Duration = Duration::from_secs(600);

/// The longest that a packet of a user waits for the one before it: the MaxTimeOut of a profile whose peer never acknowledges.
const SLOWEST: Duration = Duration::from_secs(64);

/// Writes the flow of a plan.
pub(super) struct Writer {
    pub(super) steps: Vec<Step>,
    pub(super) cast: Cast,
    pub(super) ways: Ways,
    /// How often each way's outage and stall have begun and not ended.
    pub(super) outages: [u8; WAYS],
    pub(super) stalls: [u8; WAYS],
    /// Packets that users may offer.
    pub(super) offered: u64,
    /// How long the plan's steps take.
    waited: Duration,
    uses_second_pns: bool,
    /// Whether an outsider puts octets into a connection.
    pub(super) intrudes: bool,
}

impl Writer {
    /// Links that delay by so much, and a telephone that is answered after so long.
    pub(super) fn new(delay: Duration, answers_after: Duration) -> Writer {
        Writer {
            steps: Vec::new(),
            cast: Cast::new(delay, answers_after),
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

    /// Everything comes to rest; where nobody may find out that a connection is lost, enough time for that passes.
    pub(super) fn rest(&mut self, finds_out: bool) -> Vec<Step> {
        let within = self.rest_within();
        if !finds_out {
            self.wait(LONG + SLOWEST * self.offered);
            return std::mem::take(&mut self.steps);
        }
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

    pub(super) fn say(&mut self, line: impl Into<String>, kind: StepKind) {
        self.steps.push(plain(line.into(), kind));
    }

    /// The name of a node, which takes part from now on.
    pub(super) fn name(&mut self, node: usize) -> &'static str {
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
            | Planned::InjectControl { connection, .. }
            | Planned::ForgeMessage { connection, .. } => self.of_connection(step, *connection),
            Planned::ForgePacket {
                node,
                call,
                spoofed,
                packet,
            } => self.forge_packet(node_number(*node), *call, *spoofed, packet),
            // Which of its decisions become faults is for whoever has played the plan to say.
            Planned::Luck { .. } => {}
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

    pub(super) fn wait(&mut self, span: Duration) {
        if span == Duration::ZERO {
            return;
        }
        self.waited = self.waited + span;
        self.cast.wait(span);
        let until = Until::Elapsed {
            span,
            requirement: None,
        };
        self.say(format!("wait for=\"{span}\""), StepKind::Wait(until));
    }
}

pub(super) fn named(text: String) -> Name {
    Name {
        text,
        span: SourceSpan::default(),
    }
}
