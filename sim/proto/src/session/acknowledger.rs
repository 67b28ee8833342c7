//! When and how received packets are acknowledged (RFC 2637 §4.2, AMB-02, AMB-07..09).

use pptp_wire::time::{Duration, Instant};

use super::SessionConfig;
use crate::{
    AcknowledgmentBeforeData, DeviationId, Deviations, PiggyBackedAcknowledgments, Profile,
    StandAloneAcknowledgments,
};

/// Owes the peer acknowledgments and pays them on data or alone.
#[derive(Clone, Debug)]
pub(super) struct Acknowledger {
    delay: Duration,
    stand_alone: StandAloneAcknowledgments,
    /// So many packets are acknowledged at once; `u32::MAX` where the delay decides alone.
    at_once: u32,
    always: bool,
    before_data: Option<u32>,
    never: bool,
    /// The number that was acknowledged last is acknowledged again where it has come again.
    repeats: bool,
    /// 1 for an end that acknowledges what it has not received.
    ahead: u32,
    number: Option<u32>,
    last_sent: Option<u32>,
    pending: u32,
    due: Instant,
    /// What `acknowledgment-timer-lost` remembers; `None` without it.
    lost_timer: Option<LostTimer>,
}

/// How far the deviation `acknowledgment-timer-lost` is.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
enum LostTimer {
    /// Nothing has happened.
    Waits,
    /// A packet was missing before the one that came last.
    BehindGap,
    /// That was acknowledged on data: the next packet starts no delay.
    Skips,
}

impl Acknowledger {
    pub(super) fn new(
        config: &SessionConfig,
        profile: &Profile,
        deviations: Deviations,
    ) -> Acknowledger {
        let on = |id| deviations.contains(id);
        let before_data = match profile.acknowledgment_before_data {
            _ if on(DeviationId::AckBeforeData) => Some(u32::MAX),
            AcknowledgmentBeforeData::None => None,
            AcknowledgmentBeforeData::AllOnes => Some(u32::MAX),
            AcknowledgmentBeforeData::Zero => Some(0),
        };
        let at_once = match (
            profile.stand_alone_acknowledgments,
            profile.acknowledges_at_once,
        ) {
            (StandAloneAcknowledgments::HalfWindow, _) => u32::from(config.own_window) / 2 + 1,
            (_, 0) => u32::MAX,
            (_, count) => u32::from(count),
        };
        Acknowledger {
            delay: profile.acknowledgment_delay,
            stand_alone: profile.stand_alone_acknowledgments,
            at_once,
            always: profile.piggy_backed_acknowledgments == PiggyBackedAcknowledgments::Always,
            before_data,
            never: on(DeviationId::NeverAck),
            repeats: profile.acknowledges_late_packets,
            ahead: u32::from(on(DeviationId::AckAhead)),
            number: None,
            last_sent: (!profile.acknowledges_number_0).then_some(0),
            pending: 0,
            due: Instant::NEVER,
            lost_timer: on(DeviationId::AcknowledgmentTimerLost).then_some(LostTimer::Waits),
        }
    }

    /// `number` is what has to be acknowledged from now on.
    #[inline]
    pub(super) fn received(&mut self, now: Instant, number: u32) {
        let before = self.number.replace(number);
        if self.lost_timer.is_some() && self.loses_timer(before, number) {
            return;
        }
        if self.never || self.last_sent == self.number && !self.repeats {
            return;
        }
        self.pending = self.pending.saturating_add(1);
        match self.stand_alone {
            StandAloneAcknowledgments::Never => {}
            _ if self.pending >= self.at_once => self.due = now,
            StandAloneAcknowledgments::HalfWindow => {}
            StandAloneAcknowledgments::Delayed if self.due == Instant::NEVER => {
                self.due = now + self.delay
            }
            StandAloneAcknowledgments::Delayed => {}
        }
    }

    /// Whether a packet is to start no delay for once.
    #[cold]
    fn loses_timer(&mut self, before: Option<u32>, number: u32) -> bool {
        let skips = self.lost_timer == Some(LostTimer::Skips);
        let gap = before.is_some_and(|before| number != before.wrapping_add(1));
        self.lost_timer = Some(match gap {
            true => LostTimer::BehindGap,
            false => LostTimer::Waits,
        });
        skips && !gap
    }

    /// When an acknowledgment has to go by itself; [`Instant::NEVER`] where none is owed.
    #[inline]
    pub(super) fn due(&self) -> Instant {
        self.due
    }

    pub(super) fn delay(&self) -> Duration {
        self.delay
    }

    /// The Acknowledgment Number of a data packet that goes now.
    #[inline]
    pub(super) fn for_data(&mut self) -> Option<u32> {
        if self.never {
            return None;
        }
        let Some(number) = self.number else {
            return self.before_data;
        };
        if self.last_sent == self.number && !self.always {
            return None; // AMB-07
        }
        if self.lost_timer == Some(LostTimer::BehindGap) {
            self.lost_timer = Some(LostTimer::Skips);
        }
        self.paid();
        Some(number.wrapping_add(self.ahead))
    }

    /// The Acknowledgment Number of a packet that goes by itself.
    #[inline]
    pub(super) fn alone(&mut self) -> Option<u32> {
        self.paid();
        self.number.map(|number| number.wrapping_add(self.ahead))
    }

    /// Owes nothing any more.
    #[inline]
    pub(super) fn paid(&mut self) {
        self.last_sent = self.number;
        self.pending = 0;
        self.due = Instant::NEVER;
    }
}
