//! The steps of the flow.

use std::collections::BTreeMap;

use super::Text;
use super::line::filter_line;
use crate::scenario::model::{Scenario, Step, StepKind};

/// Prints steps, counting them as they come.
pub(super) struct Printer<'a> {
    pub scenario: &'a Scenario,
    pub replaced: &'a BTreeMap<usize, Vec<String>>,
    /// The place of the next step among all.
    pub place: usize,
}

impl Printer<'_> {
    pub(super) fn steps(&mut self, steps: &[Step], text: &mut Text) {
        for step in steps {
            let place = self.place;
            self.place += 1;
            match self.replaced.get(&place) {
                Some(lines) => lines.iter().for_each(|line| text.line(line)),
                None => self.step(step, text),
            }
        }
    }

    fn step(&mut self, step: &Step, text: &mut Text) {
        match &step.kind {
            StepKind::All(body) => self.block(&step.line, body, text),
            StepKind::Block(body) => self.block(&turn(step), body, text),
            StepKind::Parallel(tracks) => {
                text.open(&step.line);
                for track in tracks {
                    self.block("track", track, text);
                }
                text.close();
            }
            StepKind::Any { branches, .. } => {
                text.open(&step.line);
                for branch in branches {
                    self.block(&branch.line, &branch.steps, text);
                }
                text.close();
            }
            StepKind::Silent(silence) => self.perhaps(step, &silence.body, text),
            StepKind::Ignore { lines, body: None } if lines.len() != 1 || step.line == "ignore" => {
                text.open("ignore");
                for line in lines {
                    text.line(&filter_line(self.scenario, line));
                }
                text.close();
            }
            StepKind::Ignore { body, .. }
            | StepKind::ExactGre { body }
            | StepKind::FreeControl { body }
            | StepKind::Outage { body, .. }
            | StepKind::Stall { body, .. } => {
                self.option(step, body.as_deref(), text);
            }
            StepKind::Fault(fault) => self.option(step, fault.body.as_deref(), text),
            StepKind::Impair(impairment) => {
                text.open(&step.line);
                for line in &impairment.lines {
                    text.line(line);
                }
                if let Some(body) = &impairment.body {
                    self.block("flow", body, text);
                }
                text.close();
            }
            StepKind::Do { .. }
            | StepKind::Message(_)
            | StepKind::Inject(_)
            | StepKind::Expect(_)
            | StepKind::Wait(_)
            | StepKind::End
            | StepKind::Restore { .. }
            | StepKind::Resume { .. }
            | StepKind::Heal
            | StepKind::Reset { .. }
            | StepKind::HalfClose { .. }
            | StepKind::Crash { .. }
            | StepKind::Restart { .. } => text.line(&step.line),
        }
    }

    fn block(&mut self, head: &str, body: &[Step], text: &mut Text) {
        text.open(head);
        self.steps(body, text);
        text.close();
    }

    fn option(&mut self, step: &Step, body: Option<&[Step]>, text: &mut Text) {
        match body {
            Some(body) => self.block(&step.line, body, text),
            None => text.line(&step.line),
        }
    }

    /// A block where its head says so, or where it holds something.
    fn perhaps(&mut self, step: &Step, body: &[Step], text: &mut Text) {
        let has_block = step.text.ends_with('{') || !body.is_empty();
        self.option(step, has_block.then_some(body), text);
    }
}

/// The head of one turn of a `repeat`, such that it counts as that turn again.
fn turn(step: &Step) -> String {
    let turn = step
        .text
        .strip_prefix("repeat ")
        .and_then(|rest| rest.strip_suffix(" {"));
    match turn {
        Some(turn) => format!("repeat \"{turn}..{turn}\""),
        None => step.line.clone(),
    }
}
