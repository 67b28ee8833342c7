//! Parameters: matrix values, `repeat` indices and the parameters of fragments, and the values that stand in their place.

use std::collections::{BTreeMap, BTreeSet};

use super::source::SourceSpan;
use super::text::{Datum, RawValue};

/// A value of a line with the parameters put in.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Resolved {
    /// What it is; [`Datum::Reference`] where no parameter has that name.
    pub datum: Datum,
    /// How it is written, quotes and all; for a parameter, as its value is.
    pub written: String,
    /// Where it stands on the line.
    pub span: SourceSpan,
    /// The parameter that it came from.
    pub parameter: Option<String>,
    /// The fragment whose own text it comes from (0: the scenario file), which decides whose names it speaks of.
    pub naming: u32,
}

impl Resolved {
    /// The value in a few words, for a mistake.
    pub fn describe(&self) -> String {
        match &self.datum {
            Datum::Number(_) => format!("the number {}", self.written),
            Datum::Text(text) if self.written == *text => format!("the word {text}"),
            Datum::Text(_) => format!("the text {}", self.written),
            Datum::Boolean(_) => self.written.clone(),
            Datum::Reference(name) => format!("`${name}`, which is no parameter here"),
            Datum::Other => format!("`{}`", self.written),
        }
    }

    /// The text, where it is one.
    pub fn text(&self) -> Option<&str> {
        match &self.datum {
            Datum::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The text in quotes, where it stands in quotes.
    pub fn quoted(&self) -> bool {
        self.written.contains('"')
    }
}

/// The parameters that a line can see.
#[derive(Clone, Debug, Default)]
pub struct Environment {
    parameters: Vec<(String, Resolved)>,
    /// The fragment whose lines see them; 0: the scenario file.
    pub naming: u32,
}

impl Environment {
    /// No parameters, for the lines of fragment number `naming`.
    pub fn new(naming: u32) -> Environment {
        Environment {
            parameters: Vec::new(),
            naming,
        }
    }

    /// Adds a parameter, which hides none: the caller has asked [`Environment::get`].
    pub fn push(&mut self, name: &str, value: Resolved) {
        self.parameters.push((name.to_owned(), value));
    }

    /// Takes the last parameter away again.
    pub fn pop(&mut self) {
        self.parameters.pop();
    }

    /// The value of a parameter.
    pub fn get(&self, name: &str) -> Option<&Resolved> {
        self.parameters
            .iter()
            .rev()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value)
    }

    /// The names of all parameters.
    pub fn names(&self) -> impl Iterator<Item = &str> + Clone {
        self.parameters.iter().map(|(name, _)| name.as_str())
    }

    /// The value with parameters put in.
    pub fn resolve(&self, value: &RawValue) -> Resolved {
        if let Datum::Reference(name) = &value.datum
            && let Some(parameter) = self.get(name)
        {
            return Resolved {
                span: value.span,
                parameter: Some(name.clone()),
                ..parameter.clone()
            };
        }
        Resolved {
            datum: value.datum.clone(),
            written: value.written.clone(),
            span: value.span,
            parameter: None,
            naming: self.naming,
        }
    }
}

/// Keeps the names that different fragments bind apart.
#[derive(Clone, Debug, Default)]
pub struct Naming {
    taken: BTreeSet<String>,
    renamed: BTreeMap<(u32, String), String>,
}

impl Naming {
    /// With the names that the scenario file itself may use.
    pub fn new(taken: BTreeSet<String>) -> Naming {
        Naming {
            taken,
            renamed: BTreeMap::new(),
        }
    }

    /// What fragment number `naming` means by `name`: the name itself in the scenario file; in a fragment the same if nobody
    /// else has it, and else one with a number.
    pub fn unique(&mut self, naming: u32, name: &str) -> String {
        if naming == 0 {
            return name.to_owned();
        }
        let key = (naming, name.to_owned());
        if let Some(known) = self.renamed.get(&key) {
            return known.clone();
        }
        let mut unique = name.to_owned();
        let mut number = 2_u32;
        while !self.taken.insert(unique.clone()) {
            unique = format!("{name}-{number}");
            number += 1;
        }
        self.renamed.insert(key, unique.clone());
        unique
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fragments_keep_their_names_apart() {
        let mut naming = Naming::new(BTreeSet::from(["c1".to_owned()]));
        assert_eq!(naming.unique(0, "c1"), "c1");
        assert_eq!(naming.unique(1, "c1"), "c1-2");
        assert_eq!(naming.unique(1, "c1"), "c1-2");
        assert_eq!(naming.unique(2, "c1"), "c1-3");
        assert_eq!(naming.unique(2, "c9"), "c9");
        assert_eq!(naming.unique(3, "c9"), "c9-2");
    }

    #[test]
    fn a_parameter_keeps_the_place_where_it_is_used() {
        let mut environment = Environment::new(0);
        let place = SourceSpan {
            file: 0,
            offset: 5,
            length: 2,
        };
        environment.push(
            "n",
            Resolved {
                datum: Datum::Number(7),
                written: "7".into(),
                span: SourceSpan::default(),
                parameter: None,
                naming: 0,
            },
        );
        let used = environment.resolve(&RawValue {
            datum: Datum::Reference("n".into()),
            written: "$n".into(),
            span: place,
        });
        assert_eq!((used.datum, used.span), (Datum::Number(7), place));
        assert_eq!(used.parameter.as_deref(), Some("n"));
    }
}
