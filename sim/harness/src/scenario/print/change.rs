//! What a `control` or `gre` line says, from what it changes.

use crate::scenario::model::{
    ControlChange, Distribution, GreChange, Jitter, Probability, Segmentation, WithCorrelation,
};
use crate::scenario::quantity::write_percent;
use pptp_wire::time::Duration;

/// The words behind `control` and its direction, each with a blank before it.
pub(crate) fn control_words(change: &ControlChange) -> String {
    let mut words = span("delay", change.delay);
    words.push_str(&jitter(change.jitter.as_ref()));
    match &change.segmentation {
        None => {}
        Some(Segmentation::Whole) => words.push_str(" segment=0"),
        Some(Segmentation::Maximum(most)) => words.push_str(&format!(" segment={most}")),
        Some(Segmentation::Cuts(cuts)) => {
            let cuts: Vec<String> = cuts.iter().map(ToString::to_string).collect();
            words.push_str(&format!(" segment-at=\"{}\"", cuts.join(" ")));
        }
    }
    words.push_str(&span("segment-spacing", change.segment_spacing));
    words.push_str(&span("coalesce", change.coalesce));
    words
}

/// The words behind `gre` and its direction, each with a blank before it.
pub(crate) fn gre_words(change: &GreChange) -> String {
    let mut words = span("delay", change.delay);
    words.push_str(&jitter(change.jitter.as_ref()));
    chance(&mut words, "loss", change.loss);
    if let Some(model) = change.loss_gilbert_elliott {
        let list = [model.p, model.r, model.one_minus_h, model.one_minus_k];
        words.push_str(&format!(" loss-gilbert-elliott=\"{}\"", percents(&list)));
    }
    if let Some(model) = change.loss_markov {
        let list = [model.p13, model.p31, model.p32, model.p23, model.p14];
        words.push_str(&format!(" loss-markov=\"{}\"", percents(&list)));
    }
    if let Some(reorder) = change.reorder {
        chance(&mut words, "reorder", Some(reorder.chance));
        words.push_str(&format!(" reorder-gap={}", reorder.gap));
    }
    chance(&mut words, "duplicate", change.duplicate);
    chance(&mut words, "corrupt", change.corrupt);
    if let Some(rate) = change.rate {
        words.push_str(&format!(
            " rate=\"{}bit\" queue={}",
            rate.bits_per_second, rate.queue
        ));
    }
    if let Some(mtu) = change.mtu {
        words.push_str(&format!(" mtu={mtu}"));
    }
    words
}

fn span(key: &str, span: Option<Duration>) -> String {
    span.map_or_else(String::new, |span| format!(" {key}=\"{span}\""))
}

fn jitter(jitter: Option<&Jitter>) -> String {
    let Some(jitter) = jitter else {
        return String::new();
    };
    let distribution = match jitter.distribution {
        Distribution::Uniform => "uniform",
        Distribution::Normal => "normal",
        Distribution::Pareto => "pareto",
        Distribution::ParetoNormal => "paretonormal",
    };
    let mut words = format!(" jitter=\"{}\" distribution={distribution}", jitter.amount);
    if jitter.correlation > Probability::NEVER {
        let correlation = write_percent(jitter.correlation);
        words.push_str(&format!(" jitter-correlation=\"{correlation}\""));
    }
    words
}

fn chance(words: &mut String, key: &str, chance: Option<WithCorrelation>) {
    let Some(chance) = chance else { return };
    words.push_str(&format!(" {key}=\"{}\"", write_percent(chance.probability)));
    if chance.correlation > Probability::NEVER {
        let correlation = write_percent(chance.correlation);
        words.push_str(&format!(" {key}-correlation=\"{correlation}\""));
    }
}

fn percents(list: &[Probability]) -> String {
    let texts: Vec<String> = list.iter().map(|part| write_percent(*part)).collect();
    texts.join(" ")
}
