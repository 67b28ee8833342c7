//! Where each requirement stands: what validates it, what rules on it, what puts it to the test, what proves that the test bites.

use pptp_proto::{DEVIATIONS, Deviation};
use pptp_rules::{Rule, rule_for};
use pptp_wire::{Requirement, VALIDATED};

use super::coverage::coverage;
use crate::register::{Row, register};

/// One requirement with everything that cites it.
#[derive(Clone, Debug)]
pub struct Standing {
    /// Its row of the register.
    pub row: &'static Row,
    /// Whether validation of single messages judges it.
    pub validated: bool,
    /// The passive rule that judges it.
    pub rule: Option<&'static Rule>,
    /// Names of the scenarios of the built-in suite that cover it.
    pub scenarios: &'static [String],
    /// The deviations that break it.
    pub deviations: Vec<&'static Deviation>,
}

impl Standing {
    /// Whether no scenario puts it to the test.
    pub fn is_uncovered(&self) -> bool {
        self.scenarios.is_empty()
    }
}

/// Where a requirement stands; `None` where the register has no row for it.
pub fn standing(requirement: Requirement) -> Option<Standing> {
    let row = register().get(&requirement)?;
    Some(Standing {
        row,
        validated: VALIDATED.contains(&requirement),
        rule: rule_for(requirement),
        scenarios: coverage().get(&requirement).map_or(&[], Vec::as_slice),
        deviations: DEVIATIONS
            .iter()
            .filter(|deviation| deviation.breaks.contains(&requirement))
            .collect(),
    })
}

/// Where all requirements stand, in the order of the register.
pub fn standings() -> Vec<Standing> {
    Requirement::ALL
        .iter()
        .filter_map(|requirement| standing(*requirement))
        .collect()
}
