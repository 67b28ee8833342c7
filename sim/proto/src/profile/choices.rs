//! The choices that profile fields offer: one enum a field, its words in the order in which they are listed.

use super::value::{ProfileKind, ProfileValue, Setting};

macro_rules! choices {
    ($(
        $(#[doc = $about:literal])+
        $choice:ident { $($(#[doc = $doc:literal])+ $variant:ident = $word:literal,)+ }
    )*) => {$(
        $(#[doc = $about])+
        #[derive(Copy, Clone, Debug, Eq, PartialEq)]
        pub enum $choice {
            $($(#[doc = $doc])+ $variant,)+
        }

        impl $choice {
            /// The words of scenarios, in the order of the variants.
            pub const WORDS: &'static [&'static str] = &[$($word),+];

            /// The word of this choice.
            pub const fn word(self) -> &'static str {
                match self {
                    $($choice::$variant => $word,)+
                }
            }
        }

        impl Setting for $choice {
            const KIND: ProfileKind = ProfileKind::Choice($choice::WORDS);
            fn value(&self) -> ProfileValue {
                ProfileValue::text(self.word())
            }
            fn of(value: &ProfileValue) -> Option<Self> {
                match value {
                    ProfileValue::Text(word) => match word.as_ref() {
                        $($word => Some($choice::$variant),)+
                        _ => None,
                    },
                    _ => None,
                }
            }
        }
    )*};
}

choices! {
    /// Which versions of a start request, or of a start reply, are spoken (AMB-23).
    VersionRule {
        /// The lower of the own version and the one asked for or replied, if it is not below the minimum.
        Lower = "lower",
        /// The own version alone.
        Exact = "exact",
        /// Any version that is not below the minimum; a request is answered with the own one.
        AtLeast = "at-least",
        /// Never looked at.
        Any = "any",
    }
    /// What meets a start request whose version is refused (RFC 2637 §3.1.2, AMB-20).
    VersionRefusal {
        /// Reply with Result 5, then the close.
        ReplyAndClose = "reply-and-close",
        /// Reply with Result 5; the TCP connection stays.
        Reply = "reply",
        /// No reply.
        Ignore = "ignore",
    }
    /// What follows a start reply with a Result other than 1 (AMB-25).
    StartRefused {
        /// The connection is closed.
        Close = "close",
        /// Stop-Control-Connection-Request with Reason 2, then as for any stop.
        Stop = "stop",
    }
    /// What follows when the start exchange does not come in time (RFC 2637 §3.1.4, AMB-30, AMB-31).
    StartTimeOutAction {
        /// The connection is closed.
        Close = "close",
        /// An originator sends Stop-Control-Connection-Request; a receiver closes.
        Stop = "stop",
        /// A receiver sends Echo-Request, and closes when nothing comes once more; an originator closes.
        Echo = "echo",
    }
    /// A second start request on an established connection (AMB-24).
    SecondStartRequest {
        /// Reply with Result 3; the connection stays.
        Exists = "exists",
        /// Reply with Result 1 once more.
        Succeed = "succeed",
        /// No reply.
        Ignore = "ignore",
        /// The connection is closed.
        Close = "close",
    }
    /// A start request from a peer with which a control connection stands already (RFC 2637 §2.2, AMB-27, AMB-28).
    SecondConnection {
        /// Reply with Result 3, then the close.
        Refuse = "refuse",
        /// It stands beside the first.
        Allow = "allow",
    }
    /// Both ends open a control connection at once (RFC 2637 §3.1.3, AMB-26).
    CollisionRule {
        /// The higher address wins.
        Decide = "decide",
        /// Both connections live.
        Independent = "independent",
    }
    /// What a PNS does when a call does not leave its state in time (RFC 2637 §3.2.1, AMB-31).
    ReplyTimeOutAction {
        /// It closes the control connection.
        Close = "close",
        /// It clears the call first, and closes when that is not answered either.
        Clear = "clear",
    }
    /// What the silence before an Echo-Request is measured from (AMB-30).
    EchoTimer {
        /// The last control message that was received.
        Heard = "heard",
        /// The last one that was received or sent.
        HeardOrSent = "heard-or-sent",
        /// The last Echo-Reply: whatever else comes, an Echo-Request goes each time.
        Periodic = "periodic",
    }
    /// What stops the timer of an Echo-Request (AMB-30).
    EchoClearedBy {
        /// The Echo-Reply with its Identifier.
        Reply = "reply",
        /// Any Echo-Reply.
        AnyReply = "any-reply",
        /// Any control message.
        AnyMessage = "any-message",
    }
    /// What follows unanswered Echo-Requests (RFC 2637 §3.1.4, AMB-30).
    EchoFailed {
        /// The connection is closed.
        Close = "close",
        /// A PAC disconnects its calls; Stop-Control-Connection-Request, then as for any stop.
        Stop = "stop",
    }
    /// An Echo-Reply that matches no Echo-Request (RFC 2637 §2.6, AMB-30).
    WrongEchoIdentifier {
        /// It has no effect.
        Ignore = "ignore",
        /// The connection is closed.
        Close = "close",
    }
    /// A message before the start exchange is over (AMB-32).
    EarlyMessage {
        /// It has no effect.
        Ignore = "ignore",
        /// It is answered: an echo with an Echo-Reply, a call request with Error 1.
        Answer = "answer",
        /// The connection is closed.
        Close = "close",
    }
    /// A message that cannot be understood (RFC 2637 §3, AMB-33).
    MalformedMessage {
        /// The connection is closed.
        Close = "close",
        /// It has no effect.
        Ignore = "ignore",
        /// A reply with an error where there is a reply to it, else it has no effect.
        ErrorReply = "error-reply",
    }
    /// A message whose PPTP Message Type is not 1 (RFC 2637 §1.4, AMB-33).
    ManagementMessage {
        /// The connection is closed.
        Close = "close",
        /// It has no effect.
        Ignore = "ignore",
        /// The type is not looked at.
        Process = "process",
    }
    /// A Length other than that of the message's type (RFC 2637 §3, AMB-33).
    WrongLength {
        /// The connection is closed.
        Close = "close",
        /// A reply with Error 2 where there is one, else it has no effect.
        ErrorReply = "error-reply",
        /// It has no effect.
        Ignore = "ignore",
        /// Octets after the message are dropped; a message that is too short closes the connection.
        Accept = "accept",
        /// Octets after the message are dropped; those that are missing are read as zero.
        AcceptAny = "accept-any",
    }
    /// A wrong Magic Cookie, or a Length that cannot be (RFC 2637 §1.4, AMB-33, AMB-35).
    LostSynchronisation {
        /// The connection is closed.
        Close = "close",
        /// The connection is reset.
        Reset = "reset",
        /// Stop-Control-Connection-Request with Reason 2, then as for any stop.
        Stop = "stop",
        /// Octets are skipped until a header fits.
        Resynchronise = "resynchronise",
    }
    /// A field out of range in a request (RFC 2637 §2.16, AMB-33).
    BadValue {
        /// A reply with Error 3.
        ErrorReply = "error-reply",
        /// The connection is closed.
        Close = "close",
        /// It is not looked at.
        Accept = "accept",
    }
    /// A reserved field that is not zero (RFC 2637 §2.16, AMB-34).
    ReservedField {
        /// It is not looked at.
        Ignore = "ignore",
        /// A reply with Error 3.
        ErrorReply = "error-reply",
        /// The connection is closed.
        Close = "close",
    }
    /// A message that only the receiver's role may send (HDR-016, AMB-40).
    WrongDirection {
        /// The connection is closed.
        Close = "close",
        /// It has no effect.
        Ignore = "ignore",
        /// Requests are refused; a clear is answered with a notify.
        Answer = "answer",
    }
    /// What meets a Stop-Control-Connection-Request (RFC 2637 §3.1.1, AMB-17, AMB-41).
    StopRequest {
        /// The reply, then the close.
        ReplyAndClose = "reply-and-close",
        /// The reply alone.
        Reply = "reply",
        /// No reply.
        Ignore = "ignore",
        /// The close, without a reply.
        Close = "close",
        /// The reply, a Call-Clear-Request for each call of a PNS, then the close.
        ReplyClearAndClose = "reply-clear-and-close",
    }
    /// How the control connection is ended by its own side (RFC 2637 §3.1.1, AMB-41).
    EndsControlWith {
        /// Stop-Control-Connection-Request.
        Stop = "stop",
        /// The close alone.
        Close = "close",
        /// A PAC's Call-Disconnect-Notify for each call, then Stop-Control-Connection-Request.
        NotifyAndStop = "notify-and-stop",
    }
    /// What follows the end of the last call (AMB-54).
    AfterLastCall {
        /// Nothing.
        Keep = "keep",
        /// Stop-Control-Connection-Request.
        Stop = "stop",
        /// Stop-Control-Connection-Request where this end has ended the call, else nothing.
        StopOwnEnd = "stop-own-end",
        /// The close alone.
        Close = "close",
    }
    /// How a PNS ends a call (PNSO-006, AMB-41).
    EndsCallWith {
        /// Call-Clear-Request; it waits for the notify.
        Clear = "clear",
        /// Call-Clear-Request, and the close right behind it.
        ClearAndClose = "clear-and-close",
        /// The close alone.
        Close = "close",
    }
    /// How a PAC ends a call by itself, and what it does when the line is lost (RFC 2637 §2.13).
    DisconnectsWith {
        /// Call-Disconnect-Notify.
        Notify = "notify",
        /// The close of the connection, without a notify.
        Close = "close",
    }
    /// A PAC's answer to Call-Clear-Request (RFC 2637 §2.12).
    ClearRequest {
        /// Call-Disconnect-Notify.
        Notify = "notify",
        /// Call-Disconnect-Notify, then the close.
        NotifyAndClose = "notify-and-close",
        /// The close, without a notify.
        Close = "close",
    }
    /// Whose Call ID a PAC puts into Call-Disconnect-Notify (CDN-003, AMB-38).
    DisconnectNotifyCallId {
        /// The PAC's.
        Own = "own",
        /// The PNS's.
        Peer = "peer",
    }
    /// How a PNS finds the call of a Call-Disconnect-Notify (AMB-38).
    DisconnectNotifyMatch {
        /// By the PAC's Call ID, else by its own, else the only call that waits for one.
        Either = "either",
        /// By the PAC's Call ID alone.
        PacId = "pac-id",
        /// Not at all: the notify has no effect.
        Never = "never",
    }
    /// More calls on a control connection than are taken (RFC 2637 §2.16, TR-013).
    TooManyCalls {
        /// Refused with Error 4, No-Resource.
        NoResource = "no-resource",
        /// Refused with Error 1, Not-Connected.
        NotConnected = "not-connected",
        /// A PAC drops those that are there without a word and takes the new one.
        Replace = "replace",
    }
    /// Incoming-Call-Request at a PNS (RFC 2637 §2.9).
    IncomingCalls {
        /// Accepted or refused, as the other fields say.
        Answer = "answer",
        /// No reply.
        Ignore = "ignore",
    }
    /// Which Error Codes stand for which errors (RFC 2637 §2.16, AMB-55).
    ErrorNumbering {
        /// As the RFC has them.
        Rfc = "rfc",
        /// No-Resource, Bad-Call ID and PAC-Error are 3, 4 and 5.
        WithoutBadValue = "without-bad-value",
    }
    /// A Call-Clear-Request for a call that is not there (AMB-37).
    UnknownClear {
        /// It has no effect.
        Ignore = "ignore",
        /// Call-Disconnect-Notify with Result 2, Error 5.
        Refuse = "refuse",
        /// Call-Disconnect-Notify with Result 4.
        Notify = "notify",
        /// The connection is closed.
        Close = "close",
    }
    /// A reply that crosses the own clear (AMB-39).
    CrossingReply {
        /// It has no effect.
        Ignore = "ignore",
        /// The connection is closed.
        Close = "close",
    }
    /// How own Call IDs are picked (RFC 2637 §3.2.2, AMB-43).
    CallIdChoice {
        /// At random among those that are free.
        Random = "random",
        /// The next one that is free.
        Sequential = "sequential",
    }
    /// Data for a call that is not established yet (AMB-42).
    DataBeforeConnect {
        /// It is dropped.
        Drop = "drop",
        /// It is passed on.
        Accept = "accept",
    }
    /// When an acknowledgment goes by itself (AMB-08).
    StandAloneAcknowledgments {
        /// After the acknowledgment delay, where no data packet took it along.
        Delayed = "delayed",
        /// Only once more than half of the own window is unacknowledged.
        HalfWindow = "half-window",
        /// Never: acknowledgments ride on data alone.
        Never = "never",
    }
    /// Which data packets carry an acknowledgment (AMB-07).
    PiggyBackedAcknowledgments {
        /// Those that have something new to acknowledge.
        WhenNew = "when-new",
        /// All of them, once something was received.
        Always = "always",
    }
    /// The Acknowledgment Number of data packets before anything was received (ACK-003, AMB-02).
    AcknowledgmentBeforeData {
        /// There is none: A is 0.
        None = "none",
        /// 0xFFFFFFFF.
        AllOnes = "all-ones",
        /// 0.
        Zero = "zero",
    }
    /// Which packet an acknowledgment names while others wait for a missing one (ACK-007, AMB-09).
    AcknowledgedNumber {
        /// The highest that was received.
        Received = "received",
        /// The highest that was passed on to PPP.
        Delivered = "delivered",
    }
    /// A packet whose acknowledgment goes back or names a number that was never sent (ACK-011, AMB-12).
    BadAcknowledgment {
        /// The acknowledgment has no effect; the payload is kept.
        Ignore = "ignore",
        /// The packet is dropped with its payload.
        DropPacket = "drop-packet",
    }
    /// Packets older than one that was passed on, and duplicates (SEQ-007, SEQ-010, AMB-10, AMB-11).
    LatePackets {
        /// They are silently discarded.
        Discard = "discard",
        /// LCP Echo-Request and Echo-Reply are passed on, others discarded.
        DeliverLcpEcho = "deliver-lcp-echo",
        /// They are passed on.
        Deliver = "deliver",
    }
    /// Which number the first received packet may have (AMB-01).
    FirstReceivedNumber {
        /// Any: what came before it is taken for lost.
        Any = "any",
        /// 0; a higher one counts as a gap, a lower one as late.
        Zero = "zero",
    }
    /// How strictly a GRE header is read (GRE-017, AMB-52).
    GreHeaderCheck {
        /// Every bit must be as the RFC has it.
        Strict = "strict",
        /// The strict source route and recursion bits are not looked at.
        RoutingBitsIgnored = "routing-bits-ignored",
    }
    /// Octets after the payload (GRE-019, AMB-14).
    OctetsAfterPayload {
        /// They are cut off.
        Discard = "discard",
        /// They are passed on with the payload.
        Deliver = "deliver",
    }
    /// A packet with a Sequence Number and no payload (GRE-004, AMB-13).
    EmptyPayloadRule {
        /// Its number counts as received and is acknowledged.
        Counted = "counted",
        /// It has no effect.
        Ignored = "ignored",
    }
    /// Whether data waits for the transmit window (WIN-001, AMB-50).
    TransmitWindow {
        /// It does.
        Honoured = "honoured",
        /// There is no transmit window and no time-out.
        Ignored = "ignored",
    }
    /// What a Packet Recv. Window Size of 0 allows (WIN-009, AMB-03).
    PeerWindowZero {
        /// One packet.
        One = "one",
        /// As many as the field can say: 65535.
        Unlimited = "unlimited",
    }
    /// The first transmit window (WIN-003, AMB-04).
    InitialWindow {
        /// Half of the peer's maximum, rounded up, at least one packet.
        HalfRoundedUp = "half-rounded-up",
        /// Half of the peer's maximum, rounded down, at least one packet.
        HalfRoundedDown = "half-rounded-down",
        /// All of the peer's maximum.
        Full = "full",
    }
    /// Which outstanding packets a time-out gives up (AMB-06).
    TimeOutForgives {
        /// All of them: one time-out for the whole session.
        All = "all",
        /// The oldest; every other packet has a time-out of its own.
        Oldest = "oldest",
    }
}
