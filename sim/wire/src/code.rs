//! The protocol's code points: integer newtypes with a named constant for every value that RFC 2637 defines.
//!
//! A newtype holds any value of its wire integer; values without a name are illegal and are carried and reported, never refused.

use crate::octets::Wire;

macro_rules! codes {
    ($(
        $(#[$documentation:meta])*
        $name:ident($integer:ty) { $($constant:ident = $value:literal $text:literal: $meaning:literal;)* }
    )*) => {$(
        $(#[$documentation])*
        #[derive(Copy, Clone, Eq, PartialEq, Ord, PartialOrd, Hash, Debug)]
        #[cfg_attr(any(test, feature = "arbitrary"), derive(arbitrary::Arbitrary))]
        pub struct $name(pub $integer);

        impl $name {
            $(#[doc = concat!($text, ": ", $meaning, ".")] pub const $constant: Self = Self($value);)*

            /// Every defined value with its name and its meaning.
            pub const ALL: &'static [($integer, &'static str, &'static str)] = &[$(($value, $text, $meaning),)*];

            /// Every defined value with its name, in the form that a field table carries.
            pub const NAMES: &'static [(u32, &'static str)] = &[$(($value, $text),)*];

            /// The name of the value, or `None` where the RFC defines none.
            #[allow(clippy::missing_const_for_fn)]
            pub const fn name(self) -> Option<&'static str> {
                match self.0 {
                    $($value => Some($text),)*
                    _ => None,
                }
            }

            /// Whether the RFC defines the value.
            #[inline]
            pub const fn is_defined(self) -> bool {
                self.name().is_some()
            }
        }
        codes!(@wire $name($integer));
    )*};
    (@wire $name:ident($integer:ty)) => {
        impl Wire for $name {
            const SIZE: usize = <$integer as Wire>::SIZE;
            #[inline(always)]
            fn read(octets: &[u8], at: usize) -> Self {
                Self(<$integer>::read(octets, at))
            }
            #[inline(always)]
            fn write(self, octets: &mut [u8], at: usize) {
                self.0.write(octets, at);
            }
        }
    };
}

