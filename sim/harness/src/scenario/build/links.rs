//! `link a b { … }` and `impair a b { … }`: what a path does.

use super::{Builder, Line, RawNode};
use crate::scenario::model::{
    ControlChange, ControlSpec, GreChange, GreSpec, Impairment, LinkSpec, NodeIndex, Step,
};

/// Links of one scenario.
const MAXIMUM_LINKS: usize = 1000;

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
