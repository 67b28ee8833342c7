//! The ids of the requirements that validation, rules, scenarios and deviations cite, as an enum.
//!
//! Severities are those of the requirement table after its review against real traffic: a wrong size (`HDR-003`) is as hard as a
//! set reserved bit; hunting for the cookie (`HDR-008`, AMB-35) and a message against its direction (`HDR-016`, AMB-40) are errors;
//! window excess has one severity for both roles (`OCRQ-014`, `WIN-001` to `WIN-006`, AMB-50); a call that ends without
//! Call-Disconnect-Notify has one (`CCLR-005`, `CDN-002`, `PACI-005`, `PACO-006`, `PACO-007`); a missing close after 60 s has one
//! (`KA-002`, `KA-004`, `CC-029`); definitions in which nothing of their own can be violated are notes (`OCRQ-008`, `OCRP-008`,
//! `ICRP-006`, `ICCN-005`); and so is a silent open connection (`CC-001`).

mod table;

pub use table::Requirement;

use core::fmt;
use core::str::FromStr;

/// How hard a verdict on a violated requirement is, mildest last.
#[derive(Copy, Clone, Eq, PartialEq, Ord, PartialOrd, Hash, Debug)]
pub enum Severity {
    /// Grades as a failure.
    Error,
    /// Grades as non-strict.
    Warning,
    /// Grades as information.
    Note,
    /// Counts only where the profile set that it belongs to is chosen.
    Profile,
}

impl Severity {
    /// `error`, `warning`, `note` or `profile`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
            Self::Profile => "profile",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// The end that a requirement binds.
#[derive(Copy, Clone, Eq, PartialEq, Ord, PartialOrd, Hash, Debug)]
pub enum RequirementRole {
    /// Either end.
    Both,
    /// The end that opened the control connection.
    Originator,
    /// The end that accepted the control connection.
    Receiver,
    /// The PPTP Access Concentrator.
    Pac,
    /// The PPTP Network Server.
    Pns,
}

impl RequirementRole {
    /// `both`, `originator`, `receiver`, `PAC` or `PNS`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Both => "both",
            Self::Originator => "originator",
            Self::Receiver => "receiver",
            Self::Pac => "PAC",
            Self::Pns => "PNS",
        }
    }
}

impl fmt::Display for RequirementRole {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// One row of the table.
struct Row {
    id: &'static str,
    section: &'static str,
    role: RequirementRole,
    severity: Severity,
}

macro_rules! requirements {
    ($($variant:ident = $id:literal, $section:literal, $role:ident, $severity:ident;)*) => {
        /// A requirement on PPTP implementations, named by its id: `Hdr001` is `HDR-001`.
        #[derive(Copy, Clone, Eq, PartialEq, Ord, PartialOrd, Hash, Debug)]
        #[repr(u16)]
        pub enum Requirement {
            $(#[doc = concat!("`", $id, "`, section ", $section, ".")] $variant,)*
        }

        impl Requirement {
            /// Every requirement, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];
        }

        pub(super) static ROWS: &[super::Row] =
            &[$(super::Row { id: $id, section: $section, role: $role, severity: $severity },)*];
    };
}
use requirements;

impl Requirement {
    /// The id, such as `CDN-003`.
    pub fn id(self) -> &'static str {
        self.row().id
    }

    /// The section or sections of RFC 2637 (or of the document that the table names) that it comes from.
    pub fn section(self) -> &'static str {
        self.row().section
    }

    /// The end that it binds.
    pub fn role(self) -> RequirementRole {
        self.row().role
    }

    /// How hard a verdict on its violation is.
    pub fn severity(self) -> Severity {
        self.row().severity
    }

    fn row(self) -> &'static Row {
        &table::ROWS[self as usize]
    }
}

impl fmt::Display for Requirement {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.id())
    }
}

/// The text is not the id of a requirement.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub struct UnknownRequirement;

impl fmt::Display for UnknownRequirement {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("no requirement has this id; ids look like CDN-003")
    }
}

impl core::error::Error for UnknownRequirement {}

impl FromStr for Requirement {
    type Err = UnknownRequirement;

    fn from_str(id: &str) -> Result<Self, UnknownRequirement> {
        let position = table::ROWS
            .iter()
            .position(|row| row.id == id)
            .ok_or(UnknownRequirement)?;
        Ok(Self::ALL[position])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_id_is_unique_and_reads_back() {
        assert_eq!(Requirement::ALL.len(), 341);
        for &requirement in Requirement::ALL {
            assert_eq!(requirement.id().parse(), Ok(requirement));
            assert_eq!(requirement.to_string(), requirement.id());
        }
    }

    #[test]
    fn the_first_and_the_last_row_are_where_the_table_has_them() {
        assert_eq!(Requirement::ALL[0], Requirement::Tr001);
        assert_eq!(
            (Requirement::Tr001 as u16, Requirement::Ms015 as u16),
            (0, 340)
        );
        assert_eq!(Requirement::Cdn003.id(), "CDN-003");
        assert_eq!(Requirement::Cdn003.section(), "2.13");
        assert_eq!(Requirement::Cdn003.role(), RequirementRole::Pac);
        assert_eq!(Requirement::Cdn003.severity(), Severity::Error);
        assert_eq!(Requirement::Ms004.severity(), Severity::Profile);
    }

    #[test]
    fn severities_go_from_the_hardest_to_the_mildest_and_show_their_names() {
        use Severity::{Error, Note, Profile, Warning};
        let mut severities = [Note, Profile, Error, Warning];
        severities.sort();
        let names = severities.map(|severity| severity.to_string());
        assert_eq!(names, ["error", "warning", "note", "profile"]);
    }

    #[test]
    fn other_text_is_no_id() {
        for text in ["", "CDN-3", "cdn-003", "CDN-003 ", "XYZ-001"] {
            assert_eq!(text.parse::<Requirement>(), Err(UnknownRequirement));
        }
    }
}
