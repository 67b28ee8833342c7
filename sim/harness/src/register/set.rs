//! Sets of requirements that are switched on as a whole.

use pptp_rules::JudgeConfig;
use pptp_wire::Requirement;

/// A set of requirements. Those of RFC 2637 always count; another set counts where a scenario or a command chooses it.
#[derive(Copy, Clone, Debug, Default, Eq, PartialEq)]
pub enum RequirementSet {
    /// RFC 2637.
    #[default]
    Rfc,
    /// Windows as [MS-PTPT] describes it, on top of RFC 2637: its rows count, and what it relaxes is not judged.
    Windows,
}

impl RequirementSet {
    /// Every set.
    pub const ALL: [RequirementSet; 2] = [RequirementSet::Rfc, RequirementSet::Windows];

    /// `rfc` or `windows`: the word of scenarios, of the command line and of the register.
    pub const fn name(self) -> &'static str {
        match self {
            RequirementSet::Rfc => "rfc",
            RequirementSet::Windows => "windows",
        }
    }

    /// The set that a requirement belongs to.
    pub fn of(requirement: Requirement) -> RequirementSet {
        if requirement.section().starts_with("MS-PTPT") {
            RequirementSet::Windows
        } else {
            RequirementSet::Rfc
        }
    }

    /// What a judge takes for granted where this set is chosen.
    pub fn judge(self) -> JudgeConfig {
        JudgeConfig {
            windows: self == RequirementSet::Windows,
            ..JudgeConfig::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::register::register;

    #[test]
    fn the_register_agrees() {
        for row in register().values() {
            assert_eq!(row.set, RequirementSet::of(row.requirement).name());
        }
    }
}
