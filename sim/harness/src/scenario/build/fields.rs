//! What a line asks of a field, or puts into it.

use super::Builder;
use super::numbers::number_text;
use crate::scenario::model::{Comparison, MessageName, Pattern, Value};
use crate::scenario::names::Kind;
use crate::scenario::parameters::Resolved;
use crate::scenario::quantity;
use crate::scenario::source::SourceSpan;
use crate::scenario::suggest::suggestion;
use crate::scenario::text::Datum;
use crate::scenario::vocabulary::{FieldShape, field, field_keys};

/// How a pattern is used.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub(super) enum Use {
    /// It is compared with what is seen.
    Asked,
    /// It is compared, and a name in it must be bound already.
    Compared,
    /// It is sent.
    Sent,
    /// It is sent on a line with `packets=`: a range counts up from packet to packet.
    SentMany,
}

/// What numbers of a pattern are.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub(super) enum Numbers {
    /// Numbers up to this one.
    UpTo(u64),
    /// Spans of time.
    Spans,
}

impl Builder<'_> {
    /// The field of a message, or a mistake that names what is near.
    pub(super) fn field_of(
        &mut self,
        message: MessageName,
        key: &str,
        span: SourceSpan,
        others: &[&'static str],
    ) -> Option<(&'static str, FieldShape)> {
        if let Some(found) = field(message, key) {
            return Some(found);
        }
        let known: Vec<&'static str> = field_keys(message).chain(others.iter().copied()).collect();
        let mut diagnostic = self.wrong(
            "unknown-field",
            span,
            format!("{} has no field `{key}`", message.name()),
            "unknown field",
        );
        diagnostic = match suggestion(key, known.clone(), "it has") {
            Some(help) => diagnostic.help(help),
            None => diagnostic.help(format!("it has: {}", known.join(", "))),
        };
        self.report(diagnostic);
        None
    }

    /// The pattern of a field of that shape.
    pub(super) fn field_pattern(
        &mut self,
        key: &'static str,
        shape: FieldShape,
        value: &Resolved,
        used: Use,
    ) -> Option<Pattern> {
        match shape {
            FieldShape::Number(most) => self.number_pattern(key, Numbers::UpTo(most), value, used),
            FieldShape::Boolean => match value.datum {
                Datum::Boolean(flag) => Some(Pattern::Value(Value::Number(u64::from(flag)))),
                _ => {
                    self.mismatch(key, value, "`#true` or `#false`");
                    None
                }
            },
            FieldShape::Text(most) => self.text_pattern(key, most, value, used),
        }
    }

    fn text_pattern(
        &mut self,
        key: &'static str,
        most: usize,
        value: &Resolved,
        used: Use,
    ) -> Option<Pattern> {
        match &value.datum {
            Datum::Text(text)
                if text.replace("\\x", "").len() <= 3 * most && printed_length(text) <= most =>
            {
                Some(Pattern::Value(Value::Text(text.clone())))
            }
            Datum::Text(text) => {
                let diagnostic = self.wrong(
                    "out-of-range",
                    value.span,
                    format!("`{key}` holds at most {most} octets"),
                    format!("this has {}", printed_length(text)),
                );
                self.report(diagnostic);
                None
            }
            Datum::Reference(name) => Some(self.binding(&name.clone(), value, used)),
            Datum::Number(_) => {
                let diagnostic = self
                    .wrong(
                        "wrong-value",
                        value.span,
                        format!("`{key}` is a text field"),
                        format!("this is {}", value.describe()),
                    )
                    .help(format!("in quotes: `{key}=\"{}\"`", value.written));
                self.report(diagnostic);
                None
            }
            _ => {
                self.mismatch(key, value, "a text in quotes");
                None
            }
        }
    }

    /// A pattern of numbers or of spans of time.
    pub(super) fn number_pattern(
        &mut self,
        key: &str,
        numbers: Numbers,
        value: &Resolved,
        used: Use,
    ) -> Option<Pattern> {
        let pattern = match &value.datum {
            Datum::Number(number) if numbers != Numbers::Spans => match u64::try_from(*number) {
                Ok(number) => Pattern::Value(Value::Number(number)),
                Err(_) => {
                    self.number_of(key, value, 0, maximum(numbers));
                    return None;
                }
            },
            Datum::Boolean(flag) if numbers == Numbers::UpTo(1) => {
                Pattern::Value(Value::Number(u64::from(*flag)))
            }
            Datum::Reference(name) => self.binding(&name.clone(), value, used),
            Datum::Text(text) => self.quoted_pattern(key, numbers, value, &text.clone(), used)?,
            _ => {
                self.mismatch(key, value, expected(numbers));
                return None;
            }
        };
        let fits = self.check_numbers(key, numbers, value, &pattern)
            && self.check_sent(key, value, &pattern, used);
        fits.then_some(pattern)
    }

    /// `"1|3"`, `">=5"`, `"!0"`, `"2..5"`, `next`.
    fn quoted_pattern(
        &mut self,
        key: &str,
        numbers: Numbers,
        value: &Resolved,
        text: &str,
        used: Use,
    ) -> Option<Pattern> {
        let mut choices = Vec::new();
        for part in text.split('|').map(str::trim) {
            let (negated, part) = match part.strip_prefix('!') {
                Some(rest) => (true, rest.trim()),
                None => (false, part),
            };
            let Some(pattern) = self.one_pattern(numbers, value, part, used) else {
                self.mismatch(key, value, expected(numbers));
                return None;
            };
            choices.push(if negated {
                Pattern::Not(Box::new(pattern))
            } else {
                pattern
            });
        }
        if choices.len() == 1 {
            return choices.pop();
        }
        Some(Pattern::OneOf(choices))
    }

    fn one_pattern(
        &mut self,
        numbers: Numbers,
        value: &Resolved,
        part: &str,
        used: Use,
    ) -> Option<Pattern> {
        let comparisons = [
            Comparison::AtLeast,
            Comparison::AtMost,
            Comparison::Greater,
            Comparison::Less,
        ];
        for comparison in comparisons {
            if let Some(rest) = part.strip_prefix(comparison.sign()) {
                let bound = Self::part_number(numbers, rest.trim())?;
                return Some(Pattern::Compare(comparison, bound));
            }
        }
        if let Some((first, last)) = part.split_once("..") {
            let first = Self::part_number(numbers, first.trim())?;
            let last = Self::part_number(numbers, last.trim())?;
            return Some(Pattern::Range(first, last));
        }
        if let Some(rest) = part.strip_prefix("next") {
            return next(rest).map(Pattern::Next);
        }
        if let Some(name) = part.strip_prefix('$')
            && super::is_name(name)
        {
            return Some(self.binding(name, value, used));
        }
        Self::part_number(numbers, part).map(|number| Pattern::Value(Value::Number(number)))
    }

    /// A number or span inside quotes.
    fn part_number(numbers: Numbers, part: &str) -> Option<u64> {
        match numbers {
            Numbers::Spans => quantity::duration(part).ok().map(|span| span.as_nanos()),
            Numbers::UpTo(_) => number_text(part),
        }
    }

    /// `$name` where no parameter has that name.
    fn binding(&mut self, name: &str, value: &Resolved, used: Use) -> Pattern {
        self.uses
            .push(Kind::Value, name, value.span, used == Use::Asked);
        Pattern::Binding(name.to_owned())
    }

    /// Every number must fit the field, and every range must go up.
    fn check_numbers(
        &mut self,
        key: &str,
        numbers: Numbers,
        value: &Resolved,
        pattern: &Pattern,
    ) -> bool {
        let most = maximum(numbers);
        let problem = match pattern {
            Pattern::Value(Value::Number(number)) | Pattern::Compare(_, number)
                if *number > most =>
            {
                Some(format!("{number} is more than `{key}` can hold"))
            }
            // Sequence numbers wrap around; other ranges go up.
            Pattern::Range(first, last) if first > last && !key.contains("-number") => {
                Some(format!("the range {first}..{last} goes down"))
            }
            Pattern::Range(_, last) if *last > most => {
                Some(format!("{last} is more than `{key}` can hold"))
            }
            Pattern::Range(first, _) if *first > most => {
                Some(format!("{first} is more than `{key}` can hold"))
            }
            Pattern::OneOf(choices) => {
                return choices
                    .iter()
                    .all(|choice| self.check_numbers(key, numbers, value, choice));
            }
            Pattern::Not(inner) => return self.check_numbers(key, numbers, value, inner),
            _ => None,
        };
        let Some(problem) = problem else {
            return true;
        };
        let diagnostic = self
            .wrong("out-of-range", value.span, problem, "out of range")
            .help(if goes_down(pattern) {
                "write the lower end first".to_owned()
            } else {
                format!("it holds 0 to {most}")
            });
        self.report(diagnostic);
        false
    }

    /// What is sent must be one value.
    fn check_sent(&mut self, key: &str, value: &Resolved, pattern: &Pattern, used: Use) -> bool {
        let sent = matches!(used, Use::Sent | Use::SentMany);
        let problem = match pattern {
            Pattern::Next(_) if !sent => Some("`next` means something only where a line sends"),
            Pattern::Next(_) if !key.ends_with("-number") => {
                Some("only sequence and acknowledgment numbers have a next")
            }
            Pattern::Range(..) if used == Use::SentMany => None,
            Pattern::OneOf(_) | Pattern::Range(..) | Pattern::Compare(..) | Pattern::Not(_)
                if sent =>
            {
                Some("this line sends, and needs one value")
            }
            _ => None,
        };
        let Some(problem) = problem else {
            return true;
        };
        let diagnostic = self
            .wrong("wrong-value", value.span, problem, format!("this is {}", value.describe()))
            .help(match used {
                Use::Sent | Use::SentMany => "choices, ranges and comparisons are for expectations; to try several values, use a matrix",
                _ => "write the number, a range, or `$name` to bind it",
            });
        self.report(diagnostic);
        false
    }
}

