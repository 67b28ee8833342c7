//! Writing scenarios from captures.

use clap::Args;

/// `pptp-sim author`.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  pptp-sim author capture.pcap                           a scenario on standard output
  pptp-sim author capture.pcapng --out my-scenario.kdl   the same to a file
  pptp-sim author pns.pcapng pac.pcapng                  a tap at each end: what was lost on the way is lost again
  tcpdump -w - port 1723 or proto 47 | pptp-sim author -

Several captures are several taps of one conversation, with clocks that agree; the tap of a host is the one that sees first what
the host sends. With one capture everything counts as sent where it was seen.

Exit status: 0 where a scenario was written, whatever it says; 2 where a capture cannot be read or holds no PPTP; 4 where it
holds more than a scenario can say.")]
pub struct AuthorArgs {
    /// pcap or pcapng files, one a tap, or `-` for standard input
    #[arg(value_name = "CAPTURE", required = true)]
    pub captures: Vec<String>,
    /// Write the scenario to this file instead of standard output
    #[arg(long, value_name = "FILE")]
    pub out: Option<String>,
}
