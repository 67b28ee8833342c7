//! The header of what is sent, and which headers are read (RFC 2637 §4.1).

macro_rules! gre_header_deviations {
    ([$($next:ident)*] $($before:tt)*) => {
        deviations! { [$($next)*] $($before)*
        area GreHeader {
            /// The Call ID of GRE packets has its octets swapped.
            GreCallIdByteOrder = "gre-call-id-byte-order", BOTH, [Gre012, Tr006], Suite, ["KB-58"];
            /// GRE packets carry the sender's own Call ID.
            GreCarriesOwnCallId = "gre-carries-own-call-id", BOTH, [Gre012, Call006], Suite, [];
            /// Ver of GRE packets is 0.
            GreVersion0 = "gre-version-0", BOTH, [Gre009], Suite, [];
            /// One of the Flags bits of GRE packets is set.
            GreReservedFlagsSet = "gre-reserved-flags-set", BOTH, [Gre008], Suite, [];
            /// Data packets have neither S bit nor Sequence Number.
            PayloadWithoutS = "payload-without-s", BOTH, [Gre004, Gre016], Suite, ["KB-59"];
            /// Payload Length of data packets is 0.
            PayloadLength0 = "payload-length-0", BOTH, [Gre011], Suite, ["KB-58"];
            /// Payload Length counts the octets of the GRE header too.
            PayloadLengthCountsHeader = "payload-length-counts-header", BOTH, [Gre011], Suite, [];
            /// Octets after the payload are passed on with it.
            ExtraOctetsDelivered = "extra-octets-delivered", BOTH, [Gre019], Suite, ["KB-57"];
            /// A packet with fewer octets than Payload Length is passed on.
            TruncatedDelivered = "truncated-delivered", BOTH, [Gre019], Suite, [];
            /// GRE packets with wrong fixed bits, version or protocol type are passed on.
            BadHeaderDelivered = "bad-header-delivered", BOTH, [Gre017], Suite, [];
            /// An acknowledgment without payload is passed on as a frame of no octets.
            AckOnlyDeliveredAsEmptyFrame = "ack-only-delivered-as-empty-frame", BOTH, [Gre016], Suite, ["KB-60"];
            /// GRE from another address than that of the peer is passed on.
            DeliversAnySource = "delivers-any-source", BOTH, [Gre018, Sec002], Suite, [];
            /// Protocol Type of GRE packets is 0x0800.
            GreProtocolTypeWrong = "gre-protocol-type-wrong", BOTH, [Gre010], Suite, [];
            /// Recur of GRE packets is 1.
            GreRecursionSet = "gre-recursion-set", BOTH, [Gre006], Suite, [];
            /// The K bit of GRE packets is 0.
            GreKeyMissing = "gre-key-missing", BOTH, [Gre003], Suite, [];
            /// The C bit of GRE packets is set, though no checksum follows.
            GreChecksumBitSet = "gre-checksum-bit-set", BOTH, [Gre001], Suite, [];
            /// Payloads stand between the flag octets of a dial link.
            HdlcFlagsSent = "hdlc-flags-sent", BOTH, [Ppp001], Suite, [];
            /// Payloads end with the check sequence of a dial link.
            FrameCheckSequenceSent = "frame-check-sequence-sent", BOTH, [Ppp002], Suite, [];
            /// GRE packets of any Call ID go to the oldest call of their sender.
            CallIdNotChecked = "call-id-not-checked", BOTH, [Gre018, Tr013], Suite, ["KB-58"];
            /// The 32 bits of the key are compared with the Call ID: a Payload Length makes a packet another session's.
            KeyComparedWhole = "key-compared-whole", BOTH, [Gre012, Gre018, Seq012, Ack009], Suite, ["KB-58"];
        }
        }
    };
}
