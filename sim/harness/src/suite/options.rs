//! What a caller decides about a run of the suite and the files do not.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use pptp_rules::Grading;
use pptp_world::Node;

use crate::register::RequirementSet;
use crate::run::{NodeChoice, NodeChoices};
use crate::scenario::Role;
use crate::scenario::model::{NodeIndex, NodeSpec, Scenario};
use crate::turmoil_world::{AsyncHost, HostResult};

/// Makes the node that stands where a scenario declares one; the number is the seed of the run.
pub type NodeFactory = Arc<dyn Fn(&NodeSpec, u64) -> Box<dyn Node> + Send + Sync>;

/// Makes the software of the host that stands where a scenario declares a node.
pub type SoftwareFactory =
    Arc<dyn Fn(AsyncHost) -> Pin<Box<dyn Future<Output = HostResult>>> + Send + Sync>;

/// The world that scenarios run in.
#[derive(Copy, Clone, Debug, Default, Eq, PartialEq)]
pub enum WorldKind {
    /// The discrete-event engine in virtual time.
    #[default]
    Event,
    /// Hosts of the turmoil crate. Scenarios that it cannot play are skipped.
    Turmoil,
}

impl WorldKind {
    /// `event` or `turmoil`.
    pub const fn name(self) -> &'static str {
        match self {
            WorldKind::Event => "event",
            WorldKind::Turmoil => "turmoil",
        }
    }
}

/// Which node of a scenario is meant.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Seat {
    /// The node of this name.
    Named(String),
    /// The first node of this role that is not scripted.
    Role(Role),
}

impl Seat {
    /// The node of `scenario` that is meant.
    ///
    /// # Errors
    /// Why there is none: a sentence.
    pub fn find(&self, scenario: &Scenario) -> Result<NodeIndex, String> {
        let place = scenario.nodes.iter().position(|node| match self {
            Seat::Named(name) => node.name == *name,
            Seat::Role(role) => node.role == Some(*role) && !node.scripted,
        });
        let Some(place) = place else {
            return Err(format!("it has no {self}"));
        };
        if scenario.nodes[place].scripted {
            return Err(format!("its {self} is scripted"));
        }
        u16::try_from(place)
            .map(NodeIndex)
            .map_err(|_| format!("it has no {self}"))
    }
}

impl fmt::Display for Seat {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Seat::Named(name) => write!(formatter, "node `{name}`"),
            Seat::Role(role) => write!(formatter, "{} that is not scripted", role.name()),
        }
    }
}

/// What stands at the system under test.
#[derive(Clone)]
pub enum Stand {
    /// What the scenario puts there.
    AsWritten,
    /// This project's endpoint with another profile, or with deviations.
    Choice(NodeChoice),
    /// An implementation of the caller's that does no I/O.
    Node(NodeFactory),
    /// An implementation of the caller's on tokio: it runs in the turmoil world, whichever is asked for.
    Software(SoftwareFactory),
}

/// The end of the scenarios that is judged, and what stands there. Scenarios that have no such end are skipped.
#[derive(Clone)]
pub struct SystemUnderTest {
    /// Which node it is.
    pub seat: Seat,
    /// What stands there.
    pub stand: Stand,
}

impl SystemUnderTest {
    /// An implementation of `role`, made afresh for each run. It stands at the first node of that role which is not scripted.
    pub fn node(
        role: Role,
        make: impl Fn(&NodeSpec, u64) -> Box<dyn Node> + Send + Sync + 'static,
    ) -> SystemUnderTest {
        SystemUnderTest {
            seat: Seat::Role(role),
            stand: Stand::Node(Arc::new(make)),
        }
    }

    /// An implementation of `role` on tokio, started afresh for each run on a host of the turmoil world. It stands at the first
    /// node of that role which is not scripted.
    pub fn software<F>(
        role: Role,
        start: impl Fn(AsyncHost) -> F + Send + Sync + 'static,
    ) -> SystemUnderTest
    where
        F: Future<Output = HostResult> + 'static,
    {
        SystemUnderTest {
            seat: Seat::Role(role),
            stand: Stand::Software(Arc::new(move |host| Box::pin(start(host)))),
        }
    }

    /// This project's endpoint in `role`, with the profile of that name and the deviations of those names.
    pub fn endpoint(role: Role, profile: &str, deviations: &[&str]) -> SystemUnderTest {
        SystemUnderTest {
            seat: Seat::Role(role),
            stand: Stand::Choice(NodeChoice {
                profile: Some(profile.to_owned()),
                deviations: deviations.iter().map(|name| (*name).to_owned()).collect(),
            }),
        }
    }

    /// Whatever each scenario puts at the node of this name.
    pub fn named(node: &str) -> SystemUnderTest {
        SystemUnderTest {
            seat: Seat::Named(node.to_owned()),
            stand: Stand::AsWritten,
        }
    }
}

impl fmt::Debug for SystemUnderTest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let stand = match &self.stand {
            Stand::AsWritten => "as written",
            Stand::Choice(_) => "a choice",
            Stand::Node(_) => "the caller's node",
            Stand::Software(_) => "the caller's software",
        };
        write!(formatter, "{stand} at {}", self.seat)
    }
}

/// Which transcripts are kept after their run.
#[derive(Copy, Clone, Debug, Default, Eq, PartialEq)]
pub enum KeepTranscripts {
    /// None.
    #[default]
    None,
    /// Those that stand for their family: of a scenario without a matrix, of named cases, of the middle case of a product;
    /// and those of failures.
    Shown,
    /// All of them.
    All,
}

/// How the suite is run.
#[derive(Clone, Debug)]
pub struct SuiteOptions {
    /// Replaces the seeds of the scenarios.
    pub seed: Option<u64>,
    /// The world that they run in.
    pub world: WorldKind,
    /// The requirements that runs are judged by, on top of what the scenarios choose.
    pub set: RequirementSet,
    /// How hard a verdict a missed requirement gets.
    pub grading: Grading,
    /// The end that is judged; all that are not scripted where there is none.
    pub system_under_test: Option<SystemUnderTest>,
    /// What stands at nodes, by name, instead of what the scenarios put there.
    pub choices: NodeChoices,
    /// Only the case of this name.
    pub case: Option<String>,
    /// How many runs at a time; nothing in the results depends on it.
    pub jobs: usize,
    /// Which transcripts are kept.
    pub transcripts: KeepTranscripts,
    /// Whether captures are taken down.
    pub captures: bool,
    /// Whether tapes are kept.
    pub tapes: bool,
    /// Whether sequence diagrams are kept.
    pub diagrams: bool,
}

impl Default for SuiteOptions {
    fn default() -> SuiteOptions {
        SuiteOptions {
            seed: None,
            world: WorldKind::Event,
            set: RequirementSet::default(),
            grading: Grading::Default,
            system_under_test: None,
            choices: NodeChoices::new(),
            case: None,
            jobs: 1,
            transcripts: KeepTranscripts::None,
            captures: false,
            tapes: false,
            diagrams: false,
        }
    }
}

impl SuiteOptions {
    /// The world that scenarios really run in: software on tokio needs turmoil.
    pub fn real_world(&self) -> WorldKind {
        match &self.system_under_test {
            Some(system) if matches!(system.stand, Stand::Software(_)) => WorldKind::Turmoil,
            _ => self.world,
        }
    }

    /// Whether the scenarios run as they are written: their own nodes, their own luck, the event world.
    pub fn as_written(&self) -> bool {
        self.seed.is_none()
            && self.world == WorldKind::Event
            && self.system_under_test.is_none()
            && self.set == RequirementSet::Rfc
            && self.choices.is_empty()
    }
}
