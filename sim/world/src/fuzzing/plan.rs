//! What a fuzzer chooses: endpoints, links, and what happens.

use super::network::{ControlChoice, GreChoice};
use core::net::Ipv4Addr;
use pptp_proto::{self as proto, DialOutcome, Limits, PROFILES, Telephone};
use pptp_wire::fuzzing::{Choice, Choices, ForgedMessage, ForgedPacket};
use pptp_wire::time::Duration;

/// Steps of a plan at most: what follows is not read.
const MOST_STEPS: usize = 96;

/// Nodes of every plan: a PNS and a PAC, and a second PNS, each with a link to the PAC.
pub(super) const NODES: usize = 3;
/// The node that both links lead to.
pub(super) const PAC: usize = 1;

/// Their addresses: the PAC's lies between the others', so that collisions end either way.
pub(super) const ADDRESSES: [Ipv4Addr; NODES] = [
    Ipv4Addr::new(10, 0, 0, 1),
    Ipv4Addr::new(10, 0, 0, 2),
    Ipv4Addr::new(10, 0, 0, 3),
];

/// A network and what happens in it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Plan {
    /// The network.
    pub setup: Setup,
    /// What happens, one thing after the other.
    pub steps: Vec<Step>,
}

impl Choice for Plan {
    /// The steps go on to the end of the octets.
    fn read(choices: &mut Choices<'_>) -> Plan {
        let setup = Setup::read(choices);
        let mut steps = Vec::new();
        while !choices.is_exhausted() && steps.len() < MOST_STEPS {
            steps.push(Step::read(choices));
        }
        Plan { setup, steps }
    }

    fn write(&self, octets: &mut Vec<u8>) {
        self.setup.write(octets);
        for step in &self.steps {
            step.write(octets);
        }
    }
}

pptp_wire::arbitrary_by_choice!(Plan);

pptp_wire::choice! {
    /// The network: a PNS and a PAC on one link, a second PNS on another. Links begin without impairments.
    pub struct Setup {
        /// Where luck comes from.
        seed: u32,
        /// Whether the run is had again from its tape.
        replays: bool,
        /// PNS, PAC, second PNS.
        nodes: [NodeChoice; 3],
        /// Delay of both links, milliseconds.
        delay: u8,
    }
}

pptp_wire::choice! {
    /// An endpoint.
    pub struct NodeChoice {
        /// Which of the profiles that can play the role; 0: `rfc`. Beyond the last it starts again.
        profile: u8,
        /// Packet Recv. Window Size; 0: the profile's.
        window: u8,
        /// 0: the default limits; otherwise small buffers.
        buffers: u8,
        /// How dialling ends, in the order of [`DialOutcome`].
        dial_outcome: u8,
        /// Tenths of a second until then.
        answers_after: u8,
        /// Tenths of a second until the far end hangs up.
        hangs_up_after: Option<u8>,
    }
}

impl NodeChoice {
    /// The configuration of node `number`.
    pub fn config(&self, number: usize) -> proto::Config {
        let role = if number == PAC {
            proto::Role::Pac
        } else {
            proto::Role::Pns
        };
        let mut fitting = PROFILES
            .iter()
            .filter(|profile| profile.roles.contains(&role));
        let count = fitting.clone().count();
        let mut profile = fitting
            .nth(usize::from(self.profile) % count)
            .map_or(proto::Profile::RFC, |definition| definition.profile());
        if self.window > 0 {
            profile.packet_recv_window_size = self.window.into();
        }
        let tenths = |count: u8| Duration::from_millis(100 * u64::from(count));
        let outcomes = [
            DialOutcome::Answer,
            DialOutcome::Busy,
            DialOutcome::NoCarrier,
            DialOutcome::NoDialTone,
        ];
        let mut config = proto::Config::new(role, ADDRESSES[number]);
        config.profile = profile.into();
        config.telephone = Telephone {
            answers_after: tenths(self.answers_after),
            outcome: outcomes[usize::from(self.dial_outcome) % outcomes.len()],
            hangs_up_after: self.hangs_up_after.map(tenths),
        };
        if self.buffers > 0 {
            config.limits = Limits {
                transmit_buffer_packets: self.buffers.into(),
                receive_buffer_packets: self.buffers.into(),
                ..config.limits
            };
        }
        config
    }

    /// Whether the endpoint does everything as the RFC reads.
    pub fn is_rfc(&self, number: usize) -> bool {
        self.config(number).profile.name == proto::Profile::RFC.name
    }
}

