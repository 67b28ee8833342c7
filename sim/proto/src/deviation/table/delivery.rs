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
            GapStopsDelivery = "gap-stops-delivery", BOTH, [Seq012, Ack007], Suite, [];
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
            /// Late LCP echoes are passed on, and so are their duplicates.
            LateLcpEchoDelivered = "late-lcp-echo-delivered", BOTH, [Seq007, Seq010], Suite, ["KB-57"];
            /// A packet numbered 1 counts as the next in order at any time.
            Number1AlwaysInOrder = "number-1-always-in-order", BOTH, [Seq007, Seq008, Seq010, Ack001, Ack002, Ack008], Suite, ["KB-42"];
            /// A late packet's payload goes back to its sender.
            LatePacketSentBack = "late-packet-sent-back", BOTH, [Ppp005, Seq007, Seq008], Suite, ["KB-43"];
            /// Every data packet is thrown away as if it were truncated.
            DataPlaneDead = "data-plane-dead", BOTH, [Gre019, Seq012, Ack009], Suite, ["KB-44"];
            /// A duplicate of a packet that is held throws all held packets away.
            DuplicateOfHeldLosesHeld = "duplicate-of-held-loses-held", BOTH, [Seq010, Seq012], Suite, ["KB-45"];
            /// A packet that was held is passed on with other octets.
            HeldPayloadGarbled = "held-payload-garbled", BOTH, [Seq008, Ppp005], Suite, ["KB-46"];
            /// Once the missing packet has come, one held packet is passed on for each packet that arrives.
            OneHeldPacketPerEvent = "one-held-packet-per-event", BOTH, [Seq012, Ack007], Suite, ["KB-47"];
            /// Packets held for a missing one are given up only when another packet comes.
            ReorderTimeOutNeedsTraffic = "reorder-time-out-needs-traffic", BOTH, [Seq012, Ack009], Suite, ["KB-48"];
            /// The wrap of sequence numbers is seen only within 256 numbers of it.
            WrapNarrowWindow = "wrap-narrow-window", BOTH, [Seq005], Suite, ["KB-50"];
            /// GRE is read from two seconds after the call came up.
            GreReceiverOpensLate = "gre-receiver-opens-late", PNS, [Call009, Seq012], Suite, ["KB-31"];
            /// Packets of the first second of a call are sent back as they are.
            ReflectsEarlyData = "reflects-early-data", PAC, [Ppp005], Suite, ["KB-32"];
            /// No data passes before a Set-Link-Info has come.
            NoDataBeforeSetLinkInfo = "no-data-before-set-link-info", PAC, [Sli005], Suite, ["KB-27"];
            /// Right behind the wrap of sequence numbers a second packet numbered 0 counts as new.
            WrapForgetsNumber0 = "wrap-forgets-number-0", BOTH, [Seq005, Seq010], Sweep, ["KB-50"];
            /// Held packets are sorted by their numbers as plain integers: across the wrap they come out in the wrong order.
            HeldSortedPlainly = "held-sorted-plainly", BOTH, [Seq005, Seq008], Sweep, ["KB-50"];
            /// What is held for a missing packet when a call ends is passed on in the next call of the same Call ID.
            HeldSurvivesCall = "held-survives-call", BOTH, [Call008, Seq008], Sweep, [];
        }
        }
    };
}
