//! A typed scenario written as a scenario file: for tapes, which embed the scenario that they were recorded with, and for the
//! smallest scenario that still fails. What is written reads back as the same scenario, places and matrix aside.

mod flow;
mod lines;
mod links;
mod values;

use super::model::{FinalCheck, NodeSpec, Outcome, Scenario};
use crate::scenario::ProfileValue;
use values::{name, quoted};

/// The scenario as a file that stands alone: no includes, no matrix, no parameters.
pub fn write(scenario: &Scenario) -> String {
    let mut writer = Writer {
        scenario,
        text: String::new(),
        depth: 0,
    };
    writer.scenario();
    writer.text
}

struct Writer<'a> {
    scenario: &'a Scenario,
    text: String,
    depth: usize,
}

impl Writer<'_> {
    fn line(&mut self, line: &str) {
        for _ in 0..self.depth {
            self.text.push_str("    ");
        }
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn open(&mut self, head: &str) {
        self.line(&format!("{head} {{"));
        self.depth += 1;
    }

    fn close(&mut self) {
        self.depth -= 1;
        self.line("}");
    }

    fn node(&self, index: super::model::NodeIndex) -> &str {
        &self.scenario.node(index).name
    }

    fn scenario(&mut self) {
        let scenario = self.scenario;
        self.open(&format!("scenario {}", quoted(&scenario.title)));
        for row in scenario.covers.chunks(8) {
            let ids: Vec<String> = row.iter().map(|(id, _)| quoted(id.id())).collect();
            self.line(&format!("covers {}", ids.join(" ")));
        }
        self.line(&format!("seed {}", scenario.seed));
        let limits = &scenario.limits;
        let mut line = "limit".to_owned();
        if let Some(time) = limits.time {
            line.push_str(&format!(" time=\"{time}\""));
        }
        for (key, limit) in [
            ("steps", limits.steps),
            ("queue", limits.queue),
            ("records", limits.records),
        ] {
            if let Some(limit) = limit {
                line.push_str(&format!(" {key}={limit}"));
            }
        }
        if line != "limit" {
            self.line(&line);
        }
        for node in &scenario.nodes {
            self.node_spec(node);
        }
        for link in &scenario.links {
            self.link(link);
        }
        self.open("flow");
        self.steps(&scenario.flow);
        self.close();
        if !scenario.finally.is_empty() {
            self.open("finally");
            for check in &scenario.finally {
                self.final_check(check);
            }
            self.close();
        }
        self.close();
    }

    fn node_spec(&mut self, node: &NodeSpec) {
        let mut line = format!("node {}", name(&node.name));
        if let Some(role) = node.role {
            line.push_str(&format!(" role={role}"));
        }
        let addresses: Vec<String> = node.addresses.iter().map(ToString::to_string).collect();
        line.push_str(&format!(" address=\"{}\"", addresses.join(" ")));
        if node.scripted {
            line.push_str(" scripted=#true");
        }
        if node.profile != "rfc" {
            line.push_str(&format!(" profile={}", name(&node.profile)));
        }
        if let Some(time) = node.telephone.answers_after {
            line.push_str(&format!(" answers-after=\"{time}\""));
        }
        line.push_str(match node.telephone.outcome {
            Outcome::Answer => "",
            Outcome::Busy => " busy=#true",
            Outcome::NoCarrier => " no-carrier=#true",
            Outcome::NoDialTone => " no-dial-tone=#true",
        });
        if let Some(time) = node.telephone.hangs_up_after {
            line.push_str(&format!(" hangs-up-after=\"{time}\""));
        }
        for setting in &node.profile_fields {
            let value = match &setting.value {
                ProfileValue::Duration(span) => format!("\"{span}\""),
                ProfileValue::Integer(number) => number.to_string(),
                ProfileValue::Boolean(flag) => format!("#{flag}"),
                ProfileValue::Text(text) => quoted(text),
            };
            line.push_str(&format!(" {}={value}", setting.key));
        }
        if !node.auto.echo && !node.auto.ack && node.limits.is_empty() {
            self.line(&line);
            return;
        }
        self.open(&line);
        let words = [(node.auto.echo, " echo"), (node.auto.ack, " ack")];
        let auto: String = words
            .iter()
            .filter(|(on, _)| *on)
            .map(|(_, word)| *word)
            .collect();
        if !auto.is_empty() {
            self.line(&format!("auto{auto}"));
        }
        for (key, limit, _) in &node.limits {
            self.line(&format!("limit {key}={limit}"));
        }
        self.close();
    }

    fn final_check(&mut self, check: &FinalCheck) {
        let line = self.final_line(check);
        self.line(&line);
    }
}
