//! What is played with every seed: one case of one scenario, or what the swarm makes of the seed.

use std::sync::Arc;

use super::header::{Header, TOOL, option_flags};
use super::line::ResultLine;
use super::seeds::SeedRange;
use crate::scenario::model::Scenario;
use crate::scenario::print::print;
use crate::suite::{
    CaseRun, Family, Outcome, Plan, SuiteOptions, file_stem, ready_case, replay_command,
    run_scenario, why_not,
};
use crate::swarm::Swarm;

/// Where the runs of a unit come from.
#[derive(Clone, Debug)]
pub enum Source {
    /// One case of one scenario, with other luck each time.
    Case {
        /// The scenario file.
        family: Arc<Family>,
        /// The case.
        scenario: Box<Scenario>,
    },
    /// Another network and another course each time.
    Swarm(Arc<Swarm>),
}

/// Something that is ready to be played with any seed.
#[derive(Clone, Debug)]
pub struct Unit {
    /// Where its runs come from.
    pub source: Source,
    /// The header of its result file for the whole range.
    pub header: Header,
    /// The name of its result files, without range and ending.
    pub stem: String,
}

impl Unit {
    /// What the case is called.
    pub fn name(&self) -> String {
        match &self.header.case {
            Some(case) => format!("{} ({case})", self.header.scenario),
            None => self.header.scenario.clone(),
        }
    }

    /// Plays it with this seed. Never panics.
    pub fn play(&self, seed: u64, options: &SuiteOptions) -> ResultLine {
        let run = self.run(seed, options);
        match &self.source {
            Source::Case { .. } => ResultLine::of(&run),
            Source::Swarm(_) => ResultLine::of_one_seed(&run),
        }
    }

    /// The run with this seed. Never panics.
    pub fn run(&self, seed: u64, options: &SuiteOptions) -> CaseRun {
        match &self.source {
            Source::Case { family, scenario } => run_scenario(family, scenario, seed, options),
            Source::Swarm(swarm) => swarm.play(seed, options),
        }
    }

    /// The swarm over these seeds.
    pub fn swarm(swarm: Swarm, seeds: SeedRange, options: &SuiteOptions) -> Unit {
        let header = Header {
            tool: TOOL.to_owned(),
            scenario: swarm.name().to_owned(),
            case: None,
            scenario_digest: swarm.digest(),
            holds: None,
            options: option_flags(options),
            unit: (1, 1),
            replay: swarm.replay_command(options),
            seeds,
            part: seeds,
        };
        Unit {
            source: Source::Swarm(Arc::new(swarm)),
            stem: "swarm".to_owned(),
            header,
        }
    }
}

/// The units of a plan, and how many of its cases cannot run with these options.
///
/// # Errors
/// Why a case cannot be made at all.
pub fn units(
    plan: &Plan,
    seeds: SeedRange,
    options: &SuiteOptions,
) -> Result<(Vec<Unit>, u64), String> {
    let mut units = Vec::new();
    let mut skipped = 0;
    for (family, cases) in &plan.families {
        for case in cases {
            let scenario = match ready_case(family, *case, options) {
                Ok(scenario) => scenario,
                Err(run) => match run.outcome {
                    Outcome::Refused(reason) => return Err(reason),
                    _ => {
                        skipped += 1;
                        continue;
                    }
                },
            };
            match why_not(&scenario, options) {
                Some(_) => skipped += 1,
                None => units.push(unit(family, scenario, seeds, options)),
            }
        }
    }
    let count = units.len() as u64;
    for (unit, number) in units.iter_mut().zip(1..) {
        unit.header.unit = (number, count);
    }
    Ok((units, skipped))
}

fn unit(
    family: &Arc<Family>,
    scenario: Scenario,
    seeds: SeedRange,
    options: &SuiteOptions,
) -> Unit {
    let case = scenario.case.as_ref();
    // The seed stands behind the first flag of the command.
    let replay =
        replay_command(&family.found, case, 0, options).replacen("--seed 0", "--seed SEED", 1);
    let digest = blake3::hash(print(&scenario).as_bytes()).to_hex();
    let header = Header {
        tool: TOOL.to_owned(),
        scenario: family.found.name.clone(),
        case: case.map(|case| case.text.clone()),
        scenario_digest: digest.as_str()[..32].to_owned(),
        holds: scenario.holds,
        options: option_flags(options),
        unit: (0, 0),
        replay,
        seeds,
        part: seeds,
    };
    Unit {
        stem: file_stem(&header.scenario, header.case.as_deref()),
        source: Source::Case {
            family: family.clone(),
            scenario: Box::new(scenario),
        },
        header,
    }
}
