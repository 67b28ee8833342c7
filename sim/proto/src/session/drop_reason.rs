//! Why a GRE packet, or its payload, was thrown away in silence.

use core::fmt;

macro_rules! drop_reasons {
    ($($(#[doc = $doc:literal])+ $variant:ident = $key:literal,)*) => {
        /// Why a received GRE packet did not reach PPP. Discards are silent on the wire (HDR-019) and counted here.
        #[derive(Copy, Clone, Debug, Eq, PartialEq, Ord, PartialOrd, Hash)]
        pub enum DropReason {
            $($(#[doc = $doc])+ $variant,)*
        }

        impl DropReason {
            /// Every reason, in the order in which a receiver checks.
            pub const ALL: &[DropReason] = &[$(DropReason::$variant),*];

            /// The word of scenarios and transcripts: `payload-length`.
            pub const fn key(self) -> &'static str {
                match self {
                    $(DropReason::$variant => $key,)*
                }
            }

            /// One sentence for tables and listings.
            pub const fn doc(self) -> &'static str {
                match self {
                    $(DropReason::$variant => concat!($($doc),+).trim_ascii_start(),)*
                }
            }
        }
    };
}

drop_reasons! {
    /// The octets end before the header that its flags promise (GRE-013).
    Truncated = "truncated",
    /// C, R, s, Recur or Flags is not 0, or K is not 1 (GRE-001..003, GRE-005, GRE-006, GRE-008, GRE-017).
    BadHeader = "bad-header",
    /// Ver is not 1 (GRE-009, GRE-017).
    BadVersion = "bad-version",
    /// Protocol Type is not 0x880B (GRE-010, GRE-017).
    ProtocolType = "protocol-type",
    /// No session has this Call ID in the tunnel to the sender (GRE-018).
    UnknownCallId = "unknown-call-id",
    /// The packet came from another address than that of the control connection's peer (GRE-018, AMB-51).
    WrongSource = "wrong-source",
    /// The call is not established yet, or no longer (CALL-009, AMB-42).
    NotEstablished = "not-established",
    /// Fewer octets are present than Payload Length says (GRE-019).
    PayloadLength = "payload-length",
    /// There is a payload and no sequence number: S is 0 (GRE-004, GRE-016, AMB-13).
    NoSequenceNumber = "no-sequence-number",
    /// S is 1 and Payload Length is 0, or the packet carries nothing at all (GRE-004, GRE-015).
    EmptyPayload = "empty-payload",
    /// The number is lower than one that was already passed on (SEQ-007, SEQ-008).
    Old = "old",
    /// A packet of this number was received before (SEQ-010).
    Duplicate = "duplicate",
    /// No room to hold it until the missing one before it has come (WIN-007).
    WindowOverflow = "window-overflow",
    /// Its acknowledgment goes back or names a number that was never sent (AMB-12).
    BadAcknowledgment = "bad-acknowledgment",
    /// A protocol bug that is switched on threw it away.
    Deviation = "deviation",
}

impl fmt::Display for DropReason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.key())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_unique_words() {
        let mut keys: Vec<&str> = DropReason::ALL.iter().map(|reason| reason.key()).collect();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), DropReason::ALL.len());
        assert!(keys.iter().all(|key| {
            key.bytes()
                .all(|octet| octet.is_ascii_lowercase() || octet == b'-')
        }));
        assert!(
            DropReason::ALL
                .iter()
                .all(|reason| reason.doc().ends_with('.'))
        );
    }
}
