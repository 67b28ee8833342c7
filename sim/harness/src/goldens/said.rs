//! What a decoder says of one frame, in our words.

use std::collections::BTreeMap;

use super::line::Line;

/// What is said of one frame.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Said {
    /// Name of the message, or `GRE`; `None` where no message is shown.
    pub message: Option<String>,
    /// Fields under our keys where there is one, with values as the decoder writes them.
    pub fields: BTreeMap<String, String>,
    /// What the decoder finds wrong with the frame.
    pub complaints: Vec<String>,
}

impl Said {
    /// Something that is called `message`, without a field yet.
    pub fn of(message: &str) -> Said {
        Said {
            message: Some(message.to_owned()),
            ..Said::default()
        }
    }

    /// Adds a field.
    pub fn put(&mut self, key: &str, value: impl ToString) {
        self.fields.insert(key.to_owned(), value.to_string());
    }
}

/// One thing on which a decoder and we disagree.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Difference {
    /// Key of the field; `message` for which messages a frame holds, `complaint` for what the decoder finds wrong.
    pub field: String,
    /// What we say; `nothing` where we say nothing.
    pub ours: String,
    /// What the decoder says; `nothing` where it says nothing.
    pub theirs: String,
}

/// What stands for no value.
const NOTHING: &str = "nothing";

/// Everything in which the messages that end in a frame and what a decoder says of it differ. `ours` gives a line in the decoder's
/// words.
pub fn differences(
    lines: &[&Line],
    theirs: Option<&Said>,
    ours: &dyn Fn(&Line) -> Said,
) -> Vec<Difference> {
    let mut found = Vec::new();
    let messages: Vec<&str> = lines.iter().map(|line| line.message.as_str()).collect();
    let shown = theirs.and_then(|said| said.message.as_deref());
    let all = match messages.is_empty() {
        true => NOTHING.to_owned(),
        false => messages.join(", "),
    };
    if all != shown.unwrap_or(NOTHING) {
        found.push(Difference {
            field: "message".to_owned(),
            ours: all,
            theirs: shown.unwrap_or(NOTHING).to_owned(),
        });
    }
    if let (Some(first), Some(theirs)) = (lines.first(), theirs)
        && shown == Some(first.message.as_str())
    {
        let ours = ours(first);
        let keys: std::collections::BTreeSet<&String> =
            ours.fields.keys().chain(theirs.fields.keys()).collect();
        for key in keys {
            let (we, they) = (ours.fields.get(key), theirs.fields.get(key));
            if we != they {
                let text = |value: Option<&String>| {
                    value.map_or(NOTHING.to_owned(), |value| value.escape_debug().to_string())
                };
                found.push(Difference {
                    field: key.clone(),
                    ours: text(we),
                    theirs: text(they),
                });
            }
        }
    }
    for complaint in theirs.iter().flat_map(|said| &said.complaints) {
        found.push(Difference {
            field: "complaint".to_owned(),
            ours: NOTHING.to_owned(),
            theirs: complaint.clone(),
        });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(message: &str) -> Line {
        Line {
            message: message.to_owned(),
            ..Line::default()
        }
    }

    fn ours(line: &Line) -> Said {
        let mut said = Said::of(&line.message);
        said.put("length", 16);
        said.put("identifier", 7);
        said
    }

    #[test]
    fn a_wrong_value_is_found_and_a_right_one_is_not() {
        let echo = line("Echo-Request");
        let mut theirs = ours(&echo);
        assert_eq!(differences(&[&echo], Some(&theirs), &ours), []);
        theirs.put("identifier", 8);
        theirs.fields.remove("length");
        let found = differences(&[&echo], Some(&theirs), &ours);
        let texts: Vec<(&str, &str, &str)> = found
            .iter()
            .map(|it| (it.field.as_str(), it.ours.as_str(), it.theirs.as_str()))
            .collect();
        assert_eq!(
            texts,
            [("identifier", "7", "8"), ("length", "16", "nothing")]
        );
    }

    #[test]
    fn messages_that_are_not_shown_and_complaints_are_found() {
        let (first, second) = (line("Echo-Request"), line("Echo-Reply"));
        let mut theirs = ours(&first);
        theirs.complaints.push("Malformed".to_owned());
        let fields = |found: Vec<Difference>| -> Vec<String> {
            found.into_iter().map(|it| it.field).collect()
        };
        let found = differences(&[&first, &second], Some(&theirs), &ours);
        assert_eq!(found[0].ours, "Echo-Request, Echo-Reply");
        assert_eq!(fields(found), ["message", "complaint"]);
        assert_eq!(fields(differences(&[&first], None, &ours)), ["message"]);
        assert_eq!(
            fields(differences(&[], Some(&Said::of("Echo-Reply")), &ours)),
            ["message"]
        );
        assert_eq!(differences(&[], None, &ours), []);
    }
}
