//! What the fuzz targets start from: one of everything, made from the tables, the captures and the scenarios.

#[path = "../../capture_files/build.rs"]
#[allow(dead_code, reason = "the tests of the reader use the rest")]
mod build;
mod dictionary;
mod endpoints;
mod files;
#[path = "../../capture_files/packets.rs"]
mod packets;
mod wire;
mod worlds;

pub use dictionary::dictionaries;

/// How the names of generated inputs begin; others were found, and are named for what they found.
pub const PREFIX: &str = "seed-";

/// The seeds of one target.
pub struct Target {
    /// The target's name.
    pub name: &'static str,
    /// Names, without the prefix, and octets.
    pub seeds: Vec<(String, Vec<u8>)>,
    /// Whether they are made from scenario files, which are changed more often than seeds are.
    pub follows_scenarios: bool,
}

/// The seeds of all targets.
pub fn all() -> Vec<Target> {
    let target = |name, seeds| Target {
        name,
        seeds,
        follows_scenarios: false,
    };
    vec![
        target("control_decode", wire::control_messages()),
        target("control_round_trip", wire::control_values()),
        target("differential", wire::differential()),
        target("gre_decode", wire::gre_packets()),
        target("field_tables", wire::messages_and_packets()),
        target("framer", wire::streams()),
        target("capture_reader", files::captures()),
        target("endpoint", endpoints::plans()),
        target("world", worlds::plans()),
        Target {
            follows_scenarios: true,
            ..target("scenario_text", files::scenarios())
        },
    ]
}
