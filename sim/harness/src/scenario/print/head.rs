//! What stands before the flow: requirements, seed, limits, nodes, links.

use super::{Text, string};
use crate::register::RequirementSet;
use crate::scenario::ProfileValue;
use crate::scenario::model::{
    ControlSpec, Distribution, GreSpec, Jitter, NodeSpec, Outcome, Probability, Scenario,
    Segmentation, WithCorrelation,
};
use crate::scenario::quantity::write_percent;
use pptp_wire::time::Duration;

pub(super) fn print(scenario: &Scenario, text: &mut Text) {
    if scenario.set != RequirementSet::default() {
        text.line(&format!("set {}", scenario.set.name()));
    }
    for (requirement, _) in &scenario.covers {
        text.line(&format!("covers \"{requirement}\""));
    }
    if scenario.seed != 0 {
        text.line(&format!("seed {}", scenario.seed));
    }
    if let Some(stated) = scenario.holds {
        text.line(&format!(
            "holds in \"{}\" of=\"seeds\" confidence=\"{}\"",
            write_percent(stated.rate),
            write_percent(stated.confidence)
        ));
    }
    limits(scenario, text);
    for node in &scenario.nodes {
        print_node(node, text);
    }
    for link in &scenario.links {
        let (a, b) = (&scenario.node(link.a).name, &scenario.node(link.b).name);
        text.open(&format!("link {a} {b}"));
        for (side, from) in [a, b].into_iter().enumerate() {
            let control = control_words(&link.control[side]);
            if !control.is_empty() {
                text.line(&format!("control from={from}{control}"));
            }
            let gre = gre_words(&link.gre[side]);
            if !gre.is_empty() {
                text.line(&format!("gre from={from}{gre}"));
            }
        }
        text.close();
    }
}

fn limits(scenario: &Scenario, text: &mut Text) {
    let mut words = String::new();
    if let Some(time) = scenario.limits.time {
        words.push_str(&format!(" time=\"{time}\""));
    }
    let numbers = [
        ("steps", scenario.limits.steps),
        ("queue", scenario.limits.queue),
        ("records", scenario.limits.records),
    ];
    for (key, number) in numbers {
        if let Some(number) = number {
            words.push_str(&format!(" {key}={number}"));
        }
    }
    if !words.is_empty() {
        text.line(&format!("limit{words}"));
    }
}

fn print_node(node: &NodeSpec, text: &mut Text) {
    let mut line = format!("node {}", node.name);
    if let Some(role) = node.role {
        line.push_str(&format!(" role={}", role.name()));
    }
    if node.scripted {
        line.push_str(" scripted=#true");
    }
    let addresses: Vec<String> = node.addresses.iter().map(ToString::to_string).collect();
    line.push_str(&format!(" address=\"{}\"", addresses.join(" ")));
    if node.profile != "rfc" {
        line.push_str(&format!(" profile={}", node.profile));
    }
    for setting in &node.profile_fields {
        line.push_str(&format!(
            " {}={}",
            setting.key,
            profile_value(&setting.value)
        ));
    }
    if let Some(span) = node.telephone.answers_after {
        line.push_str(&format!(" answers-after=\"{span}\""));
    }
    line.push_str(match node.telephone.outcome {
        Outcome::Answer => "",
        Outcome::Busy => " busy=#true",
        Outcome::NoCarrier => " no-carrier=#true",
        Outcome::NoDialTone => " no-dial-tone=#true",
    });
    if let Some(span) = node.telephone.hangs_up_after {
        line.push_str(&format!(" hangs-up-after=\"{span}\""));
    }
    let has_block =
        node.auto.echo || node.auto.ack || !node.limits.is_empty() || !node.misses.is_empty();
    if !has_block {
        text.line(&line);
        return;
    }
    text.open(&line);
    if node.auto.echo {
        text.line("auto echo");
    }
    if node.auto.ack {
        text.line("auto ack");
    }
    for (key, number, _) in &node.limits {
        text.line(&format!("limit {key}={number}"));
    }
    if !node.misses.is_empty() {
        let ids: Vec<String> = node
            .misses
            .iter()
            .map(|id| format!("\"{}\"", id.id()))
            .collect();
        text.line(&format!("misses {}", ids.join(" ")));
    }
    text.close();
}

fn profile_value(value: &ProfileValue) -> String {
    match value {
        ProfileValue::Duration(span) => format!("\"{span}\""),
        ProfileValue::Integer(number) => number.to_string(),
        ProfileValue::Boolean(flag) => format!("#{flag}"),
        ProfileValue::Text(text) => string(text),
    }
}

fn control_words(spec: &ControlSpec) -> String {
    let mut words = delay(spec.delay);
    words.push_str(&jitter(spec.jitter.as_ref()));
    match &spec.segmentation {
        Segmentation::Whole => {}
        Segmentation::Maximum(most) => words.push_str(&format!(" segment={most}")),
        Segmentation::Cuts(cuts) => {
            let cuts: Vec<String> = cuts.iter().map(ToString::to_string).collect();
            words.push_str(&format!(" segment-at=\"{}\"", cuts.join(" ")));
        }
    }
    if spec.segment_spacing > Duration::ZERO {
        words.push_str(&format!(" segment-spacing=\"{}\"", spec.segment_spacing));
    }
    if let Some(span) = spec.coalesce {
        words.push_str(&format!(" coalesce=\"{span}\""));
    }
    words
}

fn gre_words(spec: &GreSpec) -> String {
    let mut words = delay(spec.delay);
    words.push_str(&jitter(spec.jitter.as_ref()));
    chance(&mut words, "loss", spec.loss);
    if let Some(model) = spec.loss_gilbert_elliott {
        let list = [model.p, model.r, model.one_minus_h, model.one_minus_k];
        words.push_str(&format!(" loss-gilbert-elliott=\"{}\"", percents(&list)));
    }
    if let Some(model) = spec.loss_markov {
        let list = [model.p13, model.p31, model.p32, model.p23, model.p14];
        words.push_str(&format!(" loss-markov=\"{}\"", percents(&list)));
    }
    chance(
        &mut words,
        "reorder",
        spec.reorder.map(|reorder| reorder.chance),
    );
    if let Some(reorder) = spec.reorder {
        words.push_str(&format!(" reorder-gap={}", reorder.gap));
    }
    chance(&mut words, "duplicate", spec.duplicate);
    chance(&mut words, "corrupt", spec.corrupt);
    if let Some(rate) = spec.rate {
        words.push_str(&format!(
            " rate=\"{}bit\" queue={}",
            rate.bits_per_second, rate.queue
        ));
    }
    if let Some(mtu) = spec.mtu {
        words.push_str(&format!(" mtu={mtu}"));
    }
    words
}

fn delay(span: Duration) -> String {
    if span == Duration::ZERO {
        String::new()
    } else {
        format!(" delay=\"{span}\"")
    }
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
