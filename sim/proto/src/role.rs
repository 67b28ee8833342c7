//! The two roles of a PPTP end.

use core::fmt;

/// What an end is to its calls, whichever end opened the control connection (RFC 2637 §1.2, TR-009).
#[derive(Copy, Clone, Debug, Eq, PartialEq, Ord, PartialOrd, Hash)]
pub enum Role {
    /// PPTP Access Concentrator: the side of the telephone lines.
    Pac,
    /// PPTP Network Server: the side of the PPP server.
    Pns,
}

impl Role {
    /// `PAC` or `PNS`, as scenarios write it.
    pub const fn name(self) -> &'static str {
        match self {
            Role::Pac => "PAC",
            Role::Pns => "PNS",
        }
    }

    /// The role of the other end.
    pub const fn other(self) -> Role {
        match self {
            Role::Pac => Role::Pns,
            Role::Pns => Role::Pac,
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_is_shown_by_its_name() {
        assert_eq!(format!("{:>4}", Role::Pac), " PAC");
        assert_eq!(Role::Pac.other().name(), "PNS");
    }
}
