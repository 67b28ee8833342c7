//! The decisions against exact arithmetic, their errors counted out, and that they come.

use std::cmp::Ordering;

use super::{Standing, Trial, Verdict};
use crate::scenario::model::{Probability, StatedRate};
use crate::scenario::quantity::percent;

fn stated(rate: &str, confidence: &str) -> StatedRate {
    let percent = |text: &str| percent(text).expect("a percentage");
    StatedRate::new(percent(rate), percent(confidence)).expect("a rate that can be decided")
}

/// What the next seed makes of a trial that stood at these counts without a decision.
fn next(trial: &Trial, seeds: u64, failed: u64, holds: bool) -> Option<Verdict> {
    let mut trial = trial.at(seeds, failed);
    trial.add(holds);
    trial.decision().map(|(verdict, _)| verdict)
}

/// A natural number of any size, lowest digits first.
struct Natural(Vec<u32>);

impl Natural {
    /// The product of so many times each of these.
    fn product(factors: &[(u64, u64)]) -> Natural {
        let mut digits = vec![1_u32];
        for (factor, times) in factors {
            for _ in 0..*times {
                let mut carry = 0_u128;
                for digit in &mut digits {
                    carry += u128::from(*digit) * u128::from(*factor);
                    *digit = carry as u32;
                    carry >>= 32;
                }
                while carry > 0 {
                    digits.push(carry as u32);
                    carry >>= 32;
                }
            }
        }
        Natural(digits)
    }

    fn cmp(&self, other: &Natural) -> Ordering {
        let length = self.0.len().cmp(&other.0.len());
        length.then_with(|| self.0.iter().rev().cmp(other.0.iter().rev()))
    }
}

/// The decision at these counts by whole numbers of any size, without logarithms: both ratios as fractions against `1/α`.
fn exact(stated: StatedRate, seeds: u64, failed: u64) -> Option<Verdict> {
    let parts = |probability: Probability| u64::from(probability.parts_per_billion);
    let whole = 2 * parts(Probability::ALWAYS);
    let (holds, doubt) = (2 * parts(stated.rate), whole - 2 * parts(stated.confidence));
    let fails = whole - holds;
    let step = holds.min(fails) / 2;
    let held = seeds - failed;
    let reaches = |failing: u64, holding: u64| {
        let alternative = Natural::product(&[(failing, failed), (holding, held), (doubt, 1)]);
        let null = Natural::product(&[(fails, failed), (holds, held), (whole, 1)]);
        alternative.cmp(&null) != Ordering::Less
    };
    if reaches(fails + step, holds - step) {
        Some(Verdict::Refuted)
    } else if reaches(fails - step, holds + step) {
        Some(Verdict::Holds)
    } else {
        None
    }
}

#[test]
fn decisions_are_those_of_exact_arithmetic() {
    let mut found = [0; 3];
    for (rate, confidence) in [
        ("90%", "95%"),
        ("50%", "50%"),
        ("50%", "99.9%"),
        ("99%", "99%"),
        ("3%", "90%"),
        ("66.6666666%", "87.5%"),
        ("99.9999999%", "99.9999999%"),
        ("0.0000001%", "50%"),
    ] {
        let stated = stated(rate, confidence);
        let trial = Trial::new(stated);
        for seeds in 1..=70 {
            for failed in 0..=seeds {
                // The last seed was the one that the decision needs.
                let by_failure = (failed > 0)
                    .then(|| next(&trial, seeds - 1, failed - 1, false))
                    .flatten();
                let by_success = (failed < seeds)
                    .then(|| next(&trial, seeds - 1, failed, true))
                    .flatten();
                let decision = by_failure.or(by_success);
                let expected = exact(stated, seeds, failed);
                assert_eq!(
                    decision, expected,
                    "{rate} {confidence}: {failed} of {seeds}"
                );
                found[expected.map_or(0, |verdict| 1 + usize::from(verdict == Verdict::Holds))] +=
                    1;
            }
        }
    }
    assert!(found.iter().all(|count| *count > 500), "{found:?}");
}

/// One, as a share of all paths.
const ALL: u128 = 1 << 90;

/// The shares of all runs of so many seeds that were refuted, held and remained undecided, where each seed holds with the probability of
/// `holds` parts of a thousand million. Each path counts once and with its probability; roundings are up, so none is too low.
fn shares(stated: StatedRate, holds: u64, seeds: u64) -> [u128; 3] {
    let trial = Trial::new(stated);
    let billion = u64::from(Probability::ALWAYS.parts_per_billion);
    let [mut refuted, mut held] = [0; 2];
    // By the number of seeds that failed: those that are undecided.
    let mut undecided = vec![ALL];
    for played in 0..seeds {
        let mut after = vec![0; undecided.len() + 1];
        for (failed, share) in undecided
            .iter()
            .enumerate()
            .filter(|(_, share)| **share > 0)
        {
            for (passes, chance) in [(true, holds), (false, billion - holds)] {
                let part = (share * u128::from(chance)).div_ceil(u128::from(billion));
                match next(&trial, played, failed as u64, passes) {
                    Some(Verdict::Refuted) => refuted += part,
                    Some(_) => held += part,
                    None => after[failed + usize::from(!passes)] += part,
                }
            }
        }
        undecided = after;
    }
    [refuted, held, undecided.iter().sum()]
}

