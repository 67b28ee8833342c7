//! The table of rules, by area.

use super::{Precondition, Rule};
use pptp_wire::ControlMessageType as Type;
use pptp_wire::Requirement::{self, *};

const START_REQUEST: &[Type] = &[Type::START_CONTROL_CONNECTION_REQUEST];
const START_REPLY: &[Type] = &[Type::START_CONTROL_CONNECTION_REPLY];
const STOP_REQUEST: &[Type] = &[Type::STOP_CONTROL_CONNECTION_REQUEST];
const STOP_REPLY: &[Type] = &[Type::STOP_CONTROL_CONNECTION_REPLY];
const ECHO_REQUEST: &[Type] = &[Type::ECHO_REQUEST];
const ECHO_REPLY: &[Type] = &[Type::ECHO_REPLY];
const OUTGOING_REQUEST: &[Type] = &[Type::OUTGOING_CALL_REQUEST];
const OUTGOING_REPLY: &[Type] = &[Type::OUTGOING_CALL_REPLY];
const INCOMING_REQUEST: &[Type] = &[Type::INCOMING_CALL_REQUEST];
const INCOMING_REPLY: &[Type] = &[Type::INCOMING_CALL_REPLY];
const CONNECTED: &[Type] = &[Type::INCOMING_CALL_CONNECTED];
const CLEAR: &[Type] = &[Type::CALL_CLEAR_REQUEST];
const DISCONNECT: &[Type] = &[Type::CALL_DISCONNECT_NOTIFY];
const WAN_ERROR: &[Type] = &[Type::WAN_ERROR_NOTIFY];
const LINK_INFO: &[Type] = &[Type::SET_LINK_INFO];
/// What an end that is not established may not send: the requests, and the success replies among the replies.
const AFTER_START: &[Type] = &[
    Type::ECHO_REQUEST,
    Type::OUTGOING_CALL_REQUEST,
    Type::OUTGOING_CALL_REPLY,
    Type::INCOMING_CALL_REQUEST,
    Type::INCOMING_CALL_REPLY,
    Type::INCOMING_CALL_CONNECTED,
    Type::CALL_CLEAR_REQUEST,
    Type::WAN_ERROR_NOTIFY,
    Type::SET_LINK_INFO,
];
const CALL_MESSAGES: &[Type] = &[
    Type::OUTGOING_CALL_REQUEST,
    Type::OUTGOING_CALL_REPLY,
    Type::INCOMING_CALL_REQUEST,
    Type::INCOMING_CALL_REPLY,
    Type::INCOMING_CALL_CONNECTED,
    Type::CALL_CLEAR_REQUEST,
    Type::CALL_DISCONNECT_NOTIFY,
    Type::WAN_ERROR_NOTIFY,
    Type::SET_LINK_INFO,
];
const WITH_ERROR_CODE: &[Type] = &[
    Type::START_CONTROL_CONNECTION_REPLY,
    Type::STOP_CONTROL_CONNECTION_REPLY,
    Type::ECHO_REPLY,
    Type::OUTGOING_CALL_REPLY,
    Type::INCOMING_CALL_REPLY,
    Type::CALL_DISCONNECT_NOTIFY,
];

const fn rule(
    name: &'static str,
    requirements: &'static [Requirement],
    precondition: Precondition,
    doc: &'static str,
) -> Rule {
    Rule {
        requirements,
        name,
        precondition,
        doc,
    }
}

use Precondition::{
    Acknowledgment, AcknowledgmentOfSeveral, AcknowledgmentOnly, AnyMessage, AnyPacket, Data,
    DataAfterAcknowledgmentOnly, DataArrived, History, Messages,
};

