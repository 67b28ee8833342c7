//! `include`: the steps of a fragment, with its parameters put in.

use super::{Builder, Line, RawNode};
use crate::scenario::load::relative_to;
use crate::scenario::model::Step;
use crate::scenario::parameters::{Environment, Resolved};
use crate::scenario::suggest::suggestion;

impl Builder<'_> {
    pub(super) fn include(&mut self, node: &RawNode, mut line: Line, steps: &mut Vec<Step>) {
        self.no_block(node, "`include`");
        let Some(path) = line.argument() else {
            return; // Reported when the files were loaded.
        };
        let Some(text) = path.text() else { return };
        let including = self
            .input
            .sources
            .file(node.head)
            .map_or("", |file| file.path.as_str());
        let path = relative_to(including, text);
        let Some(fragment) = self.input.fragments.get(&path) else {
            return; // The same.
        };
        if self.including.iter().any(|(_, open)| *open == path) {
            return; // A loop, which was reported too.
        }
        self.fragments_entered += 1;
        let naming = self.fragments_entered;
        let inner = self.parameters(fragment, &mut line, naming);
        self.finish(line, "`include`", &[]);
        let Some(inner) = inner else { return };
        let outer = std::mem::replace(&mut self.environment, inner);
        self.including.push((node.head, path));
        steps.extend(self.steps(fragment));
        self.including.pop();
        self.environment = outer;
    }

    /// The parameters of a fragment: what the include line gives, and else the defaults. `None` where one is missing.
    fn parameters(
        &mut self,
        fragment: &RawNode,
        line: &mut Line,
        naming: u32,
    ) -> Option<Environment> {
        let mut complete = true;
        let mut inner = Environment::new(naming);
        let mut given = line.take_rest();
        let mut names: Vec<String> = Vec::new();
        for entry in &fragment.entries {
            let (name, default) = match &entry.key {
                Some(key) => (key.text.clone(), Some(&entry.value)),
                None => match &entry.value.datum {
                    crate::scenario::text::Datum::Text(text) => (text.clone(), None),
                    _ => continue,
                },
            };
            names.push(name.clone());
            let position = given.iter().position(|property| property.key.text == name);
            let value: Option<Resolved> = match (position, default) {
                (Some(position), _) => Some(given.remove(position).value),
                (None, Some(default)) => Some(inner.resolve(default)),
                (None, None) => None,
            };
            match value {
                Some(value) => inner.push(&name, value),
                None => {
                    complete = false;
                    let diagnostic = self
                        .wrong(
                            "missing-parameter",
                            line.span,
                            format!("the fragment needs the parameter `{name}`"),
                            "it is missing",
                        )
                        .also(entry.span, "it has no default")
                        .help(format!("add `{name}=…`"));
                    self.report(diagnostic);
                }
            }
        }
        for property in given {
            let key = &property.key;
            let mut diagnostic = self.wrong(
                "unknown-parameter",
                key.span,
                format!("the fragment has no parameter `{}`", key.text),
                "unknown",
            );
            diagnostic = match suggestion(
                &key.text,
                names.iter().map(String::as_str),
                "its parameters",
            ) {
                Some(help) => diagnostic.help(help),
                None => diagnostic.help("it has no parameters"),
            };
            self.report(diagnostic);
        }
        complete.then_some(inner)
    }
}
