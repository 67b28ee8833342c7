//! `matrix`: the parameters of a family, as a product of lists and ranges or as named rows. Cases are worked out one by one.

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
