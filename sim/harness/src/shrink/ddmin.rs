//! Delta debugging: the smallest part of a list that still does what the whole does.
//!
//! The algorithm is ddmin of Zeller and Hildebrandt ("Simplifying and Isolating Failure-Inducing Input", 2002), without randomness: equal
//! lists and answers give equal results, try by try.

use std::ops::ControlFlow;

/// The items that must stay, in their order. `fails` tells whether a part still fails; a break ends the search with what is known by then.
///
/// The whole list is taken to fail, and is not tried. The result is minimal in the sense that no single item of it can be left out,
/// unless the search was broken off.
pub fn ddmin<T: Clone>(
    items: &[T],
    fails: &mut dyn FnMut(&[T]) -> ControlFlow<(), bool>,
) -> Vec<T> {
    let mut kept = items.to_vec();
    // Often nothing of it matters.
    if kept.is_empty() || fails(&[]) == ControlFlow::Continue(true) {
        return Vec::new();
    }
    let mut parts = 2;
    while kept.len() > 1 {
        match reduced(&kept, parts, fails) {
            ControlFlow::Break(()) => return kept,
            ControlFlow::Continue(Some(Reduced::ToPart(part))) => {
                kept = part;
                parts = 2;
            }
            ControlFlow::Continue(Some(Reduced::Without(rest))) => {
                kept = rest;
                parts = (parts - 1).max(2);
            }
            ControlFlow::Continue(None) if parts >= kept.len() => return kept,
            ControlFlow::Continue(None) => parts = (parts * 2).min(kept.len()),
        }
    }
    kept
}

enum Reduced<T> {
    /// One of the parts is enough.
    ToPart(Vec<T>),
    /// One of the parts is needless.
    Without(Vec<T>),
}

/// Tries each part alone, then the list without each part.
fn reduced<T: Clone>(
    items: &[T],
    parts: usize,
    fails: &mut dyn FnMut(&[T]) -> ControlFlow<(), bool>,
) -> ControlFlow<(), Option<Reduced<T>>> {
    let parts = parts.min(items.len());
    let bounds = |part: usize| items.len() * part / parts;
    // With two parts, the list without the one is the other.
    if parts > 1 {
        for part in 0..parts {
            let some = &items[bounds(part)..bounds(part + 1)];
            if fails(some)? {
                return ControlFlow::Continue(Some(Reduced::ToPart(some.to_vec())));
            }
        }
    }
    if parts > 2 {
        for part in 0..parts {
            let rest = [&items[..bounds(part)], &items[bounds(part + 1)..]].concat();
            if fails(&rest)? {
                return ControlFlow::Continue(Some(Reduced::Without(rest)));
            }
        }
    }
    ControlFlow::Continue(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The result, and how many parts were tried.
    fn search(count: u32, fails: impl Fn(&[u32]) -> bool) -> (Vec<u32>, usize) {
        let items: Vec<u32> = (0..count).collect();
        let mut tries = 0;
        let kept = ddmin(&items, &mut |part| {
            tries += 1;
            ControlFlow::Continue(fails(part))
        });
        (kept, tries)
    }

    #[test]
    fn what_must_stay_together_stays_and_nothing_else() {
        for wanted in [
            vec![],
            vec![7],
            vec![0, 99],
            vec![3, 4, 5],
            vec![1, 30, 60, 98],
        ] {
            let (kept, tries) = search(100, |part| wanted.iter().all(|it| part.contains(it)));
            assert_eq!(kept, wanted);
            assert!(tries < 400, "{tries} tries for {wanted:?}");
        }
    }

    #[test]
    fn the_result_is_minimal_where_one_of_several_is_enough() {
        let fails = |part: &[u32]| {
            let pair = part.contains(&10) && part.contains(&80);
            pair || part.iter().filter(|it| **it % 9 == 0).count() >= 4
        };
        let (kept, _) = search(100, fails);
        assert!(fails(&kept));
        for left_out in &kept {
            let rest: Vec<u32> = kept.iter().copied().filter(|it| it != left_out).collect();
            assert!(!fails(&rest), "{kept:?} without {left_out}");
        }
    }

    #[test]
    fn everything_may_be_needed() {
        let (kept, _) = search(9, |part| part.len() == 9);
        assert_eq!(kept, (0..9).collect::<Vec<u32>>());
        assert_eq!(search(1, |part| part.len() == 1).0, [0]);
        assert_eq!(search(0, |_| false).0, Vec::<u32>::new());
    }

    #[test]
    fn equal_questions_are_asked_in_an_equal_order() {
        let asked = || {
            let mut asked = Vec::new();
            ddmin(&(0..40).collect::<Vec<u32>>(), &mut |part| {
                asked.push(part.to_vec());
                ControlFlow::Continue(part.contains(&3) && part.contains(&33))
            });
            asked
        };
        assert_eq!(asked(), asked());
    }

    #[test]
    fn a_search_that_is_broken_off_keeps_what_still_fails() {
        let items: Vec<u32> = (0..64).collect();
        for most in 0..40 {
            let mut left = most;
            let kept = ddmin(&items, &mut |part| {
                if left == 0 {
                    return ControlFlow::Break(());
                }
                left -= 1;
                ControlFlow::Continue(part.contains(&5) && part.contains(&50))
            });
            assert!(
                kept.contains(&5) && kept.contains(&50),
                "{most} tries: {kept:?}"
            );
        }
    }
}
