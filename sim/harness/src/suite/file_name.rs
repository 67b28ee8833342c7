//! Names of files after scenarios, cases and nodes, whatever letters those hold.

/// `outgoing/outgoing-call`, `malformed/cut.cut=84`: the file name, without ending, of what one case of a scenario left.
pub fn file_stem(scenario: &str, case: Option<&str>) -> String {
    let parts: Vec<String> = scenario
        .split('/')
        .map(plain_name)
        .filter(|part| !part.is_empty())
        .collect();
    let mut stem = parts.join("/");
    if let Some(case) = case {
        stem.push('.');
        stem.push_str(&plain_name(case));
    }
    stem
}

/// What is safe in the name of a file, at most 100 letters of it; never `.` or `..`.
pub fn plain_name(text: &str) -> String {
    let letters = text.chars().take(100).map(|letter| match letter {
        letter if letter.is_ascii_alphanumeric() => letter,
        '-' | '_' | '.' | '=' | ',' | '+' => letter,
        _ => '-',
    });
    let plain: String = letters.collect();
    plain.trim_start_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_below_their_folder() {
        assert_eq!(file_stem("../../etc/passwd", Some("../x")), "etc/passwd.-x");
        assert_eq!(file_stem("a", Some("the PNS wins")), "a.the-PNS-wins");
        assert_eq!(plain_name(&"x".repeat(1000)).len(), 100);
    }
}
