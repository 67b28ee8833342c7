//! The arrows of dependencies: who may use whom, and which outside crates belong where.

use crate::tree::Tree;
use crate::{assert_clean, assert_complaint};

/// The project's crates: folder, name, and the crates of the project that each may use. The fuzz crate may use all.
const CRATES: [(&str, &str, &[&str]); 5] = [
    ("sim/wire", "pptp-wire", &[]),
    ("sim/proto", "pptp-proto", &["pptp-wire"]),
    ("sim/rules", "pptp-rules", &["pptp-wire"]),
    (
        "sim/world",
        "pptp-world",
        &["pptp-wire", "pptp-proto", "pptp-rules"],
    ),
    (
        "sim/harness",
        "pptp-harness",
        &["pptp-wire", "pptp-proto", "pptp-rules", "pptp-world"],
    ),
];

/// Outside crates that only one package may use, and whether others may use them in their tests.
const BELONGS: [(&str, &str, bool); 11] = [
    ("tokio", "sim/harness", false),
    ("turmoil", "sim/harness", false),
    ("kdl", "sim/harness", false),
    ("miette", "sim/harness", false),
    ("clap", "sim/harness", false),
    ("clap_complete", "sim/harness", false),
    ("clap_mangen", "sim/harness", false),
    ("indicatif", "sim/harness", false),
    ("serde_json", "sim/harness", true),
    ("rand_chacha", "sim/world", true),
    ("libfuzzer-sys", "fuzz", false),
];

/// Outside crates that are for tests alone.
const FOR_TESTS: [&str; 4] = ["insta", "proptest", "criterion", "libtest-mimic"];

/// Files of the world that may know the endpoint: the node that wraps it, and what sets networks of it up for fuzzing. Rules and
/// reference model would otherwise approve the endpoint's mistakes.
const KNOWS_ENDPOINT: [&str; 2] = ["sim/world/src/nodes/endpoint.rs", "sim/world/src/fuzzing/"];

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
enum Section {
    Normal,
    Tests,
    Build,
}

/// One dependency of a package.
#[derive(Debug)]
struct Dependency {
    section: Section,
    name: String,
    optional: bool,
}

/// The dependencies that a `Cargo.toml` lists, in all sections and for all platforms.
fn dependencies(manifest: &str) -> Vec<Dependency> {
    let mut found: Vec<Dependency> = Vec::new();
    let mut section = None;
    for line in manifest.lines().map(str::trim) {
        if let Some(header) = line.strip_prefix('[') {
            let header = header.trim_start_matches('[').trim_end_matches(']');
            let (kind, named) = match header.split_once("dependencies") {
                Some((before, after)) => (Some(before), after.strip_prefix('.')),
                None => (None, None),
            };
            section = kind.map(|before| match before {
                before if before.ends_with("dev-") => Section::Tests,
                before if before.ends_with("build-") => Section::Build,
                _ => Section::Normal,
            });
            if let (Some(section), Some(name)) = (section, named) {
                let name = name.trim_matches('"').to_owned();
                found.push(Dependency {
                    section,
                    name,
                    optional: false,
                });
            }
            continue;
        }
        let Some((key, value)) = line.split_once('=').filter(|_| !line.starts_with('#')) else {
            continue;
        };
        let Some(section) = section else { continue };
        let name = key
            .trim()
            .split('.')
            .next()
            .unwrap_or_default()
            .trim_matches('"')
            .to_owned();
        let optional = value.replace(' ', "").contains("optional=true");
        found.push(Dependency {
            section,
            name,
            optional,
        });
    }
    found
}

/// Dependencies that point against the arrows.
fn arrows(tree: &Tree) -> Vec<String> {
    let mut complaints = Vec::new();
    for (folder, manifest) in tree.packages() {
        let known = CRATES.iter().find(|row| row.0 == folder);
        if known.is_none() && folder != "fuzz" {
            complaints.push(format!("{folder} is a package that the arrows do not know"));
        }
        for dependency in dependencies(manifest) {
            complaints.extend(against(folder, known.map(|row| row.2), &dependency));
        }
    }
    complaints
}

