//! Reading result files line by line.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::error::SweepError;
use super::header::Header;
use super::line::ResultLine;
use super::tally::Tally;

/// The longest line that is read, in octets.
const LONGEST_LINE: u64 = 1 << 20;

/// What a result file holds.
#[derive(Clone, Debug)]
pub struct Contents {
    /// Its first line.
    pub header: Header,
    /// The sum of what its seeds gave.
    pub tally: Tally,
    /// The seed behind the last one that it holds.
    pub next: u64,
    /// How many octets of it are good: whole lines.
    pub good: u64,
    /// Whether the last line stands there, and agrees.
    pub complete: bool,
}

/// Reads a file; `each` is shown every seed's line. A last line that was cut off, as the process was killed, is left out.
///
/// # Errors
/// The first thing that is wrong: with the file, the header, a line, the order of the seeds, or the sum in the last line.
pub fn read(path: &Path, each: &mut dyn FnMut(&ResultLine)) -> Result<Contents, SweepError> {
    let mut lines = Lines::open(path)?;
    let header = lines.header()?;
    let mut line = String::new();
    let mut contents = Contents {
        next: header.part.from(),
        header,
        tally: Tally::default(),
        good: lines.good,
        complete: false,
    };
    while lines.next(&mut line)? {
        let wrong = |problem: String| SweepError::at(path, lines.number, problem);
        if contents.complete {
            return Err(wrong("nothing stands behind the last line".to_owned()));
        }
        if line.starts_with("{\"seeds\"") {
            check_last(&line, &contents).map_err(wrong)?;
            contents.complete = true;
        } else {
            let line = ResultLine::from_text(&line).map_err(wrong)?;
            if line.seed != contents.next || line.seed >= contents.header.part.to() {
                let (next, seed) = (contents.next, line.seed);
                return Err(wrong(format!(
                    "expected seed {next} of {}, found seed {seed}",
                    contents.header.part
                )));
            }
            let header = &contents.header;
            contents
                .tally
                .add(header.unit.0, &header.scenario_digest, &line, &|seed| {
                    header.replay_of(seed)
                });
            contents.next += 1;
            each(&line);
        }
        contents.good = lines.good;
    }
    Ok(contents)
}

/// Reads the first line of a file.
///
/// # Errors
/// What is wrong with the file or with that line.
pub fn header_of(path: &Path) -> Result<Header, SweepError> {
    Lines::open(path)?.header()
}

fn check_last(line: &str, contents: &Contents) -> Result<(), String> {
    let value: Value = serde_json::from_str(line).map_err(|error| format!("no JSON: {error}"))?;
    let seeds = value.get("seeds").and_then(Value::as_u64);
    let digest = value.get("digest").and_then(Value::as_str);
    let part = contents.header.part;
    if contents.next != part.to() {
        return Err(format!(
            "the seeds {}..{} of {part} are missing",
            contents.next,
            part.to()
        ));
    }
    if seeds != Some(contents.tally.seeds) || digest != Some(contents.tally.digest_text().as_str())
    {
        return Err(format!(
            "the sum does not fit the lines, which give {}",
            last_line(&contents.tally)
        ));
    }
    Ok(())
}

/// The last line of a file that holds this sum, without its end.
pub fn last_line(tally: &Tally) -> String {
    format!(
        "{{\"seeds\":{},\"digest\":\"{}\"}}",
        tally.seeds,
        tally.digest_text()
    )
}

/// Whole lines, with their number and the octets so far.
struct Lines<'p> {
    path: &'p Path,
    reader: BufReader<File>,
    number: u64,
    good: u64,
    octets: Vec<u8>,
}

impl<'p> Lines<'p> {
    fn open(path: &'p Path) -> Result<Lines<'p>, SweepError> {
        let file = File::open(path).map_err(|error| SweepError::new(path, error.to_string()))?;
        Ok(Lines {
            path,
            reader: BufReader::new(file),
            number: 0,
            good: 0,
            octets: Vec::new(),
        })
    }

    /// The first line.
    fn header(&mut self) -> Result<Header, SweepError> {
        let mut line = String::new();
        let header = match self.next(&mut line)? {
            true => Header::from_line(&line),
            false => Err("there is no whole line in it".to_owned()),
        };
        header.map_err(|problem| SweepError::at(self.path, 1, problem))
    }

    /// The next whole line, without its end, into `line`. Returns whether there is one.
    fn next(&mut self, line: &mut String) -> Result<bool, SweepError> {
        self.octets.clear();
        let at = self.number + 1;
        let wrong = |problem: String| SweepError::at(self.path, at, problem);
        let mut limited = (&mut self.reader).take(LONGEST_LINE);
        let count = limited
            .read_until(b'\n', &mut self.octets)
            .map_err(|error| wrong(error.to_string()))? as u64;
        if count == LONGEST_LINE {
            return Err(wrong(format!(
                "the line is longer than {LONGEST_LINE} octets"
            )));
        }
        // A last line without its end was cut off as it was written.
        let Some(whole) = self.octets.strip_suffix(b"\n") else {
            return Ok(false);
        };
        self.number = at;
        self.good += count;
        let text = std::str::from_utf8(whole).map_err(|_| wrong("this is no text".to_owned()))?;
        line.clear();
        line.push_str(text);
        Ok(true)
    }
}

/// The files below a folder whose names end so, in the order of their paths.
///
/// # Errors
/// A folder that cannot be read.
pub fn files_below(folder: &Path, ending: &str) -> Result<Vec<PathBuf>, SweepError> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let wrong = |error: std::io::Error| SweepError::new(&folder, error.to_string());
        for entry in std::fs::read_dir(&folder).map_err(wrong)? {
            let entry = entry.map_err(wrong)?;
            let path = entry.path();
            // A link to a folder above would lead in a circle.
            if entry.file_type().map_err(wrong)?.is_dir() {
                folders.push(path);
            } else if path.to_string_lossy().ends_with(ending) {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}
