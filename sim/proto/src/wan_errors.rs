//! The error counters of a telephone line, and when they may be reported (RFC 2637 §2.14).

use pptp_wire::WanErrorNotify;
use pptp_wire::time::{Duration, Instant};

/// The six counters of WAN-Error-Notify, in its order (`WEN-008`).
#[derive(Copy, Clone, Debug, Default, Eq, PartialEq)]
pub struct WanErrors {
    /// PPP frames with a bad checksum.
    pub crc_errors: u32,
    /// Frames that were not framed correctly.
    pub framing_errors: u32,
    /// Overruns of the receiving hardware.
    pub hardware_overruns: u32,
    /// Overruns of the receive buffer.
    pub buffer_overruns: u32,
    /// Time-outs.
    pub time_out_errors: u32,
    /// Alignment errors.
    pub alignment_errors: u32,
}

impl WanErrors {
    /// The counters of a message.
    pub fn of(message: &WanErrorNotify) -> WanErrors {
        WanErrors {
            crc_errors: message.crc_errors,
            framing_errors: message.framing_errors,
            hardware_overruns: message.hardware_overruns,
            buffer_overruns: message.buffer_overruns,
            time_out_errors: message.time_out_errors,
            alignment_errors: message.alignment_errors,
        }
    }

    /// Writes the counters into a message.
    pub fn put(&self, message: &mut WanErrorNotify) {
        message.crc_errors = self.crc_errors;
        message.framing_errors = self.framing_errors;
        message.hardware_overruns = self.hardware_overruns;
        message.buffer_overruns = self.buffer_overruns;
        message.time_out_errors = self.time_out_errors;
        message.alignment_errors = self.alignment_errors;
    }

    /// Whether no error was counted.
    pub fn is_zero(&self) -> bool {
        *self == WanErrors::default()
    }

    /// The sum, counter by counter; a full counter stays full.
    #[must_use]
    pub fn plus(&self, other: &WanErrors) -> WanErrors {
        self.zip(other, u32::saturating_add)
    }

    /// The difference, counter by counter; never below zero.
    #[must_use]
    pub fn minus(&self, other: &WanErrors) -> WanErrors {
        self.zip(other, u32::saturating_sub)
    }

    /// Whether any counter is lower than it was before, which counters of one call never are (`WEN-004`).
    pub fn went_back_from(&self, before: &WanErrors) -> bool {
        !before.minus(self).is_zero()
    }

    fn zip(&self, other: &WanErrors, by: fn(u32, u32) -> u32) -> WanErrors {
        WanErrors {
            crc_errors: by(self.crc_errors, other.crc_errors),
            framing_errors: by(self.framing_errors, other.framing_errors),
            hardware_overruns: by(self.hardware_overruns, other.hardware_overruns),
            buffer_overruns: by(self.buffer_overruns, other.buffer_overruns),
            time_out_errors: by(self.time_out_errors, other.time_out_errors),
            alignment_errors: by(self.alignment_errors, other.alignment_errors),
        }
    }
}

/// The errors of one call at the PAC: the total, what of it was reported, and when.
#[derive(Copy, Clone, Debug, Default)]
pub(crate) struct WanErrorReport {
    total: WanErrors,
    reported: WanErrors,
    last: Option<Instant>,
}

impl WanErrorReport {
    /// Adds errors. Counters are cumulative over the call (`WEN-004`) and begin anew with each (`WEN-005`).
    pub fn count(&mut self, errors: &WanErrors) {
        self.total = self.total.plus(errors);
    }

    /// The instant from which on the next notify may be sent (`WEN-003`), or `None` if there is nothing new to report
    /// (`WEN-002`).
    pub fn due(&self, interval: Duration) -> Option<Instant> {
        if self.total == self.reported {
            return None;
        }
        Some(self.last.map_or(Instant::START, |last| last + interval))
    }

    /// The counters to report now; what was reported before is returned with them.
    pub fn take(&mut self, now: Instant) -> (WanErrors, WanErrors) {
        let before = self.reported;
        self.reported = self.total;
        self.last = Some(now);
        (self.total, before)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const INTERVAL: Duration = Duration::from_secs(60);

    fn crc(crc_errors: u32) -> WanErrors {
        WanErrors {
            crc_errors,
            ..WanErrors::default()
        }
    }

    #[test]
    fn counts_wait_for_the_interval_and_add_up() {
        let mut report = WanErrorReport::default();
        assert_eq!(report.due(INTERVAL), None);
        report.count(&crc(3));
        assert_eq!(report.due(INTERVAL), Some(Instant::START));
        let now = Instant::START + Duration::from_secs(5);
        assert_eq!(report.take(now), (crc(3), crc(0)));
        assert_eq!(report.due(INTERVAL), None);
        report.count(&crc(2));
        assert_eq!(report.due(INTERVAL), Some(now + INTERVAL));
        assert_eq!(report.take(now + INTERVAL), (crc(5), crc(3)));
    }

    #[test]
    fn full_counters_stay_full() {
        assert_eq!(crc(u32::MAX).plus(&crc(1)), crc(u32::MAX));
        assert!(crc(1).went_back_from(&crc(2)));
        assert!(!crc(2).went_back_from(&crc(2)));
    }
}
