//! How a transmit window stands.

/// How the transmit window of an established call stands (RFC 2637 §4.2).
#[derive(Copy, Clone, Debug, Eq, PartialEq, Ord, PartialOrd)]
#[repr(u8)]
pub enum WindowState {
    /// Nothing is unacknowledged, and no time-out has shrunk the window.
    Idle,
    /// Packets are unacknowledged and more may go; no time-out has shrunk the window.
    Open,
    /// As many packets are unacknowledged as the window allows; no time-out has shrunk it.
    Full,
    /// A time-out has shrunk the window, to more than one packet, and more may go.
    Shrunk,
    /// A time-out has shrunk the window, to more than one packet, and as many are unacknowledged.
    ShrunkFull,
    /// Time-outs have shrunk the window to one packet.
    Minimum,
    /// After a time-out the window has grown back to what it was before.
    Recovered,
}

impl WindowState {
    /// Every state.
    pub const ALL: &'static [WindowState] = &[
        WindowState::Idle,
        WindowState::Open,
        WindowState::Full,
        WindowState::Shrunk,
        WindowState::ShrunkFull,
        WindowState::Minimum,
        WindowState::Recovered,
    ];

    /// The word for it, such as `shrunk-full`.
    pub const fn name(self) -> &'static str {
        match self {
            WindowState::Idle => "idle",
            WindowState::Open => "open",
            WindowState::Full => "full",
            WindowState::Shrunk => "shrunk",
            WindowState::ShrunkFull => "shrunk-full",
            WindowState::Minimum => "minimum",
            WindowState::Recovered => "recovered",
        }
    }
}
