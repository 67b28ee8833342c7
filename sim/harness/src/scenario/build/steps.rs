//! Steps of a flow: what each line begins with decides what it is.

use super::messages::Purpose;
use super::{Builder, Line, MAXIMUM_DEPTH, RawNode};
use crate::scenario::model::{NodeIndex, Step, StepKind, Until, View};
use crate::scenario::names::Kind;
use crate::scenario::suggest::suggestion;
use crate::scenario::vocabulary::WORDS;

impl Builder<'_> {
    /// The steps of a block.
    pub(super) fn steps(&mut self, node: &RawNode) -> Vec<Step> {
        if self.depth >= MAXIMUM_DEPTH {
            let diagnostic = self
                .wrong(
                    "too-deep",
                    node.head,
                    format!("more than {MAXIMUM_DEPTH} blocks within blocks"),
                    "one level too many",
                )
                .help("blocks of included fragments count");
            self.report(diagnostic);
            return Vec::new();
        }
        self.depth += 1;
        let mut steps = Vec::new();
        let mut ended = None;
        for child in Self::block(node) {
            if let Some(end) = ended {
                let diagnostic = self
                    .wrong(
                        "after-end",
                        child.head,
                        "this line is never reached",
                        "comes too late",
                    )
                    .also(end, "the flow ends here");
                self.report(diagnostic);
                break;
            }
            if !self.count_step(child.head) || self.mistakes.is_full() {
                break;
            }
            let before = steps.len();
            self.step(child, &mut steps);
            ended = steps[before..]
                .iter()
                .find(|step| step.kind == StepKind::End)
                .map(|step| step.span);
            // Other cases go on behind a `when` that ends this one.
            if ended.is_some() && self.ends_in_case {
                break;
            }
        }
        self.depth -= 1;
        steps
    }

    /// One line, which may stand for several steps (`include`, `repeat`, `when`) or, where it is wrong, for none.
    fn step(&mut self, node: &RawNode, steps: &mut Vec<Step>) {
        let line = self.line(node);
        let (span, written, echo) = (line.span, line.written.clone(), line.echo.clone());
        let word = line.word.text().unwrap_or("").to_owned();
        if self.is_message(&line, &word) {
            let kind = self.message_step(node, line);
            self.add(steps, span, written, echo, kind);
            return;
        }
        let block = node.children.is_some();
        let kind = match word.as_str() {
            "do" => {
                self.no_block(node, "`do`");
                self.action(line)
            }
            "expect" => {
                self.no_block(node, "`expect`");
                self.expect(line).map(StepKind::Expect)
            }
            "wait" => {
                self.no_block(node, "`wait`");
                self.wait(line)
            }
            "delivered" | "lost" => self.seen_elsewhere(node, line, &word),
            "inject" => self.inject(node, line),
            "include" => {
                self.include(node, line, steps);
                return;
            }
            "repeat" => {
                self.repeat(node, line, steps);
                return;
            }
            "when" => {
                self.when(node, line, steps);
                return;
            }
            "all" => self.all(node, line),
            "parallel" => self.parallel(node, line),
            "any" => self.any(node, line),
            "end" => {
                self.no_block(node, "`end`");
                self.finish(line, "`end`", &[]);
                Some(StepKind::End)
            }
            "silent" => self.silent(node, line),
            "ignore" => self.ignore(node, line),
            "exact" => self.exact_gre(node, line),
            "free" => self.free_control(node, line),
            "drop" | "delay" | "hasten" | "corrupt" | "duplicate" | "split" => {
                self.fault(node, line, &word)
            }
            "impair" => self
                .impair(node, line)
                .map(|change| StepKind::Impair(Box::new(change))),
            "restore" => self.restore(node, line),
            "resume" => self.resume(node, line),
            "heal" => {
                self.no_block(node, "`heal`");
                self.finish(line, "`heal`", &[]);
                self.healed();
                Some(StepKind::Heal)
            }
            "outage" | "stall" => self.outage(node, line, word == "stall"),
            "reset" | "half-close" => self.cut_connection(node, line, word == "reset"),
            "crash" | "restart" => self.crash(node, line, word == "crash"),
            _ => {
                self.unknown_step(&line);
                None
            }
        };
        let echo = if block && echoes_as_block(&word) {
            format!("{echo} {{")
        } else {
            echo
        };
        self.add(steps, span, written, echo, kind);
    }

    fn add(
        &mut self,
        steps: &mut Vec<Step>,
        span: crate::scenario::source::SourceSpan,
        line: String,
        text: String,
        kind: Option<StepKind>,
    ) {
        steps.extend(kind.map(|kind| Step {
            span,
            text,
            line,
            kind,
        }));
    }

    /// Whether the line begins with a node and an arrow.
    fn is_message(&self, line: &Line, word: &str) -> bool {
        let arrow = line.peek().and_then(|word| word.text()).unwrap_or("");
        let known = self.nodes.iter().any(|node| node.name == word);
        let arrows = ["->", "~>", "=>", "-->", "<-", "<~", "<=", "→", "←", "—>"];
        arrows.contains(&arrow) || (known && line.peek().is_some())
    }

    /// `a -> b MESSAGE …`.
    pub(super) fn message_step(&mut self, node: &RawNode, mut line: Line) -> Option<StepKind> {
        self.no_block(node, "a message line");
        let from = line.word.clone();
        let route = self.route(&mut line, &from, "->")?;
        let message = self.message_line(line, route, Purpose::Step(View::Sent));
        Some(StepKind::Message(message))
    }

    /// `delivered a -> b MESSAGE …`, `lost a -> b MESSAGE …`.
    fn seen_elsewhere(&mut self, node: &RawNode, mut line: Line, word: &str) -> Option<StepKind> {
        self.no_block(node, "a message line");
        let from = self.first_node(&mut line, word)?;
        let route = self.route(&mut line, &from, "->")?;
        let view = if word == "lost" {
            View::Lost
        } else {
            View::Delivered
        };
        if view == View::Lost && route.message != crate::scenario::model::MessageName::Gre {
            let diagnostic = self
                .wrong(
                    "never-lost",
                    route.span,
                    "TCP loses nothing: only GRE packets are lost",
                    "cannot be lost",
                )
                .help("a control message can be late: `delay`, `stall`, `outage`");
            self.report(diagnostic);
        }
        Some(StepKind::Message(self.message_line(
            line,
            route,
            Purpose::Step(view),
        )))
    }

    fn inject(&mut self, node: &RawNode, mut line: Line) -> Option<StepKind> {
        self.no_block(node, "`inject`");
        let from = self.first_node(&mut line, "inject")?;
        let route = self.route(&mut line, &from, "~>")?;
        Some(StepKind::Inject(self.message_line(
            line,
            route,
            Purpose::Inject,
        )))
    }

    /// The node that follows the first word.
    pub(super) fn first_node(
        &mut self,
        line: &mut Line,
        word: &str,
    ) -> Option<crate::scenario::parameters::Resolved> {
        let node = line.argument();
        if node.is_none() {
            let arrow = if word == "inject" { "~>" } else { "->" };
            let diagnostic = self
                .wrong(
                    "incomplete-line",
                    line.span,
                    format!("`{word}` names no message"),
                    "the line ends here",
                )
                .help(format!("it reads `{word} NODE {arrow} NODE MESSAGE …`"));
            self.report(diagnostic);
        }
        node
    }

    fn wait(&mut self, mut line: Line) -> Option<StepKind> {
        let elapsed = self.duration(&mut line, "for");
        let had_for =
            elapsed.is_some() || line.asked().contains(&"for") && line.written.contains(" for=");
        let until = line.take("until");
        let call = self.used_name(&mut line, "call", Kind::Call);
        let within = self.duration(&mut line, "within");
        let requirement = self.requirement(&mut line);
        let span = line.span;
        self.finish(line, "`wait`", &[]);
        match (elapsed, until) {
            (Some(span_of_time), None) => {
                if call.is_some() || within.is_some() {
                    let diagnostic = self.wrong(
                        "contradiction",
                        span,
                        "`wait for` waits for a time and nothing else",
                        "`call` and `within` belong to `until`",
                    );
                    self.report(diagnostic);
                }
                Some(StepKind::Wait(Until::Elapsed {
                    span: span_of_time,
                    requirement,
                }))
            }
            (None, Some(value)) => {
                let words = [("data-idle", false), ("rest", true)];
                let is_rest = self.word_of("until", &value, &words)?;
                if is_rest && call.is_some() {
                    let diagnostic = self
                        .wrong(
                            "contradiction",
                            span,
                            "`wait until=rest` waits for everything",
                            "`call` belongs to `until=data-idle`",
                        )
                        .help("leave `call` away, or write `until=data-idle`");
                    self.report(diagnostic);
                }
                Some(StepKind::Wait(if is_rest {
                    Until::Rest {
                        within,
                        requirement,
                    }
                } else {
                    Until::DataIdle {
                        call,
                        within,
                        requirement,
                    }
                }))
            }
            (Some(_), Some(_)) => {
                let diagnostic = self.wrong(
                    "contradiction",
                    span,
                    "`wait` takes `for` or `until`, not both",
                    "one of the two",
                );
                self.report(diagnostic);
                None
            }
            (None, None) => {
                if !had_for {
                    let diagnostic = self
                        .wrong(
                            "missing-property",
                            span,
                            "`wait` waits for nothing",
                            "for what?",
                        )
                        .help(
                            "write `wait for=\"2s\"`, `wait until=data-idle` or `wait until=rest`",
                        );
                    self.report(diagnostic);
                }
                None
            }
        }
    }

    fn crash(&mut self, node: &RawNode, mut line: Line, crash: bool) -> Option<StepKind> {
        let word = if crash { "crash" } else { "restart" };
        self.no_block(node, &format!("`{word}`"));
        let Some(value) = line.argument() else {
            let diagnostic = self
                .wrong(
                    "incomplete-line",
                    line.span,
                    format!("`{word}` names a node"),
                    "which node?",
                )
                .help(format!("it reads `{word} NODE`"));
            self.report(diagnostic);
            return None;
        };
        let index = self.node(&value);
        self.finish(line, &format!("`{word}`"), &[]);
        let node: NodeIndex = index?;
        Some(if crash {
            StepKind::Crash { node }
        } else {
            StepKind::Restart { node }
        })
    }

    fn unknown_step(&mut self, line: &Line) {
        let words: Vec<&str> = WORDS
            .iter()
            .filter(|word| word.place == "flow")
            .map(|word| word.name)
            .collect();
        let nodes: Vec<String> = self.nodes.iter().map(|node| node.name.clone()).collect();
        let text = line.word.written.clone();
        if let crate::scenario::text::Datum::Reference(name) = &line.word.datum {
            self.report_no_parameter(&line.word, &name.clone());
            return;
        }
        let elsewhere = WORDS.iter().find(|word| word.name == text);
        let diagnostic = self.wrong(
            "unknown-word",
            line.word.span,
            format!("no step begins with `{text}`"),
            "unknown",
        );
        let known = words
            .iter()
            .copied()
            .chain(nodes.iter().map(String::as_str));
        let diagnostic = if let Some(word) = elsewhere {
            diagnostic.help(match word.place {
                "scenario" | "finally" => {
                    format!("`{text}` belongs in the `{}` block", word.place)
                }
                place => format!("`{text}` belongs in a block of `{place}`"),
            })
        } else {
            match crate::scenario::suggest::nearest(&text, known) {
                Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
                None => diagnostic.help(format!(
                    "a step begins with a node ({}) or one of: {}",
                    nodes.join(", "),
                    words.join(", ")
                )),
            }
        };
        self.report(diagnostic);
    }

    /// Notes a word that does not belong in a block.
    pub(super) fn unknown_word(&mut self, line: &Line, known: &[&str], place: &str) {
        let text = line.word.written.clone();
        let mut diagnostic = self.wrong(
            "unknown-word",
            line.word.span,
            format!("`{text}` does not belong {place}"),
            "unexpected",
        );
        if let Some(help) = suggestion(&text, known.iter().copied(), "here may stand") {
            diagnostic = diagnostic.help(help);
        }
        self.report(diagnostic);
    }
}

/// Whether the transcript shows the line of a block with its brace.
fn echoes_as_block(word: &str) -> bool {
    !matches!(
        word,
        "do" | "expect" | "wait" | "end" | "heal" | "crash" | "restart"
    )
}
