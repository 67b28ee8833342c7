//! `pptp-sim requirements`: the register and its coverage.

use std::collections::BTreeMap;
use std::fs;

use serde_json::{Value, json};

use super::args::{ListFormat, RequirementsArgs};
use super::terminal::{Terminal, bold};
use crate::register::{Kind, Row, read};
use crate::suite::{Standing, Status, standing, standings};
use pptp_wire::Requirement;

/// The longest register that is read, in octets.
const LONGEST: u64 = 4 << 20;

/// Prints the register, each row with what cites it.
pub fn requirements(arguments: &RequirementsArgs, terminal: &mut Terminal) -> Status {
    let own = match arguments.register.as_deref().map(read_file).transpose() {
        Ok(own) => own,
        Err(problems) => {
            for problem in problems {
                terminal.complain(&problem);
            }
            return Status::Usage;
        }
    };
    let rows: Vec<(Row, Standing)> = match own {
        None => standings()
            .into_iter()
            .map(|standing| (standing.row.clone(), standing))
            .collect(),
        Some(rows) => rows
            .into_values()
            .filter_map(|row| Some((row.clone(), standing(row.requirement)?)))
            .collect(),
    };
    let shown = rows
        .iter()
        .filter(|(_, standing)| !arguments.uncovered || standing.is_uncovered())
        .filter(|(row, _)| arguments.set.is_none_or(|set| row.set == set.set().name()));
    let mut tally = Tally::default();
    for (row, standing) in shown {
        tally.add(row, standing);
        let text = match arguments.format {
            ListFormat::Human => row_text(row, standing, terminal.colour),
            ListFormat::Json => format!("{}\n", row_json(row, standing)),
        };
        if terminal.say(&text).is_break() {
            return Status::Success;
        }
    }
    if arguments.format == ListFormat::Human {
        let _ = terminal.say(&tally.text(arguments.uncovered));
    }
    Status::Success
}

/// # Errors
/// Why there is nothing to be read, or every mistake with its line.
fn read_file(path: &str) -> Result<BTreeMap<Requirement, Row>, Vec<String>> {
    let cannot = |error: std::io::Error| vec![format!("cannot read the register {path}: {error}")];
    if fs::metadata(path).map_err(cannot)?.len() > LONGEST {
        return Err(vec![format!("the register {path} is too long")]);
    }
    let octets = fs::read(path).map_err(cannot)?;
    let text =
        String::from_utf8(octets).map_err(|_| vec![format!("the register {path} is no text")])?;
    read(&text).map_err(|mistakes| {
        let told = mistakes.iter();
        told.map(|mistake| format!("the register {path}, {mistake}"))
            .collect()
    })
}

/// Counts what is shown.
#[derive(Default)]
struct Tally {
    rows: usize,
    covered: usize,
    judged: usize,
    proved: usize,
    exceptions: usize,
}

impl Tally {
    fn add(&mut self, row: &Row, standing: &Standing) {
        self.rows += 1;
        self.covered += usize::from(!standing.is_uncovered());
        self.judged += usize::from(standing.validated || standing.rule.is_some());
        self.proved += usize::from(!standing.deviations.is_empty());
        self.exceptions += usize::from(!row.observable());
    }

    fn text(&self, uncovered: bool) -> String {
        let Tally {
            rows,
            covered,
            judged,
            proved,
            exceptions,
        } = self;
        if uncovered {
            let open = rows - exceptions;
            return format!(
                "{rows} without a scenario: {exceptions} that cannot be observed, {open} that could be\n"
            );
        }
        format!(
            "{rows} requirements: {covered} covered by scenarios, {judged} judged by rules or validation, {proved} broken by deviations, {exceptions} that cannot be observed\n"
        )
    }
}

/// `CDN-003  §2.13  PAC  error  rule  ruled  6 scenarios  3 deviations  sentence`.
fn row_text(row: &Row, standing: &Standing, colour: bool) -> String {
    let judged = match (standing.validated, standing.rule.is_some()) {
        (true, _) => "validated",
        (false, true) => "ruled",
        (false, false) => "-",
    };
    let mut text = format!(
        "{}  §{:<13}  {:<10}  {:<8}  {:<10}  {judged:<9}  {:>2} scenario{}  {:>2} deviation{}  {}\n",
        bold(&format!("{:<9}", row.requirement), colour),
        row.section,
        row.role,
        row.severity.name(),
        row.kind.word(),
        standing.scenarios.len(),
        if standing.scenarios.len() == 1 {
            " "
        } else {
            "s"
        },
        standing.deviations.len(),
        if standing.deviations.len() == 1 {
            " "
        } else {
            "s"
        },
        row.sentence,
    );
    if let Some(reason) = &row.exception {
        text.push_str(&format!("           exception: {reason}\n"));
    }
    text
}

fn row_json(row: &Row, standing: &Standing) -> Value {
    let deviations: Vec<&str> = standing
        .deviations
        .iter()
        .map(|deviation| deviation.name)
        .collect();
    json!({
        "id": row.requirement.id(),
        "section": row.section,
        "role": row.role,
        "level": row.level,
        "severity": row.severity.name(),
        "kind": row.kind.word(),
        "observable": row.kind != Kind::Exception,
        "validated": standing.validated,
        "ruled": standing.rule.is_some(),
        "scenarios": standing.scenarios,
        "deviations": deviations,
        "exception": row.exception,
        "modes": row.modes,
        "set": row.set,
        "sentence": row.sentence,
        "observed": row.observed,
        "decision": row.decision,
        "rule": standing.rule.map(|rule| rule.name),
    })
}
