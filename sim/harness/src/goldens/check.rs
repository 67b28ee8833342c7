//! Holds a decoder against golden files and reports every field on which it and we disagree.

use std::collections::BTreeMap;

use super::known::Known;
use super::line::{Head, Line};
use super::merged::Merged;
use super::program::{Program, ProgramError};
use super::said::{Difference, Said, differences};
use super::traits::traits_of;

/// Octets of captures that a decoder is given at a time.
const BATCH: usize = 24 << 20;

/// One field on which a decoder and we disagree.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Disagreement {
    /// The capture: scenario, case and node.
    pub capture: String,
    /// The frame.
    pub frame: u64,
    /// What differs.
    pub difference: Difference,
    /// What is odd about the frame.
    pub traits: Vec<&'static str>,
}

/// Why a check could not be made.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum CheckError {
    /// The decoder did not run.
    Program(ProgramError),
    /// What it printed cannot be understood.
    Output(String),
    /// A golden file or its capture cannot be read.
    Golden(String),
}

/// What was found up to now.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Findings {
    /// Captures that were shown to the decoder.
    pub captures: u64,
    /// Frames in them.
    pub frames: u64,
    /// Messages and packets that were compared.
    pub messages: u64,
    /// How many disagreements each row of the table explains, by its place.
    pub known: BTreeMap<usize, u64>,
    /// An example of each.
    pub examples: BTreeMap<usize, Disagreement>,
    /// Those that no row explains.
    pub new: Vec<Disagreement>,
}

/// What is compared with what: one capture.
struct Golden {
    name: String,
    lines: Vec<Line>,
}

/// A check that goes on.
pub struct Check<'c> {
    program: Source<'c>,
    known: &'c [Known],
    merged: Merged,
    goldens: Vec<Golden>,
    findings: Findings,
}

/// Where what the decoder says comes from.
type Source<'c> = &'c dyn Fn(&[u8]) -> Result<BTreeMap<u64, Said>, CheckError>;

impl<'c> Check<'c> {
    /// A check of nothing yet. `program` gives what the decoder says of a capture.
    pub fn new(program: Source<'c>, known: &'c [Known]) -> Check<'c> {
        Check {
            program,
            known,
            merged: Merged::new(),
            goldens: Vec::new(),
            findings: Findings::default(),
        }
    }

    /// Adds a capture and its golden file. `name` is what reports call it.
    ///
    /// # Errors
    /// One of them cannot be read; the decoder did not run, or says what cannot be understood.
    pub fn add(
        &mut self,
        name: &str,
        pcapng: &[u8],
        golden: &str,
        decoder: super::Decoder,
    ) -> Result<(), CheckError> {
        let wrong = |line: usize, problem: String| {
            CheckError::Golden(format!("{name}.jsonl, line {line}: {problem}"))
        };
        let mut texts = golden.lines();
        let head = texts.next().unwrap_or_default();
        Head::read(head).map_err(|error| wrong(1, error.to_string()))?;
        let mut lines = Vec::new();
        for (index, text) in texts.enumerate() {
            lines.push(Line::read(text).map_err(|error| wrong(index + 2, error.to_string()))?);
        }
        self.merged
            .add(pcapng)
            .map_err(|error| CheckError::Golden(format!("{name}.pcapng: {error}")))?;
        self.goldens.push(Golden {
            name: name.to_owned(),
            lines,
        });
        if self.merged.octets().len() >= BATCH {
            self.compare(decoder)?;
        }
        Ok(())
    }

    /// Compares what is left, and gives everything that was found.
    ///
    /// # Errors
    /// The decoder did not run, or says what cannot be understood.
    pub fn finish(mut self, decoder: super::Decoder) -> Result<Findings, CheckError> {
        if !self.goldens.is_empty() {
            self.compare(decoder)?;
        }
        Ok(self.findings)
    }

    fn compare(&mut self, decoder: super::Decoder) -> Result<(), CheckError> {
        let merged = std::mem::take(&mut self.merged);
        let goldens = std::mem::take(&mut self.goldens);
        let said = (self.program)(merged.octets())?;
        let mut theirs: Vec<BTreeMap<u64, Said>> =
            goldens.iter().map(|_| BTreeMap::new()).collect();
        for (number, said) in said {
            let place = merged
                .place(number)
                .and_then(|(capture, frame)| Some((theirs.get_mut(capture)?, frame)));
            let Some((of_capture, frame)) = place else {
                return Err(CheckError::Output(format!(
                    "it speaks of frame {number}, where there are {}",
                    merged.frames()
                )));
            };
            of_capture.insert(frame, said);
        }
        for (golden, theirs) in goldens.iter().zip(&theirs) {
            self.one(golden, theirs, decoder);
        }
        self.findings.captures += goldens.len() as u64;
        self.findings.frames += merged.frames() as u64;
        Ok(())
    }

    fn one(&mut self, golden: &Golden, theirs: &BTreeMap<u64, Said>, decoder: super::Decoder) {
        let mut ended: BTreeMap<u64, Vec<&Line>> = BTreeMap::new();
        let mut parts: BTreeMap<u64, Vec<&Line>> = BTreeMap::new();
        for line in golden.lines.iter().filter(|line| line.plane != "tcp") {
            self.findings.messages += 1;
            ended.entry(line.frame).or_default().push(line);
            for piece in &line.segments {
                parts.entry(piece.frame).or_default().push(line);
            }
        }
        let frames: std::collections::BTreeSet<u64> =
            ended.keys().chain(theirs.keys()).copied().collect();
        let none = Vec::new();
        for frame in frames {
            let own = ended.get(&frame).unwrap_or(&none);
            let found = differences(own, theirs.get(&frame), &|line| decoder.ours(line));
            if found.is_empty() {
                continue;
            }
            let traits = traits_of(own, parts.get(&frame).unwrap_or(&none), frame);
            for difference in found {
                let row = self
                    .known
                    .iter()
                    .position(|row| row.explains(decoder, &difference, &traits));
                let disagreement = Disagreement {
                    capture: golden.name.clone(),
                    frame,
                    difference,
                    traits: traits.iter().copied().collect(),
                };
                match row {
                    Some(row) => {
                        *self.findings.known.entry(row).or_default() += 1;
                        self.findings.examples.entry(row).or_insert(disagreement);
                    }
                    None => self.findings.new.push(disagreement),
                }
            }
        }
    }
}

/// What an installed decoder says of a capture.
///
/// # Errors
/// It did not run, or what it printed cannot be understood.
pub fn ask(program: &Program, capture: &[u8]) -> Result<BTreeMap<u64, Said>, CheckError> {
    let text = program.run(capture).map_err(CheckError::Program)?;
    program.decoder.read(&text).map_err(|problem| {
        CheckError::Output(format!(
            "what {} {} prints cannot be understood: {problem}",
            program.decoder.name(),
            program.version
        ))
    })
}
