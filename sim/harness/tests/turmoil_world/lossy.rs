//! Luck: one seed makes the same fates in both worlds.

use super::common::*;
use pptp_wire::time::Duration;
use pptp_world::link::{Chance, Distribution, GilbertElliott, Jitter, LinkConfig, Reorder};
use pptp_world::luck::Probability;
use pptp_world::{PacketNumber, Record, RecordKind, Stage};

fn percent(count: u64) -> Probability {
    Probability::from_parts_per_billion(count * 10_000_000).expect("at most 100")
}

fn chance(count: u64) -> Chance {
    Chance {
        probability: percent(count),
        correlation: Probability::NEVER,
    }
}

/// Loss, copies, overtaking and, if `jitter`, times between ticks.
fn lossy(jitter: bool) -> LinkConfig {
    let mut link = delayed([20, 20], 20);
    for gre in &mut link.gre {
        gre.loss = Some(chance(5));
        gre.duplicate = Some(chance(3));
        gre.reorder = Some(Reorder {
            chance: chance(10),
            gap: 2,
        });
        gre.jitter = jitter.then_some(Jitter {
            amount: Duration::from_millis(15),
            distribution: Distribution::Normal,
            correlation: Probability::NEVER,
        });
    }
    link.gre[1].loss_gilbert_elliott = Some(GilbertElliott {
        good_to_bad: percent(1),
        bad_to_good: percent(10),
        loss_in_bad: percent(70),
        loss_in_good: Probability::NEVER,
    });
    link
}

fn both_send(stage: &mut dyn Stage) {
    open(stage);
    let [call, there] = place(stage);
    for (node, call) in [(PNS_NODE, call), (PAC_NODE, there)] {
        stage
            .start_traffic(node, call, traffic(300, 5))
            .expect("data");
    }
    run_to(stage, ms(20_000));
}

/// What became of each packet.
fn fates(records: &[Record]) -> Vec<(PacketNumber, &'static str)> {
    let fate = |record: &Record| match record.kind {
        RecordKind::GreLost { packet, .. } => Some((packet, "lost")),
        RecordKind::GreDuplicated { packet } => Some((packet, "duplicated")),
        RecordKind::GreDelivered { packet, .. } => Some((packet, "delivered")),
        _ => None,
    };
    records.iter().filter_map(fate).collect()
}

#[test]
fn a_lossy_call_has_the_same_fates_in_both_worlds() {
    for jitter in [false, true] {
        let link = lossy(jitter);
        let [(_, event), (_, turmoil)] = both(&link, endpoints, both_send);
        let lost = fates(&event)
            .iter()
            .filter(|(_, fate)| *fate == "lost")
            .count();
        assert!(lost > 20, "{lost}");
        assert_eq!(fates(&event), fates(&turmoil));
        same(&link, endpoints, both_send);
    }
}

#[test]
fn another_seed_makes_other_fates() {
    let run = |seed| {
        let mut world = turmoil(seed, &lossy(true), endpoints());
        both_send(&mut world);
        fates(&records(&mut world))
    };
    assert_ne!(run(1), run(2));
}

#[test]
fn control_may_jitter_between_ticks() {
    let mut link = delayed([20, 20], 20);
    for control in &mut link.control {
        control.jitter = Some(Jitter {
            amount: Duration::from_millis(10),
            distribution: Distribution::Uniform,
            correlation: Probability::NEVER,
        });
    }
    let [(_, event), _] = both(&link, endpoints, both_send);
    assert!(
        event
            .iter()
            .any(|record| !record.at.0.is_multiple_of(1_000_000))
    );
    assert_clean(&same(&link, endpoints, both_send));
}

#[test]
fn a_tape_of_the_event_world_plays_in_the_turmoil_world() {
    let link = lossy(true);
    let mut event = event(11, &link, endpoints());
    both_send(&mut event);
    let tape = event.tape().clone();
    let mut replayed = pptp_harness::turmoil_world::TurmoilWorld::replay(
        pptp_world::WorldConfig {
            seed: 11,
            ..pptp_world::WorldConfig::default()
        },
        tape,
    );
    let [pns, pac] = endpoints();
    replayed.add_node("pns", &[PNS], pns);
    replayed.add_node("pac", &[PAC], pac);
    replayed
        .add_link(PNS_NODE, PAC_NODE, &link)
        .expect("a link");
    both_send(&mut replayed);
    assert_eq!(fates(&records(&mut event)), fates(&records(&mut replayed)));
}
