//! Variations: a seed that reached something new has neighbours, which do nearly the same.
//!
//! A seed is 32 bits of its own and four octets above them, the number of the variation that each further generation made of the one
//! before; 0 is none. So every seed says by itself what it is a variation of, and stays a pure function of its number.

use pptp_world::fuzzing::{Plan, Step};

use super::course;
use super::draw::Draw;
use super::feature::Features;
use super::network;

/// Generations that a seed has room for.
const GENERATIONS: u32 = 4;
/// Bits of a seed that is no variation.
const OWN_BITS: u32 = 32;
/// Steps of a varied plan at most.
const MOST_STEPS: usize = 90;

/// The seed that everything but its variations comes from.
pub(super) const fn origin(seed: u64) -> u64 {
    seed & ((1 << OWN_BITS) - 1)
}

/// The seeds from the origin to this one, each a variation of the one before; the origin is not among them.
pub(super) fn generations(seed: u64) -> Vec<u64> {
    let mut line = Vec::new();
    for generation in 0..GENERATIONS {
        let upper = OWN_BITS + 8 * (generation + 1);
        let known = if upper == u64::BITS {
            seed
        } else {
            seed & ((1 << upper) - 1)
        };
        if seed >> (upper - 8) & 0xFF > 0 {
            line.push(known);
        }
    }
    line
}

/// Variation `number` (from 1) of a seed; `None` where the seed has no room for another generation, or there is no such variation.
pub fn variation(seed: u64, number: u64) -> Option<u64> {
    if number == 0 || number > 0xFF {
        return None;
    }
    // Above the highest generation that is there.
    let taken = (0..GENERATIONS)
        .filter(|generation| seed >> (OWN_BITS + 8 * generation) & 0xFF > 0)
        .map(|generation| generation + 1)
        .max()
        .unwrap_or(0);
    (taken < GENERATIONS).then(|| seed | number << (OWN_BITS + 8 * taken))
}

/// What the seed was varied from, and how; `None` for an origin.
pub fn parent(seed: u64) -> Option<u64> {
    let line = generations(seed);
    line.last()?;
    Some(match line.len() {
        1 => origin(seed),
        count => line[count - 2],
    })
}

/// Varies a plan, as this seed does.
pub(super) fn vary(plan: &mut Plan, seed: u64, features: Features) {
    let mut draw = Draw::new(seed, "variation");
    for _ in 0..draw.between(1, 3) {
        change(plan, &mut draw, features);
    }
    plan.steps.truncate(MOST_STEPS);
}

fn change(plan: &mut Plan, draw: &mut Draw, features: Features) {
    let count = plan.steps.len() as u64;
    let at = draw.below(count) as usize;
    match draw.below(8) {
        // The same steps, with other luck on the way: the world's luck is of the seed, which is another.
        0 => {}
        1 if count > 1 => {
            plan.steps.remove(at);
        }
        2 => {
            let step = plan.steps.get(at).cloned();
            let to = draw.below(count + 1) as usize;
            if let Some(step) = step {
                plan.steps.insert(to, step);
            }
        }
        3 if count > 1 => {
            let other = draw.below(count) as usize;
            plan.steps.swap(at, other);
        }
        4 => rewait(plan, draw, at),
        5 => {
            let piece = course::piece(draw, features, plan.setup.delay);
            plan.steps.splice(at..at, piece);
        }
        6 => reimpair(plan, draw, features),
        _ => {
            let piece = course::piece(draw, features, plan.setup.delay);
            plan.steps.extend(piece);
        }
    }
}

/// Another time for the first wait from here on.
fn rewait(plan: &mut Plan, draw: &mut Draw, at: usize) {
    let waits = plan.steps[at..].iter_mut().find_map(|step| match step {
        Step::Wait { milliseconds } => Some(milliseconds),
        _ => None,
    });
    if let Some(milliseconds) = waits {
        let most = u64::from(*milliseconds) * 2 + 2;
        *milliseconds = u16::try_from(draw.below(most)).unwrap_or(u16::MAX);
    }
}

/// Other impairments in the place of some, or at the start.
fn reimpair(plan: &mut Plan, draw: &mut Draw, features: Features) {
    let delay = plan.setup.delay;
    let places: Vec<usize> = (0..plan.steps.len())
        .filter(|place| matches!(plan.steps[*place], Step::ImpairGre { .. }))
        .collect();
    let fresh = network::gre(draw, features, delay);
    let place = draw.below(places.len() as u64) as usize;
    match places.get(place).map(|place| &mut plan.steps[*place]) {
        Some(Step::ImpairGre { impairments, .. }) => *impairments = fresh,
        _ => plan.steps.insert(
            0,
            Step::ImpairGre {
                way: draw.octet(0, 3),
                impairments: fresh,
            },
        ),
    }
}
