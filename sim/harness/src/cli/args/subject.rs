//! What is run, and against what: for every command that plays scenarios.

use clap::Args;

use super::choices::{GradingChoice, SetChoice, WorldChoice};

/// What is run of the scenarios, and what stands at their nodes.
#[derive(Args, Debug)]
pub struct SubjectArgs {
    /// Run only the case of this name, of scenarios that have a matrix: `cut=84`
    #[arg(long, value_name = "NAME")]
    pub case: Option<String>,
    /// The world to run in
    #[arg(long, value_enum, default_value_t = WorldChoice::Event)]
    pub world: WorldChoice,
    /// Judge only this node, the system under test, and print a conformance report
    #[arg(long, value_name = "NODE")]
    pub sut: Option<String>,
    /// Put a profile at a node: `pac=accel-ppp` (see `pptp-sim profiles`)
    #[arg(long, value_name = "NODE=NAME", value_parser = pair)]
    pub profile: Vec<(String, String)>,
    /// Switch a deviation on at a node: `pac=cdn-carries-pns-id` (see `pptp-sim deviations`)
    #[arg(long, value_name = "NODE=NAME", value_parser = pair)]
    pub deviation: Vec<(String, String)>,
    /// Judge by this set of requirements as well, whatever the scenarios choose: `windows` is MS-001 to MS-015
    #[arg(long, value_enum, default_value_t = SetChoice::Rfc)]
    pub set: SetChoice,
    /// How hard a missed requirement is graded
    #[arg(long, value_enum, default_value_t = GradingChoice::Default)]
    pub grading: GradingChoice,
    /// How many runs at a time; the output does not depend on it
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub jobs: Option<u16>,
}

/// Reads `NODE=NAME`.
fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((node, name)) if !node.is_empty() && !name.is_empty() => {
            Ok((node.to_owned(), name.to_owned()))
        }
        _ => Err("expected NODE=NAME, such as pac=poptop".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pair_needs_both_halves() {
        assert_eq!(
            pair("pac=poptop"),
            Ok(("pac".to_owned(), "poptop".to_owned()))
        );
        assert!(pair("pac").is_err() && pair("=x").is_err() && pair("x=").is_err());
    }
}
