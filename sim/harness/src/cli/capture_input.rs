//! The capture that a command reads: a file or standard input, with progress on a terminal.

use std::fs::File;
use std::io::{self, IsTerminal, Read};

use super::progress::Reading;
use super::terminal::Terminal;

/// Opens the capture at `path`, or standard input where that is `-`. Progress is shown on a terminal, and only where standard output
/// is not that terminal too (`prints_while_reading`: the lines that come are progress enough, and a bar would spoil them).
///
/// # Errors
/// As the operating system gives them.
pub fn open(
    path: &str,
    terminal: &Terminal,
    prints_while_reading: bool,
) -> io::Result<Reading<Box<dyn Read>>> {
    let shown = terminal.shows_progress && !(prints_while_reading && io::stdout().is_terminal());
    if path == "-" {
        return Ok(Reading::new(Box::new(io::stdin()), None, shown));
    }
    let file = File::open(path)?;
    // A pipe or a device has a length of 0, which says nothing.
    let length = file.metadata().ok().filter(|found| found.is_file());
    let length = length.map(|found| found.len());
    Ok(Reading::new(Box::new(file), length, shown))
}