/// Every rule. Single messages first, then control connections, calls and tunnels.
#[rustfmt::skip]
pub const RULES: &[Rule] = &[
    // Single messages: what one message shows by itself.
    rule("header", &[Hdr001, Hdr002, Hdr003, Hdr004, Hdr005, Hdr006, Hdr010, Hdr011, Hdr012, Hdr020, Tr006], AnyMessage, "header, size, reserved fields and byte order of every control message"),
    rule("error-code", &[Err001], Messages(WITH_ERROR_CODE), "only the defined general errors are used"),
    rule("start-request-fields", &[Sccrq002, Sccrq003, Sccrq004, Sccrq005, Sccrq010, Sccrq011], Messages(START_REQUEST), "fields of Start-Control-Connection-Request"),
    rule("start-reply-fields", &[Sccrp002, Sccrp003, Sccrp004, Sccrp005, Sccrp006, Sccrp007, Sccrp012, Sccrp013], Messages(START_REPLY), "fields of Start-Control-Connection-Reply, its version against the request's"),
    rule("stop-request-fields", &[Stcrq002, Stcrq004], Messages(STOP_REQUEST), "fields of Stop-Control-Connection-Request"),
    rule("stop-reply-fields", &[Stcrp002, Stcrp003, Stcrp004], Messages(STOP_REPLY), "fields of Stop-Control-Connection-Reply"),
    rule("echo-reply-fields", &[Ecrp003, Ecrp004, Ecrp005], Messages(ECHO_REPLY), "fields of Echo-Reply"),
    rule("outgoing-call-request-fields", &[Ocrq005, Ocrq006, Ocrq007, Ocrq008, Ocrq009, Ocrq010, Ocrq011, Ocrq012, Ocrq013], Messages(OUTGOING_REQUEST), "fields of Outgoing-Call-Request"),
    rule("outgoing-call-reply-fields", &[Ocrp004, Ocrp005, Ocrp006, Ocrp007, Ocrp008], Messages(OUTGOING_REPLY), "fields of Outgoing-Call-Reply, its speed against the request's bounds"),
    rule("incoming-call-request-fields", &[Icrq004, Icrq007, Icrq008, Icrq009], Messages(INCOMING_REQUEST), "fields of Incoming-Call-Request"),
    rule("incoming-call-reply-fields", &[Icrp004, Icrp005, Icrp006, Icrp008], Messages(INCOMING_REPLY), "fields of Incoming-Call-Reply"),
    rule("incoming-call-connected-fields", &[Iccn003, Iccn004, Iccn005, Iccn007], Messages(CONNECTED), "fields of Incoming-Call-Connected"),
    rule("call-clear-request-fields", &[Cclr003], Messages(CLEAR), "fields of Call-Clear-Request"),
    rule("call-disconnect-notify-fields", &[Cdn004, Cdn006, Cdn008, Cdn009], Messages(DISCONNECT), "fields of Call-Disconnect-Notify"),
    rule("wan-error-notify-fields", &[Wen007, Wen008], Messages(WAN_ERROR), "fields of WAN-Error-Notify"),
    rule("set-link-info-fields", &[Sli003], Messages(LINK_INFO), "fields of Set-Link-Info"),
    rule("gre-header", &[Gre001, Gre002, Gre003, Gre004, Gre005, Gre006, Gre007, Gre008, Gre009, Gre010, Gre011, Gre013, Gre015], AnyPacket, "flags, version, type, lengths of the enhanced GRE header"),
    rule("acknowledgment-only", &[Gre016], AcknowledgmentOnly, "a packet that only acknowledges has no payload"),
    rule("payload", &[Tr011, Ppp001, Ppp002, Ppp003, Ppp004], Data, "the payload is one PPP packet without media framing, at most 1532 octets"),

    // Control connections.
    rule("silent-open", &[Cc001], History, "the opener sends its request soon after the connection is open"),
    rule("first-message", &[Sccrq001], History, "the opener's request are the first octets on the connection"),
    rule("start-by-opener", &[Tr009, Sccrq012], Messages(START_REQUEST), "the opener sends the request, once a connection"),
    rule("start-answered", &[Sccrp001], History, "one reply for each request, none without"),
    rule("nobody-starts", &[Ka001], History, "an acceptor that waits 60 s for the request closes"),
    rule("unsupported-version", &[Cc015], History, "an acceptor that refuses a version closes"),
    rule("second-channel", &[Tr012, Sccrp014, Cc021], History, "one control connection for a pair; Result 3 refuses a second one and only that"),
    rule("established-first", &[Tr005], Messages(AFTER_START), "requests and success replies wait until the control connection is established"),
    rule("refused-start", &[Cc007], History, "a refused start is not followed by call messages"),
    rule("maximum-channels", &[Sccrq006, Sccrp008, Sccrq008], History, "a PNS has no channels; a PAC keeps to what it advertises"),
    rule("stop-request", &[Stcrq001, Stcrq003], Messages(STOP_REQUEST), "Reason 2 is not for an end with which version 1.0 was agreed: a start with Result 1, both versions 0x0100"),
    rule("stop-reply", &[Stcrp001], Messages(STOP_REPLY), "a stop reply answers a stop request"),
    rule("not-closed", &[Stcrp005], History, "an end that answers that it does not close does not close"),
    rule("stop-answered", &[Cc009, Cc018], History, "a stop request is answered, and the connection then closed, by originator and receiver"),
    rule("stop-completed", &[Cc010, Cc019], History, "an end whose stop is answered closes, as originator and as receiver"),
    rule("answer-waits", &[Tr016], History, "a reply waits for the last octet of its request"),
    rule("after-the-stop", &[Call010], History, "no call message follows a stop exchange under which there were calls"),
    rule("after-own-stop", &[Cc012], History, "no request follows an end's own stop request"),
    rule("bare-close", &[Cc008, Cc017], History, "an established end stops before it closes or resets, unless a close is demanded or answered"),
    rule("orderly-close", &[Tr014], History, "the stop reply reaches the peer before the connection is torn down"),
    rule("lost-step", &[Hdr008, Hdr009], History, "an end that has lost synchronisation says no more, and closes"),
    rule("malformed", &[Hdr014, Hdr015, Paco001], History, "a malformed message is answered by a close or by an error; a request for a kind of call that does not exist is not granted"),
    rule("collision", &[Cc022, Cc023, Cc024, Cc025, Cc026, Cc027, Cc028], History, "of two crossing starts the one from the higher address survives"),
    rule("echo-identifier", &[Ecrq002], Messages(ECHO_REQUEST), "no two Echo-Requests with one Identifier are open"),
    rule("echo-answered", &[Ecrp001], History, "each Echo-Request is answered once"),
    rule("echo-matches", &[Ecrp002, Ecrp006], Messages(ECHO_REPLY), "an Echo-Reply copies the Identifier of a request that is open"),
    rule("keep-alive", &[Ka003], History, "an end that hears nothing for 60 s sends Echo-Request, 10 s of tolerance"),
    rule("dead-peer", &[Ka002, Ka004, Ka005, Cc029], History, "an end whose request is not answered for 60 s closes, 10 s of tolerance"),
    rule("idle-timer", &[Ka006], History, "any message that is received restarts the idle timer"),
    rule("error-of-pac", &[Err007], History, "only a PAC reports a PAC-Error"),

    // Calls.
    rule("direction", &[Hdr016], Messages(CALL_MESSAGES), "each call message goes its own way between PNS and PAC"),
    rule("outgoing-request", &[Ocrq001, Ocrq002, Ocrq003, Pnso001], Messages(OUTGOING_REQUEST), "Outgoing-Call-Request: from the PNS, a free Call ID, a fresh serial number"),
    rule("outgoing-reply", &[Ocrp002, Ocrp003, Ocrp011, Paco004], Messages(OUTGOING_REPLY), "Outgoing-Call-Reply: once for a request that is open, with a free Call ID"),
    rule("outgoing-answered", &[Ocrp001], History, "an Outgoing-Call-Request is answered within 60 s and the grace for dialling"),
    rule("failed-outgoing", &[Pnso002, Paco008], History, "nothing follows a failed outgoing call"),
    rule("incoming-request", &[Icrq001, Icrq002, Icrq003], Messages(INCOMING_REQUEST), "Incoming-Call-Request: from the PAC, a free Call ID, a fresh serial number"),
    rule("incoming-reply", &[Icrp002, Icrp003], Messages(INCOMING_REPLY), "Incoming-Call-Reply: for a request that is open, with a free Call ID"),
    rule("incoming-answered", &[Icrp001], History, "an Incoming-Call-Request is answered once, within 60 s"),
    rule("incoming-connected", &[Iccn001, Iccn002, Icrq010, Icrp009], Messages(CONNECTED), "Incoming-Call-Connected: after an accepting reply, with the PNS's Call ID"),
    rule("accepted-incoming", &[Paci003], History, "an accepted incoming call is connected or disconnected"),
    rule("refused-incoming", &[Paci002], History, "nothing follows a refused incoming call"),
    rule("unique-call-id", &[Call001], History, "an end gives one Call ID to one live call"),
    rule("clear-request", &[Cclr001, Cclr002], Messages(CLEAR), "Call-Clear-Request: from the PNS, with the PNS's Call ID of a live call"),
    rule("clear-answered", &[Cclr005, Paco006, Paci005], History, "a clear is answered by Call-Disconnect-Notify before a stop exchange or a close by the PNS"),
    rule("disconnect-notify", &[Cdn001, Cdn003, Cdn005], Messages(DISCONNECT), "Call-Disconnect-Notify: from the PAC, with the PAC's Call ID of a live call; Result 4 answers a clear"),
    rule("silent-disconnect", &[Cdn002, Paco007], History, "a PAC does not close the control connection under its live calls"),
    rule("silent-release", &[Pnsi006, Pnso004, Pnso006], History, "a PNS gives up a call by a clear, not by taking its Call ID for another"),
    rule("wait-disconnect", &[Pnsi007, Pnso007], History, "a PNS that has sent a clear waits for the disconnect, whatever crosses"),
    rule("disconnected", &[Pnsi004, Pnsi005, Pnso005], History, "a PNS sends nothing more for a call that was disconnected"),
    rule("waiting-call", &[Ka007], History, "a call that waits for more than 60 s takes the control connection down"),
    rule("wan-error", &[Wen001, Wen002, Wen003, Wen004, Wen005, Wen006], Messages(WAN_ERROR), "WAN-Error-Notify: from the PAC, with the PNS's Call ID, cumulative counters, upon errors, once a minute"),
    rule("link-info", &[Sli001, Sli002], Messages(LINK_INFO), "Set-Link-Info: from the PNS, with the PAC's Call ID"),

    // Tunnels.
    rule("tunnel-first", &[Tr004, Tr010], AnyPacket, "data flows between the ends of an established control connection"),
    rule("call-id", &[Gre012, Call007], AnyPacket, "a packet carries the Call ID that its receiver gave to a live call"),
    rule("window-known", &[Call009], Data, "no data before the sender knows the peer's window"),
    rule("after-the-call", &[Call008], History, "no data after the end of a call, one transit of tolerance"),
    rule("after-the-connection", &[Tr008, Stcrq005, Call005], History, "no data after the control connection has gone, one transit of tolerance"),
    rule("first-number", &[Seq001], History, "sequence numbers start at 0"),
    rule("consecutive", &[Seq002, Seq006, Ack010], Data, "sequence numbers go up by one, and none is sent again"),
    rule("acknowledgments-use-no-number", &[Seq003], DataAfterAcknowledgmentOnly, "packets that only acknowledge use no number up"),
    rule("numbers-of-a-call", &[Seq004], History, "each call counts for itself"),
    rule("acknowledged-data", &[Ack001, Ack003], Acknowledgment, "an acknowledgment names a number that was sent"),
    rule("acknowledgments-rise", &[Ack002, Ack004], Acknowledgment, "acknowledgment numbers never go back"),
    rule("acknowledgment-of-several", &[Ack006], AcknowledgmentOfSeveral, "several packets may be acknowledged at once"),
    rule("acknowledgment-beyond-a-gap", &[Ack007], History, "a packet above a gap is acknowledged, the time for reordering granted"),
    rule("late-packet", &[Ack008], History, "a late packet does not lower the acknowledgment"),
    rule("acknowledged-in-the-end", &[Ack009], DataArrived, "received data is acknowledged within 1 s"),
    rule("window", &[Win001, Win002, Win003, Ocrq014], History, "a burst shorter than the minimum time-out keeps to the window: half of the advertised maximum at first, never beyond it"),
    rule("window-growth", &[Win004], History, "the window grows by one a window acknowledged"),

    // The set that describes Windows.
    rule("windows-keep-alive", &[Ms003], History, "an Echo-Request every 60 s"),
    rule("windows-relaxed", &[Ms004, Ms005], History, "no collisions, several connections for a pair, no window"),
    rule("windows-acknowledgment", &[Ms007], DataArrived, "received data is acknowledged within 100 ms"),
    rule("windows-disconnect", &[Ms008], Messages(DISCONNECT), "Call-Disconnect-Notify has Result Code 0"),
    rule("windows-server", &[Ms009], Messages(CALL_MESSAGES), "a server sends neither Incoming-Call-Request nor WAN-Error-Notify"),
    rule("windows-close", &[Ms010, Ms011], History, "calls end by their messages, and with the connection"),
    rule("windows-fingerprint", &[Ms014, Ms015], History, "the values that Windows sends"),
];

#[cfg(test)]
mod tests {
    use super::super::{EXCEPTIONS, is_ruled, rule_for};
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn a_requirement_belongs_to_one_rule_and_names_are_unique() {
        let mut requirements = BTreeSet::new();
        let mut names = BTreeSet::new();
        for rule in RULES {
            assert!(names.insert(rule.name), "{} twice", rule.name);
            assert!(!rule.doc.is_empty() && !rule.requirements.is_empty());
            for requirement in rule.requirements {
                assert!(requirements.insert(requirement), "{requirement} twice");
                assert!(is_ruled(*requirement), "{requirement}");
            }
        }
    }

    #[test]
    fn exceptions_are_not_ruled() {
        for &(requirement, reason) in EXCEPTIONS {
            assert!(!is_ruled(requirement), "{requirement}");
            assert!(!reason.is_empty());
        }
        assert_eq!(
            rule_for(Cdn003).map(|rule| rule.name),
            Some("disconnect-notify")
        );
        assert!(rule_for(Hdr007).is_none());
    }
}
