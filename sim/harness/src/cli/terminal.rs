//! Standard output and standard error: colours, pipes that break, and what to do then.

use std::io::{self, BufWriter, ErrorKind, IsTerminal, Write};
use std::ops::ControlFlow;

use pptp_rules::Grade;

use crate::suite::Status;

/// Where a command prints.
pub struct Terminal {
    out: BufWriter<io::Stdout>,
    state: State,
    /// Whether standard output is coloured.
    pub colour: bool,
    /// Whether standard error is coloured.
    pub colour_of_errors: bool,
    /// Whether standard error is a terminal, so that progress can be shown on it.
    pub shows_progress: bool,
}

enum State {
    Open,
    /// Nobody reads any more (`| head`): no error, but no reason to go on.
    Gone,
    Failed(io::Error),
}

impl Terminal {
    /// Standard output and standard error as they are.
    pub fn new() -> Terminal {
        let variable = |name: &str| std::env::var(name).ok();
        let (out, errors) = (io::stdout().is_terminal(), io::stderr().is_terminal());
        Terminal {
            out: BufWriter::new(io::stdout()),
            state: State::Open,
            colour: wants_colour(out, &variable),
            colour_of_errors: wants_colour(errors, &variable),
            shows_progress: errors && variable("TERM").is_none_or(|term| term != "dumb"),
        }
    }

    /// Prints text. Breaks where nobody can read it any more.
    pub fn say(&mut self, text: &str) -> ControlFlow<()> {
        let done = self.write_all(text.as_bytes());
        if done.is_err() || !self.is_open() {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    }

    /// Hands on what was printed.
    pub fn hand_on(&mut self) -> ControlFlow<()> {
        if self.flush().is_err() || !self.is_open() {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    }

    /// Prints `error: …` to standard error.
    pub fn complain(&mut self, text: &str) {
        let _ = self.flush();
        let head = if self.colour_of_errors {
            "\u{1b}[1;31merror:\u{1b}[0m"
        } else {
            "error:"
        };
        // Where standard error is closed there is nobody to tell.
        let _ = writeln!(io::stderr(), "{head} {}", text.trim_end());
    }

    /// Prints `note: …` to standard error.
    pub fn remark(&mut self, text: &str) {
        let _ = self.flush();
        let _ = writeln!(io::stderr(), "note: {text}");
    }

    /// Prints to standard error as it is.
    pub fn complain_plainly(&mut self, text: &str) {
        let _ = self.flush();
        let _ = io::stderr().write_all(text.as_bytes());
    }

    /// Whether standard output takes nothing any more, for whatever reason.
    pub fn is_gone(&self) -> bool {
        !self.is_open()
    }

    fn is_open(&self) -> bool {
        matches!(self.state, State::Open)
    }

    /// Ends the output; the exit status is `status` unless it could not be written.
    pub fn end(mut self, status: Status) -> Status {
        let _ = self.flush();
        match std::mem::replace(&mut self.state, State::Gone) {
            State::Failed(error) => {
                self.complain(&format!("cannot write: {error}"));
                status.and(Status::Internal)
            }
            State::Open | State::Gone => status,
        }
    }

    fn note<T>(&mut self, result: io::Result<T>) -> io::Result<T> {
        if let Err(error) = &result
            && self.is_open()
        {
            self.state = if error.kind() == ErrorKind::BrokenPipe {
                State::Gone
            } else {
                State::Failed(io::Error::new(error.kind(), error.to_string()))
            };
        }
        result
    }
}

impl Default for Terminal {
    fn default() -> Terminal {
        Terminal::new()
    }
}

impl Write for Terminal {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        if !self.is_open() {
            return Err(ErrorKind::BrokenPipe.into());
        }
        let result = self.out.write(octets);
        self.note(result)
    }

    fn flush(&mut self) -> io::Result<()> {
        if !self.is_open() {
            return Err(ErrorKind::BrokenPipe.into());
        }
        let result = self.out.flush();
        self.note(result)
    }
}

/// `NO_COLOR` forbids, `CLICOLOR_FORCE` demands, `CLICOLOR=0` and `TERM=dumb` forbid; otherwise a terminal is coloured.
pub fn wants_colour(is_terminal: bool, variable: &dyn Fn(&str) -> Option<String>) -> bool {
    let set = |name: &str| variable(name).is_some_and(|value| !value.is_empty());
    let is = |name: &str, wanted: &str| variable(name).is_some_and(|value| value == wanted);
    if set("NO_COLOR") {
        return false;
    }
    if set("CLICOLOR_FORCE") && !is("CLICOLOR_FORCE", "0") {
        return true;
    }
    is_terminal && !is("CLICOLOR", "0") && !is("TERM", "dumb")
}

/// Text in the colour of a verdict, or of a skipped run.
pub fn paint(text: &str, grade: Option<Grade>, colour: bool) -> String {
    if !colour {
        return text.to_owned();
    }
    let code = match grade {
        Some(Grade::Pass | Grade::Info) => "32",
        Some(Grade::NonStrict | Grade::Unsupported | Grade::Inconclusive) => "33",
        Some(Grade::Fail | Grade::Error) => "1;31",
        None => "2",
    };
    format!("\u{1b}[{code}m{text}\u{1b}[0m")
}

/// Text that stands out.
pub fn bold(text: &str, colour: bool) -> String {
    if colour {
        format!("\u{1b}[1m{text}\u{1b}[0m")
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decide(is_terminal: bool, variables: &[(&str, &str)]) -> bool {
        wants_colour(is_terminal, &|name| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn colours_follow_the_terminal_and_the_variables() {
        assert!(decide(true, &[]) && !decide(false, &[]));
        assert!(!decide(true, &[("NO_COLOR", "1")]));
        assert!(decide(true, &[("NO_COLOR", "")]));
        assert!(!decide(true, &[("CLICOLOR", "0")]));
        assert!(!decide(true, &[("TERM", "dumb")]));
        assert!(decide(false, &[("CLICOLOR_FORCE", "1")]));
        assert!(!decide(false, &[("CLICOLOR_FORCE", "0")]));
        assert!(!decide(true, &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]));
    }
}
