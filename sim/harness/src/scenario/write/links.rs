//! Links and their changes.

use super::Writer;
use crate::scenario::model::{
    ControlChange, ControlSpec, Distribution, GreChange, GreSpec, Impairment, Jitter, LinkSpec,
    NodeIndex, Probability, Segmentation, WithCorrelation,
};
use crate::scenario::quantity::write_percent;
use pptp_wire::time::Duration;

impl Writer<'_> {
    pub(super) fn link(&mut self, link: &LinkSpec) {
        let head = format!("link {} {}", self.node(link.a), self.node(link.b));
        self.open(&head);
        for (side, node) in [link.a, link.b].into_iter().enumerate() {
            self.change_lines(
                node,
                &control_of(&link.control[side]),
                &gre_of(&link.gre[side]),
            );
        }
        self.close();
    }

    pub(super) fn impairment(&mut self, impairment: &Impairment) {
        let head = format!(
            "impair {} {}",
            self.node(impairment.a),
            self.node(impairment.b)
        );
        self.open(&head);
        for (side, node) in [impairment.a, impairment.b].into_iter().enumerate() {
            self.change_lines(node, &impairment.control[side], &impairment.gre[side]);
        }
        if let Some(body) = &impairment.body {
            self.open("flow");
            self.steps(body);
            self.close();
        }
        self.close();
    }

    fn change_lines(&mut self, from: NodeIndex, control: &ControlChange, gre: &GreChange) {
        let from = self.node(from).to_owned();
        let control = control_words(control);
        if !control.is_empty() {
            self.line(&format!("control from={from}{control}"));
        }
        let gre = gre_words(gre);
        if !gre.is_empty() {
            self.line(&format!("gre from={from}{gre}"));
        }
    }
}

/// What makes a direction from nothing.
fn control_of(spec: &ControlSpec) -> ControlChange {
    let some = |span: Duration| (span > Duration::ZERO).then_some(span);
    ControlChange {
        delay: some(spec.delay),
        jitter: spec.jitter,
        segmentation: (spec.segmentation != Segmentation::Whole).then(|| spec.segmentation.clone()),
        segment_spacing: some(spec.segment_spacing),
        coalesce: spec.coalesce,
    }
}

fn gre_of(spec: &GreSpec) -> GreChange {
    GreChange {
        delay: (spec.delay > Duration::ZERO).then_some(spec.delay),
        jitter: spec.jitter,
        loss: spec.loss,
        loss_gilbert_elliott: spec.loss_gilbert_elliott,
        loss_markov: spec.loss_markov,
        reorder: spec.reorder,
        duplicate: spec.duplicate,
        corrupt: spec.corrupt,
        rate: spec.rate,
        mtu: spec.mtu,
    }
}

fn control_words(change: &ControlChange) -> String {
    let mut words = String::new();
    span(&mut words, "delay", change.delay);
    jitter(&mut words, change.jitter);
    match &change.segmentation {
        Some(Segmentation::Maximum(size)) => words.push_str(&format!(" segment={size}")),
        Some(Segmentation::Cuts(cuts)) => {
            let cuts: Vec<String> = cuts.iter().map(ToString::to_string).collect();
            words.push_str(&format!(" segment-at=\"{}\"", cuts.join(" ")));
        }
        Some(Segmentation::Whole) | None => {}
    }
    span(&mut words, "segment-spacing", change.segment_spacing);
    span(&mut words, "coalesce", change.coalesce);
    words
}

fn gre_words(change: &GreChange) -> String {
    let mut words = String::new();
    span(&mut words, "delay", change.delay);
    jitter(&mut words, change.jitter);
    chance(&mut words, "loss", change.loss);
    if let Some(model) = change.loss_gilbert_elliott {
        let list = [model.p, model.r, model.one_minus_h, model.one_minus_k];
        percents(&mut words, "loss-gilbert-elliott", &list);
    }
    if let Some(model) = change.loss_markov {
        let list = [model.p13, model.p31, model.p32, model.p23, model.p14];
        percents(&mut words, "loss-markov", &list);
    }
    chance(
        &mut words,
        "reorder",
        change.reorder.map(|reorder| reorder.chance),
    );
    if let Some(reorder) = change.reorder {
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

fn span(words: &mut String, key: &str, span: Option<Duration>) {
    if let Some(span) = span {
        words.push_str(&format!(" {key}=\"{span}\""));
    }
}

fn jitter(words: &mut String, jitter: Option<Jitter>) {
    let Some(jitter) = jitter else { return };
    let law = match jitter.distribution {
        Distribution::Uniform => "uniform",
        Distribution::Normal => "normal",
        Distribution::Pareto => "pareto",
        Distribution::ParetoNormal => "paretonormal",
    };
    words.push_str(&format!(
        " jitter=\"{}\" distribution={law} jitter-correlation=\"{}\"",
        jitter.amount,
        write_percent(jitter.correlation)
    ));
}

fn chance(words: &mut String, key: &str, chance: Option<WithCorrelation>) {
    let Some(chance) = chance else { return };
    words.push_str(&format!(" {key}=\"{}\"", write_percent(chance.probability)));
    if chance.correlation > Probability::NEVER {
        words.push_str(&format!(
            " {key}-correlation=\"{}\"",
            write_percent(chance.correlation)
        ));
    }
}

fn percents(words: &mut String, key: &str, list: &[Probability]) {
    let list: Vec<String> = list
        .iter()
        .map(|probability| write_percent(*probability))
        .collect();
    words.push_str(&format!(" {key}=\"{}\"", list.join(" ")));
}
