//! "Did you mean": the known word that is nearest to an unknown one.

/// The nearest of `known` to `word`, if one is near enough to be a slip of the keyboard or a shortened form.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word: String = word.chars().take(64).collect::<String>().to_lowercase();
    let allowed = (word.chars().count() / 3).clamp(1, 4);
    let mut best: Option<(usize, &str)> = None;
    for candidate in known {
        let folded = candidate.to_lowercase();
        let distance = if folded == word {
            0
        } else {
            let edits = distance(&word, &folded);
            let shortened = word.len() >= 3
                && (folded.starts_with(&word)
                    || folded.ends_with(&word)
                    || same_words(&word, &folded));
            if shortened { edits.min(allowed) } else { edits }
        };
        if distance <= allowed && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// `did you mean …?`, or the whole list where nothing is near and the list is short.
pub fn suggestion<'a>(
    word: &str,
    known: impl IntoIterator<Item = &'a str> + Clone,
    what: &str,
) -> Option<String> {
    if let Some(near) = nearest(word, known.clone()) {
        return Some(format!("did you mean `{near}`?"));
    }
    let all: Vec<&str> = known.into_iter().collect();
    match all.len() {
        0 => None,
        1..=24 => Some(format!("{what}: {}", all.join(", "))),
        _ => None,
    }
}

/// Whether the hyphenated words of the shorter one, or words that they shorten, are among those of the other, in any order.
fn same_words(one: &str, other: &str) -> bool {
    let (few, many) = if one.len() <= other.len() {
        (one, other)
    } else {
        (other, one)
    };
    few.contains('-')
        && few
            .split('-')
            .all(|word| word.len() > 1 && many.split('-').any(|part| part.starts_with(word)))
}

/// Insertions, deletions, substitutions and swaps of neighbours that lead from one word to the other.
fn distance(one: &str, other: &str) -> usize {
    let one: Vec<char> = one.chars().collect();
    let other: Vec<char> = other.chars().take(96).collect();
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=other.len()).collect();
    for (row, &left) in one.iter().enumerate() {
        let mut current = vec![row + 1];
        for (column, &right) in other.iter().enumerate() {
            let mut least = (last[column] + usize::from(left != right))
                .min(last[column + 1] + 1)
                .min(current[column] + 1);
            if row > 0 && column > 0 && left == other[column - 1] && one[row - 1] == right {
                least = least.min(before_last[column - 1] + 1);
            }
            current.push(least);
        }
        before_last = last;
        last = current;
    }
    last[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORDS: [&str; 5] = [
        "packet-recv-window-size",
        "peer-call-id",
        "call-id",
        "result-code",
        "Outgoing-Call-Request",
    ];

    #[test]
    fn slips_case_and_short_forms_are_understood() {
        assert_eq!(nearest("peer-cal-id", WORDS), Some("peer-call-id"));
        assert_eq!(nearest("result_code", WORDS), Some("result-code"));
        assert_eq!(nearest("code-result", WORDS), Some("result-code"));
        assert_eq!(
            nearest("pack-win-size", WORDS),
            Some("packet-recv-window-size")
        );
        assert_eq!(
            nearest("window-size", WORDS),
            Some("packet-recv-window-size")
        );
        assert_eq!(
            nearest("outgoing-call-request", WORDS),
            Some("Outgoing-Call-Request")
        );
        assert_eq!(nearest("reslut-code", WORDS), Some("result-code"));
    }

    #[test]
    fn what_is_far_from_everything_gets_no_suggestion() {
        assert_eq!(nearest("banana", WORDS), None);
        assert_eq!(nearest("", WORDS), None);
        assert_eq!(
            suggestion("banana", ["a-word", "another"], "known words"),
            Some("known words: a-word, another".to_owned())
        );
    }

    #[test]
    fn a_hostile_word_costs_little() {
        assert_eq!(nearest(&"x".repeat(1_000_000), WORDS), None);
    }
}
