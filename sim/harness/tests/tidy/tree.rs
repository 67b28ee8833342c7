//! The files of the repository, or of one that a test makes up.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// What is not part of the repository: build output, version control, and what fuzzers leave.
const PASSED_OVER: [&str; 5] = [
    "target",
    ".git",
    "fuzz/target",
    "fuzz/artifacts",
    "fuzz/coverage",
];

/// Files by path from the top, `/` between folders, with their text; that of a file which is none is empty.
#[derive(Debug, Default)]
pub struct Tree {
    pub files: BTreeMap<String, String>,
}

impl Tree {
    /// The tree that this test stands in.
    pub fn of_repository() -> Tree {
        let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let mut tree = Tree::default();
        tree.read(&top, "");
        assert!(
            tree.files.len() > 300,
            "only {} files are found",
            tree.files.len()
        );
        tree
    }

    /// A tree of these files.
    pub fn made_up(files: &[(&str, &str)]) -> Tree {
        let files = files
            .iter()
            .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()));
        Tree {
            files: files.collect(),
        }
    }

    /// The text of a file.
    pub fn text(&self, path: &str) -> Option<&str> {
        self.files.get(path).map(String::as_str)
    }

    /// Files whose names end so, such as `.rs`.
    pub fn ending<'a>(&'a self, end: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        let files = self
            .files
            .iter()
            .filter(move |(path, _)| path.ends_with(end));
        files.map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// Files below a folder.
    pub fn below<'a>(&'a self, folder: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        let files = self.files.iter().filter_map(move |(path, text)| {
            path.strip_prefix(folder)?
                .starts_with('/')
                .then_some((path.as_str(), text.as_str()))
        });
        files.into_iter()
    }

    /// Folders with a `Cargo.toml` that describes a package.
    pub fn packages(&self) -> impl Iterator<Item = (&str, &str)> {
        self.ending("/Cargo.toml")
            .map(|(path, text)| (path.trim_end_matches("/Cargo.toml"), text))
    }

    fn read(&mut self, top: &Path, folder: &str) {
        let entries = fs::read_dir(top.join(folder)).expect("a folder of the repository");
        for entry in entries {
            let entry = entry.expect("a folder entry");
            let name = entry.file_name().into_string().expect("names are UTF-8");
            let path = if folder.is_empty() {
                name
            } else {
                format!("{folder}/{name}")
            };
            if PASSED_OVER.contains(&path.as_str()) {
                continue;
            }
            let kind = entry.file_type().expect("a kind of file");
            if kind.is_dir() {
                self.read(top, &path);
            } else if kind.is_file() {
                let octets = fs::read(entry.path()).expect("a file that can be read");
                self.files
                    .insert(path, String::from_utf8(octets).unwrap_or_default());
            }
        }
    }
}

/// The folder of a file; empty at the top.
pub fn folder_of(path: &str) -> &str {
    path.rfind('/').map_or("", |end| &path[..end])
}

/// `path` as seen from a folder, with `.` and `..` worked out.
pub fn joined(folder: &str, path: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[test]
fn paths_are_worked_out() {
    assert_eq!(joined("a/b", "../c/./d.rs"), "a/c/d.rs");
    assert_eq!(joined("", "x.rs"), "x.rs");
    assert_eq!(folder_of("a/b/c.rs"), "a/b");
    assert_eq!(folder_of("c.rs"), "");
}
