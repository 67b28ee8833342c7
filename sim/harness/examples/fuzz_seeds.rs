//! Writes the seeds of the fuzz targets and their dictionaries to `fuzz/`: `cargo run -p pptp-harness --example fuzz_seeds`.

use std::fs;
use std::io;
use std::path::Path;

#[path = "../tests/fuzz_corpus/seeds/mod.rs"]
mod seeds;

fn main() -> io::Result<()> {
    let fuzz = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz");
    for target in seeds::all() {
        let folder = fuzz.join("corpus").join(target.name);
        fs::create_dir_all(&folder)?;
        for entry in fs::read_dir(&folder)? {
            let entry = entry?;
            if entry
                .file_name()
                .to_string_lossy()
                .starts_with(seeds::PREFIX)
            {
                fs::remove_file(entry.path())?;
            }
        }
        for (name, octets) in &target.seeds {
            fs::write(folder.join(format!("{}{name}", seeds::PREFIX)), octets)?;
        }
        let from = match target.follows_scenarios {
            true => " of the scenarios as they are now",
            false => "",
        };
        println!("{}: {} seeds{from}", target.name, target.seeds.len());
    }
    let folder = fuzz.join("dictionaries");
    fs::create_dir_all(&folder)?;
    for (name, text) in seeds::dictionaries() {
        fs::write(folder.join(&name), text)?;
        println!("{name}");
    }
    Ok(())
}
