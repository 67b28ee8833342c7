//! What an endpoint is told before it starts.

use std::net::Ipv4Addr;
use std::ops::Deref;

use crate::deviation::Deviations;
use crate::profile::{Profile, SharedProfile};
use crate::{Role, Telephone};

/// The configuration of an endpoint.
#[derive(Clone, Debug)]
pub struct Config {
    /// How it behaves where the RFC leaves a choice.
    pub profile: SharedProfile,
    /// The protocol bugs that are switched on.
    pub deviations: Deviations,
    /// PAC or PNS.
    pub role: Role,
    /// The endpoint's own address, which decides collisions (RFC 2637 §3.1.3).
    pub address: Ipv4Addr,
    /// A PAC's telephone side.
    pub telephone: Telephone,
    /// Bounds on what peers can make grow.
    pub limits: Limits,
    /// Where random choices come from: Call IDs. Equal entropy, inputs and commands give equal outputs.
    pub entropy: u64,
}

impl Config {
    /// An endpoint that behaves as the RFC reads, with an open telephone line and the default limits.
    pub fn new(role: Role, address: Ipv4Addr) -> Config {
        Config {
            role,
            address,
            profile: Profile::RFC.into(),
            deviations: Deviations::default(),
            telephone: Telephone::default(),
            limits: Limits::default(),
            entropy: u64::from(u32::from(address)),
        }
    }
}

/// A configuration in use: what every message asks for, and the whole apart.
#[derive(Debug)]
#[repr(C)]
pub(crate) struct ConfigInUse {
    pub profile: SharedProfile,
    pub deviations: Deviations,
    whole: Box<Config>,
}

impl From<Config> for ConfigInUse {
    fn from(config: Config) -> ConfigInUse {
        ConfigInUse {
            profile: config.profile.clone(),
            deviations: config.deviations,
            whole: Box::new(config),
        }
    }
}

impl Deref for ConfigInUse {
    type Target = Config;

    fn deref(&self) -> &Config {
        &self.whole
    }
}

/// Bounds on everything that a peer can make grow. Reaching one is an [`crate::Event::Limit`] or shows in a drop reason.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct Limits {
    /// Control connections that have passed the start exchange.
    pub connections: usize,
    /// TCP connections that have not.
    pub pending_connections: usize,
    /// Calls of one control connection.
    pub calls_per_connection: usize,
    /// Call IDs, of all tunnels, that are kept out of use for a while after their call.
    pub released_call_ids: usize,
    /// Payloads of one call that wait for the window to open.
    pub transmit_buffer_packets: usize,
    /// Payloads of one call that wait for a missing one before them.
    pub receive_buffer_packets: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            connections: 16_384,
            pending_connections: 1_024,
            calls_per_connection: 65_535,
            released_call_ids: 262_144,
            transmit_buffer_packets: 64,
            receive_buffer_packets: 64,
        }
    }
}
