//! What part of the protocol a deviation is about.

use core::fmt;

/// The part of an endpoint in which a deviation lies.
#[derive(Copy, Clone, Debug, Eq, PartialEq, Ord, PartialOrd)]
pub enum Area {
    /// How received packets are acknowledged (RFC 2637 §4.2.5, §4.3).
    Acknowledgment,
    /// Numbers, window and time-out of what is sent (RFC 2637 §4.2, §4.4).
    Window,
    /// The header of what is sent, and which headers are read (RFC 2637 §4.1).
    GreHeader,
    /// What is passed on to PPP, and in which order (RFC 2637 §4.3).
    Delivery,
    /// How the octet stream and the fields of its messages are read (RFC 2637 §1.4, §2).
    Framing,
    /// The start of a control connection (RFC 2637 §2.1, §2.2, §3.1).
    Start,
    /// Both ends open a control connection at once (RFC 2637 §3.1.3).
    Collision,
    /// The end of a control connection (RFC 2637 §2.3, §2.4, §3.1.1, §3.1.2).
    Stop,
    /// Keep-alive (RFC 2637 §2.5, §2.6, §3.1.4).
    KeepAlive,
    /// How calls come up (RFC 2637 §2.7 to §2.11, §3.2).
    CallSetup,
    /// How calls end (RFC 2637 §2.12, §2.13, §3.2).
    CallClearing,
    /// Line errors and link options of a call (RFC 2637 §2.14, §2.15).
    Line,
    /// No part at all: what cannot be seen.
    Nowhere,
}

impl Area {
    /// `gre-header`, `keep-alive`.
    pub const fn name(self) -> &'static str {
        match self {
            Area::Acknowledgment => "acknowledgment",
            Area::Window => "window",
            Area::GreHeader => "gre-header",
            Area::Delivery => "delivery",
            Area::Framing => "framing",
            Area::Start => "start",
            Area::Collision => "collision",
            Area::Stop => "stop",
            Area::KeepAlive => "keep-alive",
            Area::CallSetup => "call-setup",
            Area::CallClearing => "call-clearing",
            Area::Line => "line",
            Area::Nowhere => "nowhere",
        }
    }

    /// Whether it is about user data in GRE, not about control messages.
    pub const fn is_of_the_session(self) -> bool {
        matches!(
            self,
            Area::Acknowledgment | Area::Window | Area::GreHeader | Area::Delivery
        )
    }
}

impl fmt::Display for Area {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_area_is_shown_by_its_name() {
        assert_eq!(Area::GreHeader.to_string(), "gre-header");
        assert_eq!(format!("{:<5}|", Area::Stop), "stop |");
    }
}
