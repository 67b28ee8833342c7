//! What the reference model says when something impossible happened.

use crate::NodeId;
use core::fmt;
use pptp_wire::CallId;

/// An invariant that does not hold.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct ModelViolation {
    /// Which invariant.
    pub check: ModelCheck,
    /// The node that broke it.
    pub node: NodeId,
    /// That node's own Call ID, where it was in a call.
    pub call: Option<CallId>,
    /// What was seen.
    pub seen: u64,
    /// What would have been the limit, or what was expected.
    pub expected: u64,
}

impl fmt::Display for ModelViolation {
    /// Such as `window-exceeded at node 0: seen 9, expected 8`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} at node {}", self.check.key(), self.node.0)?;
        if let Some(call) = self.call {
            write!(formatter, ", Call ID {}", call.0)?;
        }
        write!(
            formatter,
            ": seen {}, expected {}",
            self.seen, self.expected
        )
    }
}

macro_rules! checks {
    ($($(#[$documentation:meta])* $name:ident $key:literal,)*) => {
        /// The invariants that the reference model watches.
        #[derive(Copy, Clone, Debug, Eq, PartialEq, Ord, PartialOrd, Hash)]
        pub enum ModelCheck {
            $($(#[$documentation])* $name,)*
        }

        impl ModelCheck {
            /// Every check.
            pub const ALL: &'static [ModelCheck] = &[$(ModelCheck::$name,)*];

            /// The check's word, such as `delivered-twice`.
            pub const fn key(self) -> &'static str {
                match self {
                    $(ModelCheck::$name => $key,)*
                }
            }
        }
    };
}

checks! {
    /// A node gave data to its user that it had given before (RFC 2637 §4.3).
    DeliveredTwice "delivered-twice",
    /// A node gave data to its user after data with a higher Sequence Number (§4.3).
    DeliveredOutOfOrder "delivered-out-of-order",
    /// A node gave data to its user that nobody sent: no such Sequence Number, or other octets.
    DeliveredUnsent "delivered-unsent",
    /// A node gave data to its user in a call that had ended.
    DeliveredAfterEnd "delivered-after-end",
    /// A node sent data in a call that had ended for it.
    SentAfterEnd "sent-after-end",
    /// A node had more packets unacknowledged than the window that it claims (§4.2).
    WindowExceeded "window-exceeded",
    /// A node claims a window above the other end's Packet Recv. Window Size (§4.2).
    WindowAboveMaximum "window-above-maximum",
    /// A node acknowledged what had not reached it (§4.2).
    AcknowledgedUnreceived "acknowledged-unreceived",
    /// A node gave data to its user, or has calls, without a control connection (§3.1).
    CallWithoutConnection "call-without-connection",
    /// A node assigned a Call ID that it uses for another call with the same node (§2.7).
    CallIdInUse "call-id-in-use",
    /// Octets of a control connection reached a node that were not sent, or not in that order: the world itself is wrong.
    ControlStreamBroken "control-stream-broken",
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_unique() {
        let mut keys: Vec<&str> = ModelCheck::ALL.iter().map(|check| check.key()).collect();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), ModelCheck::ALL.len());
    }
}
