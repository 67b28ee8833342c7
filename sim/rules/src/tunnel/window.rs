//! What a sender has outstanding, against the largest window that the rules allow it (RFC 2637 §4.2).
//!
//! The rules for the window leave room, and a time-out forgives what is outstanding (AMB-06), so only what is certain is judged.
//! A *burst* is what was sent since a time-out was last possible: a time-out is possible whenever a packet has been unacknowledged
//! for the minimum time-out. Within a burst nothing is forgiven, so all of it that is not acknowledged is in flight.
//! The bound grows as fast as the rules allow, and never shrinks: no legal sender is above it.

use pptp_wire::Serial;
use pptp_wire::time::{Duration, Instant};
use std::collections::VecDeque;

/// The most runs of packets whose time of sending is remembered; neighbours are then joined under the earlier time.
const RUNS: usize = 64;

/// Packets that were sent at about the same time.
#[derive(Copy, Clone, Debug)]
struct Run {
    first: u32,
    at: Instant,
}

/// One sender's outstanding packets.
#[derive(Clone, Default, Debug)]
pub(crate) struct Window {
    /// The peer's Packet Recv. Window Size; none or 0: not known, no limit (AMB-03).
    maximum: u32,
    /// The largest window that the growth rule allows by now.
    bound: u32,
    /// Packets acknowledged since the bound last grew.
    credit: u32,
    started: bool,
    highest_sent: u32,
    highest_acknowledged: Option<u32>,
    /// Packets of the burst that are not acknowledged.
    burst: u32,
    /// An excess of this burst was reported.
    reported: bool,
    runs: VecDeque<Run>,
    /// Packets sent since an acknowledgment last came or left nothing open, and when the first of them was.
    silence: u32,
    silent_since: Instant,
    /// An excess of this silence was reported.
    silence_reported: bool,
}

/// A burst beyond what is allowed.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub(crate) struct Excess {
    /// Packets in flight.
    pub(crate) in_flight: u32,
    /// As many were allowed.
    pub(crate) allowed: u32,
    /// Which rule it breaks.
    pub(crate) kind: ExcessKind,
}

/// The rules for the window.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub(crate) enum ExcessKind {
    /// Beyond the advertised maximum (WIN-002, OCRQ-014).
    Maximum,
    /// Beyond half of the maximum before any acknowledgment (WIN-003).
    FirstFlight,
    /// Beyond a window that has not grown (WIN-001).
    Window,
    /// Beyond what the window can have grown to (WIN-004).
    Growth,
}

impl Window {
    /// The peer advertises its window.
    pub(crate) fn advertise(&mut self, maximum: u16) {
        self.maximum = maximum.into();
        self.bound = self.initial();
    }

    /// Whether there is a limit.
    #[inline]
    pub(crate) fn is_limited(&self) -> bool {
        self.maximum != 0
    }

    /// Half of the maximum, rounded up, and at least one (WIN-003, AMB-04).
    fn initial(&self) -> u32 {
        self.maximum.div_ceil(2).max(1)
    }

    /// A data packet was sent.
    #[inline]
    pub(crate) fn sent(
        &mut self,
        number: u32,
        at: Instant,
        minimum_time_out: Duration,
    ) -> Option<Excess> {
        if self.maximum == 0 {
            self.note_sent(number);
            return None;
        }
        self.forgive_if_possible(at, minimum_time_out);
        self.note_sent(number);
        let apart = Duration(minimum_time_out.0 / 16);
        if self
            .runs
            .back()
            .is_none_or(|last| at.since(last.at) >= apart)
        {
            self.remember(Run { first: number, at });
        }
        self.burst = self.burst.saturating_add(1);
        if self.silence == 0 {
            self.silent_since = at;
        }
        self.silence = self.silence.saturating_add(1);
        if self.burst <= self.bound {
            return None;
        }
        self.excess()
    }

    /// An acknowledgment has reached the sender. Answers whether the bound has grown by it.
    #[inline]
    pub(crate) fn acknowledged(
        &mut self,
        number: u32,
        at: Instant,
        minimum_time_out: Duration,
    ) -> bool {
        if !self.started || Serial(number).newer_than(Serial(self.highest_sent)) {
            return false;
        }
        let newly = match self.highest_acknowledged {
            Some(before) if !Serial(number).newer_than(Serial(before)) => return false,
            Some(before) => number.wrapping_sub(before),
            None => 1,
        };
        self.highest_acknowledged = Some(number);
        if self.maximum == 0 {
            return false;
        }
        self.silence = 0;
        self.silence_reported = false;
        self.forgive_if_possible(at, minimum_time_out);
        if number == self.highest_sent {
            self.runs.clear();
            self.burst = 0;
        } else {
            while self
                .runs
                .get(1)
                .is_some_and(|next| Serial(number.wrapping_add(1)).at_least(Serial(next.first)))
            {
                self.runs.pop_front();
            }
            self.burst = self.burst.min(self.highest_sent.wrapping_sub(number));
        }
        if self.burst <= self.bound {
            self.reported = false;
        }
        self.grow(newly)
    }

