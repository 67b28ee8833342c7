//! `pptp-sim vocabulary`, `profiles` and `deviations`: what there is, with what each means.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use pptp_proto::{
    DEVIATIONS, Deviation, FoundBy, KnownBug, PROFILE_FIELDS, PROFILES, ProfileDefinition, Role,
};
use serde_json::{Value, json};

use super::args::{DeviationsArgs, ListFormat};
use super::misses;
use super::subject::unknown;
use super::terminal::{Terminal, bold};
use crate::scenario::ProfileValue;
use crate::scenario::vocabulary::{entries, to_human, to_json_lines};
use crate::suite::{Status, killers, tried};

/// Every word of the scenario language.
pub fn vocabulary(format: ListFormat, terminal: &mut Terminal) -> Status {
    let text = match format {
        ListFormat::Human => to_human(&entries()),
        ListFormat::Json => to_json_lines(&entries()),
    };
    let _ = terminal.say(&text);
    Status::Success
}

/// Every profile with what is known of it.
pub fn profiles(format: ListFormat, terminal: &mut Terminal) -> Status {
    for profile in PROFILES {
        let text = match format {
            ListFormat::Human => profile_text(profile, terminal.colour),
            ListFormat::Json => format!("{}\n", profile_json(profile)),
        };
        if terminal.say(&text).is_break() {
            break;
        }
    }
    Status::Success
}

/// Every deviation, with the scenarios that catch it.
pub fn deviations(arguments: &DeviationsArgs, terminal: &mut Terminal) -> Status {
    let chosen = match listed(&arguments.names) {
        Ok(chosen) => chosen,
        Err(problem) => {
            terminal.complain(&problem);
            return Status::Usage;
        }
    };
    let caught = match caught() {
        Ok(caught) => caught,
        Err(problem) => {
            terminal.complain(&problem);
            return Status::Internal;
        }
    };
    for deviation in chosen {
        let killed_by = caught.get(deviation.name).map_or(&[][..], Vec::as_slice);
        let text = match arguments.format {
            ListFormat::Human => deviation_text(deviation, killed_by, terminal.colour),
            ListFormat::Json => format!("{}\n", deviation_json(deviation, killed_by)),
        };
        if terminal.say(&text).is_break() {
            break;
        }
    }
    Status::Success
}

/// The deviations of these names, all where there are none.
fn listed(names: &[String]) -> Result<Vec<&'static Deviation>, String> {
    if names.is_empty() {
        return Ok(DEVIATIONS.iter().collect());
    }
    tried(names).map_err(|name| {
        let known = DEVIATIONS.iter().map(|deviation| deviation.name);
        unknown("deviation", &name, known)
    })
}

/// The scenarios that catch each deviation, by its name.
///
/// # Errors
/// What is wrong with the table that is built in.
pub fn caught() -> Result<&'static Caught, String> {
    static CAUGHT: OnceLock<Result<Caught, String>> = OnceLock::new();
    CAUGHT
        .get_or_init(read_caught)
        .as_ref()
        .map_err(Clone::clone)
}

/// Names of scenarios, by the name of the deviation.
type Caught = BTreeMap<&'static str, Vec<String>>;

fn read_caught() -> Result<Caught, String> {
    let mut caught = Caught::new();
    for killer in killers().map_err(|error| format!("{}: {error}", killers::PATH))? {
        let scenarios = caught.entry(killer.deviation.name).or_default();
        if !scenarios.contains(&killer.scenario) {
            scenarios.push(killer.scenario);
        }
    }
    Ok(caught)
}

/// `PAC`, `PNS` or `both`.
pub fn role_word(roles: &[Role]) -> &'static str {
    match roles {
        [only] => only.name(),
        _ => "both",
    }
}

/// A profile for people: name, roles, what it describes, each value with its source, and what it is expected to miss.
pub fn profile_text(profile: &ProfileDefinition, colour: bool) -> String {
    let mut text = format!(
        "{}  ({})  {}\n",
        bold(profile.name, colour),
        role_word(profile.roles),
        profile.doc
    );
    let width = profile
        .settings
        .iter()
        .map(|setting| setting.key.len())
        .max()
        .unwrap_or(0);
    for setting in profile.settings {
        text.push_str(&format!(
            "    {:<width$}  {}\n    {:<width$}    {}\n",
            setting.key, setting.value, "", setting.source
        ));
    }
    if profile.settings.is_empty() {
        text.push_str(
            "    every field as `pptp-sim vocabulary` lists it, with the RFC's reading\n",
        );
    }
    text + &misses::text(profile)
}

fn profile_json(profile: &ProfileDefinition) -> Value {
    let values = profile.profile();
    let fields: Vec<Value> = PROFILE_FIELDS
        .iter()
        .map(|field| {
            let own = profile
                .settings
                .iter()
                .find(|setting| setting.key == field.key);
            json!({
                "key": field.key,
                "value": values.get(field.key).map(|value| value_json(&value)),
                "source": own.map_or(field.source, |setting| setting.source),
                "own": own.is_some(),
            })
        })
        .collect();
    let roles: Vec<&str> = profile.roles.iter().map(|role| role.name()).collect();
    json!({"name": profile.name, "roles": roles, "doc": profile.doc, "fields": fields, "misses": misses::json(profile)})
}

fn value_json(value: &ProfileValue) -> Value {
    match value {
        ProfileValue::Duration(span) => json!(span.to_string()),
        ProfileValue::Integer(number) => json!(number),
        ProfileValue::Boolean(flag) => json!(flag),
        ProfileValue::Text(text) => json!(text),
    }
}

/// A deviation for people.
pub fn deviation_text(deviation: &Deviation, killed_by: &[String], colour: bool) -> String {
    let mut text = format!(
        "{}  ({}, {}, found by {})\n    {}\n",
        bold(deviation.name, colour),
        deviation.area,
        role_word(deviation.roles),
        match deviation.found_by {
            FoundBy::Nothing => "nothing".to_owned(),
            by => format!("the {}", by.name()),
        },
        deviation.doc
    );
    if !deviation.breaks.is_empty() {
        text.push_str(&format!(
            "    breaks      {}\n",
            breaks(deviation).join(" ")
        ));
    }
    for bug in deviation
        .known_bugs
        .iter()
        .filter_map(|id| KnownBug::by_id(id))
    {
        text.push_str(&format!(
            "    known bug   {}  {}: {}\n",
            bug.id, bug.software, bug.doc
        ));
    }
    if !killed_by.is_empty() {
        text.push_str(&format!("    killed by   {}\n", killed_by.join(" ")));
    }
    text
}

fn breaks(deviation: &Deviation) -> Vec<&'static str> {
    let ids = deviation.breaks.iter();
    ids.map(|requirement| requirement.id()).collect()
}

fn deviation_json(deviation: &Deviation, killed_by: &[String]) -> Value {
    json!({
        "name": deviation.name,
        "role": role_word(deviation.roles),
        "breaks": breaks(deviation),
        "found-by": deviation.found_by.name(),
        "killed-by": killed_by,
        "area": deviation.area.name(),
        "known-bugs": deviation.known_bugs,
        "doc": deviation.doc,
    })
}
