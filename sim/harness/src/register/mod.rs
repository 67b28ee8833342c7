//! The requirement register: every requirement that the project has adopted, read from `scenarios/requirements.kdl`.
//!
//! The text is built into the library, so that explanations and failure reports have it wherever the binary runs. The ids
//! and severities of the register and of [`Requirement`] are held together by a test.

mod read;
mod set;

use std::collections::BTreeMap;
use std::sync::OnceLock;

use pptp_wire::{Requirement, Severity};

pub use read::read;
pub use set::RequirementSet;

/// The register's text as it was built in.
pub const TEXT: &str = include_str!("../../../../scenarios/requirements.kdl");

/// What kind of row it is.
#[derive(Copy, Clone, Debug, Eq, PartialEq, Ord, PartialOrd)]
pub enum Kind {
    /// It can be broken, and that can be seen.
    Rule,
    /// It says what words mean: nothing of its own can be broken.
    Definition,
    /// It allows something: each choice passes.
    Permission,
    /// It cannot be observed; the row says why.
    Exception,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Kind; 4] = [
        Kind::Rule,
        Kind::Definition,
        Kind::Permission,
        Kind::Exception,
    ];

    /// The kind's word in the register.
    pub const fn word(self) -> &'static str {
        match self {
            Kind::Rule => "rule",
            Kind::Definition => "definition",
            Kind::Permission => "permission",
            Kind::Exception => "exception",
        }
    }
}

/// One row of the register.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Row {
    /// Its id.
    pub requirement: Requirement,
    /// Section of RFC 2637 (`2.7`), or of another text that is named.
    pub section: String,
    /// Whom it binds: `PAC`, `PNS`, `originator`, `receiver`, `both`.
    pub role: String,
    /// How strongly the text is worded: `MUST`, `SHOULD`, `MAY`, `implied`.
    pub level: String,
    /// How hard a verdict a miss gets.
    pub severity: Severity,
    /// What kind of row it is.
    pub kind: Kind,
    /// `P` seen passively, `A` needs a stimulus, `I` only inside the simulator, `N` not at all.
    pub modes: String,
    /// `rfc` or `windows`.
    pub set: String,
    /// The requirement in the project's own words.
    pub sentence: String,
    /// How a violation is seen.
    pub observed: String,
    /// What was decided where the RFC's text, or what the field does, leaves room, and why.
    pub decision: Option<String>,
    /// Why it cannot be observed; for the kind exception alone.
    pub exception: Option<String>,
}

impl Row {
    /// Whether anything of it can be seen, in a capture, with a stimulus, or inside the simulator.
    pub fn observable(&self) -> bool {
        self.kind != Kind::Exception
    }
}

/// The register that is built in.
///
/// # Panics
/// Never in a build that passes its tests: the text is checked by one of them.
pub fn register() -> &'static BTreeMap<Requirement, Row> {
    static REGISTER: OnceLock<BTreeMap<Requirement, Row>> = OnceLock::new();
    REGISTER.get_or_init(|| {
        read(TEXT).unwrap_or_else(|errors| panic!("the register that is built in: {errors:?}"))
    })
}

/// The requirement that an id names.
///
/// # Errors
/// If none has this id: a sentence that says so.
pub fn requirement(id: &str) -> Result<Requirement, String> {
    id.parse()
        .map_err(|_| format!("{id} is no requirement that this build knows"))
}

/// Section and sentence of a requirement, for failure reports.
pub fn clause(requirement: Requirement) -> Option<(String, String)> {
    register()
        .get(&requirement)
        .map(|row| (row.section.clone(), row.sentence.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_register_has_every_requirement_and_agrees_with_its_severity() {
        let rows = register();
        for requirement in Requirement::ALL {
            let row = rows
                .get(requirement)
                .unwrap_or_else(|| panic!("{} is not in the register", requirement.id()));
            assert_eq!(row.severity, requirement.severity(), "{}", requirement.id());
            assert_eq!(row.role, requirement.role().name(), "{}", requirement.id());
        }
        assert_eq!(rows.len(), Requirement::ALL.len());
    }

    #[test]
    fn exceptions_are_few() {
        let exceptions = register().values().filter(|row| !row.observable());
        assert!(exceptions.count() <= 25);
    }
}
