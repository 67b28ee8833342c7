//! The first line of a result file: what was played, by which version, with which choices, and which seeds the file is for.

use pptp_rules::Grading;
use serde_json::{Value, json};

use super::seeds::SeedRange;
use crate::scenario::model::StatedRate;
use crate::scenario::quantity::{percent, write_percent};
use crate::suite::{Seat, SuiteOptions, choice_flags};

/// The format's name.
const FORMAT: &str = "pptp-sim sweep";
/// The version of the format that this build reads and writes.
pub const SWEEP_VERSION: u64 = 2;
/// The version of this build.
pub const TOOL: &str = env!("CARGO_PKG_VERSION");

/// What stands in the first line.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Header {
    /// The version of the tool that played it.
    pub tool: String,
    /// The scenario's name.
    pub scenario: String,
    /// The case of its matrix.
    pub case: Option<String>,
    /// The first 32 hexadecimal digits of the BLAKE3 of the scenario's text with everything resolved.
    pub scenario_digest: String,
    /// At how many seeds it states to hold.
    pub holds: Option<StatedRate>,
    /// Everything else that the outcome depends on, flag by flag, as the command line takes it.
    pub options: Vec<(String, String)>,
    /// The number of this unit, from 1, among those of its sweep, and how many there are.
    pub unit: (u64, u64),
    /// The command that plays one seed again; the word `SEED` stands for it.
    pub replay: String,
    /// The seeds of the whole sweep.
    pub seeds: SeedRange,
    /// Those that this file is for.
    pub part: SeedRange,
}

impl Header {
    /// The line, without its end.
    pub fn to_line(&self) -> String {
        let options: Vec<Value> = self
            .options
            .iter()
            .map(|(flag, value)| json!([flag, value]))
            .collect();
        json!({
            "format": FORMAT,
            "version": SWEEP_VERSION,
            "tool": self.tool,
            "scenario": self.scenario,
            "case": self.case,
            "scenario-digest": self.scenario_digest,
            "holds": self.holds.map(|stated| json!({
                "in": write_percent(stated.rate),
                "confidence": write_percent(stated.confidence),
            })),
            "options": options,
            "unit": self.unit.0,
            "units": self.unit.1,
            "replay": self.replay,
            "seeds": self.seeds.to_string(),
            "part": self.part.to_string(),
        })
        .to_string()
    }

    /// Reads such a line.
    ///
    /// # Errors
    /// What is wrong with it: another format or version, something missing.
    pub fn from_line(line: &str) -> Result<Header, String> {
        let value: Value = serde_json::from_str(line)
            .map_err(|_| format!("a result file begins with {{\"format\":\"{FORMAT}\",…}}"))?;
        if value.get("format").and_then(Value::as_str) != Some(FORMAT) {
            return Err(format!(
                "this is no result file: its format is not \"{FORMAT}\""
            ));
        }
        match value.get("version").and_then(Value::as_u64) {
            Some(SWEEP_VERSION) => {}
            Some(other) => {
                return Err(format!(
                    "this is a result file of version {other}; this build reads version {SWEEP_VERSION}"
                ));
            }
            None => return Err("the version is missing".to_owned()),
        }
        let text = |key: &str| {
            let found = value.get(key).and_then(Value::as_str);
            found
                .map(str::to_owned)
                .ok_or_else(|| format!("`{key}` is missing"))
        };
        let number = |key: &str| {
            let found = value.get(key).and_then(Value::as_u64);
            found.ok_or_else(|| format!("`{key}` is missing"))
        };
        let case = match value.get("case") {
            Some(Value::Null) => None,
            Some(Value::String(case)) => Some(case.clone()),
            _ => return Err("`case` is a text or null".to_owned()),
        };
        let (seeds, part): (SeedRange, SeedRange) =
            (text("seeds")?.parse()?, text("part")?.parse()?);
        if part.from() < seeds.from() || part.to() > seeds.to() {
            return Err(format!("the part {part} is not within the seeds {seeds}"));
        }
        Ok(Header {
            tool: text("tool")?,
            scenario: text("scenario")?,
            case,
            scenario_digest: text("scenario-digest")?,
            holds: holds(&value)?,
            options: options(&value)?,
            unit: (number("unit")?, number("units")?),
            replay: text("replay")?,
            seeds,
            part,
        })
    }

    /// What differs from another header of the same unit, if anything does that makes their results incomparable.
    pub fn conflict(&self, other: &Header) -> Option<String> {
        let differs = |what: &str, mine: &str, others: &str| {
            (mine != others).then(|| format!("{what} is {mine} here and {others} there"))
        };
        let flags = |header: &Header| {
            let flags = header.options.iter();
            flags
                .map(|(flag, value)| format!("{flag}={value}"))
                .collect::<Vec<_>>()
                .join(" ")
        };
        differs("the version of the tool", &self.tool, &other.tool)
            .or_else(|| {
                differs(
                    "the digest of the scenario",
                    &self.scenario_digest,
                    &other.scenario_digest,
                )
            })
            .or_else(|| differs("what was asked for", &flags(self), &flags(other)))
            .or_else(|| {
                differs(
                    "the number of units",
                    &self.unit.1.to_string(),
                    &other.unit.1.to_string(),
                )
            })
            .or_else(|| {
                differs(
                    "the range of seeds",
                    &self.seeds.to_string(),
                    &other.seeds.to_string(),
                )
            })
    }

