//! What stands at the top of the repository.

use crate::tree::Tree;
use crate::{assert_clean, assert_complaint};
use std::collections::BTreeSet;

/// Beside licences and names that begin with a dot.
const AGREED: [&str; 7] = [
    "Cargo.toml",
    "Cargo.lock",
    "README.md",
    "sim",
    "scenarios",
    "snapshots",
    "fuzz",
];

/// Entries at the top that are not agreed upon.
fn places(tree: &Tree) -> Vec<String> {
    let entries: BTreeSet<&str> = tree
        .files
        .keys()
        .filter_map(|path| path.split('/').next())
        .collect();
    entries
        .into_iter()
        .filter(|entry| {
            !AGREED.contains(entry) && !entry.starts_with('.') && !entry.starts_with("LICENSE")
        })
        .map(|entry| format!("{entry} stands at the top beside the agreed entries"))
        .collect()
}

#[test]
fn nothing_stands_at_the_top_beside_the_agreed_entries() {
    assert_clean(places);
}

#[test]
fn an_entry_that_is_not_agreed_upon_is_noticed() {
    let files = [
        ("tools/x.sh", ""),
        ("README.md", ""),
        (".ci/run", ""),
        ("LICENSE-MIT", ""),
    ];
    assert_complaint(places, &files, "tools stands at the top");
}
