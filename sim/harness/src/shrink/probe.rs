//! One run: its class, every decision of luck, and what passed each path.

use std::panic::{AssertUnwindSafe, catch_unwind};

use pptp_wire::GreHeader;
use pptp_world::tape::{Tape, TapeMismatch};
use pptp_world::{NodeId, Record, RecordKind, Watched};

use crate::run::{RunOptions, RunReport, SetupError, event_world_with, play};
use crate::scenario::model::Scenario;
use crate::scenario::source::Sources;
use crate::suite::{CaseRun, Outcome, Played, SuiteOptions, WorldKind, cast, said};
use crate::sweep::FailureClass;

/// A datagram that was put on a path.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct SentPacket {
    /// The sender.
    pub from: NodeId,
    /// The receiver.
    pub to: NodeId,
    /// Its header, where it is readable.
    pub header: Option<GreHeader>,
}

/// A control message that was put on a path.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SentMessage {
    /// The sender.
    pub from: NodeId,
    /// The receiver.
    pub to: NodeId,
    /// All its octets.
    pub octets: Vec<u8>,
}

/// What one run gave.
#[derive(Debug)]
pub struct Probe {
    /// The class of its failure.
    pub class: Option<FailureClass>,
    /// What it gave; nothing where the harness panicked.
    pub report: Option<RunReport>,
    /// Every decision of luck, up to where it ended.
    pub tape: Tape,
    /// Where the tape that was played did not fit.
    pub mismatch: Option<TapeMismatch>,
    /// The datagrams that were sent, in order.
    pub packets: Vec<SentPacket>,
    /// The control messages that were sent, in order.
    pub messages: Vec<SentMessage>,
}

/// Plays a scenario on the event world; with a tape, without luck. A panic in it is an outcome.
///
/// # Errors
/// Why it cannot be set up.
pub fn probe(
    scenario: &Scenario,
    sources: &Sources,
    seed: u64,
    tape: Option<Tape>,
    options: &SuiteOptions,
) -> Result<Probe, String> {
    let cast = cast(scenario, options)?;
    let mut make = |node: &_| cast.make(node, seed);
    let playing = tape.is_some();
    let mut world = event_world_with(scenario, seed, tape, false, &mut make)
        .map_err(|error: SetupError| error.to_string())?;
    let run_options = RunOptions {
        seed: Some(seed),
        grading: options.grading,
        system_under_test: cast.judged,
        replay: String::new(),
        diagram: false,
        promotes: false,
    };
    let (mut packets, mut messages) = (Vec::new(), Vec::new());
    let played = catch_unwind(AssertUnwindSafe(|| {
        let mut watched =
            Watched::new(
                &mut world,
                |record: &Record, stage: &pptp_world::World| match &record.kind {
                    RecordKind::GreSent(sent) => packets.extend(sent.to.map(|to| SentPacket {
                        from: sent.from,
                        to,
                        header: sent.header,
                    })),
                    RecordKind::ControlSent(sent) => messages.push(SentMessage {
                        from: sent.from,
                        to: sent.to,
                        octets: stage.octets(sent.octets).to_vec(),
                    }),
                    _ => {}
                },
            );
        let world_name = WorldKind::Event.name();
        play(
            scenario,
            sources,
            &run_options,
            &mut watched,
            world_name,
            None,
        )
    }));
    let tape = world.tape().clone();
    let mismatch = match &played {
        Ok(_) if playing => world.finish_tape().err(),
        _ => None,
    };
    let run = case_run(scenario, seed, played.map_err(|panic| said(panic.as_ref())));
    Ok(Probe {
        class: FailureClass::of(&run),
        report: match run.outcome {
            Outcome::Played(played) => Some(played.report),
            _ => None,
        },
        tape,
        mismatch,
        packets,
        messages,
    })
}

fn case_run(scenario: &Scenario, seed: u64, played: Result<RunReport, String>) -> CaseRun {
    CaseRun {
        case: scenario.case.clone(),
        seed,
        world: WorldKind::Event,
        replay: String::new(),
        outcome: match played {
            Err(panic) => Outcome::Crashed(panic),
            Ok(report) => {
                let judged = report.requirements.iter();
                Outcome::Played(Box::new(Played {
                    verdicts: judged.map(|(id, evidence)| (*id, evidence.grade)).collect(),
                    report,
                    captures: Vec::new(),
                    tape: None,
                }))
            }
        },
    }
}
