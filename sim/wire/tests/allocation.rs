//! The decode path cannot allocate: the crate is built without the standard library, and only the files that make octets, and the
//! containers, import `alloc`.

use std::fs;
use std::path::{Path, PathBuf};

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("is readable").path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else {
            found.push(path);
        }
    }
    found.sort();
    found
}

#[test]
fn only_what_makes_octets_and_containers_imports_alloc() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut importing = Vec::new();
    for path in sources(&source) {
        let text = fs::read_to_string(&path).expect("is text");
        let code = text
            .split("#[cfg(test)]\nmod tests {")
            .next()
            .unwrap_or(&text);
        assert!(
            path.ends_with("tests.rs")
                || path
                    .parent()
                    .is_some_and(|folder| folder.ends_with("tests"))
                // A macro of it is expanded in crates that have the standard library.
                || path.ends_with("fuzzing/choice.rs")
                || !code.contains("std::")
        );
        // What fuzzers and generators of input are made of makes octets too, and is no part of the decode path.
        let for_fuzzing = path
            .parent()
            .is_some_and(|folder| folder.ends_with("fuzzing"));
        if code.contains("alloc::") && !for_fuzzing {
            importing.push(
                path.strip_prefix(&source)
                    .expect("inside")
                    .display()
                    .to_string(),
            );
        }
    }
    let containers = [
        "collections/few.rs",
        "collections/runs.rs",
        "collections/short.rs",
    ];
    let make_octets = ["hdlc.rs", "ppp/test_frame.rs", "raw.rs"];
    assert_eq!(importing, [&containers[..], &make_octets[..]].concat());
    let root = fs::read_to_string(source.join("lib.rs")).expect("is text");
    assert!(
        root.contains("no_std)]"),
        "the crate is built without the standard library"
    );
}
