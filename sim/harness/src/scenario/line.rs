//! One line while it is being understood: its words and properties are taken from it one by one, and what is left is wrong.

use std::collections::VecDeque;

use super::diagnostic::Diagnostic;
use super::parameters::{Environment, Resolved};
use super::source::{SourceSpan, Sources};
use super::text::{RawNode, RawText};
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
            let value = environment.resolve(&entry.value);
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

/// Whether a table of the vocabulary has a property of that name.
fn in_vocabulary(key: &str) -> bool {
    vocabulary::is_property(key)
        || vocabulary::OBSERVABLES.iter().any(|word| word.name == key)
        || vocabulary::NODE_LIMITS.iter().any(|(name, _)| *name == key)
        || pptp_proto::ProfileField::by_key(key).is_some()
}

/// The first word of a line; `$name` is a parameter there too.
fn first_word(node: &RawNode, environment: &Environment) -> Resolved {
    use super::text::{Datum, RawValue};
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
