//! Why something was sent, or what ran out: plain data that becomes words only when it is shown.

use core::fmt;
use pptp_wire::time::Duration;

/// Why a node did something, as a transcript marks it; also what a deadline waits for.
///
/// Holds a template and one value, so that it is `Copy` and costs no allocation.
#[derive(Copy, Clone, Debug, Default, Eq, PartialEq)]
pub struct Cause {
    template: &'static str,
    value: u64,
}

impl Cause {
    /// The direct consequence of what came in or was commanded: no mark.
    pub const ANSWER: Cause = Cause {
        template: "",
        value: 0,
    };

    /// A mark without a value: `collision lost`.
    pub const fn text(text: &'static str) -> Cause {
        Cause {
            template: text,
            value: 0,
        }
    }

    /// A mark with a number in place of `{}`: `time-out of {}`.
    pub const fn number(template: &'static str, value: u64) -> Cause {
        Cause { template, value }
    }

    /// A mark with a span of time in place of `{t}`: `acknowledgment delay {t}`.
    pub const fn span(template: &'static str, value: Duration) -> Cause {
        Cause {
            template,
            value: value.0,
        }
    }

    /// Whether there is nothing to mark.
    pub const fn is_answer(&self) -> bool {
        self.template.is_empty()
    }

    /// The template: what causes of one kind have in common.
    pub const fn template(&self) -> &'static str {
        self.template
    }
}

/// The mark as a transcript shows it: `acknowledgment delay 100 ms`; empty for [`Cause::ANSWER`].
impl fmt::Display for Cause {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some((before, after)) = self.template.split_once("{t}") {
            let (count, unit) = span_in_words(self.value);
            return write!(formatter, "{before}{count} {unit}{after}");
        }
        match self.template.split_once("{}") {
            Some((before, after)) => write!(formatter, "{before}{}{after}", self.value),
            None => formatter.write_str(self.template),
        }
    }
}

/// A span in the largest unit that shows it exactly.
fn span_in_words(nanoseconds: u64) -> (u64, &'static str) {
    const UNITS: [(u64, &str); 3] = [(1_000_000_000, "s"), (1_000_000, "ms"), (1_000, "us")];
    for (size, unit) in UNITS {
        if nanoseconds.is_multiple_of(size) {
            return (nanoseconds / size, unit);
        }
    }
    (nanoseconds, "ns")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cause_shows_its_value_in_its_place() {
        assert_eq!(Cause::ANSWER.to_string(), "");
        assert_eq!(Cause::text("collision lost").to_string(), "collision lost");
        assert_eq!(
            Cause::number("time-out of {}", 4).to_string(),
            "time-out of 4"
        );
        let delay = Cause::span("acknowledgment delay {t}", Duration::from_millis(100));
        assert_eq!(delay.to_string(), "acknowledgment delay 100 ms");
        let silence = Cause::span("{t} without a control message", Duration::from_secs(60));
        assert_eq!(silence.to_string(), "60 s without a control message");
        assert_eq!(
            Cause::span("{t}", Duration(1_500_000)).to_string(),
            "1500 us"
        );
    }
}
