//! From the tree of lines to the typed scenario of one case. Every mistake is noted and the work goes on.

mod actions;
mod addresses;
mod any;
mod blocks;
mod changes;
mod expectations;
mod faults;
mod fields;
mod finally;
mod holds;
mod include;
mod links;
mod messages;
mod nodes;
mod numbers;
mod paths;
mod raw_work;
mod repeat;
mod scenario;
mod steps;
mod values;
mod when;
mod words;

use std::collections::{BTreeMap, BTreeSet};

pub(super) use numbers::range_text;

use super::diagnostic::{Diagnostic, Mistakes};
use super::line::Line;
use super::model::{LinkSpec, Name, NodeIndex, NodeSpec, Scenario};
use super::names::Uses;
use super::parameters::{Environment, Naming, Resolved};
use super::source::{SourceSpan, Sources};
use super::suggest::suggestion;
use super::text::{Datum, RawNode};

/// Steps of one case, with everything that includes and repeats make of them.
pub const MAXIMUM_STEPS: u64 = 10_000;

/// Blocks within blocks, those of included fragments counted.
const MAXIMUM_DEPTH: usize = 64;

/// What a case is built from.
pub struct Input<'a> {
    /// The files.
    pub sources: &'a Sources,
    /// The nodes of the `scenario` block.
    pub body: &'a [RawNode],
    /// The `fragment` node of every included file, by path.
    pub fragments: &'a BTreeMap<String, RawNode>,
    /// Names that the scenario file itself uses.
    pub taken: &'a BTreeSet<String>,
    /// Where the title stands.
    pub title_span: SourceSpan,
}

/// What the work on all cases of a file adds up to.
pub struct Progress {
    /// Lines that may still be read; the work stops at zero.
    pub work: u64,
    /// The `when` blocks of the scenario file itself, and whether a case chose them.
    pub conditional: BTreeMap<SourceSpan, bool>,
}

/// The scenario of the case that `environment` describes; what is wrong goes to `mistakes`.
pub fn build(
    input: &Input<'_>,
    environment: Environment,
    mistakes: &mut Mistakes,
    progress: &mut Progress,
) -> Scenario {
    let builder = Builder {
        input,
        mistakes,
        environment,
        naming: Naming::new(input.taken.clone()),
        fragments_entered: 0,
        including: Vec::new(),
        depth: 0,
        steps: 0,
        work: &mut progress.work,
        conditional: &mut progress.conditional,
        ends_in_case: false,
        exhausted: false,
        nodes: Vec::new(),
        links: Vec::new(),
        used_nodes: BTreeSet::new(),
        without_end: Vec::new(),
        incomplete: false,
        uses: Uses::default(),
    };
    builder.scenario()
}

/// The state of the work on one case.
pub(super) struct Builder<'a> {
    input: &'a Input<'a>,
    mistakes: &'a mut Mistakes,
    environment: Environment,
    naming: Naming,
    /// How many fragments were entered: the number of the next naming.
    fragments_entered: u32,
    /// The include lines that lead to the current one, each with the path of its fragment, outermost first.
    including: Vec<(SourceSpan, String)>,
    depth: usize,
    steps: u64,
    work: &'a mut u64,
    conditional: &'a mut BTreeMap<SourceSpan, bool>,
    /// A `when` block ends the flow of this case: what stands behind it is for other cases.
    ends_in_case: bool,
    /// A limit was reached and has been reported.
    exhausted: bool,
    nodes: Vec<NodeSpec>,
    links: Vec<LinkSpec>,
    used_nodes: BTreeSet<NodeIndex>,
    /// Outages and stalls that nothing has ended so far: the word, where it stands, the ends of the link.
    without_end: Vec<(&'static str, SourceSpan, (NodeIndex, NodeIndex))>,
    /// A line that may have declared a node or a link is wrong: that one is missing says nothing.
    incomplete: bool,
    uses: Uses,
}

