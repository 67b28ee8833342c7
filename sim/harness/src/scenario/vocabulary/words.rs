//! Words of scenario files: what begins a line, what `do` can do, what `expect` can ask, and the messages.

use crate::scenario::Role;
use crate::scenario::model::{MessageName, Observable};
use pptp_wire::ControlMessageType;

/// A word that begins a line.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct Word {
    /// The word.
    pub name: &'static str,
    /// Where it may stand: `file`, `scenario`, `node`, `link`, `flow`, `finally`, or the word whose block it belongs in.
    pub place: &'static str,
    /// What the line looks like.
    pub form: &'static str,
    /// What it means.
    pub doc: &'static str,
}

macro_rules! words {
    ($($place:literal { $($name:literal: $form:literal, $doc:literal;)* })*) => {
        /// Every word that begins a line, by the place where it may stand.
        pub const WORDS: &[Word] = &[$($(Word { name: $name, place: $place, form: $form, doc: $doc },)*)*];
    };
}

words! {
    "file" {
        "version": "version 1", "The version of the scenario language; 1 where the file names none.";
        "scenario": "scenario \"what it proves\" { … }", "The one scenario of a file.";
        "fragment": "fragment PARAMETER=default … { … }", "Steps that stand in place of an `include`; an argument instead of a property is a parameter without default.";
    }
    "scenario" {
        "covers": "covers \"CDN-003\" …", "Requirements that the scenario puts to the test.";
        "set": "set windows", "Judges by the requirements of Windows as well (MS-001 to MS-015), and not by what they relax; `rfc` where the file names none.";
        "seed": "seed 2637", "The seed of all luck; 0 where the file names none.";
        "holds": "holds in \"99.9%\" of=\"seeds\" confidence=\"99.9%\"", "With how many seeds it holds, where luck decides: single seeds may miss what the script expects (and nothing else), and `sweep` decides whether so many hold. Without this line every seed has to.";
        "limit": "limit time=\"120s\" steps=20000", "A run that exceeds one of these ends with that.";
        "matrix": "matrix { cut \"1..167\"; … } or matrix { case \"name\" x=1 …; …; cut \"1..167\" }", "Parameters: the product of lists and ranges, named rows, or every row with every value of the lists.";
        "node": "node pns role=PNS packet-recv-window-size=16 …", "A node, with its role, its profile and profile fields, and the telephone behind it.";
        "link": "link pns pac { control …; gre … }", "A path between two nodes.";
        "flow": "flow { … }", "What happens, step by step.";
        "finally": "finally { … }", "What must hold when nothing but keep-alive timers is left.";
    }
    "matrix" {
        "case": "case \"the PNS wins\" winner=pns loser=pac", "One named row; every row names the same parameters.";
    }
    "node" {
        "auto": "auto echo ack", "What a scripted node does by itself after all: answer Echo-Requests, acknowledge data.";
        "limit": "limit calls-per-connection=8", "Resource limits of the node.";
        "misses": "misses \"CC-008\" …", "Requirements that this end is known to miss: shown and not graded; the run fails where it does not miss them. A report with `--sut` judges them.";
        "may-miss": "may-miss \"CC-008\" …", "Requirements that this end may miss: shown and not graded, as `misses`, and it need not miss them.";
    }
    "link" {
        "control": "control [from=pac] delay=\"20ms\" …", "The ordered octet stream of TCP; with `from=` the direction in which that node sends.";
        "gre": "gre [from=pac] delay=\"20ms\" loss=\"5%\" …", "GRE packets; with `from=` the direction in which that node sends.";
    }
    "flow" {
        "do": "do pns place-call call=c1 …", "Has a node act. Takes no time; waits until what earlier lines sent to the node has arrived.";
        "expect": "expect pns call=c1 state=established within=\"1s\"", "Asks a node; without `within` it must hold at once.";
        "wait": "wait for=\"2s\" or wait until=data-idle [call=c1] or wait until=rest within=\"4h\"", "Blocks.";
        "delivered": "delivered pns -> pac Echo-Request", "A message line seen where the message arrives.";
        "lost": "lost pns -> pac GRE call=c1 sequence-number=3", "A message line for a packet that never arrives.";
        "inject": "inject pac ~> pns GRE call=c1 sequence-number=next", "Sends a message or packet beside an endpoint, in its name.";
        "all": "all { … }", "Message lines in any order.";
        "parallel": "parallel { track { … } track { … } }", "Tracks side by side; a message is offered to them in the order of the text.";
        "any": "any within=\"1s\" requirement=\"PACO-001\" { branch { … } … }", "The first branch whose first line matches is taken; 60 s where it names no time.";
        "repeat": "repeat 3 [index=i] { … } or repeat \"1..5\" index=i { … }", "The block so many times; `$i` counts from 0, or through the range.";
        "when": "when answer=none { … } or when answer=\"none|close\" message=\"!Echo-Request\" { … }", "The steps of the block in the cases alone whose parameters have these values; `\"!none|close\"`: any other.";
        "end": "end", "The flow ends here, well.";
        "silent": "silent pns -> pac GRE [call=c1] for=\"10s\" or silent … { … }", "No such GRE packet, for a time or until the steps of the block are done.";
        "ignore": "ignore { pac -> pns Echo-Request } or ignore pac -> pns Echo-Request [{ … }]", "These messages are no steps, to the end of the enclosing block, or for a block of their own.";
        "exact": "exact GRE [{ … }]", "Every GRE packet must be matched, to the end of the enclosing block, or for a block of its own.";
        "free": "free control [{ … }]", "Control messages and TCP events need no line, to the end of the enclosing block (in the flow: of the run), or for a block of its own.";
        "include": "include \"fragments/call.kdl\" call=c1", "The steps of a fragment; the path is relative to the including file.";
        "drop": "drop pac -> pns GRE acknowledgment-only=#true [nth=\"1..3\"] [{ … }]", "Loses such packets, to the end of the enclosing block, or for a block of its own.";
        "delay": "delay pac -> pns GRE nth=3 by=\"400ms\" [{ … }]", "Such packets, or such a control message and all behind it, come so much later.";
        "hasten": "hasten pac -> pns GRE nth=3 [by=\"5ms\"] [{ … }]", "Such packets, or such a TCP-Segment, take so much less of the link's delay; without `by`, packets take none and overtake.";
        "corrupt": "corrupt pac -> pns GRE [nth=1] [bit=100] [{ … }]", "Turns one bit of such packets over.";
        "duplicate": "duplicate pac -> pns GRE [nth=1] [{ … }]", "Such packets arrive twice.";
        "split": "split pns -> pac Outgoing-Call-Request at=\"84\" [{ … }]", "Cuts such control messages into TCP segments.";
        "impair": "impair pns pac { gre loss=\"20%\"; [flow { … }] }", "Changes a link until `restore`, or for its `flow`; what it does not name stays.";
        "restore": "restore pns pac [plane=gre] [from=pac]", "The link is again as it was declared.";
        "outage": "outage pns pac [plane=gre] [from=pac] [for=\"3s\"] [{ … }]", "Nothing gets through: GRE is lost, control octets wait. Ends at the later of its time and its contents; without both, the flow goes on, and it lasts until `resume` or `heal`.";
        "stall": "stall pns pac [from=pac] [for=\"3s\"] [{ … }]", "Control octets wait. Ends as an outage does.";
        "resume": "resume pns pac [plane=gre] [from=pac]", "Outages and stalls with neither a time nor a block are over.";
        "heal": "heal", "The network does nothing any more but what its links were declared to do, and crashed nodes come up again: changes of links, targeted faults, outages and stalls are over.";
        "reset": "reset pns pac [connection=k1]", "The path resets the control connections between two nodes.";
        "half-close": "half-close pns pac from=pac [connection=k1]", "The path ends one direction of a control connection.";
        "crash": "crash pac", "The node loses all its state and says nothing more.";
        "restart": "restart pac", "The node comes up again, with no state.";
    }
    "parallel" {
        "track": "track { … }", "Steps that run beside those of the other tracks.";
    }
    "any" {
        "branch": "branch [grade=non-strict] [requirement=\"…\"] { … }", "One way on; the first step is a `->` line. An empty one is chosen when nothing else comes.";
    }
    "impair" {
        "flow": "flow { … }", "Steps for which the change holds.";
    }
    "finally" {
        "calls": "calls 0", "So many calls at each node that is not scripted.";
        "connections": "connections 1", "So many control connections at each node that is not scripted.";
        "received": "received pac call=c1 packets=100 in-order=#true unique=#true", "Data that reached the node's application.";
        "settled": "settled", "Nothing is left half done at the nodes that are not scripted: no call half-open, no window stuck, no timer spinning.";
        "never": "never [pns] violation or never pns call=c2 state=established", "At no time in the run.";
    }
}

