//! Files that a run leaves behind: captures, tapes and diagrams, under the scenario's name and the case's.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::args::{DiagramArgs, DiagramChoice};
use super::reporter::diagram_of;
use crate::run::NodeCapture;
use crate::suite::{CaseRun, Family, Outcome, file_stem, plain_name};

/// Writes captures, tapes and diagrams into their folders.
#[derive(Debug, Default)]
pub struct Artifacts {
    captures: Option<PathBuf>,
    tapes: Option<PathBuf>,
    diagrams: Option<(PathBuf, DiagramChoice, bool)>,
    used: BTreeSet<String>,
}

impl Artifacts {
    /// Into these folders, which are made if need be.
    ///
    /// # Errors
    /// Which folder cannot be made, and why.
    pub fn new(captures: Option<&str>, tapes: Option<&str>) -> Result<Artifacts, String> {
        for folder in captures.iter().chain(&tapes) {
            make_folder(folder)?;
        }
        Ok(Artifacts {
            captures: captures.map(PathBuf::from),
            tapes: tapes.map(PathBuf::from),
            diagrams: None,
            used: BTreeSet::new(),
        })
    }

    /// With diagrams, where they go to files.
    ///
    /// # Errors
    /// That the folder cannot be made, and why.
    pub fn with_diagrams(mut self, arguments: &DiagramArgs) -> Result<Artifacts, String> {
        if let (Some(choice), Some(folder)) = (arguments.diagram, &arguments.diagram_out) {
            make_folder(folder)?;
            self.diagrams = Some((PathBuf::from(folder), choice, arguments.diagram_steps));
        }
        Ok(self)
    }

    /// Writes what one run left.
    ///
    /// # Errors
    /// Which file cannot be written, and why.
    pub fn write(&mut self, family: &Family, run: &CaseRun) -> Result<(), String> {
        let Outcome::Played(played) = &run.outcome else {
            return Ok(());
        };
        if self.captures.is_none() && self.tapes.is_none() && self.diagrams.is_none() {
            return Ok(());
        }
        let case = run.case.as_ref().map(|case| case.text.as_str());
        let stem = self.stem(&family.found.name, case);
        if let Some(folder) = &self.captures {
            write_captures(folder, &stem, &played.captures)?;
        }
        if let (Some(folder), Some(tape)) = (&self.tapes, &played.tape) {
            write_file(&folder.join(format!("{stem}.tape")), tape.as_bytes())?;
        }
        if let Some((folder, choice, steps)) = &self.diagrams
            && let Some(diagram) = diagram_of(&played.report.ladder, Some(*choice), *steps)
        {
            let name = format!("{stem}.{}", choice.format().extension());
            write_file(&folder.join(name), diagram.as_bytes())?;
        }
        Ok(())
    }

    /// `outgoing/outgoing-call`, `malformed/cut.cut=84`: a name that no other run of this command has.
    fn stem(&mut self, name: &str, case: Option<&str>) -> String {
        let stem = file_stem(name, case);
        let mut candidate = stem.clone();
        let mut number = 2;
        while !self.used.insert(candidate.clone()) {
            candidate = format!("{stem}-{number}");
            number += 1;
        }
        candidate
    }
}

fn make_folder(folder: &str) -> Result<(), String> {
    fs::create_dir_all(folder).map_err(|error| format!("cannot make the folder {folder}: {error}"))
}

/// Writes two files a node: STEM.NODE.pcapng and STEM.NODE.jsonl.
///
/// # Errors
/// Which file cannot be written, and why.
pub fn write_captures(folder: &Path, stem: &str, captures: &[NodeCapture]) -> Result<(), String> {
    for capture in captures {
        let node = plain_name(&capture.node);
        write_file(
            &folder.join(format!("{stem}.{node}.pcapng")),
            &capture.pcapng,
        )?;
        write_file(
            &folder.join(format!("{stem}.{node}.jsonl")),
            &capture.golden,
        )?;
    }
    Ok(())
}

/// Writes a file, and the folders above it where they are missing.
///
/// # Errors
/// Which file cannot be written, and why.
pub fn write_file(path: &Path, octets: &[u8]) -> Result<(), String> {
    let wrong = |error: std::io::Error| format!("cannot write {}: {error}", path.display());
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(wrong)?;
    }
    fs::write(path, octets).map_err(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_safe_and_never_stand_twice() {
        let mut artifacts = Artifacts::default();
        assert_eq!(
            artifacts.stem("outgoing/outgoing-call", None),
            "outgoing/outgoing-call"
        );
        assert_eq!(artifacts.stem("a", Some("the PNS wins")), "a.the-PNS-wins");
        assert_eq!(
            artifacts.stem("a", Some("the/PNS wins")),
            "a.the-PNS-wins-2"
        );
        assert_eq!(
            artifacts.stem("../../etc/passwd", Some("../x")),
            "etc/passwd.-x"
        );
        assert!(artifacts.stem(&"x".repeat(1000), None).len() <= 100);
    }
}
