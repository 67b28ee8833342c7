//! A plan on its course: the world that it makes, its steps, and the laws.

use super::plan::{ADDRESSES, NODES, PAC, Plan, Setup, Step};
use super::{Outcome, SentPacket};
use crate::link::{
    ControlAction, ControlImpairments, ControlMatch, ControlRule, GreAction, GreImpairments,
    GreMatch, GreRule, LinkConfig, Ranges, RuleId,
};
use crate::luck::{ChosenLuck, Direction, Plane};
use crate::tape::Tape;
use crate::{
    Advance, CallRef, Command, EndpointNode, Limits, LinkId, NodeId, PlaceCall, Record, Ring, Role,
    Traffic, WanErrors, World, WorldConfig,
};
use pptp_wire::time::{Duration, Instant};
use pptp_wire::{ControlMessageType, StopReason};
use std::sync::Arc;

/// Twice what the longest plan takes in a network that keeps its promises.
const LIMITS: Limits = Limits {
    steps: 4_000_000,
    time: Instant::NEVER,
    queue: 400_000,
    records: 8_000_000,
    outputs_at_once: 100_000,
};

/// By when everything but keep-alive comes to rest once the network is healed and no user has anything to send: every timer of an
/// endpoint has run out, and what waits in the network has come out of it at the lowest rate.
const REST: Duration = Duration::from_secs(4 * 3_600);

/// The longest that a packet of a user waits for the one before it: the MaxTimeOut of a profile whose peer never acknowledges.
pub(super) const SLOWEST: Duration = Duration::from_secs(64);

/// The longest payload that a user may send (`TR-011`).
const LONGEST_PAYLOAD: u16 = 1532;

/// The ways: both directions of both links.
const WAYS: usize = 4;

/// A world with what happened in it.
pub(super) struct Course {
    pub(super) world: World,
    pub(super) nodes: Vec<NodeId>,
    links: Vec<LinkId>,
    /// What both links do to what passes them, before anything changes them.
    declared: LinkConfig,
    /// Whether each node is one that does all that the RFC asks for.
    pub(super) rfc: [bool; NODES],
    /// Calls that are established, as each of their ends names them, in the order in which they were.
    pub(super) calls: Vec<(NodeId, CallRef)>,
    /// How often each way's outage and stall have begun and not ended.
    outages: [u8; WAYS],
    stalls: [u8; WAYS],
    /// Packets that users have offered.
    offered: u64,
    /// Where luck comes from in a plan that chooses it.
    luck: ChosenLuck,
    /// Datagrams that were put on paths, where somebody wants to know.
    pub(super) packets: Option<Vec<SentPacket>>,
    /// Connections that octets of outsiders have come into, as the nodes at their ends.
    pub(super) intruded: Vec<[NodeId; 2]>,
    /// What has to be taken off when the network heals.
    rules: Vec<(usize, Plane, RuleId)>,
    pub(super) records: Vec<Record>,
    /// Whether records are digested.
    pub(super) digests: bool,
    pub(super) text: String,
    pub(super) outcome: Outcome,
}

impl Course {
    /// A world that writes its tape.
    pub fn record(plan: &Plan) -> Course {
        let config = config(&plan.setup);
        if !plan.chooses_luck() {
            return Course::new(&plan.setup, World::new(config));
        }
        let luck = ChosenLuck::default();
        let world = World::with_luck(config, Arc::new(luck.clone()));
        Course {
            luck,
            ..Course::new(&plan.setup, world)
        }
    }

    /// The same world from its tape.
    ///
    /// # Panics
    /// If the tape does not survive being text.
    pub fn replay(setup: &Setup, tape: &Tape) -> Course {
        let text = tape.to_text();
        let read = match Tape::from_text(&text) {
            Ok(read) => read,
            Err(error) => panic!("the tape does not come back from its text: {error}\n{text}"),
        };
        assert_eq!(read, *tape, "the tape survives being text");
        Course::new(setup, World::replay(config(setup), read))
    }

    fn new(setup: &Setup, mut world: World) -> Course {
        let mut nodes = Vec::new();
        for (number, name) in ["pns", "pac", "pns2"].into_iter().enumerate() {
            let config = setup.nodes[number].config(number);
            let node = Box::new(EndpointNode::new(config));
            nodes.push(world.add_node(name, &[ADDRESSES[number]], node));
        }
        let delay = Duration::from_millis(setup.delay.into());
        let control = ControlImpairments {
            delay,
            ..ControlImpairments::default()
        };
        let gre = GreImpairments {
            delay,
            ..GreImpairments::default()
        };
        let link = LinkConfig {
            control: [control.clone(), control],
            gre: [gre; 2],
        };
        let links = [0, 2].map(|number| world.add_link(nodes[number], nodes[PAC], &link));
        Course {
            world,
            rfc: core::array::from_fn(|number| setup.nodes[number].is_rfc(number)),
            nodes,
            links: links.map(|link| link.expect("a link that can be")).to_vec(),
            declared: link,
            calls: Vec::new(),
            outages: [0; WAYS],
            stalls: [0; WAYS],
            offered: 0,
            luck: ChosenLuck::default(),
            packets: None,
            intruded: Vec::new(),
            rules: Vec::new(),
            records: Vec::new(),
            digests: setup.replays,
            text: String::new(),
            outcome: Outcome::default(),
        }
    }

