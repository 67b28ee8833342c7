//! Endpoints of a plan as nodes.

use super::{NODES, PAC};
use crate::scenario::model::{AutoSpec, NodeSpec, Outcome, ProfileSetting, TelephoneSpec};
use crate::scenario::source::SourceSpan;
use crate::scenario::{ProfileValue, Role};
use crate::suite::expected_misses;
use pptp_proto::{Config, DialOutcome};
use pptp_wire::Requirement;
use pptp_wire::time::Duration;
use pptp_world::fuzzing::NodeChoice;
use std::sync::OnceLock;

/// What follows, in networks that no scenario of the suite has, from what a profile is known to miss.
const CONSEQUENCES: [(Requirement, Requirement); 5] = [
    // Who drops a call for the next one without a word does not answer a request for a call that is dropped.
    (Requirement::Tr013, Requirement::Ocrp001),
    // Who decides no collision knows of no loser, which would be silent from then on.
    (Requirement::Cc028, Requirement::Cc025),
    // Who does not read that a call is over goes on to send about it.
    (Requirement::Pnso005, Requirement::Sli002),
    // What it goes on to send seems to be of the call that has the Call ID by then.
    (Requirement::Pnso005, Requirement::Seq004),
    (Requirement::Pnso005, Requirement::Seq002),
];

/// Node `number` of a plan.
pub(super) fn node(number: usize, config: &Config, choice: &NodeChoice) -> NodeSpec {
    let role = if number == PAC { Role::Pac } else { Role::Pns };
    let window = ProfileSetting {
        key: "packet-recv-window-size",
        value: ProfileValue::Integer(choice.window.into()),
        span: SourceSpan::default(),
    };
    let buffers = ["transmit-buffer-packets", "receive-buffer-packets"];
    let buffers = buffers.map(|limit| (limit, u64::from(choice.buffers), SourceSpan::default()));
    NodeSpec {
        span: SourceSpan::default(),
        name: NODES[number].to_owned(),
        role: Some(role),
        addresses: vec![config.address],
        scripted: false,
        auto: AutoSpec::default(),
        profile: config.profile.name.to_owned(),
        profile_fields: (choice.window > 0).then_some(window).into_iter().collect(),
        telephone: if number == PAC {
            telephone(&config.telephone)
        } else {
            TelephoneSpec::default()
        },
        limits: buffers
            .into_iter()
            .filter(|(_, most, _)| *most > 0)
            .collect(),
        misses: Vec::new(),
        may_miss: known_misses(config.profile.name, role),
    }
}

fn telephone(telephone: &pptp_proto::Telephone) -> TelephoneSpec {
    TelephoneSpec {
        answers_after: Some(telephone.answers_after).filter(|span| *span > Duration::ZERO),
        outcome: match telephone.outcome {
            DialOutcome::Answer => Outcome::Answer,
            DialOutcome::Busy => Outcome::Busy,
            DialOutcome::NoCarrier => Outcome::NoCarrier,
            DialOutcome::NoDialTone => Outcome::NoDialTone,
        },
        hangs_up_after: telephone.hangs_up_after,
    }
}

/// What `scenarios/profiles.kdl` says that a profile misses in a role.
pub(crate) fn known_misses(profile: &str, role: Role) -> Vec<Requirement> {
    static TABLE: OnceLock<Vec<(&'static str, Role, Requirement)>> = OnceLock::new();
    let table = TABLE.get_or_init(|| {
        let rows = expected_misses().unwrap_or_default();
        let rows = rows.iter();
        rows.map(|row| (row.profile.name, row.role, row.requirement))
            .collect()
    });
    let fitting = table
        .iter()
        .filter(|row| row.0 == profile && row.1 == role)
        .map(|row| row.2);
    let mut misses: Vec<Requirement> = fitting.collect();
    let follow = CONSEQUENCES
        .iter()
        .filter(|(cause, _)| misses.contains(cause));
    let follow: Vec<Requirement> = follow.map(|(_, follows)| *follows).collect();
    for requirement in follow {
        if !misses.contains(&requirement) {
            misses.push(requirement);
        }
    }
    misses
}
