//! Playing units over seeds, by several jobs, with results in the order of units and seeds.

use std::ops::{ControlFlow, Range};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};

use super::error::SweepError;
use super::line::ResultLine;
use super::seeds::SeedRange;
use super::sum::UnitSum;
use super::tally::Tally;
use super::unit::Unit;
use super::writing::{ResultFile, Stage, open};
use crate::suite::{SuiteOptions, in_order};

/// Seeds that one job plays before it hands on what they gave.
const BATCH: u64 = 32;

/// A sweep, or one shard of it.
#[derive(Clone, Debug)]
pub struct Campaign {
    /// What is played.
    pub units: Vec<Unit>,
    /// The seeds of this process: all, or those of its shard.
    pub part: SeedRange,
    /// The folder of the result files; without one, results are added up only.
    pub out: Option<PathBuf>,
    /// Go on with result files that are there.
    pub resume: bool,
    /// End at the first failure.
    pub until_failure: bool,
    /// End with a unit that states a rate as soon as that is decided.
    pub until_decided: bool,
}

/// Is shown how a sweep goes on.
pub trait Watch {
    /// So many seeds were there already.
    fn resumed(&mut self, seeds: u64);
    /// The next seed of a unit has been played; its coverage is what no seed of the unit before it came to. Breaking off loses nothing:
    /// the result files can be gone on with.
    fn seed(&mut self, unit: &Unit, line: &ResultLine) -> ControlFlow<()>;
}

/// A unit whose result is growing.
struct Growing {
    file: Option<ResultFile>,
    sum: UnitSum,
    next: u64,
    /// Nothing more of it is played, and what was played in advance does not count.
    is_settled: bool,
}

/// What is to be played, a batch at a time; it does not grow with the number of seeds.
struct Batches {
    /// For each unit: the number of its first batch, and the seeds that are missing.
    units: Vec<(usize, Range<u64>)>,
    count: usize,
}

impl Batches {
    fn of(missing: Vec<Range<u64>>) -> Batches {
        let mut count = 0_usize;
        let units = missing.into_iter().map(|seeds| {
            let first = count;
            let batches = seeds.end.saturating_sub(seeds.start).div_ceil(BATCH);
            count = count.saturating_add(usize::try_from(batches).unwrap_or(usize::MAX));
            (first, seeds)
        });
        Batches {
            units: units.collect(),
            count,
        }
    }

    /// The unit and the seeds of a batch that there is.
    fn at(&self, position: usize) -> (usize, Range<u64>) {
        let begun = self.units.partition_point(|(first, _)| *first <= position);
        // The last of those that begin there: the others have nothing missing.
        let unit = begun.saturating_sub(1);
        let (first, seeds) = &self.units[unit];
        let from = seeds.start + (position - first) as u64 * BATCH;
        (unit, from..from.saturating_add(BATCH).min(seeds.end))
    }
}

impl Campaign {
    /// Plays everything that is not there yet. Returns the sum over all units, whatever the number of jobs.
    ///
    /// # Errors
    /// What is wrong with a result file that is there, or cannot be written.
    pub fn play(&self, options: &SuiteOptions, watch: &mut dyn Watch) -> Result<Tally, SweepError> {
        let mut units = self.begin()?;
        watch.resumed(units.iter().map(|unit| unit.sum.tally.seeds).sum());
        let whole = self.is_whole();
        let failed_before = units.iter().any(|unit| unit.sum.has_failed(whole));
        // Workers ask: nothing depends on how soon they see it.
        let settled: Vec<AtomicBool> = units
            .iter()
            .map(|unit| AtomicBool::new(unit.is_settled))
            .collect();
        let batches = self.batches(&units);
        let mut trouble = None;
        if !(self.until_failure && failed_before) {
            in_order(
                options.jobs,
                batches.count,
                &|position| {
                    let (unit, seeds) = batches.at(position);
                    if settled[unit].load(Ordering::Relaxed) {
                        return Vec::new();
                    }
                    let unit = &self.units[unit];
                    seeds.map(|seed| unit.play(seed, options)).collect()
                },
                &mut |position, lines: Vec<ResultLine>| {
                    let (number, _) = batches.at(position);
                    match self.take(number, &mut units[number], lines, watch) {
                        Ok(flow) => {
                            settled[number].store(units[number].is_settled, Ordering::Relaxed);
                            flow
                        }
                        Err(error) => {
                            trouble = Some(error);
                            ControlFlow::Break(())
                        }
                    }
                },
            );
        }
        let mut sum = Tally::default();
        for (unit, growing) in self.units.iter().zip(&mut units) {
            if let Some(file) = &mut growing.file {
                file.flush()?;
            }
            growing.sum.add_to(&mut sum, &unit.header, whole);
        }
        trouble.map_or(Ok(sum), Err)
    }

