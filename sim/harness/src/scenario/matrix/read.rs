//! Reads a `matrix` block.

use super::{Axis, Item, MAXIMUM_CASES, Matrix, Row};
use crate::scenario::build::{is_name, range_text};
use crate::scenario::diagnostic::{Diagnostic, Mistakes};
use crate::scenario::source::{SourceSpan, Sources};
use crate::scenario::text::{Datum, RawEntry, RawNode, RawValue};

pub(super) struct Reader<'a> {
    pub(super) sources: &'a Sources,
    pub(super) mistakes: &'a mut Mistakes,
}

impl Reader<'_> {
    fn wrong(
        &mut self,
        code: &'static str,
        span: SourceSpan,
        message: &str,
        label: &str,
        help: &str,
    ) {
        let diagnostic = Diagnostic::new(self.sources, code, span, message, label);
        self.mistakes.push(if help.is_empty() {
            diagnostic
        } else {
            diagnostic.help(help)
        });
    }

    pub(super) fn read(&mut self, node: &RawNode) -> Matrix {
        let children: Vec<&RawNode> = node
            .children
            .iter()
            .flatten()
            .filter(|child| child.readable)
            .collect();
        if children.is_empty() {
            self.wrong(
                "empty-block",
                node.head,
                "this matrix has no cases",
                "empty",
                "it holds lists, `cut \"1..167\"`, or rows, `case \"name\" x=1`",
            );
            return Matrix::None;
        }
        let (rows, lists): (Vec<&RawNode>, Vec<&RawNode>) = children
            .into_iter()
            .partition(|child| child.name.text == "case");
        let axes: Vec<Axis> = lists.iter().filter_map(|child| self.axis(child)).collect();
        let matrix = if rows.is_empty() {
            Matrix::Product(axes)
        } else {
            let rows = self.rows(&rows);
            Matrix::Rows(rows, axes)
        };
        if let Some(again) = doubled(&matrix, &lists) {
            let name = &again.name.text;
            self.wrong(
                "doubled-parameter",
                again.head,
                &format!("the parameter `{name}` stands twice"),
                "again here",
                "write all its values on one line, or name it in the rows alone",
            );
            return Matrix::None;
        }
        if matrix.count() > MAXIMUM_CASES {
            self.wrong(
                "too-much",
                node.head,
                &format!("this matrix has {} cases", matrix.count()),
                "too many",
                &format!("a file has at most {MAXIMUM_CASES} cases"),
            );
            return Matrix::None;
        }
        matrix
    }

    fn axis(&mut self, node: &RawNode) -> Option<Axis> {
        let name = node.name.text.clone();
        if !is_name(&name) {
            self.wrong(
                "bad-name",
                node.name.span,
                &format!("`{name}` cannot name a parameter"),
                "not a name",
                "",
            );
            return None;
        }
        if let Some(block) = node.children.as_ref().and(Some(node.head)) {
            self.wrong(
                "unexpected-block",
                block,
                "a parameter is one line",
                "a block follows this",
                "write its values behind its name: `size 1 64 1500`",
            );
            return None;
        }
        let mut items = Vec::new();
        for entry in &node.entries {
            if let Some(key) = &entry.key {
                self.wrong(
                    "unexpected-property",
                    key.span,
                    "the values of a parameter are words without `=`",
                    "unexpected",
                    "for rows with several parameters write `case \"name\" x=1 y=2`",
                );
                continue;
            }
            items.extend(self.item(entry));
        }
        if items.is_empty() && node.entries.is_empty() {
            self.wrong(
                "empty-block",
                node.head,
                &format!("the parameter `{name}` has no values"),
                "nothing follows",
                "write its values behind it: `cut 1 84 167` or `cut \"1..167\"`",
            );
        }
        (!items.is_empty()).then_some(Axis { name, items })
    }

    fn item(&mut self, entry: &RawEntry) -> Option<Item> {
        let value = &entry.value;
        match &value.datum {
            Datum::Text(text) if text.contains("..") => match range_text(text) {
                Some((first, last)) if first <= last => Some(Item::Range(first, last, value.span)),
                Some((first, last)) => {
                    self.wrong(
                        "out-of-range",
                        value.span,
                        &format!("the range {first}..{last} goes down"),
                        "empty",
                        "write the lower end first",
                    );
                    None
                }
                // Another text with dots, such as a file name.
                None => Some(Item::One(value.clone())),
            },
            Datum::Reference(_) | Datum::Other => {
                self.bad_value(value);
                None
            }
            _ => Some(Item::One(value.clone())),
        }
    }

    fn bad_value(&mut self, value: &RawValue) {
        self.wrong(
            "wrong-value",
            value.span,
            "the values of a matrix are numbers, words, texts, `#true` or `#false`",
            "not a value",
            "",
        );
    }

    fn rows(&mut self, children: &[&RawNode]) -> Vec<Row> {
        let mut rows: Vec<(Row, &RawNode)> = Vec::new();
        for child in children {
            let Some(row) = self.row(child) else { continue };
            if let Some((_, first)) = rows.iter().find(|(other, _)| other.name == row.name) {
                let diagnostic = Diagnostic::new(
                    self.sources,
                    "doubled-case",
                    child.head,
                    format!("two cases are called \"{}\"", row.name),
                    "again here",
                )
                .also(first.head, "first here");
                self.mistakes.push(diagnostic);
                continue;
            }
            if let Some((first, place)) = rows.first() {
                self.same_parameters(first, place.head, &row, child);
            }
            rows.push((row, child));
        }
        rows.into_iter().map(|(row, _)| row).collect()
    }

    /// Every row names the parameters of the first one.
    fn same_parameters(&mut self, first: &Row, place: SourceSpan, row: &Row, node: &RawNode) {
        let has = |row: &Row, name: &str| row.values.iter().any(|(known, _)| known == name);
        let missing = first.values.iter().find(|(name, _)| !has(row, name));
        let extra = row.values.iter().find(|(name, _)| !has(first, name));
        let message = match (missing, extra) {
            (Some((name, _)), _) => format!("this row names no `{name}`"),
            (None, Some((name, _))) => format!("the first row names no `{name}`"),
            (None, None) => return,
        };
        let diagnostic =
            Diagnostic::new(self.sources, "uneven-rows", node.head, message, "this row")
                .also(place, "the first row")
                .help("every row names the same parameters");
        self.mistakes.push(diagnostic);
    }

    fn row(&mut self, node: &RawNode) -> Option<Row> {
        let mut name = None;
        let mut values: Vec<(String, RawValue)> = Vec::new();
        for entry in &node.entries {
            let Some(key) = &entry.key else {
                match (&entry.value.datum, &name) {
                    (Datum::Text(text), None) => name = Some(text.clone()),
                    _ => self.wrong(
                        "unexpected-word",
                        entry.value.span,
                        "a row has one name and then `parameter=value`",
                        "unexpected",
                        "",
                    ),
                }
                continue;
            };
            if values.iter().any(|(known, _)| *known == key.text) {
                self.wrong(
                    "doubled-property",
                    entry.span,
                    &format!("`{}` stands twice on this line", key.text),
                    "again here",
                    "remove one",
                );
                continue;
            }
            if !is_name(&key.text) {
                self.wrong(
                    "bad-name",
                    key.span,
                    &format!("`{}` cannot name a parameter", key.text),
                    "not a name",
                    "",
                );
                continue;
            }
            if matches!(entry.value.datum, Datum::Reference(_) | Datum::Other) {
                self.bad_value(&entry.value);
                continue;
            }
            values.push((key.text.clone(), entry.value.clone()));
        }
        let Some(name) = name else {
            self.wrong(
                "incomplete-line",
                node.head,
                "a row needs a name",
                "no name",
                "it reads `case \"what is special\" x=1 y=2`",
            );
            return None;
        };
        Some(Row { name, values })
    }
}

/// A list whose parameter another list, or the rows, have already.
fn doubled<'n>(matrix: &Matrix, lists: &[&'n RawNode]) -> Option<&'n RawNode> {
    let in_rows = |name: &str| match matrix {
        Matrix::Rows(rows, _) => rows
            .iter()
            .any(|row| row.values.iter().any(|(known, _)| known == name)),
        _ => false,
    };
    let again = |place: usize, list: &RawNode| {
        let name = &list.name.text;
        in_rows(name) || lists[..place].iter().any(|other| other.name.text == *name)
    };
    let mut places = lists.iter().enumerate();
    places.find_map(|(place, list)| again(place, list).then_some(*list))
}
