//! What each profile is known to miss: `scenarios/profiles.kdl`, built in, held against conformance reports by a test.

use kdl::KdlNode;
use pptp_proto::{PROFILES, ProfileDefinition, Role};
use pptp_rules::Grade;
use pptp_wire::Requirement;

use super::built_in::built_in_text;
use crate::kdl_table::{TableError, document, expect_name, line_of, text_of};
use crate::register::requirement;
use crate::run::grade_text;

/// A requirement that a conformance report on a profile shows as missed, because the software that it describes misses it.
#[derive(Clone, Debug)]
pub struct ExpectedMiss {
    /// The profile.
    pub profile: &'static ProfileDefinition,
    /// The role in which it misses the requirement.
    pub role: Role,
    /// The requirement.
    pub requirement: Requirement,
    /// What the report calls it: [`Grade::Fail`] or [`Grade::NonStrict`].
    pub grade: Grade,
    /// What the software was seen or read to do, and where that stands.
    pub source: String,
    /// The row's line in the table, from 1.
    pub line: usize,
}

/// The path of the table among the built-in files.
pub const PATH: &str = "scenarios/profiles.kdl";

/// Where the facts stand: measurements of the software, and readings of its source.
const SOURCES: [&str; 2] = ["peers.md §", "implementations.md, "];

/// The grades of a row, by the word that begins it.
const GRADES: [Grade; 2] = [Grade::Fail, Grade::NonStrict];

/// The table that is built in.
///
/// # Errors
/// The first mistake in it; none in a build that passes its tests.
pub fn expected_misses() -> Result<Vec<ExpectedMiss>, TableError> {
    read(built_in_text(PATH))
}

/// Reads a table.
///
/// # Errors
/// The first mistake: no KDL, an unknown profile, role, verdict or requirement, a row without a source, a requirement or a profile
/// that stands twice.
pub fn read(text: &str) -> Result<Vec<ExpectedMiss>, TableError> {
    let mut misses: Vec<ExpectedMiss> = Vec::new();
    for node in document(text)?.nodes() {
        let line = line_of(text, node);
        let (profile, role) = head(node).map_err(|problem| TableError { line, problem })?;
        let doubled = misses
            .iter()
            .any(|known| known.profile.name == profile.name && known.role == role);
        if doubled {
            let problem = format!(
                "{} as {} stands here a second time",
                profile.name,
                role.name()
            );
            return Err(TableError { line, problem });
        }
        for row in node.iter_children() {
            let line = line_of(text, row);
            let wrong = |problem| TableError { line, problem };
            let (grade, requirements, source) = row_of(row).map_err(wrong)?;
            for requirement in requirements {
                let is_known = misses.iter().any(|known| {
                    known.profile.name == profile.name
                        && known.role == role
                        && known.requirement == requirement
                });
                if is_known {
                    return Err(wrong(format!("{requirement} stands here a second time")));
                }
                misses.push(ExpectedMiss {
                    profile,
                    role,
                    requirement,
                    grade,
                    source: source.clone(),
                    line,
                });
            }
        }
    }
    Ok(misses)
}

/// `profile "poptop" role=PAC`.
fn head(node: &KdlNode) -> Result<(&'static ProfileDefinition, Role), String> {
    expect_name(node, "profile")?;
    let name = text_of(node, 0).ok_or("a profile is named in quotes")?;
    let profile = PROFILES
        .iter()
        .find(|known| known.name == name)
        .ok_or_else(|| format!("there is no profile `{name}`"))?;
    let role = match text_of(node, "role") {
        Some("PAC") => Role::Pac,
        Some("PNS") => Role::Pns,
        _ => return Err(format!("{name} needs role=PAC or role=PNS")),
    };
    if !profile.roles.contains(&role) {
        return Err(format!("{name} cannot be a {}", role.name()));
    }
    Ok((profile, role))
}

/// `fail "CCLR-005" "PACO-006" source="peers.md §7: …"`.
fn row_of(node: &KdlNode) -> Result<(Grade, Vec<Requirement>, String), String> {
    let word = node.name().value();
    let grade = GRADES
        .into_iter()
        .find(|grade| grade_text(*grade) == word)
        .ok_or_else(|| format!("expected `fail` or `non-strict`, found `{word}`"))?;
    let source = text_of(node, "source")
        .filter(|source| SOURCES.iter().any(|place| source.starts_with(place)))
        .ok_or_else(|| {
            format!(
                "a row needs source=\"{}…\" or \"{}…\"",
                SOURCES[0], SOURCES[1]
            )
        })?;
    let ids = node.entries().iter().filter(|entry| entry.name().is_none());
    let requirements: Vec<Requirement> = ids
        .map(|entry| requirement(entry.value().as_string().unwrap_or_default()))
        .collect::<Result<_, String>>()?;
    if requirements.is_empty() {
        return Err("a row names at least one requirement".to_owned());
    }
    Ok((grade, requirements, source.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "profile \"poptop\" role=PAC {\n\
        fail \"CCLR-005\" \"PACO-006\" source=\"peers.md §7: no notify\"\n\
        non-strict \"CC-013\" source=\"implementations.md, version: not checked\"\n}\n";

    #[test]
    fn the_table_that_is_built_in_is_sound() {
        assert!(!expected_misses().expect("no mistakes").is_empty());
    }

    #[test]
    fn a_row_is_read_for_each_of_its_requirements() {
        let misses = read(TABLE).expect("a good table");
        let rows: Vec<_> = misses
            .iter()
            .map(|miss| (miss.requirement, miss.grade, miss.role, miss.line))
            .collect();
        assert_eq!(
            rows,
            [
                (Requirement::Cclr005, Grade::Fail, Role::Pac, 2),
                (Requirement::Paco006, Grade::Fail, Role::Pac, 2),
                (Requirement::Cc013, Grade::NonStrict, Role::Pac, 3),
            ]
        );
        assert_eq!(misses[0].source, "peers.md §7: no notify");
    }

    #[test]
    fn mistakes_name_their_line() {
        let problem = |from: &str, to: &str| {
            let text = TABLE.replace(from, to);
            read(&text).expect_err("a mistake").to_string()
        };
        assert_eq!(
            problem("poptop", "potpop"),
            "line 1: there is no profile `potpop`"
        );
        assert_eq!(
            problem("role=PAC", "role=PNS"),
            "line 1: poptop cannot be a PNS"
        );
        assert_eq!(
            problem("role=PAC", ""),
            "line 1: poptop needs role=PAC or role=PNS"
        );
        assert_eq!(
            problem("profile \"", "software \""),
            "line 1: expected `profile`, found `software`"
        );
        assert_eq!(
            problem("PACO-006", "PACO-999"),
            "line 2: PACO-999 is no requirement that this build knows"
        );
        assert_eq!(
            problem("CC-013", "CCLR-005"),
            "line 3: CCLR-005 stands here a second time"
        );
        assert_eq!(
            problem("non-strict", "pass"),
            "line 3: expected `fail` or `non-strict`, found `pass`"
        );
        assert_eq!(
            problem(" \"CC-013\"", ""),
            "line 3: a row names at least one requirement"
        );
        assert!(problem("peers.md §7: ", "").starts_with("line 2: a row needs source="));
        // Without its opening brace, the closing one stands alone.
        assert_eq!(problem("{", ""), "line 4: this is not KDL");
        let doubled = read(&TABLE.repeat(2)).expect_err("a mistake").to_string();
        assert_eq!(doubled, "line 5: poptop as PAC stands here a second time");
    }
}