/// Whether a range is wrong because its ends are exchanged.
fn goes_down(pattern: &Pattern) -> bool {
    matches!(pattern, Pattern::Range(first, last) if first > last)
}

fn maximum(numbers: Numbers) -> u64 {
    match numbers {
        Numbers::UpTo(most) => most,
        Numbers::Spans => u64::MAX,
    }
}

fn expected(numbers: Numbers) -> &'static str {
    match numbers {
        Numbers::UpTo(_) => "a number, or in quotes \"1|3\", \">=5\", \"!0\", \"2..5\"",
        Numbers::Spans => "a span of time such as \"1s\", or \">=1s\", \"1s..2s\"",
    }
}

/// What stands behind `next`: nothing, `+5`, `-2`.
fn next(rest: &str) -> Option<i64> {
    let rest = rest.trim();
    if rest.is_empty() {
        return Some(0);
    }
    let (sign, digits) = match rest.strip_prefix('+') {
        Some(digits) => (1, digits),
        None => (-1, rest.strip_prefix('-')?),
    };
    let number = i64::try_from(number_text(digits.trim())?).ok()?;
    (number <= i64::from(u32::MAX)).then_some(sign * number)
}

/// Octets that a text as the transcript prints it stands for: `\xNN` is one.
fn printed_length(text: &str) -> usize {
    let mut length = 0;
    let mut rest = text;
    while let Some(next) = rest.chars().next() {
        let escape = rest.as_bytes().get(..4).is_some_and(|start| {
            start.starts_with(b"\\x") && start[2..].iter().all(u8::is_ascii_hexdigit)
        });
        let (octets, step) = if escape {
            (1, 4)
        } else {
            (next.len_utf8(), next.len_utf8())
        };
        length += octets;
        rest = &rest[step..];
    }
    length
}
