//! `pptp-sim sweep` and `pptp-sim merge`.

use std::ops::ControlFlow;
use std::path::PathBuf;

use serde_json::json;

use super::args::{ListFormat, MergeArgs, SweepArgs};
use super::progress::Progress;
use super::subject::{check_names, options};
use super::terminal::Terminal;
use crate::scenario::render_all;
use crate::suite::{Plan, Status, SuiteOptions, find};
use crate::swarm::Swarm;
use crate::sweep::{
    self, Campaign, Merged, ResultLine, SeedRange, Shard, ShardSource, SweepError, Tally, Unit,
    Watch, explore, plan, units,
};

/// Problems that are told in full.
const SHOWN: usize = 10;

/// Plays the sweep, or prints a text for a scheduler.
pub fn sweep(arguments: &SweepArgs, terminal: &mut Terminal) -> Status {
    if let Some(choice) = arguments.plan {
        let out = arguments.out.as_deref().unwrap_or_default();
        let text = plan(
            choice.kind(),
            &words(arguments),
            out,
            arguments.seeds,
            arguments.shards,
        );
        let _ = terminal.say(&text);
        return Status::Success;
    }
    let options = match options(&arguments.subject) {
        Ok(options) => options,
        Err(problem) => {
            terminal.complain(&problem);
            return Status::Usage;
        }
    };
    match prepare(arguments, &options, terminal) {
        Ok(Some(campaign)) => play(arguments, &campaign, &options, terminal),
        Ok(None) => Status::Success,
        Err(problem) => {
            terminal.complain(&problem);
            Status::Usage
        }
    }
}

/// What is to be played; `None` where this shard has no seeds.
///
/// # Errors
/// What is wrong with the command or the scenarios.
fn prepare(
    arguments: &SweepArgs,
    options: &SuiteOptions,
    terminal: &mut Terminal,
) -> Result<Option<Campaign>, String> {
    let units = if arguments.swarm {
        vec![Unit::swarm(Swarm::new(options)?, arguments.seeds, options)]
    } else {
        scenarios(arguments, options, terminal)?
    };
    let shard = match arguments.shard {
        Some(shard) => Some((shard, ShardSource::Flag)),
        None => Shard::from_environment(&|name| std::env::var(name).ok())?,
    };
    let part = match shard {
        None => Some(arguments.seeds),
        Some((shard, source)) => {
            if arguments.until_decided {
                return Err(format!(
                    "--until-decided needs all seeds in one process, and this is shard {shard} by {source}"
                ));
            }
            let part = shard.part(arguments.seeds);
            let seeds = part.map_or("none".to_owned(), |part| part.to_string());
            terminal.remark(&format!("shard {shard} by {source}: seeds {seeds}"));
            part
        }
    };
    Ok(part.map(|part| Campaign {
        units,
        part,
        out: arguments.out.as_ref().map(PathBuf::from),
        resume: arguments.resume,
        until_failure: arguments.until_failure,
        until_decided: arguments.until_decided,
    }))
}

/// The cases of the scenarios that are asked for.
///
/// # Errors
/// What is wrong with them.
fn scenarios(
    arguments: &SweepArgs,
    options: &SuiteOptions,
    terminal: &mut Terminal,
) -> Result<Vec<Unit>, String> {
    let found = find(&arguments.paths).map_err(|error| error.to_string())?;
    let plan = Plan::read(&found, options);
    if let Some((_, mistakes)) = plan.mistakes.first() {
        return Err(render_all(mistakes, terminal.colour_of_errors));
    }
    check_names(options, &plan, &found)?;
    let (units, skipped) = units(&plan, arguments.seeds, options)?;
    if skipped > 0 {
        terminal.remark(&format!("{skipped} cases do not apply and are left out"));
    }
    if units.is_empty() {
        return Err("nothing could be run: every scenario was skipped".to_owned());
    }
    Ok(units)
}

fn play(
    arguments: &SweepArgs,
    campaign: &Campaign,
    options: &SuiteOptions,
    terminal: &mut Terminal,
) -> Status {
    let units = campaign.units.len() as u64;
    let further = arguments.explore.unwrap_or(0);
    let runs = units
        .saturating_mul(campaign.part.count())
        .saturating_add(further);
    let mut watch = Bar {
        progress: Progress::with_rate(runs, terminal.shows_progress),
        new: Vec::new(),
    };
    let mut played = campaign.play(options, &mut watch);
    if let (Ok(tally), [unit]) = (&mut played, campaign.units.as_slice()) {
        let parents = std::mem::take(&mut watch.new);
        explore(unit, &parents, further, tally, options, &mut watch);
    }
    watch.progress.finish();
    match played {
        Ok(tally) => {
            let sum = Sum {
                shows_coverage: arguments.coverage || further > 0,
                seeds: campaign.part,
                units,
                tally: &tally,
                planned: runs,
            };
            let _ = terminal.say(&sum.text(arguments.format));
            tally.status()
        }
        Err(error) => {
            terminal.complain(&error.to_string());
            Status::Usage
        }
    }
}

struct Bar {
    progress: Progress,
    /// Seeds that came to something new.
    new: Vec<u64>,
}

impl Watch for Bar {
    fn resumed(&mut self, seeds: u64) {
        self.progress.begin_at(seeds);
    }

    fn seed(&mut self, unit: &Unit, line: &ResultLine) -> ControlFlow<()> {
        if !line.coverage.is_empty() {
            self.new.push(line.seed);
        }
        self.progress.advance(&unit.header.scenario);
        ControlFlow::Continue(())
    }
}