codes! {
    /// PPTP Message Type, octets 2-3 of every message (RFC 2637 §1.4).
    PptpMessageType(u16) {
        CONTROL = 1 "Control Message": "one of the fifteen control messages";
        MANAGEMENT = 2 "Management Message": "named by the RFC, but without any defined message";
    }

    /// Protocol Version of the start exchange: version in the high octet, revision in the low octet (RFC 2637 §2.1).
    ProtocolVersion(u16) {
        V1_0 = 0x0100 "1.0": "version 1, revision 0, the version that RFC 2637 specifies";
    }

    /// Framing Capabilities: a set of bits (RFC 2637 §2.1).
    FramingCapabilities(u32) {
        ASYNCHRONOUS = 1 "Asynchronous": "asynchronous framing supported";
        SYNCHRONOUS = 2 "Synchronous": "synchronous framing supported";
    }

    /// Bearer Capabilities: a set of bits (RFC 2637 §2.1).
    BearerCapabilities(u32) {
        ANALOG = 1 "Analog": "analog access supported";
        DIGITAL = 2 "Digital": "digital access supported";
    }

    /// Framing Type of an outgoing call (RFC 2637 §2.7) and of a connected incoming call, where 3 is not defined (§2.11).
    FramingType(u32) {
        ASYNCHRONOUS = 1 "Asynchronous": "call uses asynchronous framing";
        SYNCHRONOUS = 2 "Synchronous": "call uses synchronous framing";
        EITHER = 3 "Either": "call can use either type of framing";
    }

    /// Bearer Type of an outgoing call (RFC 2637 §2.7).
    BearerType(u32) {
        ANALOG = 1 "Analog": "call is to be placed on an analog channel";
        DIGITAL = 2 "Digital": "call is to be placed on a digital channel";
        ANY = 3 "Any": "call can be placed on any type of channel";
    }

    /// Call Bearer Type of an incoming call (RFC 2637 §2.9).
    CallBearerType(u32) {
        ANALOG = 1 "Analog": "call is on an analog channel";
        DIGITAL = 2 "Digital": "call is on a digital channel";
    }

    /// Result Code of Start-Control-Connection-Reply (RFC 2637 §2.2).
    StartResult(u8) {
        OK = 1 "ok": "channel established";
        GENERAL_ERROR = 2 "general error": "see Error Code";
        EXISTS = 3 "exists": "command channel already exists";
        NOT_AUTHORISED = 4 "not authorised": "requester may not open a channel";
        BAD_VERSION = 5 "bad version": "requester's version not supported";
    }

    /// Reason of Stop-Control-Connection-Request (RFC 2637 §2.3).
    StopReason(u8) {
        NONE = 1 "None": "general request";
        STOP_PROTOCOL = 2 "Stop-Protocol": "peer's version not supported";
        STOP_LOCAL_SHUTDOWN = 3 "Stop-Local-Shutdown": "requester shuts down";
    }

    /// Result Code of Stop-Control-Connection-Reply (RFC 2637 §2.4).
    StopResult(u8) {
        OK = 1 "OK": "closed";
        GENERAL_ERROR = 2 "General Error": "not closed, see Error Code";
    }

    /// Result Code of Echo-Reply (RFC 2637 §2.6).
    EchoResult(u8) {
        OK = 1 "OK": "valid";
        GENERAL_ERROR = 2 "General Error": "see Error Code";
    }

    /// Result Code of Outgoing-Call-Reply (RFC 2637 §2.8).
    OutgoingCallResult(u8) {
        CONNECTED = 1 "Connected": "no errors";
        GENERAL_ERROR = 2 "General Error": "see Error Code";
        NO_CARRIER = 3 "No Carrier": "no carrier detected";
        BUSY = 4 "Busy": "busy signal";
        NO_DIAL_TONE = 5 "No Dial Tone": "no dial tone";
        TIME_OUT = 6 "Time-out": "PAC's time ran out";
        DO_NOT_ACCEPT = 7 "Do Not Accept": "administratively prohibited";
    }

    /// Result Code of Incoming-Call-Reply (RFC 2637 §2.10).
    IncomingCallResult(u8) {
        CONNECT = 1 "Connect": "answer the call";
        GENERAL_ERROR = 2 "General Error": "see Error Code";
        DO_NOT_ACCEPT = 3 "Do Not Accept": "hang up or busy";
    }

    /// Result Code of Call-Disconnect-Notify (RFC 2637 §2.13).
    DisconnectResult(u8) {
        LOST_CARRIER = 1 "Lost Carrier": "loss of carrier";
        GENERAL_ERROR = 2 "General Error": "see Error Code";
        ADMIN_SHUTDOWN = 3 "Admin Shutdown": "administrative";
        REQUEST = 4 "Request": "Call-Clear-Request received";
    }

    /// Error Code of all replies and of Call-Disconnect-Notify (RFC 2637 §2.16, `ERR-001`).
    ErrorCode(u8) {
        NONE = 0 "None": "no general error";
        NOT_CONNECTED = 1 "Not-Connected": "no control connection yet";
        BAD_FORMAT = 2 "Bad-Format": "length or cookie wrong";
        BAD_VALUE = 3 "Bad-Value": "field out of range or reserved non-zero";
        NO_RESOURCE = 4 "No-Resource": "insufficient resources";
        BAD_CALL_ID = 5 "Bad-Call ID": "Call ID invalid in context";
        PAC_ERROR = 6 "PAC-Error": "vendor-specific PAC error";
    }
}

impl FramingCapabilities {
    /// Asynchronous and synchronous framing.
    pub const BOTH: Self = Self(3);

    /// Whether all bits of `other` are set.
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }
}

impl BearerCapabilities {
    /// Analog and digital access.
    pub const BOTH: Self = Self(3);

    /// Whether all bits of `other` are set.
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }
}

/// Cause Code of Outgoing-Call-Reply and Call-Disconnect-Notify: depends on the type of the call; for ISDN calls the Q.931
/// cause value (RFC 2637 §2.8, §2.13). No value is defined, none is illegal.
#[derive(Copy, Clone, Eq, PartialEq, Ord, PartialOrd, Hash, Debug)]
#[cfg_attr(any(test, feature = "arbitrary"), derive(arbitrary::Arbitrary))]
pub struct CauseCode(pub u16);

