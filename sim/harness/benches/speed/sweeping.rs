//! A sweep over the scenario beside this file, which does what a session of the core's bench does.

use pptp_harness::suite::{Family, Found, Outcome, Plan, SuiteOptions};
use pptp_harness::sweep::{Campaign, ResultLine, SeedRange, Tally, Unit, Watch, units};
use pptp_rules::Grade;
use std::ops::ControlFlow;
use std::sync::Arc;

const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/speed/session.kdl");

/// The scenario, read and checked.
pub struct Session {
    units: Vec<Unit>,
}

/// What runs of it did.
#[derive(Copy, Clone, Debug, Default, Eq, PartialEq)]
pub struct Done {
    /// Control messages sent.
    pub messages: u64,
    /// GRE packets sent.
    pub packets: u64,
}

struct Nobody;

impl Watch for Nobody {
    fn resumed(&mut self, _seeds: u64) {}

    fn seed(&mut self, _unit: &Unit, _line: &ResultLine) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}

impl Session {
    /// Reads it.
    ///
    /// # Panics
    /// If there is a mistake in it.
    pub fn load() -> Session {
        let found = Found {
            name: "session".to_owned(),
            path: PATH.to_owned(),
            built_in: false,
        };
        let family = Family::load(&found).expect("a scenario without a mistake");
        let plan = Plan {
            families: vec![(Arc::new(family), vec![0])],
            mistakes: Vec::new(),
        };
        let one = SeedRange::new(0, 1).expect("a range");
        let (units, skipped) = units(&plan, one, &SuiteOptions::default()).expect("one unit");
        assert_eq!((units.len(), skipped), (1, 0));
        Session { units }
    }

    /// Sweeps the seeds from 0 on with so many jobs.
    ///
    /// # Panics
    /// Unless every run passes.
    pub fn sweep(&self, seeds: u64, jobs: usize) -> Tally {
        let options = SuiteOptions {
            jobs,
            ..SuiteOptions::default()
        };
        let campaign = Campaign {
            units: self.units.clone(),
            part: SeedRange::new(0, seeds).expect("a range"),
            out: None,
            resume: false,
            until_failure: false,
            until_decided: false,
        };
        let tally = campaign.play(&options, &mut Nobody).expect("no files");
        assert_eq!(tally.seeds, seeds);
        let grades: Vec<(Grade, u64)> = tally.grades.clone().into_iter().collect();
        assert_eq!(grades, [(Grade::Pass, seeds)], "{tally:?}");
        tally
    }

    /// What the runs with these seeds do.
    ///
    /// # Panics
    /// If one cannot be played.
    #[allow(dead_code, reason = "not every bench asks")]
    pub fn done(&self, seeds: u64) -> Done {
        let mut done = Done::default();
        let unit = &self.units[0];
        for seed in 0..seeds {
            let run = unit.run(seed, &SuiteOptions::default());
            let Outcome::Played(played) = run.outcome else {
                panic!("not played: {run:?}")
            };
            done.messages += played.report.control_messages;
            done.packets += played.report.gre_packets;
        }
        done
    }
}