/// Adds up result files.
pub fn merge(arguments: &MergeArgs, terminal: &mut Terminal) -> Status {
    let folders: Vec<PathBuf> = arguments.folders.iter().map(PathBuf::from).collect();
    match sweep::merge(&folders) {
        Ok(Merged {
            seeds,
            units,
            tally,
            ..
        }) => {
            let planned = units.saturating_mul(seeds.count());
            let sum = Sum {
                shows_coverage: arguments.coverage,
                seeds,
                units,
                tally: &tally,
                planned,
            };
            let _ = terminal.say(&sum.text(arguments.format));
            tally.status()
        }
        Err(errors) => {
            terminal.complain(&listed(&errors));
            Status::Usage
        }
    }
}

/// The first problems, and how many more there are.
fn listed(errors: &[SweepError]) -> String {
    let shown = errors.iter().take(SHOWN);
    let mut lines: Vec<String> = shown.map(SweepError::to_string).collect();
    if errors.len() > SHOWN {
        lines.push(format!("and {} more", errors.len() - SHOWN));
    }
    lines.join("\n")
}

/// What is printed at the end.
struct Sum<'t> {
    seeds: SeedRange,
    units: u64,
    planned: u64,
    tally: &'t Tally,
    shows_coverage: bool,
}

impl Sum<'_> {
    fn text(&self, format: ListFormat) -> String {
        match format {
            ListFormat::Human => self.human(),
            ListFormat::Json => self.json(),
        }
    }

    fn human(&self) -> String {
        let Tally {
            seeds: runs,
            grades,
            classes,
            allowed,
            standings,
            others,
            ..
        } = self.tally;
        let mut text = String::new();
        let kinds = [
            ("runs", classes),
            ("runs, allowed by a stated rate", allowed),
        ];
        for (runs, classes) in kinds {
            for (class, tally) in classes {
                let shortest = &tally.shortest;
                text.push_str(&format!(
                    "{class}\n  {} {runs}; the shortest, of {} lines:\n  replay   {}\n",
                    tally.count, shortest.lines, shortest.replay
                ));
                if let Some(shrink) = shortest.shrink() {
                    text.push_str(&format!("  shrink   {shrink}\n"));
                }
            }
        }
        for standing in standings.values() {
            text.push_str(&format!("{}\n", standing.to_human()));
        }
        if *others > 0 {
            text.push_str(&format!("{others} runs failed in further classes\n"));
        }
        text.push_str(&format!(
            "seeds {} of {} cases, {runs} runs",
            self.seeds, self.units
        ));
        for (position, (grade, count)) in grades.iter().enumerate() {
            let sign = if position == 0 { ":" } else { "," };
            text.push_str(&format!("{sign} {count} {grade}"));
        }
        if *runs < self.planned {
            text.push_str(&format!("; {} not played", self.planned - runs));
        }
        text.push_str(&format!("\ndigest {}\n", self.tally.digest_text()));
        if self.shows_coverage {
            text.push_str(&self.tally.coverage.table());
        }
        text
    }

    fn json(&self) -> String {
        let mut text = String::new();
        let kinds = [(false, &self.tally.classes), (true, &self.tally.allowed)];
        for (allowed, classes) in kinds {
            for (class, tally) in classes {
                let shortest = &tally.shortest;
                let line = json!({
                    "class": class,
                    "runs": tally.count,
                    "allowed": allowed,
                    "shortest": {"seed": shortest.seed, "lines": shortest.lines, "replay": shortest.replay, "shrink": shortest.shrink()},
                });
                text.push_str(&format!("{line}\n"));
            }
        }
        for standing in self.tally.standings.values() {
            text.push_str(&format!("{}\n", standing.to_json()));
        }
        let mut grades = serde_json::Map::new();
        for (grade, count) in &self.tally.grades {
            grades.insert(grade.to_string(), json!(count));
        }
        let mut summary = json!({"summary": {
            "seeds": self.seeds.to_string(),
            "cases": self.units,
            "runs": self.tally.seeds,
            "not-played": self.planned - self.tally.seeds,
            "verdicts": grades,
            "further-failures": self.tally.others,
            "digest": self.tally.digest_text(),
        }});
        if self.shows_coverage {
            summary["summary"]["coverage"] = self.tally.coverage.json();
        }
        text.push_str(&format!("{summary}\n"));
        text
    }
}

/// The command again, word by word, without what belongs to one shard.
fn words(arguments: &SweepArgs) -> Vec<String> {
    let mut words = vec!["sweep".to_owned()];
    words.extend(arguments.paths.iter().cloned());
    if arguments.swarm {
        words.push("--swarm".to_owned());
    }
    let mut add = |flag: &str, value: &str| words.extend([flag.to_owned(), value.to_owned()]);
    add("--seeds", &arguments.seeds.to_string());
    if let Some(out) = &arguments.out {
        add("--out", out);
    }
    let subject = &arguments.subject;
    if let Some(case) = &subject.case {
        add("--case", case);
    }
    if let Some(sut) = &subject.sut {
        add("--sut", sut);
    }
    for (flag, pairs) in [
        ("--profile", &subject.profile),
        ("--deviation", &subject.deviation),
    ] {
        for (node, name) in pairs {
            add(flag, &format!("{node}={name}"));
        }
    }
    let choices = [
        ("--world", subject.world.name()),
        ("--set", subject.set.name()),
        ("--grading", subject.grading.name()),
    ];
    for (flag, (value, is_default)) in choices {
        if !is_default {
            add(flag, value);
        }
    }
    words
}
