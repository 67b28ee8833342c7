//! What a seed switches on. Tests that do everything at once never do much of anything: a window that is always one packet wide hides
//! what happens in a wide one.

use super::draw::Draw;

/// Something that a run may have or not.
#[derive(Copy, Clone, Debug, Eq, PartialEq, Ord, PartialOrd)]
pub enum Feature {
    /// A second PNS.
    SecondPns,
    /// The PAC opens control connections too.
    PacOpens,
    /// Both ends open at once.
    Collision,
    /// Telephones ring at the PAC.
    Incoming,
    /// Many calls at once.
    ManyCalls,
    /// Telephones that are busy, slow, or hang up.
    Telephone,
    /// Profiles of real software.
    Profiles,
    /// Receive windows of a few packets.
    SmallWindows,
    /// Buffers of a few packets.
    SmallBuffers,
    /// Packets that wait for a missing one.
    ReorderBuffers,
    /// Numbers that wrap.
    Wrap,
    /// Acknowledgments at other times than usual.
    Acknowledgments,
    /// Call IDs of a narrow range, soon used again.
    FewCallIds,
    /// Long stretches of data.
    LongRuns,
    /// Random loss.
    Loss,
    /// Loss after Gilbert and Elliott.
    Bursts,
    /// Loss after a Markov chain.
    Chain,
    /// Delay of GRE that is not that of the link.
    Delay,
    /// Delay of GRE that varies.
    Jitter,
    /// Reordering.
    Reorder,
    /// Second copies.
    Duplicate,
    /// Bits turned over.
    Corrupt,
    /// A slow line.
    Rate,
    /// A small MTU.
    Mtu,
    /// Faults that strike single packets.
    Targeted,
    /// Control messages of one type held up.
    HeldUp,
    /// Delays of the control plane that vary.
    ControlJitter,
    /// Control messages cut and joined.
    Segments,
    /// Outages.
    Outages,
    /// Stalls.
    Stalls,
    /// Connections that the path resets.
    Resets,
    /// Connections that the path closes in one direction.
    HalfCloses,
    /// Crashes.
    Crashes,
    /// Calls that users end.
    Clears,
    /// Lines that are lost.
    CarrierLoss,
    /// Set-Link-Info.
    LinkInfo,
    /// Line errors.
    WanErrors,
    /// Control connections that users close, and open again.
    Closes,
    /// Long times in which nothing is asked for.
    LongWaits,
    /// Many things at the same instant.
    Haste,
}

impl Feature {
    /// All of them, each with the number of seeds in 16 that have it.
    pub const ALL: [(Feature, u64); 40] = [
        (Feature::SecondPns, 5),
        (Feature::PacOpens, 4),
        (Feature::Collision, 3),
        (Feature::Incoming, 7),
        (Feature::ManyCalls, 5),
        (Feature::Telephone, 4),
        (Feature::Profiles, 3),
        (Feature::SmallWindows, 7),
        (Feature::SmallBuffers, 4),
        (Feature::ReorderBuffers, 8),
        (Feature::Wrap, 5),
        (Feature::Acknowledgments, 6),
        (Feature::FewCallIds, 4),
        (Feature::LongRuns, 5),
        (Feature::Loss, 7),
        (Feature::Bursts, 4),
        (Feature::Chain, 2),
        (Feature::Delay, 4),
        (Feature::Jitter, 6),
        (Feature::Reorder, 7),
        (Feature::Duplicate, 6),
        (Feature::Corrupt, 4),
        (Feature::Rate, 3),
        (Feature::Mtu, 2),
        (Feature::Targeted, 8),
        (Feature::HeldUp, 5),
        (Feature::ControlJitter, 5),
        (Feature::Segments, 5),
        (Feature::Outages, 6),
        (Feature::Stalls, 5),
        (Feature::Resets, 4),
        (Feature::HalfCloses, 3),
        (Feature::Crashes, 5),
        (Feature::Clears, 11),
        (Feature::CarrierLoss, 4),
        (Feature::LinkInfo, 5),
        (Feature::WanErrors, 4),
        (Feature::Closes, 8),
        (Feature::LongWaits, 4),
        (Feature::Haste, 6),
    ];
}

/// What a seed has switched on.
#[derive(Copy, Clone, Debug, Default, Eq, PartialEq)]
pub struct Features(u64);

impl Features {
    /// Those of a seed.
    pub fn of(seed: u64) -> Features {
        let mut draw = Draw::new(seed, "features");
        let mut on = 0;
        for (feature, times) in Feature::ALL {
            on |= u64::from(draw.chance(times, 16)) << feature as u64;
        }
        Features(on)
    }

    /// Whether it is switched on.
    pub fn has(self, feature: Feature) -> bool {
        self.0 >> feature as u64 & 1 == 1
    }
}
