//! As JUnit XML: a suite a topic, a test a run. Times are virtual.

use super::{Reporter, Telling, conformance, seconds};
use crate::run::grade_text;
use crate::suite::{
    CaseRun, FamilyReport, Outcome, RunName, Status, SuiteReport, failure_text, run_name,
};
use pptp_rules::Grade;

/// Tells continuous integration.
pub struct Junit {
    telling: Telling,
}

impl Junit {
    /// A reporter that knows what it is told.
    pub fn new(telling: Telling) -> Junit {
        Junit { telling }
    }

    fn test(&self, report: &FamilyReport, run: &CaseRun, known: &[RunName]) -> (Kind, String) {
        let found = &report.family.found.name;
        let mut name = found.rsplit('/').next().unwrap_or(found).to_owned();
        if let Some(case) = &run.case {
            name.push_str(&format!(" ({})", case.text));
        }
        let time = run.report().map_or_else(
            || "0.000000000".to_owned(),
            |report| seconds(report.virtual_time),
        );
        let head = format!(
            "    <testcase name=\"{}\" classname=\"{}\" time=\"{time}\"",
            escape(&name),
            escape(topic(found))
        );
        let is_known = known.contains(&run_name(found, run));
        let (kind, inside) = inside(run, is_known);
        let mut body = inside;
        if self.telling.transcripts
            && let Some(report) = run.report().filter(|report| !report.transcript.is_empty())
        {
            body.push_str(&format!(
                "      <system-out>{}</system-out>\n",
                escape(&report.transcript)
            ));
        }
        if body.is_empty() {
            return (kind, format!("{head}/>\n"));
        }
        (kind, format!("{head}>\n{body}    </testcase>\n"))
    }

    fn suite(
        &self,
        topic: &str,
        families: &[&FamilyReport],
        known: &[RunName],
    ) -> (Totals, String) {
        let mut totals = Totals::default();
        let mut body = String::new();
        for family in families {
            for run in &family.cases {
                let (kind, text) = self.test(family, run, known);
                totals.add(kind);
                body.push_str(&text);
            }
            for mistake in &family.refused {
                totals.add(Kind::Error);
                body.push_str(&mistaken(&family.family.found.name, &mistake.render(false)));
            }
        }
        let head = format!(
            "  <testsuite name=\"{}\" {}>\n",
            escape(topic),
            totals.attributes()
        );
        (totals, format!("{head}{body}  </testsuite>\n"))
    }
}

/// How a test counts.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub(super) enum Kind {
    Passed,
    Skipped,
    Failure,
    Error,
}

/// How many tests counted how.
#[derive(Copy, Clone, Debug, Default)]
pub(super) struct Totals {
    tests: u64,
    failures: u64,
    errors: u64,
    skipped: u64,
}

impl Totals {
    pub(super) fn add(&mut self, kind: Kind) {
        self.tests += 1;
        match kind {
            Kind::Passed => {}
            Kind::Skipped => self.skipped += 1,
            Kind::Failure => self.failures += 1,
            Kind::Error => self.errors += 1,
        }
    }

    pub(super) fn and(self, other: Totals) -> Totals {
        Totals {
            tests: self.tests + other.tests,
            failures: self.failures + other.failures,
            errors: self.errors + other.errors,
            skipped: self.skipped + other.skipped,
        }
    }

    pub(super) fn attributes(self) -> String {
        format!(
            "tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\"",
            self.tests, self.failures, self.errors, self.skipped
        )
    }
}

fn inside(run: &CaseRun, is_known: bool) -> (Kind, String) {
    let text = escape(&failure_text(run));
    if let Outcome::Skipped(reason) = &run.outcome {
        let message = escape(reason);
        return (
            Kind::Skipped,
            format!("      <skipped message=\"{message}\"/>\n"),
        );
    }
    let grade = run.grade().unwrap_or(Grade::Error);
    let word = grade_text(grade);
    match (run.status(), grade) {
        (Status::Failure, _) if is_known => (
            Kind::Skipped,
            "      <skipped message=\"a known failure\"/>\n".to_owned(),
        ),
        (Status::Success, Grade::Unsupported | Grade::Inconclusive) => (
            Kind::Skipped,
            format!("      <skipped message=\"{word}\"/>\n"),
        ),
        (Status::Success, _) => (Kind::Passed, String::new()),
        (Status::Failure, _) => (
            Kind::Failure,
            format!("      <failure type=\"{word}\">{text}</failure>\n"),
        ),
        _ => (
            Kind::Error,
            format!("      <error type=\"{word}\">{text}</error>\n"),
        ),
    }
}

fn mistaken(name: &str, text: &str) -> String {
    format!(
        "    <testcase name=\"{}\" classname=\"{}\" time=\"0.000000000\">\n      <error type=\"refused\">{}</error>\n    </testcase>\n",
        escape(name.rsplit('/').next().unwrap_or(name)),
        escape(topic(name)),
        escape(text)
    )
}

/// The folder of a scenario's name; `scenarios` where it has none.
fn topic(name: &str) -> &str {
    name.rsplit_once('/')
        .map_or("scenarios", |(topic, _)| topic)
}

/// Text inside XML. Letters that XML cannot hold are left out.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' | '\t' => escaped.push(letter),
            letter if letter.is_control() || matches!(letter, '\u{fffe}' | '\u{ffff}') => {}
            letter => escaped.push(letter),
        }
    }
    escaped
}

impl Reporter for Junit {
    fn end(&mut self, report: &SuiteReport) -> String {
        let mut topics: Vec<&str> = Vec::new();
        for family in &report.families {
            let topic = topic(&family.family.found.name);
            if !topics.contains(&topic) {
                topics.push(topic);
            }
        }
        let mut totals = Totals::default();
        let mut body = String::new();
        if let Some(node) = &self.telling.judged {
            let (more, text) = conformance::junit(&report.conformance(), node);
            totals = totals.and(more);
            body.push_str(&text);
        }
        for name in topics {
            let families: Vec<&FamilyReport> = report
                .families
                .iter()
                .filter(|family| topic(&family.family.found.name) == name)
                .collect();
            let (more, text) = self.suite(name, &families, &report.known);
            totals = totals.and(more);
            body.push_str(&text);
        }
        if !report.mistakes.is_empty() {
            let mut more = Totals::default();
            let mut inside = String::new();
            for (found, mistakes) in &report.mistakes {
                more.add(Kind::Error);
                inside.push_str(&mistaken(
                    &found.name,
                    &crate::scenario::render_all(mistakes, false),
                ));
            }
            body.push_str(&format!(
                "  <testsuite name=\"mistakes\" {}>\n{inside}  </testsuite>\n",
                more.attributes()
            ));
            totals = totals.and(more);
        }
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"pptp-sim\" {}>\n{body}</testsuites>\n",
            totals.attributes()
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_xml_cannot_hold_is_escaped_or_left_out() {
        assert_eq!(
            escape("a<b> & \"c\"\u{0}\u{1b}[1m\n"),
            "a&lt;b&gt; &amp; &quot;c&quot;[1m\n"
        );
    }
}
