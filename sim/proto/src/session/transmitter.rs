//! The sending half of the sliding window: numbers, window, time-out (RFC 2637 §4.2, §4.4).

use pptp_wire::Serial;
use pptp_wire::time::{Duration, Instant};

use super::estimator::Estimator;
use super::flight::{Flight, Sent};
use super::{SessionConfig, Sink};
use crate::{
    DeviationId, Deviations, InitialWindow, PeerWindowZero, Point, Profile, TimeOutForgives,
    TransmitWindow, WindowState,
};

/// Acknowledgments that never come may not let numbers drift half the number space apart.
const FARTHEST_BEHIND: u32 = 1 << 30;

/// What an acknowledgment number named.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub(super) enum Acknowledged {
    /// A packet that was not acknowledged before.
    Fresh,
    /// The packet that was acknowledged last.
    Repeated,
    /// An older packet: the number goes back.
    Stale,
    /// A packet that was never sent.
    Unsent,
}

/// Numbers the packets and says when the next one may go.
#[derive(Clone, Debug)]
pub(super) struct Transmitter {
    honours_window: bool,
    forgives: TimeOutForgives,
    deviations: Deviations,
    window: u32,
    maximum_window: u32,
    /// Packets of the present window that were acknowledged without a time-out.
    acknowledged_of_window: u32,
    next: u32,
    /// The oldest packet that waits for an acknowledgment; `next` where none does.
    oldest: u32,
    highest_acknowledged: u32,
    flight: Flight,
    estimator: Estimator,
    /// Packets that go beyond the window.
    too_many: u32,
    /// Nothing is sent any more, or ever.
    stalls: bool,
    /// The window before the first time-out that made it smaller; 0 before that.
    shrunk_from: u32,
    /// Time-outs that ran out since an acknowledgment came.
    time_outs: u32,
}

impl Transmitter {
    pub(super) fn new(
        config: &SessionConfig,
        profile: &Profile,
        deviations: Deviations,
    ) -> Transmitter {
        let on = |id| deviations.contains(id);
        let maximum_window = maximum_window(config.peer_window, profile);
        let delay = Duration::from_millis(100) * u64::from(config.peer_packet_processing_delay); // ATO-006
        let seed = delay.max(profile.initial_time_out); // ATO-008, AMB-48
        let first = if on(DeviationId::FirstSeq1) {
            1
        } else {
            profile.first_sequence_number
        };
        let initial = if on(DeviationId::WindowStartsFull) {
            InitialWindow::Full
        } else {
            profile.initial_window
        };
        Transmitter {
            honours_window: profile.transmit_window == TransmitWindow::Honoured
                && !on(DeviationId::IgnorePeerWindow),
            forgives: profile.time_out_forgives,
            deviations,
            window: initial_window(maximum_window, initial),
            maximum_window,
            acknowledged_of_window: 0,
            next: first,
            oldest: first,
            highest_acknowledged: first.wrapping_sub(1),
            flight: Flight::default(),
            estimator: Estimator::new(seed, profile.min_time_out, profile.max_time_out),
            too_many: u32::from(on(DeviationId::WindowOneTooMany)),
            stalls: config.peer_window == 0 && on(DeviationId::WindowZeroStalls),
            shrunk_from: 0,
            time_outs: 0,
        }
    }

    /// Whether another packet may go now: fewer are unacknowledged than the window allows (WIN-001).
    #[inline]
    pub(super) fn is_open(&self) -> bool {
        (!self.honours_window || self.outstanding() < self.window + self.too_many) && !self.stalls
    }

    /// Packets that an acknowledgment can still cover. An end without a window does not keep count.
    #[inline]
    pub(super) fn outstanding(&self) -> u32 {
        self.next.wrapping_sub(self.oldest)
    }

    pub(super) fn window(&self) -> u32 {
        if self.honours_window {
            self.window
        } else {
            self.maximum_window
        }
    }

    /// How the window stands. An end without a window has nothing outstanding.
    #[inline]
    pub(super) fn window_state(&self) -> WindowState {
        let full = self.outstanding() >= self.window;
        match (self.shrunk_from, full) {
            (0, _) if self.outstanding() == 0 => WindowState::Idle,
            (0, false) => WindowState::Open,
            (0, true) => WindowState::Full,
            (before, _) if self.window >= before => WindowState::Recovered,
            _ if self.window == 1 => WindowState::Minimum,
            (_, false) => WindowState::Shrunk,
            (_, true) => WindowState::ShrunkFull,
        }
    }

