//! Runs an installed decoder on a capture.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::{Decoder, scapy};

/// Why a decoder said nothing.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum ProgramError {
    /// It is not installed.
    Absent(String),
    /// It cannot be started, or failed.
    Failed(String),
}

/// A decoder that is installed.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Program {
    /// Which.
    pub decoder: Decoder,
    path: PathBuf,
    /// Its version, `4.0.17`.
    pub version: String,
}

impl Program {
    /// Looks for a decoder in the folders of `path`, as the environment's `PATH` lists them. A Python without scapy is passed over.
    ///
    /// # Errors
    /// It is in none of them, or does not tell its version.
    pub fn find(decoder: Decoder, path: Option<&std::ffi::OsStr>) -> Result<Program, ProgramError> {
        let folders = path.map(std::env::split_paths).into_iter().flatten();
        for folder in folders {
            let file = folder.join(decoder.file());
            if !file.is_file() {
                continue;
            }
            if let Some(version) = version_of(decoder, &file) {
                return Ok(Program {
                    decoder,
                    path: file,
                    version,
                });
            }
        }
        let hint = match decoder {
            Decoder::Scapy => "no python3 in PATH has scapy",
            _ => "it is not in PATH",
        };
        Err(ProgramError::Absent(format!(
            "{} is not installed: {hint}",
            decoder.name()
        )))
    }

    /// Gives the decoder a capture and returns what it prints.
    ///
    /// # Errors
    /// It cannot be started, or ends with a failure.
    pub fn run(&self, capture: &[u8]) -> Result<String, ProgramError> {
        let failed =
            |problem: String| ProgramError::Failed(format!("{}: {problem}", self.path.display()));
        let mut child = Command::new(&self.path)
            .args(self.decoder.arguments())
            .env("LC_ALL", "C")
            .env("TZ", "UTC")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| failed(error.to_string()))?;
        let (mut input, mut errors) = (child.stdin.take(), child.stderr.take());
        let mut output = Vec::new();
        let mut told = String::new();
        // Somebody has to write and to read at the same time, as the pipes between hold little.
        let read = std::thread::scope(|scope| {
            scope.spawn(move || {
                if let Some(mut input) = input.take() {
                    // A decoder that does not read to the end says why.
                    let _ = input.write_all(capture);
                }
            });
            let errors = scope.spawn(move || {
                let mut text = Vec::new();
                if let Some(errors) = errors.as_mut() {
                    let _ = errors.read_to_end(&mut text);
                }
                String::from_utf8_lossy(&text).into_owned()
            });
            let read = match child.stdout.take() {
                Some(mut out) => out.read_to_end(&mut output),
                None => Ok(0),
            };
            told = errors.join().unwrap_or_default();
            read
        });
        let status = child.wait().map_err(|error| failed(error.to_string()))?;
        read.map_err(|error| failed(error.to_string()))?;
        if !status.success() {
            let last = told.lines().rev().find(|line| !line.trim().is_empty());
            return Err(failed(format!(
                "{status}: {}",
                last.unwrap_or("it does not say why")
            )));
        }
        Ok(String::from_utf8_lossy(&output).into_owned())
    }
}

/// The version that a program tells, `None` if it tells none.
fn version_of(decoder: Decoder, file: &Path) -> Option<String> {
    let arguments: &[&str] = match decoder {
        Decoder::Scapy => &["-c", scapy::PROBE],
        _ => &["--version"],
    };
    let output = Command::new(file)
        .args(arguments)
        .env("LC_ALL", "C")
        .stdin(Stdio::null())
        .output()
        .ok()
        .filter(|output| output.status.success())?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    first_version(&text)
}

/// The first word that begins with a digit and has a point: `4.0.17`.
fn first_version(text: &str) -> Option<String> {
    let words = text.split_whitespace();
    let word = words
        .map(|word| word.trim_end_matches(['.', ',', ')']))
        .find(|word| {
            word.starts_with(|letter: char| letter.is_ascii_digit()) && word.contains('.')
        });
    word.map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::goldens::DECODERS;

    #[test]
    fn what_is_in_no_folder_is_absent() {
        for decoder in DECODERS {
            for path in [None, Some(std::ffi::OsStr::new("/nonexistent"))] {
                let error = Program::find(decoder, path).expect_err("absent");
                let ProgramError::Absent(text) = error else {
                    panic!("{error:?}")
                };
                assert!(text.starts_with(decoder.name()), "{text}");
            }
        }
    }

    #[test]
    fn versions_are_read() {
        let texts = [
            (
                "TShark (Wireshark) 4.0.17 (Git v4.0.17 packaged as",
                "4.0.17",
            ),
            ("tcpdump version 4.99.3\nlibpcap version 1.10.3", "4.99.3"),
            ("2.5.0\n", "2.5.0"),
        ];
        for (text, version) in texts {
            assert_eq!(first_version(text).as_deref(), Some(version));
        }
        assert_eq!(first_version("no version"), None);
    }
}
