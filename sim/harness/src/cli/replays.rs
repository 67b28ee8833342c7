//! `pptp-sim replay`.

use std::fs;
use std::path::Path;

use super::args::ReplayArgs;
use super::artifacts::{Artifacts, write_captures};
use super::terminal::Terminal;
use crate::scenario::render_all;
use crate::suite::{
    CaseRun, Outcome, Played, ReplayError, Replayed, Status, WorldKind, failure_text,
    replay as replay_text,
};

/// The longest tape that is read, in octets.
const LONGEST: u64 = 256 << 20;

/// Plays the run of a tape again and prints its transcript.
pub fn replay(arguments: &ReplayArgs, terminal: &mut Terminal) -> Status {
    let path = &arguments.tape;
    let text = match read(path) {
        Ok(text) => text,
        Err(problem) => {
            terminal.complain(&problem);
            return Status::Usage;
        }
    };
    let replayed = match replay_text(&text, path) {
        Ok(replayed) => replayed,
        Err(error) => {
            terminal.complain(&format!("{path}: {error}"));
            if let ReplayError::Scenario(mistakes) = &error {
                let text = render_all(mistakes, terminal.colour_of_errors);
                terminal.complain_plainly(&text);
            }
            return Status::Usage;
        }
    };
    let mut status = Status::Success;
    if let Some(folder) = &arguments.capture {
        let stem = Path::new(path)
            .file_stem()
            .map_or_else(|| "replay".into(), |stem| stem.to_string_lossy());
        let written = Artifacts::new(Some(folder), None)
            .and_then(|_| write_captures(Path::new(folder), &stem, &replayed.captures));
        if let Err(problem) = written {
            terminal.complain(&problem);
            status = status.and(Status::Usage);
        }
    }
    let _ = terminal.say(&replayed.report.transcript);
    status.and(verdict(path, replayed, terminal))
}

/// The text of a tape.
///
/// # Errors
/// Why the tape cannot be read.
pub fn read(path: &str) -> Result<String, String> {
    let wrong = |error: std::io::Error| format!("cannot read {path}: {error}");
    let metadata = fs::metadata(path).map_err(wrong)?;
    if !metadata.is_file() {
        return Err(format!("cannot read {path}: it is no file"));
    }
    if metadata.len() > LONGEST {
        return Err(format!("cannot read {path}: it is too long for a tape"));
    }
    let octets = fs::read(path).map_err(wrong)?;
    String::from_utf8(octets).map_err(|_| format!("{path} is no tape: it is no text"))
}

/// Says what went wrong, and with which status the command ends.
fn verdict(path: &str, replayed: Replayed, terminal: &mut Terminal) -> Status {
    if let Some(mismatch) = &replayed.mismatch {
        terminal.complain(&format!(
            "{path}: the tape does not fit the run of this version: {mismatch}"
        ));
        return Status::Usage;
    }
    let faithful = replayed.is_faithful();
    let run = CaseRun {
        case: None,
        seed: replayed.report.seed,
        world: WorldKind::Event,
        replay: String::new(),
        outcome: Outcome::Played(Box::new(Played {
            verdicts: replayed
                .report
                .requirements
                .iter()
                .map(|(requirement, evidence)| (*requirement, evidence.grade))
                .collect(),
            report: replayed.report,
            captures: Vec::new(),
            tape: None,
        })),
    };
    if run.has_failed() {
        terminal.complain_plainly(&failure_text(&run));
    }
    if faithful {
        run.status()
    } else {
        terminal.complain(&format!(
            "{path}: the transcript is not that of the recorded run: recorded by another version, or a defect of pptp-sim"
        ));
        run.status().and(Status::Internal)
    }
}
