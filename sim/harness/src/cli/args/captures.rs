//! Reading captures.

use clap::Args;

use super::choices::ListFormat;
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