/// What is wrong with one dependency of the package in `folder`, which may use the project's crates `allowed`.
fn against(folder: &str, allowed: Option<&[&str]>, dependency: &Dependency) -> Option<String> {
    let Dependency {
        section,
        name,
        optional,
    } = dependency;
    let tests = *section == Section::Tests;
    let own = CRATES.iter().any(|row| row.1 == name);
    if own && allowed.is_some_and(|allowed| !allowed.contains(&name.as_str())) {
        return Some(format!("{folder} must not use {name}"));
    }
    let place = BELONGS.iter().find(|row| row.0 == name && row.1 != folder);
    if let Some((_, home, in_tests)) = place
        && !(tests && *in_tests)
    {
        return Some(format!(
            "{folder} must not use {name}, which belongs to {home}"
        ));
    }
    if FOR_TESTS.contains(&name.as_str()) && !tests {
        return Some(format!("{folder} uses {name} outside of tests"));
    }
    if name == "arbitrary" && !tests && !optional {
        return Some(format!(
            "{folder} uses arbitrary, which is for an optional feature"
        ));
    }
    None
}

/// Files of the world that know the endpoint and should not.
fn independence(tree: &Tree) -> Vec<String> {
    let knows = |text: &str| {
        let code = text
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"));
        code.into_iter().any(|line| line.contains("pptp_proto"))
    };
    tree.below("sim/world/src")
        .filter(|(path, _)| !KNOWS_ENDPOINT.iter().any(|known| path.starts_with(known)))
        .filter(|(_, text)| knows(text))
        .map(|(path, _)| {
            format!(
                "{path} knows the endpoint: only {} may",
                KNOWS_ENDPOINT.join(", ")
            )
        })
        .collect()
}

#[test]
fn dependencies_point_along_the_arrows() {
    assert_clean(arrows);
    let tree = Tree::of_repository();
    assert_eq!(tree.packages().count(), CRATES.len() + 1);
    let harness = dependencies(tree.text("sim/harness/Cargo.toml").expect("the harness"));
    let has = |section, name: &str| {
        harness
            .iter()
            .any(|found| found.section == section && found.name == name)
    };
    assert!(has(Section::Normal, "tokio") && has(Section::Normal, "pptp-world"));
    assert!(has(Section::Tests, "insta"));
}

#[test]
fn only_the_endpoint_node_knows_the_endpoint() {
    assert_clean(independence);
}

#[test]
fn a_dependency_against_the_arrows_is_noticed() {
    for (folder, manifest, says) in [
        (
            "sim/wire",
            "[dependencies]\npptp-proto.workspace = true\n",
            "must not use pptp-proto",
        ),
        (
            "sim/rules",
            "[dev-dependencies]\npptp-proto = { path = \"../proto\" }\n",
            "must not use pptp-proto",
        ),
        (
            "sim/world",
            "[dependencies]\ntokio.workspace = true\n",
            "belongs to sim/harness",
        ),
        (
            "sim/world",
            "[target.'cfg(unix)'.dependencies.kdl]\nversion = \"6\"\n",
            "belongs to sim/harness",
        ),
        (
            "sim/proto",
            "[dependencies]\nrand_chacha.workspace = true\n",
            "belongs to sim/world",
        ),
        (
            "sim/harness",
            "[dependencies]\nlibfuzzer-sys = \"0.4\"\n",
            "belongs to fuzz",
        ),
        (
            "sim/harness",
            "[dependencies]\ninsta.workspace = true\n",
            "outside of tests",
        ),
        (
            "sim/wire",
            "[dependencies]\narbitrary.workspace = true\n",
            "optional feature",
        ),
        ("sim/extra", "[package]\nname = \"extra\"\n", "do not know"),
    ] {
        let path = format!("{folder}/Cargo.toml");
        assert_complaint(arrows, &[(&path, manifest)], says);
    }
    let allowed = "[dev-dependencies]\nrand_chacha.workspace = true\n# tokio = \"1\"\n\
        [dependencies]\narbitrary = { workspace = true, optional = true }\n";
    assert_eq!(
        arrows(&Tree::made_up(&[("sim/proto/Cargo.toml", allowed)])),
        [] as [&str; 0]
    );
}

#[test]
fn a_reference_model_that_knows_the_endpoint_is_noticed() {
    let files = [
        ("sim/world/src/model/data.rs", "use pptp_proto::Session;\n"),
        (
            "sim/world/src/nodes/endpoint.rs",
            "use pptp_proto::Endpoint;\n",
        ),
        ("sim/world/src/lib.rs", "//! Nothing of pptp_proto.\n"),
    ];
    assert_complaint(independence, &files, "model/data.rs knows the endpoint");
}
