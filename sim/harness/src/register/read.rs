//! Reading the register's text.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use kdl::{KdlDocument, KdlNode};
use pptp_wire::{Requirement, Severity};

use super::{Kind, Row};

/// What is wrong with a register, and in which line.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct RegisterError {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong.
    pub problem: String,
}

impl fmt::Display for RegisterError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "line {}: {}", self.line, self.problem)
    }
}

impl std::error::Error for RegisterError {}

/// Reads a register.
///
/// # Errors
/// The first mistake: no KDL, an unknown id, a doubled id, a section or word that is not known, a field that is missing.
pub fn read(text: &str) -> Result<BTreeMap<Requirement, Row>, RegisterError> {
    let document: KdlDocument = text.parse().map_err(|error: kdl::KdlError| {
        let offset = error
            .diagnostics
            .first()
            .map_or(0, |diagnostic| diagnostic.span.offset());
        RegisterError {
            line: line_of(text, offset),
            problem: "this is not KDL".to_owned(),
        }
    })?;
    let mut rows = BTreeMap::new();
    for node in document.nodes() {
        let line = line_of(text, node.span().offset());
        let row = read_row(node).map_err(|problem| RegisterError { line, problem })?;
        let id = row.requirement.id();
        if rows.insert(row.requirement, row).is_some() {
            return Err(RegisterError {
                line,
                problem: format!("{id} stands here a second time"),
            });
        }
    }
    Ok(rows)
}

fn line_of(text: &str, offset: usize) -> usize {
    let before = text.as_bytes().get(..offset).unwrap_or(text.as_bytes());
    before.iter().filter(|&&octet| octet == b'\n').count() + 1
}

fn read_row(node: &KdlNode) -> Result<Row, String> {
    if node.name().value() != "requirement" {
        return Err(format!(
            "expected `requirement`, found `{}`",
            node.name().value()
        ));
    }
    let id = node
        .get(0)
        .and_then(|value| value.as_string())
        .ok_or("a requirement begins with its id in quotes")?;
    let requirement = Requirement::from_str(id)
        .map_err(|_| format!("{id} is no requirement that this build knows"))?;
    let property = |key: &str| match node.get(key).and_then(|value| value.as_string()) {
        Some(text) => Ok(text.to_owned()),
        None => Err(format!("{id} has no {key}")),
    };
    let child = |name: &str| {
        let found = node
            .children()
            .and_then(|children| children.get_arg(name))
            .and_then(|value| value.as_string());
        found
            .map(str::to_owned)
            .ok_or_else(|| format!("{id} has no {name}"))
    };
    let section = property("section")?;
    if section != requirement.section() {
        return Err(format!(
            "{id} stands in section {}, not {section}",
            requirement.section()
        ));
    }
    let word = property("severity")?;
    let severity = [
        Severity::Error,
        Severity::Warning,
        Severity::Note,
        Severity::Profile,
    ]
    .into_iter()
    .find(|severity| severity.name() == word)
    .ok_or_else(|| format!("{id}: severity is error, warning, note or profile, not {word}"))?;
    let word = property("kind")?;
    let kind = [
        Kind::Rule,
        Kind::Definition,
        Kind::Permission,
        Kind::Exception,
    ]
    .into_iter()
    .find(|kind| kind.word() == word)
    .ok_or_else(|| {
        format!("{id}: kind is rule, definition, permission or exception, not {word}")
    })?;
    Ok(Row {
        requirement,
        section,
        role: property("role")?,
        level: property("level")?,
        severity,
        kind,
        modes: property("modes")?,
        set: property("set")?,
        sentence: child("sentence")?,
        observed: child("observed")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROW: &str = "requirement \"CDN-003\" section=\"2.13\" role=\"PAC\" level=\"implied\" severity=error kind=rule modes=\"P\" set=rfc {\n    sentence \"a\"\n    observed \"b\"\n}\n";

    fn problem(text: &str) -> String {
        read(text).expect_err("a mistake").to_string()
    }

    #[test]
    fn a_good_row_is_read() {
        let rows = read(ROW).expect("a good register");
        assert_eq!(rows[&Requirement::Cdn003].sentence, "a");
    }

    #[test]
    fn mistakes_name_their_line() {
        assert_eq!(
            problem(&format!("{ROW}{ROW}")),
            "line 5: CDN-003 stands here a second time"
        );
        assert_eq!(
            problem(&ROW.replace("CDN-003", "CDN-999")),
            "line 1: CDN-999 is no requirement that this build knows"
        );
        assert_eq!(
            problem(&ROW.replace("2.13", "9.9")),
            "line 1: CDN-003 stands in section 2.13, not 9.9"
        );
        assert_eq!(
            problem(&ROW.replace("kind=rule", "kind=law")),
            "line 1: CDN-003: kind is rule, definition, permission or exception, not law"
        );
        assert_eq!(
            problem(&ROW.replace("observed", "seen")),
            "line 1: CDN-003 has no observed"
        );
        assert!(problem("requirement \"").starts_with("line 1: this is not KDL"));
    }
}
