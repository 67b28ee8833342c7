//! Reading the register's text.

use std::collections::BTreeMap;

use kdl::{KdlDocument, KdlNode};
use pptp_wire::{Requirement, Severity};

use super::{Kind, RequirementSet, Row, requirement};
use crate::kdl_table::{TableError, document, expect_name, line_of, text_of};

/// What a row says beside its id, in the order in which it is written.
const PROPERTIES: [&str; 7] = [
    "section", "role", "level", "severity", "kind", "modes", "set",
];
/// What stands in a row's block.
const CHILDREN: [&str; 4] = ["sentence", "observed", "decision", "exception"];
/// Whom a requirement binds.
const ROLES: [&str; 5] = ["both", "originator", "receiver", "PAC", "PNS"];
/// How strongly a requirement is worded.
const LEVELS: [&str; 6] = ["MUST", "MUST NOT", "SHOULD", "SHOULD NOT", "MAY", "implied"];
/// The sets that a row may belong to.
pub(super) const SETS: [&str; 2] = [RequirementSet::Rfc.name(), RequirementSet::Windows.name()];

/// Reads a register.
///
/// # Errors
/// Every row with a mistake, with the first one in it: an unknown id, one that stands twice, a section, role, kind or other word
/// that is not known, something that is missing, too much, or contradicts itself. A text that is no KDL is one mistake.
pub fn read(text: &str) -> Result<BTreeMap<Requirement, Row>, Vec<TableError>> {
    let document = document(text).map_err(|error| vec![error])?;
    let mut rows: BTreeMap<Requirement, Row> = BTreeMap::new();
    let mut mistakes = Vec::new();
    for node in document.nodes() {
        let line = line_of(text, node);
        let problem = match read_row(node) {
            Ok(row) => {
                let id = row.requirement.id();
                let doubled = rows.insert(row.requirement, row).is_some();
                doubled.then(|| format!("{id} stands here a second time"))
            }
            Err(problem) => Some(problem),
        };
        mistakes.extend(problem.map(|problem| TableError { line, problem }));
    }
    if mistakes.is_empty() {
        Ok(rows)
    } else {
        Err(mistakes)
    }
}

fn read_row(node: &KdlNode) -> Result<Row, String> {
    expect_name(node, "requirement")?;
    let id = text_of(node, 0).ok_or("a requirement begins with its id in quotes")?;
    let requirement = requirement(id)?;
    check_words(node, id)?;
    let property = |key: &str| match text_of(node, key) {
        Some(text) if !text.is_empty() => Ok(text.to_owned()),
        _ => Err(format!("{id} has no {key}")),
    };
    let optional = |name: &str| {
        let children = node.children()?;
        let text = children.get_arg(name)?.as_string()?;
        Some(text.to_owned())
    };
    let child = |name: &str| {
        optional(name)
            .filter(|text| !text.is_empty())
            .ok_or_else(|| format!("{id} has no {name}"))
    };
    let section = property("section")?;
    if section != requirement.section() {
        let known = Requirement::ALL
            .iter()
            .any(|other| other.section() == section);
        let unknown = if known { "" } else { ", which is unknown" };
        return Err(format!(
            "{id} stands in section {}, not {section}{unknown}",
            requirement.section()
        ));
    }
    let one_of = |key: &str, known: &[&str]| {
        let word = property(key)?;
        if known.contains(&word.as_str()) {
            return Ok(word);
        }
        Err(format!("{id}: {key} is {}, not {word}", listed(known)))
    };
    let severities = [
        Severity::Error,
        Severity::Warning,
        Severity::Note,
        Severity::Profile,
    ];
    let word = one_of("severity", &severities.map(Severity::name))?;
    let severity = severities
        .into_iter()
        .find(|severity| severity.name() == word)
        .unwrap_or(Severity::Error);
    let word = one_of("kind", &Kind::ALL.map(Kind::word))?;
    let kind = Kind::ALL
        .into_iter()
        .find(|kind| kind.word() == word)
        .unwrap_or(Kind::Rule);
    let exception = optional("exception");
    if (kind == Kind::Exception) != exception.as_ref().is_some_and(|reason| !reason.is_empty()) {
        return Err(format!(
            "{id}: a row of the kind exception says why in `exception`, and no other row does"
        ));
    }
    let modes = property("modes")?;
    let letters: Vec<&str> = modes.split_whitespace().collect();
    if letters.is_empty() || !letters.iter().all(|it| ["P", "A", "I", "N"].contains(it)) {
        return Err(format!(
            "{id}: modes are letters of P, A, I and N, not {modes}"
        ));
    }
    if letters.contains(&"N") != (kind == Kind::Exception) {
        return Err(format!(
            "{id}: N, and N alone, goes with the kind exception"
        ));
    }
    Ok(Row {
        requirement,
        section,
        role: one_of("role", &ROLES)?,
        level: one_of("level", &LEVELS)?,
        severity,
        kind,
        modes,
        set: one_of("set", &SETS)?,
        sentence: child("sentence")?,
        observed: child("observed")?,
        decision: optional("decision"),
        exception,
    })
}

