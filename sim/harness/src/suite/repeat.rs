//! The command that repeats one run.

use pptp_rules::Grading;

use super::find::Found;
use super::options::{Seat, Stand, SuiteOptions, WorldKind};
use crate::register::RequirementSet;
use crate::run::NodeChoice;
use crate::scenario::model::CaseName;

/// `pptp-sim run …` with everything that the outcome depends on.
pub fn replay_command(
    found: &Found,
    case: Option<&CaseName>,
    seed: u64,
    options: &SuiteOptions,
) -> String {
    command("run", found, case, seed, options)
}

/// `pptp-sim shrink …`: makes the failure that [`replay_command`] shows smaller.
pub fn shrink_command(
    found: &Found,
    case: Option<&CaseName>,
    seed: u64,
    options: &SuiteOptions,
) -> String {
    command("shrink", found, case, seed, options)
}

fn command(
    word: &str,
    found: &Found,
    case: Option<&CaseName>,
    seed: u64,
    options: &SuiteOptions,
) -> String {
    let swarm = if found.is_of_swarm() { " --swarm" } else { "" };
    let mut command = format!("pptp-sim {word}{swarm} --seed {seed}");
    let mut add = |flag: &str, value: &str| {
        command.push_str(&format!(" {flag} {}", shell_word(value)));
    };
    if options.real_world() == WorldKind::Turmoil {
        add("--world", "turmoil");
    }
    for (flag, value) in judging_flags(options) {
        add(flag, &value);
    }
    if let Some(case) = case {
        add("--case", &case.text);
    }
    if found.is_of_swarm() {
        return command;
    }
    let path = if found.built_in {
        &found.name
    } else {
        &found.path
    };
    let dashes = if path.starts_with('-') { "-- " } else { "" };
    command.push_str(&format!(" {dashes}{}", shell_word(path)));
    command
}

/// The flags that say who is judged, what stands where, and how it is judged; those that have their defaults are left out.
pub fn judging_flags(options: &SuiteOptions) -> Vec<(&'static str, String)> {
    let mut flags = Vec::new();
    if let Some(system) = &options.system_under_test
        && let (Seat::Named(name), Stand::AsWritten) = (&system.seat, &system.stand)
    {
        flags.push(("--sut", name.clone()));
    }
    flags.extend(choice_flags(options.choices.iter()));
    if options.set != RequirementSet::default() {
        flags.push(("--set", options.set.name().to_owned()));
    }
    match options.grading {
        Grading::Strict => flags.push(("--grading", "strict".to_owned())),
        Grading::Default => {}
        Grading::Lenient => flags.push(("--grading", "lenient".to_owned())),
    }
    flags
}

/// `--profile` and `--deviation` with their values.
pub fn choice_flags<'a>(
    choices: impl Iterator<Item = (&'a String, &'a NodeChoice)>,
) -> Vec<(&'static str, String)> {
    let mut flags = Vec::new();
    for (node, choice) in choices {
        if let Some(profile) = &choice.profile {
            flags.push(("--profile", format!("{node}={profile}")));
        }
        for deviation in &choice.deviations {
            flags.push(("--deviation", format!("{node}={deviation}")));
        }
    }
    flags
}

/// A word that a shell gives back unchanged.
pub fn shell_word(text: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_./=:,+@%".contains(letter);
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::suite::SystemUnderTest;

    #[test]
    fn the_command_says_all_that_matters() {
        let found = Found {
            name: "malformed/cut".to_owned(),
            path: "scenarios/malformed/cut.kdl".to_owned(),
            built_in: false,
        };
        let case = CaseName {
            index: 4,
            text: "it's cut".to_owned(),
            named: true,
            values: Vec::new(),
        };
        let mut options = SuiteOptions {
            grading: Grading::Strict,
            set: RequirementSet::Windows,
            system_under_test: Some(SystemUnderTest::named("pac")),
            ..SuiteOptions::default()
        };
        let choice = NodeChoice {
            profile: Some("poptop".to_owned()),
            deviations: vec!["never-ack".to_owned()],
        };
        options.choices.insert("pac".to_owned(), choice);
        assert_eq!(
            replay_command(&found, Some(&case), 7, &options),
            "pptp-sim run --seed 7 --sut pac --profile pac=poptop --deviation pac=never-ack --set windows --grading strict --case 'it'\\''s cut' scenarios/malformed/cut.kdl"
        );
        let drawn = Found::of_swarm("7");
        assert_eq!(
            replay_command(&drawn, None, 7, &SuiteOptions::default()),
            "pptp-sim run --swarm --seed 7"
        );
        let built_in = Found {
            built_in: true,
            ..found
        };
        assert_eq!(
            replay_command(&built_in, None, 0, &SuiteOptions::default()),
            "pptp-sim run --seed 0 malformed/cut"
        );
    }
}
