//! Points of the code that only some runs come to. A campaign that never comes to one has not tested what stands there.

macro_rules! points {
    ($($variant:ident $name:literal $doc:literal;)*) => {
        /// A point of the endpoint's code that only some runs come to.
        #[derive(Copy, Clone, Debug, Eq, PartialEq, Ord, PartialOrd)]
        #[repr(u8)]
        pub enum Point {
            $(#[doc = $doc] $variant,)*
        }

        impl Point {
            /// All points: those of the data session first, then those of calls, then those of control connections.
            pub const ALL: &'static [Point] = &[$(Point::$variant),*];

            /// Its name, such as `reorder-gap-given-up`.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Point::$variant => $name,)*
                }
            }

            /// What happens there, in a sentence.
            pub const fn doc(self) -> &'static str {
                match self {
                    $(Point::$variant => $doc,)*
                }
            }
        }
    };
}

points! {
    // What is received (RFC 2637 §4.3).
    HeaderRefused "header-refused" "A packet of a call was thrown away for its header or its length.";
    PayloadWithoutNumber "payload-without-number" "A payload came without a sequence number.";
    GapPassed "gap-passed" "A packet was passed on though one before it was missing, without waiting for that.";
    LateDiscarded "late-discarded" "A packet came after its successors had been passed on, and was thrown away.";
    DuplicateDiscarded "duplicate-discarded" "A packet came a second time, and was thrown away.";
    ReorderHeld "reorder-held" "A packet was held for a missing one.";
    ReorderFilled "reorder-filled" "The missing packet came, and what was held for it was passed on.";
    ReorderTimedOut "reorder-timed-out" "A missing packet was given up after a while, and what was held for it was passed on.";
    ReorderFull "reorder-full" "A missing packet was given up as no more could be held.";
    ReceiveBufferFull "receive-buffer-full" "A packet was thrown away as there was no room for it.";
    ReceivedNumberWrapped "received-number-wrapped" "The sequence numbers that came in wrapped to 0.";
    // How it is acknowledged (RFC 2637 §4.2.5).
    AcknowledgmentOnData "acknowledgment-on-data" "An acknowledgment rode on a data packet.";
    AcknowledgmentAlone "acknowledgment-alone" "An acknowledgment went by itself.";
    AcknowledgmentDelayed "acknowledgment-delayed" "No data took the acknowledgment along before its time ran out.";
    AcknowledgedAtOnce "acknowledged-at-once" "So many packets waited for an acknowledgment that it went at once.";
    // What is sent (RFC 2637 §4.2, §4.4).
    DataWaited "data-waited" "Data had to wait for the window to open.";
    WaitingDataSent "waiting-data-sent" "Data that had waited was sent.";
    TransmitBufferFull "transmit-buffer-full" "No more data could be kept for the window to open.";
    SentNumberWrapped "sent-number-wrapped" "The sequence numbers that went out wrapped to 0.";
    SeveralAcknowledged "several-acknowledged" "One acknowledgment covered several packets.";
    AcknowledgmentRepeated "acknowledgment-repeated" "The number that was acknowledged last was acknowledged once more.";
    AcknowledgmentStale "acknowledgment-stale" "An acknowledgment came that went back behind an earlier one.";
    AcknowledgmentUnsent "acknowledgment-unsent" "An acknowledgment came for a packet that was never sent.";
    GivenUpAcknowledged "given-up-acknowledged" "An acknowledgment came for a packet that a time-out had given up.";
    TimeOutRanOut "time-out-ran-out" "No acknowledgment came before the time-out.";
    TimeOutBackedOff "time-out-backed-off" "A second time-out ran out before any acknowledgment had come.";
    TimeOutAtMaximum "time-out-at-maximum" "The time-out was backed off to the longest that there is.";
    TimeOutAtMinimum "time-out-at-minimum" "The time-out came down to the shortest that there is.";
    WindowShrank "window-shrank" "A time-out made the window smaller.";
    WindowAtOne "window-at-one" "A time-out left a window of one packet.";
    WindowGrew "window-grew" "The window grew.";
    WindowRestored "window-restored" "After a time-out the window grew back to what it had been.";
    // How calls begin and end (RFC 2637 §3.2).
    CallBesideOthers "call-beside-others" "A call began on a connection that had one already.";
    CallRefusedAtLimit "call-refused-at-limit" "A call was refused as there were as many as there may be.";
    CallQueued "call-queued" "A call waited for its control connection to stand.";
    CallEndedInFlight "call-ended-in-flight" "A call ended while packets were unacknowledged.";
    CallEndedWithWaiting "call-ended-with-waiting" "A call ended while data waited for the window to open.";
    CallEndedWithHeld "call-ended-with-held" "A call ended while packets were held for a missing one.";
    PacketBeforeCall "packet-before-call" "A packet came before its call was established.";
    EarlyPacketKept "early-packet-kept" "A packet that came before its call was established was kept for it.";
    PacketWhileClearing "packet-while-clearing" "A packet came after the call had been cleared, before that was answered.";
    PacketAfterCall "packet-after-call" "A packet came for a call that had ended.";
    PacketOfNoCall "packet-of-no-call" "A packet came with a Call ID that no call ever had.";
    PacketFromElsewhere "packet-from-elsewhere" "A packet came for a call of another peer.";
    ClearForEndedCall "clear-for-ended-call" "A Call-Clear-Request came for a call that had ended: the two crossed.";
    ClearCrossedNotify "clear-crossed-notify" "A call that was cleared ended for a reason of its own: the two crossed.";
    NotifyByOrder "notify-by-order" "A Call-Disconnect-Notify had an unknown Call ID and was taken for the call that was cleared first.";
    LinkInfoForEndedCall "link-info-for-ended-call" "A Set-Link-Info came for a call that had ended.";
    // Control connections (RFC 2637 §3.1).
    CollisionWon "collision-won" "Both ends opened a connection, and this one's address is the higher.";
    CollisionLost "collision-lost" "Both ends opened a connection, and the other's address is the higher.";
    CallsMoved "calls-moved" "Calls that waited for one connection were placed on another.";
    SecondConnectionGivenUp "second-connection-given-up" "The peer's connection came to stand while this end's own opened.";
    LoserSpoke "loser-spoke" "A message came on a connection that had lost a collision.";
    EchoTimeOutClosed "echo-time-out-closed" "A connection ended as no Echo-Reply came.";
    EchoesCrossed "echoes-crossed" "An Echo-Request came while this end waited for an Echo-Reply.";
    HeaderInPieces "header-in-pieces" "The octets of a header came in more than one piece.";
    MessageInPieces "message-in-pieces" "The octets of a message came in more than one piece, the header in one.";
    MessagesAtOnce "messages-at-once" "Several messages came in one piece.";
    StepLost "step-lost" "The octets of a stream made no sense: it cannot be read any more.";
    RequestRefused "request-refused" "A request was answered by a general error.";
    EarlyMessage "early-message" "A message came that has no place before the start exchange is over.";
    MessageWhileStopping "message-while-stopping" "A message came that has no place while the connection stops.";
    ClosedUnderCalls "closed-under-calls" "The peer closed a connection that had calls.";
    ResetUnderCalls "reset-under-calls" "A connection that had calls was reset.";
    StoppedUnderCalls "stopped-under-calls" "A connection that had calls was stopped.";
    LimitReached "limit-reached" "Something was refused for a limit of the configuration.";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_have_names_and_sentences() {
        let mut names: Vec<&str> = Point::ALL.iter().map(|point| point.name()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Point::ALL.len());
        for (number, point) in Point::ALL.iter().enumerate() {
            assert_eq!(*point as usize, number);
            assert!(point.doc().ends_with('.'), "{}", point.name());
            let plain = |letter: u8| letter.is_ascii_lowercase() || letter == b'-';
            assert!(point.name().bytes().all(plain), "{}", point.name());
        }
    }
}
