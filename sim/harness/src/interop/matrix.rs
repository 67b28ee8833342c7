//! Every PNS profile meets every PAC profile.

use std::fmt;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};

use pptp_proto::{PROFILES, ProfileDefinition, Role};
use pptp_world::{NodeId, Watched};

use super::marks::Marks;
use super::meeting::{Meeting, Observer};
use crate::run::{NodeChoice, NodeChoices, RunOptions, event_world, play};
use crate::scenario::Role as ScenarioRole;
use crate::scenario::model::Scenario;
use crate::suite::{Family, Seat, built_in, in_order, said};

/// A network that all pairs meet on.
#[derive(Debug)]
pub struct Network {
    /// Its word in tables.
    pub name: &'static str,
    /// The scenario.
    pub scenario: &'static str,
    /// What it is like, and how the call ends there.
    pub text: &'static str,
}

/// The networks, the kinder one first.
pub const NETWORKS: &[Network] = &[
    Network {
        name: "clean",
        scenario: "interop/clean-call",
        text: "a network that loses nothing; the PNS ends the call",
    },
    Network {
        name: "lossy",
        scenario: "interop/lossy-call",
        text: "5 % loss, 5 % copies, 15 ms of jitter that reorders, each way; the PAC ends the call",
    },
];

/// What a pair gave on one network.
#[derive(Debug)]
pub struct Pair {
    /// The network.
    pub network: &'static Network,
    /// Profile of the PNS.
    pub pns: &'static ProfileDefinition,
    /// Profile of the PAC.
    pub pac: &'static ProfileDefinition,
    /// What came of it.
    pub meeting: Meeting,
    /// The same at a glance.
    pub marks: Marks,
}

impl Pair {
    /// The profile of an end: 0 is the PNS, 1 the PAC.
    pub fn profile(&self, end: usize) -> &'static ProfileDefinition {
        match end {
            0 => self.pns,
            _ => self.pac,
        }
    }
}

/// Every pair on every network: networks in their order, then PNS profiles, then PAC profiles.
#[derive(Debug)]
pub struct Matrix {
    /// All of them.
    pub pairs: Vec<Pair>,
}

/// Why there is no matrix: a scenario that is built in is not what it should be.
#[derive(Clone, Debug)]
pub struct MatrixError {
    scenario: &'static str,
    problem: String,
}

impl fmt::Display for MatrixError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.scenario, self.problem)
    }
}

impl std::error::Error for MatrixError {}

/// The role of an end: 0 is the PNS, 1 the PAC.
pub const fn role_of(end: usize) -> Role {
    match end {
        0 => Role::Pns,
        _ => Role::Pac,
    }
}

/// The profiles that can play a role, in the order of the list.
pub fn profiles_of(role: Role) -> impl Iterator<Item = &'static ProfileDefinition> {
    PROFILES
        .iter()
        .filter(move |profile| profile.roles.contains(&role))
}

/// A scenario that is built in, and where its two ends stand.
struct Stage {
    family: Family,
    scenario: Scenario,
    nodes: [NodeId; 2],
}

impl Stage {
    fn load(network: &'static Network) -> Result<Stage, MatrixError> {
        let problem = |problem: String| MatrixError {
            scenario: network.scenario,
            problem,
        };
        let found = built_in()
            .into_iter()
            .find(|found| found.name == network.scenario)
            .ok_or_else(|| problem("it is not built in".to_owned()))?;
        let family = Family::load(&found)
            .map_err(|mistakes| problem(crate::scenario::render_all(&mistakes, false)))?;
        let scenario = family
            .file
            .case(0)
            .map_err(|mistakes| problem(crate::scenario::render_all(&mistakes, false)))?;
        let node = |role| {
            let place = Seat::Role(role).find(&scenario).map_err(&problem)?;
            Ok(NodeId(place.0))
        };
        let nodes = [node(ScenarioRole::Pns)?, node(ScenarioRole::Pac)?];
        Ok(Stage {
            family,
            scenario,
            nodes,
        })
    }

    fn play(&self, pns: &'static str, pac: &'static str) -> Result<Meeting, String> {
        let mut choices = NodeChoices::new();
        for (node, profile) in self.nodes.iter().zip([pns, pac]) {
            let name = &self.scenario.nodes[usize::from(node.0)].name;
            let choice = NodeChoice {
                profile: Some(profile.to_owned()),
                deviations: Vec::new(),
            };
            choices.insert(name.clone(), choice);
        }
        let scenario = &self.scenario;
        let mut world = event_world(scenario, scenario.seed, &choices, None, false)
            .map_err(|error| error.to_string())?;
        let mut observer = Observer::new(self.nodes);
        let report = {
            let mut watched =
                Watched::new(&mut world, |record, stage| observer.take(record, stage));
            play(
                scenario,
                &self.family.file.sources,
                &RunOptions::default(),
                &mut watched,
                "event",
                None,
            )
        };
        Ok(observer.finish(&report))
    }
}

impl Matrix {
    /// Has every pair meet on every network, with so many jobs at a time; nothing in the result depends on their number.
    ///
    /// # Errors
    /// When a scenario of a network is not built in, or cannot be set up for a pair.
    pub fn play(jobs: usize) -> Result<Matrix, MatrixError> {
        let stages = NETWORKS
            .iter()
            .map(Stage::load)
            .collect::<Result<Vec<Stage>, MatrixError>>()?;
        let mut plan = Vec::new();
        for (network, stage) in NETWORKS.iter().zip(&stages) {
            for pns in profiles_of(Role::Pns) {
                plan.extend(profiles_of(Role::Pac).map(|pac| (network, stage, pns, pac)));
            }
        }
        let mut pairs = Vec::new();
        let mut problem = None;
        in_order(
            jobs,
            plan.len(),
            &|position| {
                let (_, stage, pns, pac) = &plan[position];
                // What panics below must not leave the others waiting.
                catch_unwind(AssertUnwindSafe(|| stage.play(pns.name, pac.name)))
                    .unwrap_or_else(|panic| Err(said(panic.as_ref())))
            },
            &mut |position, meeting| {
                let (network, _, pns, pac) = plan[position];
                match meeting {
                    Ok(meeting) => {
                        pairs.push(Pair {
                            network,
                            pns,
                            pac,
                            marks: Marks::of(&meeting),
                            meeting,
                        });
                        ControlFlow::Continue(())
                    }
                    Err(text) => {
                        problem = Some(MatrixError {
                            scenario: network.scenario,
                            problem: format!("{} and {}: {text}", pns.name, pac.name),
                        });
                        ControlFlow::Break(())
                    }
                }
            },
        );
        match problem {
            Some(problem) => Err(problem),
            None => Ok(Matrix { pairs }),
        }
    }

    /// What one pair gave on one network.
    pub fn pair(&self, network: &str, pns: &str, pac: &str) -> Option<&Pair> {
        self.pairs.iter().find(|pair| {
            pair.network.name == network && pair.pns.name == pns && pair.pac.name == pac
        })
    }
}