    /// Takes the steps, heals the network, and lets everything come to rest.
    pub fn run(mut self, steps: &[Step]) -> (Outcome, Tape) {
        self.go(steps);
        (self.outcome, self.world.tape().clone())
    }

    /// As [`Course::run`], for a look at what there is even if a law does not hold.
    pub(super) fn go(&mut self, steps: &[Step]) {
        self.play(steps);
        self.heal();
        let until = self.world.now() + REST + SLOWEST * self.offered;
        // Keep-alive finds out which connections the other end has lost, and a time-out may come after the next keep-alive.
        while !self.world.only_keep_alive_left() || !self.unsettled().is_empty() {
            let advance = self.world.advance(until);
            self.look();
            match advance {
                Advance::Event => {}
                Advance::Quiet => break,
                other => panic!("not at rest by {until}: {other:?}: {:?}", self.unsettled()),
            }
        }
        let left = self.unsettled();
        assert!(left.is_empty(), "not settled: {left:?}");
        self.world.finish();
        self.look();
        assert_eq!(
            self.world.finish_tape(),
            Ok(()),
            "the tape is used to its end"
        );
    }

    pub(super) fn play(&mut self, steps: &[Step]) {
        for step in steps {
            self.step(step);
            self.look();
        }
    }

    fn step(&mut self, step: &Step) {
        match *step {
            Step::Wait { milliseconds } => self.wait(Duration::from_millis(milliseconds.into())),
            Step::Sleep { seconds } => self.wait(Duration::from_secs(seconds.into())),
            Step::ImpairGre {
                way,
                ref impairments,
            } => {
                let (link, direction, _) = self.way(way);
                let impaired = self
                    .world
                    .impair_gre(link, direction, impairments.impairments());
                assert_eq!(impaired, Ok(()));
            }
            Step::ImpairControl {
                way,
                ref impairments,
            } => {
                let (link, direction, _) = self.way(way);
                let impairments = impairments.impairments();
                let impaired = self.world.impair_control(link, direction, impairments);
                assert_eq!(impaired, Ok(()));
            }
            Step::Target { .. } | Step::HoldUp { .. } => self.target(step),
            Step::Outage { way, begins } => self.outage(way, begins),
            Step::Stall { way, begins } => self.stall(way, begins),
            Step::Crash { node } => {
                let node = self.node(node);
                self.calls.retain(|call| call.0 != node);
                self.world.crash(node);
            }
            Step::Restart { node } => self.world.restart(self.node(node)),
            Step::ResetConnection { .. }
            | Step::HalfClose { .. }
            | Step::InjectGre { .. }
            | Step::InjectControl { .. }
            | Step::ForgeMessage { .. }
            | Step::ForgePacket { .. } => self.outside(step),
            Step::Luck { ref octets } => self.luck.push(octets),
            _ => self.user(step),
        }
    }

    /// What a user asks for. A refusal is right where the state forbids it.
    fn user(&mut self, step: &Step) {
        let (node, command) = match *step {
            Step::OpenControl { node, to } => {
                let to = ADDRESSES[usize::from(to) % NODES];
                (self.node(node), Command::OpenControl { to })
            }
            Step::CloseControl { node, reason } => (
                self.node(node),
                Command::CloseControl {
                    connection: None,
                    // "Can't support protocol version" would be a lie of the user's (STCRQ-003).
                    reason: match reason % 2 {
                        0 => StopReason::NONE,
                        _ => StopReason::STOP_LOCAL_SHUTDOWN,
                    },
                },
            ),
            Step::Call { node } => {
                let node = self.node(node);
                let command = match self.world.role(node) {
                    Some(Role::Pac) => Command::Ring {
                        connection: None,
                        options: Ring::default(),
                    },
                    _ => Command::PlaceCall {
                        connection: None,
                        options: PlaceCall::default(),
                    },
                };
                (node, command)
            }
            _ => match self.call_command(step) {
                Some(command) => command,
                None => return,
            },
        };
        let _ = self.world.command(node, &command);
    }

