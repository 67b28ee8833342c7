//! How received packets are acknowledged (RFC 2637 §4.2.5, §4.3).

macro_rules! acknowledgment_deviations {
    ([$($next:ident)*] $($before:tt)*) => {
        deviations! { [$($next)*] $($before)*
        area Acknowledgment {
            /// Acknowledges one number more than the highest received.
            AckAhead = "ack-ahead", BOTH, [Ack001], Suite, [];
            /// Never acknowledges anything, neither alone nor on data.
            NeverAck = "never-ack", BOTH, [Ack009], Suite, ["KB-54"];
            /// Data packets acknowledge 0xFFFFFFFF before anything was received.
            AckBeforeData = "ack-before-data", BOTH, [Ack003], Suite, ["KB-52"];
            /// A late packet is acknowledged with its own, lower number.
            AckGoesBack = "ack-goes-back", BOTH, [Ack001, Ack002, Ack008], Suite, ["KB-42", "KB-43"];
            /// Acknowledgments that go alone have the S bit and use up a sequence number.
            AckConsumesSequenceNumber = "ack-consumes-sequence-number", BOTH, [Seq003, Gre004, Gre016], Suite, [];
        }
        }
    };
}
