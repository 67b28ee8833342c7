//! `pptp-sim author`.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use super::args::AuthorArgs;
use super::artifacts::write_file;
use super::terminal::Terminal;
use crate::author::{AuthorFailure, author};
use crate::decode::DecodeFailure;
use crate::suite::Status;

/// Writes a scenario that reproduces what captures show.
pub fn run(arguments: &AuthorArgs, terminal: &mut Terminal) -> Status {
    let mut captures: Vec<(String, Box<dyn Read>)> = Vec::new();
    for path in &arguments.captures {
        let input: Box<dyn Read> = match path.as_str() {
            "-" => Box::new(io::stdin().lock()),
            path => match File::open(path) {
                Ok(file) => Box::new(file),
                Err(error) => {
                    let path = path.to_owned();
                    terminal.complain(&DecodeFailure::Open { path, error }.to_string());
                    return Status::Usage;
                }
            },
        };
        captures.push((path.clone(), input));
    }
    let authored = match author(captures) {
        Ok(authored) => authored,
        Err(failure) => {
            terminal.complain(&told(&failure, &arguments.captures));
            return failure.status();
        }
    };
    match &arguments.out {
        None => {
            let _ = terminal.say(&authored.text);
        }
        Some(path) => {
            if let Err(problem) = write_file(Path::new(path), authored.text.as_bytes()) {
                terminal.complain(&problem);
                return Status::Usage;
            }
        }
    }
    Status::Success
}

fn told(failure: &AuthorFailure, captures: &[String]) -> String {
    match failure {
        AuthorFailure::Capture { .. } => failure.to_string(),
        other => format!("{}: {other}", captures.join(", ")),
    }
}
