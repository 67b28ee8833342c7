//! Which scenarios of the built-in suite put which requirement to the test.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use pptp_wire::Requirement;

use super::built_in::built_in_loader;
use super::find::built_in;
use crate::scenario::{Content, load};

/// Names of scenarios by the requirement that they cover, in the order of the names. A file that cannot be read covers nothing:
/// `lint` shows what is wrong with it. Worked out once.
pub fn coverage() -> &'static BTreeMap<Requirement, Vec<String>> {
    static COVERAGE: OnceLock<BTreeMap<Requirement, Vec<String>>> = OnceLock::new();
    COVERAGE.get_or_init(work_out)
}

fn work_out() -> BTreeMap<Requirement, Vec<String>> {
    let loader = built_in_loader();
    let mut coverage: BTreeMap<Requirement, Vec<String>> = BTreeMap::new();
    for found in built_in() {
        let Ok(Content::Scenario(file)) = load(&found.path, &loader) else {
            continue;
        };
        let Ok(scenario) = file.case(0) else {
            continue;
        };
        for (requirement, _) in scenario.covers {
            let names = coverage.entry(requirement).or_default();
            names.push(found.name.clone());
        }
    }
    coverage
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_suite_says_what_it_covers() {
        let coverage = coverage();
        let covering = &coverage[&Requirement::Cdn003];
        assert!(covering.contains(&"outgoing/outgoing-call".to_owned()));
        assert!(covering.is_sorted());
    }
}
