//! Words into lines of a width, counted in characters.

/// Lines of at most `width` characters; a word that is longer is cut. `width` is at least 1.
pub fn wrap<'w>(words: impl IntoIterator<Item = &'w str>, width: usize) -> Vec<String> {
    let width = width.max(1);
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    let mut taken = 0;
    for word in words {
        let mut letters: Vec<char> = word.chars().collect();
        if taken > 0 && taken + 1 + letters.len() <= width {
            line.push(' ');
            line.extend(letters.iter());
            taken += 1 + letters.len();
            continue;
        }
        if taken > 0 {
            lines.push(std::mem::take(&mut line));
        }
        while letters.len() > width {
            let rest = letters.split_off(width);
            lines.push(letters.into_iter().collect());
            letters = rest;
        }
        taken = letters.len();
        line.extend(letters);
    }
    if taken > 0 {
        lines.push(line);
    }
    lines
}

/// At most `width` characters of a text; what is cut off is told by an ellipsis.
pub fn short(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    let kept = text.chars().take(width.saturating_sub(1));
    kept.chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_never_wider() {
        assert_eq!(wrap(["ab", "cd", "efg"], 5), ["ab cd", "efg"]);
        assert_eq!(
            wrap(["abcdefgh", "i"], 3),
            ["abc", "def", "gh", "i"].map(str::to_owned).to_vec()[..3]
                .iter()
                .cloned()
                .chain(["i".to_owned()])
                .collect::<Vec<_>>()
        );
        assert_eq!(wrap(["", "ä"], 1), ["ä"]);
        assert!(wrap([], 4).is_empty());
    }

    #[test]
    fn what_is_cut_is_told() {
        assert_eq!(short("abc", 3), "abc");
        assert_eq!(short("abcd", 3), "ab…");
        assert_eq!(short("abcd", 0), "…");
    }
}
