//! Whether one message could fit two lines.

use super::model::{Comparison, MessageLine, MessageName, Pattern, Value};

/// Whether some message fits both lines, as far as the lines alone can tell: different calls and connections are different.
pub fn overlap(one: &MessageLine, other: &MessageLine) -> bool {
    if (one.from, one.to) != (other.from, other.to) || one.view != other.view {
        return false;
    }
    if !same_message(one.message, other.message) {
        return false;
    }
    let apart = |a: &Option<_>, b: &Option<_>| match (a, b) {
        (Some(a), Some(b)) => name_text(a) != name_text(b),
        _ => false,
    };
    if apart(&one.call, &other.call) || apart(&one.connection, &other.connection) {
        return false;
    }
    one.fields.iter().all(|field| {
        other
            .fields
            .iter()
            .filter(|candidate| candidate.key == field.key)
            .all(|candidate| patterns_meet(&field.pattern, &candidate.pattern))
    })
}

fn name_text(name: &super::model::Name) -> &str {
    &name.text
}

fn same_message(one: MessageName, other: MessageName) -> bool {
    let ends = |a, b| {
        a == MessageName::TcpEnd && matches!(b, MessageName::TcpClose | MessageName::TcpReset)
    };
    one == other || ends(one, other) || ends(other, one)
}

/// Whether some value fits both.
fn patterns_meet(one: &Pattern, other: &Pattern) -> bool {
    match (one, other) {
        (Pattern::OneOf(choices), pattern) | (pattern, Pattern::OneOf(choices)) => {
            choices.iter().any(|choice| patterns_meet(choice, pattern))
        }
        (Pattern::Value(Value::Text(a)), Pattern::Value(Value::Text(b))) => a == b,
        (Pattern::Not(inner), Pattern::Value(value))
        | (Pattern::Value(value), Pattern::Not(inner)) => !inner.fits(value, &|_| None),
        _ => match (interval(one), interval(other)) {
            (Some((low, high)), Some((from, to))) => low <= to && from <= high,
            // Names that bind, texts against numbers, and negations of more than a value may meet.
            _ => true,
        },
    }
}

/// The numbers that fit, where they are one stretch.
fn interval(pattern: &Pattern) -> Option<(u64, u64)> {
    match pattern {
        Pattern::Value(Value::Number(number)) => Some((*number, *number)),
        Pattern::Range(first, last) if first <= last => Some((*first, *last)),
        Pattern::Compare(Comparison::Less, bound) => Some((0, bound.checked_sub(1)?)),
        Pattern::Compare(Comparison::AtMost, bound) => Some((0, *bound)),
        Pattern::Compare(Comparison::Greater, bound) => Some((bound.checked_add(1)?, u64::MAX)),
        Pattern::Compare(Comparison::AtLeast, bound) => Some((*bound, u64::MAX)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(number: u64) -> Pattern {
        Pattern::Value(Value::Number(number))
    }

    #[test]
    fn patterns_that_share_a_value_meet() {
        let not_one = Pattern::Not(Box::new(value(1)));
        assert!(patterns_meet(&Pattern::Range(3, 7), &value(3)));
        assert!(patterns_meet(
            &Pattern::Compare(Comparison::AtLeast, 5),
            &Pattern::Range(2, 5)
        ));
        assert!(patterns_meet(&not_one, &value(2)));
        assert!(patterns_meet(&Pattern::Binding("x".into()), &value(2)));
        assert!(patterns_meet(
            &Pattern::OneOf(vec![value(1), value(9)]),
            &Pattern::Range(8, 9)
        ));
    }

    #[test]
    fn patterns_that_share_none_do_not() {
        let not_one = Pattern::Not(Box::new(value(1)));
        assert!(!patterns_meet(&Pattern::Range(2, 7), &value(1)));
        assert!(!patterns_meet(&not_one, &value(1)));
        assert!(!patterns_meet(
            &Pattern::Compare(Comparison::Greater, 5),
            &Pattern::Range(2, 5)
        ));
        assert!(!patterns_meet(
            &Pattern::OneOf(vec![value(1), value(9)]),
            &Pattern::Range(2, 8)
        ));
        assert!(!patterns_meet(
            &Pattern::Value(Value::Text("a".into())),
            &Pattern::Value(Value::Text("b".into()))
        ));
    }
}