/// What `do` can have a node do.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct Action {
    /// The word.
    pub name: &'static str,
    /// The one role that can do it; `None`: both.
    pub role: Option<Role>,
    /// What it does.
    pub doc: &'static str,
}

macro_rules! actions {
    ($($name:literal, $role:expr, $doc:literal;)*) => {
        /// Everything that `do` knows.
        pub const ACTIONS: &[Action] = &[$(Action { name: $name, role: $role, doc: $doc },)*];
    };
}

actions! {
    "open-control", None, "Opens a TCP connection and starts the control connection on it (RFC 2637 §3.1.1).";
    "close-control", None, "Sends a Stop-Control-Connection-Request, Reason 1 unless told otherwise (§2.3).";
    "place-call", Some(Role::Pns), "Sends an Outgoing-Call-Request (§2.7); `call=` names the call.";
    "ring", Some(Role::Pac), "The telephone rings: sends an Incoming-Call-Request (§2.9); `call=` names the call.";
    "clear-call", Some(Role::Pns), "Sends a Call-Clear-Request (§2.12).";
    "disconnect-call", Some(Role::Pac), "Sends a Call-Disconnect-Notify with Result 3 (§2.13).";
    "lose-carrier", Some(Role::Pac), "The line drops: sends a Call-Disconnect-Notify with Result 1 (§2.13).";
    "set-link-info", Some(Role::Pns), "Sends a Set-Link-Info (§2.15); a map that is not named is 0xFFFFFFFF.";
    "count-wan-errors", Some(Role::Pac), "The line reports so many more errors; they go out in a WAN-Error-Notify (§2.14).";
    "send-data", None, "Sends packets of data in the background; without `every` as fast as the window allows. Ends with its call.";
}