#[test]
fn a_wrong_decision_is_no_more_probable_than_stated() {
    for (rate, confidence, seeds) in [
        ("50%", "90%", 300),
        ("80%", "95%", 300),
        ("95%", "90%", 400),
        ("99%", "80%", 500),
        ("10%", "99%", 300),
    ] {
        let stated = stated(rate, confidence);
        let billion = u64::from(Probability::ALWAYS.parts_per_billion);
        let holds = u64::from(stated.rate.parts_per_billion);
        let doubt = billion - u64::from(stated.confidence.parts_per_billion);
        let most = ALL * u128::from(doubt) / u128::from(billion);
        let step = holds.min(billion - holds) / 2;
        // At the stated rate itself both decisions would be wrong.
        let [refuted, held, _] = shares(stated, holds, seeds);
        assert!(refuted <= most && held <= most, "{rate} {confidence}");
        // The bounds are met, and not by never deciding anything.
        assert!(refuted + held > most / 8, "{rate} {confidence}");
        let [refuted, _, _] = shares(stated, holds + step, seeds);
        assert!(refuted <= most, "{rate} {confidence}");
        let [_, held, _] = shares(stated, holds - step, seeds);
        assert!(held <= most, "{rate} {confidence}");
    }
}

#[test]
fn outside_the_region_of_indifference_it_decides_rightly() {
    let stated = stated("80%", "90%");
    let nine_tenths = ALL / 10 * 9;
    let [_, held, undecided] = shares(stated, 950_000_000, 400);
    assert!(
        held >= nine_tenths && undecided < ALL / 1000,
        "{held} {undecided}"
    );
    let [refuted, _, undecided] = shares(stated, 650_000_000, 400);
    assert!(
        refuted >= nine_tenths && undecided < ALL / 1000,
        "{refuted} {undecided}"
    );
}

/// After how many seeds it is decided where every one has this fate.
fn decided_after(stated: StatedRate, holds: bool) -> u64 {
    let mut trial = Trial::new(stated);
    while trial.decision().is_none() {
        trial.add(holds);
    }
    trial.decision().map_or(0, |(verdict, after)| {
        assert_eq!(verdict == Verdict::Holds, holds);
        after
    })
}

#[test]
fn how_many_seeds_it_takes_where_luck_is_all_one_way() {
    let counts = [
        ("50%", "50%"),
        ("90%", "95%"),
        ("99%", "99.9%"),
        ("99.9%", "99.9%"),
        ("99.9%", "99.99%"),
    ]
    .map(|(rate, confidence)| {
        let stated = stated(rate, confidence);
        (decided_after(stated, true), decided_after(stated, false))
    });
    assert_eq!(
        counts,
        [(2, 2), (56, 8), (1372, 18), (13_806, 18), (18_407, 23)]
    );
}

#[test]
fn a_decision_stays_whatever_comes_later() {
    let mut trial = Trial::new(stated("90%", "95%"));
    for _ in 0..56 {
        assert_eq!(trial.decision(), None);
        trial.add(true);
    }
    for _ in 0..1000 {
        trial.add(false);
    }
    assert_eq!(trial.decision(), Some((Verdict::Holds, 56)));
    assert_eq!(trial.counts(), (1056, 1000));
}

#[test]
fn the_longest_runs_there_can_be_overflow_nothing() {
    let rates = ["0.0000001%", "1%", "50%", "99%", "99.9999999%"];
    for stated in rates.map(|rate| stated(rate, "99.9999999%")) {
        let trial = Trial::new(stated);
        let most = u64::MAX - 1;
        assert_eq!(next(&trial, most, 0, true), Some(Verdict::Holds));
        assert_eq!(next(&trial, most, most, false), Some(Verdict::Refuted));
        let fails = Probability::ALWAYS.parts_per_billion - stated.rate.parts_per_billion;
        let as_stated = u128::from(most) * u128::from(fails) / 1_000_000_000;
        let as_stated = u64::try_from(as_stated).expect("less than all");
        assert_eq!(next(&trial, most, as_stated, true), None, "{stated:?}");
    }
}

#[test]
fn standings_say_what_was_decided_and_when() {
    let mut trial = Trial::new(stated("90%", "95%"));
    let standing = |trial: &Trial, whole: bool| Standing::of("faults/a", Some("x=1"), trial, whole);
    trial.add(false);
    assert_eq!(
        standing(&trial, true).to_human(),
        "faults/a (x=1) may hold in 90% of seeds: undecided (confidence 95%); 1 of 1 failed"
    );
    for _ in 0..100 {
        trial.add(true);
    }
    assert_eq!(
        standing(&trial, true).to_human(),
        "faults/a (x=1) holds in 90% of seeds: decided after 70 seeds (confidence 95%); 1 of 101 failed"
    );
    assert_eq!(
        standing(&trial, false).to_human(),
        "faults/a (x=1) states 90% of seeds: merge decides when all shards have ended (confidence 95%); 1 of 101 failed"
    );
    assert_eq!(
        standing(&trial, true).to_json().to_string(),
        "{\"scenario\":\"faults/a\",\"case\":\"x=1\",\"holds-in\":\"90%\",\"confidence\":\"95%\",\"verdict\":\"holds\",\"decided-after\":70,\"seeds\":101,\"failed\":1}"
    );
}