pptp_wire::choice! {
    /// One thing that happens. Nodes, calls and connections are named by their place among those that there are; a number beyond the
    /// last starts again at the first. A way is one direction of one link.
    pub enum Step {
        /// Time passes.
        Wait {
            /// How much.
            milliseconds: u16,
        },
        /// Much time passes.
        Sleep {
            /// How much.
            seconds: u8,
        },
        /// The user of a node opens a control connection.
        OpenControl {
            /// Which node.
            node: u8,
            /// To which other.
            to: u8,
        },
        /// The user of a node closes its oldest control connection.
        CloseControl {
            /// Which node.
            node: u8,
            /// Reason of the Stop-Control-Connection-Request.
            reason: u8,
        },
        /// A PNS places a call, or a PAC's telephone rings, on the oldest control connection.
        Call {
            /// Which node.
            node: u8,
        },
        /// The user of a node ends a call: a clear, or a disconnect.
        EndCall {
            /// Which call.
            call: u8,
        },
        /// A PAC's line is lost.
        LoseCarrier {
            /// Which call.
            call: u8,
        },
        /// A PNS tells what PPP has negotiated.
        SetLinkInfo {
            /// Which call.
            call: u8,
        },
        /// Errors appear on a PAC's line.
        CountWanErrors {
            /// Which call.
            call: u8,
            /// How many.
            errors: u8,
        },
        /// A node begins to send data.
        Traffic {
            /// On which call.
            call: u8,
            /// Packets.
            packets: u8,
            /// One less than the octets of each; beyond the 1532 that RFC 2637 allows they start again at 1.
            length: u16,
            /// Milliseconds from packet to packet; otherwise as fast as the window allows.
            every: Option<u8>,
        },
        /// A way of the GRE plane changes.
        ImpairGre {
            /// Which way.
            way: u8,
            /// To what.
            impairments: GreChoice,
        },
        /// A way of the control plane changes.
        ImpairControl {
            /// Which way.
            way: u8,
            /// To what.
            impairments: ControlChoice,
        },
        /// A targeted rule for the GRE packets of a way.
        Target {
            /// Which way.
            way: u8,
            /// The first that it hits, of those that follow; 0 counts as 1.
            first: u8,
            /// How many more.
            more: u8,
            /// Whether acknowledgments alone, or data alone.
            acknowledgment_only: Option<bool>,
            /// Loss, delay, a second copy, corruption.
            action: u8,
            /// How much later, milliseconds; or which bit.
            amount: u16,
        },
        /// Control messages of a way are held up.
        HoldUp {
            /// Which way.
            way: u8,
            /// Control Message Type.
            message: u8,
            /// How much later, milliseconds.
            milliseconds: u16,
        },
        /// GRE packets of a way are lost until it is over.
        Outage {
            /// Which way.
            way: u8,
            /// It begins, or is over.
            begins: bool,
        },
        /// The control plane of a way stands still until it is released.
        Stall {
            /// Which way.
            way: u8,
            /// It begins, or is released.
            begins: bool,
        },
        /// The path resets a connection.
        ResetConnection {
            /// Which.
            connection: u8,
        },
        /// The path closes one direction of a connection.
        HalfClose {
            /// Which.
            connection: u8,
            /// That of the end which accepted it.
            backward: bool,
        },
        /// A node crashes.
        Crash {
            /// Which.
            node: u8,
        },
        /// A crashed node starts afresh.
        Restart {
            /// Which.
            node: u8,
        },
        /// An outsider puts a datagram on the path.
        InjectGre {
            /// From the interface of which node.
            node: u8,
            /// To which.
            to: u8,
            /// The octets from the GRE header on.
            octets: Vec<u8>,
        },
        /// An outsider puts octets into a connection.
        InjectControl {
            /// Which connection.
            connection: u8,
            /// As if from the end that accepted it.
            backward: bool,
            /// The octets.
            octets: Vec<u8>,
        },
        /// An outsider puts a control message into a connection that is legal but for what is chosen.
        ForgeMessage {
            /// Which connection.
            connection: u8,
            /// As if from the end that accepted it.
            backward: bool,
            /// The call that it is about, of those that are established there; where there are none, the sender's own Call ID.
            call: u8,
            /// The message.
            message: ForgedMessage,
        },
        /// An outsider puts a GRE packet of a call on the path that is as its sender could send it but for what is chosen.
        ForgePacket {
            /// From the interface of which node.
            node: u8,
            /// Which call, at the end that it goes to.
            call: u8,
            /// It bears the address of the call's other end.
            spoofed: bool,
            /// The packet.
            packet: ForgedPacket,
        },
        /// Luck is chosen, in the whole plan, and these octets are the next of it: see [`ChosenLuck`](crate::luck::ChosenLuck). Without
        /// such a step luck comes from the seed.
        Luck {
            /// The octets.
            octets: Vec<u8>,
        },
    }
}

impl Plan {
    /// Whether luck is chosen, not drawn from the seed.
    pub fn chooses_luck(&self) -> bool {
        let is_luck = |step: &Step| matches!(step, Step::Luck { .. });
        self.steps.iter().any(is_luck)
    }
}