impl Builder<'_> {
    /// Notes a mistake; one inside a fragment says who included it.
    fn report(&mut self, diagnostic: Diagnostic) {
        let diagnostic = match self.including.last() {
            Some((include, _)) => {
                let place = self.input.sources.location(*include);
                diagnostic.help(format!("included from {place}"))
            }
            None => diagnostic,
        };
        self.mistakes.push(diagnostic);
    }

    /// A mistake at `span`, not yet noted.
    fn wrong(
        &self,
        code: &'static str,
        span: SourceSpan,
        message: impl Into<String>,
        label: impl Into<String>,
    ) -> Diagnostic {
        Diagnostic::new(self.input.sources, code, span, message, label)
    }

    /// The line of a node, with parameters put in.
    fn line(&mut self, node: &RawNode) -> Line {
        *self.work = self.work.saturating_sub(1);
        let mut mistakes = Vec::new();
        let line = Line::open(
            node,
            &self.environment,
            &mut self.naming,
            self.input.sources,
            &mut mistakes,
        );
        for mistake in mistakes {
            self.report(mistake);
        }
        line
    }

    /// Notes what nobody took from a line: `what` names the kind of line, `more` further properties that it could have.
    fn finish(&mut self, mut line: Line, what: &str, more: &[&str]) {
        for extra in line.take_arguments() {
            let diagnostic = self
                .wrong(
                    "unexpected-word",
                    extra.span,
                    format!("{what} takes no further word here"),
                    format!("{} is too much", extra.describe()),
                )
                .help("a property is written `name=value`");
            self.report(diagnostic);
        }
        for property in line.take_rest() {
            let known: Vec<&str> = line.asked().iter().chain(more).copied().collect();
            let key = &property.key;
            let mut diagnostic = self.wrong(
                "unknown-property",
                key.span,
                format!("{what} has no `{}`", key.text),
                "unknown",
            );
            if let Some(help) = suggestion(&key.text, known, "it can have") {
                diagnostic = diagnostic.help(help);
            }
            self.report(diagnostic);
        }
    }

    /// Notes a block where none may stand.
    fn no_block(&mut self, node: &RawNode, what: &str) {
        if node.children.is_some() {
            let diagnostic = self.wrong(
                "unexpected-block",
                node.head,
                format!("{what} has no block"),
                "a block in braces follows this",
            );
            self.report(diagnostic);
        }
    }

    /// The readable nodes of a block.
    fn block(node: &RawNode) -> impl Iterator<Item = &RawNode> {
        node.children
            .iter()
            .flatten()
            .filter(|child| child.readable)
    }

    /// A `call=` or `connection=` value.
    fn name(&mut self, key: &'static str, value: &Resolved) -> Option<Name> {
        let text = match &value.datum {
            Datum::Text(text) if is_name(text) => text.clone(),
            Datum::Number(number) if *number >= 0 => number.to_string(),
            Datum::Reference(name) => {
                self.report_no_parameter(value, name);
                return None;
            }
            _ => {
                let diagnostic = self
                    .wrong(
                        "bad-name",
                        value.span,
                        format!("`{key}` takes a name"),
                        format!("this is {}", value.describe()),
                    )
                    .help(format!(
                        "a name is a word of letters, digits, `-` and `_`: `{key}={}1`",
                        &key[..1]
                    ));
                self.report(diagnostic);
                return None;
            }
        };
        if value.parameter.is_none() && self.environment.get(&text).is_some() {
            let diagnostic = self
                .wrong(
                    "name-is-parameter",
                    value.span,
                    format!("`{text}` is a parameter here, and no name can be bound to it"),
                    "this would bind a new name",
                )
                .help(format!(
                    "write `{key}=${text}` for the parameter, or choose another name"
                ));
            self.report(diagnostic);
            return None;
        }
        Some(Name {
            text,
            span: value.span,
        })
    }

    /// Notes a `$name` that is no parameter, where one would have to be.
    fn report_no_parameter(&mut self, value: &Resolved, name: &str) {
        let known: Vec<String> = self.environment.names().map(str::to_owned).collect();
        let mut diagnostic = self.wrong(
            "unknown-parameter",
            value.span,
            format!("`${name}` is no parameter here"),
            "a name cannot be bound here",
        );
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        diagnostic = match suggestion(name, known, "parameters here") {
            Some(help) => diagnostic.help(help.replace("mean `", "mean `$")),
            None => diagnostic.help("there are no parameters here: write the value itself"),
        };
        self.report(diagnostic);
    }

    /// The node of that name.
    fn node(&mut self, value: &Resolved) -> Option<NodeIndex> {
        let name = match &value.datum {
            Datum::Text(text) => text.clone(),
            Datum::Reference(name) => {
                self.report_no_parameter(value, &name.clone());
                return None;
            }
            _ => value.written.clone(),
        };
        let position = self.nodes.iter().position(|node| node.name == name);
        if let Some(index) = position.and_then(|index| u16::try_from(index).ok()) {
            self.used_nodes.insert(NodeIndex(index));
            return Some(NodeIndex(index));
        }
        if self.incomplete {
            return None;
        }
        let mut diagnostic = self.wrong(
            "unknown-node",
            value.span,
            format!("no node is called `{name}`"),
            "unknown node",
        );
        if self.environment.get(&name).is_some() {
            diagnostic = diagnostic.help(format!("for the parameter write `${name}`"));
        } else {
            let known: Vec<String> = self.nodes.iter().map(|node| node.name.clone()).collect();
            let known = known.iter().map(String::as_str);
            if let Some(help) = suggestion(&name, known, "nodes of this scenario") {
                diagnostic = diagnostic.help(help);
            }
        }
        self.report(diagnostic);
        None
    }

    /// Whether a link joins the two, as far as that is known.
    fn linked(&self, a: NodeIndex, b: NodeIndex) -> bool {
        self.incomplete || self.has_link(a, b)
    }

    fn has_link(&self, a: NodeIndex, b: NodeIndex) -> bool {
        self.links
            .iter()
            .any(|link| (link.a, link.b) == (a, b) || (link.a, link.b) == (b, a))
    }

    fn node_name(&self, index: NodeIndex) -> &str {
        self.nodes
            .get(usize::from(index.0))
            .map_or("", |node| node.name.as_str())
    }

    /// One more step, unless there are too many.
    fn count_step(&mut self, span: SourceSpan) -> bool {
        self.steps += 1;
        if self.exhausted {
            return false;
        }
        if self.steps > MAXIMUM_STEPS || *self.work == 0 {
            self.exhausted = true;
            let (message, help) = if self.steps > MAXIMUM_STEPS {
                (
                    format!("the flow has more than {MAXIMUM_STEPS} steps"),
                    "includes and repeats count with all the steps that they stand for",
                )
            } else {
                (
                    "the cases of this file have too many lines together".to_owned(),
                    "make the matrix, the repeats or the fragments smaller",
                )
            };
            let diagnostic = self
                .wrong("too-much", span, message, "the limit is reached here")
                .help(help);
            self.report(diagnostic);
            return false;
        }
        true
    }
}

/// A name for calls, connections, nodes and parameters.
pub(super) fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 64
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
}
