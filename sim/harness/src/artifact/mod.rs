//! Inputs of the fuzz targets as something that can be read: a scenario for a plan, words for everything else.

mod endpoint;
mod story;
#[cfg(test)]
mod tests;
mod words;
mod world;

use std::fmt;

/// What an input became.
#[derive(Clone, Debug)]
pub struct Told {
    /// A scenario, or lines that say what the input is.
    pub text: String,
    /// Whether the text is a scenario.
    pub is_scenario: bool,
}

/// The targets, as `fuzz/` has them.
pub const TARGETS: [&str; 10] = [
    "capture_reader",
    "control_decode",
    "control_round_trip",
    "differential",
    "endpoint",
    "field_tables",
    "framer",
    "gre_decode",
    "scenario_text",
    "world",
];

/// Why an input cannot be told.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct UnknownTarget(pub String);

impl fmt::Display for UnknownTarget {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "there is no fuzz target {}: {}",
            self.0,
            TARGETS.join(", ")
        )
    }
}

impl std::error::Error for UnknownTarget {}

/// Tells what an input of a target is, and what becomes of it: `name` is what comments call it.
///
/// # Errors
/// There is no such target.
pub fn artifact(target: &str, name: &str, octets: &[u8]) -> Result<Told, UnknownTarget> {
    let scenario = |text| Told {
        text,
        is_scenario: true,
    };
    Ok(match target {
        "world" => scenario(world::scenario(name, octets)),
        "endpoint" => scenario(endpoint::scenario(name, octets)),
        _ => Told {
            text: words::told(target, name, octets)
                .ok_or_else(|| UnknownTarget(target.to_owned()))?,
            is_scenario: false,
        },
    })
}

/// Comment lines, each of which stays one whatever is in it.
fn comments(lines: &[String]) -> String {
    let mut text = String::new();
    for line in lines {
        // Nothing that ends a line of KDL, or turns it round.
        let plain = |letter: char| {
            if letter.is_control() || !letter.is_ascii() {
                ' '
            } else {
                letter
            }
        };
        let line: String = line.chars().map(plain).collect();
        text.push_str("// ");
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}
