//! `matrix`: the parameters of a family, as a product of lists and ranges or as named rows. Cases are worked out one by one.

use super::build::is_name;
use super::build::range_text;
use super::diagnostic::{Diagnostic, Mistakes};
use super::model::CaseName;
use super::parameters::{Environment, Resolved};
use super::source::{SourceSpan, Sources};
use super::text::{Datum, RawEntry, RawNode, RawValue};

/// Cases of one file.
pub const MAXIMUM_CASES: u64 = 20_000;

/// The parameters of a family.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub enum Matrix {
    /// One case without parameters.
    #[default]
    None,
    /// Every value of every axis with every value of the others.
    Product(Vec<Axis>),
    /// Named rows, each with a value for every parameter.
    Rows(Vec<Row>),
}

/// A parameter of a product.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Axis {
    /// Its name.
    pub name: String,
    items: Vec<Item>,
}

#[derive(Clone, Debug, Eq, PartialEq)]
enum Item {
    One(RawValue),
    Range(u64, u64, SourceSpan),
}

/// A named row.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Row {
    /// Its name.
    pub name: String,
    values: Vec<(String, RawValue)>,
}

impl Item {
    fn count(&self) -> u64 {
        match self {
            Item::One(_) => 1,
            Item::Range(first, last, _) => (last - first).saturating_add(1),
        }
    }
}

impl Matrix {
    /// How many cases there are; without a matrix one.
    pub fn count(&self) -> u64 {
        match self {
            Matrix::None => 1,
            Matrix::Product(axes) => axes.iter().fold(1_u64, |product, axis| {
                let values = axis.items.iter().map(Item::count);
                product.saturating_mul(values.fold(0_u64, u64::saturating_add))
            }),
            Matrix::Rows(rows) => rows.len() as u64,
        }
    }

    /// The names of the parameters, in the order of the text.
    pub fn parameters(&self) -> Vec<&str> {
        match self {
            Matrix::None => Vec::new(),
            Matrix::Product(axes) => axes.iter().map(|axis| axis.name.as_str()).collect(),
            Matrix::Rows(rows) => rows.first().map_or(Vec::new(), |row| {
                row.values.iter().map(|(name, _)| name.as_str()).collect()
            }),
        }
    }

    /// Name and parameters of a case; `None` beyond the last. The last axis of a product changes fastest.
    pub fn case(&self, index: u64) -> Option<(Option<CaseName>, Environment)> {
        if index >= self.count() {
            return None;
        }
        let mut environment = Environment::new(0);
        let (text, named, values) = match self {
            Matrix::None => return Some((None, environment)),
            Matrix::Product(axes) => {
                let values = product_values(axes, index);
                let text: Vec<String> = values
                    .iter()
                    .map(|(name, value)| format!("{name}={}", value.written))
                    .collect();
                (text.join(" "), false, values)
            }
            Matrix::Rows(rows) => {
                let row = rows.get(usize::try_from(index).ok()?)?;
                (row.name.clone(), true, row.values.clone())
            }
        };
        for (name, value) in &values {
            let resolved: Resolved = environment.resolve(value);
            environment.push(name, resolved);
        }
        let case = CaseName {
            index,
            text,
            named,
            values: values
                .into_iter()
                .map(|(name, value)| (name, value.written))
                .collect(),
        };
        Some((Some(case), environment))
    }

    /// The matrix of a `matrix` block.
    pub fn read(node: &RawNode, sources: &Sources, mistakes: &mut Mistakes) -> Matrix {
        let mut reader = Reader { sources, mistakes };
        reader.read(node)
    }
}

fn product_values(axes: &[Axis], index: u64) -> Vec<(String, RawValue)> {
    let mut rest = index;
    let mut values: Vec<(String, RawValue)> = Vec::new();
    for axis in axes.iter().rev() {
        let count = axis
            .items
            .iter()
            .map(Item::count)
            .fold(0_u64, u64::saturating_add)
            .max(1);
        values.push((axis.name.clone(), axis_value(axis, rest % count)));
        rest /= count;
    }
    values.reverse();
    values
}

fn axis_value(axis: &Axis, mut place: u64) -> RawValue {
    for item in &axis.items {
        if place >= item.count() {
            place -= item.count();
            continue;
        }
        return match item {
            Item::One(value) => value.clone(),
            Item::Range(first, _, span) => RawValue {
                datum: Datum::Number(i128::from(first + place)),
                written: (first + place).to_string(),
                span: *span,
            },
        };
    }
    RawValue {
        datum: Datum::Other,
        written: String::new(),
        span: SourceSpan::default(),
    }
}

struct Reader<'a> {
    sources: &'a Sources,
    mistakes: &'a mut Mistakes,
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

    fn read(&mut self, node: &RawNode) -> Matrix {
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
        let rows = children
            .iter()
            .filter(|child| child.name.text == "case")
            .count();
        if rows > 0 && rows < children.len() {
            let odd = children.iter().find(|child| child.name.text != "case");
            self.wrong(
                "mixed-matrix",
                odd.map_or(node.head, |child| child.head),
                "a matrix holds either rows or lists",
                "not a `case`",
                "give every row a value for this parameter instead",
            );
            return Matrix::None;
        }
        let matrix = if rows > 0 {
            self.rows(&children)
        } else {
            Matrix::Product(
                children
                    .iter()
                    .filter_map(|child| self.axis(child))
                    .collect(),
            )
        };
        if let Matrix::Product(axes) = &matrix {
            for (number, axis) in axes.iter().enumerate() {
                if axes[..number].iter().any(|other| other.name == axis.name) {
                    let again = children
                        .iter()
                        .filter(|child| child.name.text == axis.name)
                        .nth(1);
                    self.wrong(
                        "doubled-parameter",
                        again.map_or(node.head, |child| child.head),
                        &format!("the parameter `{}` stands twice", axis.name),
                        "again here",
                        "write all its values on one line",
                    );
                    return Matrix::None;
                }
            }
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

    fn rows(&mut self, children: &[&RawNode]) -> Matrix {
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
        Matrix::Rows(rows.into_iter().map(|(row, _)| row).collect())
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
