//! What is passed on to PPP, and in which order (RFC 2637 §4.3).

macro_rules! delivery_deviations {
    ([$($next:ident)*] $($before:tt)*) => {
        deviations! { [$($next)*] $($before)*
        area Delivery {
            /// Packets older than one that was passed on are passed on as well.
            LateDelivered = "late-delivered", BOTH, [Seq007, Seq008], Suite, ["KB-43", "KB-57"];
            /// A packet that comes twice is passed on twice.
            DuplicateDelivered = "duplicate-delivered", BOTH, [Seq010], Suite, ["KB-57"];
            /// Only the very next number is accepted: after a lost packet none is.
            GapStopsDelivery = "gap-stops-delivery", BOTH, [Seq012, Ack007], Suite, ["KB-48"];
            /// A first packet numbered 0 is dropped.
            DropNumber0 = "drop-number-0", BOTH, [Seq001, Seq012], Suite, ["KB-40"];
            /// A number more than 300 ahead is dropped as forged, for ever.
            FarJumpDiscarded = "far-jump-discarded", BOTH, [Seq012], Suite, ["KB-49"];
            /// Sequence numbers are compared as plain integers: after the wrap all are dropped.
            WrapPlainComparison = "wrap-plain-comparison", BOTH, [Seq005], Suite, ["KB-50"];
            /// A packet whose acknowledgment goes back or was never sent is dropped with its payload.
            StaleAckDropsPayload = "stale-ack-drops-payload", BOTH, [Ack011, Seq012], Suite, ["KB-53"];
            /// Data may be sent before Outgoing-Call-Reply.
            DataBeforeConnect = "data-before-connect", PAC, [Call009], Suite, ["KB-30"];
        }
        }
    };
}
