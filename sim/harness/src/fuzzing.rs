//! Files of any octets, each as one function for a fuzz target. Nothing here may panic, hang or take unbounded memory.

use std::collections::BTreeMap;

use pptp_rules::Grading;

use crate::scenario::load::MemoryLoader;
use crate::scenario::{lint_file, render_all};
use crate::verify::{VerifyOptions, human, verify};

/// Where a text ends and the file that it may include begins, in the input of [`scenario_text`].
pub const NEXT_FILE: char = '\0';

/// Any octets as a capture, decoded, shown in every form, drawn in every format, and judged with and without address translation.
///
/// # Panics
/// Never; that is what the fuzz target looks for.
pub fn capture_reader(octets: &[u8]) {
    crate::decode::fuzz_entry(octets);
    crate::diagram::fuzz_entry(octets);
    for behind_nat in [false, true] {
        // Both outcomes are right; what must not happen is a panic.
        if let Ok(report) = verify(octets, VerifyOptions { behind_nat }, &mut |_| Ok(())) {
            human("-", &report, Grading::Default, &|grade| {
                grade.name().to_owned()
            });
        }
    }
}

/// Any octets as a scenario file, parsed and checked with all of its cases; its mistakes are shown. After each [`NEXT_FILE`] stands
/// another file, `1.kdl`, `2.kdl` and so on, that the files may include.
///
/// # Panics
/// Where a file is refused without a mistake that can be shown.
pub fn scenario_text(octets: &[u8]) {
    let text = String::from_utf8_lossy(octets);
    let files: BTreeMap<String, String> = text
        .split(NEXT_FILE)
        .enumerate()
        .map(|(number, text)| (format!("{number}.kdl"), text.to_owned()))
        .collect();
    if let Err(mistakes) = lint_file("0.kdl", &MemoryLoader { files }) {
        assert!(
            !render_all(&mistakes, false).is_empty(),
            "a file is refused for a reason"
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const WITH_FRAGMENT: &str = "scenario \"s\" {\n    node a role=PNS\n    node b role=PAC\n    link a b\n    flow {\n        include \"1.kdl\"\n    }\n}\n\
        \0fragment {\n    do a open-control to=b\n}\n";

    #[test]
    fn files_include_those_behind_them() {
        let files = ["0.kdl", "1.kdl"]
            .into_iter()
            .map(str::to_owned)
            .zip(WITH_FRAGMENT.split(NEXT_FILE).map(str::to_owned))
            .collect();
        let linted = lint_file("0.kdl", &MemoryLoader { files });
        assert!(
            linted.as_ref().is_ok_and(Option::is_some),
            "{}",
            render_all(&linted.err().unwrap_or_default(), false)
        );
        scenario_text(WITH_FRAGMENT.as_bytes());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn any_change_of_a_scenario_is_taken(at: prop::sample::Index, octet: u8, cut: prop::sample::Index) {
            let mut octets = WITH_FRAGMENT.as_bytes().to_vec();
            let at = at.index(octets.len());
            octets[at] = octet;
            scenario_text(&octets);
            scenario_text(&octets[..cut.index(octets.len())]);
            capture_reader(&octets);
        }
    }
}
