//! Which names are bound where, and whether every name that is used is bound before.

use std::collections::BTreeMap;

use super::diagnostic::Diagnostic;
use super::model::Name;
use super::source::{SourceSpan, Sources};
use super::suggest::suggestion;

/// What a name names.
#[derive(Copy, Clone, Debug, Eq, PartialEq, Ord, PartialOrd)]
pub enum Kind {
    /// `call=`
    Call,
    /// `connection=`
    Connection,
    /// `$name` in a field.
    Value,
}

/// Every use of a name, in the order of the text.
#[derive(Clone, Debug, Default)]
pub struct Uses {
    uses: Vec<Use>,
    /// Stretches of `uses` that run side by side.
    parallel: Vec<(usize, usize)>,
}

#[derive(Clone, Debug)]
struct Use {
    kind: Kind,
    name: String,
    span: SourceSpan,
    binds: bool,
}

impl Uses {
    /// A line that binds the name, if it is not bound yet.
    pub fn bind(&mut self, kind: Kind, name: &Name) {
        self.push(kind, &name.text, name.span, true);
    }

    /// A line that needs the name to be bound.
    pub fn need(&mut self, kind: Kind, name: &Name) {
        self.push(kind, &name.text, name.span, false);
    }

    /// The same for a name without a place of its own.
    pub fn push(&mut self, kind: Kind, name: &str, span: SourceSpan, binds: bool) {
        self.uses.push(Use {
            kind,
            name: name.to_owned(),
            span,
            binds,
        });
    }

    /// How many uses there are so far.
    pub fn mark(&self) -> usize {
        self.uses.len()
    }

    /// All uses since `mark` run side by side: the order of the text says nothing about them.
    pub fn in_parallel_since(&mut self, mark: usize) {
        self.parallel.push((mark, self.uses.len()));
    }

    /// The uses of names that nothing binds before.
    pub fn check(&self, sources: &Sources) -> Vec<Diagnostic> {
        let mut first_bound: BTreeMap<(Kind, &str), usize> = BTreeMap::new();
        for (position, used) in self.uses.iter().enumerate() {
            if used.binds {
                first_bound
                    .entry((used.kind, &used.name))
                    .or_insert(position);
            }
        }
        let mut found = Vec::new();
        for (position, used) in self.uses.iter().enumerate() {
            if used.binds {
                continue;
            }
            let bound = first_bound.get(&(used.kind, used.name.as_str()));
            match bound {
                Some(&at) if at < position || self.side_by_side(at, position) => {}
                Some(&at) => found.push(self.too_early(sources, used, at)),
                None => found.push(self.unbound(sources, used)),
            }
        }
        found
    }

    fn side_by_side(&self, one: usize, other: usize) -> bool {
        self.parallel
            .iter()
            .any(|&(from, to)| (from..to).contains(&one) && (from..to).contains(&other))
    }

    fn too_early(&self, sources: &Sources, used: &Use, at: usize) -> Diagnostic {
        let name = used.shown();
        Diagnostic::new(
            sources,
            "not-bound-yet",
            used.span,
            format!("{name} is used before anything binds it"),
            "not bound yet",
        )
        .also(self.uses[at].span, "bound only here")
    }

    fn unbound(&self, sources: &Sources, used: &Use) -> Diagnostic {
        let name = used.shown();
        let diagnostic = Diagnostic::new(
            sources,
            "not-bound",
            used.span,
            format!("nothing binds {name}"),
            "bound nowhere",
        );
        let known: Vec<&str> = self
            .uses
            .iter()
            .filter(|other| other.binds && other.kind == used.kind)
            .map(|other| other.name.as_str())
            .collect();
        let how = match used.kind {
            Kind::Call => {
                "`do NODE place-call call=…`, `ring`, or the first message line with `call=` binds a call"
            }
            Kind::Connection => {
                "`do NODE open-control connection=…` or the first message line with `connection=` binds a connection"
            }
            Kind::Value => "the first expectation with `field=$name` binds a value",
        };
        match suggestion(&used.name, known.clone(), "bound names") {
            Some(help) if !known.is_empty() => diagnostic.help(help),
            _ => diagnostic.help(how),
        }
    }
}

impl Use {
    fn shown(&self) -> String {
        match self.kind {
            Kind::Call => format!("the call `{}`", self.name),
            Kind::Connection => format!("the connection `{}`", self.name),
            Kind::Value => format!("`${}`", self.name),
        }
    }
}
