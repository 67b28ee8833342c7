//! Adding up the results of shards.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::error::SweepError;
use super::header::Header;
use super::reading::{files_below, header_of, read};
use super::seeds::SeedRange;
use super::sum::UnitSum;
use super::tally::Tally;

/// The sum of several result files.
#[derive(Clone, Debug)]
pub struct Merged {
    /// The seeds of the sweep.
    pub seeds: SeedRange,
    /// The number of units.
    pub units: u64,
    /// The number of files.
    pub files: u64,
    /// The sum.
    pub tally: Tally,
}

/// A file that was read: its header, where it is.
type Part = (Header, PathBuf);

/// Adds up all result files below these folders. They must hold one whole sweep, each seed of each unit once.
///
/// # Errors
/// Everything that keeps them from being that: damaged and unfinished files, results of another version or sweep, gaps, overlaps, units
/// that are missing. A folder without a result file.
pub fn merge(folders: &[PathBuf]) -> Result<Merged, Vec<SweepError>> {
    let mut problems = Vec::new();
    let mut parts: Vec<Part> = Vec::new();
    let mut sums: BTreeMap<u64, (Header, UnitSum)> = BTreeMap::new();
    for (header, path) in in_order_of_seeds(folders, &mut problems) {
        let (_, sum) = sums
            .entry(header.unit.0)
            .or_insert_with(|| (header.clone(), UnitSum::new(&header)));
        match read(&path, &mut |line| sum.follow(line)) {
            Ok(contents) if contents.complete => {
                sum.tally.merge(&contents.tally);
                parts.push((contents.header, path));
            }
            Ok(contents) => {
                let (next, part) = (contents.next, contents.header.part);
                let problem = format!(
                    "this is not finished: {next}..{} of {part} is missing",
                    part.to()
                );
                problems.push(SweepError::new(&path, problem));
            }
            Err(error) => problems.push(error),
        }
    }
    check(&parts, &mut problems);
    let mut tally = Tally::default();
    for (header, sum) in sums.values() {
        sum.add_to(&mut tally, header, true);
    }
    match parts.first() {
        Some((header, _)) if problems.is_empty() => Ok(Merged {
            seeds: header.seeds,
            units: header.unit.1,
            files: parts.len() as u64,
            tally,
        }),
        _ => Err(problems),
    }
}

/// The result files, by unit and seeds: so a stated rate is decided as by one process.
fn in_order_of_seeds(folders: &[PathBuf], problems: &mut Vec<SweepError>) -> Vec<Part> {
    let mut parts = Vec::new();
    for path in result_files(folders, problems) {
        match header_of(&path) {
            Ok(header) => parts.push((header, path)),
            Err(error) => problems.push(error),
        }
    }
    parts.sort_by_key(|(header, _)| (header.unit, header.part));
    parts
}

fn result_files(folders: &[PathBuf], problems: &mut Vec<SweepError>) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for folder in folders {
        for ending in [".jsonl", ".jsonl.part"] {
            match files_below(folder, ending) {
                Ok(found) => files.extend(found),
                Err(error) => {
                    problems.push(error);
                    break;
                }
            }
        }
    }
    files.sort();
    // A folder may be named twice, or stand within another.
    files.dedup();
    if files.is_empty() && problems.is_empty() {
        let path = folders.first().map_or(Path::new("."), PathBuf::as_path);
        problems.push(SweepError::new(
            path,
            "there is no result file below it: NAME.FROM-TO.jsonl",
        ));
    }
    files
}

/// Whether the parts are one sweep, whole.
fn check(parts: &[Part], problems: &mut Vec<SweepError>) {
    let Some((first, first_path)) = parts.first() else {
        return;
    };
    let mut by_unit: BTreeMap<u64, Vec<&Part>> = BTreeMap::new();
    for part in parts.iter() {
        let unit = by_unit.entry(part.0.unit.0).or_default();
        let (known, known_path) = unit
            .first()
            .map_or((first, first_path), |known| (&known.0, &known.1));
        match conflict(&part.0, known, !unit.is_empty()) {
            None => unit.push(part),
            Some(conflict) => {
                let problem = format!("{conflict}: {}", known_path.display());
                problems.push(SweepError::at(&part.1, 1, problem));
            }
        }
    }
    let is_clean = problems.is_empty();
    for number in 1..=first.unit.1 {
        match by_unit.get(&number) {
            Some(unit) => check_unit(unit, problems),
            // What could not be read may be what is missing.
            None if is_clean => problems.push(SweepError::new(
                first_path,
                format!(
                    "of the {} units of its sweep, number {number} is nowhere",
                    first.unit.1
                ),
            )),
            None => {}
        }
    }
}

/// What keeps two headers from belonging to one sweep.
fn conflict(one: &Header, other: &Header, same_unit: bool) -> Option<String> {
    let same_name = one.scenario == other.scenario && one.case == other.case;
    if same_unit {
        return one
            .conflict(other)
            .or_else(|| (!same_name).then(|| "this is another scenario".to_owned()));
    }
    // Other units have other scenarios.
    let mut alike = other.clone();
    alike.scenario_digest.clone_from(&one.scenario_digest);
    one.conflict(&alike)
}

/// Gaps and overlaps of one unit, whose parts come in order.
fn check_unit(parts: &[&Part], problems: &mut Vec<SweepError>) {
    let Some((header, path)) = parts.first() else {
        return;
    };
    let mut next = header.seeds.from();
    let mut before = path;
    for (header, path) in parts {
        let part = header.part;
        if part.from() > next {
            let gap = format!("the seeds {next}..{} before these are missing", part.from());
            problems.push(SweepError::new(path, gap));
        } else if part.from() < next {
            let to = next.min(part.to());
            let overlap = format!(
                "the seeds {}..{to} are also in {}",
                part.from(),
                before.display()
            );
            problems.push(SweepError::new(path, overlap));
        }
        if part.to() > next {
            next = part.to();
            before = path;
        }
    }
    if next < header.seeds.to() {
        let gap = format!(
            "the seeds {next}..{} behind these are missing",
            header.seeds.to()
        );
        problems.push(SweepError::new(before, gap));
    }
}
