//! A scenario file that has been read with everything that it includes: its cases are built one by one.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::build::{Input, Progress, build};
use super::diagnostic::{Diagnostic, Mistakes};
use super::matrix::Matrix;
use super::model::{CaseName, Scenario};
use super::source::{SourceSpan, Sources};
use super::text::RawNode;

/// Lines that the check of all cases of a file reads at most.
const MAXIMUM_WORK: u64 = 500_000;

/// A scenario file: one title, one case or many.
#[derive(Clone, Debug)]
pub struct ScenarioFile {
    /// Its path as it was given, with `/` between folders.
    pub path: String,
    /// What it proves.
    pub title: String,
    /// The version of the language that it is written in.
    pub version: u32,
    /// Every file that it was read from, itself first.
    pub sources: Arc<Sources>,
    pub(super) matrix: Matrix,
    pub(super) body: Vec<RawNode>,
    pub(super) title_span: SourceSpan,
    pub(super) fragments: BTreeMap<String, RawNode>,
    pub(super) taken: BTreeSet<String>,
}

impl ScenarioFile {
    /// How many cases there are; at least 1.
    pub fn case_count(&self) -> u64 {
        self.matrix.count()
    }

    /// Whether the transcript of a case is shown for the family.
    pub fn shows(&self, index: u64) -> bool {
        self.matrix.shows(index)
    }

    /// What tells the cases apart, in the order of the text: the names of the matrix parameters, and `case` for rows that are multiplied.
    pub fn parameters(&self) -> Vec<&str> {
        self.matrix.parameters()
    }

    /// The name of a case; `None` where the file has no matrix, or fewer cases.
    pub fn case_name(&self, index: u64) -> Option<CaseName> {
        self.matrix.case(index)?.0
    }

    /// The case of that number, ready to run.
    ///
    /// # Errors
    /// Every mistake that the case has; a file that [`ScenarioFile::check`] accepts has none. A number beyond the last case
    /// gives an empty list.
    pub fn case(&self, index: u64) -> Result<Scenario, Vec<Diagnostic>> {
        let mut mistakes = Mistakes::default();
        match self.build(index, &mut mistakes, &mut no_progress()) {
            Some(scenario) if mistakes.is_empty() => Ok(scenario),
            _ => Err(mistakes.into_sorted()),
        }
    }

    fn build(
        &self,
        index: u64,
        mistakes: &mut Mistakes,
        progress: &mut Progress,
    ) -> Option<Scenario> {
        let (case, environment) = self.matrix.case(index)?;
        let input = Input {
            sources: &self.sources,
            body: &self.body,
            fragments: &self.fragments,
            taken: &self.taken,
            title_span: self.title_span,
        };
        let mut scenario = build(&input, environment, mistakes, progress);
        scenario.title.clone_from(&self.title);
        scenario.case = case;
        Some(scenario)
    }

    /// Every mistake in every case. One that only some cases have says in which.
    pub fn check(&self) -> Vec<Diagnostic> {
        let mut found: Vec<(Diagnostic, u64, u64)> = Vec::new();
        let mut progress = no_progress();
        let mut checked = 0;
        for index in 0..self.case_count() {
            let mut mistakes = Mistakes::default();
            self.build(index, &mut mistakes, &mut progress);
            checked += 1;
            for diagnostic in mistakes.into_sorted() {
                let known = found.iter_mut().find(|(other, _, _)| {
                    other.code == diagnostic.code && other.labels[0].0 == diagnostic.labels[0].0
                });
                match known {
                    Some((_, _, times)) => *times += 1,
                    None => found.push((diagnostic, index, 1)),
                }
            }
            let enough = found.len() >= super::diagnostic::MAXIMUM_DIAGNOSTICS;
            if progress.work == 0 || enough {
                break;
            }
        }
        if found.is_empty() && checked < self.case_count() {
            let diagnostic = Diagnostic::new(
                &self.sources,
                "too-much",
                self.title_span,
                "the cases of this file have too many lines together",
                format!("{checked} cases were checked"),
            );
            found.push((diagnostic.help("make the matrix smaller"), 0, checked));
        }
        if found.is_empty() {
            let unchosen = progress.conditional.iter().filter(|(_, chosen)| !**chosen);
            found.extend(unchosen.map(|(&span, _)| (self.never_chosen(span), 0, checked)));
        }
        let mut diagnostics: Vec<Diagnostic> = found
            .into_iter()
            .map(|(diagnostic, first, times)| {
                if checked <= 1 || times >= checked {
                    return diagnostic;
                }
                let name = self
                    .case_name(first)
                    .map_or(String::new(), |case| case.text);
                let others = match times {
                    1 => String::new(),
                    2 => " and 1 other".to_owned(),
                    _ => format!(" and {} others", times - 1),
                };
                diagnostic.help(format!("in the case `{name}`{others}"))
            })
            .collect();
        diagnostics
            .sort_by_key(|diagnostic| (diagnostic.labels[0].0.file, diagnostic.labels[0].0.offset));
        diagnostics
    }

    /// A `when` whose values no case has: a value that is misspelt would hide its steps.
    fn never_chosen(&self, span: SourceSpan) -> Diagnostic {
        Diagnostic::new(
            &self.sources,
            "never-chosen",
            span,
            "in no case do the parameters have these values",
            "its steps are never reached",
        )
        .help("look at the rows and lists of the matrix, or remove the block")
    }
}

fn no_progress() -> Progress {
    Progress {
        work: MAXIMUM_WORK,
        conditional: BTreeMap::new(),
    }
}
