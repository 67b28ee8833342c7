//! Which scenario catches which deviation: `scenarios/deviations.kdl`, built in, proved row by row by a test.

use pptp_proto::Deviation;
use pptp_wire::Requirement;

use super::built_in::built_in_text;
use crate::kdl_table::{TableError, document, expect_name, line_of, text_of};
use crate::register::requirement;

/// One row: with the deviation switched on at that node, the scenario misses the requirement.
#[derive(Clone, Debug)]
pub struct Killer {
    /// The deviation.
    pub deviation: &'static Deviation,
    /// The node that has it.
    pub node: String,
    /// The name of the scenario: `outgoing/outgoing-call`.
    pub scenario: String,
    /// The requirement that the report names.
    pub requirement: Requirement,
    /// The row's line in the table, from 1.
    pub line: usize,
}

/// The path of the table among the built-in files.
pub const PATH: &str = "scenarios/deviations.kdl";

/// The table that is built in.
///
/// # Errors
/// The first mistake in it; none in a build that passes its tests.
pub fn killers() -> Result<Vec<Killer>, TableError> {
    read(built_in_text(PATH))
}

/// Reads a table.
///
/// # Errors
/// The first mistake: no KDL, an unknown deviation or requirement, something missing, a row that stands twice.
pub fn read(text: &str) -> Result<Vec<Killer>, TableError> {
    let mut killers: Vec<Killer> = Vec::new();
    for node in document(text)?.nodes() {
        let line = line_of(text, node);
        let killer = row(node, line).map_err(|problem| TableError { line, problem })?;
        let doubled = killers.iter().any(|known| {
            known.deviation.id == killer.deviation.id
                && known.node == killer.node
                && known.scenario == killer.scenario
        });
        if doubled {
            let problem = "this row stands here a second time".to_owned();
            return Err(TableError { line, problem });
        }
        killers.push(killer);
    }
    Ok(killers)
}

fn row(node: &kdl::KdlNode, line: usize) -> Result<Killer, String> {
    expect_name(node, "deviation")?;
    let name = text_of(node, 0).ok_or("a row begins with the name of a deviation in quotes")?;
    let deviation =
        Deviation::by_name(name).ok_or_else(|| format!("there is no deviation `{name}`"))?;
    let property = |key: &str| match text_of(node, key) {
        Some(text) => Ok(text.to_owned()),
        None => Err(format!("{name} has no {key}")),
    };
    Ok(Killer {
        deviation,
        node: property("node")?,
        scenario: property("scenario")?,
        requirement: requirement(&property("requirement")?)?,
        line,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROW: &str =
        "deviation \"ack-ahead\" node=pac scenario=\"data/x\" requirement=\"ACK-001\"\n";

    #[test]
    fn the_table_that_is_built_in_is_sound() {
        assert!(!killers().expect("no mistakes").is_empty());
    }

    #[test]
    fn a_row_is_read_and_mistakes_name_their_line() {
        let rows = read(&format!("// About.\n{ROW}")).expect("a good table");
        assert_eq!(rows[0].deviation.name, "ack-ahead");
        assert_eq!(
            (rows[0].line, rows[0].requirement),
            (2, Requirement::Ack001)
        );
        let problem = |text: &str| read(text).expect_err("a mistake").to_string();
        assert_eq!(
            problem(&format!("{ROW}{ROW}")),
            "line 2: this row stands here a second time"
        );
        assert_eq!(
            problem(&ROW.replace("ack-ahead", "ack-behind")),
            "line 1: there is no deviation `ack-behind`"
        );
        assert_eq!(
            problem(&ROW.replace("ACK-001", "ACK-999")),
            "line 1: ACK-999 is no requirement that this build knows"
        );
        assert_eq!(
            problem(&ROW.replace("node", "name")),
            "line 1: ack-ahead has no node"
        );
        assert!(problem("deviation \"").starts_with("line 1: this is not KDL"));
    }
}
