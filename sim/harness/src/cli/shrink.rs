//! `pptp-sim shrink`.

use std::path::Path;
use std::sync::Arc;

use pptp_world::tape::Tape;

use super::args::{ShrinkArgs, WorldChoice};
use super::artifacts::write_file;
use super::progress::Progress;
use super::replays::read;
use super::subject::{check_names, options};
use super::terminal::Terminal;
use crate::scenario::model::Scenario;
use crate::scenario::source::Sources;
use crate::scenario::{parse_str, render_all};
use crate::shrink::{ShrinkError, Shrunk, Size, Subject, Watch, shrink as shrink_run};
use crate::suite::{
    Outcome, Plan, Settings, Status, SuiteOptions, SystemUnderTest, find, is_tape, ready_case,
    shrink_command,
};
use crate::swarm::Swarm;

/// Shrinks a failing run, and writes what it was shrunk to.
pub fn shrink(arguments: &ShrinkArgs, terminal: &mut Terminal) -> Status {
    let run = match load(arguments, terminal) {
        Ok(run) => run,
        Err(problem) => {
            terminal.complain(&problem);
            return Status::Usage;
        }
    };
    let subject = Subject {
        scenario: &run.scenario,
        sources: &run.sources,
        seed: run.seed,
        tape: run.tape,
        options: &run.options,
        name: &run.name,
        command: &run.command,
        file: arguments.out.as_deref(),
    };
    let mut bar = Bar {
        progress: Progress::with_rate(arguments.most_runs, terminal.shows_progress),
        size: Size::of(&run.scenario),
    };
    let shrunk = shrink_run(&subject, arguments.most_runs, &mut bar);
    bar.progress.finish();
    match shrunk {
        Ok(shrunk) => write(arguments, &shrunk, terminal),
        Err(error) => {
            terminal.complain(&format!("{}: {error}", run.name));
            match error {
                ShrinkError::NotExplicit(_) => Status::Internal,
                _ => Status::Usage,
            }
        }
    }
}

fn write(arguments: &ShrinkArgs, shrunk: &Shrunk, terminal: &mut Terminal) -> Status {
    match &arguments.out {
        None => {
            let _ = terminal.say(&shrunk.text);
        }
        Some(path) => {
            if let Err(problem) = write_file(Path::new(path), shrunk.text.as_bytes()) {
                terminal.complain(&problem);
                return Status::Usage;
            }
        }
    }
    terminal.remark(&format!(
        "{}: {} became {} in {} runs{}",
        shrunk.shrunk_class,
        shrunk.before,
        shrunk.after,
        shrunk.runs,
        if shrunk.any_seed {
            "; it fails whatever the seed"
        } else {
            "; it needs its seed"
        }
    ));
    if shrunk.is_minimal {
        Status::Success
    } else {
        terminal.remark("the search was ended by --most-runs: it may become smaller still");
        Status::Limit
    }
}

/// The run that is to be shrunk.
struct Run {
    scenario: Scenario,
    sources: Arc<Sources>,
    seed: u64,
    tape: Option<Tape>,
    options: SuiteOptions,
    name: String,
    command: String,
}

