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
            /// An acknowledgment that goes by itself waits for 10 s.
            AcknowledgesLate = "acknowledges-late", BOTH, [Ack009], Suite, [];
            /// Acknowledgments ride on data alone: one-way traffic is never acknowledged.
            NeverAcknowledgesAlone = "never-acknowledges-alone", BOTH, [Ack009], Suite, ["KB-54"];
            /// An acknowledgment goes by itself only once more than half a window has come.
            AcknowledgesBeyondHalfWindow = "acknowledges-beyond-half-window", BOTH, [Ack009], Suite, ["KB-54"];
            /// A first packet numbered 0 is acknowledged only together with a later one.
            NeverAcknowledgesNumber0 = "never-acknowledges-number-0", BOTH, [Ack009], Suite, ["KB-54"];
            /// What comes after a missing packet is passed on and never acknowledged.
            AcknowledgmentStopsAtGap = "acknowledgment-stops-at-gap", BOTH, [Ack007, Ack009], Suite, [];
            /// After an acknowledgment on data that is the first behind a gap, the next packet does not start the acknowledgment delay.
            AcknowledgmentTimerLost = "acknowledgment-timer-lost", BOTH, [Ack009], Sweep, [];
        }
        }
    };
}
