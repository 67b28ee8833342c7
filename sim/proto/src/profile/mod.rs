//! Behaviour that RFC 2637 leaves open, as data: one public field a behaviour, the RFC's reading as default.
//!
//! A profile is a value: [`Profile::RFC`] and the named ones of [`PROFILES`], which describe real implementations.
//! Each field has a key for scenarios, a doc and a source ([`PROFILE_FIELDS`]); each value of a named profile has a source.

mod choices;
mod fields;
mod named;
mod shared;
mod value;

pub use choices::*;
pub use fields::{PROFILE_FIELDS, Profile};
pub use named::{PROFILES, ProfileDefinition, ProfileSetting};
pub use shared::SharedProfile;
pub use value::{ProfileError, ProfileKind, ProfileValue};

/// One field of a profile, for listings and for the vocabulary of scenarios.
#[derive(Copy, Clone, Debug)]
pub struct ProfileField {
    /// The key of scenarios: `reply-time-out`.
    pub key: &'static str,
    /// What it takes.
    pub kind: ProfileKind,
    /// What it does.
    pub doc: &'static str,
    /// Where the RFC leaves it open and which reading the default follows.
    pub source: &'static str,
}

impl ProfileField {
    /// The field of this key.
    pub fn by_key(key: &str) -> Option<&'static ProfileField> {
        PROFILE_FIELDS.iter().find(|field| field.key == key)
    }
}

impl Default for Profile {
    fn default() -> Profile {
        Profile::RFC
    }
}

impl Profile {
    /// The profile of this name, such as `rfc` or `poptop`.
    pub fn named(name: &str) -> Option<Profile> {
        PROFILES
            .iter()
            .find(|definition| definition.name == name)
            .map(ProfileDefinition::profile)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pptp_wire::time::Duration;

    #[test]
    fn every_field_reads_back_what_it_shows() {
        for definition in PROFILES {
            let profile = definition.profile();
            let mut copy = Profile {
                name: profile.name,
                roles: profile.roles,
                ..Profile::RFC
            };
            for field in PROFILE_FIELDS {
                let value = profile.get(field.key).unwrap();
                copy.set(field.key, value).unwrap();
            }
            assert_eq!(copy, profile);
        }
    }

    #[test]
    fn keys_are_unique_and_documented() {
        let mut keys: Vec<&str> = PROFILE_FIELDS.iter().map(|field| field.key).collect();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), PROFILE_FIELDS.len());
        for field in PROFILE_FIELDS {
            assert!(field.doc.ends_with('.'), "{}", field.key);
            assert!(
                field.source.contains("RFC") || field.source.contains("AMB-"),
                "{}",
                field.key
            );
        }
    }

    #[test]
    fn the_rfc_profile_has_the_readings_of_the_ambiguities() {
        let rfc = Profile::named("rfc").unwrap();
        assert_eq!(rfc, Profile::RFC);
        assert_eq!(rfc.acknowledgment_delay, Duration::from_millis(100));
        assert_eq!(
            rfc.get("first-sequence-number"),
            Some(ProfileValue::Integer(0))
        );
        assert_eq!(
            rfc.get("time-out-forgives"),
            Some(ProfileValue::text("all"))
        );
        assert_eq!(rfc.get("vendor-name"), Some(ProfileValue::text("pptp-sim")));
        assert_eq!(
            rfc.get("maximum-channels"),
            Some(ProfileValue::text("default"))
        );
        assert_eq!(rfc.get("no-such-field"), None);
    }

    #[test]
    fn a_wrong_value_is_refused_and_changes_nothing() {
        let mut profile = Profile::RFC;
        let long = "x".repeat(65);
        let cases = [
            (
                "reply-time-out",
                ProfileValue::Integer(60),
                "reply-time-out takes a duration such as 100ms, not 60",
            ),
            (
                "clear-result",
                ProfileValue::Integer(256),
                "clear-result takes a number from 0 to 255, not 256",
            ),
            (
                "time-out-forgives",
                ProfileValue::text("some"),
                "time-out-forgives takes one of all, oldest, not some",
            ),
            (
                "copies-window",
                ProfileValue::text("yes"),
                "copies-window takes true or false, not yes",
            ),
            (
                "maximum-channels",
                ProfileValue::text("many"),
                "maximum-channels takes a number from 0 to 65535, or default, not many",
            ),
        ];
        for (key, value, message) in cases {
            assert_eq!(profile.set(key, value).unwrap_err().to_string(), message);
        }
        assert!(
            profile
                .set("host-name", ProfileValue::Text(long.into()))
                .is_err()
        );
        assert_eq!(
            profile
                .set("reply-timeout", ProfileValue::Integer(1))
                .unwrap_err()
                .to_string(),
            "no profile field is called reply-timeout"
        );
        assert_eq!(profile, Profile::RFC);
    }

    #[test]
    fn every_value_of_a_named_profile_is_of_a_field_and_names_its_source() {
        for definition in PROFILES {
            let mut keys: Vec<&str> = definition
                .settings
                .iter()
                .map(|setting| setting.key)
                .collect();
            for setting in definition.settings {
                assert!(
                    ProfileField::by_key(setting.key).is_some(),
                    "{}",
                    setting.key
                );
                assert!(!setting.source.is_empty());
            }
            keys.sort_unstable();
            let count = keys.len();
            keys.dedup();
            assert_eq!(keys.len(), count, "{}", definition.name);
        }
        let names: Vec<&str> = PROFILES.iter().map(|definition| definition.name).collect();
        assert_eq!(
            names,
            [
                "rfc",
                "poptop",
                "pptp-linux",
                "accel-ppp",
                "mpd5",
                "npppd",
                "macos",
                "windows"
            ]
        );
    }
}
