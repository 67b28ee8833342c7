//! `link a b { … }` and `impair a b { … }`: what a path does.

use super::{Builder, Line, RawNode};
use crate::scenario::model::{
    ControlChange, ControlSpec, Distribution, GilbertElliott, GreChange, GreSpec, Impairment,
    Jitter, LinkSpec, Markov, NodeIndex, Probability, Rate, Reordering, Segmentation, Step,
    WithCorrelation,
};

const DISTRIBUTIONS: [(&str, Distribution); 4] = [
    ("uniform", Distribution::Uniform),
    ("normal", Distribution::Normal),
    ("pareto", Distribution::Pareto),
    ("paretonormal", Distribution::ParetoNormal),
];

/// Links of one scenario.
const MAXIMUM_LINKS: usize = 1000;

/// Packets that netem lets wait for a rate.
const DEFAULT_QUEUE: u32 = 1000;

/// The changes of a block: each plane in each direction, the lines as they are written, and the steps of `flow`.
#[derive(Default)]
struct Changes {
    control: [ControlChange; 2],
    gre: [GreChange; 2],
    lines: Vec<String>,
    body: Option<Vec<Step>>,
}

impl Builder<'_> {
    pub(super) fn link(&mut self, node: &RawNode) {
        let mut line = self.line(node);
        let ends = self.two_nodes(&mut line, "link");
        self.finish(line, "`link`", &[]);
        let Some((a, b)) = ends else {
            self.incomplete = true;
            return;
        };
        if self.has_link(a, b) {
            let first = self
                .links
                .iter()
                .find(|link| [(a, b), (b, a)].contains(&(link.a, link.b)))
                .map_or(node.head, |link| link.span);
            let diagnostic = self
                .wrong(
                    "doubled-link",
                    node.head,
                    "a link joins these two already",
                    "again here",
                )
                .also(first, "first here")
                .help("one link has both directions: `gre from=NODE …` sets one of them");
            self.report(diagnostic);
            return;
        }
        if self.links.len() >= MAXIMUM_LINKS {
            let diagnostic = self.wrong(
                "too-much",
                node.head,
                format!("a scenario has at most {MAXIMUM_LINKS} links"),
                "one too many",
            );
            self.report(diagnostic);
            return;
        }
        let changes = self.changes(node, a, b, false);
        let mut link = LinkSpec {
            span: node.head,
            a,
            b,
            control: [ControlSpec::default(), ControlSpec::default()],
            gre: [GreSpec::default(), GreSpec::default()],
        };
        for side in 0..2 {
            changes.control[side].apply(&mut link.control[side]);
            changes.gre[side].apply(&mut link.gre[side]);
        }
        self.links.push(link);
    }

    pub(super) fn impair(&mut self, node: &RawNode, mut line: Line) -> Option<Impairment> {
        let ends = self.linked_nodes(&mut line, "impair");
        self.finish(line, "`impair`", &[]);
        let (a, b) = ends?;
        let changes = self.changes(node, a, b, true);
        if changes.lines.is_empty() {
            let diagnostic = self
                .wrong(
                    "empty-block",
                    node.head,
                    "`impair` changes nothing",
                    "no `control` or `gre` line",
                )
                .help("it reads `impair pns pac { gre loss=\"20%\" }`");
            self.report(diagnostic);
        }
        Some(Impairment {
            a,
            b,
            control: changes.control,
            gre: changes.gre,
            lines: changes.lines,
            body: changes.body,
        })
    }

    /// Two different nodes.
    pub(super) fn two_nodes(
        &mut self,
        line: &mut Line,
        word: &str,
    ) -> Option<(NodeIndex, NodeIndex)> {
        let (Some(a), Some(b)) = (line.argument(), line.argument()) else {
            let diagnostic = self
                .wrong(
                    "incomplete-line",
                    line.span,
                    format!("`{word}` names two nodes"),
                    "a node is missing",
                )
                .help(format!("it reads `{word} NODE NODE …`"));
            self.report(diagnostic);
            return None;
        };
        if a.text() == Some("->") || b.text() == Some("->") {
            let diagnostic = self
                .wrong(
                    "wrong-arrow",
                    line.span,
                    format!("`{word}` has no arrow: it names both ends"),
                    "unexpected arrow",
                )
                .help(format!(
                    "it reads `{word} NODE NODE …`; `from=NODE` names one direction"
                ));
            self.report(diagnostic);
            line.take_arguments();
            return None;
        }
        let used = self.used_nodes.clone();
        let (first, second) = (self.node(&a), self.node(&b));
        if word == "link" {
            // To be linked is no use of a node.
            self.used_nodes = used;
        }
        let (first, second) = (first?, second?);
        if first == second {
            let diagnostic = self.wrong(
                "same-node",
                b.span,
                "both ends are the same node",
                "a link joins two nodes",
            );
            self.report(diagnostic);
            return None;
        }
        Some((first, second))
    }

    /// Two nodes that a link joins.
    pub(super) fn linked_nodes(
        &mut self,
        line: &mut Line,
        word: &str,
    ) -> Option<(NodeIndex, NodeIndex)> {
        let (a, b) = self.two_nodes(line, word)?;
        if !self.linked(a, b) {
            let names = (self.node_name(a).to_owned(), self.node_name(b).to_owned());
            let diagnostic = self
                .wrong(
                    "not-linked",
                    line.span,
                    format!("no link joins `{}` and `{}`", names.0, names.1),
                    "there is no path",
                )
                .help(format!("declare `link {} {} {{ … }}`", names.0, names.1));
            self.report(diagnostic);
            return None;
        }
        Some((a, b))
    }

    /// `from=`: the direction in which that node sends, 0 for the first and 1 for the second.
    pub(super) fn direction(
        &mut self,
        line: &mut Line,
        a: NodeIndex,
        b: NodeIndex,
    ) -> Option<NodeIndex> {
        let value = line.take("from")?;
        let node = self.node(&value)?;
        if node != a && node != b {
            let diagnostic = self
                .wrong(
                    "not-linked",
                    value.span,
                    "`from` names one end of the link",
                    "not an end of this link",
                )
                .help(format!(
                    "it takes `{}` or `{}`",
                    self.node_name(a),
                    self.node_name(b)
                ));
            self.report(diagnostic);
            return None;
        }
        Some(node)
    }

    fn changes(&mut self, node: &RawNode, a: NodeIndex, b: NodeIndex, with_flow: bool) -> Changes {
        let mut changes = Changes::default();
        for child in Self::block(node) {
            let mut line = self.line(child);
            let word = line.word.text().unwrap_or("").to_owned();
            if word == "flow" && with_flow {
                self.finish(line, "`flow`", &[]);
                changes.body = Some(self.steps(child));
                continue;
            }
            let known: &[&str] = if with_flow {
                &["control", "gre", "flow"]
            } else {
                &["control", "gre"]
            };
            if !known.contains(&word.as_str()) {
                self.unknown_word(&line, known, "here");
                continue;
            }
            self.no_block(child, "a line of a link");
            changes.lines.push(line.written.clone());
            let asked_direction = line.has("from");
            let from = self.direction(&mut line, a, b);
            let sides: &[usize] = match from {
                Some(node) if node == a => &[0],
                Some(_) => &[1],
                None if asked_direction => &[],
                None => &[0, 1],
            };
            if word == "control" {
                let change = self.control_change(&mut line);
                for side in sides {
                    merge_control(&mut changes.control[*side], &change);
                }
                self.finish(line, "`control`", &[]);
            } else {
                let change = self.gre_change(&mut line);
                for side in sides {
                    merge_gre(&mut changes.gre[*side], &change);
                }
                self.finish(line, "`gre`", &[]);
            }
        }
        changes
    }

    fn control_change(&mut self, line: &mut Line) -> ControlChange {
        let maximum = self
            .number(line, "segment", 1, 65_535)
            .and_then(|number| u32::try_from(number).ok());
        let cuts = self.cuts(line, "segment-at");
        if maximum.is_some() && cuts.is_some() {
            let diagnostic = self.wrong(
                "contradiction",
                line.span,
                "`segment` and `segment-at` cannot both say where to cut",
                "one of the two",
            );
            self.report(diagnostic);
        }
        ControlChange {
            delay: self.duration(line, "delay"),
            jitter: self.jitter(line),
            segmentation: maximum
                .map(Segmentation::Maximum)
                .or(cuts.map(Segmentation::Cuts)),
            segment_spacing: self.duration(line, "segment-spacing"),
            coalesce: self.duration(line, "coalesce"),
        }
    }

    fn gre_change(&mut self, line: &mut Line) -> GreChange {
        GreChange {
            delay: self.duration(line, "delay"),
            jitter: self.jitter(line),
            loss: self.chance(line, "loss", "loss-correlation"),
            loss_gilbert_elliott: self.gilbert_elliott(line),
            loss_markov: self.markov(line),
            reorder: self.reorder(line),
            duplicate: self.chance(line, "duplicate", "duplicate-correlation"),
            corrupt: self.chance(line, "corrupt", "corrupt-correlation"),
            rate: self.rate(line),
            mtu: self
                .number(line, "mtu", 28, 65_535)
                .and_then(|number| u32::try_from(number).ok()),
        }
    }

    /// A companion such as `loss-correlation` means nothing without its `loss`.
    fn alone(&mut self, line: &Line, key: &str, needed: &str) {
        let diagnostic = self
            .wrong(
                "missing-property",
                line.span,
                format!("`{key}` means nothing without `{needed}`"),
                format!("`{needed}` is missing"),
            )
            .help(format!("name both on one line: `{needed}=… {key}=…`"));
        self.report(diagnostic);
    }

    fn jitter(&mut self, line: &mut Line) -> Option<Jitter> {
        let amount = self.duration(line, "jitter");
        let distribution = line
            .take("distribution")
            .and_then(|value| self.word_of("distribution", &value, &DISTRIBUTIONS));
        let correlation = self.percent(line, "jitter-correlation");
        if amount.is_none() && (distribution.is_some() || correlation.is_some()) {
            let key = if distribution.is_some() {
                "distribution"
            } else {
                "jitter-correlation"
            };
            self.alone(line, key, "jitter");
        }
        Some(Jitter {
            amount: amount?,
            distribution: distribution.unwrap_or_default(),
            correlation: correlation.unwrap_or_default(),
        })
    }

    fn chance(
        &mut self,
        line: &mut Line,
        key: &'static str,
        companion: &'static str,
    ) -> Option<WithCorrelation> {
        let probability = self.percent(line, key);
        let correlation = self.percent(line, companion);
        if probability.is_none() && correlation.is_some() {
            self.alone(line, companion, key);
        }
        Some(WithCorrelation {
            probability: probability?,
            correlation: correlation.unwrap_or_default(),
        })
    }

    fn reorder(&mut self, line: &mut Line) -> Option<Reordering> {
        let chance = self.chance(line, "reorder", "reorder-correlation");
        let gap = self.number(line, "reorder-gap", 1, u64::from(u32::MAX));
        if chance.is_none() && gap.is_some() {
            self.alone(line, "reorder-gap", "reorder");
        }
        Some(Reordering {
            chance: chance?,
            gap: gap.and_then(|gap| u32::try_from(gap).ok()).unwrap_or(1),
        })
    }

    fn rate(&mut self, line: &mut Line) -> Option<Rate> {
        let value = line.take("rate");
        let queue = self.number(line, "queue", 1, 1_000_000);
        let Some(value) = value else {
            if queue.is_some() {
                self.alone(line, "queue", "rate");
            }
            return None;
        };
        let bits = value.text().map(crate::scenario::quantity::rate);
        let Some(Ok(bits_per_second)) = bits else {
            self.mismatch(
                "rate",
                &value,
                "a rate such as \"64kbit\": a number and one of bit, kbit, mbit, gbit",
            );
            return None;
        };
        Some(Rate {
            bits_per_second,
            queue: queue
                .and_then(|queue| u32::try_from(queue).ok())
                .unwrap_or(DEFAULT_QUEUE),
        })
    }

    fn gilbert_elliott(&mut self, line: &mut Line) -> Option<GilbertElliott> {
        let list = self.percents(line, "loss-gilbert-elliott", 4)?;
        let p = list[0];
        Some(GilbertElliott {
            p,
            r: list.get(1).copied().unwrap_or(complement(p)),
            one_minus_h: list.get(2).copied().unwrap_or(Probability::ALWAYS),
            one_minus_k: list.get(3).copied().unwrap_or(Probability::NEVER),
        })
    }

    fn markov(&mut self, line: &mut Line) -> Option<Markov> {
        let span = line.span;
        let list = self.percents(line, "loss-markov", 5)?;
        let p13 = list[0];
        let at = |index: usize, default| list.get(index).copied().unwrap_or(default);
        let model = Markov {
            p13,
            p31: at(1, complement(p13)),
            p32: at(2, Probability::NEVER),
            p23: at(3, Probability::ALWAYS),
            p14: at(4, Probability::NEVER),
        };
        for (one, other, names) in [
            (model.p13, model.p14, "p13 and p14"),
            (model.p31, model.p32, "p31 and p32"),
        ] {
            if one.parts_per_billion + other.parts_per_billion
                > Probability::ALWAYS.parts_per_billion
            {
                let diagnostic = self
                    .wrong(
                        "contradiction",
                        span,
                        format!("{names} are more than 100% together"),
                        "`loss-markov` is impossible",
                    )
                    .help("the order is \"p13 p31 p32 p23 p14\"");
                self.report(diagnostic);
                return None;
            }
        }
        Some(model)
    }
}

