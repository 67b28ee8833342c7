//! Message lines whose text is not kept: those of an `ignore` block.

use super::string;
use crate::scenario::model::{MessageLine, Pattern, Scenario, Value, View};

/// A line that picks messages, as it would be written.
pub(super) fn filter_line(scenario: &Scenario, line: &MessageLine) -> String {
    let view = match line.view {
        View::Sent => "",
        View::Delivered => "delivered ",
        View::Lost => "lost ",
    };
    let (from, to) = (&scenario.node(line.from).name, &scenario.node(line.to).name);
    let mut text = format!("{view}{from} -> {to} {}", line.message.name());
    if line.exact {
        text.push_str(" exact");
    }
    if let Some(connection) = &line.connection {
        text.push_str(&format!(" connection={}", word(&connection.text)));
    }
    if let Some(call) = &line.call {
        text.push_str(&format!(" call={}", word(&call.text)));
    }
    for field in &line.fields {
        text.push_str(&format!(
            " {}={}",
            field.key,
            value(&field.pattern, field.key)
        ));
    }
    text
}

fn word(text: &str) -> String {
    if text.starts_with(|letter: char| letter.is_ascii_alphabetic())
        && text
            .chars()
            .all(|letter| letter.is_ascii_alphanumeric() || letter == '-' || letter == '_')
        && !matches!(text, "true" | "false" | "null" | "inf" | "nan")
    {
        text.to_owned()
    } else {
        string(text)
    }
}

fn value(pattern: &Pattern, key: &str) -> String {
    match pattern {
        Pattern::Value(Value::Number(number)) if key == "acknowledgment-only" => {
            (if *number == 0 { "#false" } else { "#true" }).to_owned()
        }
        Pattern::Value(Value::Number(number)) => number.to_string(),
        Pattern::Binding(name) => format!("${name}"),
        other => string(&inside(other)),
    }
}

fn inside(pattern: &Pattern) -> String {
    match pattern {
        Pattern::Any => String::new(),
        Pattern::Value(Value::Number(number)) => number.to_string(),
        Pattern::Value(Value::Text(text)) => text.clone(),
        Pattern::OneOf(choices) => {
            let choices: Vec<String> = choices.iter().map(inside).collect();
            choices.join("|")
        }
        Pattern::Range(first, last) => format!("{first}..{last}"),
        Pattern::Compare(comparison, bound) => format!("{}{bound}", comparison.sign()),
        Pattern::Not(inner) => format!("!{}", inside(inner)),
        Pattern::Binding(name) => format!("${name}"),
        Pattern::Next(0) => "next".to_owned(),
        Pattern::Next(offset) => format!("next{offset:+}"),
    }
}
