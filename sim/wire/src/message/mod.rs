//! The fifteen control messages (RFC 2637 §2), one file each, and the sum of them.

mod call_clear_request;
mod call_disconnect_notify;
mod declaration;
mod echo_reply;
mod echo_request;
mod incoming_call_connected;
mod incoming_call_reply;
mod incoming_call_request;
mod outgoing_call_reply;
mod outgoing_call_request;
mod set_link_info;
mod start_control_connection_reply;
mod start_control_connection_request;
mod stop_control_connection_reply;
mod stop_control_connection_request;
mod wan_error_notify;

pub use call_clear_request::CallClearRequest;
pub use call_disconnect_notify::CallDisconnectNotify;
pub use echo_reply::EchoReply;
pub use echo_request::EchoRequest;
pub use incoming_call_connected::IncomingCallConnected;
pub use incoming_call_reply::IncomingCallReply;
pub use incoming_call_request::IncomingCallRequest;
pub use outgoing_call_reply::OutgoingCallReply;
pub use outgoing_call_request::OutgoingCallRequest;
pub use set_link_info::SetLinkInfo;
pub use start_control_connection_reply::StartControlConnectionReply;
pub use start_control_connection_request::StartControlConnectionRequest;
pub use stop_control_connection_reply::StopControlConnectionReply;
pub use stop_control_connection_request::StopControlConnectionRequest;
pub use wan_error_notify::WanErrorNotify;

use crate::header::{HEADER_FIELDS, truncated};
use crate::validate::Judge;
use crate::{ControlMessageType, DecodeError, DecodeErrorKind, Field, Header, MAXIMUM_LENGTH};

/// A control message: header and body, any values.
///
/// A message that was made by `From` has the legal header of its type; `header` may then be changed to anything. Encoding takes
/// the layout from the body and the header's values from the header.
#[derive(Copy, Clone, Eq, PartialEq, Hash, Debug)]
pub struct ControlMessage {
    /// Octets 0-11.
    pub header: Header,
    /// The fields that follow the header.
    pub body: Body,
}

macro_rules! bodies {
    ($($name:ident = $type_constant:ident;)*) => {
        /// The fields that follow the header, by message.
        #[derive(Copy, Clone, Eq, PartialEq, Hash, Debug)]
        #[cfg_attr(any(test, feature = "arbitrary"), derive(arbitrary::Arbitrary))]
        pub enum Body {
            $(#[doc = concat!("See [`", stringify!($name), "`](struct@", stringify!($name), ").")] $name($name),)*
        }

        impl Body {
            /// The Control Message Type that the fields belong to.
            #[inline]
            pub const fn message_type(&self) -> ControlMessageType {
                match self {
                    $(Self::$name(_) => $name::TYPE,)*
                }
            }

            /// A legal body for messages of this type, or `None` for an undefined type.
            pub fn default_for(message_type: ControlMessageType) -> Option<Self> {
                match message_type {
                    $(ControlMessageType::$type_constant => Some(Self::$name($name::default())),)*
                    _ => None,
                }
            }

            #[inline]
            pub(crate) fn judge(&self, judge: &mut Judge<'_>) {
                match self {
                    $(Self::$name(message) => message.judge(judge),)*
                }
            }

            /// Octets of the whole message.
            const fn length(&self) -> usize {
                match self {
                    $(Self::$name(_) => $name::LENGTH,)*
                }
            }
        }

        /// The fields of messages of this type in wire order, the five of the header first; empty for undefined types.
        pub fn fields(message_type: ControlMessageType) -> &'static [Field] {
            match message_type {
                $(ControlMessageType::$type_constant => $name::FIELDS,)*
                _ => &[],
            }
        }

        impl ControlMessage {
            /// Decodes exactly one message: as many octets as its Control Message Type has (`HDR-003`). Cookie, PPTP Message Type,
            /// Length, reserved fields and codes are carried whatever they are; [`ControlMessage::validate`] judges them.
            ///
            /// # Errors
            /// [`DecodeError`] where octets are missing, with the first field that is not all there; where there are too many; and
            /// where the Control Message Type is undefined (`HDR-010`).
            #[inline]
            pub fn decode(octets: &[u8]) -> Result<Self, DecodeError> {
                let header = Header::decode(octets)?;
                let body = match header.control_message_type {
                    $(ControlMessageType::$type_constant => match octets.try_into() {
                        Ok(octets) => Body::$name($name::decode_body(octets)),
                        Err(_) => return Err(wrong_size($name::FIELDS, $name::LENGTH, octets.len())),
                    },)*
                    ControlMessageType(unknown) => return Err(unknown_type(unknown)),
                };
                Ok(Self { header, body })
            }

            /// Writes the message to the buffer and returns the octets written: as many as the body's message has.
            #[inline]
            pub fn encode<'b>(&self, buffer: &'b mut [u8; MAXIMUM_LENGTH]) -> &'b [u8] {
                if let Some(octets) = buffer.first_chunk_mut() {
                    self.header.encode(octets);
                }
                match &self.body {
                    $(Body::$name(message) => {
                        if let Some(octets) = buffer.first_chunk_mut() {
                            message.encode_body(octets);
                        }
                    })*
                }
                &buffer[..self.body.length()]
            }
        }
    };
}

bodies! {
    StartControlConnectionRequest = START_CONTROL_CONNECTION_REQUEST;
    StartControlConnectionReply = START_CONTROL_CONNECTION_REPLY;
    StopControlConnectionRequest = STOP_CONTROL_CONNECTION_REQUEST;
    StopControlConnectionReply = STOP_CONTROL_CONNECTION_REPLY;
    EchoRequest = ECHO_REQUEST;
    EchoReply = ECHO_REPLY;
    OutgoingCallRequest = OUTGOING_CALL_REQUEST;
    OutgoingCallReply = OUTGOING_CALL_REPLY;
    IncomingCallRequest = INCOMING_CALL_REQUEST;
    IncomingCallReply = INCOMING_CALL_REPLY;
    IncomingCallConnected = INCOMING_CALL_CONNECTED;
    CallClearRequest = CALL_CLEAR_REQUEST;
    CallDisconnectNotify = CALL_DISCONNECT_NOTIFY;
    WanErrorNotify = WAN_ERROR_NOTIFY;
    SetLinkInfo = SET_LINK_INFO;
}

impl ControlMessage {
    /// The type of the message by its body. The header's type differs from it only where it was set to something else.
    #[inline]
    pub const fn message_type(&self) -> ControlMessageType {
        self.body.message_type()
    }

    /// A legal message of this type, or `None` for an undefined type.
    pub fn default_for(message_type: ControlMessageType) -> Option<Self> {
        Body::default_for(message_type).map(|body| Self {
            header: Header::for_type(message_type),
            body,
        })
    }
}

#[cold]
fn unknown_type(unknown: u16) -> DecodeError {
    let field = &HEADER_FIELDS[3];
    DecodeError {
        at: field.offset,
        field: field.key,
        kind: DecodeErrorKind::UnknownControlMessageType(unknown),
    }
}

#[cold]
fn wrong_size(fields: &'static [Field], needed: usize, available: usize) -> DecodeError {
    if available < needed {
        return truncated(fields, needed, available);
    }
    let field = fields.last().map_or("length", |field| field.key);
    DecodeError {
        at: needed,
        field,
        kind: DecodeErrorKind::TooLong { needed, available },
    }
}

#[cfg(test)]
mod tests;
