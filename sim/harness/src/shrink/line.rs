//! Lines of a scenario as words: what is edited when values become smaller.

/// A word of a line: `key=value`, or anything else.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Word {
    /// As it is written.
    pub text: String,
}

impl Word {
    /// The key and the value as written, where it is a property.
    pub fn property(&self) -> Option<(&str, &str)> {
        if self.text.starts_with('"') {
            return None;
        }
        self.text.split_once('=')
    }
}

/// The words of a line. Spaces in quotes part nothing.
pub fn words(line: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut word = String::new();
    let (mut quoted, mut escaped) = (false, false);
    for letter in line.chars() {
        if letter == ' ' && !quoted {
            if !word.is_empty() {
                words.push(Word {
                    text: std::mem::take(&mut word),
                });
            }
            continue;
        }
        match letter {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            _ => {}
        }
        word.push(letter);
    }
    if !word.is_empty() {
        words.push(Word { text: word });
    }
    words
}

/// The line of these words.
pub fn line(words: &[Word]) -> String {
    let texts: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
    texts.join(" ")
}

/// The line without the properties of these keys.
pub fn without(text: &str, keys: &[&str]) -> String {
    let mut words = words(text);
    words.retain(|word| word.property().is_none_or(|(key, _)| !keys.contains(&key)));
    line(&words)
}

/// The line with another value of a property that it has.
pub fn with(text: &str, key: &str, value: &str) -> String {
    let mut words = words(text);
    for word in &mut words {
        if word.property().is_some_and(|(known, _)| known == key) {
            word.text = format!("{key}={value}");
        }
    }
    line(&words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_keep_their_quotes_and_spaces_in_them() {
        let text = "do pns place-call call=c1 phone-number=\"5 \\\" 1\" within=\"1s\"";
        let found = words(text);
        assert_eq!(found.len(), 6);
        assert_eq!(found[4].property(), Some(("phone-number", "\"5 \\\" 1\"")));
        assert_eq!(line(&found), text);
        assert_eq!(words("covers \"a=b\"")[1].property(), None);
    }

    #[test]
    fn properties_go_and_change() {
        let text = "gre from=pac delay=\"20ms\" loss=\"5%\"";
        assert_eq!(
            without(text, &["loss", "jitter"]),
            "gre from=pac delay=\"20ms\""
        );
        assert_eq!(
            with(text, "delay", "\"1ms\""),
            "gre from=pac delay=\"1ms\" loss=\"5%\""
        );
        assert_eq!(with(text, "mtu", "9"), text);
    }
}
