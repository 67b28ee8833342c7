//! One line while it is being understood: its words and properties are taken from it one by one, and what is left is wrong.

use std::collections::VecDeque;

use super::diagnostic::Diagnostic;
use super::parameters::{Environment, Naming, Resolved};
use super::source::{SourceSpan, Sources};
use super::text::{Datum, RawNode, RawText, RawValue};
use super::vocabulary;

/// Properties that the transcript's echo of a line leaves out: they bound a line, and are not part of what happened.
const NOT_ECHOED: [&str; 3] = ["after", "within", "requirement"];

/// A line.
#[derive(Clone, Debug)]
pub struct Line {
    /// The whole of it, without its block.
    pub span: SourceSpan,
    /// Its first word.
    pub word: Resolved,
    /// As it is written, resolved.
    pub written: String,
    /// The same without what the transcript leaves out.
    pub echo: String,
    arguments: VecDeque<Resolved>,
    properties: Vec<Taken>,
    asked: Vec<&'static str>,
}

/// A property of a line.
#[derive(Clone, Debug)]
pub struct Taken {
    /// Its name.
    pub key: RawText,
    /// Its value.
    pub value: Resolved,
    /// All of it.
    pub span: SourceSpan,
}

impl Line {
    /// The line of `node` with parameters put in. A property that comes twice is a mistake: KDL would keep the last in silence.
    pub fn open(
        node: &RawNode,
        environment: &Environment,
        naming: &mut Naming,
        sources: &Sources,
        mistakes: &mut Vec<Diagnostic>,
    ) -> Line {
        let word = first_word(node, environment);
        let mut line = Line {
            span: node.head,
            written: word.written.clone(),
            echo: word.written.clone(),
            word,
            arguments: VecDeque::new(),
            properties: Vec::new(),
            asked: Vec::new(),
        };
        for entry in &node.entries {
            let mut value = environment.resolve(&entry.value);
            let key_text = entry.key.as_ref().map_or("", |key| key.text.as_str());
            // What an `include` passes on is settled where the fragment uses it; `when` compares values and speaks of no names.
            if !matches!(line.word.text(), Some("include" | "when")) {
                settle(&mut value, key_text, environment, naming);
            }
            let Some(key) = &entry.key else {
                line.write(&value.written, true);
                line.arguments.push_back(value);
                continue;
            };
            if let Some(first) = line.properties.iter().find(|p| p.key.text == key.text) {
                mistakes.push(
                    Diagnostic::new(
                        sources,
                        "doubled-property",
                        entry.span,
                        format!("`{}` stands twice on this line", key.text),
                        "again here",
                    )
                    .also(first.span, "first here")
                    .help("KDL would keep the last one without a word: remove one"),
                );
                continue;
            }
            let text = format!("{}={}", key.text, value.written);
            line.write(&text, !NOT_ECHOED.contains(&key.text.as_str()));
            line.properties.push(Taken {
                key: key.clone(),
                value,
                span: entry.span,
            });
        }
        line
    }

    fn write(&mut self, text: &str, echoed: bool) {
        self.written.push(' ');
        self.written.push_str(text);
        if echoed {
            self.echo.push(' ');
            self.echo.push_str(text);
        }
    }

    /// The next word.
    pub fn argument(&mut self) -> Option<Resolved> {
        self.arguments.pop_front()
    }

    /// The next word, left where it is.
    pub fn peek(&self) -> Option<&Resolved> {
        self.arguments.front()
    }

    /// The value of a property, which counts as understood from now on.
    pub fn take(&mut self, key: &'static str) -> Option<Resolved> {
        self.take_property(key).map(|property| property.value)
    }

    /// The same with its place.
    pub fn take_property(&mut self, key: &'static str) -> Option<Taken> {
        debug_assert!(in_vocabulary(key), "`{key}` is not in the vocabulary");
        self.asked.push(key);
        let position = self.properties.iter().position(|p| p.key.text == key)?;
        Some(self.properties.remove(position))
    }

    /// Whether the line has a property, taken or not.
    pub fn has(&self, key: &str) -> bool {
        self.properties.iter().any(|p| p.key.text == key)
    }

