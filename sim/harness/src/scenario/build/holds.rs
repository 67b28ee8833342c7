//! `holds in "99.9%" of="seeds" confidence="99.9%"`: how often a scenario that needs luck holds.

use super::{Builder, RawNode};
use crate::scenario::model::{Probability, StatedRate, WrongRate};
use crate::scenario::parameters::Resolved;
use crate::scenario::quantity;
use crate::scenario::source::SourceSpan;

/// What a line reads.
const FORM: &str = "it reads `holds in \"99.9%\" of=\"seeds\" confidence=\"99.9%\"`";

impl Builder<'_> {
    pub(super) fn holds(&mut self, node: &RawNode) -> Option<StatedRate> {
        let mut line = self.line(node);
        self.no_block(node, "`holds`");
        let begins = line
            .argument()
            .is_some_and(|word| word.text() == Some("in"));
        let rate = line.argument();
        if !begins || rate.is_none() || !line.has("of") || !line.has("confidence") {
            let diagnostic = self
                .wrong(
                    "incomplete-line",
                    node.head,
                    "`holds` says in how many of the seeds, and with what confidence that is to be decided",
                    "something is missing",
                )
                .help(FORM);
            self.report(diagnostic);
            return None;
        }
        let rate = rate.and_then(|value| {
            let share = self.percentage("holds in", &value)?;
            Some((share, value.span))
        });
        let of = line.take("of");
        let of = of.and_then(|value| self.word_of("of", &value, &[("seeds", ())]));
        let confidence = line.take_property("confidence").and_then(|property| {
            let confidence = self.percentage("confidence", &property.value)?;
            Some((confidence, property.value.span))
        });
        self.finish(line, "`holds`", &[]);
        let (rate, confidence) = rate.zip(confidence)?;
        of?;
        self.stated(rate, confidence)
    }

    fn percentage(&mut self, key: &str, value: &Resolved) -> Option<Probability> {
        match value.text().map(quantity::percent) {
            Some(Ok(percentage)) => return Some(percentage),
            Some(Err(expected)) => self.mismatch(key, value, expected),
            None => self.mismatch(key, value, "a percentage such as \"99.9%\""),
        }
        None
    }

    fn stated(
        &mut self,
        (rate, of_rate): (Probability, SourceSpan),
        (confidence, of_confidence): (Probability, SourceSpan),
    ) -> Option<StatedRate> {
        let wrong = match StatedRate::new(rate, confidence) {
            Ok(stated) => return Some(stated),
            Err(wrong) => wrong,
        };
        let every = "a scenario without `holds` has to hold with every seed; one that needs luck states less than 100%";
        let doubt = "it is 1 less the probability of a wrong decision: from \"50%\" to below \"100%\", such as \"99.9%\"";
        let (span, problem, label, help) = match wrong {
            WrongRate::Never => (
                of_rate,
                "a rate of 0% asks for nothing",
                "too little",
                every,
            ),
            WrongRate::Always => (
                of_rate,
                "no number of seeds proves a rate of 100%",
                "too much",
                every,
            ),
            WrongRate::NoConfidence => (
                of_confidence,
                "a confidence below 50% is less than that of a tossed coin",
                "too little",
                doubt,
            ),
            WrongRate::Certainty => (
                of_confidence,
                "no number of seeds gives a confidence of 100%",
                "too much",
                doubt,
            ),
        };
        let diagnostic = self.wrong("impossible-rate", span, problem, label);
        self.report(diagnostic.help(help));
        None
    }
}
