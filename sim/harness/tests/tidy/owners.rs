//! Every Rust file is part of a crate: its root, or named by a `mod` of a file that is.

use crate::tree::{Tree, folder_of, joined};
use crate::{assert_clean, assert_complaint};
use std::collections::BTreeSet;

/// Rust files that no crate has.
fn owners(tree: &Tree) -> Vec<String> {
    let mut owned = BTreeSet::new();
    for root in roots(tree) {
        own(tree, &root, true, &mut owned);
    }
    tree.ending(".rs")
        .filter(|(path, _)| !owned.contains(*path))
        .map(|(path, _)| format!("{path} is part of no crate: no `mod` leads to it"))
        .collect()
}

/// The roots of all crates of all packages: those that cargo finds by itself, and those that a manifest names.
fn roots(tree: &Tree) -> Vec<String> {
    let mut roots = Vec::new();
    for (folder, manifest) in tree.packages() {
        for (path, _) in tree.below(folder) {
            let inside = &path[folder.len() + 1..];
            let parts: Vec<&str> = inside.split('/').collect();
            let is_root = matches!(
                parts[..],
                ["build.rs"]
                    | ["src", "lib.rs" | "main.rs"]
                    | ["tests" | "examples" | "benches", _]
                    | ["src", "bin", _]
                    | ["tests" | "examples" | "benches", _, "main.rs"]
            );
            if is_root && path.ends_with(".rs") {
                roots.push(path.to_owned());
            }
        }
        let named = manifest.lines().filter_map(|line| {
            let value = line.trim().strip_prefix("path")?.trim().strip_prefix('=')?;
            Some(value.trim().trim_matches('"'))
        });
        roots.extend(named.map(|path| joined(folder, path)));
    }
    roots
}

/// Marks a file and all that its `mod` lines lead to.
fn own(tree: &Tree, path: &str, is_root: bool, owned: &mut BTreeSet<String>) {
    let Some(text) = tree.text(path) else { return };
    if !owned.insert(path.to_owned()) {
        return;
    }
    let folder = folder_of(path);
    let name = path[folder.len()..]
        .trim_start_matches('/')
        .trim_end_matches(".rs");
    // Modules of `a.rs` stand in `a/`, those of `mod.rs` and of a crate's root beside it.
    let below = match is_root || name == "mod" {
        true => folder.to_owned(),
        false => joined(folder, name),
    };
    let mut elsewhere = None;
    for line in text.lines().map(str::trim) {
        if let Some(path) = quoted_after(line, "#[path = \"") {
            elsewhere = Some(joined(folder, path));
        } else if let Some(path) = quoted_after(line, "include!(\"") {
            own(tree, &joined(folder, path), false, owned);
        } else if let Some(module) = module_named(line) {
            let by_name = joined(&below, &format!("{module}.rs"));
            let by_folder = joined(&below, &format!("{module}/mod.rs"));
            for candidate in elsewhere
                .take()
                .map_or(vec![by_name, by_folder], |path| vec![path])
            {
                own(tree, &candidate, false, owned);
            }
        }
    }
}

fn quoted_after<'a>(line: &'a str, start: &str) -> Option<&'a str> {
    line.split_once(start)?.1.split('"').next()
}

/// The name of `mod name;`, whatever its visibility.
fn module_named(line: &str) -> Option<&str> {
    let declaration = line.strip_suffix(';')?;
    let (visibility, name) = match declaration.rsplit_once("mod ") {
        Some((visibility, name)) => (visibility.trim(), name.trim()),
        None => return None,
    };
    let is_name = !name.is_empty()
        && name
            .chars()
            .all(|sign| sign.is_alphanumeric() || sign == '_');
    (is_name && (visibility.is_empty() || visibility.starts_with("pub"))).then_some(name)
}

#[test]
fn every_rust_file_is_part_of_a_crate() {
    assert_clean(owners);
    assert!(roots(&Tree::of_repository()).len() > 20);
}

#[test]
fn a_file_that_no_crate_has_is_noticed() {
    let files = [
        (
            "sim/wire/Cargo.toml",
            "[package]\n[[test]]\npath = \"../../snapshots/suite.rs\"\n",
        ),
        ("sim/wire/src/lib.rs", "pub mod a;\nmod b;\n"),
        (
            "sim/wire/src/a.rs",
            "pub(crate) mod inner;\n#[cfg(test)]\n#[path = \"odd.rs\"]\nmod tests;\n",
        ),
        ("sim/wire/src/a/inner.rs", "// mod c;\n"),
        ("sim/wire/src/odd.rs", ""),
        ("sim/wire/src/b/mod.rs", "mod deep;"),
        ("sim/wire/src/b/deep.rs", ""),
        ("sim/wire/tests/one.rs", "mod common;"),
        ("sim/wire/tests/common/mod.rs", ""),
        ("snapshots/suite.rs", ""),
        ("sim/wire/src/a/forgotten.rs", ""),
    ];
    assert_complaint(
        owners,
        &files,
        "sim/wire/src/a/forgotten.rs is part of no crate",
    );
}
