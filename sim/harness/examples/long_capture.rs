//! Writes a long capture, the same every time: `cargo run --example long_capture -- FILE [PACKETS [CONNECTIONS [CALLS]]]`.
//!
//! PACKETS (1,000,000) are the GRE packets of each call, CALLS (1) the calls of each control connection, CONNECTIONS (1) the control
//! connections. `-` as FILE is standard output.

#[path = "../benches/captures/generate.rs"]
mod generate;

use generate::{Shape, write_capture};
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some(path) = arguments.first() else {
        eprintln!("usage: long_capture FILE [PACKETS [CONNECTIONS [CALLS]]]");
        return ExitCode::from(2);
    };
    match number(&arguments, 1, 1_000_000)
        .and_then(|packets| {
            Ok(Shape {
                packets,
                connections: number(&arguments, 2, 1)?,
                calls: number(&arguments, 3, 1)?,
            })
        })
        .and_then(|shape| write_to(path, shape))
    {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{path}: {error}");
            ExitCode::from(2)
        }
    }
}

fn number(arguments: &[String], at: usize, otherwise: u32) -> io::Result<u32> {
    match arguments.get(at) {
        None => Ok(otherwise),
        Some(text) => text.parse().map_err(|_| {
            io::Error::new(io::ErrorKind::InvalidInput, format!("{text} is no number"))
        }),
    }
}

fn write_to(path: &str, shape: Shape) -> io::Result<()> {
    let out: Box<dyn Write> = match path {
        "-" => Box::new(io::stdout().lock()),
        _ => Box::new(File::create(path)?),
    };
    let written = write_capture(shape, BufWriter::with_capacity(1 << 20, out))?;
    eprintln!("{written:?}");
    Ok(())
}
