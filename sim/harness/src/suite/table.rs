//! The table of a family: a row a case, neighbouring rows that differ in one matrix value alone joined into one.

use super::family::{CaseRun, Family, Outcome};
use crate::run::grade_text;
use crate::transcript::quoted;

/// The version of the table format, named in the first line of every table.
pub const TABLE_VERSION: u32 = 1;

/// One row before it is printed.
struct Row {
    /// The values of the matrix parameters, or the name of the case alone.
    values: Vec<Joined>,
    /// Everything else.
    cells: Vec<String>,
    /// A case with a name of its own is joined with no other.
    named: bool,
}

/// Neighbouring values of one parameter.
struct Joined(Vec<Piece>);

enum Piece {
    Range(u64, u64),
    Word(String),
}

impl Joined {
    fn of(value: &str) -> Joined {
        Joined(vec![match value.parse::<u64>() {
            Ok(number) if number.to_string() == value => Piece::Range(number, number),
            _ => Piece::Word(value.to_owned()),
        }])
    }

    fn add(&mut self, other: Joined) {
        for piece in other.0 {
            match (self.0.last_mut(), piece) {
                (Some(Piece::Range(_, last)), Piece::Range(first, end))
                    if last.checked_add(1) == Some(first) =>
                {
                    *last = end;
                }
                (_, piece) => self.0.push(piece),
            }
        }
    }

    fn text(&self) -> String {
        let pieces: Vec<String> = self
            .0
            .iter()
            .map(|piece| match piece {
                Piece::Range(first, last) if first == last => first.to_string(),
                Piece::Range(first, last) => format!("{first}..{last}"),
                Piece::Word(word) => word.clone(),
            })
            .collect();
        pieces.join("|")
    }
}

/// The table of the cases that were run; `seed` is that of the first.
pub fn table(family: &Family, cases: &[CaseRun]) -> String {
    let named = cases
        .iter()
        .any(|run| run.case.as_ref().is_some_and(|case| case.named));
    let mut heads: Vec<String> = if named {
        vec!["case".to_owned()]
    } else {
        family
            .file
            .parameters()
            .into_iter()
            .map(str::to_owned)
            .collect()
    };
    let parameters = heads.len();
    heads.extend(["behaviour", "ending", "time", "control", "gre"].map(str::to_owned));
    let branches = cases.iter().any(|run| {
        run.report()
            .is_some_and(|report| !report.branches.is_empty())
    });
    let misses = cases.iter().any(|run| !missed(run).is_empty());
    heads.extend(branches.then(|| "branches".to_owned()));
    heads.extend(misses.then(|| "misses".to_owned()));
    let rows = join(
        cases
            .iter()
            .map(|run| row(run, named, branches, misses))
            .collect(),
    );
    let (seed, world) = cases
        .first()
        .map_or((0, ""), |run| (run.seed, run.world.name()));
    format!(
        "// pptp-sim table {TABLE_VERSION}\n// scenario {}\n// seed={seed} world={world}\n{}",
        quoted(&family.file.title),
        render(&heads, parameters, &rows)
    )
}

fn row(run: &CaseRun, named: bool, branches: bool, misses: bool) -> Row {
    let case = run.case.as_ref();
    let values = match case {
        Some(case) if named => vec![Joined(vec![Piece::Word(case.text.clone())])],
        Some(case) => case
            .values
            .iter()
            .map(|(_, value)| Joined::of(value))
            .collect(),
        None => Vec::new(),
    };
    let mut cells = match &run.outcome {
        Outcome::Played(played) => {
            let report = &played.report;
            vec![
                grade_text(report.behaviour).to_owned(),
                grade_text(report.ending).to_owned(),
                report.virtual_time.to_string(),
                report.control_messages.to_string(),
                report.gre_packets.to_string(),
            ]
        }
        Outcome::Skipped(_) => ["skipped", "", "", "", ""].map(str::to_owned).to_vec(),
        Outcome::Refused(_) | Outcome::Crashed(_) => {
            ["error", "error", "", "", ""].map(str::to_owned).to_vec()
        }
    };
    if branches {
        let taken: Vec<String> = run
            .report()
            .map(|report| report.branches.iter().map(ToString::to_string).collect())
            .unwrap_or_default();
        cells.push(taken.join(" "));
    }
    if misses {
        cells.push(missed(run));
    }
    Row {
        values,
        cells,
        named,
    }
}

/// The requirements that a case missed, with the grades that are not failures.
fn missed(run: &CaseRun) -> String {
    let Outcome::Played(played) = &run.outcome else {
        return String::new();
    };
    let missed: Vec<String> = played
        .verdicts
        .iter()
        .filter(|(_, grade)| **grade > pptp_rules::Grade::Pass)
        .map(|(requirement, grade)| format!("{requirement}={}", grade_text(*grade)))
        .collect();
    missed.join(" ")
}