    /// Whether there are properties that nobody has taken.
    pub fn has_rest(&self) -> bool {
        !self.properties.is_empty()
    }

    /// The properties that nobody has taken.
    pub fn take_rest(&mut self) -> Vec<Taken> {
        std::mem::take(&mut self.properties)
    }

    /// The words that nobody has taken.
    pub fn take_arguments(&mut self) -> Vec<Resolved> {
        std::mem::take(&mut self.arguments).into()
    }

    /// The properties that were asked for so far.
    pub fn asked(&self) -> &[&'static str] {
        &self.asked
    }
}

/// Makes the names in a value those that the whole case knows: names of a fragment become unique, and parameters inside quotes
/// are put in. Afterwards the value means the same wherever it is written.
fn settle(value: &mut Resolved, key: &str, environment: &Environment, naming: &mut Naming) {
    let renamed = match &value.datum {
        Datum::Reference(name) => {
            let unique = naming.unique(value.naming, name);
            Some((Datum::Reference(unique.clone()), format!("${unique}")))
        }
        Datum::Number(number) if matches!(key, "call" | "connection") && value.naming != 0 => {
            let unique = naming.unique(value.naming, &number.to_string());
            let written = format!("\"{unique}\"");
            Some((Datum::Text(unique), written))
        }
        Datum::Text(text) if matches!(key, "call" | "connection") => {
            let is_parameter = value.parameter.is_none() && environment.get(text).is_some();
            (!is_parameter && value.naming != 0).then(|| {
                let unique = naming.unique(value.naming, text);
                (Datum::Text(unique.clone()), unique)
            })
        }
        Datum::Text(text) if text.contains('$') && value.quoted() && !is_literal(key) => {
            let text = substitute(text, value.naming, environment, naming);
            let escaped = text.replace('\\', "\\\\").replace('"', "\\\"");
            let written = format!("\"{escaped}\"");
            Some((Datum::Text(text), written))
        }
        _ => None,
    };
    if let Some((datum, written)) = renamed {
        value.datum = datum;
        value.written = written;
    }
    value.naming = 0;
}

/// Whether a property holds text in which `$` is a letter like others.
fn is_literal(key: &str) -> bool {
    let is_text = |row: &vocabulary::Message| {
        matches!(
            vocabulary::field(row.message, key),
            Some((_, vocabulary::FieldShape::Text(_)))
        )
    };
    vocabulary::MESSAGES.iter().any(is_text)
}

/// Every `$name` in the text: the value of the parameter, or the name that is unique in the case.
fn substitute(text: &str, scope: u32, environment: &Environment, naming: &mut Naming) -> String {
    let mut result = String::new();
    let mut rest = text;
    while let Some(position) = rest.find('$') {
        result.push_str(&rest[..position]);
        rest = &rest[position + 1..];
        let is_part = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        let length = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        let name = &rest[..length];
        rest = &rest[length..];
        match environment.get(name).map(|parameter| &parameter.datum) {
            Some(Datum::Number(number)) => result.push_str(&number.to_string()),
            Some(Datum::Text(text)) => result.push_str(text),
            _ if name.is_empty() => result.push('$'),
            _ => {
                result.push('$');
                result.push_str(&naming.unique(scope, name));
            }
        }
    }
    result.push_str(rest);
    result
}

/// Whether a table of the vocabulary has a property of that name.
fn in_vocabulary(key: &str) -> bool {
    vocabulary::is_property(key)
        || vocabulary::OBSERVABLES.iter().any(|word| word.name == key)
        || vocabulary::NODE_LIMITS.iter().any(|(name, _)| *name == key)
        || pptp_proto::ProfileField::by_key(key).is_some()
}

/// The first word of a line; `$name` is a parameter there too.
fn first_word(node: &RawNode, environment: &Environment) -> Resolved {
    let text = &node.name.text;
    let datum = match text.strip_prefix('$') {
        Some(name) if !name.is_empty() => Datum::Reference(name.to_owned()),
        _ => Datum::Text(text.clone()),
    };
    environment.resolve(&RawValue {
        datum,
        written: text.clone(),
        span: node.name.span,
    })
}
