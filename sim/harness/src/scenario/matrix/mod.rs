//! `matrix`: the parameters of a family, as a product of lists and ranges, as named rows, or as rows times
//! lists. Cases are worked out one by one.

mod read;

use super::diagnostic::Mistakes;
use super::model::CaseName;
use super::parameters::{Environment, Resolved};
use super::source::{SourceSpan, Sources};
use super::text::{Datum, RawNode, RawValue};
use read::Reader;

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
    /// Named rows, each with a value for every parameter; and every one of them with every value of the axes.
    Rows(Vec<Row>, Vec<Axis>),
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
            Matrix::Product(axes) => product_count(axes),
            Matrix::Rows(rows, axes) => (rows.len() as u64).saturating_mul(product_count(axes)),
        }
    }

    /// Whether the transcript of a case stands for others: it has a name of its own, or it is the middle one of a product, or of
    /// those of its row.
    pub fn shows(&self, index: u64) -> bool {
        let others = match self {
            Matrix::None => 1,
            Matrix::Product(axes) | Matrix::Rows(_, axes) => product_count(axes).max(1),
        };
        index % others == (others - 1) / 2
    }

    /// What tells the cases apart, in the order of the text: the parameters, and `case` for rows that are multiplied.
    pub fn parameters(&self) -> Vec<&str> {
        match self {
            Matrix::None => Vec::new(),
            Matrix::Product(axes) => axes.iter().map(|axis| axis.name.as_str()).collect(),
            Matrix::Rows(rows, axes) if axes.is_empty() => rows.first().map_or(Vec::new(), |row| {
                row.values.iter().map(|(name, _)| name.as_str()).collect()
            }),
            Matrix::Rows(_, axes) => {
                let axes = axes.iter().map(|axis| axis.name.as_str());
                std::iter::once("case").chain(axes).collect()
            }
        }
    }

    /// Name and parameters of a case; `None` beyond the last. The last axis of a product changes fastest.
    pub fn case(&self, index: u64) -> Option<(Option<CaseName>, Environment)> {
        if index >= self.count() {
            return None;
        }
        let mut environment = Environment::new(0);
        let (row, axes) = match self {
            Matrix::None => return Some((None, environment)),
            Matrix::Product(axes) => (None, axes),
            Matrix::Rows(rows, axes) => {
                let row = rows.get(usize::try_from(index / product_count(axes)).ok()?)?;
                (Some(row), axes)
            }
        };
        let product = product_values(axes, index % product_count(axes));
        for (name, value) in row.iter().flat_map(|row| &row.values).chain(&product) {
            let resolved: Resolved = environment.resolve(value);
            environment.push(name, resolved);
        }
        let words = |(name, value): &(String, RawValue)| format!("{name}={}", value.written);
        let text: Vec<String> = row
            .map(|row| row.name.clone())
            .into_iter()
            .chain(product.iter().map(words))
            .collect();
        let written = |(name, value): (String, RawValue)| (name, value.written);
        let case = CaseName {
            index,
            text: text.join(" "),
            named: row.is_some() && axes.is_empty(),
            values: match row {
                Some(row) if axes.is_empty() => row.values.iter().cloned().map(written).collect(),
                _ => row
                    .map(|row| ("case".to_owned(), row.name.clone()))
                    .into_iter()
                    .chain(product.into_iter().map(written))
                    .collect(),
            },
        };
        Some((Some(case), environment))
    }

    /// The matrix of a `matrix` block.
    pub fn read(node: &RawNode, sources: &Sources, mistakes: &mut Mistakes) -> Matrix {
        let mut reader = Reader { sources, mistakes };
        reader.read(node)
    }
}

fn product_count(axes: &[Axis]) -> u64 {
    axes.iter().fold(1_u64, |product, axis| {
        let values = axis.items.iter().map(Item::count);
        product.saturating_mul(values.fold(0_u64, u64::saturating_add))
    })
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
