//! The scenario files that are built into the library.

use crate::scenario::load::MemoryLoader;

/// Every `.kdl` file below `scenarios/` when this was built: path from `scenarios/` on, text; in the order of the paths.
pub const BUILT_IN: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/built_in_files.rs"));

/// The text of a built-in file; empty where there is none at `path`.
pub fn built_in_text(path: &str) -> &'static str {
    let found = BUILT_IN.iter().find(|(known, _)| *known == path);
    found.map_or("", |(_, text)| text)
}

/// A loader that knows the built-in files and no others.
pub fn built_in_loader() -> MemoryLoader {
    let files = BUILT_IN.iter();
    MemoryLoader {
        files: files
            .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()))
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::load::Loader;

    #[test]
    fn the_suite_and_its_fragments_are_built_in() {
        let scenarios = BUILT_IN
            .iter()
            .filter(|(path, _)| path.starts_with("scenarios/outgoing/"));
        assert!(scenarios.count() >= 2);
        assert!(BUILT_IN.is_sorted_by_key(|(path, _)| *path));
        let loader = built_in_loader();
        assert!(loader.load("scenarios/fragments/control.kdl").is_ok());
        assert!(loader.load("scenarios/fragments/contrl.kdl").is_err());
    }
}
