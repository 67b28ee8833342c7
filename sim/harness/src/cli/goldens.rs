//! `pptp-sim goldens`.

use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use super::args::{GoldensArgs, ListFormat};
use super::artifacts::Artifacts;
use super::progress::Progress;
use super::terminal::Terminal;
use crate::goldens::{
    Check, CheckError, Decoder, Disagreement, Findings, Known, Program, ProgramError, ask,
    known_disagreements,
};
use crate::scenario::render_all;
use crate::suite::{
    CaseRun, Family, FamilyReport, Outcome, Plan, Status, SuiteOptions, Watcher, find, run_plan,
};

/// Folders within folders that are searched for goldens.
const MAXIMUM_DEPTH: usize = 16;
/// The largest file of goldens that is read, in octets.
const LARGEST: u64 = 1 << 30;

/// Writes goldens, and holds a decoder against them.
pub fn goldens(arguments: &GoldensArgs, terminal: &mut Terminal) -> Status {
    match prepared(arguments, terminal) {
        Ok(status) => status,
        Err(problem) => {
            terminal.complain(&problem);
            Status::Usage
        }
    }
}

/// # Errors
/// What is wrong, in a sentence.
fn prepared(arguments: &GoldensArgs, terminal: &mut Terminal) -> Result<Status, String> {
    let Some(choice) = arguments.check else {
        return from_scenarios(arguments, terminal, None);
    };
    let decoder = choice.decoder();
    let known = known_disagreements()
        .map_err(|error| format!("the table of known disagreements, {error}"))?;
    let program = Program::find(decoder, std::env::var_os("PATH").as_deref())
        .map_err(|error| told(CheckError::Program(error)))?;
    let source = |capture: &[u8]| ask(&program, capture);
    let mut check = Check::new(&source, &known);
    let status = match &arguments.folder {
        Some(folder) => from_folder(Path::new(folder), decoder, &mut check)?,
        None => from_scenarios(arguments, terminal, Some((decoder, &mut check)))?,
    };
    if status != Status::Success {
        return Ok(status);
    }
    let findings = check.finish(decoder).map_err(told)?;
    let is_full = arguments.folder.is_none() && arguments.paths.is_empty();
    let report = Report {
        program: &program,
        known: &known,
        findings: &findings,
        is_full,
    };
    let text = match arguments.format {
        ListFormat::Human => report.human(),
        ListFormat::Json => report.json(),
    };
    let _ = terminal.say(&text);
    Ok(match findings.new.is_empty() {
        true => Status::Success,
        false => Status::Failure,
    })
}

fn told(error: CheckError) -> String {
    match error {
        CheckError::Program(ProgramError::Absent(text) | ProgramError::Failed(text))
        | CheckError::Output(text)
        | CheckError::Golden(text) => text,
    }
}

/// Takes up every golden of a folder.
///
/// # Errors
/// What cannot be read, or how the decoder failed.
fn from_folder(folder: &Path, decoder: Decoder, check: &mut Check<'_>) -> Result<Status, String> {
    let mut files = Vec::new();
    list(folder, MAXIMUM_DEPTH, &mut files)?;
    files.sort();
    if files.is_empty() {
        return Err(format!(
            "{} holds no goldens: no NAME.jsonl",
            folder.display()
        ));
    }
    for golden in files {
        let text = read(&golden)?;
        let text =
            String::from_utf8(text).map_err(|_| format!("{} is no text", golden.display()))?;
        let pcapng = read(&golden.with_extension("pcapng"))?;
        let name = golden.with_extension("");
        let name = name.strip_prefix(folder).unwrap_or(&name);
        let name = name.to_string_lossy();
        check.add(&name, &pcapng, &text, decoder).map_err(told)?;
    }
    Ok(Status::Success)
}

fn list(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) -> Result<(), String> {
    let wrong = |error: std::io::Error| format!("cannot read {}: {error}", folder.display());
    for entry in fs::read_dir(folder).map_err(wrong)? {
        let path = entry.map_err(wrong)?.path();
        if path.is_dir() {
            if depth > 0 {
                list(&path, depth - 1, files)?;
            }
        } else if path
            .extension()
            .is_some_and(|extension| extension == "jsonl")
        {
            files.push(path);
        }
    }
    Ok(())
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    let wrong = |error: std::io::Error| format!("cannot read {}: {error}", path.display());
    if fs::metadata(path).map_err(wrong)?.len() > LARGEST {
        return Err(format!("{} is too large for a golden", path.display()));
    }
    fs::read(path).map_err(wrong)
}

