//! `pptp-sim profiles --matrix`: every PNS profile meets every PAC profile.

use super::args::ListFormat;
use super::terminal::Terminal;
use crate::interop::{Matrix, matrix_json, matrix_text};
use crate::suite::Status;

/// Plays the matrix and prints it.
pub fn matrix(format: ListFormat, terminal: &mut Terminal) -> Status {
    let jobs = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let matrix = match Matrix::play(jobs) {
        Ok(matrix) => matrix,
        Err(error) => {
            terminal.complain(&error.to_string());
            return Status::Internal;
        }
    };
    let text = match format {
        ListFormat::Human => matrix_text(&matrix),
        ListFormat::Json => matrix_json(&matrix),
    };
    let _ = terminal.say(&text);
    Status::Success
}
