use super::*;
use crate::scenario::print::print;
use pptp_wire::Requirement;
use pptp_world::fuzzing::{self, Step};
use std::collections::BTreeSet;

/// The digest of the plans of the first seeds and of some variations. It changes with the generator, whose version has to change then.
#[test]
fn known_answers_pin_the_draw() {
    let mut hasher = blake3::Hasher::new();
    let varied = (0..20).filter_map(|seed| variation(seed, 3));
    let grandchildren = (0..20).filter_map(|seed| variation(variation(seed, 1)?, 255));
    for seed in (0..1_000).chain(varied).chain(grandchildren) {
        hasher.update(format!("{:?}", plan_of(seed)).as_bytes());
        for node in scenario_of(seed).nodes {
            hasher.update(format!("{:?}", node.profile_fields).as_bytes());
        }
    }
    let digest = hasher.finalize().to_hex();
    assert_eq!(
        (VERSION, &digest[..32]),
        (4, "29c5ab0d2af4138d333056a3f6372bd2")
    );
}

#[test]
fn a_plan_is_a_function_of_its_seed() {
    for seed in [0, 7, u64::MAX, 1 << 40] {
        assert_eq!(plan_of(seed), plan_of(seed));
    }
    let different: BTreeSet<String> = (0..200)
        .map(|seed| format!("{:?}", plan_of(seed)))
        .collect();
    assert_eq!(different.len(), 200);
}

#[test]
fn every_plan_runs() {
    for seed in 0..300 {
        fuzzing::run(&plan_of(seed));
    }
}

/// The name of a step's kind: the first word of its debug form.
fn kind(step: &Step) -> String {
    let text = format!("{step:?}");
    text.split([' ', '{']).next().unwrap_or_default().to_owned()
}

#[test]
fn every_kind_of_step_is_drawn() {
    let mut seen = BTreeSet::new();
    for seed in 0..2_000 {
        seen.extend(plan_of(seed).steps.iter().map(kind));
    }
    let expected = [
        "Call",
        "CloseControl",
        "CountWanErrors",
        "Crash",
        "EndCall",
        "HalfClose",
        "HoldUp",
        "ImpairControl",
        "ImpairGre",
        "LoseCarrier",
        "OpenControl",
        "Outage",
        "ResetConnection",
        "Restart",
        "SetLinkInfo",
        "Sleep",
        "Stall",
        "Target",
        "Traffic",
        "Wait",
    ];
    // Nobody comes from outside, and luck is of the seed.
    assert_eq!(seen.into_iter().collect::<Vec<_>>(), expected);
}

#[test]
fn every_feature_is_on_in_some_seeds_and_off_in_others() {
    for (feature, times) in Feature::ALL {
        let on = (0..1_600)
            .filter(|seed| Features::of(*seed).has(feature))
            .count() as u64;
        assert!(
            on > 100 * times - 80 && on < 100 * times + 80,
            "{feature:?}: {on} of 1600"
        );
    }
    let all: BTreeSet<u8> = Feature::ALL.iter().map(|(it, _)| *it as u8).collect();
    assert_eq!(all.len(), Feature::ALL.len());
}

#[test]
fn what_a_feature_is_for_comes_with_it_alone() {
    let drawn = |step: fn(&Step) -> bool, seed: u64| plan_of(seed).steps.iter().any(step);
    let mut texts = [0; 4];
    for seed in 0..1_500 {
        let features = Features::of(seed);
        let has = |feature| features.has(feature);
        if !has(Feature::Crashes) {
            assert!(!drawn(|step| matches!(step, Step::Crash { .. }), seed));
        }
        if !has(Feature::Stalls) {
            assert!(!drawn(|step| matches!(step, Step::Stall { .. }), seed));
        }
        let text = print(&scenario_of(seed));
        for (count, (feature, word)) in texts.iter_mut().zip([
            (Feature::Wrap, "first-sequence-number=42949"),
            (Feature::ReorderBuffers, "reorder-buffer="),
            (Feature::FewCallIds, "maximum-call-id="),
            (Feature::Profiles, "profile="),
        ]) {
            assert!(has(feature) || !text.contains(word), "{seed}: {word}");
            *count += u32::from(text.contains(word));
        }
    }
    assert!(texts.iter().all(|count| *count > 100), "{texts:?}");
}

#[test]
fn a_variation_says_what_it_comes_from() {
    assert_eq!(parent(7), None);
    let child = variation(7, 3).expect("room");
    assert_eq!(parent(child), Some(7));
    let grandchild = variation(child, 255).expect("room");
    assert_eq!(parent(grandchild), Some(child));
    let fourth = variation(variation(grandchild, 1).expect("room"), 2).expect("room");
    assert_eq!(variation(fourth, 1), None);
    assert_eq!(variation(7, 0), None);
    assert_eq!(variation(7, 256), None);
    assert_ne!(print(&scenario_of(child)), print(&scenario_of(7)));
}

#[test]
fn variations_are_near_what_they_come_from() {
    let steps = |seed: u64| plan_of(seed).steps;
    for seed in 0..50 {
        let original = steps(seed);
        for number in [1, 2, 3] {
            let varied = steps(variation(seed, number).expect("room"));
            let kept = varied.iter().filter(|step| original.contains(step)).count();
            assert!(kept * 2 >= original.len(), "{seed}: {kept}");
            assert!(varied.len() <= 90);
        }
    }
}

/// An end that holds packets and has less room than it offers is not blamed for what it throws away; every other end is.
#[test]
fn want_of_room_excuses_only_who_holds_packets() {
    let (mut excused, mut bound) = (0, 0);
    for node in (0..3_000).flat_map(|seed| scenario_of(seed).nodes) {
        let is_short = node
            .limits
            .iter()
            .any(|(key, ..)| *key == "receive-buffer-packets");
        if node.profile != "macos" && node.profile != "rfc" {
            continue;
        }
        let is_excused = node.may_miss.contains(&Requirement::Ack007);
        assert_eq!(is_excused, is_short && node.profile == "macos");
        if is_excused {
            excused += 1;
        } else if is_short {
            bound += 1;
        }
    }
    assert!(excused > 0 && bound > 0, "{excused} {bound}");
}
