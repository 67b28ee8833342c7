//! What the judge made of a history, and what a test asks of it.

use pptp_rules::{End, Finding, Judge};
use pptp_wire::Requirement;

/// What the judge made of a history.
pub struct Outcome {
    pub findings: Vec<Finding>,
    pub judge: Judge,
}

impl Outcome {
    /// Exactly these findings, in any order.
    #[track_caller]
    pub fn is(&self, expected: &[(Requirement, End)]) -> &Self {
        let mut found: Vec<_> = self
            .findings
            .iter()
            .map(|found| (found.requirement, found.end))
            .collect();
        let mut expected = expected.to_vec();
        found.sort();
        expected.sort();
        assert_eq!(found, expected, "{:#?}", self.findings);
        self
    }

    #[track_caller]
    pub fn is_clean(&self) -> &Self {
        self.is(&[])
    }

    #[track_caller]
    pub fn held(&self, requirement: Requirement, end: End) -> &Self {
        assert!(
            self.judge.preconditions(requirement, end) > 0,
            "{requirement} never held for {end:?}"
        );
        self
    }

    #[track_caller]
    pub fn not_held(&self, requirement: Requirement, end: End) -> &Self {
        assert_eq!(
            self.judge.preconditions(requirement, end),
            0,
            "{requirement} held for {end:?}"
        );
        self
    }

    fn leaves_open(&self, requirement: Requirement, end: End) -> bool {
        self.judge
            .inconclusive()
            .any(|(other, which, _)| other == requirement && which == end)
    }

    #[track_caller]
    pub fn is_open(&self, requirement: Requirement, end: End) -> &Self {
        let open = self.leaves_open(requirement, end);
        assert!(open, "{requirement} is not inconclusive");
        self
    }

    #[track_caller]
    pub fn is_decided(&self, requirement: Requirement, end: End) -> &Self {
        let open = self.leaves_open(requirement, end);
        assert!(!open, "{requirement} is inconclusive");
        self
    }

    pub fn finding(&self, requirement: Requirement) -> Finding {
        *self
            .findings
            .iter()
            .find(|finding| finding.requirement == requirement)
            .expect("no such finding")
    }
}
