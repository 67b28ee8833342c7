//! The vocabulary as text, as Markdown for the guide, and as JSON Lines.

use super::{Entry, EntryKind};

/// For a terminal: a heading for each kind, aligned columns.
pub fn to_human(entries: &[Entry]) -> String {
    let mut text = String::new();
    for (kind, rows) in by_kind(entries) {
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(&kind.heading().replace('`', ""));
        text.push('\n');
        let width = |of: &dyn Fn(&Entry) -> &str| {
            rows.iter()
                .map(|entry| of(entry).chars().count())
                .max()
                .unwrap_or(0)
                .min(40)
        };
        let (name, of) = (width(&|entry| &entry.name), width(&|entry| &entry.of));
        for entry in rows {
            let mut line = format!("  {:name$}  {:of$}  {}", entry.name, entry.of, entry.doc);
            if !entry.takes.is_empty() {
                line.push_str(&format!(" [{}]", entry.takes));
            }
            text.push_str(line.trim_end());
            text.push('\n');
        }
    }
    text
}

/// For the author's guide: a section with a table for each kind.
pub fn to_markdown(entries: &[Entry]) -> String {
    let mut text = String::new();
    for (kind, rows) in by_kind(entries) {
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(&format!(
            "### {}\n\n| {} | of | takes | means |\n|---|---|---|---|\n",
            kind.heading(),
            kind.name()
        ));
        for entry in rows {
            let takes = if kind == EntryKind::Word {
                code(&entry.takes)
            } else {
                cell(&entry.takes)
            };
            text.push_str(&format!(
                "| {} | {} | {takes} | {} |\n",
                code(&entry.name),
                cell(&entry.of),
                cell(&entry.doc)
            ));
        }
    }
    text
}

/// One object a line: `{"kind","name","of","takes","doc"}`.
pub fn to_json_lines(entries: &[Entry]) -> String {
    entries
        .iter()
        .map(|entry| {
            let object = serde_json::json!({
                "kind": entry.kind.name(),
                "name": entry.name,
                "of": entry.of,
                "takes": entry.takes,
                "doc": entry.doc,
            });
            format!("{object}\n")
        })
        .collect()
}

fn by_kind(entries: &[Entry]) -> impl Iterator<Item = (EntryKind, Vec<&Entry>)> {
    EntryKind::ALL.iter().filter_map(|kind| {
        let rows: Vec<&Entry> = entries.iter().filter(|entry| entry.kind == *kind).collect();
        (!rows.is_empty()).then_some((*kind, rows))
    })
}

/// Text inside a table cell.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

/// Code inside a table cell.
fn code(text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    format!("`{}`", text.replace('|', "\\|"))
}