/// Nothing stands in a row that is not read, and nothing stands twice.
fn check_words(node: &KdlNode, id: &str) -> Result<(), String> {
    let mut seen: Vec<&str> = Vec::new();
    for entry in node.entries() {
        let Some(name) = entry.name().map(|name| name.value()) else {
            continue;
        };
        if !PROPERTIES.contains(&name) {
            return Err(format!(
                "{id}: a row has {}, not {name}",
                listed(&PROPERTIES)
            ));
        }
        if seen.contains(&name) {
            return Err(format!("{id}: {name} stands here twice"));
        }
        seen.push(name);
    }
    let children = node.children().map_or(&[][..], KdlDocument::nodes);
    for child in children {
        let name = child.name().value();
        if !CHILDREN.contains(&name) {
            return Err(format!(
                "{id}: in a row stand {}, not {name}",
                listed(&CHILDREN)
            ));
        }
        if seen.contains(&name) {
            return Err(format!("{id}: {name} stands here twice"));
        }
        seen.push(name);
    }
    Ok(())
}

/// `a, b or c`.
fn listed(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [others @ .., last] => format!("{} or {last}", others.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROW: &str = "requirement \"CDN-003\" section=\"2.13\" role=\"PAC\" level=\"implied\" severity=error kind=rule modes=\"P\" set=rfc {\n    sentence \"a\"\n    observed \"b\"\n}\n";

    fn problem(text: &str) -> String {
        let mistakes = read(text).expect_err("a mistake");
        mistakes
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join("\n")
    }

    #[test]
    fn a_good_row_is_read() {
        let rows = read(ROW).expect("a good register");
        assert_eq!(rows[&Requirement::Cdn003].sentence, "a");
        assert_eq!(rows[&Requirement::Cdn003].decision, None);
        let decided = ROW.replace("    observed", "    decision \"c\"\n    observed");
        let rows = read(&decided).expect("a good register");
        assert_eq!(rows[&Requirement::Cdn003].decision.as_deref(), Some("c"));
        let exception = ROW
            .replace("kind=rule modes=\"P\"", "kind=exception modes=\"N\"")
            .replace("    observed", "    exception \"why\"\n    observed");
        let rows = read(&exception).expect("a good register");
        assert_eq!(rows[&Requirement::Cdn003].exception.as_deref(), Some("why"));
    }

    #[test]
    fn mistakes_name_their_line() {
        for (from, to, says) in [
            (
                "CDN-003",
                "CDN-999",
                "CDN-999 is no requirement that this build knows",
            ),
            ("2.13", "2.14", "CDN-003 stands in section 2.13, not 2.14"),
            (
                "2.13",
                "9.9",
                "CDN-003 stands in section 2.13, not 9.9, which is unknown",
            ),
            (
                "kind=rule",
                "kind=law",
                "CDN-003: kind is rule, definition, permission or exception, not law",
            ),
            (
                "role=\"PAC\"",
                "role=\"pac\"",
                "CDN-003: role is both, originator, receiver, PAC or PNS, not pac",
            ),
            (
                "\"implied\"",
                "\"must\"",
                "CDN-003: level is MUST, MUST NOT, SHOULD, SHOULD NOT, MAY or implied, not must",
            ),
            (
                "=error",
                "=fatal",
                "CDN-003: severity is error, warning, note or profile, not fatal",
            ),
            (
                "=rfc",
                "=cisco",
                "CDN-003: set is rfc or windows, not cisco",
            ),
            (
                "\"P\"",
                "\"Q\"",
                "CDN-003: modes are letters of P, A, I and N, not Q",
            ),
            (
                "\"P\"",
                "\"P N\"",
                "CDN-003: N, and N alone, goes with the kind exception",
            ),
            (
                "kind=rule",
                "kind=exception",
                "CDN-003: a row of the kind exception says why in `exception`, and no other row does",
            ),
            (
                "observed",
                "seen",
                "CDN-003: in a row stand sentence, observed, decision or exception, not seen",
            ),
            ("    observed \"b\"\n", "", "CDN-003 has no observed"),
            (
                "set=rfc",
                "set=rfc set=rfc",
                "CDN-003: set stands here twice",
            ),
            (
                "set=rfc",
                "sets=rfc",
                "CDN-003: a row has section, role, level, severity, kind, modes or set, not sets",
            ),
        ] {
            assert_eq!(problem(&ROW.replace(from, to)), format!("line 1: {says}"));
        }
        assert!(problem("requirement \"").starts_with("line 1: this is not KDL"));
    }

    #[test]
    fn every_row_with_a_mistake_is_told() {
        let text = format!("{ROW}{ROW}{}", ROW.replace("CDN-003", "CDN-999"));
        assert_eq!(
            problem(&text),
            "line 5: CDN-003 stands here a second time\nline 9: CDN-999 is no requirement that this build knows"
        );
    }
}
