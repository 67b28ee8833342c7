//! The whole table of what speed is asked for, as ratios measured in one run; each bench asserts the work that it names.
//!
//! `cargo bench -p pptp-harness --bench memory --bench speed` prints it. Arguments choose rows by their keys:
//! `packets`, `sessions`, `idle`, `pairs`, `decode`, `sweeps`, `fuzz`. The exit status is 1 where a limit is missed.

#[path = "../../../world/benches/engine/baseline.rs"]
mod baseline;
mod campaigns;
#[path = "../../../world/benches/engine/idle.rs"]
mod idle;
#[path = "../../../world/benches/engine/packets.rs"]
mod packets;
mod rows;
#[path = "../../../world/benches/engine/sessions.rs"]
mod sessions;
#[path = "../../../world/benches/engine/stage.rs"]
mod stage;
mod sweeping;
mod table;
mod turmoil_alone;
#[path = "../../../wire/benches/decode/work.rs"]
mod work;

use std::process::ExitCode;
use table::Table;

/// A key that arguments choose by, and what prints the rows.
type Row = (&'static str, fn(&mut Table, is_short: bool));

const ROWS: [Row; 7] = [
    ("packets", rows::packets),
    ("sessions", rows::sessions),
    ("idle", rows::idle_hour),
    ("pairs", rows::pairs),
    ("decode", rows::decode),
    ("sweeps", campaigns::sweeps),
    ("fuzz", campaigns::fuzz),
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    // `cargo test --benches` runs each bench once, as a test: the work is asserted, the ratios tell nothing.
    let is_short = !arguments.iter().any(|argument| argument == "--bench");
    let wanted: Vec<&String> = arguments
        .iter()
        .filter(|argument| !argument.starts_with('-'))
        .collect();
    let mut table = Table::begin();
    for (key, print) in ROWS {
        if wanted.is_empty() || wanted.iter().any(|it| it.as_str() == key) {
            print(&mut table, is_short);
        }
    }
    if table.end() || is_short {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
