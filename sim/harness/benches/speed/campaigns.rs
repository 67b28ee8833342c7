//! The rows about campaigns: what playing a scenario costs beside the bare world, what a second core brings, and how fast the fuzz
//! target of the whole network is.

use crate::table::{Limit, Ratio, Table, duel};
use crate::{sessions, sweeping};
use pptp_wire::fuzzing::{Choice, Choices};
use pptp_world::World;
use pptp_world::fuzzing::{self, Plan, Step};
use std::time::{Duration, Instant};

/// A sweep of a scenario that does what a session of the core's bench does, against those sessions; and two jobs against one.
pub fn sweeps(table: &mut Table, is_short: bool) {
    let (count, rounds) = if is_short { (2, 1) } else { (200, 9) };
    let sweep = sweeping::Session::load();
    let ((played, tally), (bare, base)) = duel(
        rounds,
        || sweep.sweep(count, 1),
        || sessions::run(0..count, World::new, World::add_node, World::add_link),
    );
    let done = sweep.done(count);
    assert_eq!((tally.seeds, done.messages), (count, 8 * count), "{done:?}");
    if !is_short {
        base.assert_sessions(count);
        // The same endpoints on the same path send as much: what differs is luck.
        let packets = u128::from(base.sent + base.acknowledgments);
        let share = u128::from(done.packets) * 100 / packets;
        assert!((95..=105).contains(&share), "{done:?} {base:?}");
    }
    let rate = |spent: Duration| u128::from(count) * 1_000_000_000 / spent.as_nanos();
    table.row(
        "runs of a sweep a second / bare sessions of the world",
        Ratio::of_times(bare, played),
        Limit::Percent(70, u128::MAX),
        &format!(
            "{} / {} a second; {} messages and {} packets a run",
            rate(played),
            rate(bare),
            done.messages / count,
            done.packets / count
        ),
    );
    two_jobs(table, &sweep, is_short);
}

/// The time on the clock, as a core that waits is lost: only a machine with two idle cores shows what it can do.
fn two_jobs(table: &mut Table, sweep: &sweeping::Session, is_short: bool) {
    let (seeds, rounds) = if is_short { (64, 1) } else { (2_000, 9) };
    let mut best = [Duration::MAX; 2];
    let mut digests = Vec::new();
    for _ in 0..rounds {
        for (jobs, best) in [1, 2].into_iter().zip(&mut best) {
            let (took, tally) = on_the_clock(|| sweep.sweep(seeds, jobs));
            *best = took.min(*best);
            digests.push(tally.digest);
        }
    }
    assert!(digests.iter().all(|digest| *digest == digests[0]));
    table.row(
        "runs of a sweep a second, two jobs / one job",
        Ratio::of_times(best[0], best[1]),
        Limit::Percent(180, u128::MAX),
        &format!("{seeds} seeds in {:.1?} / {:.1?}", best[1], best[0]),
    );
}

#[allow(
    clippy::disallowed_methods,
    reason = "two cores are compared with one on the clock; nothing but the table depends on it"
)]
fn on_the_clock<T>(work: impl FnOnce() -> T) -> (Duration, T) {
    let start = Instant::now();
    let done = work();
    (start.elapsed(), done)
}

/// The fuzz target `world` on the octets of a plan with a call and 20 packets.
pub fn fuzz(table: &mut Table, is_short: bool) {
    let (count, rounds) = if is_short { (2_u32, 1) } else { (2_000, 9) };
    let octets = |replays| {
        let mut octets = Vec::new();
        plan(replays).write(&mut octets);
        octets
    };
    let done = fuzzing::run(&plan(false));
    assert_eq!((done.delivered, done.established), (20, 2), "{done:?}");
    assert!(done.messages >= 7 && done.datagrams >= 20, "{done:?}");
    let (once, twice) = (octets(false), octets(true));
    let target = |octets: &[u8]| {
        (0..count).for_each(|_| fuzzing::world(&Plan::read(&mut Choices::new(octets))));
    };
    let ((spent, ()), (replayed, ())) = duel(rounds, || target(&once), || target(&twice));
    let rate = |spent: Duration| u128::from(count) * 1_000_000_000 / spent.as_nanos();
    table.row(
        "executions a second of the fuzz target `world`, 20 packets",
        Ratio::of(rate(spent), 1),
        Limit::AtLeast(5_000),
        &format!(
            "{} where the run is had again from its tape; {} messages, {} datagrams",
            rate(replayed),
            done.messages,
            done.datagrams
        ),
    );
}

/// A call with ten packets each way, from the opening segment to the last close; everything else as nothing chooses it.
fn plan(replays: bool) -> Plan {
    let traffic = |call| Step::Traffic {
        call,
        packets: 10,
        length: 99,
        every: Some(5),
    };
    let mut plan = Plan::read(&mut Choices::new(&[]));
    plan.setup.seed = 2637;
    plan.setup.delay = 20;
    plan.setup.replays = replays;
    plan.steps = vec![
        Step::OpenControl { node: 0, to: 1 },
        Step::Wait { milliseconds: 200 },
        Step::Call { node: 0 },
        Step::Wait { milliseconds: 200 },
        traffic(0),
        traffic(1),
        Step::Sleep { seconds: 1 },
        Step::EndCall { call: 0 },
        Step::Wait { milliseconds: 200 },
        Step::CloseControl { node: 0, reason: 0 },
    ];
    plan
}
