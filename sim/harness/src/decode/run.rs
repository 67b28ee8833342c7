//! The `decode` command as a function.

use std::fs::File;
use std::io::{self, Read, Write};

use super::decoder::{Summary, decode};
use super::failure::DecodeFailure;
use super::human::HumanRenderer;
use super::json::JsonRenderer;

/// How decoded messages are written.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum Format {
    /// Lines for people.
    Human,
    /// JSON lines.
    Json,
}

/// Decodes the capture at `path`, or standard input where that is `-`, to `out`.
///
/// # Errors
/// [`DecodeFailure`]: exit status 2. What could be decoded before has been written.
pub fn run(path: &str, format: Format, out: &mut dyn Write) -> Result<Summary, DecodeFailure> {
    if path == "-" {
        return run_on("-", io::stdin().lock(), format, out);
    }
    let file = File::open(path).map_err(|error| DecodeFailure::Open {
        path: path.to_owned(),
        error,
    })?;
    run_on(path, file, format, out)
}

/// Decodes `input` to `out`; `name` is what the capture is called there.
///
/// # Errors
/// As [`run`].
pub fn run_on<R: Read>(
    name: &str,
    input: R,
    format: Format,
    out: &mut dyn Write,
) -> Result<Summary, DecodeFailure> {
    match format {
        Format::Json => decode(input, &mut JsonRenderer::new(&mut *out)),
        Format::Human => {
            let name = name.escape_default();
            writeln!(out, "// pptp-sim transcript 1\n// capture \"{name}\"")
                .map_err(DecodeFailure::Write)?;
            let result = decode(input, &mut HumanRenderer::new(&mut *out));
            if let Ok(summary) = &result {
                notices(summary, out).map_err(DecodeFailure::Write)?;
            }
            if let Err(DecodeFailure::CutShort { error, summary }) = &result {
                notices(summary, out).map_err(DecodeFailure::Write)?;
                writeln!(out, "// {error}").map_err(DecodeFailure::Write)?;
            }
            result
        }
    }
}

fn notices(summary: &Summary, out: &mut dyn Write) -> io::Result<()> {
    for line in summary.notices.to_string().lines() {
        writeln!(out, "// {line}")?;
    }
    let Summary {
        frames,
        control_messages,
        gre_packets,
        ..
    } = summary;
    writeln!(
        out,
        "// frames={frames} control-messages={control_messages} gre-packets={gre_packets}"
    )
}

/// Reads any octets as a capture and renders all of it in both formats: the one call of a fuzz target.
pub fn fuzz_entry(octets: &[u8]) {
    for format in [Format::Human, Format::Json] {
        // Both outcomes are right; what must not happen is a panic.
        let _ = run_on("-", octets, format, &mut io::sink());
    }
}
