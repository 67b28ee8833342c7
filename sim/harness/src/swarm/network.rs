//! Impairments of a way: those that are switched on, each mild, strong or absent for now.

use pptp_world::fuzzing::{ControlChoice, GreChoice};

use super::draw::Draw;
use super::feature::{Feature, Features};

/// Shares of 255, from rare to always.
const SHARES: [u8; 8] = [2, 5, 13, 25, 51, 102, 180, 255];
/// The same without the extremes.
const MODERATE: [u8; 5] = [5, 13, 25, 51, 90];

/// What the GRE plane of a way does from now on.
pub(super) fn gre(draw: &mut Draw, features: Features, link_delay: u8) -> GreChoice {
    let own_delay = tenths(link_delay);
    let mut choice = GreChoice::only_delay(own_delay);
    let takes = |feature, draw: &mut Draw| features.has(feature) && draw.chance(2, 3);
    if takes(Feature::Delay, draw) {
        choice.delay = draw.pick(&[0, 10, own_delay / 2, own_delay * 2, 3_000, 20_000]);
    }
    if takes(Feature::Jitter, draw) {
        choice.jitter = draw.pick(&[3, 20, 100, own_delay / 2, own_delay, 4_000]);
        choice.distribution = draw.octet(0, 3);
        choice.jitter_correlation = draw.pick(&[0, 0, 60, 200]);
    }
    if takes(Feature::Loss, draw) {
        choice.loss = draw.pick(&SHARES);
        choice.loss_correlation = draw.pick(&[0, 0, 60, 200]);
    }
    if takes(Feature::Bursts, draw) {
        choice.bursts = Some([
            draw.pick(&MODERATE),
            draw.pick(&MODERATE),
            draw.pick(&[128, 200, 255]),
            draw.pick(&[0, 0, 5]),
        ]);
    }
    if takes(Feature::Chain, draw) {
        choice.chain = Some([
            draw.pick(&MODERATE),
            draw.pick(&MODERATE),
            draw.pick(&MODERATE),
            draw.pick(&MODERATE),
            draw.pick(&[0, 5, 13]),
        ]);
    }
    if takes(Feature::Reorder, draw) {
        choice.reorder = Some([draw.pick(&SHARES), draw.pick(&[1, 1, 2, 3, 5])]);
    }
    if takes(Feature::Duplicate, draw) {
        choice.duplicate = draw.pick(&SHARES);
    }
    if takes(Feature::Corrupt, draw) {
        choice.corrupt = draw.pick(&MODERATE);
    }
    if takes(Feature::Rate, draw) {
        choice.rate = Some([draw.pick(&[9, 33, 64, 512]), draw.pick(&[1, 2, 8, 50])]);
    }
    if takes(Feature::Mtu, draw) {
        choice.mtu = Some(draw.pick(&[68, 296, 576, 1_400]));
    }
    choice
}

/// What the control plane of a way does from now on.
pub(super) fn control(draw: &mut Draw, features: Features, link_delay: u8) -> ControlChoice {
    let own_delay = tenths(link_delay);
    let mut choice = ControlChoice {
        delay: own_delay,
        jitter: 0,
        segment: 0,
        spacing: 0,
        coalesce: 0,
    };
    if features.has(Feature::ControlJitter) && draw.chance(2, 3) {
        choice.delay = draw.pick(&[0, own_delay, own_delay, own_delay * 3, 10_000]);
        choice.jitter = draw.pick(&[10, 100, own_delay, 5_000]);
    }
    if features.has(Feature::Segments) && draw.chance(2, 3) {
        choice.segment = draw.pick(&[0, 1, 7, 12, 100]);
        choice.spacing = draw.pick(&[0, 0, 1, 20]);
        choice.coalesce = draw.pick(&[0, 0, 3, 50, 250]);
    }
    choice
}

/// Milliseconds in the unit of a choice.
pub(super) fn tenths(milliseconds: u8) -> u16 {
    u16::from(milliseconds) * 10
}
