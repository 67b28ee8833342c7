//! What is run, and against what, from the command line to the options of the suite.

use std::collections::BTreeSet;

use pptp_proto::{DEVIATIONS, Deviation, PROFILES};

use super::args::SubjectArgs;
use crate::run::NodeChoices;
use crate::scenario::suggest::suggestion;
use crate::suite::{Family, Found, Plan, Seat, SuiteOptions, SystemUnderTest};

/// The options that the arguments ask for; the rest as a caller likes it.
///
/// # Errors
/// What is wrong with them, in a sentence.
pub fn options(arguments: &SubjectArgs) -> Result<SuiteOptions, String> {
    Ok(SuiteOptions {
        world: arguments.world.world(),
        set: arguments.set.set(),
        grading: arguments.grading.grading(),
        system_under_test: arguments.sut.as_deref().map(SystemUnderTest::named),
        choices: choices(arguments)?,
        case: arguments.case.clone(),
        jobs: arguments.jobs.map_or_else(
            || std::thread::available_parallelism().map_or(1, usize::from),
            usize::from,
        ),
        ..SuiteOptions::default()
    })
}

/// `--profile` and `--deviation`, whose names must be known.
fn choices(arguments: &SubjectArgs) -> Result<NodeChoices, String> {
    let mut choices = NodeChoices::new();
    for (node, name) in &arguments.profile {
        let known = PROFILES.iter().map(|profile| profile.name);
        if !known.clone().any(|profile| profile == name) {
            return Err(unknown("profile", name, known));
        }
        let choice = choices.entry(node.clone()).or_default();
        if choice.profile.replace(name.clone()).is_some() {
            return Err(format!("two profiles are named for `{node}`"));
        }
    }
    for (node, name) in &arguments.deviation {
        if Deviation::by_name(name).is_none() {
            let known = DEVIATIONS.iter().map(|deviation| deviation.name);
            return Err(unknown("deviation", name, known));
        }
        let choice = choices.entry(node.clone()).or_default();
        if !choice.deviations.contains(name) {
            choice.deviations.push(name.clone());
        }
    }
    Ok(choices)
}

/// That there is no such thing, and what was perhaps meant.
pub fn unknown<'a>(
    what: &str,
    name: &str,
    known: impl IntoIterator<Item = &'a str> + Clone,
) -> String {
    let help = suggestion(name, known, "there are");
    let help = help.unwrap_or_else(|| format!("`pptp-sim {what}s` lists them"));
    format!("there is no {what} `{name}`; {help}")
}

/// Nodes and cases that the command names must be somewhere in what is to be run.
pub fn check_names(options: &SuiteOptions, plan: &Plan, found: &[Found]) -> Result<(), String> {
    if let Some(case) = &options.case
        && plan.families.is_empty()
        && plan.mistakes.is_empty()
    {
        let mut names = BTreeSet::new();
        for file in found {
            if let Ok(family) = Family::load(file) {
                let cases = 0..family.file.case_count();
                names.extend(cases.filter_map(|index| Some(family.file.case_name(index)?.text)));
            }
        }
        let help = suggestion(case, names.iter().map(String::as_str), "there are")
            .map_or(String::new(), |help| format!("; {help}"));
        return Err(format!("no scenario has a case `{case}`{help}"));
    }
    let mut nodes = BTreeSet::new();
    for (family, cases) in &plan.families {
        let first = cases
            .first()
            .and_then(|index| family.file.case(*index).ok());
        nodes.extend(
            first
                .into_iter()
                .flat_map(|scenario| scenario.nodes.into_iter().map(|node| node.name)),
        );
    }
    let judged = options
        .system_under_test
        .as_ref()
        .and_then(|system| match &system.seat {
            Seat::Named(name) => Some(name),
            _ => None,
        });
    let named = judged.into_iter().chain(options.choices.keys());
    for node in named {
        if !plan.families.is_empty() && !nodes.contains(node) {
            let help = suggestion(node, nodes.iter().map(String::as_str), "there are")
                .map_or(String::new(), |help| format!("; {help}"));
            return Err(format!("no scenario has a node `{node}`{help}"));
        }
    }
    Ok(())
}
