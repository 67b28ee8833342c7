//! Exploring: further seeds of the swarm near those that came to something new.

use std::collections::VecDeque;
use std::ops::ControlFlow;

use super::campaign::Watch;
use super::line::ResultLine;
use super::tally::Tally;
use super::unit::Unit;
use crate::suite::{SuiteOptions, in_order};
use crate::swarm::variation;

/// Seeds that are chosen by what is known before any of them is played: the choice depends on no number of jobs.
const ROUND: u64 = 64;

/// A seed, and the number of its next variation.
struct Parent {
    seed: u64,
    next: u64,
}

/// Plays so many further seeds, each a variation of one that came to something new, and adds what they gave. `parents` are such seeds
/// of before, in the order in which they were played; what comes to something new becomes a parent, and takes its turn first.
pub fn explore(
    unit: &Unit,
    parents: &[u64],
    further: u64,
    tally: &mut Tally,
    options: &SuiteOptions,
    watch: &mut dyn Watch,
) {
    let parent = |seed: &u64| Parent {
        seed: *seed,
        next: 1,
    };
    let mut parents: VecDeque<Parent> = parents.iter().map(parent).collect();
    let mut left = further;
    while left > 0 {
        let seeds = choose(&mut parents, left.min(ROUND));
        if seeds.is_empty() {
            return;
        }
        left -= seeds.len() as u64;
        let mut fresh = Vec::new();
        in_order(
            options.jobs,
            seeds.len(),
            &|position| unit.play(seeds[position], options),
            &mut |_, mut line: ResultLine| {
                line.coverage = line.coverage.new_in(&tally.coverage);
                let header = &unit.header;
                let replay = |seed| header.replay_of(seed);
                tally.add(header.unit.0, &header.scenario_digest, &line, &replay);
                if !line.coverage.is_empty() {
                    fresh.push(line.seed);
                }
                let _ = watch.seed(unit, &line);
                ControlFlow::Continue(())
            },
        );
        for seed in fresh.iter().rev() {
            parents.push_front(parent(seed));
        }
    }
}

/// The next variations, one of each parent in turn.
fn choose(parents: &mut VecDeque<Parent>, most: u64) -> Vec<u64> {
    let mut seeds = Vec::new();
    while (seeds.len() as u64) < most {
        let Some(mut parent) = parents.pop_front() else {
            break;
        };
        // A parent that has no variation left has had its turns.
        if let Some(seed) = variation(parent.seed, parent.next) {
            seeds.push(seed);
            parent.next += 1;
            parents.push_back(parent);
        }
    }
    seeds
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::swarm::parent;

    #[test]
    fn parents_take_turns_until_they_have_no_variation_left() {
        let mut parents: VecDeque<Parent> = [3, 9]
            .map(|seed| Parent { seed, next: 1 })
            .into_iter()
            .collect();
        let first = choose(&mut parents, 4);
        let of: Vec<Option<u64>> = first.iter().map(|seed| parent(*seed)).collect();
        assert_eq!(of, [Some(3), Some(9), Some(3), Some(9)]);
        assert_eq!(choose(&mut parents, 10_000).len(), 2 * 255 - 4);
        assert_eq!(choose(&mut parents, 1), Vec::<u64>::new());
    }
}
