//! Which sweep finds which planted bug: `scenarios/planted.kdl`, built in, proved row by row by a test.

use pptp_proto::{Deviation, FoundBy};

use super::built_in::built_in_text;
use crate::coverage::CoverageItem;
use crate::kdl_table::{TableError, document, expect_name, line_of, text_of};
use crate::sweep::ClassKind;

/// One row: with the deviation switched on at that node, the scenario fails with the seed, though not with its own.
#[derive(Clone, Debug)]
pub struct Planted {
    /// The deviation, one that sweeps find.
    pub deviation: &'static Deviation,
    /// The node that has it.
    pub node: String,
    /// The name of the scenario: `faults/late-acknowledgments`.
    pub scenario: String,
    /// The case of its matrix.
    pub case: Option<String>,
    /// The seed that brings the bug out.
    pub seed: u64,
    /// The kind of the failure's class.
    pub class: ClassKind,
    /// What a run has to come to for the deviation to change anything.
    pub needs: Vec<CoverageItem>,
    /// The name of the shrunk scenario.
    pub regression: Option<String>,
    /// The row's line in the table, from 1.
    pub line: usize,
}

/// The path of the table among the built-in files.
pub const PATH: &str = "scenarios/planted.kdl";

/// What the names of shrunk findings of planted bugs begin with.
pub const REGRESSIONS: &str = "regressions/planted/";

/// The table that is built in.
///
/// # Errors
/// The first mistake in it; none in a build that passes its tests.
pub fn planted() -> Result<Vec<Planted>, TableError> {
    read(built_in_text(PATH))
}

/// Reads a table.
///
/// # Errors
/// The first mistake: no KDL, a deviation that there is none of or that sweeps are not to find, something missing or unknown.
pub fn read(text: &str) -> Result<Vec<Planted>, TableError> {
    let mut rows = Vec::new();
    for node in document(text)?.nodes() {
        let line = line_of(text, node);
        rows.push(row(node, line).map_err(|problem| TableError { line, problem })?);
    }
    Ok(rows)
}

fn row(node: &kdl::KdlNode, line: usize) -> Result<Planted, String> {
    expect_name(node, "planted")?;
    let name = text_of(node, 0).ok_or("a row begins with the name of a deviation in quotes")?;
    let deviation = Deviation::by_name(name)
        .filter(|deviation| deviation.found_by == FoundBy::Sweep)
        .ok_or_else(|| format!("there is no deviation `{name}` that sweeps find"))?;
    let property = |key: &str| match text_of(node, key) {
        Some(text) => Ok(text.to_owned()),
        None => Err(format!("{name} has no {key}")),
    };
    let needs: Result<Vec<CoverageItem>, String> = property("needs")?
        .split(' ')
        .map(|word| {
            CoverageItem::by_name(word)
                .ok_or_else(|| format!("{name} needs `{word}`, which is nothing to be reached"))
        })
        .collect();
    Ok(Planted {
        deviation,
        node: property("node")?,
        scenario: property("scenario")?,
        case: property("case").ok(),
        seed: property("seed")?
            .parse()
            .map_err(|_| format!("{name} has a seed that is no number"))?,
        class: ClassKind::of(&property("class")?)
            .ok_or_else(|| format!("{name} has a class of no kind that there is"))?,
        needs: needs?,
        regression: property("regression").ok(),
        line,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROW: &str = "planted \"held-survives-call\" node=pac scenario=\"faults/x\" seed=\"7\" \
                       class=\"safety\" needs=\"call-ended-with-held T-PACO-06\"\n";

    #[test]
    fn the_table_that_is_built_in_is_sound() {
        let rows = planted().expect("no mistakes");
        let names = rows.iter().filter_map(|row| row.regression.as_deref());
        assert!(names.count() >= 8);
        let mut names = rows.iter().filter_map(|row| row.regression.as_deref());
        assert!(names.all(|name| name.starts_with(REGRESSIONS)));
    }

    #[test]
    fn a_row_is_read_and_mistakes_name_their_line() {
        let rows = read(&format!("// About.\n{ROW}")).expect("a good table");
        let row = &rows[0];
        assert_eq!((row.line, row.seed, row.needs.len()), (2, 7, 2));
        assert_eq!((row.class, &row.case), (ClassKind::Safety, &None));
        let problem = |from: &str, to: &str| {
            let text = ROW.replace(from, to);
            read(&text).expect_err("a mistake").to_string()
        };
        assert_eq!(
            problem("held-survives-call", "ack-ahead"),
            "line 1: there is no deviation `ack-ahead` that sweeps find"
        );
        assert_eq!(
            problem("node", "name"),
            "line 1: held-survives-call has no node"
        );
        assert_eq!(
            problem("\"7\"", "\"seven\""),
            "line 1: held-survives-call has a seed that is no number"
        );
        assert!(problem("safety", "weather").contains("a class of no kind"));
        assert!(problem("T-PACO-06", "rain").contains("needs `rain`"));
    }
}
