//! What a `control` or `gre` line says of a direction.

use super::{Builder, Line};
use crate::scenario::model::{
    ControlChange, Distribution, GilbertElliott, GreChange, Jitter, Markov, Probability, Rate,
    Reordering, Segmentation, WithCorrelation,
};

const DISTRIBUTIONS: [(&str, Distribution); 4] = [
    ("uniform", Distribution::Uniform),
    ("normal", Distribution::Normal),
    ("pareto", Distribution::Pareto),
    ("paretonormal", Distribution::ParetoNormal),
];

/// Packets that netem lets wait for a rate.
const DEFAULT_QUEUE: u32 = 1000;

impl Builder<'_> {
    pub(super) fn control_change(&mut self, line: &mut Line) -> ControlChange {
        let maximum = self
            .number(line, "segment", 0, 65_535)
            .and_then(|number| u32::try_from(number).ok());
        let cuts = self.cuts(line, "segment-at");
        if maximum.is_some() && cuts.is_some() {
            let diagnostic = self.wrong(
                "contradiction",
                line.span,
                "`segment` and `segment-at` cannot both say where to cut",
                "one of the two",
            );
            self.report(diagnostic);
        }
        ControlChange {
            delay: self.duration(line, "delay"),
            jitter: self.jitter(line),
            segmentation: maximum
                .map(|most| match most {
                    0 => Segmentation::Whole,
                    most => Segmentation::Maximum(most),
                })
                .or(cuts.map(Segmentation::Cuts)),
            segment_spacing: self.duration(line, "segment-spacing"),
            coalesce: self.duration(line, "coalesce"),
        }
    }

    pub(super) fn gre_change(&mut self, line: &mut Line) -> GreChange {
        GreChange {
            delay: self.duration(line, "delay"),
            jitter: self.jitter(line),
            loss: self.chance(line, "loss", "loss-correlation"),
            loss_gilbert_elliott: self.gilbert_elliott(line),
            loss_markov: self.markov(line),
            reorder: self.reorder(line),
            duplicate: self.chance(line, "duplicate", "duplicate-correlation"),
            corrupt: self.chance(line, "corrupt", "corrupt-correlation"),
            rate: self.rate(line),
            mtu: self.mtu(line),
        }
    }

    /// A companion such as `loss-correlation` means nothing without its `loss`.
    fn alone(&mut self, line: &Line, key: &str, needed: &str) {
        let diagnostic = self
            .wrong(
                "missing-property",
                line.span,
                format!("`{key}` means nothing without `{needed}`"),
                format!("`{needed}` is missing"),
            )
            .help(format!("name both on one line: `{needed}=… {key}=…`"));
        self.report(diagnostic);
    }

    fn jitter(&mut self, line: &mut Line) -> Option<Jitter> {
        let amount = self.duration(line, "jitter");
        let distribution = line
            .take("distribution")
            .and_then(|value| self.word_of("distribution", &value, &DISTRIBUTIONS));
        let correlation = self.percent(line, "jitter-correlation");
        if amount.is_none() && (distribution.is_some() || correlation.is_some()) {
            let key = if distribution.is_some() {
                "distribution"
            } else {
                "jitter-correlation"
            };
            self.alone(line, key, "jitter");
        }
        Some(Jitter {
            amount: amount?,
            distribution: distribution.unwrap_or_default(),
            correlation: correlation.unwrap_or_default(),
        })
    }

    fn chance(
        &mut self,
        line: &mut Line,
        key: &'static str,
        companion: &'static str,
    ) -> Option<WithCorrelation> {
        let probability = self.percent(line, key);
        let correlation = self.percent(line, companion);
        if probability.is_none() && correlation.is_some() {
            self.alone(line, companion, key);
        }
        Some(WithCorrelation {
            probability: probability?,
            correlation: correlation.unwrap_or_default(),
        })
    }

    fn reorder(&mut self, line: &mut Line) -> Option<Reordering> {
        let chance = self.chance(line, "reorder", "reorder-correlation");
        let gap = self.number(line, "reorder-gap", 1, u64::from(u32::MAX));
        if chance.is_none() && gap.is_some() {
            self.alone(line, "reorder-gap", "reorder");
        }
        Some(Reordering {
            chance: chance?,
            gap: gap.and_then(|gap| u32::try_from(gap).ok()).unwrap_or(1),
        })
    }

    fn mtu(&mut self, line: &mut Line) -> Option<u32> {
        let number = self.number(line, "mtu", 0, 65_535)?;
        if (1..28).contains(&number) {
            let diagnostic = self.wrong(
                "out-of-range",
                line.span,
                "`mtu` takes a number from 28 to 65535, or 0: none is too long",
                format!("{number} is outside"),
            );
            self.report(diagnostic);
        }
        u32::try_from(number).ok()
    }

    fn rate(&mut self, line: &mut Line) -> Option<Rate> {
        let value = line.take("rate");
        let queue = self.number(line, "queue", 1, 1_000_000);
        let Some(value) = value else {
            if queue.is_some() {
                self.alone(line, "queue", "rate");
            }
            return None;
        };
        let bits = value.text().map(crate::scenario::quantity::rate);
        let Some(Ok(bits_per_second)) = bits else {
            self.mismatch(
                "rate",
                &value,
                "a rate such as \"64kbit\": a number and one of bit, kbit, mbit, gbit",
            );
            return None;
        };
        Some(Rate {
            bits_per_second,
            queue: queue
                .and_then(|queue| u32::try_from(queue).ok())
                .unwrap_or(DEFAULT_QUEUE),
        })
    }

    fn gilbert_elliott(&mut self, line: &mut Line) -> Option<GilbertElliott> {
        let list = self.percents(line, "loss-gilbert-elliott", 4)?;
        let p = list[0];
        Some(GilbertElliott {
            p,
            r: list.get(1).copied().unwrap_or(complement(p)),
            one_minus_h: list.get(2).copied().unwrap_or(Probability::ALWAYS),
            one_minus_k: list.get(3).copied().unwrap_or(Probability::NEVER),
        })
    }

    fn markov(&mut self, line: &mut Line) -> Option<Markov> {
        let span = line.span;
        let list = self.percents(line, "loss-markov", 5)?;
        let p13 = list[0];
        let at = |index: usize, default| list.get(index).copied().unwrap_or(default);
        let model = Markov {
            p13,
            p31: at(1, complement(p13)),
            p32: at(2, Probability::NEVER),
            p23: at(3, Probability::ALWAYS),
            p14: at(4, Probability::NEVER),
        };
        for (one, other, names) in [
            (model.p13, model.p14, "p13 and p14"),
            (model.p31, model.p32, "p31 and p32"),
        ] {
            if one.parts_per_billion + other.parts_per_billion
                > Probability::ALWAYS.parts_per_billion
            {
                let diagnostic = self
                    .wrong(
                        "contradiction",
                        span,
                        format!("{names} are more than 100% together"),
                        "`loss-markov` is impossible",
                    )
                    .help("the order is \"p13 p31 p32 p23 p14\"");
                self.report(diagnostic);
                return None;
            }
        }
        Some(model)
    }
}

fn complement(probability: Probability) -> Probability {
    Probability {
        parts_per_billion: Probability::ALWAYS.parts_per_billion - probability.parts_per_billion,
    }
}