/// A word that `expect` and `never` can ask about.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct ObservableWord {
    /// The word.
    pub name: &'static str,
    /// What it is.
    pub observable: Observable,
    /// What it takes.
    pub takes: &'static str,
    /// What it means.
    pub doc: &'static str,
}

macro_rules! observables {
    ($($name:literal, $observable:ident, $takes:literal, $doc:literal;)*) => {
        /// Everything that can be observed.
        pub const OBSERVABLES: &[ObservableWord] = &[$(ObservableWord {
            name: $name, observable: Observable::$observable, takes: $takes, doc: $doc,
        },)*];
    };
}

observables! {
    "state", State, "a state", "The state of a call (with `call=`), or of a control connection.";
    "window", Window, "a number of packets", "How many packets of the call the node may have outstanding (§4.2).";
    "adaptive-time-out", AdaptiveTimeOut, "a span of time", "The adaptive time-out of the call (§4.4).";
    "send-accm", SendAccm, "a number", "The send ACCM that the node uses for the call (§2.15).";
    "receive-accm", ReceiveAccm, "a number", "The receive ACCM that the node uses for the call (§2.15).";
    "dropped", Dropped, "a drop reason", "The node dropped a GRE packet for this reason.";
    "violation", Violation, "nothing, or a requirement id", "A finding against the node.";
    "calls", Calls, "a number", "How many calls the node has.";
    "connections", Connections, "a number", "How many control connections the node has.";
}

impl Observable {
    /// The word of scenarios.
    pub fn name(self) -> &'static str {
        OBSERVABLES
            .iter()
            .find(|word| word.observable == self)
            .map_or("", |word| word.name)
    }
}

