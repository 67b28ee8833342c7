//! `lint`: reads and checks scenarios without running them.

use super::diagnostic::Diagnostic;
use super::family::ScenarioFile;
use super::glance::is_scenario_text;
use super::load::{FileLoader, Loader, NoFiles};
use super::reader::{Content, load, read};
use super::source::{SourceSpan, Sources};
use std::path::Path;

/// Folders within folders that are searched.
const MAXIMUM_FOLDERS: usize = 16;

/// A scenario file in which every case is without a mistake.
#[derive(Clone, Debug)]
pub struct LintedScenario {
    /// The file; its cases build without an error.
    pub file: ScenarioFile,
    /// How many cases it has.
    pub cases: u64,
}

/// Reads and checks a file, or every `.kdl` file below a folder in the order of their paths. Fragments are checked where they
/// are included, and are not in the result. Files that hold neither (`requirements.kdl`) are passed over in folders.
///
/// # Errors
/// Every mistake in every file.
pub fn lint(path: &Path) -> Result<Vec<LintedScenario>, Vec<Diagnostic>> {
    let mut files = Vec::new();
    let is_folder = path.is_dir();
    if is_folder {
        collect(path, 0, &mut files);
        files.sort();
    } else {
        files.push(slashes(path));
    }
    let mut scenarios = Vec::new();
    let mut mistakes = Vec::new();
    for file in files {
        if is_folder && !holds_scenario(&file) {
            continue;
        }
        match lint_file(&file, &FileLoader) {
            Ok(Some(scenario)) => scenarios.push(scenario),
            Ok(None) => {}
            Err(found) => mistakes.extend(found),
        }
    }
    if is_folder && scenarios.is_empty() && mistakes.is_empty() {
        let mut sources = Sources::default();
        sources.add(&slashes(path), "".into());
        let message = format!("there is no scenario in {}", slashes(path));
        mistakes.push(
            Diagnostic::new(&sources, "no-scenario", SourceSpan::default(), message, "").help(
                "scenario files end in .kdl and begin with `scenario \"what it proves\" { … }`",
            ),
        );
    }
    if mistakes.is_empty() {
        Ok(scenarios)
    } else {
        Err(mistakes)
    }
}

/// Reads and checks one file that `loader` knows; `None` for a fragment.
///
/// # Errors
/// Every mistake.
pub fn lint_file(
    path: &str,
    loader: &dyn Loader,
) -> Result<Option<LintedScenario>, Vec<Diagnostic>> {
    checked(load(path, loader)?)
}

/// Reads and checks a text that includes nothing. Never panics, whatever the text.
///
/// # Errors
/// Every mistake.
pub fn parse_str(text: &str) -> Result<Option<LintedScenario>, Vec<Diagnostic>> {
    checked(read("scenario.kdl", text.to_owned(), &NoFiles)?)
}

fn checked(content: Content) -> Result<Option<LintedScenario>, Vec<Diagnostic>> {
    let Content::Scenario(file) = content else {
        return Ok(None);
    };
    let mistakes = file.check();
    if !mistakes.is_empty() {
        return Err(mistakes);
    }
    Ok(Some(LintedScenario {
        cases: file.case_count(),
        file: *file,
    }))
}

/// Whether a file of a folder is meant as a scenario: one that cannot be read is, so that the mistake is shown.
fn holds_scenario(path: &str) -> bool {
    FileLoader
        .load(path)
        .map_or(true, |text| is_scenario_text(&text))
}

fn collect(folder: &Path, depth: usize, files: &mut Vec<String>) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            if depth < MAXIMUM_FOLDERS {
                collect(&path, depth + 1, files);
            }
        } else if path.extension().is_some_and(|extension| extension == "kdl") {
            files.push(slashes(&path));
        }
    }
}

fn slashes(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}
