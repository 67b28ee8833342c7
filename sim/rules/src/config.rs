//! What a judge takes for granted: tolerances, and where the taps are.

use pptp_wire::time::Duration;

/// Tolerances and circumstances. The defaults fit a simulated world that is seen from its beginning.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub struct JudgeConfig {
    /// Address translation stands between the ends: several clients may share an address, and Call IDs may be rewritten
    /// (AMB-28, AMB-44, AMB-56). What translation explains is a note.
    pub behind_nat: bool,
    /// The observations begin before anything was sent. False for captures, which may begin in the middle of a tunnel: then data of
    /// calls that were never seen to be set up is inconclusive.
    pub from_the_start: bool,
    /// The set that describes Windows is chosen: its rows count, and what it relaxes is not judged (MS-004, MS-005, MS-008).
    pub windows: bool,
    /// How long a packet may be on the way, where the tap sits on the path (CALL-008; default 2 s).
    pub transit: Duration,
    /// How long an end may take to act on what has reached it, where the tap sits at the end itself (default 100 ms).
    pub reaction: Duration,
    /// What the 60 s rules are stretched by (AMB-30; default 10 s).
    pub timer: Duration,
    /// What a call that is being set up is granted beyond the 60 s (AMB-31; default 30 s).
    pub set_up: Duration,
    /// How soon "closes the connection" means (default 5 s).
    pub close: Duration,
    /// How soon the loser of a collision closes its connection (CC-024; default 1 s).
    pub collision: Duration,
    /// The shortest acknowledgment time-out of a sender: only bursts shorter than it are judged by the window rules, as a time-out
    /// forgives what is outstanding (AMB-06, AMB-48; default 100 ms).
    pub minimum_time_out: Duration,
    /// By when received data is acknowledged (ACK-009; default 1 s).
    pub acknowledgment: Duration,
    /// How long a receiver may hold packets back to put them in order (AMB-09; default 1.5 s).
    pub reordering: Duration,
}

impl Default for JudgeConfig {
    fn default() -> Self {
        Self {
            behind_nat: false,
            from_the_start: true,
            windows: false,
            transit: Duration::from_secs(2),
            reaction: Duration::from_millis(100),
            timer: Duration::from_secs(10),
            set_up: Duration::from_secs(30),
            close: Duration::from_secs(5),
            collision: Duration::from_secs(1),
            minimum_time_out: Duration::from_millis(100),
            acknowledgment: Duration::from_secs(1),
            reordering: Duration::from_millis(1_500),
        }
    }
}

impl JudgeConfig {
    /// The configuration for a capture: a tap on the path, which may have been started in the middle.
    pub fn capture() -> Self {
        Self {
            from_the_start: false,
            ..Self::default()
        }
    }
}
