//! Values and the patterns that a line may ask of them.

/// One value of the scenario text.
#[derive(Clone, Debug, Eq, PartialEq, Ord, PartialOrd)]
pub enum Value {
    /// A whole number; a span of time is its nanoseconds, `#true` is 1 and `#false` is 0.
    Number(u64),
    /// A text: a text field (with octets that do not print as `\xNN`, as the transcript shows them), a state, a drop reason.
    Text(String),
}

/// How a number is compared.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum Comparison {
    /// `<n`
    Less,
    /// `<=n`
    AtMost,
    /// `>n`
    Greater,
    /// `>=n`
    AtLeast,
}

/// What a line asks of a value.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Pattern {
    /// Anything at all (`never violation`).
    Any,
    /// Exactly this value.
    Value(Value),
    /// `"1|3"`: one of these.
    OneOf(Vec<Pattern>),
    /// `"2..5"`: both ends included. On a line with `packets=`: the first packet's value and the last packet's.
    Range(u64, u64),
    /// `">=5"`.
    Compare(Comparison, u64),
    /// `"!0"`: anything but this.
    Not(Box<Pattern>),
    /// `$name`: binds on first sight, compares later.
    Binding(String),
    /// `next`, `"next+5"`, `"next-2"`: what the node that really sends would use now, plus so much (sent lines alone).
    Next(i64),
}

impl Comparison {
    /// Whether `seen` compares so with `bound`.
    pub fn holds(self, seen: u64, bound: u64) -> bool {
        match self {
            Comparison::Less => seen < bound,
            Comparison::AtMost => seen <= bound,
            Comparison::Greater => seen > bound,
            Comparison::AtLeast => seen >= bound,
        }
    }

    /// The sign as it is written.
    pub const fn sign(self) -> &'static str {
        match self {
            Comparison::Less => "<",
            Comparison::AtMost => "<=",
            Comparison::Greater => ">",
            Comparison::AtLeast => ">=",
        }
    }
}

impl Pattern {
    /// Whether `seen` fits; `lookup` gives what a `$name` is bound to. A name that is not bound yet, and [`Pattern::Next`], fit everything.
    pub fn fits(&self, seen: &Value, lookup: &dyn Fn(&str) -> Option<Value>) -> bool {
        match self {
            Pattern::Any | Pattern::Next(_) => true,
            Pattern::Value(value) => value == seen,
            Pattern::OneOf(choices) => choices.iter().any(|choice| choice.fits(seen, lookup)),
            Pattern::Range(first, last) => {
                matches!(seen, Value::Number(number) if (first..=last).contains(&number))
            }
            Pattern::Compare(comparison, bound) => {
                matches!(seen, Value::Number(number) if comparison.holds(*number, *bound))
            }
            Pattern::Not(inner) => !inner.fits(seen, lookup),
            Pattern::Binding(name) => lookup(name).is_none_or(|bound| bound == *seen),
        }
    }

    /// The one number that the pattern allows, if it is a plain number.
    pub fn number(&self) -> Option<u64> {
        match self {
            Pattern::Value(Value::Number(number)) => Some(*number),
            _ => None,
        }
    }

    /// The one text that the pattern allows, if it is a plain text.
    pub fn text(&self) -> Option<&str> {
        match self {
            Pattern::Value(Value::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// The names that the pattern would bind or compare with.
    pub fn bindings(&self) -> Vec<&str> {
        match self {
            Pattern::Binding(name) => vec![name],
            Pattern::OneOf(choices) => choices.iter().flat_map(Pattern::bindings).collect(),
            Pattern::Not(inner) => inner.bindings(),
            _ => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits(pattern: &Pattern, number: u64) -> bool {
        let lookup = |name: &str| (name == "x").then_some(Value::Number(7));
        pattern.fits(&Value::Number(number), &lookup)
    }

    #[test]
    fn every_pattern_takes_what_it_says_and_nothing_else() {
        let one_or_three = Pattern::OneOf(vec![
            Pattern::Value(Value::Number(1)),
            Pattern::Value(Value::Number(3)),
        ]);
        assert!(fits(&one_or_three, 3) && !fits(&one_or_three, 2));
        assert!(fits(&Pattern::Range(2, 5), 5) && !fits(&Pattern::Range(2, 5), 6));
        let at_least = Pattern::Compare(Comparison::AtLeast, 5);
        assert!(fits(&at_least, 5) && !fits(&at_least, 4));
        let less = Pattern::Compare(Comparison::Less, 5);
        assert!(fits(&less, 4) && !fits(&less, 5));
        let not_zero = Pattern::Not(Box::new(Pattern::Value(Value::Number(0))));
        assert!(fits(&not_zero, 1) && !fits(&not_zero, 0));
        assert!(fits(&Pattern::Any, 9));
    }

    #[test]
    fn a_binding_takes_anything_first_and_its_value_later() {
        assert!(fits(&Pattern::Binding("new".into()), 9));
        assert!(fits(&Pattern::Binding("x".into()), 7));
        assert!(!fits(&Pattern::Binding("x".into()), 8));
    }

    #[test]
    fn numbers_and_texts_never_meet() {
        let none = |_: &str| None;
        assert!(!Pattern::Range(0, u64::MAX).fits(&Value::Text("1".into()), &none));
        assert!(!Pattern::Value(Value::Text("1".into())).fits(&Value::Number(1), &none));
    }
}
