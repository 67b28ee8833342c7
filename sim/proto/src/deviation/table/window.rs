//! Numbers, window and time-out of what is sent (RFC 2637 §4.2, §4.4).

macro_rules! window_deviations {
    ([$($next:ident)*] $($before:tt)*) => {
        deviations! { [$($next)*] $($before)*
        area Window {
            /// The first data packet is numbered 1.
            FirstSeq1 = "first-seq-1", BOTH, [Seq001], Suite, ["KB-41"];
            /// One number in eight is left out.
            SkipsSequenceNumbers = "skips-sequence-numbers", BOTH, [Seq002], Suite, ["KB-61"];
            /// After a time-out the last packet is sent again under its number.
            RetransmitOnTimeOut = "retransmit-on-time-out", BOTH, [Seq006, Ack010, Win006], Suite, [];
            /// Sends without regard to the window.
            IgnorePeerWindow = "ignore-peer-window", BOTH, [Win001, Win002, Ocrq014], Suite, ["KB-56"];
            /// The first window is all of the peer's maximum.
            WindowStartsFull = "window-starts-full", BOTH, [Win003], Suite, [];
            /// A time-out leaves the window as it is.
            WindowNeverShrinks = "window-never-shrinks", BOTH, [Win005], Suite, [];
            /// The window grows by one with every acknowledgment.
            WindowGrowsPerAcknowledgment = "window-grows-per-acknowledgment", BOTH, [Win004, Win006], Suite, [];
            /// An acknowledgment of a number that was never sent acknowledges everything outstanding.
            UnsentAckOpensWindow = "unsent-ack-opens-window", BOTH, [Ack011], Suite, [];
            /// Received acknowledgment numbers are read with their octets swapped.
            AckOctetOrder = "ack-octet-order", BOTH, [Ack005, Tr006], Suite, ["KB-51"];
            /// There is no time-out: a full window waits for ever.
            NoTimeOut = "no-time-out", BOTH, [Ato001], Suite, [];
            /// A time-out does not lengthen the next one.
            NoBackOff = "no-back-off", BOTH, [Ato011, Ato014], Suite, [];
            /// One number in eight is used twice.
            RepeatsSequenceNumber = "repeats-sequence-number", BOTH, [Seq002, Seq006], Suite, [];
            /// One packet more than the window is sent.
            WindowOneTooMany = "window-one-too-many", BOTH, [Win001, Win002, Win003], Suite, [];
            /// A peer's window of 0 lets nothing out at all.
            WindowZeroStalls = "window-zero-stalls", BOTH, [Win009], Suite, [];
            /// What does not fit into the window is thrown away instead of kept.
            DropsWaitingData = "drops-waiting-data", BOTH, [Win008], Suite, [];
            /// Nothing is sent any more after a time-out.
            DeadAfterTimeOut = "dead-after-time-out", BOTH, [Ato001, Win006], Suite, [];
            /// The tenth packet meets a passing lack of buffers, and the control connection is closed over it.
            SendErrorFatal = "send-error-fatal", BOTH, [Cc008, Cc017], Suite, ["KB-61"];
            /// An acknowledgment of a packet that was given up, which comes after two time-outs in a row to a window of one, shuts the window.
            GivenUpAcknowledgmentShutsWindow = "given-up-acknowledgment-shuts-window", BOTH, [Ato001, Win004], Sweep, [];
            /// An acknowledgment that goes back, and comes after a time-out before any other, counts for everything outstanding.
            StaleAcknowledgmentOpensWindow = "stale-acknowledgment-opens-window", BOTH, [Ack011, Win001], Sweep, [];
        }
        }
    };
}