    pub(super) fn maximum_window(&self) -> u32 {
        self.maximum_window
    }

    pub(super) fn next_sequence_number(&self) -> u32 {
        self.next
    }

    pub(super) fn adaptive_time_out(&self) -> Duration {
        self.estimator.adaptive_time_out()
    }

    /// The number of a packet that goes now: each takes the next one (SEQ-002).
    #[inline]
    pub(super) fn number(&mut self, now: Instant) -> u32 {
        let number = self.take(now);
        if self.deviations.contains(DeviationId::SkipsSequenceNumbers) && number % 8 == 6 {
            self.take(now);
        }
        number
    }

    #[inline]
    fn take(&mut self, now: Instant) -> u32 {
        let number = self.next;
        if self.honours_window {
            let time_out_at = now + self.estimator.adaptive_time_out();
            self.flight.push(
                number,
                self.outstanding(),
                Sent {
                    at: now,
                    time_out_at,
                },
            );
            self.next = number.wrapping_add(1);
        } else {
            self.next = number.wrapping_add(1);
            self.oldest = self.next;
        }
        if self.next.wrapping_sub(self.highest_acknowledged) > FARTHEST_BEHIND {
            self.highest_acknowledged = self.next.wrapping_sub(FARTHEST_BEHIND);
        }
        number
    }

    /// What `number` names, if a packet acknowledges it.
    #[inline]
    pub(super) fn classify(&self, number: u32) -> Acknowledged {
        let (number, last) = (Serial(number), Serial(self.highest_acknowledged));
        if number == last {
            Acknowledged::Repeated
        } else if !number.newer_than(last) {
            Acknowledged::Stale
        } else if number.at_least(Serial(self.next)) {
            Acknowledged::Unsent
        } else {
            Acknowledged::Fresh
        }
    }

    /// Takes an acknowledgment: all packets up to `number` are acknowledged (ACK-005). Numbers that go back or were never sent
    /// have no effect (ACK-011, AMB-12).
    #[inline]
    pub(super) fn acknowledge(
        &mut self,
        now: Instant,
        number: u32,
        out: &mut impl Sink,
    ) -> Acknowledged {
        let what = self.classify(number);
        match what {
            Acknowledged::Fresh => self.acknowledged(now, number, out),
            Acknowledged::Unsent
                if self.deviations.contains(DeviationId::UnsentAckOpensWindow)
                    && self.outstanding() > 0 =>
            {
                self.acknowledged(now, self.next.wrapping_sub(1), out);
            }
            Acknowledged::Unsent => out.reached(Point::AcknowledgmentUnsent),
            Acknowledged::Repeated => out.reached(Point::AcknowledgmentRepeated),
            Acknowledged::Stale => {
                out.reached(Point::AcknowledgmentStale);
                let opens = DeviationId::StaleAcknowledgmentOpensWindow;
                if self.time_outs > 0 && self.deviations.contains(opens) {
                    self.oldest = self.next;
                }
            }
        }
        what
    }

    #[inline]
    fn acknowledged(&mut self, now: Instant, number: u32, out: &mut impl Sink) {
        self.highest_acknowledged = number;
        let time_outs = core::mem::take(&mut self.time_outs);
        if !self.honours_window {
            return;
        }
        // The sample is that of the highest packet acknowledged (RFC 2637 §4.2.5, ATO-012), given up by a time-out or not.
        if let Some(sent) = self.flight.get(number, self.next) {
            self.estimator.acknowledged(now.since(sent.at));
            if self.estimator.is_at_minimum() {
                out.reached(Point::TimeOutAtMinimum);
            }
        }
        let covered = number.wrapping_add(1);
        if Serial(covered).newer_than(Serial(self.oldest)) {
            let newly = covered.wrapping_sub(self.oldest);
            self.oldest = covered;
            let before = self.window;
            self.open_window(newly);
            self.note_acknowledged(newly, before, out);
        } else {
            out.reached(Point::GivenUpAcknowledged);
            self.stalls |= time_outs > 1
                && self.window == 1
                && self
                    .deviations
                    .contains(DeviationId::GivenUpAcknowledgmentShutsWindow);
        }
    }

