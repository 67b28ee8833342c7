//! The lines of a result file: one for each seed, and the last one.

use pptp_rules::Grade;
use serde_json::{Value, json};

use super::class::{FailureClass, class_of};
use super::kind::ClassKind;
use crate::coverage::Coverage;
use crate::suite::{CaseRun, Outcome};

/// The digest of a transcript that there is none of, as the run could not be played.
const NO_TRANSCRIPT: &str = "00000000000000000000000000000000";

/// What one seed gave.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ResultLine {
    /// The seed.
    pub seed: u64,
    /// The verdict on what happened.
    pub behaviour: Grade,
    /// The verdict on how it ended.
    pub ending: Grade,
    /// The transcript's digest, 32 hexadecimal digits.
    pub transcript_digest: String,
    /// Where it failed: the class of the failure, and the number of lines of the transcript.
    pub failure: Option<(String, u64)>,
    /// What it came to; in a file, what no line before it did.
    pub coverage: Coverage,
}

impl ResultLine {
    /// What a run gave.
    pub fn of(run: &CaseRun) -> ResultLine {
        ResultLine::with_class(run, class_of(run))
    }

    /// What a run gave whose scenario no other seed has: its failure is of the same class whatever lines and states it has beside.
    pub fn of_one_seed(run: &CaseRun) -> ResultLine {
        let class = FailureClass::of(run).map(|mut class| {
            class.states.clear();
            if let Some(missed) = &mut class.missed {
                missed.place = None;
            }
            class.to_string()
        });
        ResultLine::with_class(run, class)
    }

    fn with_class(run: &CaseRun, class: Option<String>) -> ResultLine {
        let (behaviour, ending, digest, lines) = match &run.outcome {
            Outcome::Played(played) => (
                played.report.behaviour,
                played.report.ending,
                played.report.transcript_digest.clone(),
                played.report.transcript_lines,
            ),
            _ => (Grade::Error, Grade::Pass, NO_TRANSCRIPT.to_owned(), 0),
        };
        ResultLine {
            seed: run.seed,
            behaviour,
            ending,
            transcript_digest: digest,
            failure: class.map(|class| (class, lines)),
            coverage: run.report().map(Coverage::of).unwrap_or_default(),
        }
    }

    /// The worse of the two verdicts.
    pub fn grade(&self) -> Grade {
        self.behaviour.max(self.ending)
    }

    /// The line, without its end.
    pub fn to_text(&self) -> String {
        let (behaviour, ending) = (self.behaviour.name(), self.ending.name());
        let mut text = format!(
            "{{\"seed\":{},\"behaviour\":\"{behaviour}\",\"ending\":\"{ending}\",\"transcript-digest\":\"{}\"",
            self.seed, self.transcript_digest
        );
        if let Some((class, lines)) = &self.failure {
            text.push_str(&format!(",\"class\":{},\"lines\":{lines}", json!(class)));
        }
        if !self.coverage.is_empty() {
            let names: Vec<String> = self.coverage.items().map(|item| item.to_string()).collect();
            text.push_str(&format!(",\"new\":{}", json!(names)));
        }
        text.push('}');
        text
    }

    /// Reads such a line.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn from_text(text: &str) -> Result<ResultLine, String> {
        let value: Value =
            serde_json::from_str(text).map_err(|error| format!("no JSON: {error}"))?;
        let seed = value
            .get("seed")
            .and_then(Value::as_u64)
            .ok_or("`seed` is missing")?;
        let digest = value
            .get("transcript-digest")
            .and_then(Value::as_str)
            .filter(|digest| {
                digest.len() == 32 && digest.bytes().all(|octet| octet.is_ascii_hexdigit())
            })
            .ok_or("`transcript-digest` is 32 hexadecimal digits")?;
        let failure = match value.get("class") {
            None => None,
            Some(class) => {
                let class = class
                    .as_str()
                    .filter(|class| ClassKind::of(class).is_some())
                    .ok_or(
                        "`class` begins with safety, conformance, liveness, scenario or harness",
                    )?;
                let lines = value
                    .get("lines")
                    .and_then(Value::as_u64)
                    .ok_or("`lines` is missing")?;
                Some((class.to_owned(), lines))
            }
        };
        Ok(ResultLine {
            seed,
            behaviour: grade(&value, "behaviour")?,
            ending: grade(&value, "ending")?,
            transcript_digest: digest.to_owned(),
            failure,
            coverage: coverage(&value)?,
        })
    }

    /// The digest of what the seed gave: 128 bits of the BLAKE3 of scenario, seed, verdicts and transcript.
    pub fn digest(&self, scenario_digest: &str) -> u128 {
        let mut hasher = blake3::Hasher::new();
        hasher.update(scenario_digest.as_bytes());
        hasher.update(&self.seed.to_be_bytes());
        hasher.update(self.behaviour.name().as_bytes());
        hasher.update(b"/");
        hasher.update(self.ending.name().as_bytes());
        hasher.update(self.transcript_digest.as_bytes());
        let mut first = [0; 16];
        first.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
        u128::from_be_bytes(first)
    }
}

