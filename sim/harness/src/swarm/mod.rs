//! The swarm: a seed becomes a network and what happens in it.
//!
//! [`plan_of`] is a pure function of the seed, in integers, from named streams. Each seed first switches a subset of [`Feature`]s on
//! (impairments of each kind, faults, small windows and buffers, a second PNS, profiles, …) and draws its setup and its course from
//! those alone: a fault that is in every run would hide what happens without it. [`scenario_of`] is the scenario of that plan: the
//! network heals at the end, everything has to come to rest and to be settled. As text it is what a finding is kept as: the text
//! survives every change of the generator, whose [`VERSION`] is part of each result.

mod course;
mod draw;
mod endpoints;
mod feature;
mod network;
mod play;
mod setup;
mod vary;

pub use feature::{Feature, Features};
pub use play::Swarm;
pub use vary::{parent, variation};

use pptp_world::fuzzing::Plan;

use crate::run::NodeChoices;
use crate::scenario::model::Scenario;
use draw::Draw;

/// The nodes of its networks; not every network has the second PNS.
pub const NODES: [&str; 3] = ["pns", "pac", "pns2"];

/// The version of the generator: seeds of another version are other runs.
pub const VERSION: u64 = 4;

/// The plan of a seed.
pub fn plan_of(seed: u64) -> Plan {
    let origin = vary::origin(seed);
    let features = Features::of(origin);
    let setup = setup::setup(&mut Draw::new(origin, "setup"), features);
    let steps = course::course(&mut Draw::new(origin, "course"), features, setup.delay);
    let mut plan = Plan { setup, steps };
    for generation in vary::generations(seed) {
        vary::vary(&mut plan, generation, features);
    }
    plan
}

/// The scenario of a seed, with the profiles that it draws.
pub fn scenario_of(seed: u64) -> Scenario {
    play::scenario(seed, &NodeChoices::new())
}

#[cfg(test)]
mod tests;
