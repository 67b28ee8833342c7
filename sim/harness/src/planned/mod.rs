//! A [`Plan`] of the fuzz target `world` as a scenario: what a seed was drawn into, or what a fuzzer chose, as text that can be read,
//! played, cut down and kept.
//!
//! The scenario is made as a model, not as text: campaigns make one for each seed. Printed and read again it is the same. Its flow
//! takes the plan's steps in their order and at their times; then the network heals, as after every plan, and everything comes to rest.
//! No control message has a line (`free control`): the rules and the reference model judge, and whatever a node is asked for may be
//! refused, since a plan knows nothing of states.
//!
//! What a plan names by its place, a scenario names: connections `k1`, `k2`, … in the order in which they are opened, calls `c1`, `c2`,
//! … likewise. A plan looks among what *is there* when it gets to a step; a scenario says beforehand which it means. `cast` has the
//! rule by which it guesses, which is right unless something fails or ends by itself. What comes to nothing in a plan whatever has
//! happened before has no line: a datagram for a node that no path leads to, a rule for a message that has no name, no errors counted.
//!
//! The ends must come to agree about their calls (`settled`) where all do what the RFC asks for and nobody has told one what the other
//! never said. Where an end has no keep-alive and so may never find out that a connection is lost, nothing is asked of the end, but as
//! much time passes.
//!
//! Ends with a profile other than `rfc` do what their software does. What `scenarios/profiles.kdl` says that they miss, and what follows
//! from that in bad networks (`nodes`), they *may miss*; nor does the reference model judge them. Whatever else is found at them
//! counts: the table lacks a row, or the profile is wrong.

mod cast;
mod faults;
mod forged;
mod inject;
mod network;
mod nodes;
mod outsiders;
mod paths;
mod steps;
mod users;

pub(crate) use nodes::known_misses;

use crate::register::RequirementSet;
use crate::scenario::model::{FinalCheck, FinalKind, Limits, LinkSpec, NodeIndex, Scenario, Step};
use crate::scenario::source::SourceSpan;
use pptp_wire::time::Duration;
use pptp_world::fuzzing::Plan;
use std::net::Ipv4Addr;

/// The names of the nodes, in the order of the plan's.
const NODES: [&str; 3] = ["pns", "pac", "pns2"];
/// The node that both links lead to.
const PAC: usize = 1;

/// The scenario that does what a plan says, with luck from `seed`.
pub fn scenario_of(plan: &Plan, title: &str, seed: u64) -> Scenario {
    let setup = &plan.setup;
    let delay = Duration::from_millis(setup.delay.into());
    let configs: Vec<pptp_proto::Config> = (0..NODES.len())
        .map(|number| setup.nodes[number].config(number))
        .collect();
    let mut writer = steps::Writer::new(delay, configs[PAC].telephone.answers_after);
    let mut flow = writer.flow(&plan.steps);
    let second = writer.uses_second_pns();
    let count = if second { NODES.len() } else { NODES.len() - 1 };
    let nodes = configs.iter().zip(&setup.nodes).take(count).enumerate();
    let links = [0, 2]
        .into_iter()
        .filter(|pns| *pns < count)
        .map(|pns| link(pns, delay));
    let keep_alive = |config: &pptp_proto::Config| config.profile.idle_time_out > Duration::ZERO;
    flow.extend(writer.rest(configs[..count].iter().all(keep_alive)));
    let is_rfc = |config: &pptp_proto::Config| config.profile.name == "rfc";
    let settles = configs[..count].iter().all(is_rfc) && !writer.intrudes();
    Scenario {
        title: title.to_owned(),
        case: None,
        covers: Vec::new(),
        set: RequirementSet::default(),
        seed,
        holds: None,
        limits: limits(&writer),
        nodes: nodes
            .map(|(number, (config, choice))| nodes::node(number, config, choice))
            .collect(),
        links: links.collect(),
        flow,
        finally: settles.then(settled).into_iter().collect(),
    }
}

/// The link from a PNS to the PAC.
fn link(pns: usize, delay: Duration) -> LinkSpec {
    let (control, gre) = network::declared(delay);
    LinkSpec {
        span: SourceSpan::default(),
        a: index(pns),
        b: index(PAC),
        control: [control.clone(), control],
        gre: [gre.clone(), gre],
    }
}

/// A day is the default: a plan may take longer.
fn limits(writer: &steps::Writer) -> Limits {
    const DAY: Duration = Duration::from_secs(86_400);
    let longest = writer.longest();
    Limits {
        time: (longest > DAY).then_some(longest),
        ..Limits::default()
    }
}

/// `settled`.
fn settled() -> FinalCheck {
    FinalCheck {
        span: SourceSpan::default(),
        text: "settled".to_owned(),
        line: "settled".to_owned(),
        kind: FinalKind::Settled,
        requirement: None,
    }
}

fn index(number: usize) -> NodeIndex {
    NodeIndex(u16::try_from(number).unwrap_or(u16::MAX))
}

/// A step that stands on one line.
fn plain(line: String, kind: crate::scenario::model::StepKind) -> Step {
    Step {
        span: SourceSpan::default(),
        text: line.clone(),
        line,
        kind,
    }
}

/// The address of a node; a node that names none has this one by its place.
fn plain_address(node: usize) -> Ipv4Addr {
    Ipv4Addr::new(10, 0, 0, u8::try_from(node + 1).unwrap_or(u8::MAX))
}

/// Which of the plan's nodes a number names.
fn node_number(number: u8) -> usize {
    usize::from(number) % NODES.len()
}

#[cfg(test)]
mod tests;
