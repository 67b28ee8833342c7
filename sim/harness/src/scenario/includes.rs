//! Reads the fragments that a file includes.

use super::load::relative_to;
use super::reader::{Reader, load_problem};
use super::source::SourceSpan;
use super::text::{Datum, RawNode};

/// Files of one scenario, the included ones counted.
const MAXIMUM_FILES: usize = 200;

impl Reader<'_> {
    /// The parameters of a fragment: names with a default, or without.
    pub(super) fn fragment_head(&mut self, node: &RawNode) {
        let mut names: Vec<&str> = Vec::new();
        for entry in &node.entries {
            let name = match (&entry.key, &entry.value.datum) {
                (Some(key), _) => key.text.as_str(),
                (None, Datum::Text(text)) => text.as_str(),
                (None, _) => "",
            };
            let problem = if !super::build::is_name(name) {
                Some("a parameter is a name, with `=default` or without")
            } else if names.contains(&name) {
                Some("this parameter stands twice")
            } else {
                None
            };
            if let Some(message) = problem {
                let diagnostic = self
                    .wrong("bad-parameter", entry.span, message, "not a new name")
                    .help("it reads `fragment call=c1 from=pns { … }`");
                self.mistakes.push(diagnostic);
            }
            names.push(name);
        }
        if node.children.is_none() {
            let diagnostic = self.wrong(
                "empty-block",
                node.head,
                "a fragment holds steps",
                "no block follows",
            );
            self.mistakes.push(diagnostic);
        }
    }

    /// Loads every file that lines below `node` include. Nesting is limited by the parser.
    pub(super) fn includes(&mut self, node: &RawNode) {
        for child in node
            .children
            .iter()
            .flatten()
            .filter(|child| child.readable)
        {
            if child.name.text == "include" {
                self.include(child);
            } else {
                self.includes(child);
            }
        }
    }

    fn include(&mut self, node: &RawNode) {
        let first = node.arguments().next();
        let Some((Datum::Text(text), span)) = first.map(|value| (&value.datum, value.span)) else {
            let diagnostic = self
                .wrong(
                    "incomplete-line",
                    node.head,
                    "`include` names a file",
                    "no path in quotes",
                )
                .help("it reads `include \"fragments/call.kdl\" call=c1`");
            self.mistakes.push(diagnostic);
            return;
        };
        let including = self.stack.last().cloned().unwrap_or_default();
        let path = relative_to(&including, text);
        if let Some(position) = self.stack.iter().position(|open| *open == path) {
            let names = self.stack[position..].iter().chain([&path]);
            let way: Vec<&str> = names
                .map(|file| file.rsplit('/').next().unwrap_or(file))
                .collect();
            let diagnostic = self
                .wrong(
                    "include-loop",
                    span,
                    "this file includes itself",
                    "leads back to a file that is being read",
                )
                .help(way.join(" includes "));
            self.mistakes.push(diagnostic);
            return;
        }
        if self.fragments.contains_key(&path) {
            return;
        }
        if self.sources.files().len() >= MAXIMUM_FILES {
            let diagnostic = self.wrong(
                "too-much",
                span,
                format!("a scenario is made of at most {MAXIMUM_FILES} files"),
                "one too many",
            );
            self.mistakes.push(diagnostic);
            return;
        }
        match self.loader.load(&path) {
            Ok(text) => self.fragment(path, text, span),
            Err(error) => {
                let (message, help) = load_problem(&path, &error);
                let diagnostic = self.wrong("not-read", span, message, "included here");
                self.mistakes.push(match help {
                    Some(help) => diagnostic.help(help),
                    None => diagnostic,
                });
            }
        }
    }

    fn fragment(&mut self, path: String, text: String, included: SourceSpan) {
        let (file, nodes) = self.file(&path, text);
        self.version(&nodes);
        let Some(node) = self.top(&nodes, file) else {
            return;
        };
        if node.name.text != "fragment" {
            let diagnostic = self
                .wrong(
                    "not-a-fragment",
                    included,
                    format!("{path} holds a scenario, not a fragment"),
                    "cannot be included",
                )
                .help("only `fragment … { steps }` can stand in place of an `include`");
            self.mistakes.push(diagnostic);
            return;
        }
        self.fragment_head(&node);
        self.stack.push(path.clone());
        self.includes(&node);
        self.stack.pop();
        self.fragments.insert(path, node);
    }
}