/// The number that one end of a call assigned to it (RFC 2637 §2.7, §2.9); 0 and 0xFFFF are legal on the wire (AMB-43).
#[derive(Copy, Clone, Eq, PartialEq, Ord, PartialOrd, Hash, Debug)]
#[cfg_attr(any(test, feature = "arbitrary"), derive(arbitrary::Arbitrary))]
pub struct CallId(pub u16);

codes!(@wire CauseCode(u16));
codes!(@wire CallId(u16));

macro_rules! control_message_types {
    ($($constant:ident = $value:literal $text:literal, $length:literal octets: $meaning:literal;)*) => {
        /// Control Message Type, octets 8-9 of every control message (RFC 2637 §1.4, §2.1-2.15, `HDR-010`).
        #[derive(Copy, Clone, Eq, PartialEq, Ord, PartialOrd, Hash, Debug)]
        #[cfg_attr(any(test, feature = "arbitrary"), derive(arbitrary::Arbitrary))]
        pub struct ControlMessageType(pub u16);

        impl ControlMessageType {
            $(#[doc = concat!($text, ": ", $meaning, "; ", $length, " octets.")] pub const $constant: Self = Self($value);)*

            /// Every defined value with its name and its meaning, in the order of the RFC.
            pub const ALL: &'static [(u16, &'static str, &'static str)] = &[$(($value, $text, $meaning),)*];

            /// The name of the message, such as `Outgoing-Call-Request`, or `None` for an undefined type.
            pub const fn name(self) -> Option<&'static str> {
                match self.0 {
                    $($value => Some($text),)*
                    _ => None,
                }
            }

            /// The one size in octets that messages of this type have (`HDR-003`), or `None` for an undefined type.
            #[inline]
            pub const fn length(self) -> Option<u16> {
                match self.0 {
                    $($value => Some($length),)*
                    _ => None,
                }
            }

            /// Whether the RFC defines the value: 1 to 15.
            #[inline]
            pub const fn is_defined(self) -> bool {
                matches!(self.0, 1..=15)
            }

            /// The type with this name, such as `Outgoing-Call-Request`.
            pub fn by_name(name: &str) -> Option<Self> {
                Self::ALL.iter().find(|row| row.1 == name).map(|row| Self(row.0))
            }
        }
        codes!(@wire ControlMessageType(u16));
    };
}

control_message_types! {
    START_CONTROL_CONNECTION_REQUEST = 1 "Start-Control-Connection-Request", 156 octets: "asks for a control connection";
    START_CONTROL_CONNECTION_REPLY = 2 "Start-Control-Connection-Reply", 156 octets: "answers the request for a control connection";
    STOP_CONTROL_CONNECTION_REQUEST = 3 "Stop-Control-Connection-Request", 16 octets: "asks to close the control connection";
    STOP_CONTROL_CONNECTION_REPLY = 4 "Stop-Control-Connection-Reply", 16 octets: "answers the request to close";
    ECHO_REQUEST = 5 "Echo-Request", 16 octets: "asks whether the peer is alive";
    ECHO_REPLY = 6 "Echo-Reply", 20 octets: "answers an Echo-Request";
    OUTGOING_CALL_REQUEST = 7 "Outgoing-Call-Request", 168 octets: "the PNS asks the PAC to place a call";
    OUTGOING_CALL_REPLY = 8 "Outgoing-Call-Reply", 32 octets: "the PAC answers the request to place a call";
    INCOMING_CALL_REQUEST = 9 "Incoming-Call-Request", 220 octets: "the PAC announces an inbound call";
    INCOMING_CALL_REPLY = 10 "Incoming-Call-Reply", 24 octets: "the PNS answers the announcement";
    INCOMING_CALL_CONNECTED = 11 "Incoming-Call-Connected", 28 octets: "the PAC confirms the connected inbound call";
    CALL_CLEAR_REQUEST = 12 "Call-Clear-Request", 16 octets: "the PNS asks to clear a call";
    CALL_DISCONNECT_NOTIFY = 13 "Call-Disconnect-Notify", 148 octets: "the PAC says that a call has ended";
    WAN_ERROR_NOTIFY = 14 "WAN-Error-Notify", 40 octets: "the PAC reports line errors";
    SET_LINK_INFO = 15 "Set-Link-Info", 24 octets: "the PNS sets options that PPP negotiated";
}
