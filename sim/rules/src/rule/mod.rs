//! The rules by name: which requirements each judges, and when its precondition holds.

mod exceptions;
mod table;

pub use exceptions::EXCEPTIONS;
pub use table::RULES;

use pptp_wire::{ControlMessageType, Requirement};

/// One rule: one way of judging, cited by one requirement or by several that say the same.
#[derive(Copy, Clone, Debug)]
pub struct Rule {
    /// The requirements that it judges. A requirement belongs to one rule.
    pub requirements: &'static [Requirement],
    /// A short name in kebab case.
    pub name: &'static str,
    /// When its precondition holds.
    pub precondition: Precondition,
    /// What it looks at.
    pub doc: &'static str,
}

/// When the precondition of a rule holds for an end.
#[derive(Copy, Clone, Debug)]
pub enum Precondition {
    /// Each time that the end sends a message of one of these types.
    Messages(&'static [ControlMessageType]),
    /// Each time that it sends a control message of whatever type.
    AnyMessage,
    /// Each GRE packet that it sends.
    AnyPacket,
    /// Each GRE packet with a sequence number that it sends.
    Data,
    /// Each GRE packet with an acknowledgment number that it sends.
    Acknowledgment,
    /// Each GRE packet with an acknowledgment number and nothing else that it sends.
    AcknowledgmentOnly,
    /// Each data packet that it sends after an acknowledgment-only packet of the same call.
    DataAfterAcknowledgmentOnly,
    /// Each acknowledgment of several packets at once that it sends.
    AcknowledgmentOfSeveral,
    /// Each data packet that reaches it.
    DataArrived,
    /// Certain turns of a history, which the rule counts.
    History,
}

/// The rule that judges a requirement, or `None` where no passive rule does.
pub fn rule_for(requirement: Requirement) -> Option<&'static Rule> {
    RULES
        .iter()
        .find(|rule| rule.requirements.contains(&requirement))
}

/// Whether a passive rule judges the requirement. The others need a stimulus or the inside of an implementation.
pub fn is_ruled(requirement: Requirement) -> bool {
    rule_for(requirement).is_some()
}

pub(crate) fn precondition(requirement: Requirement) -> Option<Precondition> {
    rule_for(requirement).map(|rule| rule.precondition)
}
