//! Values as scenario files write them.

use crate::scenario::model::{Pattern, Value};

/// A text in quotes.
pub(super) fn quoted(text: &str) -> String {
    let mut result = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => result.push_str("\\\""),
            '\\' => result.push_str("\\\\"),
            '\n' => result.push_str("\\n"),
            '\r' => result.push_str("\\r"),
            '\t' => result.push_str("\\t"),
            c if c.is_control() || !is_plain(c) => {
                result.push_str(&format!("\\u{{{:x}}}", u32::from(c)));
            }
            c => result.push(c),
        }
    }
    result.push('"');
    result
}

/// Whether KDL allows the character in a text as it is.
fn is_plain(c: char) -> bool {
    !matches!(
        c,
        '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{200e}' | '\u{200f}' | '\u{202a}'
            ..='\u{202e}' | '\u{2066}'..='\u{2069}'
    )
}

/// A name: bare where KDL reads it as a word.
pub(super) fn name(text: &str) -> String {
    let bare = text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
        && !matches!(text, "true" | "false" | "null" | "inf" | "nan");
    if bare { text.to_owned() } else { quoted(text) }
}

/// How the numbers of a pattern are written.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub(super) enum Form {
    Number,
    Boolean,
    Span,
}

/// What stands behind `=`.
pub(super) fn pattern(pattern: &Pattern, form: Form) -> String {
    match (pattern, form) {
        (Pattern::Value(Value::Number(number)), Form::Number) => number.to_string(),
        (Pattern::Value(Value::Number(number)), Form::Boolean) => {
            if *number == 0 { "#false" } else { "#true" }.to_owned()
        }
        (Pattern::Value(Value::Text(text)), _) => quoted(text),
        (Pattern::Binding(name), _) => format!("${name}"),
        _ => format!("\"{}\"", inside(pattern, form)),
    }
}

fn inside(pattern: &Pattern, form: Form) -> String {
    let number = |number: u64| match form {
        Form::Span => pptp_wire::time::Duration(number).to_string(),
        _ => number.to_string(),
    };
    match pattern {
        Pattern::Any => String::new(),
        Pattern::Value(Value::Number(value)) => number(*value),
        Pattern::Value(Value::Text(text)) => text.clone(),
        Pattern::OneOf(choices) => {
            let choices: Vec<String> = choices.iter().map(|choice| inside(choice, form)).collect();
            choices.join("|")
        }
        Pattern::Range(first, last) => format!("{}..{}", number(*first), number(*last)),
        Pattern::Compare(comparison, bound) => format!("{}{}", comparison.sign(), number(*bound)),
        Pattern::Not(inner) => format!("!{}", inside(inner, form)),
        Pattern::Binding(name) => format!("${name}"),
        Pattern::Next(0) => "next".to_owned(),
        Pattern::Next(more) => format!("next{more:+}"),
    }
}
