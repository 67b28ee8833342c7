//! `pptp-sim lint` and `pptp-sim decode`.

use std::io::ErrorKind;
use std::ops::ControlFlow;

use super::args::{DecodeArgs, LintArgs, ListFormat};
use super::capture_input;
use super::terminal::Terminal;
use crate::decode::{self, DecodeFailure, Format};
use crate::diagram::draw_capture;
use crate::scenario::render_all;
use crate::suite::{Family, Status, find, in_order};

/// Reads and checks scenarios; lists those that are without a mistake.
pub fn lint(arguments: &LintArgs, terminal: &mut Terminal) -> Status {
    let found = match find(&arguments.paths) {
        Ok(found) => found,
        Err(error) => {
            terminal.complain(&error.to_string());
            return Status::Usage;
        }
    };
    let jobs = std::thread::available_parallelism().map_or(1, usize::from);
    let (mut scenarios, mut cases, mut mistakes, mut wrong) = (0_u64, 0_u64, 0_usize, 0_u64);
    in_order(
        jobs,
        found.len(),
        &|position| Family::load(&found[position]),
        &mut |position, family| {
            let name = &found[position].name;
            match family {
                Ok(family) => {
                    scenarios += 1;
                    let count = family.file.case_count();
                    cases += count;
                    let shown = match count {
                        1 => String::new(),
                        count => format!("  {count} cases"),
                    };
                    terminal.say(&format!("ok  {name}{shown}\n"))
                }
                Err(found) => {
                    wrong += 1;
                    mistakes += found.len();
                    let text = render_all(&found, terminal.colour_of_errors);
                    terminal.complain_plainly(&format!("{text}\n"));
                    ControlFlow::Continue(())
                }
            }
        },
    );
    let plural = |count: u64| if count == 1 { "" } else { "s" };
    let mut text = format!(
        "{scenarios} scenario{}, {cases} case{} without a mistake",
        plural(scenarios),
        plural(cases)
    );
    if wrong > 0 {
        text.push_str(&format!(
            "; {mistakes} mistake{} in {wrong} file{}",
            plural(mistakes as u64),
            plural(wrong)
        ));
    }
    let _ = terminal.say(&format!("{text}\n"));
    if wrong > 0 {
        Status::Usage
    } else {
        Status::Success
    }
}

/// Shows what a capture holds. Judges nothing.
pub fn decode(arguments: &DecodeArgs, terminal: &mut Terminal) -> Status {
    let format = match arguments.format {
        ListFormat::Human => Format::Human,
        ListFormat::Json => Format::Json,
    };
    let path = &arguments.capture;
    let opened =
        capture_input::open(path, terminal, arguments.diagram.is_none()).map_err(|error| {
            DecodeFailure::Open {
                path: path.clone(),
                error,
            }
        });
    let decoded = opened.and_then(|input| match arguments.diagram {
        None => decode::run_on(path, input, format, terminal),
        Some(choice) => draw_capture(path, input, choice.format(), terminal),
    });
    match decoded {
        Ok(_) => Status::Success,
        Err(DecodeFailure::Write(error)) if error.kind() == ErrorKind::BrokenPipe => {
            Status::Success
        }
        // The terminal knows, and says so at the end.
        Err(DecodeFailure::Write(_)) => Status::Internal,
        Err(failure @ DecodeFailure::Open { .. }) => {
            terminal.complain(&failure.to_string());
            Status::Usage
        }
        Err(failure) => {
            terminal.complain(&format!("{path}: {failure}"));
            Status::Usage
        }
    }
}
