//! From a typed scenario to a world with its nodes and links in place.

use std::collections::BTreeMap;
use std::fmt;

use pptp_proto::{Config, Deviation, Deviations, DialOutcome, Profile, Telephone};
use pptp_wire::Text;
use pptp_wire::time::{Duration, Instant};
use pptp_world::link::LinkConfig;
use pptp_world::luck::entropy;
use pptp_world::tape::Tape;
use pptp_world::{
    EndpointNode, Limits, Node, NodeId, ScriptedConfig, ScriptedNode, World, WorldConfig,
};

use super::impairments;
use crate::scenario::Role;
use crate::scenario::model::{LinkSpec, NodeSpec, Outcome, Scenario};

/// What is to stand at a node instead of what the scenario puts there.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct NodeChoice {
    /// The name of a profile.
    pub profile: Option<String>,
    /// Names of deviations.
    pub deviations: Vec<String>,
}

/// Why a world could not be set up.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum SetupError {
    /// The scenario has no node of that name.
    UnknownNode(String),
    /// There is no profile of that name.
    UnknownProfile(String),
    /// There is no deviation of that name.
    UnknownDeviation(String),
    /// The profile cannot play the role that the scenario gives the node.
    WrongRole {
        /// The profile or deviation.
        what: String,
        /// The node.
        node: String,
        /// Its role.
        role: &'static str,
    },
    /// The node is scripted: there is no endpoint that could be chosen.
    Scripted(String),
    /// A field of the profile has no such value.
    Field {
        /// The node.
        node: String,
        /// What is wrong.
        problem: String,
    },
    /// A link cannot be made as it is declared.
    Link(String),
}

impl fmt::Display for SetupError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SetupError::UnknownNode(node) => write!(formatter, "the scenario has no node `{node}`"),
            SetupError::UnknownProfile(name) => write!(
                formatter,
                "there is no profile `{name}`: `pptp-sim profiles` lists them"
            ),
            SetupError::UnknownDeviation(name) => write!(
                formatter,
                "there is no deviation `{name}`: `pptp-sim deviations` lists them"
            ),
            SetupError::WrongRole { what, node, role } => {
                write!(formatter, "`{what}` cannot be a {role}, which `{node}` is")
            }
            SetupError::Scripted(node) => write!(
                formatter,
                "`{node}` is scripted: nothing can be put in its place"
            ),
            SetupError::Field { node, problem } => write!(formatter, "node `{node}`: {problem}"),
            SetupError::Link(problem) => write!(formatter, "{problem}"),
        }
    }
}

impl std::error::Error for SetupError {}

/// What is chosen for the nodes, by name.
pub type NodeChoices = BTreeMap<String, NodeChoice>;

/// The default limit of virtual time: a day.
const DEFAULT_TIME: Instant = Instant(86_400_000_000_000);
/// The default limit of events: some millions of packets, which take seconds and a few gigabytes for the transcript.
const DEFAULT_STEPS: u64 = 10_000_000;
/// The default limit of records.
const DEFAULT_RECORDS: u64 = 10_000_000;

/// The event world of a scenario. With a tape it draws no luck; `keep_octets` keeps those of GRE packets, for captures.
///
/// # Errors
/// A choice that names what is not there, or that cannot play the node's role; a link that cannot be made.
pub fn event_world(
    scenario: &Scenario,
    seed: u64,
    choices: &NodeChoices,
    tape: Option<Tape>,
    keep_octets: bool,
) -> Result<World, SetupError> {
    check_choices(scenario, choices)?;
    event_world_with(scenario, seed, tape, keep_octets, &mut |node| {
        node_of(node, seed, choices.get(&node.name))
    })
}

/// Makes what stands at a node.
pub type MakeNode<'a> = dyn FnMut(&NodeSpec) -> Result<Box<dyn Node>, SetupError> + 'a;

/// The event world of a scenario with nodes that `make` makes: where a caller's own implementation comes in.
///
/// # Errors
/// What `make` gives; a link that cannot be made.
pub fn event_world_with(
    scenario: &Scenario,
    seed: u64,
    tape: Option<Tape>,
    keep_octets: bool,
    make: &mut MakeNode<'_>,
) -> Result<World, SetupError> {
    let config = WorldConfig {
        seed,
        limits: limits(scenario),
        judge: scenario.set.judge(),
        keep_octets,
    };
    let mut world = match tape {
        Some(tape) => World::replay(config, tape),
        None => World::new(config),
    };
    for node in &scenario.nodes {
        world.add_node(&node.name, &node.addresses, make(node)?);
    }
    for link in &scenario.links {
        let (a, b) = (NodeId(link.a.0), NodeId(link.b.0));
        world
            .add_link(a, b, &link_config(link))
            .map_err(|error| SetupError::Link(error.to_string()))?;
    }
    Ok(world)
}

/// What a link does to what passes it, as it is declared.
pub fn link_config(link: &LinkSpec) -> LinkConfig {
    LinkConfig {
        control: link.control.each_ref().map(impairments::control),
        gre: link.gre.each_ref().map(impairments::gre),
    }
}

