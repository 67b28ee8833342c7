//! What a call costs in memory: 10,000 calls on one control connection between two endpoints, with rules, reference model and one
//! packet of data each way; everything counted, both ends. And what a sweep costs: as much for many seeds as for few. A program of its
//! own, as every allocation is counted.
//!
//! `cargo bench -p pptp-harness --bench memory --bench speed` prints the rows with the others.

#[path = "../../world/benches/engine/stage.rs"]
#[allow(dead_code, reason = "the other benches use the rest")]
mod stage;
#[path = "speed/sweeping.rs"]
mod sweeping;
#[path = "speed/table.rs"]
#[allow(dead_code, reason = "the other benches use the rest")]
mod table;

use peak_alloc::PeakAlloc;
use pptp_proto::Profile;
use pptp_wire::Severity;
use pptp_world::{NodeId, Query, RecordKind, Traffic, Value, World};
use stage::{add_pair, address, clean, new_world, open_control, place_call, run_until};
use std::process::ExitCode;
use sweeping::Session;
use table::{Limit, Ratio, Table};

#[global_allocator]
static COUNTER: PeakAlloc = PeakAlloc;

const KIBIBYTE: usize = 1024;

fn main() -> ExitCode {
    // `cargo test --benches` runs each bench once, as a test.
    let is_short = !std::env::args().any(|argument| argument == "--bench");
    let mut table = Table::begin();
    calls(&mut table, is_short);
    sweeps(&mut table, is_short);
    if table.end() || is_short {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn calls(table: &mut Table, is_short: bool) {
    let calls = if is_short { 100 } else { 10_000 };
    let mut world = new_world();
    let (pns, pac) = add_pair(&mut world, 0, &clean(), &Profile::RFC.into());
    open_control(&mut world, pns, address(0, 1));
    let before = COUNTER.current_usage();
    COUNTER.reset_peak_usage();
    place_calls(&mut world, pns, pac, calls);
    let (held, peak) = (COUNTER.current_usage() - before, COUNTER.peak_usage());
    for node in [pns, pac] {
        let standing = world.query(node, &Query::Calls);
        assert_eq!(standing, Some(Value::Number(calls as u64)));
    }
    table.row(
        "KiB a call, of 10,000 calls on one pair",
        Ratio::of(held as u128, (calls * KIBIBYTE) as u128),
        Limit::AtMost(20),
        &format!(
            "{held} octets held, at most {} at once",
            peak.saturating_sub(before)
        ),
    );
}

/// The most that is held at once while so many seeds are swept by two jobs, against a twentieth of them.
fn sweeps(table: &mut Table, is_short: bool) {
    let (few, many) = if is_short { (32, 640) } else { (1_000, 20_000) };
    let session = Session::load();
    // What the first run makes for all is there.
    session.sweep(few, 2);
    let [few_peak, many_peak] = [few, many].map(|seeds| {
        let before = COUNTER.current_usage();
        COUNTER.reset_peak_usage();
        session.sweep(seeds, 2);
        COUNTER.peak_usage().saturating_sub(before)
    });
    table.row(
        "octets at most, sweep over 20,000 seeds / 1,000 seeds",
        Ratio::of(many_peak as u128, few_peak as u128),
        Limit::Percent(0, 120),
        &format!("{many_peak} / {few_peak}"),
    );
}

/// Places calls one after the other and sends a packet each way on each.
fn place_calls(world: &mut World, pns: NodeId, pac: NodeId, calls: usize) {
    let mut records = Vec::new();
    let mut delivered = 0;
    for _ in 0..calls {
        let (call, there) = place_call(world, pns, pac);
        for (node, call) in [(pns, call), (pac, there)] {
            let traffic = Traffic {
                packets: 1,
                bytes: 100,
                every: None,
            };
            world
                .start_traffic(node, call, traffic)
                .expect("an established call");
        }
        run_until(world, |world| world.is_data_idle(Some((pns, call))));
        world.take_records(&mut records);
        for record in records.drain(..) {
            match record.kind {
                RecordKind::Data { counter, .. } => {
                    assert!(counter.is_some(), "a damaged packet");
                    delivered += 1;
                }
                // Maximum Channels is a note of what a PAC has: it goes on.
                RecordKind::Finding(finding) if finding.severity == Severity::Note => {}
                RecordKind::Finding(_) | RecordKind::ModelViolation(_) => panic!("{record:?}"),
                _ => {}
            }
        }
    }
    run_until(world, World::only_keep_alive_left);
    assert_eq!(delivered, 2 * calls);
}