fn coverage(value: &Value) -> Result<Coverage, String> {
    let mut coverage = Coverage::default();
    let Some(new) = value.get("new") else {
        return Ok(coverage);
    };
    let names = new.as_array().ok_or("`new` is a list of names")?;
    for name in names {
        coverage.insert(name.as_str().ok_or("`new` is a list of names")?)?;
    }
    Ok(coverage)
}

fn grade(value: &Value, key: &str) -> Result<Grade, String> {
    let word = value.get(key).and_then(Value::as_str);
    let known = Grade::ALL
        .into_iter()
        .find(|grade| Some(grade.name()) == word);
    known.ok_or_else(|| format!("`{key}` is no verdict"))
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// What a seed gave that passed.
    pub fn passed(seed: u64) -> ResultLine {
        ResultLine {
            seed,
            behaviour: Grade::Pass,
            ending: Grade::Pass,
            transcript_digest: format!("{seed:032x}"),
            failure: None,
            coverage: Coverage::default(),
        }
    }

    /// What a seed gave that passed and came to these.
    pub fn reached(seed: u64, names: &[&str]) -> ResultLine {
        let mut line = passed(seed);
        for name in names {
            line.coverage.insert(name).expect("a name");
        }
        line
    }

    /// What a seed gave that failed, in so many lines.
    pub fn failed(seed: u64, lines: u64) -> ResultLine {
        ResultLine {
            behaviour: Grade::Fail,
            failure: Some(("conformance CDN-003 pac=\"idle\"".to_owned(), lines)),
            ..passed(seed)
        }
    }

    #[test]
    fn a_line_reads_back() {
        let new = reached(8, &["T-CCO-01", "tail-drop"]);
        assert!(
            new.to_text()
                .ends_with(",\"new\":[\"T-CCO-01\",\"tail-drop\"]}")
        );
        for line in [passed(7), failed(u64::MAX, 12), new] {
            assert_eq!(ResultLine::from_text(&line.to_text()), Ok(line));
        }
        assert_eq!(
            passed(7).to_text(),
            "{\"seed\":7,\"behaviour\":\"pass\",\"ending\":\"pass\",\"transcript-digest\":\"00000000000000000000000000000007\"}"
        );
    }

    #[test]
    fn mistakes_in_a_line_are_named() {
        let problem = |from: &str, to: &str| {
            ResultLine::from_text(&failed(7, 12).to_text().replace(from, to))
                .expect_err("a mistake")
        };
        assert!(problem("}", "").starts_with("no JSON"));
        assert_eq!(problem("\"seed\":7", "\"seed\":-7"), "`seed` is missing");
        assert_eq!(problem("fail", "failed"), "`behaviour` is no verdict");
        assert_eq!(
            problem("\"ending\":\"pass\"", "\"ending\":3"),
            "`ending` is no verdict"
        );
        assert_eq!(
            problem("0007", "007"),
            "`transcript-digest` is 32 hexadecimal digits"
        );
        assert!(problem("conformance", "weather").starts_with("`class` begins with"));
        assert_eq!(problem("lines", "length"), "`lines` is missing");
        assert_eq!(
            problem("\"lines\":12", "\"lines\":12,\"new\":7"),
            "`new` is a list of names"
        );
        assert_eq!(
            problem("\"lines\":12", "\"lines\":12,\"new\":[\"window-blew\"]"),
            "there is nothing to be reached that is called `window-blew`"
        );
    }

    #[test]
    fn the_digest_depends_on_everything_that_is_an_outcome() {
        let digest = passed(7).digest("a");
        assert_eq!(digest, passed(7).digest("a"));
        // What was reached is no outcome.
        assert_eq!(digest, reached(7, &["tail-drop"]).digest("a"));
        let mut others = vec![passed(8), failed(7, 1)];
        others.push(ResultLine {
            ending: Grade::Fail,
            ..passed(7)
        });
        others.push(ResultLine {
            transcript_digest: "f".repeat(32),
            ..passed(7)
        });
        for other in others {
            assert_ne!(digest, other.digest("a"));
        }
        assert_ne!(digest, passed(7).digest("b"));
    }
}
