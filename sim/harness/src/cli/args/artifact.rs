//! Reading what a fuzz target found.

use clap::Args;

/// `pptp-sim artifact`.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  pptp-sim artifact world fuzz/artifacts/world/crash-0123 --out target/crash.kdl     the network and what happened in it
  pptp-sim run target/crash.kdl
  pptp-sim artifact endpoint fuzz/corpus/endpoint/seed-collision                     an endpoint and scripted peers
  pptp-sim artifact gre_decode fuzz/corpus/gre_decode/seed-data                      the packet, field by field

An input of `world` or `endpoint` becomes a scenario: it lints clean, luck is made explicit as faults, and a comment says which law
of the target it broke. Of an input of the other targets it is said what it is.

Exit status: 0 where the input was told, whatever it broke; 2 where there is no such target, or the file cannot be read or written.")]
pub struct ArtifactArgs {
    /// The fuzz target: capture_reader, control_decode, control_round_trip, differential, endpoint, field_tables, framer,
    /// gre_decode, scenario_text, world
    #[arg(value_name = "TARGET")]
    pub target: String,
    /// The input, or `-` for standard input
    #[arg(value_name = "FILE")]
    pub file: String,
    /// Write to this file instead of standard output
    #[arg(long, value_name = "FILE")]
    pub out: Option<String>,
}
