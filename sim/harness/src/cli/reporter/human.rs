//! For people: a verdict a scenario, failures in full, a summary.

use pptp_proto::Transition;
use pptp_rules::Grade;

use super::{Reporter, Telling, conformance};
use crate::cli::terminal::paint;
use crate::run::grade_text;
use crate::scenario::render_all;
use crate::suite::{
    CaseRun, FamilyReport, Plan, SuiteOptions, SuiteReport, failure_text, family_text,
};

/// So many cases of one family that did not pass are shown in full.
const SHOWN: usize = 3;
/// The widest name that the columns allow for.
const WIDEST_NAME: usize = 44;

/// Tells people.
pub struct Human {
    telling: Telling,
    width: usize,
}

impl Human {
    /// A reporter that knows what it is told.
    pub fn new(telling: Telling) -> Human {
        Human { telling, width: 0 }
    }

    fn verdict_line(&self, report: &FamilyReport) -> String {
        let family = &report.family;
        let name = &family.found.name;
        let grade = if report.refused.is_empty() {
            report.grade()
        } else {
            Some(Grade::Error)
        };
        let word = format!("{:<12}", grade.map_or("skipped", grade_text));
        let seeds = match report.cases.first() {
            Some(first) if report.cases.iter().all(|run| run.seed == first.seed) => {
                format!("seed={}", first.seed)
            }
            _ => "seed=several".to_owned(),
        };
        let mut line = format!(
            "{}  {name:<width$}  {seeds}",
            paint(&word, grade, self.telling.colour),
            width = self.width
        );
        if family.file.case_count() > 1 {
            let count = report.cases.len();
            line.push_str(&format!(
                "  {count} case{}",
                if count == 1 { "" } else { "s" }
            ));
        }
        line.push_str(&format!("  {}\n", family.file.title.replace('\n', " ")));
        line
    }

    /// The cases that are worth a word: failures, known failures, fixed ones, skipped ones.
    fn remarks(&self, report: &FamilyReport) -> String {
        let name = &report.family.found.name;
        let mut text = String::new();
        let mut shown = 0;
        for run in &report.cases {
            if self.telling.is_fixed(name, run) {
                text.push_str(&remark(run, "fixed: the baseline knows it as a failure"));
            }
            if self.telling.knows(name, run) {
                text.push_str(&remark(run, "a known failure"));
            }
            let grade = run.grade().unwrap_or(Grade::Pass);
            if grade > Grade::Info {
                shown += 1;
                if shown <= SHOWN {
                    let word = if run.has_failed() {
                        "failed"
                    } else {
                        grade_text(grade)
                    };
                    text.push_str(&remark(run, &format!("{word}:")));
                    text.push_str(&indented(&failure_text(run)));
                }
            }
        }
        if shown > SHOWN {
            let more = shown - SHOWN;
            text.push_str(&format!(
                "    {more} more case{} did not pass; --transcript shows the table\n",
                if more == 1 { "" } else { "s" }
            ));
        }
        if let Some(run) = report.cases.iter().find(|run| run.grade().is_none()) {
            text.push_str(&indented(&failure_text(run)));
        }
        text
    }
}

fn remark(run: &CaseRun, words: &str) -> String {
    match &run.case {
        Some(case) => format!("    {} {words}\n", case.text),
        None => format!("    {words}\n"),
    }
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("    {line}\n")).collect()
}

impl Reporter for Human {
    fn begin(&mut self, plan: &Plan, options: &SuiteOptions) -> String {
        let names = plan.families.iter().map(|(family, _)| &family.found.name);
        let widest = names.map(|name| name.chars().count()).max().unwrap_or(0);
        self.width = widest.min(WIDEST_NAME);
        let seed = match options.seed {
            Some(seed) => format!("seed {seed} (--seed)"),
            None => "the seed of each scenario (--seed N replaces it)".to_owned(),
        };
        format!(
            "pptp-sim {}: {} world, {seed}\n",
            env!("CARGO_PKG_VERSION"),
            options.real_world().name()
        )
    }

    fn family(&mut self, report: &FamilyReport) -> String {
        let mut text = String::new();
        if self.telling.judged.is_some() && !self.telling.transcripts {
            // The report goes by requirements, and names the scenarios that show something.
            return render_all(&report.refused, self.telling.colour);
        }
        if self.telling.transcripts {
            text.push_str(&family_text(&report.family, &report.cases));
        }
        text.push_str(&self.verdict_line(report));
        text.push_str(&self.remarks(report));
        text.push_str(&render_all(&report.refused, self.telling.colour));
        text
    }

    fn end(&mut self, report: &SuiteReport) -> String {
        let mut text = match &self.telling.judged {
            Some(node) => conformance::human(&report.conformance(), node, self.telling.colour),
            None => String::new(),
        };
        let word = if report.has_passed() {
            "passed"
        } else {
            "FAILED"
        };
        let grade = if report.has_passed() {
            Grade::Pass
        } else {
            Grade::Fail
        };
        text.push_str(&format!(
            "{}: {}; {} of {} transitions\n",
            paint(word, Some(grade), self.telling.colour),
            report.counts(),
            report.transitions().len(),
            Transition::ALL.len()
        ));
        let refused = report.mistakes.len();
        if refused > 0 {
            text.push_str(&format!(
                "{refused} file{} not run: there are mistakes in {}\n",
                if refused == 1 { "" } else { "s" },
                if refused == 1 { "it" } else { "them" }
            ));
        }
        if self.telling.baseline.is_some() {
            text.push_str(&format!(
                "baseline: {} known, {} fixed{}\n",
                report.known.len(),
                report.fixed.len(),
                if report.fixed.is_empty() {
                    ""
                } else {
                    " (write it anew with --write-baseline)"
                }
            ));
        }
        text
    }
}