/// Runs scenarios; writes their goldens, or shows them to the decoder, or both.
///
/// # Errors
/// What is wrong with what was asked for.
fn from_scenarios(
    arguments: &GoldensArgs,
    terminal: &mut Terminal,
    check: Option<(Decoder, &mut Check<'_>)>,
) -> Result<Status, String> {
    let jobs = arguments.jobs.map_or_else(
        || std::thread::available_parallelism().map_or(1, usize::from),
        usize::from,
    );
    let options = SuiteOptions {
        jobs,
        captures: true,
        ..SuiteOptions::default()
    };
    let found = find(&arguments.paths).map_err(|error| error.to_string())?;
    let plan = Plan::read(&found, &options);
    for (_, mistakes) in &plan.mistakes {
        terminal.complain_plainly(&render_all(mistakes, terminal.colour_of_errors));
    }
    if !plan.mistakes.is_empty() {
        return Ok(Status::Usage);
    }
    let mut watch = Watch {
        artifacts: Artifacts::new(arguments.out.as_deref(), None)?,
        check,
        progress: Progress::new(plan.runs(), terminal.shows_progress),
        written: 0,
        trouble: None,
    };
    run_plan(plan, &options, &mut watch);
    watch.progress.finish();
    if let Some(problem) = watch.trouble {
        return Err(problem);
    }
    if let Some(folder) = &arguments.out {
        let _ = terminal.say(&format!(
            "{} captures written into {folder}\n",
            watch.written
        ));
    }
    Ok(Status::Success)
}

/// Takes up the goldens of every run as it comes in.
struct Watch<'w, 'c> {
    artifacts: Artifacts,
    check: Option<(Decoder, &'w mut Check<'c>)>,
    progress: Progress,
    written: usize,
    trouble: Option<String>,
}

impl Watch<'_, '_> {
    /// # Errors
    /// Which file cannot be written; how the decoder failed.
    fn take(&mut self, family: &Family, run: &CaseRun) -> Result<(), String> {
        let Outcome::Played(played) = &run.outcome else {
            return Ok(());
        };
        self.artifacts.write(family, run)?;
        self.written += played.captures.len();
        let Some((decoder, check)) = &mut self.check else {
            return Ok(());
        };
        let case = run.case.as_ref().map(|case| format!(".{}", case.text));
        for capture in &played.captures {
            let name = format!(
                "{}{}.{}",
                family.found.name,
                case.as_deref().unwrap_or_default(),
                capture.node
            );
            let golden = String::from_utf8_lossy(&capture.golden);
            check
                .add(&name, &capture.pcapng, &golden, *decoder)
                .map_err(told)?;
        }
        Ok(())
    }
}

impl Watcher for Watch<'_, '_> {
    fn case(&mut self, family: &Family, run: &CaseRun) -> ControlFlow<()> {
        if let Err(problem) = self.take(family, run) {
            self.trouble = Some(problem);
            return ControlFlow::Break(());
        }
        self.progress.advance(&family.found.name);
        ControlFlow::Continue(())
    }

    fn family(&mut self, _report: &FamilyReport) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}

/// What a check has given.
struct Report<'r> {
    program: &'r Program,
    known: &'r [Known],
    findings: &'r Findings,
    is_full: bool,
}

impl Report<'_> {
    fn rows(&self) -> impl Iterator<Item = (usize, &Known, u64)> {
        let decoder = self.program.decoder;
        let rows = self.known.iter().enumerate();
        rows.filter(move |(_, row)| row.decoder == decoder)
            .map(|(index, row)| {
                let count = self.findings.known.get(&index).copied().unwrap_or(0);
                (index, row, count)
            })
    }

    fn human(&self) -> String {
        let mut text = String::new();
        for found in &self.findings.new {
            let Disagreement {
                capture,
                frame,
                difference,
                traits,
            } = found;
            let odd = match traits.is_empty() {
                true => "nothing odd".to_owned(),
                false => traits.join(", "),
            };
            text.push_str(&format!(
                "{capture} frame {frame} {}: ours {}, theirs {} ({odd})\n",
                difference.field, difference.ours, difference.theirs
            ));
        }
        let (mut known, mut idle) = (0, Vec::new());
        for (index, row, count) in self.rows() {
            known += count;
            if count == 0 {
                idle.push(row);
                continue;
            }
            text.push_str(&format!("{count:>7}  {}", row.cause));
            if let Some(example) = self.findings.examples.get(&index) {
                text.push_str(&format!("  [{} frame {}]", example.capture, example.frame));
            }
            text.push('\n');
        }
        if self.is_full {
            for row in idle {
                text.push_str(&format!(
                    "listed, but never seen: line {} of the table: {}\n",
                    row.line, row.cause
                ));
            }
        }
        let confirmed = self
            .rows()
            .next()
            .map_or("", |(_, row, _)| row.version.as_str());
        if confirmed != self.program.version {
            text.push_str(&format!(
                "the causes were confirmed with version {confirmed}\n"
            ));
        }
        text.push_str(&format!(
            "{} {}: {} captures, {} frames, {} messages; {known} known disagreements, {} new\n",
            self.program.decoder.name(),
            self.program.version,
            self.findings.captures,
            self.findings.frames,
            self.findings.messages,
            self.findings.new.len()
        ));
        text
    }

    fn json(&self) -> String {
        let mut text = String::new();
        for found in &self.findings.new {
            let line = serde_json::json!({
                "capture": found.capture,
                "frame": found.frame,
                "field": found.difference.field,
                "ours": found.difference.ours,
                "theirs": found.difference.theirs,
                "traits": found.traits,
            });
            text.push_str(&format!("{line}\n"));
        }
        for (_, row, count) in self.rows() {
            let line = serde_json::json!({"cause": row.cause, "count": count});
            text.push_str(&format!("{line}\n"));
        }
        let summary = serde_json::json!({"summary": {
            "decoder": self.program.decoder.name(),
            "version": self.program.version,
            "captures": self.findings.captures,
            "frames": self.findings.frames,
            "messages": self.findings.messages,
            "known": self.findings.known.values().sum::<u64>(),
            "new": self.findings.new.len(),
        }});
        text.push_str(&format!("{summary}\n"));
        text
    }
}
