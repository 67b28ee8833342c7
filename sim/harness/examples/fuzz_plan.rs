//! Shows what an input of the fuzz targets `endpoint` and `world` chooses, and what comes of it:
//! `cargo run -p pptp-harness --example fuzz_plan world fuzz/corpus/world/seed-loss`.

use pptp_wire::fuzzing::chosen;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [target, path] = &arguments[..] else {
        eprintln!("usage: fuzz_plan endpoint|world FILE");
        return ExitCode::from(2);
    };
    let octets = match std::fs::read(path) {
        Ok(octets) => octets,
        Err(error) => {
            eprintln!("{path}: {error}");
            return ExitCode::from(2);
        }
    };
    match target.as_str() {
        "endpoint" => {
            let plan = chosen(&octets);
            println!("{plan:#?}");
            println!("{:#?}", pptp_proto::fuzzing::play(&plan));
        }
        "world" => {
            let plan = chosen(&octets);
            println!("{plan:#?}");
            println!("{:#?}", pptp_world::fuzzing::run(&plan));
        }
        _ => {
            eprintln!("{target} has no plans: endpoint or world");
            return ExitCode::from(2);
        }
    }
    ExitCode::SUCCESS
}
