//! Playing seeds of the swarm.

use std::borrow::Cow;
use std::sync::Arc;

use super::{NODES, VERSION, endpoints, plan_of, vary};
use crate::planned;
use crate::run::{NodeChoice, NodeChoices};
use crate::scenario::load::MemoryLoader;
use crate::scenario::model::{NodeSpec, Scenario};
use crate::scenario::print::print;
use crate::scenario::{lint_file, render_all};
use crate::suite::{
    CaseRun, Family, Found, Plan, Seat, SuiteOptions, WorldKind, replay_command, run_scenario,
};
use crate::swarm::Features;
use crate::swarm::draw::Draw;

/// The swarm with what stands at its nodes, ready to be played with any seed.
#[derive(Clone, Debug)]
pub struct Swarm {
    name: String,
    choices: NodeChoices,
    /// What messages about places refer to: no run of a sweep has a file of its own.
    family: Family,
}

impl Swarm {
    /// The swarm, as far as these options suit it.
    ///
    /// # Errors
    /// Why they do not: a node that it does not have, a world that cannot play it, a case.
    pub fn new(options: &SuiteOptions) -> Result<Swarm, String> {
        if options.real_world() == WorldKind::Turmoil {
            return Err("the swarm runs in the event world alone".to_owned());
        }
        if options.case.is_some() {
            return Err("the swarm has no cases: --case is for scenarios".to_owned());
        }
        if let Some(system) = &options.system_under_test
            && let Seat::Named(name) = &system.seat
            && !NODES[..2].contains(&name.as_str())
        {
            return Err(format!(
                "no network of the swarm is sure to have a node `{name}`: --sut takes pns or pac"
            ));
        }
        let strange = options
            .choices
            .keys()
            .find(|node| !NODES.contains(&node.as_str()));
        if let Some(node) = strange {
            return Err(format!(
                "the swarm has no node `{node}`; there are: {}",
                NODES.join(", ")
            ));
        }
        Ok(Swarm {
            name: format!("swarm {VERSION}"),
            choices: options.choices.clone(),
            family: family(Found::of_swarm("SEED"), &super::scenario_of(0))?,
        })
    }

    /// What it is called in results, with its version: `swarm 1`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What results depend on beside seeds and options: the generator, 32 hexadecimal digits.
    pub fn digest(&self) -> String {
        let digest = blake3::hash(self.name.as_bytes()).to_hex();
        digest.as_str()[..32].to_owned()
    }

    /// The scenario of a seed, with the profiles that were asked for.
    pub fn scenario(&self, seed: u64) -> Scenario {
        scenario(seed, &self.choices)
    }

    /// Plays a seed. Never panics.
    pub fn play(&self, seed: u64, options: &SuiteOptions) -> CaseRun {
        let scenario = self.scenario(seed);
        let options = fitting(&scenario, options);
        run_scenario(&self.family, &scenario, seed, &options)
    }

    /// The scenario of a seed as a file of its own, with what the text says about places; and its text.
    ///
    /// # Errors
    /// What is wrong with the text: nothing, unless the generator is.
    pub fn file(&self, seed: u64) -> Result<(Family, String), String> {
        let scenario = self.scenario(seed);
        let family = family(Found::of_swarm(&seed.to_string()), &scenario)?;
        Ok((family, print(&scenario)))
    }

    /// What `run` plays of a seed, and with which options.
    ///
    /// # Errors
    /// As [`Swarm::file`].
    pub fn plan(&self, seed: u64, options: &SuiteOptions) -> Result<(Plan, SuiteOptions), String> {
        let (family, _) = self.file(seed)?;
        let scenario = self.scenario(seed);
        let plan = Plan {
            families: vec![(Arc::new(family), vec![0])],
            mistakes: Vec::new(),
        };
        Ok((plan, fitting(&scenario, options).into_owned()))
    }

    /// The command that plays a seed again; the word `SEED` stands for it.
    pub fn replay_command(&self, options: &SuiteOptions) -> String {
        let command = replay_command(&self.family.found, None, 0, options);
        command.replacen("--seed 0", "--seed SEED", 1)
    }
}

/// The scenario of a seed.
pub(super) fn scenario(seed: u64, choices: &NodeChoices) -> Scenario {
    let title = format!("seed {seed} of the swarm, version {VERSION}");
    let mut scenario = planned::scenario_of(&plan_of(seed), &title, seed);
    let origin = vary::origin(seed);
    let mut draw = Draw::new(origin, "endpoints");
    for node in &mut scenario.nodes {
        let choice = choices.get(&node.name);
        if let Some(profile) = choice.and_then(|choice| choice.profile.as_ref()) {
            replace_profile(node, profile);
        }
        endpoints::set(&mut draw, Features::of(origin), node);
    }
    scenario
}

/// A scenario as it is read from its text.
fn family(found: Found, scenario: &Scenario) -> Result<Family, String> {
    let mut loader = MemoryLoader::default();
    loader.files.insert(found.path.clone(), print(scenario));
    match lint_file(&found.path, &loader) {
        Ok(Some(linted)) => Ok(Family {
            found,
            file: linted.file,
            covers: Vec::new(),
        }),
        Ok(None) => Err(format!("{} holds no scenario", found.path)),
        Err(mistakes) => Err(render_all(&mistakes, false)),
    }
}

/// A profile that was asked for takes the place of the one that was drawn, with what it is known to miss.
fn replace_profile(node: &mut NodeSpec, profile: &str) {
    node.profile = profile.to_owned();
    node.may_miss = node
        .role
        .map(|role| planned::known_misses(profile, role))
        .unwrap_or_default();
}

/// The options without what they say of nodes that this network does not have.
fn fitting<'o>(scenario: &Scenario, options: &'o SuiteOptions) -> Cow<'o, SuiteOptions> {
    let is_there = |node: &str| scenario.nodes.iter().any(|known| known.name == node);
    if options.choices.keys().all(|node| is_there(node)) {
        return Cow::Borrowed(options);
    }
    let mut fitting = options.clone();
    fitting
        .choices
        .retain(|node: &String, _: &mut NodeChoice| is_there(node));
    Cow::Owned(fitting)
}
