//! Targeted rules of a plan as faults.

use super::{NODES, index};
use crate::scenario::model::{
    FaultKind, FieldPattern, MessageName, PacketLine, Pattern, StepKind, TargetedFault, Value,
};
use crate::scenario::source::SourceSpan;
use pptp_wire::ControlMessageType;
use pptp_wire::time::Duration;
use pptp_world::fuzzing;

/// The line of a rule for what `from` sends to `to`. Nothing where it can strike nothing.
pub(super) fn fault(step: &fuzzing::Step, from: usize, to: usize) -> Option<(String, StepKind)> {
    match *step {
        fuzzing::Step::Target {
            first,
            more,
            acknowledgment_only,
            action,
            amount,
            ..
        } => {
            let first = u64::from(first.max(1));
            let last = first + u64::from(more);
            let by = Duration::from_millis(amount.into());
            let bit = (amount > 0).then_some(u32::from(amount));
            let (word, rest, kind) = match action % 4 {
                0 => ("drop", String::new(), FaultKind::Drop),
                1 => ("delay", format!(" by=\"{by}\""), FaultKind::Delay { by }),
                2 => ("duplicate", String::new(), FaultKind::Duplicate),
                _ => {
                    let rest = bit.map_or_else(String::new, |bit| format!(" bit={bit}"));
                    ("corrupt", rest, FaultKind::Corrupt { bit })
                }
            };
            let only = match acknowledgment_only {
                Some(true) => " acknowledgment-only=#true",
                Some(false) => " acknowledgment-only=#false",
                None => "",
            };
            let (nth, pattern) = if more == 0 {
                (first.to_string(), Pattern::Value(Value::Number(first)))
            } else {
                (format!("\"{first}..{last}\""), Pattern::Range(first, last))
            };
            let (sender, receiver) = (NODES[from], NODES[to]);
            let line = format!("{word} {sender} -> {receiver} GRE{only} nth={nth}{rest}");
            let fields = acknowledgment_only.map(|flag| FieldPattern {
                key: "acknowledgment-only",
                pattern: Pattern::Value(Value::Number(flag.into())),
                span: SourceSpan::default(),
            });
            let packets = packets(from, to, MessageName::Gre, fields.into_iter().collect());
            Some((line, targeted(kind, packets, Some(pattern))))
        }
        fuzzing::Step::HoldUp {
            message,
            milliseconds,
            ..
        } => {
            let message = ControlMessageType(message.into());
            let name = message.name()?;
            let by = Duration::from_millis(milliseconds.into());
            let line = format!("delay {} -> {} {name} by=\"{by}\"", NODES[from], NODES[to]);
            let packets = packets(from, to, MessageName::Control(message), Vec::new());
            Some((line, targeted(FaultKind::Delay { by }, packets, None)))
        }
        _ => None,
    }
}

fn packets(from: usize, to: usize, message: MessageName, fields: Vec<FieldPattern>) -> PacketLine {
    PacketLine {
        from: index(from),
        to: index(to),
        message,
        call: None,
        connection: None,
        fields,
    }
}

fn targeted(kind: FaultKind, packets: PacketLine, nth: Option<Pattern>) -> StepKind {
    StepKind::Fault(TargetedFault {
        kind,
        packets,
        nth,
        copy: None,
        body: None,
    })
}
