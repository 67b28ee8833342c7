//! What a profile is expected to miss, for people and for machines.

use pptp_proto::ProfileDefinition;
use serde_json::{Value, json};

use crate::run::grade_text;
use crate::suite::{ExpectedMiss, expected_misses};

/// The rows of the built-in table on this profile; a mistake in the table is another test's matter.
fn rows(profile: &ProfileDefinition) -> Vec<ExpectedMiss> {
    let mut rows = expected_misses().unwrap_or_default();
    rows.retain(|row| row.profile.name == profile.name);
    rows
}

/// What a conformance report says against the profile, for each role: the verdict, the requirements, and what shows that the software
/// does so.
pub fn text(profile: &ProfileDefinition) -> String {
    let rows = rows(profile);
    let mut text = String::new();
    for role in profile.roles {
        let of_role: Vec<&ExpectedMiss> = rows.iter().filter(|row| row.role == *role).collect();
        if of_role.is_empty() {
            text.push_str(&format!("  misses nothing as {}\n", role.name()));
            continue;
        }
        text.push_str(&format!("  misses as {}\n", role.name()));
        for facts in of_role.chunk_by(|one, other| one.line == other.line) {
            let ids: Vec<&str> = facts.iter().map(|row| row.requirement.id()).collect();
            text.push_str(&format!(
                "    {:<10}  {}\n                  {}\n",
                grade_text(facts[0].grade),
                ids.join(" "),
                facts[0].source
            ));
        }
    }
    text
}

/// The same, an object for each requirement.
pub fn json(profile: &ProfileDefinition) -> Vec<Value> {
    let rows = rows(profile);
    rows.iter()
        .map(|row| {
            json!({
                "role": row.role.name(),
                "requirement": row.requirement.id(),
                "verdict": grade_text(row.grade),
                "source": row.source,
            })
        })
        .collect()
}
