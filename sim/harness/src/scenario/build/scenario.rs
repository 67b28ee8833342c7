//! The `scenario` block as a whole.

use super::{Builder, RawNode};
use crate::register::RequirementSet;
use crate::scenario::model::{Limits, Scenario, Step};
use crate::scenario::source::SourceSpan;
use crate::scenario::suggest::suggestion;
use crate::scenario::text::Datum;
use crate::scenario::vocabulary::WORDS;
use pptp_wire::Requirement;

impl Builder<'_> {
    /// Nodes first, then links, then what happens: the order of the text between them is free.
    pub(super) fn scenario(mut self) -> Scenario {
        let body = self.input.body;
        let readable = |word: &'static str| {
            body.iter()
                .filter(move |node| node.readable && node.name.text == word)
        };
        self.incomplete = body.iter().any(|node| node.broken);
        for node in readable("node") {
            self.node_line(node);
        }
        for node in readable("link") {
            self.link(node);
        }
        self.check_addresses();
        let mut scenario = Scenario {
            title: String::new(),
            case: None,
            covers: Vec::new(),
            set: RequirementSet::default(),
            seed: 0,
            holds: None,
            limits: Limits::default(),
            nodes: Vec::new(),
            links: Vec::new(),
            flow: Vec::new(),
            finally: Vec::new(),
        };
        if let Some(node) = self.once(readable("set"), "set") {
            scenario.set = self.set(node);
        }
        for node in readable("covers") {
            self.covers(node, &mut scenario);
        }
        if let Some(node) = self.once(readable("seed"), "seed") {
            scenario.seed = self.seed(node);
        }
        if let Some(node) = self.once(readable("holds"), "holds") {
            scenario.holds = self.holds(node);
        }
        if let Some(node) = self.once(readable("limit"), "limit") {
            scenario.limits = self.limits(node);
        }
        self.once(readable("matrix"), "matrix");
        match self.once(readable("flow"), "flow") {
            Some(node) => {
                let line = self.line(node);
                self.finish(line, "`flow`", &[]);
                self.needs_block(node, "it holds the steps of the scenario");
                scenario.flow = self.steps(node);
            }
            None => self.no_flow(),
        }
        if let Some(node) = self.once(readable("finally"), "finally") {
            let line = self.line(node);
            self.finish(line, "`finally`", &[]);
            scenario.finally = self.finally(node);
        }
        for node in body.iter().filter(|node| node.readable) {
            self.known_word(node);
        }
        // What a wrong line would have bound or used is missing: only a case without a mistake is judged as a whole.
        if self.mistakes.is_empty() && !self.incomplete && !broken_below(body) {
            self.check_uses();
            self.check_ends();
            self.check_nodes(&scenario.flow);
        }
        scenario.nodes = self.nodes;
        scenario.links = self.links;
        scenario
    }

    /// The first of the lines that may stand once.
    fn once<'n>(
        &mut self,
        mut lines: impl Iterator<Item = &'n RawNode>,
        word: &str,
    ) -> Option<&'n RawNode> {
        let first = lines.next()?;
        for again in lines {
            let diagnostic = self
                .wrong(
                    "doubled-block",
                    again.head,
                    format!("`{word}` stands twice"),
                    "again here",
                )
                .also(first.head, "first here");
            self.report(diagnostic);
        }
        Some(first)
    }

    fn covers(&mut self, node: &RawNode, scenario: &mut Scenario) {
        let mut line = self.line(node);
        self.no_block(node, "`covers`");
        let words = line.take_arguments();
        if words.is_empty() {
            let diagnostic = self
                .wrong(
                    "incomplete-line",
                    node.head,
                    "`covers` names requirements",
                    "none is named",
                )
                .help("it reads `covers \"CDN-003\" \"CDN-005\"`");
            self.report(diagnostic);
        }
        for word in words {
            let Some(requirement) = self.requirement_of(&word) else {
                continue;
            };
            if let Some((_, first)) = scenario.covers.iter().find(|(id, _)| *id == requirement) {
                let diagnostic = self
                    .wrong(
                        "doubled-requirement",
                        word.span,
                        format!("{requirement} is covered twice"),
                        "again here",
                    )
                    .also(*first, "first here");
                self.report(diagnostic);
                continue;
            }
            self.check_set(requirement, scenario.set, word.span);
            scenario.covers.push((requirement, word.span));
        }
        self.finish(line, "`covers`", &[]);
    }

    fn set(&mut self, node: &RawNode) -> RequirementSet {
        let mut line = self.line(node);
        self.no_block(node, "`set`");
        let set = match line.argument() {
            Some(value) => {
                let words = RequirementSet::ALL.map(|set| (set.name(), set));
                self.word_of("set", &value, &words)
            }
            None => {
                let diagnostic = self
                    .wrong(
                        "incomplete-line",
                        node.head,
                        "`set` needs the name of a set of requirements",
                        "none is here",
                    )
                    .help("it reads `set windows`");
                self.report(diagnostic);
                None
            }
        };
        self.finish(line, "`set`", &[]);
        set.unwrap_or_default()
    }

    /// A requirement of another set counts where that set is chosen.
    fn check_set(&mut self, requirement: Requirement, chosen: RequirementSet, span: SourceSpan) {
        let set = RequirementSet::of(requirement);
        if set == RequirementSet::Rfc || set == chosen {
            return;
        }
        let name = set.name();
        let diagnostic = self
            .wrong(
                "unchosen-set",
                span,
                format!(
                    "{requirement} belongs to the set `{name}`, which this scenario does not choose"
                ),
                "nothing judges it",
            )
            .help(format!("add `set {name}` to the scenario"));
        self.report(diagnostic);
    }

    fn seed(&mut self, node: &RawNode) -> u64 {
        let mut line = self.line(node);
        self.no_block(node, "`seed`");
        let seed = match line.argument() {
            Some(value) => self.number_of("seed", &value, 0, u64::MAX),
            None => {
                let diagnostic = self
                    .wrong(
                        "incomplete-line",
                        node.head,
                        "`seed` needs a number",
                        "none is here",
                    )
                    .help("it reads `seed 2637`");
                self.report(diagnostic);
                None
            }
        };
        self.finish(line, "`seed`", &[]);
        seed.unwrap_or(0)
    }

    fn limits(&mut self, node: &RawNode) -> Limits {
        let mut line = self.line(node);
        self.no_block(node, "`limit`");
        let limits = Limits {
            time: self.duration(&mut line, "time"),
            steps: self.number(&mut line, "steps", 1, u64::MAX),
            queue: self.number(&mut line, "queue", 1, u64::MAX),
            records: self.number(&mut line, "records", 1, u64::MAX),
        };
        self.finish(line, "`limit`", &[]);
        limits
    }

    fn no_flow(&mut self) {
        let diagnostic = self
            .wrong(
                "no-flow",
                self.input.title_span,
                "a scenario without a `flow` does nothing",
                "no flow in this scenario",
            )
            .help("add `flow { … }`");
        self.report(diagnostic);
    }

    /// Notes a line of the scenario block that begins with no word of it.
    fn known_word(&mut self, node: &RawNode) {
        let text = node.name.text.as_str();
        let known: Vec<&str> = WORDS
            .iter()
            .filter(|word| word.place == "scenario")
            .map(|word| word.name)
            .collect();
        if known.contains(&text) {
            return;
        }
        let diagnostic = self.wrong(
            "unknown-word",
            node.name.span,
            format!("`{text}` does not belong in a scenario block"),
            "unexpected",
        );
        let is_step = WORDS
            .iter()
            .any(|word| word.place == "flow" && word.name == text)
            || node
                .arguments()
                .next()
                .is_some_and(|value| value.datum == Datum::Text("->".to_owned()));
        let diagnostic = if is_step {
            diagnostic.help("steps stand in the `flow` block")
        } else {
            match suggestion(text, known, "here may stand") {
                Some(help) => diagnostic.help(help),
                None => diagnostic,
            }
        };
        self.report(diagnostic);
    }

    fn check_uses(&mut self) {
        for diagnostic in self.uses.check(self.input.sources) {
            self.mistakes.push(diagnostic);
        }
    }

    /// A node that no step and no check names is forgotten or misspelt.
    fn check_nodes(&mut self, flow: &[Step]) {
        if flow.is_empty() || self.exhausted {
            return;
        }
        let unused: Vec<(String, SourceSpan)> = self
            .nodes
            .iter()
            .zip(0_u16..)
            .filter(|(_, index)| {
                !self
                    .used_nodes
                    .contains(&crate::scenario::model::NodeIndex(*index))
            })
            .map(|(node, _)| (node.name.clone(), node.span))
            .collect();
        for (name, span) in unused {
            let diagnostic = self
                .wrong(
                    "unused-node",
                    span,
                    format!("no line of the flow names `{name}`"),
                    "takes no part",
                )
                .help("remove it, or give it something to do");
            self.report(diagnostic);
        }
    }
}

/// Whether a line somewhere in the blocks holds a mistake of syntax.
fn broken_below(nodes: &[RawNode]) -> bool {
    nodes
        .iter()
        .any(|node| node.broken || node.children.as_deref().is_some_and(broken_below))
}
