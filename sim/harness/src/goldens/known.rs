//! Disagreements with decoders whose cause is known: a table, so that a new one stands out.

use std::collections::BTreeSet;

use kdl::KdlNode;

use super::said::Difference;
use super::traits::TRAITS;
use super::{DECODERS, Decoder};
use crate::kdl_table::{TableError, document, expect_name, line_of, text_of};

/// The table that is built in.
const TABLE: &str = include_str!("known-disagreements.kdl");

/// One row: what such a disagreement looks like, and why it is.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Known {
    /// The decoder that says something else.
    pub decoder: Decoder,
    /// The version with which the cause was confirmed.
    pub version: String,
    /// The frame has one of these traits.
    pub when: Vec<String>,
    /// The field is one of these; empty for any.
    pub fields: Vec<String>,
    /// What we say; `None` for anything. `*` at its end stands for anything.
    pub ours: Option<String>,
    /// What the decoder says; `None` for anything. `*` at its end stands for anything.
    pub theirs: Option<String>,
    /// Why.
    pub cause: String,
    /// The row's line in the table, from 1.
    pub line: usize,
}

impl Known {
    /// Whether this row tells why there is this difference in a frame with these traits.
    pub fn explains(
        &self,
        decoder: Decoder,
        difference: &Difference,
        traits: &BTreeSet<&'static str>,
    ) -> bool {
        let fits = |pattern: &str, text: &str| match pattern.strip_suffix('*') {
            Some(beginning) => text.starts_with(beginning),
            None => pattern == text,
        };
        self.decoder == decoder
            && (self.when.is_empty() || self.when.iter().any(|name| traits.contains(name.as_str())))
            && (self.fields.is_empty()
                || self.fields.iter().any(|name| fits(name, &difference.field)))
            && self
                .ours
                .as_ref()
                .is_none_or(|pattern| fits(pattern, &difference.ours))
            && self
                .theirs
                .as_ref()
                .is_none_or(|pattern| fits(pattern, &difference.theirs))
    }
}

/// The table that is built in.
///
/// # Errors
/// The first mistake in it; none in a build that passes its tests.
pub fn known_disagreements() -> Result<Vec<Known>, TableError> {
    read(TABLE)
}

/// Reads a table.
///
/// # Errors
/// The first mistake: no KDL, an unknown decoder, trait or word, a row that would explain everything, one without a cause.
pub fn read(text: &str) -> Result<Vec<Known>, TableError> {
    let mut rows = Vec::new();
    for node in document(text)?.nodes() {
        let line = line_of(text, node);
        let (decoder, version) = head(node).map_err(|problem| TableError { line, problem })?;
        for row in node.iter_children() {
            let line = line_of(text, row);
            let known = read_row(row, decoder, version, line)
                .map_err(|problem| TableError { line, problem })?;
            rows.push(known);
        }
    }
    Ok(rows)
}

fn head(node: &KdlNode) -> Result<(Decoder, &str), String> {
    expect_name(node, "decoder")?;
    let name = text_of(node, 0).ok_or("a decoder has its name in quotes")?;
    let decoder = DECODERS
        .into_iter()
        .find(|decoder| decoder.name() == name)
        .ok_or_else(|| format!("there is no decoder `{name}`"))?;
    match text_of(node, "confirmed") {
        Some(version) if !version.is_empty() => Ok((decoder, version)),
        _ => Err(format!(
            "{name} does not say with which version its rows were confirmed"
        )),
    }
}

fn read_row(row: &KdlNode, decoder: Decoder, version: &str, line: usize) -> Result<Known, String> {
    expect_name(row, "disagreement")?;
    let mut known = Known {
        decoder,
        version: version.to_owned(),
        when: Vec::new(),
        fields: Vec::new(),
        ours: None,
        theirs: None,
        cause: String::new(),
        line,
    };
    for entry in row.entries() {
        let text = entry
            .value()
            .as_string()
            .ok_or("every value of a row stands in quotes")?;
        let list = || text.split(' ').map(str::to_owned).collect();
        match entry.name().map(|name| name.value()) {
            Some("when") => known.when = list(),
            Some("fields") => known.fields = list(),
            Some("ours") => known.ours = Some(text.to_owned()),
            Some("theirs") => known.theirs = Some(text.to_owned()),
            Some("cause") => known.cause = text.to_owned(),
            Some(other) => return Err(format!("a row has no `{other}`")),
            None => return Err(format!("`{text}` belongs to nothing")),
        }
    }
    for name in &known.when {
        if !TRAITS.iter().any(|(known, _)| known == name) {
            return Err(format!("there is no trait `{name}`"));
        }
    }
    if known.when.is_empty() && known.theirs.is_none() {
        return Err("a row says when, or what the decoder says".to_owned());
    }
    if known.cause.len() < 20 {
        return Err("a row has its cause".to_owned());
    }
    Ok(known)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROW: &str = r#"decoder tshark confirmed="4.0.17" {
    disagreement when="bad-cookie version" fields="message gre-*" theirs="Echo*" cause="because it does not look at it"
}"#;

    fn difference(field: &str, theirs: &str) -> Difference {
        Difference {
            field: field.to_owned(),
            ours: "1".to_owned(),
            theirs: theirs.to_owned(),
        }
    }

    #[test]
    fn the_built_in_table_has_no_mistake() {
        let rows = known_disagreements().expect("a table");
        for decoder in DECODERS {
            assert!(rows.iter().any(|row| row.decoder == decoder));
        }
    }

    #[test]
    fn a_row_explains_what_fits_all_of_it() {
        let rows = read(ROW).expect("a table");
        let row = &rows[0];
        assert_eq!((row.line, row.version.as_str()), (2, "4.0.17"));
        let odd = BTreeSet::from(["bad-cookie"]);
        let explains = |decoder, field, theirs, traits: &BTreeSet<&'static str>| {
            row.explains(decoder, &difference(field, theirs), traits)
        };
        assert!(explains(Decoder::Tshark, "message", "Echo-Reply", &odd));
        assert!(explains(Decoder::Tshark, "gre-x", "Echo", &odd));
        assert!(!explains(Decoder::Scapy, "message", "Echo-Reply", &odd));
        assert!(!explains(Decoder::Tshark, "length", "Echo-Reply", &odd));
        assert!(!explains(Decoder::Tshark, "message", "GRE", &odd));
        assert!(!explains(
            Decoder::Tshark,
            "message",
            "Echo-Reply",
            &BTreeSet::new()
        ));
    }

    #[test]
    fn mistakes_are_told_with_their_line() {
        let cases = [
            (
                "decoder nosuch confirmed=\"1\"",
                "line 1: there is no decoder `nosuch`",
            ),
            ("decoder tshark", "line 1: tshark does not say"),
            ("decodes tshark", "line 1: expected `decoder`"),
            (
                "decoder tshark confirmed=\"1\" {\n    disagreement when=\"odd\" cause=\"because of something else\"\n}",
                "line 2: there is no trait `odd`",
            ),
            (
                "decoder tshark confirmed=\"1\" {\n    disagreement when=\"version\" cause=\"?\"\n}",
                "line 2: a row has its cause",
            ),
            (
                "decoder tshark confirmed=\"1\" {\n    disagreement cause=\"because of something else\"\n}",
                "line 2: a row says when",
            ),
            (
                "decoder tshark confirmed=\"1\" {\n    disagreement why=\"x\"\n}",
                "line 2: a row has no `why`",
            ),
            ("decoder tshark {", "this is not KDL"),
        ];
        for (text, problem) in cases {
            let error = read(text).expect_err(text).to_string();
            assert!(error.contains(problem), "{error}");
        }
    }
}
