//! Builds the scenario files of the repository into the library, so that the suite runs wherever the binary does.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

fn main() -> io::Result<()> {
    let manifest = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let out = PathBuf::from(std::env::var("OUT_DIR").expect("cargo sets it"));
    let folder = manifest.join("../../scenarios").canonicalize()?;
    let mut files = Vec::new();
    collect(&folder, "scenarios", &mut files)?;
    files.sort();
    let mut text = String::from("&[\n");
    for (name, path) in &files {
        writeln!(
            text,
            "    ({name:?}, include_str!({:?})),",
            path.to_string_lossy()
        )
        .expect("a string takes every text");
    }
    text.push_str("]\n");
    fs::write(out.join("built_in_files.rs"), text)?;
    println!("cargo::rerun-if-changed=build.rs");
    Ok(())
}

/// Every `.kdl` file below `folder`, with its name from `scenarios/` on. A folder is watched too: a new file in it counts.
fn collect(folder: &Path, name: &str, files: &mut Vec<(String, PathBuf)>) -> io::Result<()> {
    println!("cargo::rerun-if-changed={}", folder.display());
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let Some(part) = path.file_name().and_then(|part| part.to_str()) else {
            continue;
        };
        let name = format!("{name}/{part}");
        if path.is_dir() {
            collect(&path, &name, files)?;
        } else if part.ends_with(".kdl") {
            files.push((name, path));
        }
    }
    Ok(())
}
