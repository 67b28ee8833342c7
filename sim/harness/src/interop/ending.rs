//! How a call and its control connection ended, as the records tell it.

use pptp_wire::ControlMessageType;
use pptp_wire::time::{Duration, Instant};

/// How a call and its control connection ended. Ends are numbered: 0 is the PNS, 1 the PAC.
#[derive(Clone, Debug, Default)]
pub struct Ending {
    /// The PNS sent Call-Clear-Request.
    pub cleared: bool,
    /// The PAC sent Call-Disconnect-Notify.
    pub notified: bool,
    /// The end that sent Stop-Control-Connection-Request first.
    pub stopped_by: Option<usize>,
    /// Somebody sent Stop-Control-Connection-Reply.
    pub stop_answered: bool,
    /// The end that closed TCP first.
    pub closed_by: Option<usize>,
    /// The end that reset TCP first.
    pub reset_by: Option<usize>,
    /// When the first word of the end was said.
    pub began: Option<Instant>,
    /// When each end was rid of the call.
    pub over: [Option<Instant>; 2],
}

impl Ending {
    pub(super) fn message(&mut self, at: Instant, from: usize, octets: &[u8]) {
        let Some(&[high, low]) = octets.get(8..10) else {
            return;
        };
        match ControlMessageType(u16::from_be_bytes([high, low])) {
            ControlMessageType::CALL_CLEAR_REQUEST => self.cleared = true,
            ControlMessageType::CALL_DISCONNECT_NOTIFY => self.notified = true,
            ControlMessageType::STOP_CONTROL_CONNECTION_REQUEST => {
                self.stopped_by.get_or_insert(from);
            }
            ControlMessageType::STOP_CONTROL_CONNECTION_REPLY => self.stop_answered = true,
            _ => return,
        }
        self.began.get_or_insert(at);
    }

    pub(super) fn closed(&mut self, at: Instant, from: usize) {
        self.closed_by.get_or_insert(from);
        self.began.get_or_insert(at);
    }

    pub(super) fn reset(&mut self, at: Instant, from: usize) {
        self.reset_by.get_or_insert(from);
        self.began.get_or_insert(at);
    }

    /// How long after the first word an end still had the call; `None` for ever.
    pub fn lingered(&self, end: usize) -> Option<Duration> {
        let over = self.over.get(end).copied().flatten()?;
        Some(over.since(self.began.unwrap_or(over).min(over)))
    }
}