    /// The command that plays this seed again.
    pub fn replay_of(&self, seed: u64) -> String {
        self.replay.replacen("SEED", &seed.to_string(), 1)
    }
}

/// The stated rate, if there is one.
fn holds(value: &Value) -> Result<Option<StatedRate>, String> {
    let stated = match value.get("holds") {
        None | Some(Value::Null) => return Ok(None),
        Some(stated) => stated,
    };
    let percentage = |key: &str| {
        let text = stated.get(key).and_then(Value::as_str);
        text.and_then(|text| percent(text).ok())
    };
    let pair = percentage("in").zip(percentage("confidence"));
    let stated = pair.and_then(|(rate, confidence)| StatedRate::new(rate, confidence).ok());
    let expected = "`holds` is null or {\"in\":\"99.9%\",\"confidence\":\"99.9%\"}";
    stated.map(Some).ok_or_else(|| expected.to_owned())
}

fn options(value: &Value) -> Result<Vec<(String, String)>, String> {
    let wrong = || "`options` holds pairs of texts".to_owned();
    let pairs = value
        .get("options")
        .and_then(Value::as_array)
        .ok_or_else(wrong)?;
    let pair = |pair: &Value| {
        let flag = pair.get(0)?.as_str()?;
        let value = pair.get(1)?.as_str()?;
        Some((flag.to_owned(), value.to_owned()))
    };
    pairs.iter().map(|it| pair(it).ok_or_else(wrong)).collect()
}

/// Everything that outcomes depend on beside scenario and seed, as flags.
pub fn option_flags(options: &SuiteOptions) -> Vec<(String, String)> {
    let mut flags = vec![
        ("--world".to_owned(), options.real_world().name().to_owned()),
        ("--set".to_owned(), options.set.name().to_owned()),
    ];
    let grading = match options.grading {
        Grading::Strict => "strict",
        Grading::Default => "default",
        Grading::Lenient => "lenient",
    };
    flags.push(("--grading".to_owned(), grading.to_owned()));
    if let Some(system) = &options.system_under_test
        && let Seat::Named(name) = &system.seat
    {
        flags.push(("--sut".to_owned(), name.clone()));
    }
    for (flag, value) in choice_flags(options.choices.iter()) {
        flags.push((flag.to_owned(), value));
    }
    flags
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// A header with something in every field.
    pub fn header() -> Header {
        Header {
            tool: TOOL.to_owned(),
            scenario: "faults/a".to_owned(),
            case: Some("loss=5%".to_owned()),
            scenario_digest: "00".repeat(16),
            holds: StatedRate::new(
                percent("99.9%").expect("a percentage"),
                percent("99%").expect("a percentage"),
            )
            .ok(),
            options: option_flags(&SuiteOptions::default()),
            unit: (2, 3),
            replay: "pptp-sim run --seed SEED --case loss=5% scenarios/faults/a.kdl".to_owned(),
            seeds: SeedRange::new(0, 100).expect("seeds"),
            part: SeedRange::new(50, 60).expect("seeds"),
        }
    }

    #[test]
    fn a_header_reads_back() {
        let line = header().to_line();
        assert_eq!(Header::from_line(&line), Ok(header()));
        assert_eq!(
            header().replay_of(7),
            "pptp-sim run --seed 7 --case loss=5% scenarios/faults/a.kdl"
        );
    }

    #[test]
    fn what_is_no_header_says_why() {
        let problem = |from: &str, to: &str| {
            let line = header().to_line().replace(from, to);
            Header::from_line(&line).expect_err("a mistake")
        };
        assert!(problem("{", "").contains("begins with"));
        assert!(problem(FORMAT, "tape").contains("no result file"));
        assert!(problem("\"version\":2", "\"version\":1").contains("of version 1"));
        assert_eq!(problem("\"replay\"", "\"again\""), "`replay` is missing");
        assert_eq!(
            problem("50..60", "50..160"),
            "the part 50..160 is not within the seeds 0..100"
        );
        assert!(problem("50..60", "60..50").contains("holds no seed"));
        for rate in ["100%", "0%", "99.9", "101%"] {
            assert!(
                problem("99.9%", rate).starts_with("`holds` is null or"),
                "{rate}"
            );
        }
        assert!(problem("\"99%\"", "\"49%\"").starts_with("`holds` is null or"));
    }

    #[test]
    fn headers_of_other_sweeps_conflict() {
        let mut other = header();
        assert_eq!(header().conflict(&other), None);
        other.part = SeedRange::new(60, 70).expect("seeds");
        assert_eq!(header().conflict(&other), None);
        other.tool = "9.9".to_owned();
        assert_eq!(
            header().conflict(&other),
            Some(format!(
                "the version of the tool is {TOOL} here and 9.9 there"
            ))
        );
        let changed: [fn(&mut Header); 4] = [
            |header| header.scenario_digest.push('0'),
            |header| header.options.clear(),
            |header| header.unit.1 = 4,
            |header| header.seeds = SeedRange::new(0, 101).expect("seeds"),
        ];
        for change in changed {
            let mut other = header();
            change(&mut other);
            assert!(header().conflict(&other).is_some());
        }
    }
}