fn complement(probability: Probability) -> Probability {
    Probability {
        parts_per_billion: Probability::ALWAYS.parts_per_billion - probability.parts_per_billion,
    }
}

/// A later line of the same block changes what it names.
fn merge_control(target: &mut ControlChange, change: &ControlChange) {
    target.delay = change.delay.or(target.delay);
    target.jitter = change.jitter.or(target.jitter);
    target.segmentation = change.segmentation.clone().or(target.segmentation.take());
    target.segment_spacing = change.segment_spacing.or(target.segment_spacing);
    target.coalesce = change.coalesce.or(target.coalesce);
}

fn merge_gre(target: &mut GreChange, change: &GreChange) {
    target.delay = change.delay.or(target.delay);
    target.jitter = change.jitter.or(target.jitter);
    target.loss = change.loss.or(target.loss);
    target.loss_gilbert_elliott = change.loss_gilbert_elliott.or(target.loss_gilbert_elliott);
    target.loss_markov = change.loss_markov.or(target.loss_markov);
    target.reorder = change.reorder.or(target.reorder);
    target.duplicate = change.duplicate.or(target.duplicate);
    target.corrupt = change.corrupt.or(target.corrupt);
    target.rate = change.rate.or(target.rate);
    target.mtu = change.mtu.or(target.mtu);
}
