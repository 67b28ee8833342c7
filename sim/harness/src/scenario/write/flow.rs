//! Steps and blocks.

use super::Writer;
use super::lines::{bounds, list, names};
use super::values::{Form, pattern};
use crate::scenario::Grade;
use crate::scenario::model::{
    FaultKind, NodeIndex, Plane, Silence, Step, StepKind, TargetedFault, Until,
};
use pptp_wire::time::Duration;

impl Writer<'_> {
    pub(super) fn steps(&mut self, steps: &[Step]) {
        for step in steps {
            self.step(step);
        }
    }

    fn block(&mut self, head: &str, steps: &[Step]) {
        self.open(head);
        self.steps(steps);
        self.close();
    }

    /// A line with a block of its own, or without.
    fn with_body(&mut self, line: &str, body: Option<&[Step]>) {
        match body {
            Some(steps) => self.block(line, steps),
            None => self.line(line),
        }
    }

    fn step(&mut self, step: &Step) {
        match &step.kind {
            StepKind::Do { node, action } => {
                let text = self.action(self.node(*node), action);
                self.line(&text);
            }
            StepKind::Message(line) => self.line(&self.message(line, false)),
            StepKind::Inject(line) => self.line(&self.message(line, true)),
            StepKind::Expect(line) => self.line(&self.expect(line)),
            StepKind::Wait(until) => self.line(&wait(until)),
            StepKind::All(steps) => self.block("all", steps),
            StepKind::Block(steps) => self.block("repeat 1", steps),
            StepKind::Parallel(tracks) => {
                self.open("parallel");
                for track in tracks {
                    self.block("track", track);
                }
                self.close();
            }
            StepKind::Any {
                within,
                requirement,
                branches,
            } => {
                let mut head = "any".to_owned();
                bounds(&mut head, None, *within, *requirement);
                self.open(&head);
                for branch in branches {
                    let mut head = "branch".to_owned();
                    if branch.grade != Grade::Pass {
                        head.push_str(&format!(" grade={}", branch.grade));
                    }
                    bounds(&mut head, None, None, branch.requirement);
                    self.block(&head, &branch.steps);
                }
                self.close();
            }
            StepKind::End => self.line("end"),
            StepKind::Silent(silence) => self.silence(silence),
            StepKind::Ignore { lines, body } => match (lines.as_slice(), body) {
                ([line], Some(steps)) => {
                    let head = format!("ignore {}", self.message(line, false));
                    self.block(&head, steps);
                }
                _ => {
                    self.open("ignore");
                    for line in lines {
                        self.line(&self.message(line, false));
                    }
                    self.close();
                }
            },
            StepKind::Fault(fault) => self.fault(fault),
            StepKind::Impair(impairment) => self.impairment(impairment),
            StepKind::ExactGre { body } => self.with_body("exact GRE", body.as_deref()),
            other => self.path_step(other),
        }
    }

    /// Steps about a path or a node.
    fn path_step(&mut self, kind: &StepKind) {
        match kind {
            StepKind::Restore { a, b, plane, from } => {
                let text = format!("restore {}", self.path(*a, *b, *plane, *from, None));
                self.line(&text);
            }
            StepKind::Outage {
                a,
                b,
                plane,
                from,
                duration,
                body,
            } => {
                let head = format!("outage {}", self.path(*a, *b, *plane, *from, *duration));
                self.block(&head, body);
            }
            StepKind::Stall {
                a,
                b,
                from,
                duration,
                body,
            } => {
                let head = format!("stall {}", self.path(*a, *b, None, *from, *duration));
                self.block(&head, body);
            }
            StepKind::Reset { a, b, connection } => {
                let mut text = format!("reset {} {}", self.node(*a), self.node(*b));
                names(&mut text, None, connection.as_ref());
                self.line(&text);
            }
            StepKind::HalfClose {
                a,
                b,
                from,
                connection,
            } => {
                let mut text = format!("half-close {}", self.path(*a, *b, None, Some(*from), None));
                names(&mut text, None, connection.as_ref());
                self.line(&text);
            }
            StepKind::Crash { node } => self.line(&format!("crash {}", self.node(*node))),
            StepKind::Restart { node } => self.line(&format!("restart {}", self.node(*node))),
            _ => {}
        }
    }

    fn path(
        &self,
        a: NodeIndex,
        b: NodeIndex,
        plane: Option<Plane>,
        from: Option<NodeIndex>,
        duration: Option<Duration>,
    ) -> String {
        let mut text = format!("{} {}", self.node(a), self.node(b));
        text.push_str(match plane {
            Some(Plane::Control) => " plane=control",
            Some(Plane::Gre) => " plane=gre",
            None => "",
        });
        if let Some(from) = from {
            text.push_str(&format!(" from={}", self.node(from)));
        }
        if let Some(duration) = duration {
            text.push_str(&format!(" for=\"{duration}\""));
        }
        text
    }

    fn silence(&mut self, silence: &Silence) {
        let mut head = format!("silent {}", self.packets(&silence.packets));
        if let Some(duration) = silence.duration {
            head.push_str(&format!(" for=\"{duration}\""));
        }
        bounds(&mut head, None, None, silence.requirement);
        let body = !silence.body.is_empty() || silence.duration.is_none();
        self.with_body(&head, body.then_some(&silence.body));
    }

    fn fault(&mut self, fault: &TargetedFault) {
        let (word, more) = match &fault.kind {
            FaultKind::Drop => ("drop", String::new()),
            FaultKind::Delay { by } => ("delay", format!(" by=\"{by}\"")),
            FaultKind::Corrupt { bit: Some(bit) } => ("corrupt", format!(" bit={bit}")),
            FaultKind::Corrupt { bit: None } => ("corrupt", String::new()),
            FaultKind::Duplicate => ("duplicate", String::new()),
            FaultKind::Split { at } => ("split", format!(" at=\"{}\"", list(at))),
        };
        let mut head = format!("{word} {}", self.packets(&fault.packets));
        if let Some(nth) = &fault.nth {
            head.push_str(&format!(" nth={}", pattern(nth, Form::Number)));
        }
        head.push_str(&more);
        self.with_body(&head, fault.body.as_deref());
    }
}

fn wait(until: &Until) -> String {
    match until {
        Until::Elapsed(span) => format!("wait for=\"{span}\""),
        Until::DataIdle {
            call,
            within,
            requirement,
        } => {
            let mut text = "wait until=data-idle".to_owned();
            names(&mut text, call.as_ref(), None);
            bounds(&mut text, None, *within, *requirement);
            text
        }
    }
}
