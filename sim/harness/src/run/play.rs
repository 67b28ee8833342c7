//! The main loop: the world moves one event, what it records is matched, the script moves as far as it can.

use std::collections::BTreeMap;

use pptp_rules::End;
use pptp_wire::Requirement;
use pptp_wire::time::{Duration, Instant};
use pptp_world::{Advance, NodeId, Record, Stage};

use super::driver::{Driver, Happening, What};
use super::message::Seen;
use super::options::RunOptions;
use super::recorder::CaptureRecorder;
use super::report::RunReport;
use super::sequence::{Flow, Sequence};
use super::verdict::grade_text;
use crate::coverage::Coverage;
use crate::diagram::{Facts, of_run};
use crate::scenario::model::{NodeSpec, Scenario, Step};
use crate::scenario::source::Sources;
use crate::transcript::{Entry, Header, Line, Names, fold, render, render_gre};

/// How long a run may go on after its flow has ended, until nothing but keep-alive is left.
const ENDING: Duration = Duration::from_secs(600);

/// Runs a scenario on a stage that holds its nodes and links already. `world` names the stage in the transcript; `recorder` takes
/// down what passes each node's interface.
///
/// Never panics; a run always ends: the stage's limits see to it.
pub fn play<S: Stage>(
    scenario: &Scenario,
    sources: &Sources,
    options: &RunOptions,
    stage: &mut S,
    world: &'static str,
    recorder: Option<&mut CaptureRecorder>,
) -> RunReport {
    let mut driver = Driver::new(scenario, sources, options, stage);
    driver.recorder = recorder;
    let mut flow = Sequence::new(&scenario.flow, driver.now());
    let mut news = News::default();
    let ended = run_flow(&mut driver, &mut flow, &mut news);
    if ended && !driver.has_failed() {
        run_ending(&mut driver, &mut news);
    }
    if !driver.has_failed() {
        driver.check_endings();
    }
    driver.stage.finish();
    driver.take_records(&mut news.records, &mut news.seen);
    conclude(driver, world)
}

/// What happened since the last look: room that is used again and again.
#[derive(Default)]
struct News {
    records: Vec<Record>,
    seen: Vec<Seen>,
}

/// Plays the flow to its end. Returns whether it got there.
fn run_flow<'s, S: Stage>(
    driver: &mut Driver<'s, S>,
    flow: &mut Sequence<'s>,
    news: &mut News,
) -> bool {
    let mut state = settle(driver, flow, news);
    let mut looked_at = None;
    let mut until = Instant::NEVER;
    while state == Flow::Blocked && !driver.has_failed() {
        // As long as the script does not move, its next deadline stays where it is.
        if looked_at != Some(driver.moves) {
            until = flow.deadline().unwrap_or(Instant::NEVER);
            looked_at = Some(driver.moves);
        }
        match driver.stage.advance(until) {
            Advance::Event => {}
            Advance::Reached | Advance::Quiet => {
                looked_at = None;
                state = settle(driver, flow, news);
                if state == Flow::Blocked && !driver.has_failed() {
                    let now = driver.now().max(if until == Instant::NEVER {
                        Instant::START
                    } else {
                        until
                    });
                    flow.expire(now, driver);
                    if until == Instant::NEVER {
                        driver.fail_limit(
                            "events: nothing happens any more and a step still waits",
                            &flow.expected(),
                        );
                    }
                }
            }
            Advance::Limit(limit) => {
                settle(driver, flow, news);
                driver.fail_limit(limit.name(), &flow.expected());
            }
            Advance::TapeMismatch => driver.fail_tape(),
        }
        if state == Flow::Blocked {
            state = settle(driver, flow, news);
        }
    }
    !driver.has_failed()
}

/// Takes in what happened, offers it, performs what can be performed, until nothing moves.
fn settle<'s, S: Stage>(
    driver: &mut Driver<'s, S>,
    flow: &mut Sequence<'s>,
    news: &mut News,
) -> Flow {
    let mut state = Flow::Blocked;
    loop {
        let moves = driver.moves;
        // What has arrived must be known before the script moves: nodes act only on what has reached them.
        driver.take_records(&mut news.records, &mut news.seen);
        let quiet = news.records.is_empty();
        driver.check_nevers();
        let mut settled = None;
        for (number, seen) in news.seen.iter().enumerate() {
            if driver.has_failed() {
                return Flow::Blocked;
            }
            // A packet that came before, and is not offered, is a moment at which the script may move on.
            let packet_before = driver.not_offered.is_some_and(|before| before <= number);
            if packet_before && settled.is_none() && state == Flow::Blocked {
                state = flow.settle(driver);
                settled = Some(driver.moves);
            }
            let taken = state == Flow::Blocked && flow.offer(seen, driver);
            if !taken && !driver.is_free(seen) {
                let expected: Vec<&'s Step> = match state {
                    Flow::Blocked => flow.expected(),
                    _ => Vec::new(),
                };
                driver.not_taken(seen, &expected);
            }
            // What the script waits for is as it was, unless the script has moved.
            if state == Flow::Blocked && settled != Some(driver.moves) {
                state = flow.settle(driver);
                settled = Some(driver.moves);
            }
        }
        if state == Flow::Blocked && settled != Some(driver.moves) {
            state = flow.settle(driver);
        }
        driver.perform_plans();
        // Where the script has not moved, nothing was done to the world, and another pass would find nothing new.
        if moves == driver.moves {
            if !quiet {
                driver.check_nevers();
            }
            return state;
        }
    }
}

