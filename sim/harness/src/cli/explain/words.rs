//! Transitions, readings, profile fields, drop reasons, verdicts, and words of the vocabulary.

use pptp_proto::{DropReason, KnownBug, PROFILE_FIELDS, PROFILES, ProfileField, Transition};
use pptp_rules::Grade;

use super::requirement::ambiguity_ids;
use crate::cli::terminal::bold;
use crate::register::register;
use crate::run::grade_text;
use crate::scenario::vocabulary::entries;

/// What each verdict means.
pub(super) const GRADES: &[(Grade, &str)] = &[
    (Grade::Pass, "Nothing was wrong."),
    (Grade::Info, "Legal, and worth knowing: a note was missed."),
    (
        Grade::NonStrict,
        "Against a recommendation, or a deviation that most of the field shares: a warning was missed.",
    ),
    (
        Grade::Unsupported,
        "A step asks something of a node that it does not offer: nothing was judged from there on.",
    ),
    (Grade::Inconclusive, "What was seen does not decide it."),
    (
        Grade::Fail,
        "A requirement is broken, or an expected message did not come.",
    ),
    (
        Grade::Error,
        "The run itself went wrong: an impossible step, a limit, a tape that does not fit, or a defect of the harness.",
    ),
];

pub(super) fn verdict(grade: Grade, meaning: &str, colour: bool) -> String {
    let order: Vec<&str> = GRADES.iter().map(|(known, _)| grade_text(*known)).collect();
    format!(
        "{}  (verdict)\n    {meaning}\n    The worst wins: {}.\n",
        bold(grade_text(grade), colour),
        order.join(" < ")
    )
}

pub(super) fn transition(transition: Transition, colour: bool) -> String {
    let row = transition.row();
    format!(
        "{}  (transition of {})\n    in state    {}\n    event       {}\n    action      {}\n    next state  {}\n    source      RFC 2637 §3, {}\n",
        bold(row.id, colour),
        row.machine.name(),
        row.state,
        row.event,
        row.action,
        row.next_state,
        row.source
    )
}

/// A bug of real software: whose it was, and what plays it.
pub(super) fn known_bug(bug: &KnownBug, colour: bool) -> String {
    let mut text = format!(
        "{}  (a bug of {})\n    {}\n",
        bold(bug.id, colour),
        bug.software,
        bug.doc
    );
    for deviation in bug.deviations() {
        text.push_str(&format!(
            "    played by   {}: {}\n",
            deviation.name, deviation.doc
        ));
    }
    if let Some(reason) = bug.not_played {
        text.push_str(&format!("    not played  {reason}\n"));
    }
    text
}

pub(super) fn profile_field(field: &ProfileField, colour: bool) -> String {
    let mut text = format!(
        "{}  (profile field; takes {})\n    {}\n    source      {}\n",
        bold(field.key, colour),
        field.kind,
        field.doc,
        field.source
    );
    for profile in PROFILES {
        let own = profile
            .settings
            .iter()
            .find(|setting| setting.key == field.key);
        match (own, profile.profile().get(field.key)) {
            (Some(setting), _) => text.push_str(&format!(
                "    {:<11} {}  ({})\n",
                profile.name, setting.value, setting.source
            )),
            (None, Some(value)) if profile.settings.is_empty() => {
                text.push_str(&format!("    {:<11} {value}\n", profile.name));
            }
            _ => {}
        }
    }
    text
}

pub(super) fn drop_reason(reason: DropReason, colour: bool) -> String {
    format!(
        "{}  (drop reason: `expect NODE dropped={}`)\n    {}\n",
        bold(reason.key(), colour),
        reason.key(),
        reason.doc()
    )
}

/// Where a reading of the RFC is at work: requirements, transitions and profile fields that cite it.
pub(super) fn ambiguity(id: &str, colour: bool) -> Option<String> {
    let id = id.to_ascii_uppercase();
    let cites = |text: &str| ambiguity_ids(text).contains(&id);
    let mut text = String::new();
    for row in register().values() {
        let decision = row.decision.as_deref().unwrap_or("");
        if cites(&row.sentence) || cites(&row.observed) || cites(decision) {
            text.push_str(&format!("    {}  {}\n", row.requirement, row.sentence));
        }
    }
    for transition in Transition::ALL {
        let row = transition.row();
        if cites(row.source) || cites(row.action) {
            text.push_str(&format!(
                "    {}  {}: {} / {}\n",
                row.id, row.state, row.event, row.action
            ));
        }
    }
    for reason in DropReason::ALL {
        if cites(reason.doc()) {
            text.push_str(&format!("    dropped={}  {}\n", reason.key(), reason.doc()));
        }
    }
    for field in PROFILE_FIELDS {
        if cites(field.source) {
            text.push_str(&format!("    {}  {}\n", field.key, field.doc));
        }
    }
    if text.is_empty() {
        return None;
    }
    Some(format!(
        "{}  (a point that RFC 2637 leaves open; its reading is at work in)\n{text}",
        bold(&id, colour)
    ))
}

/// The entries of the vocabulary that are no other sense already.
pub(super) fn vocabulary(name: &str, colour: bool) -> Vec<String> {
    use crate::scenario::vocabulary::EntryKind;
    let told = [
        EntryKind::Profile,
        EntryKind::ProfileField,
        EntryKind::DropReason,
    ];
    entries()
        .into_iter()
        .filter(|entry| entry.name.eq_ignore_ascii_case(name) && !told.contains(&entry.kind))
        .map(|entry| {
            let mut text = format!("{}  ({}", bold(&entry.name, colour), entry.kind.name());
            if !entry.of.is_empty() {
                text.push_str(&format!(" of {}", entry.of));
            }
            text.push_str(")\n");
            if !entry.takes.is_empty() {
                text.push_str(&format!("    takes       {}\n", entry.takes));
            }
            if !entry.doc.is_empty() {
                text.push_str(&format!("    {}\n", entry.doc));
            }
            text
        })
        .collect()
}
