//! Lists and explanations.

use clap::Args;

use super::choices::{ListFormat, SetChoice};

/// `pptp-sim vocabulary`.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  pptp-sim vocabulary | less
  pptp-sim explain packet-recv-window-size     one word in full")]
pub struct VocabularyArgs {
    /// How the list is printed
    #[arg(long, value_enum, default_value_t = ListFormat::Human)]
    pub format: ListFormat,
}

/// `pptp-sim requirements`.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  pptp-sim requirements
  pptp-sim requirements --uncovered                       what no scenario puts to the test
  pptp-sim requirements --set windows                     what Windows does beside the RFC
  pptp-sim requirements --format json | jq 'select(.ruled | not).id'
  pptp-sim requirements --register my-register.kdl        check another register: every mistake with its line
  pptp-sim explain CDN-003                                one requirement in full")]
pub struct RequirementsArgs {
    /// How the list is printed
    #[arg(long, value_enum, default_value_t = ListFormat::Human)]
    pub format: ListFormat,
    /// Only those that no scenario of the built-in suite covers
    #[arg(long)]
    pub uncovered: bool,
    /// Only those of this set
    #[arg(long, value_enum)]
    pub set: Option<SetChoice>,
    /// Read the register from this file instead of the one that is built in
    #[arg(long, value_name = "FILE")]
    pub register: Option<String>,
}

/// `pptp-sim profiles`.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  pptp-sim profiles
  pptp-sim profiles --matrix                           who works with whom
  pptp-sim explain accel-ppp                           one profile, each value with its source
  pptp-sim run --sut pac --profile pac=accel-ppp       how it fares")]
pub struct ProfilesArgs {
    /// Have every PNS profile call through every PAC profile, and print who works with whom
    #[arg(long)]
    pub matrix: bool,
    /// How the list is printed
    #[arg(long, value_enum, default_value_t = ListFormat::Human)]
    pub format: ListFormat,
}

/// `pptp-sim deviations`.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  pptp-sim deviations
  pptp-sim deviations cdn-carries-pns-id               one of them
  pptp-sim run --deviation pac=cdn-carries-pns-id outgoing
  pptp-sim deviations --kill-matrix                    the suite catches every one of them, in each of its roles
  pptp-sim deviations --kill-matrix --full ack-ahead   every scenario that catches this one")]
pub struct DeviationsArgs {
    /// Only these
    #[arg(value_name = "NAME")]
    pub names: Vec<String>,

    /// Run the suite against each: first the scenarios that cover a requirement that it breaks, until one of those is missed. A
    /// deviation that survives is a failure; the canary is to survive
    #[arg(long)]
    pub kill_matrix: bool,

    /// Run every scenario against each, and list all that catch it
    #[arg(long, requires = "kill_matrix")]
    pub full: bool,

    /// How many runs at a time [default: as many as the machine can]; no effect on the results
    #[arg(long, value_name = "N", requires = "kill_matrix", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub jobs: Option<u16>,

    /// How the list is printed
    #[arg(long, value_enum, default_value_t = ListFormat::Human)]
    pub format: ListFormat,
}

/// `pptp-sim explain`.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  pptp-sim explain CDN-003             a requirement: clause, how it is observed, what covers and what breaks it
  pptp-sim explain T-PNSO-04           a transition
  pptp-sim explain AMB-38              where a reading of the RFC is at work
  pptp-sim explain payload-length      a field, and a drop reason")]
pub struct ExplainArgs {
    /// An id, name or word
    #[arg(value_name = "ID")]
    pub id: String,
}