fn join(rows: Vec<Row>) -> Vec<Row> {
    let mut joined: Vec<Row> = Vec::new();
    for row in rows {
        if let Some(last) = joined.last_mut()
            && !row.named
            && last.cells == row.cells
            && let Some(place) = only_difference(&last.values, &row.values)
        {
            let mut values = row.values;
            last.values[place].add(values.swap_remove(place));
            continue;
        }
        joined.push(row);
    }
    joined
}

/// The one place in which two rows differ.
fn only_difference(one: &[Joined], other: &[Joined]) -> Option<usize> {
    let mut different = (0..one.len()).filter(|place| one[*place].text() != other[*place].text());
    match (different.next(), different.next()) {
        (Some(place), None) => Some(place),
        _ => None,
    }
}

fn render(heads: &[String], parameters: usize, rows: &[Row]) -> String {
    let mut grid: Vec<Vec<String>> = vec![heads.to_vec()];
    for row in rows {
        let mut line: Vec<String> = row.values.iter().map(Joined::text).collect();
        if let Some(first) = line.first_mut() {
            first.insert_str(0, "  ");
        }
        line.extend(row.cells.iter().cloned());
        grid.push(line);
    }
    let widths: Vec<usize> = (0..heads.len())
        .map(|column| {
            let cells = grid.iter().filter_map(|line| line.get(column));
            cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
        })
        .collect();
    // After the verdicts and the time: the two counts stand at the right of their columns.
    let counts = parameters + 3..parameters + 5;
    let mut text = String::new();
    for line in grid {
        let mut shown = String::from("//");
        for (column, cell) in line.iter().enumerate() {
            let width = widths[column];
            shown.push_str(if column == 0 { " " } else { "  " });
            if counts.contains(&column) {
                shown.push_str(&format!("{cell:>width$}"));
            } else {
                shown.push_str(&format!("{cell:<width$}"));
            }
        }
        text.push_str(shown.trim_end());
        text.push('\n');
    }
    text
}

/// What is shown of a family: the transcript of a scenario without a matrix; else the table and the transcripts that were kept.
pub fn family_text(family: &Family, cases: &[CaseRun]) -> String {
    let transcripts: Vec<&str> = cases
        .iter()
        .filter_map(|run| run.report())
        .map(|report| report.transcript.as_str())
        .filter(|transcript| !transcript.is_empty())
        .collect();
    let is_matrix = cases.iter().any(|run| run.case.is_some());
    if !is_matrix || (cases.len() == 1 && !transcripts.is_empty()) {
        return transcripts.concat();
    }
    let mut text = table(family, cases);
    for transcript in transcripts {
        text.push('\n');
        text.push_str(transcript);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(values: &[&str], cell: &str) -> Row {
        Row {
            values: values.iter().map(|value| Joined::of(value)).collect(),
            cells: [cell, "pass", "0.075000", "6", "0"]
                .map(str::to_owned)
                .to_vec(),
            named: false,
        }
    }

    fn heads(parameters: &[&str]) -> Vec<String> {
        let fixed = ["behaviour", "ending", "time", "control", "gre"];
        let all = parameters.iter().chain(&fixed);
        all.map(|head| (*head).to_owned()).collect()
    }

    #[test]
    fn neighbours_that_differ_in_one_value_are_joined() {
        let rows: Vec<Row> = (1..=167)
            .map(|cut| row(&[&cut.to_string()], if cut == 90 { "fail" } else { "pass" }))
            .collect();
        assert_eq!(
            render(&heads(&["cut"]), 1, &join(rows)),
            "// cut        behaviour  ending  time      control  gre\n\
             //   1..89    pass       pass    0.075000        6    0\n\
             //   90       fail       pass    0.075000        6    0\n\
             //   91..167  pass       pass    0.075000        6    0\n"
        );
    }

    #[test]
    fn a_product_is_joined_along_one_parameter_at_a_time() {
        let mut rows = Vec::new();
        for role in ["pns", "pac"] {
            for size in ["1", "64", "65", "1500"] {
                rows.push(row(&[role, size], "pass"));
            }
        }
        assert_eq!(
            render(&heads(&["role", "size"]), 2, &join(rows)),
            "// role   size           behaviour  ending  time      control  gre\n\
             //   pns  1|64..65|1500  pass       pass    0.075000        6    0\n\
             //   pac  1|64..65|1500  pass       pass    0.075000        6    0\n"
        );
    }

    #[test]
    fn words_and_leading_zeros_stay_as_they_are_written() {
        let mut joined = Joined::of("007");
        joined.add(Joined::of("8"));
        joined.add(Joined::of("18446744073709551615"));
        joined.add(Joined::of("0"));
        assert_eq!(joined.text(), "007|8|18446744073709551615|0");
    }
}