    #[inline]
    fn note_acknowledged(&self, newly: u32, window_before: u32, out: &mut impl Sink) {
        if newly > 1 {
            out.reached(Point::SeveralAcknowledged);
        }
        if self.window > window_before {
            out.reached(Point::WindowGrew);
            if (window_before + 1..=self.window).contains(&self.shrunk_from) {
                out.reached(Point::WindowRestored);
            }
        }
    }

    /// Each time a window of packets is acknowledged without a time-out it grows by one (RFC 2637 §4.2.3, WIN-004).
    #[inline]
    fn open_window(&mut self, newly_acknowledged: u32) {
        if self
            .deviations
            .contains(DeviationId::WindowGrowsPerAcknowledgment)
        {
            self.window = (self.window + 1).min(self.maximum_window);
            return;
        }
        self.acknowledged_of_window = self
            .acknowledged_of_window
            .saturating_add(newly_acknowledged);
        while self.window < self.maximum_window && self.acknowledged_of_window >= self.window {
            self.acknowledged_of_window -= self.window;
            self.window += 1;
        }
        if self.window == self.maximum_window {
            self.acknowledged_of_window = 0;
        }
    }

    /// When the time-out of the oldest outstanding packet runs out, and its number.
    #[inline]
    pub(super) fn deadline(&self) -> Option<(Instant, u32)> {
        if self.next == self.oldest || self.deviations.contains(DeviationId::NoTimeOut) {
            return None;
        }
        let sent = self.flight.get(self.oldest, self.next)?;
        Some((sent.time_out_at, self.oldest))
    }

    /// The time-out of the oldest packet has run out: packets are given up, the window is halved (RFC 2637 §4.2.2, WIN-005)
    /// and the time-out backed off (§4.4.2).
    pub(super) fn time_out(&mut self, out: &mut impl Sink) {
        out.reached(Point::TimeOutRanOut);
        self.time_outs = self.time_outs.saturating_add(1);
        if self.time_outs > 1 {
            out.reached(Point::TimeOutBackedOff);
        }
        let before = self.window;
        self.oldest = match self.forgives {
            TimeOutForgives::All => self.next,
            TimeOutForgives::Oldest => self.oldest.wrapping_add(1),
        };
        self.acknowledged_of_window = 0; // WIN-006
        self.stalls |= self.deviations.contains(DeviationId::DeadAfterTimeOut);
        if !self.deviations.contains(DeviationId::WindowNeverShrinks) {
            self.window = self.window.div_ceil(2);
        }
        if !self.deviations.contains(DeviationId::NoBackOff) {
            self.estimator.timed_out();
        }
        if self.estimator.is_at_maximum() {
            out.reached(Point::TimeOutAtMaximum);
        }
        if self.window < before {
            out.reached(Point::WindowShrank);
            if before >= self.shrunk_from {
                self.shrunk_from = before;
            }
        }
        if self.window == 1 {
            out.reached(Point::WindowAtOne);
        }
    }

    /// Nothing is outstanding any more.
    pub(super) fn end(&mut self) {
        self.oldest = self.next;
        self.flight = Flight::default();
    }
}

/// The most that the peer allows (WIN-002); a size of 0 is read as the profile says (WIN-009, AMB-03).
fn maximum_window(peer_window: u16, profile: &Profile) -> u32 {
    let allowed = match (peer_window, profile.peer_window_zero) {
        (0, PeerWindowZero::One) => 1,
        (0, PeerWindowZero::Unlimited) => u16::MAX,
        (size, _) => size,
    };
    u32::from(allowed.min(profile.maximum_transmit_window).max(1))
}

/// Half of the maximum, at least one packet (RFC 2637 §4.2.1, WIN-003, AMB-04).
fn initial_window(maximum: u32, rule: InitialWindow) -> u32 {
    match rule {
        InitialWindow::HalfRoundedUp => maximum.div_ceil(2),
        InitialWindow::HalfRoundedDown => (maximum / 2).max(1),
        InitialWindow::Full => maximum,
    }
}
