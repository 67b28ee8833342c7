//! Playing units over seeds, by several jobs, with results in the order of units and seeds.

use std::ops::ControlFlow;
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
                batches.len(),
                &|position| {
                    let (unit, from, to) = batches[position];
                    if settled[unit].load(Ordering::Relaxed) {
                        return Vec::new();
                    }
                    let unit = &self.units[unit];
                    (from..to).map(|seed| unit.play(seed, options)).collect()
                },
                &mut |position, lines: Vec<ResultLine>| {
                    let (number, _, _) = batches[position];
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

    /// What is to be played: unit, first seed, the seed behind the last.
    fn batches(&self, units: &[Growing]) -> Vec<(usize, u64, u64)> {
        let mut batches = Vec::new();
        for (number, unit) in units.iter().enumerate() {
            let mut from = unit.next;
            while from < self.part.to() {
                let to = from.saturating_add(BATCH).min(self.part.to());
                batches.push((number, from, to));
                from = to;
            }
        }
        batches
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
