//! What stands before the flow: requirements, seed, limits, nodes, links.

use super::change::{control_words, gre_words};
use super::{Text, string};
use crate::register::RequirementSet;
use crate::scenario::ProfileValue;
use crate::scenario::model::{ControlSpec, GreSpec, NodeSpec, Outcome, Scenario};
use crate::scenario::quantity::write_percent;

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
            let control = control_words(&link.control[side].change_from(&ControlSpec::default()));
            if !control.is_empty() {
                text.line(&format!("control from={from}{control}"));
            }
            let gre = gre_words(&link.gre[side].change_from(&GreSpec::default()));
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
    let has_block = node.auto.echo
        || node.auto.ack
        || !node.limits.is_empty()
        || !node.misses.is_empty()
        || !node.may_miss.is_empty();
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
    for (word, list) in [("misses", &node.misses), ("may-miss", &node.may_miss)] {
        if !list.is_empty() {
            let ids: Vec<String> = list.iter().map(|id| format!("\"{}\"", id.id())).collect();
            text.line(&format!("{word} {}", ids.join(" ")));
        }
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
