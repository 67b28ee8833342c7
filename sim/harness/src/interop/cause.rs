//! Why a mark is not clean: the values of a profile that make it so, with their sources.

use pptp_proto::{ProfileDefinition, ProfileField, ProfileSetting, ProfileValue, Role};

use super::matrix::role_of;
use super::meanings::{MEANINGS, Question};

/// A value of a profile that stands behind a mark.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Cause {
    /// What the mark answers.
    pub question: Question,
    /// The mark.
    pub mark: char,
    /// The field's key.
    pub field: &'static str,
    /// Its value.
    pub value: ProfileValue,
    /// Where the value comes from.
    pub source: &'static str,
}

impl Cause {
    /// The values of `profile`, which is at this end (0 is the PNS, 1 the PAC), that can be behind the mark: those that it has of
    /// its own among the fields that matter, and the RFC's own reading where that leads to the mark as well.
    pub fn of(
        profile: &ProfileDefinition,
        end: usize,
        question: Question,
        mark: char,
    ) -> Vec<Cause> {
        let meaning = MEANINGS
            .iter()
            .find(|meaning| meaning.question == question && meaning.mark == mark);
        let Some(meaning) = meaning else {
            return Vec::new();
        };
        let own = profile
            .settings
            .iter()
            .filter(|setting| meaning.fields.contains(&setting.key))
            .filter(|setting| matters(setting, end, mark));
        let mut causes: Vec<Cause> = own
            .map(|setting| Cause {
                question,
                mark,
                field: setting.key,
                value: setting.value.clone(),
                source: setting.source,
            })
            .collect();
        let reorders = causes.iter().any(|cause| cause.field != BAD_ACKNOWLEDGMENT);
        if !reorders && is_the_rfcs_own(question, mark) {
            causes.extend(Cause::of_the_rfc(profile, question, mark, meaning.fields));
        }
        causes
    }

    fn of_the_rfc(
        profile: &ProfileDefinition,
        question: Question,
        mark: char,
        fields: &[&'static str],
    ) -> Option<Cause> {
        let field = ProfileField::by_key(fields.first()?)?;
        Some(Cause {
            question,
            mark,
            field: field.key,
            value: profile.profile().get(field.key)?,
            source: field.source,
        })
    }
}

/// What is dropped for its acknowledgment comes on top of what is dropped because it is late.
const BAD_ACKNOWLEDGMENT: &str = "bad-acknowledgment";

/// Fields that only one role knows.
const OF_A_ROLE: &[(&str, Role)] = &[
    ("clear-request", Role::Pac),
    ("clear-result", Role::Pac),
    ("disconnect-result", Role::Pac),
    ("disconnects-with", Role::Pac),
    ("disconnect-notify-call-id", Role::Pac),
    ("disconnect-notify-match", Role::Pns),
    ("disconnect-time-out", Role::Pns),
    ("ends-call-with", Role::Pns),
];

/// Whether the setting can lead to the mark at this end.
fn matters(setting: &ProfileSetting, end: usize, mark: char) -> bool {
    let role = role_of(end);
    let has = |words: &[&'static str]| {
        let mut words = words.iter();
        words.any(|word| setting.value == ProfileValue::text(word))
    };
    let of_other_role = OF_A_ROLE
        .iter()
        .any(|(key, only)| *key == setting.key && *only != role);
    match (setting.key, mark) {
        _ if of_other_role => false,
        ("stop-request", 'u') => has(&["ignore", "close"]),
        ("after-last-call", 'u' | 'F') => has(&["close"]),
        // Every Result but 0 is one that the RFC defines.
        ("disconnect-result", _) => setting.value == ProfileValue::Integer(0),
        _ => true,
    }
}

/// Marks that an end gets which does as RFC 2637 reads: late packets are discarded (§4.3), data waits for the window (§4.2).
fn is_the_rfcs_own(question: Question, mark: char) -> bool {
    question == Question::Data && matches!(mark, 'd' | 'w')
}
