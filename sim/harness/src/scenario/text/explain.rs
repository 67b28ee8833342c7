//! What is wrong with a line that the KDL parser refused, in the words of somebody who writes scenarios.

use crate::scenario::diagnostic::Diagnostic;
use crate::scenario::quantity::{DURATION_UNITS, RATE_UNITS};
use crate::scenario::source::{SourceSpan, Sources};

/// The mistake in the line from `head.0` to `head.1` of file number `file`.
pub fn explain(
    sources: &Sources,
    file: u16,
    text: &str,
    head: (usize, usize),
    error: &kdl::KdlError,
) -> Diagnostic {
    let (start, end) = head;
    let line = &text[start..end];
    let first = error.diagnostics.first();
    let position = first.map_or(0, |found| {
        let (offset, length) = (found.span.offset(), found.span.len());
        // Some spans begin at the start of the text, wherever the mistake is: then their end says where.
        if offset == 0 {
            length.saturating_sub(1)
        } else {
            offset
        }
    });
    let (from, to) = word_around(line, position);
    let word = &line[from..to];
    let verdict = known_mistake(line, from, word).unwrap_or_else(|| Verdict {
        at: (from, to),
        message: format!("`{}` cannot be read", shorten(word)),
        label: first
            .and_then(|found| found.message.clone())
            .map_or_else(|| "unexpected here".to_owned(), lower_first),
        help: first.and_then(|found| found.help.clone()),
    });
    let span = SourceSpan {
        file,
        offset: u32::try_from(start + verdict.at.0).unwrap_or(u32::MAX),
        length: u32::try_from(verdict.at.1 - verdict.at.0).unwrap_or(u32::MAX),
    };
    let diagnostic = Diagnostic::new(sources, "syntax", span, verdict.message, verdict.label);
    match verdict.help {
        Some(help) => diagnostic.help(help),
        None => diagnostic,
    }
}

struct Verdict {
    at: (usize, usize),
    message: String,
    label: String,
    help: Option<String>,
}

/// The mistakes that authors make, each with what to write instead. The word is looked at first, then the line.
fn known_mistake(line: &str, from: usize, word: &str) -> Option<Verdict> {
    let at = (from, from + word.len());
    if line.starts_with(|c: char| c.is_ascii_digit()) && from == 0 {
        return Some(Verdict {
            at,
            message: "a line cannot begin with a number".to_owned(),
            label: "not the start of a line".to_owned(),
            help: Some(if word.contains('.') {
                "to paste a transcript line, cut its time off".to_owned()
            } else {
                "a line begins with a word such as `do`, or with the name of a node".to_owned()
            }),
        });
    }
    if let Some(quote) = open_quote(line) {
        return Some(Verdict {
            at: (quote, line.len()),
            message: "this text has no closing quote".to_owned(),
            label: "the text starts here and does not end on its line".to_owned(),
            help: None,
        });
    }
    if word.contains('\\') && word.contains('"') {
        return Some(Verdict {
            at,
            message: "a `\\` in quotes must begin one of \\n \\t \\\\ \\\" \\s \\u{…}".to_owned(),
            label: "unknown escape".to_owned(),
            help: Some("for a `\\` itself write `\\\\`".to_owned()),
        });
    }
    value_mistake(line, at, word).or_else(|| structure_mistake(at, word))
}

