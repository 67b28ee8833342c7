//! A scenario put on a world and played there.

use pptp_rules::Grade;
use pptp_world::tape::{Tape, TapeMismatch};
use pptp_world::{NodeId, Role as WorldRole, Stage, WorldConfig};

use super::options::{SoftwareFactory, WorldKind};
use crate::run::{
    CaptureRecorder, MakeNode, NodeCapture, RunOptions, RunReport, SetupError, event_world_with,
    limits, link_config, play,
};
use crate::scenario::Role;
use crate::scenario::model::Scenario;
use crate::scenario::source::Sources;
use crate::turmoil_world::TurmoilWorld;

/// What is to be played, and how.
pub struct Staged<'a> {
    /// The scenario.
    pub scenario: &'a Scenario,
    /// The files that it was read from.
    pub sources: &'a Sources,
    /// What the caller decides.
    pub options: &'a RunOptions,
    /// The seed of all luck.
    pub seed: u64,
    /// Whether captures are taken down.
    pub keep_octets: bool,
}

/// What was played.
pub struct Ran {
    /// What it gave.
    pub report: RunReport,
    /// Every decision of luck.
    pub tape: Tape,
    /// A capture for each node.
    pub captures: Vec<NodeCapture>,
    /// Where the tape that was played did not fit.
    pub mismatch: Option<TapeMismatch>,
}

impl Staged<'_> {
    /// Plays it on the event world; with a tape, without luck.
    ///
    /// # Errors
    /// What `make` gives; a link that cannot be made.
    pub fn on_event_world(
        &self,
        tape: Option<Tape>,
        make: &mut MakeNode<'_>,
    ) -> Result<Ran, SetupError> {
        let mut world = event_world_with(self.scenario, self.seed, tape, self.keep_octets, make)?;
        let mut ran = self.play(&mut world, WorldKind::Event);
        ran.mismatch = world.finish_tape().err();
        ran.tape = std::mem::take(world.tape_mut());
        Ok(ran)
    }

    /// Plays it on the turmoil world; with a tape, without luck of its own. `software` stands at the node of that name.
    ///
    /// # Errors
    /// What `make` gives; a link that cannot be made.
    pub fn on_turmoil_world(
        &self,
        tape: Option<Tape>,
        software: Option<&(String, SoftwareFactory)>,
        make: &mut MakeNode<'_>,
    ) -> Result<Ran, SetupError> {
        let config = WorldConfig {
            seed: self.seed,
            limits: limits(self.scenario),
            judge: self.scenario.set.judge(),
            keep_octets: self.keep_octets,
        };
        let mut world = match tape {
            Some(tape) => TurmoilWorld::replay(config, tape),
            None => TurmoilWorld::new(config),
        };
        for node in &self.scenario.nodes {
            match software {
                Some((name, start)) if *name == node.name => {
                    let role = node.role.map(|role| match role {
                        Role::Pac => WorldRole::Pac,
                        Role::Pns => WorldRole::Pns,
                    });
                    let start = start.clone();
                    world.add_async_node(name, &node.addresses, role, move |host| start(host));
                }
                _ => {
                    world.add_node(&node.name, &node.addresses, make(node)?);
                }
            }
        }
        for link in &self.scenario.links {
            let (a, b) = (NodeId(link.a.0), NodeId(link.b.0));
            world
                .add_link(a, b, &link_config(link))
                .map_err(|error| SetupError::Link(error.to_string()))?;
        }
        let mut ran = self.play(&mut world, WorldKind::Turmoil);
        ran.mismatch = world.finish_tape().err();
        ran.tape = std::mem::take(world.tape_mut());
        for failure in world.failures() {
            ran.report.behaviour = ran.report.behaviour.max(Grade::Fail);
            ran.report
                .problems
                .push(format!("its software ended: {failure}"));
        }
        Ok(ran)
    }

    /// The tape stays in the world, which still has to be asked whether it fits.
    fn play<S: Stage>(&self, world: &mut S, kind: WorldKind) -> Ran {
        let mut recorder = self
            .keep_octets
            .then(|| CaptureRecorder::new(self.scenario, self.seed));
        let report = play(
            self.scenario,
            self.sources,
            self.options,
            world,
            kind.name(),
            recorder.as_mut(),
        );
        Ran {
            report,
            tape: Tape::default(),
            captures: recorder.map(CaptureRecorder::finish).unwrap_or_default(),
            mismatch: None,
        }
    }
}
