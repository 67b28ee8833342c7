//! The cases by area.

mod calls;
mod connections;
mod messages;
mod tunnels;

use crate::history::History;
use pptp_rules::End;
use pptp_wire::Requirement;

/// A history in the light of one requirement.
pub struct Case {
    /// The requirement that it breaks, or only seems to.
    pub requirement: Requirement,
    /// The end at fault.
    pub end: End,
    /// What happens in it.
    pub name: &'static str,
    /// Builds it.
    pub history: fn(&mut History),
}

const fn case(
    requirement: Requirement,
    end: End,
    name: &'static str,
    history: fn(&mut History),
) -> Case {
    Case {
        requirement,
        end,
        name,
        history,
    }
}

/// Histories that break a requirement.
pub fn breaks() -> Vec<Case> {
    [
        messages::breaks(),
        connections::breaks(),
        calls::breaks(),
        tunnels::breaks(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Histories that come near and break nothing of the kind.
pub fn spares() -> Vec<Case> {
    [connections::spares(), calls::spares(), tunnels::spares()]
        .into_iter()
        .flatten()
        .collect()
}
