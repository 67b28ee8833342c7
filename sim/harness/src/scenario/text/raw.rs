//! The text as a tree: nodes, arguments, properties, blocks, each with its place. Nothing is understood yet.

use kdl::{KdlDocument, KdlEntry, KdlNode, KdlValue};

use crate::scenario::source::SourceSpan;

/// A node of a file.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct RawNode {
    /// Its first word.
    pub name: RawText,
    /// What follows on the line, in order.
    pub entries: Vec<RawEntry>,
    /// The block in braces, if there is one.
    pub children: Option<Vec<RawNode>>,
    /// The line without the block.
    pub head: SourceSpan,
    /// Whether the line could be read; false too for one that is commented out. Nothing else means anything then.
    pub readable: bool,
    /// Whether the line holds a mistake of syntax: what it would have declared is missing.
    pub broken: bool,
    /// A KDL type in brackets somewhere on the line, which means nothing in a scenario.
    pub(super) annotated: Option<SourceSpan>,
    /// Whether the block that follows is commented out.
    pub(super) commented_block: bool,
}

/// A word and its place.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct RawText {
    /// The word.
    pub text: String,
    /// Where it stands.
    pub span: SourceSpan,
}

/// An argument, or a property where it has a key.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct RawEntry {
    /// The name of the property.
    pub key: Option<RawText>,
    /// The value.
    pub value: RawValue,
    /// All of it.
    pub span: SourceSpan,
}

/// A value as it is written.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct RawValue {
    /// What it is.
    pub datum: Datum,
    /// How it is written, quotes and all.
    pub written: String,
    /// Where it stands.
    pub span: SourceSpan,
}

/// The kinds of value that KDL has and scenarios know.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Datum {
    /// A whole number.
    Number(i128),
    /// A text, quoted or not.
    Text(String),
    /// `#true`, `#false`.
    Boolean(bool),
    /// `$name`, without the sign; written without quotes.
    Reference(String),
    /// `#null`, fractions, infinities: nothing that a scenario uses.
    Other,
}

impl RawNode {
    /// The value of a property, where the node has it.
    pub fn property(&self, key: &str) -> Option<&RawValue> {
        let named = |entry: &&RawEntry| entry.key.as_ref().is_some_and(|name| name.text == key);
        self.entries.iter().find(named).map(|entry| &entry.value)
    }

    /// The arguments, in order.
    pub fn arguments(&self) -> impl Iterator<Item = &RawValue> {
        self.entries
            .iter()
            .filter(|entry| entry.key.is_none())
            .map(|entry| &entry.value)
    }
}

/// The nodes of a line that starts at octet `base` of file number `file`.
pub(super) fn from_document(document: &KdlDocument, file: u16, base: usize) -> Vec<RawNode> {
    let place = Place { file, base };
    document
        .nodes()
        .iter()
        .map(|node| place.node(node))
        .collect()
}

/// Where the text that was parsed stands.
#[derive(Copy, Clone)]
struct Place {
    file: u16,
    base: usize,
}

impl Place {
    fn span(self, span: miette::SourceSpan) -> SourceSpan {
        SourceSpan {
            file: self.file,
            offset: u32::try_from(self.base + span.offset()).unwrap_or(u32::MAX),
            length: u32::try_from(span.len()).unwrap_or(u32::MAX),
        }
    }

    fn node(self, node: &KdlNode) -> RawNode {
        let name = self.span(node.name().span());
        let entries: Vec<RawEntry> = node
            .entries()
            .iter()
            .map(|entry| self.entry(entry))
            .collect();
        let last = entries.last().map_or(name, |entry| entry.span);
        let typed = node.entries().iter().find(|entry| entry.ty().is_some());
        let annotated = match (node.ty(), typed) {
            (Some(_), _) => Some(name),
            (None, Some(entry)) => Some(self.span(entry.span())),
            (None, None) => None,
        };
        RawNode {
            name: RawText {
                text: node.name().value().to_owned(),
                span: name,
            },
            entries,
            children: None,
            head: name.to(last),
            readable: true,
            broken: false,
            annotated,
            commented_block: false,
        }
    }

    fn entry(self, entry: &KdlEntry) -> RawEntry {
        let span = self.span(entry.span());
        let written = entry.format().map_or_else(
            || entry.value().to_string(),
            |format| format.value_repr.clone(),
        );
        let length = u32::try_from(written.len())
            .unwrap_or(u32::MAX)
            .min(span.length);
        let datum = match entry.value() {
            _ if entry.ty().is_some() => Datum::Other,
            KdlValue::Integer(number) => Datum::Number(*number),
            KdlValue::Bool(value) => Datum::Boolean(*value),
            KdlValue::String(text) => match written.strip_prefix('$') {
                Some(name) if !name.is_empty() => Datum::Reference(name.to_owned()),
                _ => Datum::Text(text.clone()),
            },
            KdlValue::Float(_) | KdlValue::Null => Datum::Other,
        };
        RawEntry {
            key: entry.name().map(|name| RawText {
                text: name.value().to_owned(),
                span: self.span(name.span()),
            }),
            value: RawValue {
                datum,
                span: SourceSpan {
                    offset: span.end() - length,
                    length,
                    ..span
                },
                written,
            },
            span,
        }
    }
}