/// # Errors
/// What is wrong with the command or the input.
fn load(arguments: &ShrinkArgs, terminal: &Terminal) -> Result<Run, String> {
    if arguments.subject.world != WorldChoice::Event {
        return Err("shrinking is for the event world: the other has luck of its own".to_owned());
    }
    let Some(path) = &arguments.path else {
        return of_swarm(arguments);
    };
    if is_tape(Path::new(path)) {
        return of_tape(arguments, path, terminal);
    }
    let options = options(&arguments.subject)?;
    let found = find(std::slice::from_ref(path)).map_err(|error| error.to_string())?;
    if found.len() > 1 {
        return Err(format!(
            "{path} holds {} scenarios: name the one that fails",
            found.len()
        ));
    }
    let plan = Plan::read(&found, &options);
    if let Some((_, mistakes)) = plan.mistakes.first() {
        return Err(render_all(mistakes, terminal.colour_of_errors));
    }
    check_names(&options, &plan, &found)?;
    let Some((family, cases)) = plan.families.first() else {
        return Err(format!("{path}: there is nothing to run"));
    };
    let [case] = cases.as_slice() else {
        return Err(format!(
            "{path} has {} cases: name the one that fails with --case",
            cases.len()
        ));
    };
    let scenario = ready_case(family, *case, &options).map_err(|run| match run.outcome {
        Outcome::Refused(reason) | Outcome::Skipped(reason) => reason,
        _ => "it cannot be run".to_owned(),
    })?;
    let seed = arguments.seed.unwrap_or(scenario.seed);
    let case = scenario.case.as_ref();
    let of_case = case.map_or(String::new(), |case| format!(" ({})", case.text));
    Ok(Run {
        name: format!("{}{of_case} with seed {seed}", family.found.name),
        command: shrink_command(&family.found, case, seed, &options),
        sources: family.file.sources.clone(),
        scenario,
        seed,
        tape: None,
        options,
    })
}

fn of_swarm(arguments: &ShrinkArgs) -> Result<Run, String> {
    let options = options(&arguments.subject)?;
    let seed = arguments.seed.unwrap_or_default();
    let (plan, options) = Swarm::new(&options)?.plan(seed, &options)?;
    let Some((family, _)) = plan.families.first() else {
        return Err("there is nothing to run".to_owned());
    };
    let scenario = ready_case(family, 0, &options).map_err(|_| "it cannot be run".to_owned())?;
    Ok(Run {
        name: family.found.name.clone(),
        command: shrink_command(&family.found, None, seed, &options),
        sources: family.file.sources.clone(),
        scenario,
        seed,
        tape: None,
        options,
    })
}

fn of_tape(arguments: &ShrinkArgs, path: &str, terminal: &Terminal) -> Result<Run, String> {
    let subject = &arguments.subject;
    let named = arguments.seed.is_some()
        || subject.case.is_some()
        || subject.sut.is_some()
        || !subject.profile.is_empty()
        || !subject.deviation.is_empty();
    if named {
        return Err(format!(
            "{path} is a tape: it says itself which seed and case it is of and what stood at the nodes"
        ));
    }
    let tape = Tape::from_text(&read(path)?).map_err(|error| format!("{path}: {error}"))?;
    let mistakes = |mistakes: Vec<_>| {
        format!(
            "{path}: the scenario on the tape cannot be read\n{}",
            render_all(&mistakes, terminal.colour_of_errors)
        )
    };
    let linted = parse_str(&tape.scenario).map_err(mistakes)?;
    let file = linted
        .ok_or_else(|| format!("{path}: the tape holds no scenario"))?
        .file;
    let scenario = file.case(0).map_err(mistakes)?;
    let settings = Settings::of(&tape).map_err(|error| format!("{path}: {error}"))?;
    if settings.world != crate::suite::WorldKind::Event {
        return Err(format!(
            "{path} is of another world: shrinking is for the event world"
        ));
    }
    let options = SuiteOptions {
        grading: settings.grading,
        choices: settings.choices,
        system_under_test: settings.judged.as_deref().map(SystemUnderTest::named),
        ..options(subject)?
    };
    let of_case = tape
        .attribute("case")
        .map_or(String::new(), |case| format!(" ({case})"));
    Ok(Run {
        name: format!("\"{}\"{of_case} with seed {}", scenario.title, tape.seed),
        command: format!("pptp-sim shrink {}", crate::suite::shell_word(path)),
        sources: file.sources.clone(),
        scenario,
        seed: tape.seed,
        tape: Some(tape),
        options,
    })
}

struct Bar {
    progress: Progress,
    size: Size,
}

impl Watch for Bar {
    fn played(&mut self, _runs: u64, accepted: Option<&Scenario>) {
        if let Some(scenario) = accepted {
            self.size = Size::of(scenario);
        }
        self.progress.advance(&self.size.to_string());
    }
}
