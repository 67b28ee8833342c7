//! The command `pptp-sim`: a thin shell over the library.

pub mod args;
mod artifact;
mod artifacts;
mod author;
mod capture_input;
mod checks;
mod explain;
mod goldens;
mod interop;
mod kill_matrix;
mod lists;
mod misses;
mod progress;
mod replays;
pub mod reporter;
mod requirements;
mod run;
mod shrink;
mod subject;
mod sweep;
pub mod terminal;
pub mod verify;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{CommandFactory, Parser};

use crate::suite::{Status, said};
use args::{Cli, Command};
use terminal::Terminal;

/// The stack of the thread that does the work, in octets: what is nested deeply is worked on by recursion.
const STACK: usize = 64 << 20;

/// Runs the command that the process was started with, and ends with its status. Never panics.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Where nobody listens there is nothing to say.
            let _ = error.print();
            let status = match error.kind() {
                ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => Status::Success,
                _ => Status::Usage,
            };
            return ExitCode::from(status.code());
        }
    };
    let worker = std::thread::Builder::new()
        .name("pptp-sim".to_owned())
        .stack_size(STACK)
        .spawn(move || guarded(&cli));
    let status = match worker {
        Ok(worker) => worker.join().unwrap_or(Status::Internal),
        Err(error) => {
            Terminal::new().complain(&format!("cannot start a thread: {error}"));
            Status::Internal
        }
    };
    ExitCode::from(status.code())
}

/// A panic below is an internal error, and says so.
fn guarded(cli: &Cli) -> Status {
    // What panicked is told in one place, not by the standard hook.
    std::panic::set_hook(Box::new(|_| {}));
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        let mut terminal = Terminal::new();
        let status = dispatch(cli, &mut terminal);
        terminal.end(status)
    }));
    outcome.unwrap_or_else(|panic| {
        let problem = said(panic.as_ref());
        Terminal::new().complain(&format!(
            "internal error: {problem}. This is a defect of pptp-sim, not of what it was given"
        ));
        Status::Internal
    })
}

fn dispatch(cli: &Cli, terminal: &mut Terminal) -> Status {
    match &cli.command {
        Command::Run(arguments) => run::run(arguments, terminal),
        Command::Lint(arguments) => checks::lint(arguments, terminal),
        Command::Decode(arguments) => checks::decode(arguments, terminal),
        Command::Verify(arguments) => verify::verify(arguments, terminal),
        Command::Sweep(arguments) => sweep::sweep(arguments, terminal),
        Command::Merge(arguments) => sweep::merge(arguments, terminal),
        Command::Goldens(arguments) => goldens::goldens(arguments, terminal),
        Command::Author(arguments) => author::run(arguments, terminal),
        Command::Artifact(arguments) => artifact::run(arguments, terminal),
        Command::Replay(arguments) => replays::replay(arguments, terminal),
        Command::Shrink(arguments) => shrink::shrink(arguments, terminal),
        Command::Vocabulary(arguments) => lists::vocabulary(arguments.format, terminal),
        Command::Requirements(arguments) => requirements::requirements(arguments, terminal),
        Command::Profiles(arguments) if arguments.matrix => {
            interop::matrix(arguments.format, terminal)
        }
        Command::Profiles(arguments) => lists::profiles(arguments.format, terminal),
        Command::Deviations(arguments) if arguments.kill_matrix => {
            kill_matrix::matrix(arguments, terminal)
        }
        Command::Deviations(arguments) => lists::deviations(arguments, terminal),
        Command::Explain(arguments) => explain::explain(&arguments.id, terminal),
        Command::Completions(arguments) => {
            let mut script = Vec::new();
            clap_complete::generate(
                arguments.shell,
                &mut Cli::command(),
                "pptp-sim",
                &mut script,
            );
            let _ = terminal.say(&String::from_utf8_lossy(&script));
            Status::Success
        }
        Command::Man => man(terminal),
    }
}

/// One page: the command, then each of its commands.
fn man(terminal: &mut Terminal) -> Status {
    let mut page = Vec::new();
    let command = Cli::command();
    let mut rendered = clap_mangen::Man::new(command.clone()).render(&mut page);
    for subcommand in command.get_subcommands() {
        let name = format!("pptp-sim {}", subcommand.get_name());
        let described = clap_mangen::Man::new(
            subcommand
                .clone()
                .bin_name(&name)
                .display_name(&name)
                .version(env!("CARGO_PKG_VERSION")),
        );
        rendered = rendered
            .and_then(|()| described.render_synopsis_section(&mut page))
            .and_then(|()| described.render_description_section(&mut page))
            .and_then(|()| described.render_options_section(&mut page))
            .and_then(|()| described.render_extra_section(&mut page));
    }
    match rendered {
        Ok(()) => {
            let _ = terminal.say(&String::from_utf8_lossy(&page));
            Status::Success
        }
        Err(error) => {
            terminal.complain(&format!("cannot make the man page: {error}"));
            Status::Internal
        }
    }
}
