//! Writing result files: appended to while they grow, gone on with after a kill, named when they are whole.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use super::error::SweepError;
use super::header::Header;
use super::line::ResultLine;
use super::reading::{last_line, read};
use super::sum::UnitSum;
use super::tally::Tally;

/// A file that grows.
#[derive(Debug)]
pub struct ResultFile {
    /// What it is called while it grows.
    growing: PathBuf,
    /// What it is called once it is whole.
    whole: PathBuf,
    file: BufWriter<File>,
}

/// How far a result file is.
#[derive(Debug)]
pub enum Stage {
    /// It is whole.
    Whole(UnitSum),
    /// Its seeds up to, but not including, `next` are there.
    Growing {
        /// The file, to be appended to.
        file: ResultFile,
        /// The sum of what is there.
        sum: UnitSum,
        /// The first seed that is missing.
        next: u64,
    },
}

/// Opens the result file for this header, under this name, in this folder.
///
/// # Errors
/// If there is one and `resume` is false; if what is there belongs to another sweep, is damaged before its end, or is being written by
/// another process; if it cannot be made.
pub fn open(folder: &Path, stem: &str, header: &Header, resume: bool) -> Result<Stage, SweepError> {
    let whole = folder.join(format!(
        "{stem}.{}-{}.jsonl",
        header.part.from(),
        header.part.to()
    ));
    let growing = whole.with_extension("jsonl.part");
    for path in [&whole, &growing] {
        if path.exists() && !resume {
            return Err(SweepError::new(
                path,
                "this is there already: --resume goes on with it",
            ));
        }
    }
    if whole.exists() {
        let mut sum = UnitSum::new(header);
        let contents = read(&whole, &mut |line| sum.follow(line))?;
        belongs(&whole, header, &contents.header)?;
        if !contents.complete {
            return Err(SweepError::new(
                &whole,
                "the file is not whole, though its name says so",
            ));
        }
        sum.tally = contents.tally;
        return Ok(Stage::Whole(sum));
    }
    if let Some(parent) = whole.parent() {
        fs::create_dir_all(parent).map_err(|error| SweepError::new(parent, error.to_string()))?;
    }
    open_growing(growing, whole, header)
}

fn open_growing(growing: PathBuf, whole: PathBuf, header: &Header) -> Result<Stage, SweepError> {
    let wrong = |error: std::io::Error| SweepError::new(&growing, error.to_string());
    let mut options = OpenOptions::new();
    let options = options.read(true).write(true).create(true).truncate(false);
    let mut file = options.open(&growing).map_err(wrong)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            return Err(SweepError::new(&growing, "another process is writing it"));
        }
        Err(TryLockError::Error(error)) => return Err(wrong(error)),
    }
    let has_header = first_line_is_whole(&growing).map_err(wrong)?;
    let mut sum = UnitSum::new(header);
    let (next, good) = if has_header {
        let contents = read(&growing, &mut |line| sum.follow(line))?;
        belongs(&growing, header, &contents.header)?;
        // A last line that is there was written just before the process ended: it is written again.
        let good = match contents.complete {
            true => contents.good - last_line(&contents.tally).len() as u64 - 1,
            false => contents.good,
        };
        sum.tally = contents.tally;
        (contents.next, good)
    } else {
        (header.part.from(), 0)
    };
    file.set_len(good).map_err(wrong)?;
    file.seek(SeekFrom::End(0)).map_err(wrong)?;
    let mut file = BufWriter::with_capacity(1 << 16, file);
    if good == 0 {
        writeln!(file, "{}", header.to_line()).map_err(wrong)?;
    }
    let file = ResultFile {
        growing,
        whole,
        file,
    };
    Ok(Stage::Growing { file, sum, next })
}

/// Whether more than a piece of the first line is there.
fn first_line_is_whole(path: &Path) -> std::io::Result<bool> {
    use std::io::BufRead;
    let mut first = Vec::new();
    std::io::BufReader::new(File::open(path)?).read_until(b'\n', &mut first)?;
    Ok(first.ends_with(b"\n"))
}

fn belongs(path: &Path, mine: &Header, found: &Header) -> Result<(), SweepError> {
    let same_unit =
        mine.scenario == found.scenario && mine.case == found.case && mine.part == found.part;
    let problem = match mine.conflict(found) {
        None if same_unit => return Ok(()),
        None => "it is about another scenario, case or part".to_owned(),
        Some(conflict) => conflict,
    };
    Err(SweepError::at(
        path,
        1,
        format!("this belongs to another sweep: {problem}"),
    ))
}

impl ResultFile {
    /// Appends what a seed gave.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn append(&mut self, line: &ResultLine) -> Result<(), SweepError> {
        let written = writeln!(self.file, "{}", line.to_text());
        written.map_err(|error| SweepError::new(&self.growing, error.to_string()))
    }

    /// Hands on what was appended.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn flush(&mut self) -> Result<(), SweepError> {
        let flushed = self.file.flush();
        flushed.map_err(|error| SweepError::new(&self.growing, error.to_string()))
    }

    /// Appends the last line, makes sure that everything is on the disk, and gives the file its name.
    ///
    /// # Errors
    /// If it cannot be written or renamed.
    pub fn finish(mut self, tally: &Tally) -> Result<(), SweepError> {
        let wrong = |error: std::io::Error| SweepError::new(&self.growing, error.to_string());
        writeln!(self.file, "{}", last_line(tally))
            .and_then(|()| self.file.flush())
            .and_then(|()| self.file.get_ref().sync_all())
            .and_then(|()| fs::rename(&self.growing, &self.whole))
            .map_err(wrong)
    }
}
