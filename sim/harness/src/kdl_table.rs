//! Tables that are written in KDL: one row a node, and mistakes that name their line.

use std::fmt;

use kdl::{KdlDocument, KdlNode};

/// The deepest nesting of braces that is read; a table has one level, or two.
const DEEPEST: usize = 16;

/// What is wrong with a table, and in which line.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TableError {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong.
    pub problem: String,
}

impl fmt::Display for TableError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "line {}: {}", self.line, self.problem)
    }
}

impl std::error::Error for TableError {}

/// Reads a table's text.
///
/// # Errors
/// If it is no KDL, or nested more deeply than a table may be: the parser's stack bounds what it can follow.
pub fn document(text: &str) -> Result<KdlDocument, TableError> {
    let wrong = |line: usize, problem: &str| TableError {
        line,
        problem: problem.to_owned(),
    };
    if deepest(text) > DEEPEST {
        return Err(wrong(1, "this is nested too deeply for a table"));
    }
    text.parse().map_err(|error: kdl::KdlError| {
        let offset = error
            .diagnostics
            .first()
            .map_or(0, |diagnostic| diagnostic.span.offset());
        wrong(line_at(text, offset), "this is not KDL")
    })
}

/// How deep braces are nested, quoted ones included: no less than what a parser has to follow.
fn deepest(text: &str) -> usize {
    let (mut now, mut most) = (0_usize, 0_usize);
    for octet in text.bytes() {
        match octet {
            b'{' => now += 1,
            b'}' => now = now.saturating_sub(1),
            _ => {}
        }
        most = most.max(now);
    }
    most
}

/// The line of a node, from 1.
pub fn line_of(text: &str, node: &KdlNode) -> usize {
    line_at(text, node.span().offset())
}

fn line_at(text: &str, offset: usize) -> usize {
    let before = text.as_bytes().get(..offset).unwrap_or(text.as_bytes());
    before.iter().filter(|&&octet| octet == b'\n').count() + 1
}

/// Makes sure that a node has the only name that may stand there.
///
/// # Errors
/// If it has another one.
pub fn expect_name(node: &KdlNode, name: &str) -> Result<(), String> {
    match node.name().value() {
        found if found == name => Ok(()),
        found => Err(format!("expected `{name}`, found `{found}`")),
    }
}

/// The text of a property, or of an argument.
pub fn text_of(node: &KdlNode, key: impl Into<kdl::NodeKey>) -> Option<&str> {
    node.get(key).and_then(|value| value.as_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_is_no_table_is_told_with_its_line() {
        let problem = |text: &str| document(text).expect_err("a mistake").to_string();
        assert_eq!(problem("row 1\nrow \""), "line 2: this is not KDL");
        assert_eq!(
            problem(&"a {".repeat(100_000)),
            "line 1: this is nested too deeply for a table"
        );
        assert!(document(&format!("{}{}", "a {".repeat(DEEPEST), "}".repeat(DEEPEST))).is_ok());
    }

    #[test]
    fn rows_have_lines_names_and_texts() {
        let text = "\nrow \"CDN-003\" key=\"value\" number=1";
        let table = document(text).expect("a table");
        let row = &table.nodes()[0];
        assert_eq!(line_of(text, row), 2);
        assert_eq!(expect_name(row, "row"), Ok(()));
        assert_eq!(
            expect_name(row, "line"),
            Err("expected `line`, found `row`".to_owned())
        );
        assert_eq!(text_of(row, "key"), Some("value"));
        assert_eq!(text_of(row, "number"), None);
        assert_eq!(text_of(row, 0), Some("CDN-003"));
    }
}