/// A state of `rfc/fsm.tsv`, with `-` for `_`.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct StateWord {
    /// The word.
    pub name: &'static str,
    /// Whether a control connection can be in it.
    pub connection: bool,
    /// Whether a call at a PAC can be in it.
    pub pac_call: bool,
    /// Whether a call at a PNS can be in it.
    pub pns_call: bool,
    /// What it means.
    pub doc: &'static str,
}

macro_rules! states {
    ($($name:literal, $connection:literal, $pac:literal, $pns:literal, $doc:literal;)*) => {
        /// Every state (RFC 2637 §3).
        pub const STATES: &[StateWord] = &[$(StateWord {
            name: $name, connection: $connection, pac_call: $pac, pns_call: $pns, doc: $doc,
        },)*];
        /// The names of all states.
        pub const CALL_STATES: &[&str] = &[$($name),*];
    };
}

states! {
    "idle", true, true, true, "There is no connection, or no call, or it is over.";
    "wait-ctl-reply", true, false, false, "The originator waits for Start-Control-Connection-Reply (§3.1.1).";
    "established", true, true, true, "The connection, or the call, stands.";
    "wait-stop-reply", true, false, false, "Waits for Stop-Control-Connection-Reply (§3.1.1).";
    "wait-reply", false, true, true, "Waits for Incoming-Call-Reply (PAC, §3.2.3.1) or Outgoing-Call-Reply (PNS, §3.2.4.2).";
    "wait-cs-ans", false, true, false, "The PAC waits for the telephone to answer (§3.2.4.1).";
    "wait-connect", false, false, true, "The PNS waits for Incoming-Call-Connected (§3.2.3.2).";
    "wait-disconnect", false, false, true, "The PNS waits for Call-Disconnect-Notify (§3.2.3.2, §3.2.4.2).";
}

/// The states that a control connection can be in.
pub const CONNECTION_STATES: &[&str] =
    &["idle", "wait-ctl-reply", "established", "wait-stop-reply"];

/// Resource limits of a node, with what each is.
pub const NODE_LIMITS: &[(&str, &str)] = &[
    (
        "connections",
        "Control connections that the node holds at once.",
    ),
    (
        "pending-connections",
        "TCP connections whose start exchange is not over.",
    ),
    (
        "released-call-ids",
        "Call IDs that are kept out of use for a while after their call.",
    ),
    ("calls-per-connection", "Calls on one control connection."),
    (
        "transmit-buffer-packets",
        "Data packets of one call that wait to be sent.",
    ),
    (
        "receive-buffer-packets",
        "Data packets of one call that wait for one that is missing.",
    ),
];

/// A message or event that a `->` line can name.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct Message {
    /// What it is.
    pub message: MessageName,
    /// What it means.
    pub doc: &'static str,
}

macro_rules! messages {
    ($($message:expr, $doc:literal;)*) => {
        /// Every name that a `->` line can have; the control messages first, in the order of their types.
        pub const MESSAGES: &[Message] = &[$(Message { message: $message, doc: $doc },)*];
    };
}

