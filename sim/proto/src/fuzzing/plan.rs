//! What a fuzzer chooses: how an endpoint is set up, and what happens to it.

use std::net::Ipv4Addr;

use pptp_wire::fuzzing::{Choice, Choices, ForgedMessage, ForgedPacket};
use pptp_wire::time::Duration;

use super::message::MessageChoice;
use crate::{Config, DEVIATIONS, Deviations, DialOutcome, Limits, PROFILES, Role, Telephone};

/// Steps of a plan at most: what follows is not read.
const MOST_STEPS: usize = 400;

/// The address of the endpoint; peers have addresses below and above it, so that collisions end either way.
pub(super) const OWN_ADDRESS: Ipv4Addr = Ipv4Addr::new(10, 0, 0, 2);

/// The addresses of the peers; one is the endpoint's own.
pub(super) const PEERS: [Ipv4Addr; 4] = [
    Ipv4Addr::new(10, 0, 0, 1),
    Ipv4Addr::new(10, 0, 0, 3),
    OWN_ADDRESS,
    Ipv4Addr::new(192, 0, 2, 1),
];

/// An endpoint and what happens to it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Plan {
    /// How the endpoint is set up.
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
    /// How an endpoint is set up. Numbers beyond a table's end start again at its beginning.
    pub struct Setup {
        /// PNS, where the profile can be one; otherwise PAC.
        pns: bool,
        /// Which of [`PROFILES`].
        profile: u8,
        /// 0: none; otherwise one more than which of [`DEVIATIONS`].
        deviation: u8,
        /// 0: the default limits; otherwise small ones.
        limits: u8,
        /// How dialling ends, in the order of [`DialOutcome`].
        dial_outcome: u8,
        /// Milliseconds until then.
        answers_after: u16,
        /// Milliseconds until the far end hangs up.
        hangs_up_after: Option<u16>,
        /// The endpoint's own chance.
        entropy: u16,
    }
}

impl Setup {
    /// The configuration that it stands for.
    pub fn config(&self) -> Config {
        let definition = &PROFILES[usize::from(self.profile) % PROFILES.len()];
        let wanted = if self.pns { Role::Pns } else { Role::Pac };
        let role = match definition.roles.contains(&wanted) {
            true => wanted,
            false => definition.roles[0],
        };
        let deviations = match self.deviation {
            0 => Deviations::NONE,
            number => Deviations::only(DEVIATIONS[usize::from(number - 1) % DEVIATIONS.len()].id),
        };
        let outcomes = [
            DialOutcome::Answer,
            DialOutcome::Busy,
            DialOutcome::NoCarrier,
            DialOutcome::NoDialTone,
        ];
        let milliseconds = |count: u16| Duration::from_millis(count.into());
        Config {
            profile: definition.profile().into(),
            deviations,
            telephone: Telephone {
                answers_after: milliseconds(self.answers_after),
                outcome: outcomes[usize::from(self.dial_outcome) % outcomes.len()],
                hangs_up_after: self.hangs_up_after.map(milliseconds),
            },
            limits: self.limits(),
            entropy: self.entropy.into(),
            ..Config::new(role, OWN_ADDRESS)
        }
    }

    /// Whether the endpoint is one that does everything as the RFC reads.
    pub fn is_strict(&self) -> bool {
        usize::from(self.profile) % PROFILES.len() == 0 && self.deviation == 0
    }

    fn limits(&self) -> Limits {
        if self.limits == 0 {
            return Limits::default();
        }
        let of = |bits: u8, most: usize| 1 + usize::from(self.limits >> bits) % most;
        Limits {
            connections: of(0, 4),
            pending_connections: of(1, 4),
            calls_per_connection: of(2, 6),
            released_call_ids: of(3, 8),
            transmit_buffer_packets: of(4, 5),
            receive_buffer_packets: of(5, 5),
        }
    }
}