/// The world's limits as the scenario sets them.
pub fn limits(scenario: &Scenario) -> Limits {
    let mut limits = Limits {
        time: DEFAULT_TIME,
        steps: DEFAULT_STEPS,
        records: DEFAULT_RECORDS,
        ..Limits::default()
    };
    if let Some(time) = scenario.limits.time {
        limits.time = Instant::START + time;
    }
    if let Some(steps) = scenario.limits.steps {
        limits.steps = steps;
    }
    if let Some(queue) = scenario.limits.queue {
        limits.queue = usize::try_from(queue).unwrap_or(usize::MAX);
    }
    if let Some(records) = scenario.limits.records {
        limits.records = records;
    }
    limits
}

/// Whether every choice is for a node that is there and is not scripted.
///
/// # Errors
/// The first that is not.
pub fn check_choices(scenario: &Scenario, choices: &NodeChoices) -> Result<(), SetupError> {
    for name in choices.keys() {
        match scenario.nodes.iter().find(|node| node.name == *name) {
            None => return Err(SetupError::UnknownNode(name.clone())),
            Some(node) if node.scripted => return Err(SetupError::Scripted(name.clone())),
            Some(_) => {}
        }
    }
    Ok(())
}

/// What stands at a node: a scripted node, or an endpoint with its profile and deviations.
pub fn node_of(
    spec: &NodeSpec,
    seed: u64,
    choice: Option<&NodeChoice>,
) -> Result<Box<dyn Node>, SetupError> {
    if spec.scripted {
        let role = spec.role.map(|role| match role {
            Role::Pac => pptp_world::Role::Pac,
            Role::Pns => pptp_world::Role::Pns,
        });
        let config = ScriptedConfig {
            role,
            echo: spec.auto.echo,
            acknowledge: spec.auto.ack,
            ..ScriptedConfig::default()
        };
        return Ok(Box::new(ScriptedNode::new(config)));
    }
    let config = endpoint_config(spec, seed, choice)?;
    Ok(Box::new(EndpointNode::new(config)))
}

/// The configuration of an endpoint node.
pub fn endpoint_config(
    spec: &NodeSpec,
    seed: u64,
    choice: Option<&NodeChoice>,
) -> Result<Config, SetupError> {
    let role = spec.role.unwrap_or(Role::Pns);
    let name = choice
        .and_then(|choice| choice.profile.as_deref())
        .unwrap_or(&spec.profile);
    let mut profile =
        Profile::named(name).ok_or_else(|| SetupError::UnknownProfile(name.to_owned()))?;
    let wrong_role = |what: &str| SetupError::WrongRole {
        what: what.to_owned(),
        node: spec.name.clone(),
        role: role.name(),
    };
    if !profile.roles.contains(&role) {
        return Err(wrong_role(name));
    }
    for field in &spec.profile_fields {
        profile
            .set(field.key, field.value.clone())
            .map_err(|error| SetupError::Field {
                node: spec.name.clone(),
                problem: error.to_string(),
            })?;
    }
    let mut deviations = Deviations::NONE;
    for name in choice.map_or(&[][..], |choice| &choice.deviations) {
        let deviation =
            Deviation::by_name(name).ok_or_else(|| SetupError::UnknownDeviation(name.clone()))?;
        if !deviation.roles.contains(&role) {
            return Err(wrong_role(name));
        }
        deviations = deviations.with(deviation.id);
    }
    let address = spec
        .addresses
        .first()
        .copied()
        .unwrap_or(std::net::Ipv4Addr::UNSPECIFIED);
    let mut config = Config::new(role, address);
    if profile.host_name.is_empty() {
        profile.host_name = Text::new(&format!("{}.sim", spec.name));
    }
    config.profile = profile.into();
    config.deviations = deviations;
    config.telephone = telephone(spec);
    config.entropy = entropy(seed, "endpoint", &spec.name);
    for (key, value, _) in &spec.limits {
        let value = usize::try_from(*value).unwrap_or(usize::MAX);
        match *key {
            "connections" => config.limits.connections = value,
            "pending-connections" => config.limits.pending_connections = value,
            "released-call-ids" => config.limits.released_call_ids = value,
            "calls-per-connection" => config.limits.calls_per_connection = value,
            "transmit-buffer-packets" => config.limits.transmit_buffer_packets = value,
            "receive-buffer-packets" => config.limits.receive_buffer_packets = value,
            other => {
                let problem = format!("an endpoint has no limit `{other}`");
                return Err(SetupError::Field {
                    node: spec.name.clone(),
                    problem,
                });
            }
        }
    }
    Ok(config)
}

fn telephone(spec: &NodeSpec) -> Telephone {
    let outcome = match spec.telephone.outcome {
        Outcome::Answer => DialOutcome::Answer,
        Outcome::Busy => DialOutcome::Busy,
        Outcome::NoCarrier => DialOutcome::NoCarrier,
        Outcome::NoDialTone => DialOutcome::NoDialTone,
    };
    Telephone {
        answers_after: spec.telephone.answers_after.unwrap_or(Duration::ZERO),
        outcome,
        hangs_up_after: spec.telephone.hangs_up_after,
    }
}
