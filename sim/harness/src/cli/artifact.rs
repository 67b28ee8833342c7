//! `pptp-sim artifact`.

use std::fs;
use std::io::{self, Read};
use std::path::Path;

use super::args::ArtifactArgs;
use super::artifacts::write_file;
use super::terminal::Terminal;
use crate::artifact::artifact;
use crate::suite::Status;

/// Tells what an input of a fuzz target is.
pub fn run(arguments: &ArtifactArgs, terminal: &mut Terminal) -> Status {
    let octets = match read(&arguments.file) {
        Ok(octets) => octets,
        Err(error) => {
            terminal.complain(&format!("{}: {error}", arguments.file));
            return Status::Usage;
        }
    };
    let told = match artifact(&arguments.target, &arguments.file, &octets) {
        Ok(told) => told,
        Err(error) => {
            terminal.complain(&error.to_string());
            return Status::Usage;
        }
    };
    match &arguments.out {
        None => {
            let _ = terminal.say(&told.text);
        }
        Some(path) => {
            if let Err(problem) = write_file(Path::new(path), told.text.as_bytes()) {
                terminal.complain(&problem);
                return Status::Usage;
            }
        }
    }
    Status::Success
}

fn read(path: &str) -> io::Result<Vec<u8>> {
    if path != "-" {
        return fs::read(path);
    }
    let mut octets = Vec::new();
    io::stdin().lock().read_to_end(&mut octets)?;
    Ok(octets)
}
