//! `pptp-sim verify`.

use std::io::ErrorKind;
use std::ops::ControlFlow;

use pptp_rules::Grade;

use super::args::{ReportFormat, VerifyArgs};
use super::capture_input;
use super::reporter::verified;
use super::terminal::{Terminal, paint};
use crate::decode::DecodeFailure;
use crate::suite::Status;
use crate::verify::nat::{Side, compare, nat_human, nat_json};
use crate::verify::{Found, Report, VerifyOptions, finding_line, human, summary_line, verify_side};

/// Judges captures and tells what was found.
pub fn verify(arguments: &VerifyArgs, terminal: &mut Terminal) -> Status {
    if arguments.captures.len() > 1 && !arguments.behind_nat {
        terminal.complain("several captures are compared with --behind-nat alone");
        return Status::Usage;
    }
    let grading = arguments.grading.grading();
    let mut status = Status::Success;
    let (mut reports, mut sides) = (Vec::new(), Vec::new());
    for path in &arguments.captures {
        let mut side = Side::new(path);
        match examine(path, arguments, &mut side, terminal) {
            Ok(report) => {
                status = status.and(conclude(path, &report, arguments, terminal));
                reports.push((&path[..], report));
            }
            Err(failure) => return fail(path, &failure, terminal),
        }
        sides.push(side);
    }
    let translation = match (sides.len(), sides.pop()) {
        (2.., Some(outside)) => Some(compare(&sides, &outside)),
        _ => None,
    };
    if arguments.format == ReportFormat::Junit {
        let _ = terminal.say(&verified(&reports, translation.as_ref(), grading));
    } else if let Some(report) = &translation {
        let text = match arguments.format {
            ReportFormat::Json => nat_json(report, grading),
            _ => nat_human(report, grading, &painter(terminal.colour)),
        };
        let _ = terminal.say(&text);
    }
    let verdict = translation.map(|report| report.verdict(grading));
    match verdict {
        Some(Grade::Fail | Grade::Error) => status.and(Status::Failure),
        _ => status,
    }
}

/// Reads a capture; as JSON, each finding is told as it is found.
fn examine(
    path: &str,
    arguments: &VerifyArgs,
    side: &mut Side,
    terminal: &mut Terminal,
) -> Result<Report, DecodeFailure> {
    let options = VerifyOptions {
        behind_nat: arguments.behind_nat,
    };
    let is_json = arguments.format == ReportFormat::Json;
    let is_one_of_several = arguments.captures.len() > 1;
    let input =
        capture_input::open(path, terminal, is_json).map_err(|error| DecodeFailure::Open {
            path: path.to_owned(),
            error,
        })?;
    let mut tell = |found: &Found<'_>| {
        if !is_json {
            return Ok(());
        }
        let line = finding_line(found, is_one_of_several.then_some(path));
        match terminal.say(&format!("{line}\n")) {
            ControlFlow::Break(()) => Err(ErrorKind::BrokenPipe.into()),
            ControlFlow::Continue(()) => Ok(()),
        }
    };
    verify_side(input, options, &mut tell, is_one_of_several.then_some(side))
}

fn painter(colour: bool) -> impl Fn(Grade) -> String {
    move |grade| paint(grade.name(), Some(grade), colour)
}

fn fail(path: &str, failure: &DecodeFailure, terminal: &mut Terminal) -> Status {
    match failure {
        DecodeFailure::Write(error) if error.kind() == ErrorKind::BrokenPipe => Status::Success,
        // The terminal knows, and says so at the end.
        DecodeFailure::Write(_) => Status::Internal,
        DecodeFailure::Open { .. } => {
            terminal.complain(&failure.to_string());
            Status::Usage
        }
        _ => {
            terminal.complain(&format!("{path}: {failure}"));
            Status::Usage
        }
    }
}

/// Tells what was found in a capture, and what that means for the exit status.
fn conclude(
    path: &str,
    report: &Report,
    arguments: &VerifyArgs,
    terminal: &mut Terminal,
) -> Status {
    let grading = arguments.grading.grading();
    let text = match arguments.format {
        ReportFormat::Human => human(path, report, grading, &painter(terminal.colour)),
        ReportFormat::Json => format!("{}\n", summary_line(report, grading)),
        ReportFormat::Junit => String::new(),
    };
    let _ = terminal.say(&text);
    let verdict = match report.verdict(grading) {
        Grade::Fail | Grade::Error => Status::Failure,
        _ => Status::Success,
    };
    match &report.cut_short {
        Some(error) => {
            terminal.complain(&format!(
                "{path}: the capture cannot be read to its end: {error}"
            ));
            verdict.and(Status::Usage)
        }
        None => verdict,
    }
}