    /// Whether these are the seeds of the whole sweep: only then a stated rate can be decided.
    fn is_whole(&self) -> bool {
        self.units.iter().all(|unit| unit.header.seeds == self.part)
    }

    /// Opens all result files: nothing is played if one of them is not right.
    fn begin(&self) -> Result<Vec<Growing>, SweepError> {
        let mut growing = Vec::new();
        for unit in &self.units {
            let mut header = unit.header.clone();
            header.part = self.part;
            let (file, sum, next) = match &self.out {
                None => (None, UnitSum::new(&header), self.part.from()),
                Some(folder) => match open(folder, &unit.stem, &header, self.resume)? {
                    Stage::Whole(sum) => (None, sum, self.part.to()),
                    Stage::Growing { file, sum, next } => (Some(file), sum, next),
                },
            };
            let is_settled = self.until_decided && sum.is_decided();
            growing.push(Growing {
                file,
                sum,
                next,
                is_settled,
            });
        }
        // A part whose seeds are all there, and whose last line is not.
        for unit in growing
            .iter_mut()
            .filter(|unit| unit.next == self.part.to())
        {
            if let Some(file) = unit.file.take() {
                file.finish(&unit.sum.tally)?;
            }
        }
        Ok(growing)
    }

    fn batches(&self, units: &[Growing]) -> Batches {
        let missing = units.iter().map(|unit| unit.next..self.part.to());
        Batches::of(missing.collect())
    }

    fn take(
        &self,
        number: usize,
        growing: &mut Growing,
        lines: Vec<ResultLine>,
        watch: &mut dyn Watch,
    ) -> Result<ControlFlow<()>, SweepError> {
        let unit = &self.units[number];
        let header = &unit.header;
        for mut line in lines {
            if growing.is_settled {
                return Ok(ControlFlow::Continue(()));
            }
            line.coverage = line.coverage.new_in(&growing.sum.tally.coverage);
            if let Some(file) = &mut growing.file {
                file.append(&line)?;
            }
            growing.sum.add(header, &line);
            growing.next = line.seed + 1;
            growing.is_settled = self.until_decided && growing.sum.is_decided();
            let failed = self.until_failure && growing.sum.has_failed(self.is_whole());
            if watch.seed(unit, &line).is_break() || failed {
                return Ok(ControlFlow::Break(()));
            }
        }
        if growing.next == self.part.to()
            && let Some(file) = growing.file.take()
        {
            file.finish(&growing.sum.tally)?;
        }
        // A kill costs no more than the batches that are being played.
        if let Some(file) = &mut growing.file {
            file.flush()?;
        }
        Ok(ControlFlow::Continue(()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn batches_hold_every_missing_seed_once_and_in_order() {
        let missing = vec![0..0, 5..5 + 2 * BATCH + 1, 9..9, 7..8, 0..BATCH, 3..3];
        let batches = Batches::of(missing.clone());
        assert_eq!(batches.count, 3 + 1 + 1);
        let mut found: Vec<(usize, u64)> = Vec::new();
        for position in 0..batches.count {
            let (unit, seeds) = batches.at(position);
            assert!(!seeds.is_empty() && seeds.end - seeds.start <= BATCH);
            found.extend(seeds.map(|seed| (unit, seed)));
        }
        let wanted = missing.into_iter().enumerate();
        let wanted: Vec<(usize, u64)> = wanted
            .flat_map(|(unit, seeds)| seeds.map(move |seed| (unit, seed)))
            .collect();
        assert_eq!(found, wanted);
    }

    #[test]
    fn the_highest_seeds_there_are_make_no_overflow() {
        let batches = Batches::of(vec![u64::MAX - 3..u64::MAX, 0..u64::MAX]);
        assert_eq!(batches.at(0), (0, u64::MAX - 3..u64::MAX));
        assert_eq!(batches.at(1), (1, 0..BATCH));
    }
}