/// After the flow: the world goes on until nothing but keep-alive is left.
fn run_ending<S: Stage>(driver: &mut Driver<'_, S>, news: &mut News) {
    let until = driver.now() + ENDING;
    driver.begin_ending();
    while !driver.has_failed() && !driver.stage.only_keep_alive_left() {
        match driver.stage.advance(until) {
            Advance::Event => {}
            Advance::Reached | Advance::Quiet => break,
            Advance::Limit(limit) => {
                driver.fail_limit(limit.name(), &[]);
                return;
            }
            Advance::TapeMismatch => return driver.fail_tape(),
        }
        driver.take_records(&mut news.records, &mut news.seen);
        for seen in &news.seen {
            driver.not_taken(seen, &[]);
        }
        driver.check_nevers();
    }
}

fn conclude<S: Stage>(mut driver: Driver<'_, S>, world: &'static str) -> RunReport {
    driver.judge_known_misses();
    let scenario = driver.scenario;
    let now = driver.now();
    let preconditions = preconditions(&driver);
    let told = driver.transitions.iter().copied();
    let coverage = Coverage::of_stage(driver.stage, scenario.nodes.len(), told);
    let (behaviour, ending) = driver.judgement.axes();
    let header = Header {
        title: scenario.title.clone(),
        case: scenario.case.as_ref().map(|case| case.text.clone()),
        seed: driver.scenario_seed(),
        world,
    };
    let ends = driver.connection_ends.clone();
    let log = driver.log.finish(&driver.bindings, &ends);
    let verdict = format!(
        "// behaviour={} ending={}",
        grade_text(behaviour),
        grade_text(ending)
    );
    let matched = match driver.options.promotes {
        true => super::promote::matched_lines(scenario, &log),
        false => Vec::new(),
    };
    let last_states = last_states(&driver.happenings, &scenario.nodes);
    let ladder = log.drawn.map(|drawn| {
        let facts = Facts {
            header: &header,
            verdict: &verdict,
            scenario,
            connections: &drawn.connections,
            call_name: &|node, id| driver.bindings.call_at(node, id).map(str::to_owned),
        };
        Box::new(of_run(&facts, &drawn.entries, &drawn.course))
    });
    let transcript = render(&header, &log.names, &log.entries, &verdict);
    let digest = blake3::hash(transcript.as_bytes()).to_hex();
    RunReport {
        title: header.title,
        case: header.case,
        seed: header.seed,
        world,
        behaviour,
        ending,
        requirements: driver.judgement.requirements().clone(),
        preconditions,
        steps: driver.steps_done,
        virtual_time: now,
        control_messages: driver.control_messages,
        gre_packets: driver.gre_packets,
        branches: driver.branches,
        transcript_lines: lines_of(&transcript),
        transcript,
        transcript_digest: digest.as_str()[..32].to_owned(),
        failure: driver.failure,
        problems: driver.judgement.problems().to_vec(),
        transitions: driver.transitions,
        coverage,
        last_states,
        matched,
        ladder,
    }
}

/// How many lines a transcript has: each has an end.
fn lines_of(transcript: &str) -> u64 {
    // Sums that fit into an octet are added up many at a time.
    let chunks = transcript.as_bytes().chunks(usize::from(u8::MAX));
    let ends = |octets: &[u8]| -> u8 {
        let is_end = octets.iter().map(|octet| u8::from(*octet == b'\n'));
        is_end.sum()
    };
    chunks.map(|octets| u64::from(ends(octets))).sum()
}

/// The state that each node told of last: of a call where there was one.
fn last_states(happenings: &[Happening], nodes: &[NodeSpec]) -> Vec<(String, &'static str)> {
    let mut last: BTreeMap<NodeId, (bool, &'static str)> = BTreeMap::new();
    for happening in happenings {
        let (of_call, state) = match happening.what {
            What::CallState(state) => (true, state),
            What::ConnectionState(state) => (false, state),
            _ => continue,
        };
        let known = last.entry(happening.node).or_insert((of_call, state));
        if of_call || !known.0 {
            *known = (of_call, state);
        }
    }
    let named = last.into_iter().filter_map(|(node, (_, state))| {
        let node = nodes.get(usize::from(node.0))?;
        Some((node.name.clone(), state))
    });
    named.collect()
}

/// How often the preconditions of the requirements held that the scenario says it covers.
fn preconditions<S: Stage>(driver: &Driver<'_, S>) -> BTreeMap<Requirement, u64> {
    let judge = driver.stage.judge();
    let ends = (0..driver.scenario.nodes.len())
        .map(|position| End(u16::try_from(position).unwrap_or(u16::MAX)));
    let ends: Vec<End> = ends.collect();
    let covered = driver
        .scenario
        .covers
        .iter()
        .map(|(requirement, _)| *requirement);
    covered
        .filter(|requirement| pptp_rules::is_ruled(*requirement))
        .map(|requirement| {
            (
                requirement,
                ends.iter()
                    .map(|end| judge.preconditions(requirement, *end))
                    .sum(),
            )
        })
        .collect()
}

/// The lines of some GRE packets as the transcript folds them, without their times.
pub(super) fn folded_lines(names: &Names, entries: &[Entry]) -> Vec<String> {
    let lines = fold(entries).into_iter().filter_map(|line| match line {
        Line::Gre(run) => Some(render_gre(names, &run)),
        Line::Plain(_) => None,
    });
    lines.collect()
}
