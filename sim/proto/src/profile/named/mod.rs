//! Profiles of real implementations: what is known of them, each value with its source.
//!
//! "Measured" values were seen on the wire of the version that is named; "source" values were read in its source text.
//! "Inferred" and "computed" say that a value, or a part of it, stands in neither and follows from what does.

mod accel_ppp;
mod macos;
mod mpd5;
mod npppd;
mod poptop;
mod pptp_linux;
mod windows;

use pptp_wire::time::Duration;

use super::{Profile, ProfileValue};
use crate::Role;

/// A named profile as data.
#[derive(Debug)]
pub struct ProfileDefinition {
    /// The name of scenarios and of the command line.
    pub name: &'static str,
    /// The roles that it can play.
    pub roles: &'static [Role],
    /// What it describes.
    pub doc: &'static str,
    /// What is known of it; the rest is as in [`Profile::RFC`].
    pub settings: &'static [ProfileSetting],
}

/// One value of a named profile.
#[derive(Debug)]
pub struct ProfileSetting {
    /// The field's key.
    pub key: &'static str,
    /// Its value.
    pub value: ProfileValue,
    /// Where the value comes from.
    pub source: &'static str,
}

impl ProfileDefinition {
    /// The profile itself.
    ///
    /// # Panics
    /// Never: a test sets every row of the table.
    pub fn profile(&self) -> Profile {
        let mut profile = Profile {
            name: self.name,
            roles: self.roles,
            ..Profile::RFC
        };
        for setting in self.settings {
            profile
                .set(setting.key, setting.value.clone())
                .expect("the table is tested");
        }
        profile
    }
}

/// Every named profile, the default first.
pub const PROFILES: &[ProfileDefinition] = &[
    ProfileDefinition {
        name: "rfc",
        roles: &[Role::Pac, Role::Pns],
        doc: "RFC 2637, read as the register of requirements has it",
        settings: &[],
    },
    ProfileDefinition {
        name: "poptop",
        roles: &[Role::Pac],
        doc: "pptpd 1.4.0, the server of the Poptop project",
        settings: poptop::SETTINGS,
    },
    ProfileDefinition {
        name: "pptp-linux",
        roles: &[Role::Pns],
        doc: "pptp-linux 1.10.0, the client",
        settings: pptp_linux::SETTINGS,
    },
    ProfileDefinition {
        name: "accel-ppp",
        roles: &[Role::Pac],
        doc: "accel-ppp (89637ee2) on the data path of the Linux kernel",
        settings: accel_ppp::SETTINGS,
    },
    ProfileDefinition {
        name: "mpd5",
        roles: &[Role::Pac, Role::Pns],
        doc: "mpd5 of FreeBSD on ng_pptpgre",
        settings: mpd5::SETTINGS,
    },
    ProfileDefinition {
        name: "npppd",
        roles: &[Role::Pac],
        doc: "npppd of OpenBSD (0fbf3537), the server",
        settings: npppd::SETTINGS,
    },
    ProfileDefinition {
        name: "macos",
        roles: &[Role::Pns],
        doc: "the PPTP client of macOS",
        settings: macos::SETTINGS,
    },
    ProfileDefinition {
        name: "windows",
        roles: &[Role::Pac, Role::Pns],
        doc: "Windows as [MS-PTPT] describes it",
        settings: windows::SETTINGS,
    },
];

const fn row(key: &'static str, value: ProfileValue, source: &'static str) -> ProfileSetting {
    ProfileSetting { key, value, source }
}

const fn word(text: &'static str) -> ProfileValue {
    ProfileValue::text(text)
}

const fn number(number: u64) -> ProfileValue {
    ProfileValue::Integer(number)
}

const fn seconds(count: u64) -> ProfileValue {
    ProfileValue::Duration(Duration::from_secs(count))
}

const fn milliseconds(count: u64) -> ProfileValue {
    ProfileValue::Duration(Duration::from_millis(count))
}

const YES: ProfileValue = ProfileValue::Boolean(true);
const NO: ProfileValue = ProfileValue::Boolean(false);
