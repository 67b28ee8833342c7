//! The cases by area.

mod call_end;
mod call_line;
mod call_set_up;
mod ends;
mod keep_alive;
mod messages;
mod numbers;
mod starts;
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
        starts::breaks(),
        ends::breaks(),
        keep_alive::breaks(),
        call_set_up::breaks(),
        call_end::breaks(),
        call_line::breaks(),
        tunnels::breaks(),
        numbers::breaks(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Histories that come near and break nothing of the kind.
pub fn spares() -> Vec<Case> {
    [
        starts::spares(),
        ends::spares(),
        keep_alive::spares(),
        call_set_up::spares(),
        call_end::spares(),
        call_line::spares(),
        tunnels::spares(),
        numbers::spares(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
