//! The invariants of the repository that no compiler keeps: what depends on what, what stands where, what may be cited, how long a
//! file may be. Each check is a function from a tree of files to complaints, and has a tree that it complains about.

mod arrows;
mod citations;
mod owners;
mod places;
mod snapshots;
mod style;
mod tree;

use tree::Tree;

/// The repository's own tree passes a check.
fn assert_clean(check: fn(&Tree) -> Vec<String>) {
    let complaints = check(&Tree::of_repository());
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

/// A made-up tree gets exactly one complaint, which says this.
fn assert_complaint(check: fn(&Tree) -> Vec<String>, files: &[(&str, &str)], says: &str) {
    let complaints = check(&Tree::made_up(files));
    assert_eq!(complaints.len(), 1, "{complaints:?}");
    assert!(complaints[0].contains(says), "{complaints:?}");
}