    /// What a user asks of a call.
    fn call_command(&mut self, step: &Step) -> Option<(NodeId, Command)> {
        let (&Step::EndCall { call: which }
        | &Step::LoseCarrier { call: which }
        | &Step::SetLinkInfo { call: which }
        | &Step::CountWanErrors { call: which, .. }
        | &Step::Traffic { call: which, .. }) = step
        else {
            return None;
        };
        let count = self.calls.len().max(1);
        let &(node, call) = self.calls.get(usize::from(which) % count)?;
        let is_pac = self.world.role(node) == Some(Role::Pac);
        let command = match *step {
            Step::EndCall { .. } if is_pac => Command::DisconnectCall { call },
            Step::EndCall { .. } => Command::ClearCall { call },
            Step::LoseCarrier { .. } => Command::LoseCarrier { call },
            Step::SetLinkInfo { .. } => Command::SetLinkInfo {
                call,
                send_accm: 0,
                receive_accm: 0x000A_0000,
            },
            Step::CountWanErrors { errors, .. } => Command::CountWanErrors {
                call,
                counters: WanErrors {
                    crc_errors: errors.into(),
                    ..WanErrors::default()
                },
            },
            Step::Traffic {
                packets,
                length,
                every,
                ..
            } => {
                let traffic = Traffic {
                    packets: packets.into(),
                    bytes: 1 + length % LONGEST_PAYLOAD,
                    every: every.map(|every| Duration::from_millis(every.into())),
                };
                let started = self.world.start_traffic(node, call, traffic);
                self.offered += started.map_or(0, |_| packets.into());
                return None;
            }
            _ => return None,
        };
        Some((node, command))
    }

    fn target(&mut self, step: &Step) {
        match *step {
            Step::Target {
                way,
                first,
                more,
                acknowledgment_only,
                action,
                amount,
            } => {
                let first = u64::from(first.max(1));
                let rule = GreRule {
                    matches: GreMatch {
                        nth: Some(Ranges::between(first, first + u64::from(more))),
                        acknowledgment_only,
                        ..GreMatch::default()
                    },
                    action: match action % 4 {
                        0 => GreAction::Drop,
                        1 => GreAction::Delay(Duration::from_millis(amount.into())),
                        2 => GreAction::Duplicate,
                        _ => GreAction::Corrupt((amount > 0).then_some(amount.into())),
                    },
                };
                let (link, direction, way) = self.way(way);
                let id = self.world.add_gre_rule(link, direction, rule);
                self.rules.push((way, Plane::Gre, id));
            }
            Step::HoldUp {
                way,
                message,
                milliseconds,
            } => {
                let rule = ControlRule {
                    matches: ControlMatch {
                        control_message_type: Some(ControlMessageType(message.into())),
                        ..ControlMatch::default()
                    },
                    action: ControlAction::Delay(Duration::from_millis(milliseconds.into())),
                };
                let (link, direction, way) = self.way(way);
                if let Ok(id) = self.world.add_control_rule(link, direction, rule) {
                    self.rules.push((way, Plane::Control, id));
                }
            }
            _ => {}
        }
    }

    fn outage(&mut self, way: u8, begins: bool) {
        let (link, direction, way) = self.way(way);
        if begins && self.outages[way] < u8::MAX {
            self.outages[way] += 1;
            self.world.begin_outage(link, direction);
        } else if !begins && self.outages[way] > 0 {
            self.outages[way] -= 1;
            self.world.end_outage(link, direction);
        }
    }

    fn stall(&mut self, way: u8, begins: bool) {
        let (link, direction, way) = self.way(way);
        if begins && self.stalls[way] < u8::MAX {
            self.stalls[way] += 1;
            self.world.stall(link, direction);
        } else if !begins && self.stalls[way] > 0 {
            self.stalls[way] -= 1;
            self.world.release(link, direction);
        }
    }

    /// The network does nothing any more but what its links were declared to do, and every node is up.
    fn heal(&mut self) {
        for (way, plane, id) in core::mem::take(&mut self.rules) {
            let (link, direction, _) = self.way(way as u8);
            self.world.remove_rule(link, direction, plane, id);
        }
        for way in 0..WAYS as u8 {
            let (link, direction, index) = self.way(way);
            let side = index % 2;
            let (gre, control) = (self.declared.gre[side], self.declared.control[side].clone());
            assert_eq!(self.world.impair_gre(link, direction, gre), Ok(()));
            assert_eq!(self.world.impair_control(link, direction, control), Ok(()));
            while self.outages[index] > 0 {
                self.outage(way, false);
            }
            while self.stalls[index] > 0 {
                self.stall(way, false);
            }
        }
        for number in 0..NODES {
            self.world.restart(self.nodes[number]);
        }
    }

    fn wait(&mut self, span: Duration) {
        let until = self.world.now() + span;
        loop {
            match self.world.advance(until) {
                Advance::Event => self.look(),
                Advance::Reached | Advance::Quiet => return,
                other => panic!("{other:?} at {}", self.world.now()),
            }
        }
    }

    pub(super) fn node(&self, number: u8) -> NodeId {
        self.nodes[usize::from(number) % NODES]
    }

    fn way(&self, number: u8) -> (LinkId, Direction, usize) {
        let way = usize::from(number) % WAYS;
        (self.links[way / 2], Direction::BOTH[way % 2], way)
    }
}

fn config(setup: &Setup) -> WorldConfig {
    WorldConfig {
        seed: setup.seed.into(),
        limits: LIMITS,
        keep_octets: false,
        ..WorldConfig::default()
    }
}
