//! The rows: what is run against what, how often, and what the work has to have been.

use crate::idle::Opening;
use crate::packets::Flow;
use crate::table::{Limit, Ratio, Table, duel, timed};
use crate::{baseline, idle, packets, sessions, turmoil_alone, work};
use pptp_harness::turmoil_world::TurmoilWorld;
use pptp_world::World;
use std::time::Duration;

/// A million GRE packets through the whole stack, against the bare machine and against plain turmoil.
pub fn packets(table: &mut Table, is_short: bool) {
    let (count, rounds) = if is_short {
        (10_000, 1)
    } else {
        (1_000_000, 7)
    };
    for flow in [Flow::OneWay, Flow::BothWays] {
        let ((whole, done), (bare, base)) = duel(
            rounds,
            || packets::run(count, flow),
            || baseline::packets(count),
        );
        if !is_short {
            done.assert_million();
            base.assert_packets(count);
        }
        let what = match flow {
            Flow::OneWay => "1,000,000 GRE packets one way / bare loop",
            Flow::BothWays => "1,000,000 GRE packets, half each way / bare loop",
        };
        let measured = format!(
            "{whole:.1?} / {bare:.1?}; {} in flight, {} acknowledgments alone, {} lost, {} to users, {} records",
            done.in_flight / done.steps,
            done.acknowledgments_sent,
            done.lost,
            done.to_users,
            done.records,
        );
        table.row(
            what,
            Ratio::of_times(whole, bare),
            Limit::AtMost(3),
            &measured,
        );
    }
    let ((alone, moved), (whole, done)) = duel(
        rounds.min(2),
        || turmoil_alone::datagrams(count),
        || packets::run(count, Flow::OneWay),
    );
    assert_eq!((moved, done.data_sent), (count, count));
    table.row(
        "1,000,000 datagrams of plain turmoil UDP / GRE packets",
        Ratio::of_times(alone, whole),
        Limit::AtLeast(3),
        &format!("{alone:.1?} / {whole:.1?}"),
    );
}

/// Whole sessions, a fresh world each, in the event world and in the turmoil world, with the same luck.
pub fn sessions(table: &mut Table, is_short: bool) {
    let (count, rounds) = if is_short { (2, 1) } else { (100, 5) };
    let run_event = || sessions::run(0..count, World::new, World::add_node, World::add_link);
    let run_turmoil = || {
        sessions::run(
            0..count,
            TurmoilWorld::new,
            TurmoilWorld::add_node,
            TurmoilWorld::add_link,
        )
    };
    let ((turmoil, there), (event, here)) = duel(rounds, run_turmoil, run_event);
    assert_eq!(here, there, "the same luck, the same packets");
    if !is_short {
        here.assert_sessions(count);
    }
    let rate = |spent: Duration| u128::from(count) * 1_000_000_000 / spent.as_nanos();
    table.row(
        "whole sessions a second / in the turmoil world",
        Ratio::of_times(turmoil, event),
        Limit::AtLeast(10),
        &format!(
            "{} / {} a second; {} packets delivered, {} lost",
            rate(event),
            rate(turmoil),
            here.delivered,
            here.lost
        ),
    );
}

/// An hour with nothing but echoes.
pub fn idle_hour(table: &mut Table, is_short: bool) {
    let (minutes, rounds) = if is_short { (2, 1) } else { (60, 20) };
    let (alone, answers) = timed(|| turmoil_alone::echoes(minutes));
    assert_eq!(answers, minutes);
    let (mut hour, echoes) = timed(idle::hour);
    for _ in 1..rounds {
        hour = hour.min(timed(idle::hour).0);
    }
    table.row(
        "an idle hour of plain turmoil / of the event world",
        Ratio::of_times(alone, hour),
        Limit::AtLeast(1000),
        &format!("{alone:.1?} / {hour:.1?}; {echoes} echoes"),
    );
}

/// Ten minutes with nothing but echoes, for many pairs: opened at once, and, for comparison, opened over a minute.
pub fn pairs(table: &mut Table, is_short: bool) {
    for (opening, few_to_bare, many_to_few) in [
        (
            Opening::AtOnce,
            "1000 pairs, ten minutes with echoes / bare loop",
            "10,000 pairs / 1000 pairs",
        ),
        (
            Opening::Spread,
            "1000 pairs opened over a minute / bare loop",
            "10,000 pairs opened over a minute / 1000 pairs",
        ),
    ] {
        let [(few, bare_few, echoes), (many, bare_many, _)] = pairs_opened(opening, is_short);
        table.row(
            few_to_bare,
            Ratio::of_times(few, bare_few.0),
            Limit::AtMost(25),
            &format!(
                "{few:.1?} / {:.1?}; {echoes} echoes, {} events of the loop",
                bare_few.0, bare_few.1
            ),
        );
        table.row(
            many_to_few,
            Ratio::of_times(many, few),
            Limit::AtMost(12),
            &format!("{many:.1?} / {few:.1?}; bare loop {:.1?}", bare_many.0),
        );
    }
}

/// For 1000 pairs and for 10,000: the best time of the world, that of the bare loop with its events, and the echoes.
fn pairs_opened(opening: Opening, is_short: bool) -> [(Duration, (Duration, u64), u64); 2] {
    let (counts, rounds) = if is_short {
        ([10, 100], 1)
    } else {
        ([1_000, 10_000], 5)
    };
    let none = (Duration::MAX, 0);
    let mut best = [(Duration::MAX, none, 0); 2];
    for _ in 0..rounds {
        for (&pairs, (time, bare, echoes)) in counts.iter().zip(&mut best) {
            // The world is made, run and given back before the next, so that each is the only one in memory.
            let mut world = idle::pairs(pairs, opening);
            let next = timed(|| idle::ten_minutes(&mut world, pairs));
            (*time, *echoes) = (next.0.min(*time), next.1);
            drop(world);
            let apart = opening.apart(pairs).0;
            *bare = (*bare).min(timed(|| baseline::echoes(pairs, 10, apart)));
        }
    }
    best
}

/// Decoding, against parsers by hand.
pub fn decode(table: &mut Table, is_short: bool) {
    let (times, rounds) = if is_short { (1, 1) } else { (1_000, 100) };
    let repeat = |once: &dyn Fn() -> usize| (0..times).map(|_| once()).sum::<usize>();
    let messages = work::control_messages();
    let ((ours, decoded), (by_hand, parsed)) = duel(
        rounds,
        || repeat(&|| work::decode_all(&messages)),
        || repeat(&|| work::parse_all(&messages)),
    );
    assert_eq!((decoded, parsed), (15 * times, 15 * times));
    let each = |spent: Duration, items: usize| spent.as_nanos() / (items * times) as u128;
    table.row(
        "decode and validate 15 control messages / by hand",
        Ratio::of_times(ours, by_hand),
        Limit::AtMost(3),
        &format!("{} / {} ns a message", each(ours, 15), each(by_hand, 15)),
    );
    let packets = work::gre_packets();
    let ((ours, decoded), (by_hand, parsed)) = duel(
        rounds,
        || repeat(&|| work::decode_all_gre(&packets)),
        || repeat(&|| work::parse_all_gre(&packets)),
    );
    assert_eq!(decoded, parsed);
    let count = packets.len();
    table.row(
        "decode GRE headers / by hand",
        Ratio::of_times(ours, by_hand),
        Limit::AtMost(3),
        &format!(
            "{} / {} ns a header",
            each(ours, count),
            each(by_hand, count)
        ),
    );
}