pptp_wire::choice! {
    /// One thing that happens. Connections and calls are named by their place among those that there are: a number beyond the last
    /// starts again at the first, 255 names none.
    pub enum Step {
        /// Time passes; deadlines that come up in it are kept.
        Wait {
            /// How much.
            milliseconds: u16,
        },
        /// Much time passes.
        Sleep {
            /// How much.
            seconds: u8,
        },
        /// Time passes up to the next deadline.
        Deadline {},
        /// A peer opens a connection.
        Accept {
            /// Which peer.
            peer: u8,
        },
        /// A connection that the endpoint asked for is open.
        Opened {
            /// Which of those that wait.
            connection: u8,
        },
        /// Octets come in.
        Octets {
            /// The connection.
            connection: u8,
            /// The octets.
            octets: Vec<u8>,
        },
        /// A control message comes in.
        Message {
            /// The connection.
            connection: u8,
            /// The message.
            message: MessageChoice,
        },
        /// The peer closes a connection.
        Close {
            /// The connection.
            connection: u8,
        },
        /// A connection is reset, or refused.
        Reset {
            /// The connection.
            connection: u8,
        },
        /// A datagram comes in.
        Datagram {
            /// From which peer.
            peer: u8,
            /// Its octets from the GRE header on.
            octets: Vec<u8>,
        },
        /// A GRE packet of a call comes in.
        Packet {
            /// The call.
            call: u8,
            /// From another peer than the call's.
            from_elsewhere: bool,
            /// Its distance from the Sequence Number after the highest received, as a signed number.
            sequence_distance: u8,
            /// How far before the endpoint's next Sequence Number it acknowledges.
            acknowledges: Option<u8>,
            /// Octets of payload; without any, there is no Sequence Number.
            length: u8,
        },
        /// The user opens a control connection.
        OpenControl {
            /// To which peer.
            peer: u8,
        },
        /// The user closes a control connection.
        CloseControl {
            /// Which; otherwise the oldest.
            connection: Option<u8>,
            /// Reason of the Stop-Control-Connection-Request.
            reason: u8,
        },
        /// The user of a PNS places a call.
        PlaceCall {
            /// On which connection; otherwise the oldest.
            connection: Option<u8>,
            /// Packet Recv. Window Size.
            window: Option<u16>,
        },
        /// A PAC's telephone rings.
        Ring {
            /// On which connection; otherwise the oldest.
            connection: Option<u8>,
        },
        /// The user of a PNS clears a call.
        ClearCall {
            /// Which.
            call: u8,
        },
        /// The user of a PAC ends a call.
        DisconnectCall {
            /// Which.
            call: u8,
        },
        /// A PAC's line is lost.
        LoseCarrier {
            /// Which call.
            call: u8,
        },
        /// The user of a PNS tells what PPP has negotiated.
        SetLinkInfo {
            /// Of which call.
            call: u8,
            /// Send ACCM.
            send_accm: u32,
            /// Receive ACCM.
            receive_accm: u32,
        },
        /// Errors appear on a PAC's line.
        CountWanErrors {
            /// Of which call.
            call: u8,
            /// How many of each kind.
            errors: u32,
        },
        /// The user of a call sends data.
        SendData {
            /// Which call.
            call: u8,
            /// Packets.
            packets: u8,
            /// Octets of each; beyond the 1532 that RFC 2637 allows they start again at 0.
            length: u16,
        },
        /// A control message comes in that is legal but for what is chosen.
        ForgedMessage {
            /// The connection.
            connection: u8,
            /// The sender's own Call ID, where the message has one.
            call_id: u8,
            /// The endpoint's call that the message names, where it names one.
            call: u8,
            /// The message.
            message: ForgedMessage,
        },
        /// A GRE packet of a call comes in that is as its peer could send it but for what is chosen.
        ForgedPacket {
            /// The call.
            call: u8,
            /// From which peer; otherwise from the call's.
            peer: Option<u8>,
            /// The packet.
            packet: ForgedPacket,
        },
    }
}
