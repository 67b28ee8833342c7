//! Verdicts: two axes, the worst of each wins, and every requirement that was put to the test has one of its own.

use std::collections::BTreeMap;

use pptp_rules::{Finding, Grade, Grading};
use pptp_wire::Requirement;
use pptp_wire::time::Instant;

/// How the requirement was missed, for the report.
#[derive(Clone, Debug)]
pub struct Evidence {
    /// The grade.
    pub grade: Grade,
    /// One line that says what was seen.
    pub text: String,
    /// When it was certain, where one moment says so.
    pub at: Option<Instant>,
    /// The message that shows it, as a transcript line, where one does.
    pub message: Option<String>,
}

impl Evidence {
    /// Evidence of no one moment.
    pub fn of(grade: Grade, text: impl Into<String>) -> Evidence {
        Evidence {
            grade,
            text: text.into(),
            at: None,
            message: None,
        }
    }
}

/// What is known of a run's verdict by now.
pub struct Judgement {
    grading: Grading,
    behaviour: Grade,
    ending: Grade,
    requirements: BTreeMap<Requirement, Evidence>,
    problems: Vec<String>,
}

impl Judgement {
    /// Nothing is known: pass on both axes.
    pub fn new(grading: Grading) -> Self {
        Judgement {
            grading,
            behaviour: Grade::Pass,
            ending: Grade::Pass,
            requirements: BTreeMap::new(),
            problems: Vec::new(),
        }
    }

    /// The flow came to this grade at some point.
    pub fn behaviour(&mut self, grade: Grade) {
        self.behaviour = self.behaviour.max(grade);
    }

    /// The end of the run came to this grade.
    pub fn ending(&mut self, grade: Grade) {
        self.ending = self.ending.max(grade);
    }

    /// A requirement was missed, or put to the test and met.
    pub fn requirement(&mut self, requirement: Requirement, evidence: Evidence) {
        let grade = evidence.grade;
        match self.requirements.get_mut(&requirement) {
            Some(known) if known.grade >= grade => {}
            Some(known) => *known = evidence,
            None => {
                self.requirements.insert(requirement, evidence);
            }
        }
    }

    /// A branch of an `any` was taken.
    pub fn branch(&mut self, grade: Grade, requirement: Option<Requirement>) {
        self.behaviour(grade);
        if let Some(requirement) = requirement {
            let evidence = Evidence::of(grade, "the branch that was taken says so");
            self.requirement(requirement, evidence);
        }
    }

    /// A rule found something that is to be judged; `message` is the transcript line that shows it.
    pub fn finding(&mut self, finding: &Finding, message: Option<String>) {
        let grade = self.grading.grade(finding.severity);
        self.behaviour(grade);
        let evidence = Evidence {
            grade,
            text: format!("{}: {}", finding.at, finding.detail),
            at: Some(finding.at),
            message,
        };
        self.requirement(finding.requirement, evidence);
    }

    /// A node is said to miss a requirement, and did not.
    pub fn not_missed(&mut self, node: &str, requirement: Requirement) {
        self.ending(Grade::Fail);
        self.problems.push(format!(
            "`{node}` is said to miss {}, and did not",
            requirement.id()
        ));
    }

    /// The reference model found something impossible: the harness, or what runs in it, is wrong.
    pub fn model(&mut self, what: String) {
        self.behaviour(Grade::Fail);
        self.problems.push(format!("reference model: {what}"));
    }

    /// A node broke the contract of the seam.
    pub fn mistake(&mut self, what: String) {
        self.behaviour(Grade::Error);
        self.problems
            .push(format!("contract of the node seam: {what}"));
    }

    /// Both axes.
    pub fn axes(&self) -> (Grade, Grade) {
        (self.behaviour, self.ending)
    }

    /// What was found beside the script, in words.
    pub fn problems(&self) -> &[String] {
        &self.problems
    }

    /// Every requirement that was judged, with its evidence.
    pub fn requirements(&self) -> &BTreeMap<Requirement, Evidence> {
        &self.requirements
    }
}

/// The grade as scenarios and JSON write it.
pub fn grade_text(grade: Grade) -> &'static str {
    match grade {
        Grade::Pass => "pass",
        Grade::Info => "info",
        Grade::NonStrict => "non-strict",
        Grade::Unsupported => "unsupported",
        Grade::Inconclusive => "inconclusive",
        Grade::Fail => "fail",
        Grade::Error => "error",
    }
}
