//! The switchboard: every deviation with the requirements that it breaks.

use pptp_wire::Requirement;

use super::{Deviation, FoundBy};
use crate::Role;

const BOTH: &[Role] = &[Role::Pac, Role::Pns];
const PAC: &[Role] = &[Role::Pac];
const PNS: &[Role] = &[Role::Pns];

macro_rules! deviations {
    ($(
        $(#[doc = $doc:literal])+
        $variant:ident = $name:literal, $roles:ident, [$($requirement:ident),*], $found:ident, [$($bug:literal),*];
    )*) => {
        /// A switch of the board.
        #[derive(Copy, Clone, Debug, Eq, PartialEq, Ord, PartialOrd)]
        #[repr(u8)]
        pub enum DeviationId {
            $($(#[doc = $doc])+ $variant,)*
        }

        /// Every deviation: those of the data session first, then those of the control connection and its calls.
        pub const DEVIATIONS: &[Deviation] = &[$(Deviation {
            id: DeviationId::$variant,
            name: $name,
            roles: $roles,
            breaks: &[$(Requirement::$requirement),*],
            found_by: FoundBy::$found,
            known_bugs: &[$($bug),*],
            doc: concat!($($doc),+).trim_ascii_start(),
        }),*];
    };
}

deviations! {
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
    /// Octets after the payload are passed on with it.
    ExtraOctetsDelivered = "extra-octets-delivered", BOTH, [Gre019], Suite, ["KB-57"];
    /// A packet with fewer octets than Payload Length is passed on.
    TruncatedDelivered = "truncated-delivered", BOTH, [Gre019], Suite, [];
    /// GRE packets with wrong fixed bits, version or protocol type are passed on.
    BadHeaderDelivered = "bad-header-delivered", BOTH, [Gre017], Suite, [];
    /// An acknowledgment without payload is passed on as a frame of no octets.
    AckOnlyDeliveredAsEmptyFrame = "ack-only-delivered-as-empty-frame", BOTH, [Gre016], Suite, ["KB-60"];

    /// Call-Disconnect-Notify carries the PNS's Call ID.
    CdnCarriesPnsId = "cdn-carries-pns-id", PAC, [Cdn003], Suite, ["KB-20"];
    /// The Call ID of Call-Disconnect-Notify has its octets swapped.
    CdnCallIdByteOrder = "cdn-call-id-byte-order", PAC, [Cdn003, Tr006], Suite, ["KB-20"];
    /// The call of a Call-Disconnect-Notify is looked up by the PNS's own Call ID alone.
    CdnMatchedByOwnId = "cdn-matched-by-own-id", PNS, [Cdn003, Pnso005], Suite, ["KB-19"];
    /// Call-Clear-Request ends the call without Call-Disconnect-Notify.
    ClearWithoutNotify = "clear-without-notify", PAC, [Cclr005, Cdn002], Suite, ["KB-16"];
    /// Call-Clear-Request is answered by closing TCP, without Call-Disconnect-Notify.
    ClearClosesControl = "clear-closes-control", PAC, [Cclr005, Cdn002, Cc008], Suite, ["KB-16"];
    /// A Call-Clear-Request for an unknown Call ID ends the oldest call.
    ClearIgnoresCallId = "clear-ignores-call-id", PAC, [Cclr002, Cdn002], Suite, ["KB-16"];
    /// Call-Clear-Request carries the PAC's Call ID.
    ClearCarriesPacId = "clear-carries-pac-id", PNS, [Cclr002], Suite, [];
    /// The connection is closed right behind Call-Clear-Request.
    ClearWithoutWaiting = "clear-without-waiting", PNS, [Pnso007, Cc008], Suite, ["KB-15"];
    /// A local disconnect and a lost carrier end the call without Call-Disconnect-Notify.
    SilentDisconnect = "silent-disconnect", PAC, [Cdn002], Suite, ["KB-17", "KB-18"];
    /// A call may be placed before Start-Control-Connection-Reply has come.
    CallBeforeStartReply = "call-before-start-reply", PNS, [Tr005, Cc006], Suite, ["KB-14"];
    /// Start-Control-Connection-Reply has Result 0 for success.
    StartResult0 = "start-result-0", BOTH, [Sccrp003], Suite, ["KB-26"];
    /// Start-Control-Connection-Reply is sent twice.
    StartReplyTwice = "start-reply-twice", BOTH, [Sccrp001], Suite, [];
    /// Start-Control-Connection-Reply carries version 0x0200.
    StartReplyHighVersion = "start-reply-high-version", BOTH, [Sccrp002, Cc016], Suite, [];
    /// A second Outgoing-Call-Request silently drops the first call.
    SecondCallReplacesFirst = "second-call-replaces-first", PAC, [Tr013, Cdn002], Suite, ["KB-25"];
    /// Call IDs are drawn from 1 to 8 without a look at those in use.
    CallIdWithoutCheck = "call-id-without-check", BOTH, [Ocrq002, Ocrp002, Icrq002, Call001], Suite, ["KB-22"];
    /// Phone Number Length has its octets swapped.
    PhoneLengthByteOrder = "phone-length-byte-order", PNS, [Ocrq010, Tr006], Suite, ["KB-28"];
    /// Connect Speed is swapped as if it had 16 bits.
    ConnectSpeedByteOrder = "connect-speed-byte-order", PAC, [Ocrp007, Tr006], Suite, ["KB-29"];
    /// Outgoing-Call-Reply says connected before the telephone has answered.
    ReplyBeforeAnswer = "reply-before-answer", PAC, [Ocrp001, Paco005], Suite, ["KB-30"];
    /// Peer's Call ID of a call reply is the sender's own Call ID.
    ReplyPeerCallIdWrong = "reply-peer-call-id-wrong", BOTH, [Ocrp003, Icrp003], Suite, [];
    /// Outgoing-Call-Reply and Incoming-Call-Reply are sent twice.
    ReplyTwice = "reply-twice", BOTH, [Ocrp011, Icrp001], Suite, [];
    /// Outgoing-Call-Reply and Incoming-Call-Reply are never sent.
    NoCallReply = "no-call-reply", BOTH, [Ocrp001, Icrp001], Suite, [];
    /// Incoming-Call-Connected is sent right behind Incoming-Call-Request, before the reply.
    ConnectWithoutAnswer = "connect-without-answer", PAC, [Iccn001], Suite, [];
    /// An Outgoing-Call-Reply after the own clear brings the call up.
    LateReplyRevivesCall = "late-reply-revives-call", PNS, [Pnso007], Suite, [];
    /// Identifier of Echo-Reply is one more than that of the request.
    EchoWrongIdentifier = "echo-wrong-identifier", BOTH, [Ecrp002], Suite, ["KB-38"];
    /// Echo-Requests are not answered.
    NeverEchoReply = "never-echo-reply", BOTH, [Ecrp001], Suite, [];
    /// No Echo-Request is sent, however long the silence.
    NeverEchoRequest = "never-echo-request", BOTH, [Ka003], Suite, [];
    /// A missing Echo-Reply does not end the connection.
    EchoLossNotDetected = "echo-loss-not-detected", BOTH, [Ka004, Cc029], Suite, ["KB-37"];
    /// The wait for an Echo-Reply is 5 s.
    EchoReplyWaitShort = "echo-reply-wait-short", BOTH, [Ka004], Suite, ["KB-35"];
    /// GRE packets count as control messages for the idle timer.
    DataFeedsIdleTimer = "data-feeds-idle-timer", BOTH, [Ka003], Suite, ["KB-36"];
    /// An Echo-Reply is sent behind every own Echo-Request.
    EchoUnaskedReply = "echo-unasked-reply", BOTH, [Ecrp006], Suite, [];
    /// A stop request is answered by closing TCP, without Stop-Control-Connection-Reply.
    NeverStopReply = "never-stop-reply", BOTH, [Cc009, Cc018], Suite, [];
    /// Stop-Control-Connection-Reply is sent and TCP stays open.
    StopReplyKeepsTcp = "stop-reply-keeps-tcp", BOTH, [Cc009, Cc018], Suite, [];
    /// Stop-Control-Connection-Request has Reason 0.
    StopReason0 = "stop-reason-0", BOTH, [Stcrq002], Suite, [];
    /// The control connection is ended by closing TCP, without Stop-Control-Connection-Request.
    CloseWithoutStop = "close-without-stop", BOTH, [Cc008, Cc017], Suite, ["KB-33"];
    /// The peer's FIN ends neither connection nor calls.
    IgnoresPeerClose = "ignores-peer-close", BOTH, [Tr008], Suite, ["KB-11"];
    /// Data of calls goes on after the connection has ended.
    CallsSurviveStop = "calls-survive-stop", BOTH, [Stcrq005, Call008], Suite, ["KB-10"];
    /// The loser of a collision keeps its own connection.
    CollisionBothKept = "collision-both-kept", BOTH, [Cc024, Tr012], Suite, [];
    /// The lower address wins a collision.
    CollisionLowerWins = "collision-lower-wins", BOTH, [Cc023], Suite, [];
    /// Addresses are compared as signed numbers in a collision.
    CollisionSignedCompare = "collision-signed-compare", BOTH, [Cc023], Suite, [];
    /// The winner of a collision answers on the loser's connection.
    CollisionWinnerAnswers = "collision-winner-answers", BOTH, [Cc028], Suite, [];
    /// The Magic Cookie is not compared.
    AcceptsAnyCookie = "accepts-any-cookie", BOTH, [Hdr007, Hdr009], Suite, ["KB-13"];
    /// Octets after a message are accepted, missing ones are read as zero.
    AcceptsAnyLength = "accepts-any-length", BOTH, [Hdr014], Suite, ["KB-06"];
    /// An unknown Control Message Type has no effect.
    IgnoresUnknownType = "ignores-unknown-type", BOTH, [Hdr014, Hdr015], Suite, [];
    /// A message of 220 octets, the longest there is, is refused.
    MaxLengthOffByOne = "max-length-off-by-one", BOTH, [Hdr003, Icrq001], Suite, ["KB-03"];
    /// What one read brings is taken for one message.
    OneReadIsOneMessage = "one-read-is-one-message", BOTH, [Tr007], Suite, ["KB-05"];
    /// An Outgoing-Call-Request with fields out of range succeeds.
    AcceptsBadValues = "accepts-bad-values", PAC, [Paco001], Suite, [];
    /// WAN-Error-Notify is sent as often as errors occur.
    WanErrorsTooOften = "wan-errors-too-often", PAC, [Wen003], Suite, [];
    /// The counters of WAN-Error-Notify are those since the last one.
    WanErrorsNotCumulative = "wan-errors-not-cumulative", PAC, [Wen004], Suite, [];
    /// Peer's Call ID of WAN-Error-Notify is the PAC's own Call ID.
    WanErrorsOwnCallId = "wan-errors-own-call-id", PAC, [Wen006], Suite, [];
    /// Peer's Call ID of Set-Link-Info is the PNS's own Call ID.
    SetLinkInfoOwnCallId = "set-link-info-own-call-id", PNS, [Sli002], Suite, [];
    /// Set-Link-Info has no effect.
    IgnoresSetLinkInfo = "ignores-set-link-info", PAC, [Sli006], Suite, [];
    /// Reserved0 of Echo-Request is 1.
    ReservedNotZero = "reserved-not-zero", BOTH, [Hdr011, Hdr012], Suite, ["KB-07"];
    /// Successful replies have Error Code 3.
    ErrorCodeWithoutResult = "error-code-without-result", BOTH, [Sccrp004, Ocrp005], Suite, [];
    /// GRE from another address than that of the peer is passed on.
    DeliversAnySource = "delivers-any-source", BOTH, [Gre018, Sec002], Suite, [];
    /// Data may be sent before Outgoing-Call-Reply.
    DataBeforeConnect = "data-before-connect", PAC, [Call009], Suite, ["KB-30"];
}
