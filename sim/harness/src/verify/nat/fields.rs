//! Where Call IDs stand in control messages, and whose they are.

use pptp_wire::{ControlMessageType as Type, Header, Requirement};

/// Who has given a Call ID.
#[derive(Copy, Clone, Debug, Eq, PartialEq, Ord, PartialOrd)]
pub(super) enum Owner {
    /// The PNS.
    Pns,
    /// The PAC.
    Pac,
}

impl Owner {
    /// `PNS's` or `PAC's`.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Owner::Pns => "PNS's",
            Owner::Pac => "PAC's",
        }
    }
}

/// A field that holds a Call ID.
#[derive(Copy, Clone, Debug)]
pub(super) struct CallIdField {
    /// The field's key.
    pub(super) key: &'static str,
    /// Octet at which it begins.
    pub(super) offset: usize,
    pub(super) owner: Owner,
    /// The requirement on the field.
    pub(super) requirement: Requirement,
    /// The message gives the Call ID to a call; otherwise it names one that was given.
    pub(super) gives: bool,
}

const fn field(offset: usize, owner: Owner, requirement: Requirement, gives: bool) -> CallIdField {
    let key = match (offset, gives) {
        (12, true) => "call-id",
        _ => "peer-call-id",
    };
    CallIdField {
        key,
        offset,
        owner,
        requirement,
        gives,
    }
}

const OUTGOING_REQUEST: [CallIdField; 1] = [field(12, Owner::Pns, Requirement::Ocrq002, true)];
const OUTGOING_REPLY: [CallIdField; 2] = [
    field(12, Owner::Pac, Requirement::Ocrp002, true),
    field(14, Owner::Pns, Requirement::Ocrp003, false),
];
const INCOMING_REQUEST: [CallIdField; 1] = [field(12, Owner::Pac, Requirement::Icrq002, true)];
const INCOMING_REPLY: [CallIdField; 2] = [
    field(12, Owner::Pns, Requirement::Icrp002, true),
    field(14, Owner::Pac, Requirement::Icrp003, false),
];
const INCOMING_CONNECTED: [CallIdField; 1] = [field(12, Owner::Pns, Requirement::Iccn002, false)];
const CLEAR: [CallIdField; 1] = [CallIdField {
    key: "call-id",
    ..field(12, Owner::Pns, Requirement::Cclr002, false)
}];
const DISCONNECT: [CallIdField; 1] = [CallIdField {
    key: "call-id",
    ..field(12, Owner::Pac, Requirement::Cdn003, false)
}];
const WAN_ERROR: [CallIdField; 1] = [field(12, Owner::Pns, Requirement::Wen006, false)];
const LINK_INFO: [CallIdField; 1] = [field(12, Owner::Pac, Requirement::Sli002, false)];

/// The type of a message, and its Call IDs. A reply that refuses gives none.
pub(super) fn call_id_fields(octets: &[u8]) -> (Type, &'static [CallIdField]) {
    let Ok(header) = Header::decode(octets) else {
        return (Type(0), &[]);
    };
    let kind = header.control_message_type;
    let accepts = octets.get(16) == Some(&1);
    let fields: &[CallIdField] = match kind {
        Type::OUTGOING_CALL_REQUEST => &OUTGOING_REQUEST,
        Type::OUTGOING_CALL_REPLY if accepts => &OUTGOING_REPLY,
        Type::OUTGOING_CALL_REPLY => &OUTGOING_REPLY[1..],
        Type::INCOMING_CALL_REQUEST => &INCOMING_REQUEST,
        Type::INCOMING_CALL_REPLY if accepts => &INCOMING_REPLY,
        Type::INCOMING_CALL_REPLY => &INCOMING_REPLY[1..],
        Type::INCOMING_CALL_CONNECTED => &INCOMING_CONNECTED,
        Type::CALL_CLEAR_REQUEST => &CLEAR,
        Type::CALL_DISCONNECT_NOTIFY => &DISCONNECT,
        Type::WAN_ERROR_NOTIFY => &WAN_ERROR,
        Type::SET_LINK_INFO => &LINK_INFO,
        _ => &[],
    };
    (kind, fields)
}

/// The number of two octets at an offset.
pub(super) fn number_at(octets: &[u8], offset: usize) -> Option<u16> {
    octets
        .get(offset..offset + 2)
        .map(|two| u16::from_be_bytes([two[0], two[1]]))
}

/// The message without its Call IDs: those of refusing replies included.
pub(super) fn without_call_ids(octets: &[u8]) -> Vec<u8> {
    let (kind, fields) = call_id_fields(octets);
    let mut masked = octets.to_vec();
    let is_reply = matches!(kind, Type::OUTGOING_CALL_REPLY | Type::INCOMING_CALL_REPLY);
    let offsets = fields.iter().map(|field| field.offset);
    for offset in offsets.chain(is_reply.then_some(12)) {
        if let Some(two) = masked.get_mut(offset..offset + 2) {
            two.fill(0);
        }
    }
    masked
}