/// A value that needs quotes or a sign before it.
fn value_mistake(line: &str, at: (usize, usize), word: &str) -> Option<Verdict> {
    let value = word.split_once('=').map_or(word, |(_, value)| value);
    let value_at = (at.1 - value.len(), at.1);
    let key = word.split_once('=').map(|(key, _)| key);
    let written = |value: &str| match key {
        Some(key) => format!("{key}={value}"),
        None => value.to_owned(),
    };
    if let Some(keyword) = ["true", "false", "null"]
        .into_iter()
        .find(|keyword| *keyword == value)
    {
        return Some(Verdict {
            at: value_at,
            message: format!("`{keyword}` is written with a `#`"),
            label: "not a value".to_owned(),
            help: Some(format!("write `{}`", written(&format!("#{keyword}")))),
        });
    }
    let digits = value.len() - value.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    if digits == 0 && !value.starts_with(['<', '>']) {
        return None;
    }
    let unit = &value[digits..];
    let is_unit = unit == "%"
        || unit.starts_with('.')
        || DURATION_UNITS.iter().any(|(name, _)| *name == unit)
        || RATE_UNITS.iter().any(|(name, _)| *name == unit);
    let (message, label) = if value.contains("..") {
        ("a range stands in quotes", "not a number")
    } else if value.contains('|') {
        ("a choice stands in quotes", "not a number")
    } else if value.starts_with(['<', '>']) {
        ("a comparison stands in quotes", "not a value")
    } else if is_unit {
        ("a quantity stands in quotes", "not a number")
    } else if digits > 0 && !unit.is_empty() && !line.is_empty() {
        (
            "a text that begins with a digit stands in quotes",
            "not a number",
        )
    } else {
        return None;
    };
    Some(Verdict {
        at: value_at,
        message: message.to_owned(),
        label: label.to_owned(),
        help: Some(format!(
            "write `{}`",
            written(&format!("\"{}\"", shorten(value)))
        )),
    })
}

/// A sign in the wrong place.
fn structure_mistake(at: (usize, usize), word: &str) -> Option<Verdict> {
    let (message, label, help) = if word.starts_with('#') {
        (
            "`#` begins no comment",
            "not a word",
            "comments begin with `//`; `#true` and `#false` are the values",
        )
    } else if word.starts_with('=') || word.ends_with('=') || word.matches('=').count() > 1 {
        (
            "a property is one name, one `=` and one value",
            "this `=` has no name before it or no value behind it",
            "write `name=value`, in quotes where the value holds `=`",
        )
    } else if word.contains(['(', ')', '[', ']']) {
        (
            "brackets mean nothing in a scenario",
            "unexpected",
            "put a text that holds brackets in quotes",
        )
    } else if word.contains('"') {
        (
            "a text in quotes stands alone",
            "something touches the quotes",
            "put a space before and after the quotes",
        )
    } else {
        return None;
    };
    Some(Verdict {
        at,
        message: message.to_owned(),
        label: label.to_owned(),
        help: Some(help.to_owned()),
    })
}

/// The word of `line` that octet `position` lies in: up to blanks outside quotes.
fn word_around(line: &str, position: usize) -> (usize, usize) {
    let mut from = 0;
    let mut quoted = false;
    let mut escaped = false;
    for (at, c) in line.char_indices() {
        if escaped {
            escaped = false;
        } else if quoted && c == '\\' {
            escaped = true;
        } else if c == '"' {
            quoted = !quoted;
        } else if c.is_whitespace() && !quoted {
            if at >= position && at > from {
                return (from, at);
            }
            from = at + c.len_utf8();
        }
    }
    if from == line.len() {
        let trimmed = line.trim_end();
        let start = trimmed.rfind(char::is_whitespace).map_or(0, |blank| {
            blank + trimmed[blank..].chars().next().map_or(1, char::len_utf8)
        });
        return (start, trimmed.len());
    }
    (from, line.len())
}

/// Where a quoted text begins that does not end.
fn open_quote(line: &str) -> Option<usize> {
    let mut open = None;
    let mut escaped = false;
    for (at, c) in line.char_indices() {
        if escaped {
            escaped = false;
        } else if open.is_some() && c == '\\' {
            escaped = true;
        } else if c == '"' {
            open = match open {
                None => Some(at),
                Some(_) => None,
            };
        }
    }
    open
}

fn shorten(word: &str) -> String {
    if word.chars().count() <= 40 {
        return word.to_owned();
    }
    word.chars().take(37).chain("...".chars()).collect()
}

fn lower_first(text: String) -> String {
    let mut characters = text.chars();
    match characters.next() {
        Some(first) => first.to_lowercase().chain(characters).collect(),
        None => text,
    }
}
