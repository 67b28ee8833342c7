//! `expect`, and what `expect` and `never` ask about.

use super::fields::{Numbers, Use};
use super::{Builder, Line};
use crate::scenario::Role;
use crate::scenario::line::Taken;
use crate::scenario::model::{ExpectLine, NodeIndex, Observable, Pattern, Value};
use crate::scenario::names::Kind;
use crate::scenario::parameters::Resolved;
use crate::scenario::source::SourceSpan;
use crate::scenario::suggest::suggestion;
use crate::scenario::vocabulary::{OBSERVABLES, STATES};
use pptp_proto::DropReason;

/// What was asked, each with its place.
pub(super) type Asked = Vec<(Observable, Pattern, SourceSpan)>;

impl Builder<'_> {
    pub(super) fn expect(&mut self, mut line: Line) -> Option<ExpectLine> {
        let Some(node) = line.argument() else {
            let diagnostic = self
                .wrong(
                    "incomplete-line",
                    line.span,
                    "`expect` asks a node",
                    "no node is named",
                )
                .help("it reads `expect NODE [call=…] OBSERVABLE=value`");
            self.report(diagnostic);
            return None;
        };
        let index = self.node(&node);
        if let Some(index) = index
            && self.nodes[usize::from(index.0)].scripted
        {
            let name = self.node_name(index).to_owned();
            let diagnostic = self
                .wrong(
                    "scripted-node",
                    node.span,
                    format!("`{name}` is scripted: it has no state to ask for"),
                    "sends what the lines say, and nothing else",
                )
                .help("expect something of the other end");
            self.report(diagnostic);
        }
        let call = self.used_name(&mut line, "call", Kind::Call);
        let connection = self.used_name(&mut line, "connection", Kind::Connection);
        let (after, within) = self.bounds(&mut line);
        let requirement = self.requirement(&mut line);
        let observables = self.observables(&mut line, index, call.is_some());
        let nothing = observables.is_empty() && !line.has_rest();
        let span = line.span;
        self.finish(line, "`expect`", &observable_names());
        if nothing {
            let diagnostic = self
                .wrong(
                    "nothing-asked",
                    span,
                    "this line asks for nothing",
                    "no observable is named",
                )
                .help(format!("name one of: {}", observable_names().join(", ")));
            self.report(diagnostic);
        }
        Some(ExpectLine {
            node: index?,
            call,
            connection,
            observables,
            after,
            within,
            requirement,
        })
    }

    /// A `call=` or `connection=` that must be bound already.
    pub(super) fn used_name(
        &mut self,
        line: &mut Line,
        key: &'static str,
        kind: Kind,
    ) -> Option<crate::scenario::model::Name> {
        let value = line.take(key)?;
        let name = self.name(key, &value)?;
        self.uses.need(kind, &name);
        Some(name)
    }

    /// Every observable of a line: properties, and the bare word `violation`.
    pub(super) fn observables(
        &mut self,
        line: &mut Line,
        node: Option<NodeIndex>,
        of_call: bool,
    ) -> Asked {
        let mut asked = Vec::new();
        while let Some(word) = line.argument() {
            if word.text() == Some("violation") {
                asked.push((Observable::Violation, Pattern::Any, word.span));
            } else {
                self.not_observable(&word);
            }
        }
        for known in OBSERVABLES {
            let Some(property) = line.take_property(known.name) else {
                continue;
            };
            self.check_call(known.observable, &property, of_call);
            let pattern = self.observed(known.observable, &property.value, node, of_call);
            if let Some(pattern) = pattern {
                asked.push((known.observable, pattern, property.span));
            } else {
                // The mistake is reported: the line does ask for something.
                asked.push((known.observable, Pattern::Any, property.span));
            }
        }
        asked.sort_by_key(|(_, _, span)| span.offset);
        asked
    }

    fn not_observable(&mut self, word: &Resolved) {
        let text = word.text().unwrap_or("");
        let names = observable_names();
        let mut diagnostic = self.wrong(
            "unexpected-word",
            word.span,
            format!("`{}` is nothing that can be observed", word.written),
            "unexpected",
        );
        diagnostic = if names.contains(&text) {
            diagnostic.help(format!("give it a value: `{text}=…`"))
        } else {
            match suggestion(text, names, "observables") {
                Some(help) => diagnostic.help(help),
                None => diagnostic,
            }
        };
        self.report(diagnostic);
    }

    /// Some observables belong to a call, others to the node.
    fn check_call(&mut self, observable: Observable, property: &Taken, of_call: bool) {
        let needs = matches!(
            observable,
            Observable::Window
                | Observable::AdaptiveTimeOut
                | Observable::SendAccm
                | Observable::ReceiveAccm
        );
        let forbids = matches!(observable, Observable::Calls | Observable::Connections);
        let name = observable.name();
        if needs && !of_call {
            let diagnostic = self
                .wrong(
                    "no-call-named",
                    property.span,
                    format!("`{name}` belongs to a call"),
                    "of which call?",
                )
                .help("add `call=c1`");
            self.report(diagnostic);
        } else if forbids && of_call {
            let diagnostic = self.wrong(
                "no-call",
                property.span,
                format!("`{name}` belongs to the node, not to a call"),
                "counts for the whole node",
            );
            self.report(diagnostic.help("leave `call=` out"));
        }
    }

    fn observed(
        &mut self,
        observable: Observable,
        value: &Resolved,
        node: Option<NodeIndex>,
        of_call: bool,
    ) -> Option<Pattern> {
        let key = observable.name();
        let used = Use::Asked;
        match observable {
            Observable::State => self.state(value, node, of_call),
            Observable::Dropped => {
                let known: Vec<&'static str> = DropReason::ALL.iter().map(|r| r.key()).collect();
                self.word_pattern(key, value, &known, "a drop reason")
            }
            Observable::Violation => {
                if value.datum == crate::scenario::text::Datum::Boolean(true) {
                    return Some(Pattern::Any);
                }
                let requirement = self.requirement_of(value)?;
                Some(Pattern::Value(Value::Text(requirement.id().to_owned())))
            }
            Observable::AdaptiveTimeOut => self.number_pattern(key, Numbers::Spans, value, used),
            Observable::Window | Observable::Calls | Observable::Connections => {
                self.number_pattern(key, Numbers::UpTo(65_535), value, used)
            }
            Observable::SendAccm | Observable::ReceiveAccm => {
                self.number_pattern(key, Numbers::UpTo(u64::from(u32::MAX)), value, used)
            }
        }
    }

    /// A state that the node's call, or its control connection, can be in.
    fn state(
        &mut self,
        value: &Resolved,
        node: Option<NodeIndex>,
        of_call: bool,
    ) -> Option<Pattern> {
        let all: Vec<&'static str> = STATES.iter().map(|state| state.name).collect();
        let pattern = self.word_pattern("state", value, &all, "a state")?;
        let role = node.and_then(|index| self.nodes[usize::from(index.0)].role);
        let possible: Vec<&'static str> = STATES
            .iter()
            .filter(|state| match (of_call, role) {
                (false, _) => state.connection,
                (true, Some(Role::Pac)) => state.pac_call,
                (true, Some(Role::Pns)) => state.pns_call,
                (true, None) => state.pac_call || state.pns_call,
            })
            .map(|state| state.name)
            .collect();
        if let Some(word) = pattern.text()
            && !possible.contains(&word)
        {
            let whose = match (of_call, role) {
                (false, _) => "a control connection".to_owned(),
                (true, Some(role)) => format!("a call at a {role}"),
                (true, None) => "a call".to_owned(),
            };
            let mut diagnostic = self
                .wrong(
                    "impossible-state",
                    value.span,
                    format!("{whose} is never in the state `{word}`"),
                    "impossible",
                )
                .help(format!("it can be: {}", possible.join(", ")));
            if !of_call && all.contains(&word) {
                diagnostic = diagnostic.help("for the state of a call add `call=c1`");
            }
            self.report(diagnostic);
            return None;
        }
        Some(pattern)
    }
}

/// The words that can be asked.
pub(super) fn observable_names() -> Vec<&'static str> {
    OBSERVABLES.iter().map(|word| word.name).collect()
}
