//! Reading captures.

use clap::Args;

use super::choices::{GradingChoice, ListFormat, ReportFormat};
use super::diagram::DiagramChoice;

/// `pptp-sim decode`.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  pptp-sim decode capture.pcapng                       one line a message
  tcpdump -w - port 1723 or proto 47 | pptp-sim decode -
  pptp-sim decode --format json capture.pcap | jq .message
  pptp-sim decode --diagram svg capture.pcap > capture.svg

Nothing is judged: the exit status is 0 whatever the capture shows, and 2 where it cannot be read.")]
pub struct DecodeArgs {
    /// A pcap or pcapng file, or `-` for standard input
    #[arg(value_name = "CAPTURE")]
    pub capture: String,
    /// How messages are printed
    #[arg(long, value_enum, default_value_t = ListFormat::Human)]
    pub format: ListFormat,
    /// Draw a sequence diagram of what the capture shows in place of its messages
    #[arg(long, value_enum, value_name = "FORMAT", conflicts_with = "format")]
    pub diagram: Option<DiagramChoice>,
}

/// `pptp-sim verify`.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  pptp-sim verify capture.pcapng                       who broke which requirement, and in which frame
  tcpdump -w - port 1723 or proto 47 | pptp-sim verify -
  pptp-sim verify --format json capture.pcap | jq .requirement
  pptp-sim verify --format junit capture.pcap > report.xml
  pptp-sim verify --behind-nat outside.pcapng          addresses and Call IDs were translated on the way
  pptp-sim verify --behind-nat inside.pcapng outside.pcapng
                                                       what the translation did, message by message

What a capture cannot tell is inconclusive, with the reason; what the path lost, repeated or reordered is no end's fault, and is
counted apart. The exit status is 1 where something is graded fail, and 2 where a capture cannot be read.")]
pub struct VerifyArgs {
    /// A pcap or pcapng file, or `-` for standard input. With --behind-nat, captures of the inside may come first, of the outside last
    #[arg(value_name = "CAPTURE", required = true)]
    pub captures: Vec<String>,
    /// Address translation stands between the ends: several hosts may share an address, and Call IDs may be rewritten
    #[arg(long)]
    pub behind_nat: bool,
    /// How hard a missed requirement is graded
    #[arg(long, value_enum, default_value_t = GradingChoice::Default)]
    pub grading: GradingChoice,
    /// How findings are printed
    #[arg(long, value_enum, default_value_t = ReportFormat::Human)]
    pub format: ReportFormat,
}
