//! `pptp-sim explain`: everything that is known by a name.

mod requirement;
mod words;

use std::collections::BTreeSet;

use pptp_proto::{DEVIATIONS, DropReason, KnownBug, PROFILE_FIELDS, PROFILES, Transition};
use pptp_wire::Requirement;

use super::lists::{caught, deviation_text, profile_text};
use super::terminal::Terminal;
use crate::run::grade_text;
use crate::scenario::suggest::suggestion;
use crate::scenario::vocabulary::entries;
use crate::suite::Status;

/// Prints what `id` means, in every sense that it has.
pub fn explain(id: &str, terminal: &mut Terminal) -> Status {
    let sections = senses(id, terminal.colour);
    if sections.is_empty() {
        let known = known();
        let mut help = suggestion(id, known.iter().map(String::as_str), "");
        if help.is_none() {
            help = Some(
                "it takes a requirement (CDN-003), transition (T-PNSO-04), ambiguity (AMB-38), known bug (KB-20), deviation, profile, drop reason, verdict or word of the vocabulary".to_owned(),
            );
        }
        let help = help.unwrap_or_default();
        let shown: String = id.chars().take(60).collect();
        terminal.complain(&format!("nothing is known as `{shown}`; {help}"));
        return Status::Usage;
    }
    let _ = terminal.say(&sections.join("\n"));
    Status::Success
}

/// A text for each sense that `id` has. Ids are found whatever their case.
pub fn senses(id: &str, colour: bool) -> Vec<String> {
    let mut texts = Vec::new();
    let is = |name: &str| name.eq_ignore_ascii_case(id);
    if let Some(requirement) = Requirement::ALL.iter().find(|known| is(known.id())) {
        texts.push(requirement::text(*requirement, colour));
    }
    if let Some(transition) = Transition::ALL.iter().find(|known| is(known.id())) {
        texts.push(words::transition(*transition, colour));
    }
    texts.extend(words::ambiguity(id, colour));
    if let Some(deviation) = DEVIATIONS.iter().find(|known| is(known.name)) {
        let killed_by = caught().ok().and_then(|caught| caught.get(deviation.name));
        let killed_by = killed_by.map_or(&[][..], Vec::as_slice);
        texts.push(deviation_text(deviation, killed_by, colour));
    }
    if let Some(bug) = KnownBug::by_id(id) {
        texts.push(words::known_bug(bug, colour));
    }
    if let Some(profile) = PROFILES.iter().find(|known| is(known.name)) {
        texts.push(profile_text(profile, colour));
    }
    if let Some(field) = PROFILE_FIELDS.iter().find(|known| is(known.key)) {
        texts.push(words::profile_field(field, colour));
    }
    if let Some(reason) = DropReason::ALL.iter().find(|known| is(known.key())) {
        texts.push(words::drop_reason(*reason, colour));
    }
    if let Some((grade, meaning)) = words::GRADES
        .iter()
        .find(|(grade, _)| is(grade_text(*grade)))
    {
        texts.push(words::verdict(*grade, meaning, colour));
    }
    texts.extend(words::vocabulary(id, colour));
    texts
}

/// Every name that can be explained.
fn known() -> BTreeSet<String> {
    let ids = Requirement::ALL.iter().map(|known| known.id().to_owned());
    let transitions = Transition::ALL.iter().map(|known| known.id().to_owned());
    let deviations = DEVIATIONS.iter().map(|known| known.name.to_owned());
    let bugs = KnownBug::all().map(|known| known.id.to_owned());
    let profiles = PROFILES.iter().map(|known| known.name.to_owned());
    let grades = words::GRADES
        .iter()
        .map(|(grade, _)| grade_text(*grade).to_owned());
    let words = entries().into_iter().map(|entry| entry.name);
    ids.chain(transitions)
        .chain(deviations)
        .chain(bugs)
        .chain(profiles)
        .chain(grades)
        .chain(words)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_is_known_is_explained() {
        for name in known() {
            let texts = senses(&name, false);
            assert!(!texts.is_empty(), "{name}");
            assert!(
                texts
                    .iter()
                    .all(|text| text.lines().count() >= 2 && text.ends_with('\n')),
                "{name}: {texts:?}"
            );
        }
        assert!(senses("CDN-999", false).is_empty() && senses("", false).is_empty());
    }

    #[test]
    fn a_requirement_says_its_clause_and_what_touches_it() {
        let text = senses("cdn-003", false).concat();
        for part in [
            "CDN-003",
            "RFC 2637 §2.13",
            "outgoing/outgoing-call",
            "cdn-carries-pns-id",
            "severity",
        ] {
            assert!(text.contains(part), "{part}\n{text}");
        }
        assert!(senses("T-PNSO-04", false).concat().contains("PNS-outgoing"));
        let played = senses("kb-20", false).concat();
        assert!(played.contains("accel-ppp before d76b2f6c"), "{played}");
        assert!(played.contains("cdn-carries-pns-id"), "{played}");
        assert!(senses("KB-12", false).concat().contains("not played"));
        assert!(
            senses("AMB-38", false)
                .concat()
                .contains("disconnect-notify-call-id")
        );
    }
}