messages! {
    MessageName::Control(ControlMessageType::START_CONTROL_CONNECTION_REQUEST), "Opens a control connection (RFC 2637 §2.1).";
    MessageName::Control(ControlMessageType::START_CONTROL_CONNECTION_REPLY), "Accepts or refuses it (§2.2).";
    MessageName::Control(ControlMessageType::STOP_CONTROL_CONNECTION_REQUEST), "Ends a control connection (§2.3).";
    MessageName::Control(ControlMessageType::STOP_CONTROL_CONNECTION_REPLY), "Answers that (§2.4).";
    MessageName::Control(ControlMessageType::ECHO_REQUEST), "Keep-alive (§2.5).";
    MessageName::Control(ControlMessageType::ECHO_REPLY), "Answers an Echo-Request with its Identifier (§2.6).";
    MessageName::Control(ControlMessageType::OUTGOING_CALL_REQUEST), "A PNS asks for an outgoing call (§2.7).";
    MessageName::Control(ControlMessageType::OUTGOING_CALL_REPLY), "The PAC says how the call went (§2.8).";
    MessageName::Control(ControlMessageType::INCOMING_CALL_REQUEST), "A PAC reports a call that comes in (§2.9).";
    MessageName::Control(ControlMessageType::INCOMING_CALL_REPLY), "The PNS takes or refuses it (§2.10).";
    MessageName::Control(ControlMessageType::INCOMING_CALL_CONNECTED), "The PAC has answered the call (§2.11).";
    MessageName::Control(ControlMessageType::CALL_CLEAR_REQUEST), "A PNS asks for the end of a call (§2.12).";
    MessageName::Control(ControlMessageType::CALL_DISCONNECT_NOTIFY), "The PAC reports the end of a call (§2.13).";
    MessageName::Control(ControlMessageType::WAN_ERROR_NOTIFY), "The PAC reports line errors (§2.14).";
    MessageName::Control(ControlMessageType::SET_LINK_INFO), "The PNS reports PPP options (§2.15).";
    MessageName::Unknown, "A message whose Control Message Type is none of 1 to 15.";
    MessageName::Unframed, "Octets on a control connection that form no message.";
    MessageName::Gre, "A packet of the tunnel: enhanced GRE (§4.1).";
    MessageName::TcpOpen, "The SYN of a connection; it is open for the sender one round trip later. A refusal is a TCP-Reset.";
    MessageName::TcpClose, "The sender closes its direction (FIN). The close that answers one is free.";
    MessageName::TcpReset, "The sender aborts or refuses the connection (RST).";
    MessageName::TcpEnd, "A TCP-Close or a TCP-Reset, whichever comes.";
    MessageName::TcpSegment, "Octets of control connections that travel together: only `delay` and `hasten` can name it.";
}

/// The one role that sends a message (the `sender` of RFC 2637 §2.7 to §2.15); `None`: both do.
pub fn sender(message: MessageName) -> Option<Role> {
    let MessageName::Control(message_type) = message else {
        return None;
    };
    match message_type {
        ControlMessageType::OUTGOING_CALL_REQUEST
        | ControlMessageType::INCOMING_CALL_REPLY
        | ControlMessageType::CALL_CLEAR_REQUEST
        | ControlMessageType::SET_LINK_INFO => Some(Role::Pns),
        ControlMessageType::OUTGOING_CALL_REPLY
        | ControlMessageType::INCOMING_CALL_REQUEST
        | ControlMessageType::INCOMING_CALL_CONNECTED
        | ControlMessageType::CALL_DISCONNECT_NOTIFY
        | ControlMessageType::WAN_ERROR_NOTIFY => Some(Role::Pac),
        _ => None,
    }
}

/// The message that a common abbreviation stands for: scenarios write names in full, diagnostics understand these.
pub fn abbreviation(text: &str) -> Option<&'static str> {
    Some(match text.to_ascii_uppercase().as_str() {
        "SCCRQ" => "Start-Control-Connection-Request",
        "SCCRP" => "Start-Control-Connection-Reply",
        "STOPCCRQ" | "STCRQ" => "Stop-Control-Connection-Request",
        "STOPCCRP" | "STCRP" => "Stop-Control-Connection-Reply",
        "ECHO" | "ECHORQ" => "Echo-Request",
        "ECHORP" => "Echo-Reply",
        "OCRQ" => "Outgoing-Call-Request",
        "OCRP" => "Outgoing-Call-Reply",
        "ICRQ" => "Incoming-Call-Request",
        "ICRP" => "Incoming-Call-Reply",
        "ICCN" => "Incoming-Call-Connected",
        "CCRQ" | "CCLR" => "Call-Clear-Request",
        "CDN" => "Call-Disconnect-Notify",
        "WEN" => "WAN-Error-Notify",
        "SLI" => "Set-Link-Info",
        "SYN" => "TCP-Open",
        "FIN" => "TCP-Close",
        "RST" => "TCP-Reset",
        _ => return None,
    })
}
