//! What the ways of a plan's network do, as `impair`, faults, outages and stalls.

use super::steps::{WAYS, Writer};
use super::{NODES, PAC, index};
use crate::scenario::model::{Impairment, NodeIndex, Plane, Step, StepKind};
use crate::scenario::source::SourceSpan;
use pptp_world::fuzzing;

impl Writer {
    /// What a way does from now on.
    pub(super) fn of_way(&mut self, step: &fuzzing::Step) {
        use fuzzing::Step as Planned;
        let (Planned::ImpairGre { way, .. }
        | Planned::ImpairControl { way, .. }
        | Planned::Target { way, .. }
        | Planned::HoldUp { way, .. }
        | Planned::Outage { way, .. }
        | Planned::Stall { way, .. }) = step
        else {
            return;
        };
        let way = usize::from(*way) % WAYS;
        let (a, b) = ([0, 2][way / 2], PAC);
        let (from, to) = if way.is_multiple_of(2) {
            (a, b)
        } else {
            (b, a)
        };
        let ends = (index(a), index(b));
        match step {
            Planned::ImpairGre { impairments, .. } => {
                let change = self.ways.impair_gre(way, ends, NODES[from], impairments);
                self.impair(a, change);
            }
            Planned::ImpairControl { impairments, .. } => {
                let change = self
                    .ways
                    .impair_control(way, ends, NODES[from], impairments);
                self.impair(a, change);
            }
            Planned::Outage { begins, .. } => {
                let changes = count(&mut self.outages[way], *begins);
                if changes {
                    self.outage(ends, from, Plane::Gre, *begins);
                }
            }
            Planned::Stall { begins, .. } => {
                let changes = count(&mut self.stalls[way], *begins);
                if changes {
                    self.outage(ends, from, Plane::Control, *begins);
                }
            }
            _ => {
                if let Some((line, kind)) = super::faults::fault(step, from, to) {
                    self.name(a);
                    self.say(line, kind);
                }
            }
        }
    }

    fn impair(&mut self, pns: usize, change: Option<Impairment>) {
        let Some(change) = change else { return };
        let line = format!("impair {} {}", self.name(pns), NODES[PAC]);
        self.steps.push(Step {
            span: SourceSpan::default(),
            text: format!("{line} {{"),
            line,
            kind: StepKind::Impair(Box::new(change)),
        });
    }

    /// GRE is lost, or control octets wait, or no more.
    fn outage(&mut self, (a, b): (NodeIndex, NodeIndex), from: usize, plane: Plane, begins: bool) {
        let pns = self.name(usize::from(a.0));
        let ends = format!("{pns} {}", NODES[PAC]);
        let sender = NODES[from];
        let from = Some(index(from));
        let (line, kind) = match (begins, plane) {
            (true, Plane::Gre) => (
                format!("outage {ends} plane=gre from={sender}"),
                StepKind::Outage {
                    a,
                    b,
                    plane: Some(plane),
                    from,
                    duration: None,
                    body: None,
                },
            ),
            (true, Plane::Control) => (
                format!("stall {ends} from={sender}"),
                StepKind::Stall {
                    a,
                    b,
                    from,
                    duration: None,
                    body: None,
                },
            ),
            (false, plane) => {
                let word = match plane {
                    Plane::Gre => "gre",
                    Plane::Control => "control",
                };
                (
                    format!("resume {ends} plane={word} from={sender}"),
                    StepKind::Resume {
                        a,
                        b,
                        plane: Some(plane),
                        from,
                    },
                )
            }
        };
        self.say(line, kind);
    }
}

/// Counts beginnings and ends; whether it is the first beginning, or the last end.
fn count(begun: &mut u8, begins: bool) -> bool {
    if begins {
        *begun = begun.saturating_add(1);
        *begun == 1
    } else if *begun > 0 {
        *begun -= 1;
        *begun == 0
    } else {
        false
    }
}
