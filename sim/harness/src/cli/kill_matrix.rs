//! `pptp-sim deviations --kill-matrix`: whether the suite catches every deviation in each of its roles.

use std::ops::ControlFlow;

use pptp_proto::{DEVIATIONS, Deviation, FoundBy};
use serde_json::{Value, json};

use super::args::{DeviationsArgs, ListFormat};
use super::progress::Progress;
use super::subject::unknown;
use super::terminal::{Terminal, bold};
use crate::scenario::render_all;
use crate::suite::{
    MatrixOptions, MatrixRow, Plan, Status, SuiteOptions, find, kill_matrix, killers, tried,
};

/// Plays the matrix. A bug that survives is a failure, and so is a canary that does not.
pub fn matrix(arguments: &DeviationsArgs, terminal: &mut Terminal) -> Status {
    let (plan, deviations) = match prepare(arguments) {
        Ok(prepared) => prepared,
        Err(problem) => {
            terminal.complain(&problem);
            return Status::Usage;
        }
    };
    let killers = match killers() {
        Ok(killers) => killers,
        Err(error) => {
            terminal.complain(&format!("{}: {error}", killers::PATH));
            return Status::Internal;
        }
    };
    let options = MatrixOptions {
        full: arguments.full,
        names: arguments.names.clone(),
        jobs: jobs(arguments),
    };
    let families: Vec<_> = plan
        .families
        .into_iter()
        .map(|(family, _)| family)
        .collect();
    let pairs = deviations
        .iter()
        .map(|deviation| deviation.roles.len())
        .sum();
    let progress = Progress::new(pairs, terminal.shows_progress);
    let rows = kill_matrix(&families, &killers, &deviations, &options, &mut |row| {
        progress.advance(row.deviation.name);
        progress.around(|| {
            terminal.say(&match arguments.format {
                ListFormat::Human => row_text(row, terminal.colour),
                ListFormat::Json => format!("{}\n", row_json(row)),
            })
        })
    });
    progress.finish();
    let text = match arguments.format {
        ListFormat::Human => summary_text(&rows),
        ListFormat::Json => format!("{}\n", summary_json(&rows)),
    };
    let whole = rows.len() == pairs;
    if !whole || terminal.say(&text) == ControlFlow::Break(()) {
        return Status::Success;
    }
    match rows.iter().all(MatrixRow::as_expected) {
        true => Status::Success,
        false => Status::Failure,
    }
}

/// The scenarios and the deviations to be tried.
///
/// # Errors
/// What is wrong with the command, in a sentence.
fn prepare(arguments: &DeviationsArgs) -> Result<(Plan, Vec<&'static Deviation>), String> {
    let deviations = tried(&arguments.names).map_err(|name| {
        let known = DEVIATIONS.iter().map(|deviation| deviation.name);
        unknown("deviation", &name, known)
    })?;
    let found = find(&[]).map_err(|error| error.to_string())?;
    let options = SuiteOptions {
        jobs: jobs(arguments),
        ..SuiteOptions::default()
    };
    let plan = Plan::read(&found, &options);
    match plan.mistakes.first() {
        Some((_, mistakes)) => Err(render_all(mistakes, false)),
        None => Ok((plan, deviations)),
    }
}

fn jobs(arguments: &DeviationsArgs) -> usize {
    arguments.jobs.map_or_else(
        || std::thread::available_parallelism().map_or(1, usize::from),
        usize::from,
    )
}

fn row_text(row: &MatrixRow, colour: bool) -> String {
    let name = bold(row.deviation.name, colour);
    let role = row.role.name();
    let fate = if row.survived() { "SURVIVED" } else { "killed" };
    let mut text = format!("{fate:<8}  {name} ({role})");
    if row.survived() && row.as_expected() {
        text.push_str(match row.deviation.found_by {
            FoundBy::Sweep => ", as it must: sweeps find it",
            _ => ", as it must: nothing can catch it",
        });
    } else if row.survived() {
        text.push_str(&format!(" {} runs", row.runs));
        let missed: Vec<&str> = row.missed_instead.iter().map(|one| one.id()).collect();
        if !missed.is_empty() {
            text.push_str(&format!("; missed instead: {}", missed.join(" ")));
        }
    }
    text.push('\n');
    for kill in &row.kills {
        text.push_str(&format!("    {}  {}\n", kill.requirement, kill.replay));
    }
    text
}

fn row_json(row: &MatrixRow) -> Value {
    let kills: Vec<Value> = row
        .kills
        .iter()
        .map(|kill| {
            json!({
                "scenario": kill.scenario,
                "case": kill.case,
                "node": kill.node,
                "requirement": kill.requirement.id(),
                "replay": kill.replay,
            })
        })
        .collect();
    let missed: Vec<&str> = row.missed_instead.iter().map(|one| one.id()).collect();
    json!({
        "name": row.deviation.name,
        "role": row.role.name(),
        "found-by": row.deviation.found_by.name(),
        "fate": if row.survived() { "survived" } else { "killed" },
        "expected": row.as_expected(),
        "kills": kills,
        "missed-instead": missed,
        "runs": row.runs,
    })
}

/// How many were killed, survived, and survived as they must.
fn counts(rows: &[MatrixRow]) -> [usize; 4] {
    let count = |is: &dyn Fn(&MatrixRow) -> bool| rows.iter().filter(|row| is(row)).count();
    [
        count(&|row| !row.survived() && row.as_expected()),
        count(&|row| row.survived() && !row.as_expected()),
        count(&|row| row.survived() && row.as_expected()),
        count(&|row| !row.survived() && !row.as_expected()),
    ]
}

fn summary_text(rows: &[MatrixRow]) -> String {
    let [killed, survived, canaries, dead] = counts(rows);
    let runs: u64 = rows.iter().map(|row| row.runs).sum();
    let mut text =
        format!("{killed} killed, {survived} survived, {canaries} canaries alive in {runs} runs\n");
    if dead > 0 {
        text.push_str(&format!(
            "{dead} canaries were killed: the matrix accuses an endpoint that does nothing wrong\n"
        ));
    }
    text
}

fn summary_json(rows: &[MatrixRow]) -> Value {
    let [killed, survived, canaries, dead] = counts(rows);
    let runs: u64 = rows.iter().map(|row| row.runs).sum();
    json!({"summary": {
        "killed": killed,
        "survived": survived,
        "canaries-alive": canaries,
        "canaries-killed": dead,
        "runs": runs,
    }})
}
