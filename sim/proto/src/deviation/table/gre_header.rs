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
        }
        }
    };
}
