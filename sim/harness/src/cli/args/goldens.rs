//! `pptp-sim goldens`.

use clap::{ArgGroup, Args, ValueEnum};

use super::choices::ListFormat;
use crate::goldens::Decoder;

/// A decoder by name.
#[derive(Copy, Clone, Debug, Eq, PartialEq, ValueEnum)]
pub enum DecoderChoice {
    /// Wireshark's
    Tshark,
    /// tcpdump's, by what it prints with -vv
    Tcpdump,
    /// scapy's, of the first python3 in PATH that has it
    Scapy,
}

impl DecoderChoice {
    /// The decoder of the library.
    pub fn decoder(self) -> Decoder {
        match self {
            DecoderChoice::Tshark => Decoder::Tshark,
            DecoderChoice::Tcpdump => Decoder::Tcpdump,
            DecoderChoice::Scapy => Decoder::Scapy,
        }
    }
}

/// `pptp-sim goldens`.
#[derive(Args, Debug)]
#[command(group = ArgGroup::new("task").required(true).multiple(true).args(["out", "check"]))]
#[command(after_help = "\
Examples:
  pptp-sim goldens --out target/goldens                 pcapng with comments and JSON Lines, two files a node of every run
  pptp-sim goldens --out target/goldens malformed       of one topic
  pptp-sim goldens --check tshark                       of every scenario: where does the tshark that is installed differ?
  pptp-sim goldens --check tshark --in target/goldens   of goldens that were written before
  pptp-sim goldens --check scapy --format json faults   one object a disagreement

Disagreements whose cause is known are counted by cause. The exit status is 1 where there are others, and 2 where the decoder is
not installed or says what cannot be understood.")]
pub struct GoldensArgs {
    /// Files, folders or names of scenarios; without any, `scenarios/` here or else the built-in suite
    #[arg(value_name = "PATH")]
    pub paths: Vec<String>,
    /// Write goldens into this folder: NAME[.CASE].NODE.pcapng and NAME[.CASE].NODE.jsonl
    #[arg(long, value_name = "DIR")]
    pub out: Option<String>,
    /// Hold this decoder, which must be installed, against goldens
    #[arg(long, value_name = "DECODER", value_enum)]
    pub check: Option<DecoderChoice>,
    /// Check the goldens of this folder, instead of making them from scenarios
    #[arg(long = "in", value_name = "DIR", requires = "check", conflicts_with_all = ["out", "paths"])]
    pub folder: Option<String>,
    /// How disagreements are printed
    #[arg(long, value_enum, default_value_t = ListFormat::Human)]
    pub format: ListFormat,
    /// How many runs at a time; the output does not depend on it
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub jobs: Option<u16>,
}