    /// The peer's Packet Recv. Window Size; 0 where it is not known.
    #[inline]
    pub(crate) fn size(&self) -> u32 {
        self.maximum
    }

    /// Whether an acknowledgment goes back, or names a number that was not sent: its receiver may discard the packet that carries
    /// it, data and all (AMB-12).
    #[inline]
    pub(crate) fn may_refuse(&self, number: u32) -> bool {
        !self.started
            || Serial(number).newer_than(Serial(self.highest_sent))
            || self
                .highest_acknowledged
                .is_some_and(|before| Serial(before).newer_than(Serial(number)))
    }

    /// Whether this number is sent and not acknowledged.
    pub(crate) fn is_unacknowledged(&self, number: u32) -> bool {
        self.highest_acknowledged
            .is_none_or(|acknowledged| Serial(number).newer_than(Serial(acknowledged)))
    }

    fn note_sent(&mut self, number: u32) {
        if !self.started {
            self.started = true;
            self.highest_sent = number;
            // Before any acknowledgment: as if all below the first number were acknowledged.
            self.highest_acknowledged = Some(number.wrapping_sub(1));
        } else if Serial(number).newer_than(Serial(self.highest_sent)) {
            self.highest_sent = number;
        }
    }

    /// A time-out may have come since the oldest packet was sent: nothing of before is certain to be in flight.
    #[inline]
    fn forgive_if_possible(&mut self, at: Instant, minimum_time_out: Duration) {
        if self
            .runs
            .front()
            .is_some_and(|oldest| at.since(oldest.at) >= minimum_time_out)
        {
            self.burst = 0;
            self.reported = false;
        }
    }

    fn remember(&mut self, run: Run) {
        if self.runs.len() == RUNS {
            let mut keep = false;
            self.runs.retain(|_| {
                keep = !keep;
                keep
            });
        }
        self.runs.push_back(run);
    }

    /// Growth by one packet for each window acknowledged, up to the maximum (WIN-004, AMB-05).
    fn grow(&mut self, newly: u32) -> bool {
        let before = self.bound;
        self.credit = self.credit.saturating_add(newly);
        while self.bound < self.maximum && self.credit >= self.bound {
            self.credit -= self.bound;
            self.bound += 1;
        }
        if self.bound >= self.maximum {
            self.credit = 0;
        }
        self.bound > before
    }

    #[cold]
    fn excess(&mut self) -> Option<Excess> {
        if self.burst > self.maximum && self.burst == self.maximum + 1 {
            self.silence_reported = true;
            return Some(self.over(ExcessKind::Maximum, self.maximum));
        }
        if self.reported {
            return None;
        }
        self.reported = true;
        let initial = self.initial();
        let unacknowledged = self.bound == initial && self.credit == 0;
        let kind = match () {
            () if unacknowledged => ExcessKind::FirstFlight,
            () if self.bound == initial => ExcessKind::Window,
            () => ExcessKind::Growth,
        };
        Some(self.over(kind, self.bound))
    }

    /// Without any acknowledgment, a time-out forgives what is outstanding and halves the window: there is a most that a sender can
    /// have sent by now, even if its time-outs are as short as they may be.
    pub(crate) fn silent_excess(
        &mut self,
        at: Instant,
        minimum_time_out: Duration,
    ) -> Option<Excess> {
        if self.maximum == 0 || self.silence <= self.maximum || self.silence_reported {
            return None;
        }
        let time_outs = at.since(self.silent_since).0 / minimum_time_out.0.max(1);
        let mut allowed = u64::from(self.maximum);
        let mut window = self.maximum;
        let mut left = time_outs;
        while left > 0 && window > 1 {
            window = window.div_ceil(2);
            allowed += u64::from(window);
            left -= 1;
        }
        allowed += left;
        if u64::from(self.silence) <= allowed {
            return None;
        }
        self.silence_reported = true;
        Some(Excess {
            in_flight: self.silence,
            allowed: self.maximum,
            kind: ExcessKind::Maximum,
        })
    }

    fn over(&self, kind: ExcessKind, allowed: u32) -> Excess {
        Excess {
            in_flight: self.burst,
            allowed,
            kind,
        }
    }
}
