//! One end of a call's tunnel.

use super::numbers::Numbers;
use super::receipt::Receipt;
use super::window::Window;
use pptp_wire::time::Instant;

/// What one end of a call has sent into the tunnel, and what has reached it.
#[derive(Clone, Debug)]
pub(crate) struct Half {
    /// It may send data: it knows, or has to know, that the call is there.
    pub(crate) ready: bool,
    /// When the call ended for it.
    pub(crate) ended: Instant,
    /// The numbers of the data that it sent.
    pub(crate) numbers: Numbers,
    /// What it has outstanding against the peer's window.
    pub(crate) window: Window,
    /// What it received and acknowledged.
    pub(crate) receipt: Receipt,
    /// What the path did, by IPv4 Identification.
    pub(crate) path: PathEvidence,
}

impl Half {
    /// An end that may not send yet, and whose peer advertised nothing.
    pub(crate) fn new() -> Self {
        Self {
            ready: false,
            ended: Instant::NEVER,
            numbers: Numbers::default(),
            window: Window::default(),
            receipt: Receipt::default(),
            path: PathEvidence::default(),
        }
    }
}

/// Whether a sender's IPv4 Identification counts up per packet: then it tells what the sender did from what the path did.
#[derive(Copy, Clone, Default, Debug)]
pub(crate) struct PathEvidence {
    highest: Option<u16>,
    rises: u8,
    unusable: bool,
    /// Identifications that were left out since the last data packet in order.
    left_out: u16,
}

/// How far apart the Identifications of two packets in order may be: other traffic of the sender lies between.
const NEAR: u16 = 1024;
/// Steps up before the Identification is trusted.
const ENOUGH: u8 = 2;

impl PathEvidence {
    /// How far `identification` is ahead of all before, zero or less where it is not; `None` where it tells nothing.
    pub(crate) fn ahead(&self, identification: Option<u16>) -> Option<i16> {
        let ahead = identification?.wrapping_sub(self.highest?);
        // The step to this packet counts as well where it is no accident.
        let enough = self.rises + u8::from(ahead == 1) >= ENOUGH;
        (enough && !self.unusable).then_some(ahead as i16)
    }

    /// How many packets, of whatever kind, may have been sent since the last data packet in order and were not seen; `None` where that
    /// cannot be told.
    pub(crate) fn unseen(&self, identification: Option<u16>) -> Option<u16> {
        match self.ahead(identification)? {
            ahead @ 1.. => Some(self.left_out.saturating_add(ahead as u16 - 1)),
            _ => None,
        }
    }

    /// A data packet passed: what is unseen is counted anew.
    pub(crate) fn data_passed(&mut self) {
        self.left_out = 0;
    }

    /// A packet passed; `in_order` by its sequence number.
    pub(crate) fn passed(&mut self, identification: Option<u16>, in_order: bool) {
        let Some(identification) = identification else {
            return;
        };
        let Some(highest) = self.highest else {
            self.highest = Some(identification);
            return;
        };
        let step = identification.wrapping_sub(highest);
        if step != 0 && step <= NEAR {
            self.rises = (self.rises + 1).min(ENOUGH);
            self.left_out = self.left_out.saturating_add(step - 1);
            self.highest = Some(identification);
        } else if in_order {
            self.unusable = true;
        }
    }
}
