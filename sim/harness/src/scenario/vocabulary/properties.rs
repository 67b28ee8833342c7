//! Properties of lines: `name=value` after the words.

/// A property of a line.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct Property {
    /// The kind of line: a word, `do` with an action, `message`, `sent message`.
    pub of: &'static str,
    /// The name.
    pub name: &'static str,
    /// What it takes.
    pub takes: &'static str,
    /// What it means.
    pub doc: &'static str,
}

macro_rules! properties {
    ($($of:literal { $($name:literal $takes:literal $doc:literal;)* })*) => {
        /// Every property but fields, observables and profile fields, which have tables of their own.
        pub const PROPERTIES: &[Property] = &[$($(Property { of: $of, name: $name, takes: $takes, doc: $doc },)*)*];
    };
}

properties! {
    "holds" {
        "of" "seeds" "What the rate is a part of.";
        "confidence" "a percentage" "1 less the probability of a wrong decision, either way: from 50% to below 100%.";
    }
    "limit" {
        "time" "a span of time" "Virtual time.";
        "steps" "a number" "Events of the world.";
        "queue" "a number" "Events that wait at once.";
        "records" "a number" "Records of the run.";
    }
    "node" {
        "role" "PAC or PNS" "Its role; every node that is not scripted has one.";
        "address" "IPv4 addresses" "Its addresses, separated by blanks; the n-th node has 10.0.0.n.";
        "profile" "a profile" "Which implementation it behaves like; `rfc` where the line names none.";
        "scripted" "#true or #false" "It sends what the lines say, and nothing else.";
        "answers-after" "a span of time" "The telephone is answered so long after it rings.";
        "busy" "#true or #false" "The telephone is busy.";
        "no-carrier" "#true or #false" "The telephone call finds no carrier.";
        "no-dial-tone" "#true or #false" "The telephone line has no dial tone.";
        "hangs-up-after" "a span of time" "The other end of the telephone hangs up so long after the answer.";
    }
    "control" {
        "from" "a node" "Only the direction in which this node sends.";
        "delay" "a span of time" "One way.";
        "jitter" "a span of time" "How far the delay strays; a segment never overtakes the one before it.";
        "jitter-correlation" "a percentage" "How probably a segment strays as the one before it.";
        "distribution" "uniform, normal, pareto or paretonormal" "The law of the jitter.";
        "segment" "a number of octets" "The largest segment; 0: as it was sent.";
        "segment-at" "numbers of octets" "Cuts what is sent at once behind each of these, such as \"1 20\".";
        "segment-spacing" "a span of time" "How much later each further segment leaves.";
        "coalesce" "a span of time" "Octets wait this long for more, and leave together.";
    }
    "gre" {
        "from" "a node" "Only the direction in which this node sends.";
        "delay" "a span of time" "One way.";
        "jitter" "a span of time" "How far the delay strays; packets may overtake each other.";
        "jitter-correlation" "a percentage" "How probably a packet strays as the one before it.";
        "distribution" "uniform, normal, pareto or paretonormal" "The law of the jitter.";
        "loss" "a percentage" "Random loss.";
        "loss-correlation" "a percentage" "How probably the fate of the packet before is that of the next.";
        "loss-gilbert-elliott" "one to four percentages" "Loss in bursts: \"p r 1-h 1-k\", as netem has it.";
        "loss-markov" "one to five percentages" "Loss by four states: \"p13 p31 p32 p23 p14\", as netem has it.";
        "reorder" "a percentage" "So many packets skip the delay.";
        "reorder-correlation" "a percentage" "How probably the fate of the packet before is that of the next.";
        "reorder-gap" "a number of packets" "Of so many packets one may overtake.";
        "duplicate" "a percentage" "So many packets arrive twice.";
        "duplicate-correlation" "a percentage" "How probably the fate of the packet before is that of the next.";
        "corrupt" "a percentage" "In so many packets one bit turns over.";
        "corrupt-correlation" "a percentage" "How probably the fate of the packet before is that of the next.";
        "rate" "a rate" "Bits a second, such as \"64kbit\"; \"0bit\": as many as come.";
        "queue" "a number of packets" "So many packets wait for the rate; more are lost. 1000 where the line names none.";
        "mtu" "a number of octets" "Longer packets, IPv4 header and all, are lost; 0: none is too long.";
    }
    "message" {
        "call" "a name" "The Call ID that the message carries, as the RFC has it, is that of its owner in this call.";
        "connection" "a name" "The control connection.";
        "packets" "a number" "The line stands for so many GRE packets of its direction, one after the other.";
        "after" "a span of time" "Not earlier, counted from the end of the step before.";
        "within" "a span of time" "Not later, counted from the end of the step before; 60 s where the line names none.";
        "requirement" "a requirement id" "What a missed line breaks.";
    }
    "sent message" {
        "split" "numbers of octets" "Goes out in TCP segments, cut behind each of these, such as \"84 100\".";
        "pause" "a span of time" "The time between two segments.";
        "truncate" "a number of octets" "Only so many are sent; Length stays.";
        "pad" "a number of octets" "So many zeros follow; Length stays.";
        "octets" "a number, or hexadecimal digits" "GRE: the payload really sent. Control: all that is really sent.";
        "patch" "offsets with hexadecimal digits" "What stands there afterwards, such as \"16:04 20:00ff\".";
        "from-address" "an IPv4 address" "The source address on the packet.";
    }
    "inject" {
        "in-stream" "#true or #false" "The octets are no message of their own: whoever takes in the stream cuts it where the octets say. What the two ends do about what they have told each other is not judged until they connect anew.";
        "may-be-refused" "#true or #false" "Where the connection is not open, or the call is not known, nothing happens and nothing is wrong.";
    }
    "do" {
        "may-be-refused" "#true or #false" "It is asked for at once, and where the state of the node forbids it, nothing happens and nothing is wrong. A node that it names no connection to takes its oldest.";
    }
    "do open-control" {
        "to" "a node" "The other end.";
        "connection" "a name" "Names the new connection.";
    }
    "do close-control" {
        "connection" "a name" "Which one, where there are several.";
        "reason" "a number" "The Reason of the request.";
    }
    "do place-call" {
        "call" "a name" "Names the new call.";
        "connection" "a name" "On which control connection, where there are several.";
        "phone-number" "a text" "The number to call.";
        "subaddress" "a text" "More of the number.";
        "call-serial-number" "a number" "Call Serial Number.";
        "minimum-bps" "a number" "Minimum BPS.";
        "maximum-bps" "a number" "Maximum BPS.";
        "bearer-type" "a number" "Bearer Type.";
        "framing-type" "a number" "Framing Type.";
        "packet-recv-window-size" "a number" "Packet Recv. Window Size.";
        "packet-processing-delay" "a number" "Packet Processing Delay, tenths of a second.";
    }
    "do ring" {
        "call" "a name" "Names the new call.";
        "connection" "a name" "On which control connection, where there are several.";
        "dialed-number" "a text" "The number that was called.";
        "dialing-number" "a text" "The number of the caller.";
        "subaddress" "a text" "More of the number.";
        "call-serial-number" "a number" "Call Serial Number.";
        "call-bearer-type" "a number" "Call Bearer Type.";
        "physical-channel-id" "a number" "Physical Channel ID.";
    }
    "do clear-call" { "call" "a name" "Which call."; }
    "do disconnect-call" { "call" "a name" "Which call."; }
    "do lose-carrier" { "call" "a name" "Which call."; }
    "do set-link-info" {
        "call" "a name" "Which call.";
        "send-accm" "a number" "Send ACCM.";
        "receive-accm" "a number" "Receive ACCM.";
    }
    "do count-wan-errors" {
        "call" "a name" "Which call.";
        "crc-errors" "a number" "So many more.";
        "framing-errors" "a number" "So many more.";
        "hardware-overruns" "a number" "So many more.";
        "buffer-overruns" "a number" "So many more.";
        "time-out-errors" "a number" "So many more.";
        "alignment-errors" "a number" "So many more.";
    }
    "do send-data" {
        "call" "a name" "Which call.";
        "packets" "a number" "How many.";
        "bytes" "a number of octets" "Payload Length of each.";
        "every" "a span of time" "From one to the next.";
    }
    "expect" {
        "call" "a name" "Which call.";
        "connection" "a name" "Which control connection.";
        "after" "a span of time" "Not earlier, counted from the end of the step before.";
        "within" "a span of time" "Waits so long; without it everything must hold at once.";
        "requirement" "a requirement id" "What a missed line breaks.";
    }
    "wait" {
        "for" "a span of time" "So long.";
        "until" "data-idle or rest" "`data-idle`: nothing is left to send, in flight, or unacknowledged that still can be acknowledged; `rest`: nothing but keep-alive is left anywhere, and no end holds a control connection that the other has lost.";
        "call" "a name" "In this call alone.";
        "within" "a span of time" "At most so long; 60 s where the line names none.";
        "requirement" "a requirement id" "What a missed line breaks, or a message that comes meanwhile and that nothing expects.";
    }
    "any" {
        "within" "a span of time" "How long to wait for the first line of a branch; 60 s where it names none.";
        "requirement" "a requirement id" "What is missed if none comes.";
    }
    "branch" {
        "grade" "pass, info, non-strict, unsupported, inconclusive or fail" "The verdict that taking it gives; pass where it names none.";
        "requirement" "a requirement id" "What that verdict is about.";
    }
    "repeat" { "index" "a name" "The parameter that counts."; }
    "silent" {
        "call" "a name" "Only packets of this call.";
        "for" "a span of time" "So long.";
        "requirement" "a requirement id" "What a packet would break.";
    }
    "fault" {
        "call" "a name" "Only packets, or messages, of this call.";
        "connection" "a name" "Only on this control connection.";
        "nth" "a number or range" "Only these of the packets, counted from 1.";
    }
    "delay" {
        "by" "a span of time" "How much later.";
        "copy" "1 or 2" "Only this copy of a packet that is doubled.";
    }
    "hasten" {
        "by" "a span of time" "How much less of the link's delay; none of it where the line says nothing.";
        "copy" "1 or 2" "Only this copy of a packet that is doubled.";
    }
    "corrupt" {
        "bit" "a number" "Which bit, from the most significant of the GRE header on; luck chooses where the line names none.";
        "copy" "1 or 2" "Only this copy of a packet that is doubled; the line names the bit then.";
    }
    "split" { "at" "numbers of octets" "Where the message is cut."; }
    "restore" {
        "plane" "control or gre" "Only this plane.";
        "from" "a node" "Only the direction in which this node sends.";
    }
    "resume" {
        "plane" "control or gre" "Only this plane.";
        "from" "a node" "Only the direction in which this node sends.";
    }
    "outage" {
        "plane" "control or gre" "Only this plane.";
        "from" "a node" "Only the direction in which this node sends.";
        "for" "a span of time" "How long.";
    }
    "stall" {
        "from" "a node" "Only the direction in which this node sends.";
        "for" "a span of time" "How long.";
    }
    "reset" { "connection" "a name" "Only this control connection."; }
    "half-close" {
        "from" "a node" "Whose direction ends.";
        "connection" "a name" "Only this control connection.";
    }
    "calls" { "requirement" "a requirement id" "What a wrong number breaks."; }
    "connections" { "requirement" "a requirement id" "What a wrong number breaks."; }
    "received" {
        "call" "a name" "In this call alone.";
        "packets" "a number" "Exactly so many.";
        "at-least" "a number" "So many or more.";
        "at-most" "a number" "So many or fewer.";
        "in-order" "#true or #false" "In the order in which they were sent.";
        "unique" "#true or #false" "None twice.";
        "requirement" "a requirement id" "What is broken otherwise.";
    }
    "never" {
        "call" "a name" "Which call.";
        "connection" "a name" "Which control connection.";
        "requirement" "a requirement id" "What is broken otherwise.";
    }
}

/// The properties of one kind of line.
pub fn properties_of(of: &str) -> impl Iterator<Item = &'static Property> {
    PROPERTIES.iter().filter(move |property| property.of == of)
}

/// Whether some line has a property of that name.
pub fn is_property(name: &str) -> bool {
    PROPERTIES.iter().any(|property| property.name == name)
}
