//! The network of a seed and its endpoints.

use pptp_world::fuzzing::{NodeChoice, Setup};

use super::draw::Draw;
use super::feature::{Feature, Features};

/// More profiles than there are: a number beyond the last starts again.
const PROFILES: u8 = 40;

/// Nodes and links.
pub(super) fn setup(draw: &mut Draw, features: Features) -> Setup {
    let nodes = [0, 1, 2].map(|_| node(draw, features));
    Setup {
        seed: u32::try_from(draw.below(1 << 32)).unwrap_or(0),
        replays: false,
        nodes,
        delay: draw.pick(&[1, 5, 20, 20, 20, 60, 150, 250]),
    }
}

fn node(draw: &mut Draw, features: Features) -> NodeChoice {
    let mut choice = NodeChoice {
        profile: 0,
        window: 0,
        buffers: 0,
        dial_outcome: 0,
        answers_after: 0,
        hangs_up_after: None,
    };
    if features.has(Feature::Profiles) && draw.chance(1, 2) {
        choice.profile = draw.octet(1, PROFILES);
    }
    if features.has(Feature::SmallWindows) && draw.chance(2, 3) {
        choice.window = draw.pick(&[1, 1, 2, 3, 4, 5, 8]);
    } else {
        choice.window = draw.pick(&[0, 0, 0, 0, 32, 255]);
    }
    if features.has(Feature::SmallBuffers) && draw.chance(2, 3) {
        choice.buffers = draw.pick(&[1, 1, 2, 3, 4, 8]);
    }
    if features.has(Feature::Telephone) {
        if draw.chance(1, 4) {
            choice.dial_outcome = draw.octet(1, 3);
        }
        choice.answers_after = draw.pick(&[0, 1, 3, 20, 100]);
        if draw.chance(1, 3) {
            choice.hangs_up_after = Some(draw.pick(&[1, 5, 20, 100, 255]));
        }
    }
    choice
}
