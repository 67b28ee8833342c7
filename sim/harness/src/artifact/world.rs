//! An input of the target `world` as a scenario, with everything that luck decided as faults.

use pptp_wire::fuzzing::chosen;
use pptp_world::fuzzing::{Plan, attempt};

use super::comments;
use crate::planned::scenario_of;
use crate::scenario::model::Scenario;
use crate::scenario::parse_str;
use crate::scenario::print::print;
use crate::scenario::source::Sources;
use crate::shrink::{SentPacket, explicit, probe};
use crate::suite::SuiteOptions;

/// The text of the scenario.
pub(super) fn scenario(name: &str, octets: &[u8]) -> String {
    let plan: Plan = chosen(octets);
    let attempt = attempt(&plan);
    let seed = plan.setup.seed.into();
    let planned = scenario_of(&plan, "a plan of the fuzz target world", seed);
    let packets: Vec<SentPacket> = attempt
        .packets
        .iter()
        .map(|packet| SentPacket {
            from: packet.from,
            to: packet.to,
            header: packet.header,
        })
        .collect();
    let without_luck = explicit(&planned, &attempt.tape, &packets);
    let mut lines = vec![format!("{name}: what the fuzz target world makes of it.")];
    lines.push(match &attempt.outcome {
        Err(law) => format!("broken: {law}"),
        Ok(outcome) => format!("No law of the target is broken: {outcome:?}."),
    });
    lines.push(format!("As a scenario: {}.", played(&without_luck, seed)));
    lines.push(
        "pptp-sim run FILE plays it; pptp-sim shrink FILE makes it small, if it fails.".to_owned(),
    );
    comments(&lines) + &print(&without_luck)
}

/// How the scenario ends as it is printed.
fn played(scenario: &Scenario, seed: u64) -> String {
    let text = print(scenario);
    let case = match parse_str(&text) {
        Ok(Some(file)) => file.file.case(0).ok(),
        _ => None,
    };
    let Some(case) = case else {
        return "it cannot be read, a defect of pptp-sim".to_owned();
    };
    match probe(
        &case,
        &Sources::default(),
        seed,
        None,
        &SuiteOptions::default(),
    ) {
        Err(problem) => format!("it cannot be set up: {problem}"),
        Ok(probe) => match probe.class {
            Some(class) => format!("it fails, {class}"),
            None => "it holds".to_owned(),
        },
    }
}
