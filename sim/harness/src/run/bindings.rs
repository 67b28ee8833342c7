//! Names that bind while a scenario runs: calls, connections and `$values`.

use std::collections::BTreeMap;
use std::rc::Rc;

use pptp_wire::Requirement;
use pptp_wire::code::{CallId, ControlMessageType};
use pptp_world::{ConnectionId, ConnectionNumber, NodeId};

use crate::scenario::Role;
use crate::scenario::model::Value;

/// Whose Call ID a field carries (RFC 2637 §2.7 to §2.15).
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum Owner {
    /// The one that the PNS assigned.
    Pns,
    /// The one that the PAC assigned.
    Pac,
}

/// What a call's name stands for, as far as it is known by now.
#[derive(Clone, Debug, Default)]
pub struct CallBinding {
    /// The control connection that set the call up.
    pub connection: Option<ConnectionNumber>,
    /// The end that plays the PNS in this call.
    pub pns: Option<NodeId>,
    /// The end that plays the PAC in this call.
    pub pac: Option<NodeId>,
    /// The Call ID that the PNS assigned.
    pub pns_id: Option<CallId>,
    /// The Call ID that the PAC assigned.
    pub pac_id: Option<CallId>,
}

impl CallBinding {
    /// The Call ID that `owner` assigned, once it is known.
    pub fn id_of(&self, owner: Owner) -> Option<CallId> {
        match owner {
            Owner::Pns => self.pns_id,
            Owner::Pac => self.pac_id,
        }
    }

    /// The role that `node` plays in this call, once it is known.
    pub fn owner_at(&self, node: NodeId) -> Option<Owner> {
        if self.pns == Some(node) {
            Some(Owner::Pns)
        } else if self.pac == Some(node) {
            Some(Owner::Pac)
        } else {
            None
        }
    }
}

/// The Call ID fields of a control message: key, whose it is, and the requirement that says so.
#[derive(Copy, Clone, Debug)]
pub struct CallField {
    /// The field's key.
    pub key: &'static str,
    /// Offset of its two octets.
    pub offset: usize,
    /// Whose Call ID it carries.
    pub owner: Owner,
    /// The requirement that says so.
    pub requirement: Requirement,
}

const fn field(
    key: &'static str,
    offset: usize,
    owner: Owner,
    requirement: Requirement,
) -> CallField {
    CallField {
        key,
        offset,
        owner,
        requirement,
    }
}

/// The field that tells which call a message belongs to, and the field with which it brings in a new Call ID, if it has one.
///
/// `None` for messages that belong to no call.
pub fn call_fields(message_type: ControlMessageType) -> Option<(CallField, Option<CallField>)> {
    use ControlMessageType as Type;
    use Owner::{Pac, Pns};
    Some(match message_type {
        Type::OUTGOING_CALL_REQUEST => (field("call-id", 12, Pns, Requirement::Ocrq002), None),
        Type::OUTGOING_CALL_REPLY => (
            field("peer-call-id", 14, Pns, Requirement::Ocrp003),
            Some(field("call-id", 12, Pac, Requirement::Ocrp002)),
        ),
        Type::INCOMING_CALL_REQUEST => (field("call-id", 12, Pac, Requirement::Icrq002), None),
        Type::INCOMING_CALL_REPLY => (
            field("peer-call-id", 14, Pac, Requirement::Icrp003),
            Some(field("call-id", 12, Pns, Requirement::Icrp002)),
        ),
        Type::INCOMING_CALL_CONNECTED => {
            (field("peer-call-id", 12, Pns, Requirement::Iccn002), None)
        }
        Type::CALL_CLEAR_REQUEST => (field("call-id", 12, Pns, Requirement::Cclr002), None),
        Type::CALL_DISCONNECT_NOTIFY => (field("call-id", 12, Pac, Requirement::Cdn003), None),
        Type::WAN_ERROR_NOTIFY => (field("peer-call-id", 12, Pns, Requirement::Wen006), None),
        Type::SET_LINK_INFO => (field("peer-call-id", 12, Pac, Requirement::Sli002), None),
        _ => return None,
    })
}

/// Whether messages of this type go from the PNS to the PAC (`Some(Owner::Pns)`), the other way, or both (`None`).
pub fn sender_of(message_type: ControlMessageType) -> Option<Owner> {
    use ControlMessageType as Type;
    match message_type {
        Type::OUTGOING_CALL_REQUEST
        | Type::INCOMING_CALL_REPLY
        | Type::CALL_CLEAR_REQUEST
        | Type::SET_LINK_INFO => Some(Owner::Pns),
        Type::OUTGOING_CALL_REPLY
        | Type::INCOMING_CALL_REQUEST
        | Type::INCOMING_CALL_CONNECTED
        | Type::CALL_DISCONNECT_NOTIFY
        | Type::WAN_ERROR_NOTIFY => Some(Owner::Pac),
        _ => None,
    }
}

/// Everything that is bound by now.
#[derive(Clone, Debug, Default)]
pub struct Bindings {
    calls: BTreeMap<String, CallBinding>,
    connections: BTreeMap<String, ConnectionNumber>,
    values: BTreeMap<String, Value>,
    /// Each end's own name for a connection.
    ids: BTreeMap<(NodeId, ConnectionNumber), ConnectionId>,
    numbers: BTreeMap<(NodeId, ConnectionId), ConnectionNumber>,
    /// The call that an end's own Call ID stands for, the latest one where it was used again.
    by_id: BTreeMap<(NodeId, CallId), Rc<str>>,
}

impl Bindings {
    /// The call of that name, if anything of it is known.
    pub fn call(&self, name: &str) -> Option<&CallBinding> {
        self.calls.get(name)
    }

    /// Every call that has a name, in the order of the names.
    pub fn calls(&self) -> impl Iterator<Item = (&String, &CallBinding)> {
        self.calls.iter()
    }

    /// The connection of that name.
    pub fn connection(&self, name: &str) -> Option<ConnectionNumber> {
        self.connections.get(name).copied()
    }

    /// The name of a connection, if the scenario gave it one.
    pub fn connection_name(&self, number: ConnectionNumber) -> Option<&str> {
        self.connections
            .iter()
            .find(|(_, bound)| **bound == number)
            .map(|(name, _)| name.as_str())
    }

    /// Binds a connection's name.
    pub fn bind_connection(&mut self, name: &str, number: ConnectionNumber) {
        self.connections.insert(name.to_owned(), number);
    }

    /// What `$name` stands for, once it is bound.
    pub fn value(&self, name: &str) -> Option<Value> {
        self.values.get(name).cloned()
    }

    /// Binds `$name` on first sight; later sights leave it as it is.
    pub fn bind_value(&mut self, name: &str, value: Value) {
        self.values.entry(name.to_owned()).or_insert(value);
    }

    /// Notes an end's own name for a connection.
    pub fn opened(&mut self, node: NodeId, number: ConnectionNumber, id: ConnectionId) {
        self.ids.insert((node, number), id);
        self.numbers.insert((node, id), number);
    }

    /// An end's own name for a connection, once it is open for it.
    pub fn connection_id(&self, node: NodeId, number: ConnectionNumber) -> Option<ConnectionId> {
        self.ids.get(&(node, number)).copied()
    }

    /// The connection that an end knows by that name.
    pub fn connection_number(&self, node: NodeId, id: ConnectionId) -> Option<ConnectionNumber> {
        self.numbers.get(&(node, id)).copied()
    }

    /// Binds a call's connection and the roles of the two ends in it.
    pub fn bind_ends(
        &mut self,
        name: &str,
        connection: Option<ConnectionNumber>,
        pns: Option<NodeId>,
        pac: Option<NodeId>,
    ) {
        let call = self.calls.entry(name.to_owned()).or_default();
        call.connection = call.connection.or(connection);
        call.pns = call.pns.or(pns);
        call.pac = call.pac.or(pac);
        for (node, id) in [(call.pns, call.pns_id), (call.pac, call.pac_id)] {
            if let (Some(node), Some(id)) = (node, id)
                && self
                    .by_id
                    .get(&(node, id))
                    .is_none_or(|known| **known != *name)
            {
                self.by_id.insert((node, id), name.into());
            }
        }
    }

    /// Binds the Call ID that `owner` assigned to a call, on first sight.
    pub fn bind_call_id(&mut self, name: &str, owner: Owner, id: CallId) {
        let call = self.calls.entry(name.to_owned()).or_default();
        let (slot, node) = match owner {
            Owner::Pns => (&mut call.pns_id, call.pns),
            Owner::Pac => (&mut call.pac_id, call.pac),
        };
        if slot.is_none() {
            *slot = Some(id);
            if let Some(node) = node {
                self.by_id.insert((node, id), name.into());
            }
        }
    }

    /// The name of the call that `node` knows by its own Call ID `id`.
    pub fn call_at(&self, node: NodeId, id: CallId) -> Option<&str> {
        self.by_id.get(&(node, id)).map(|name| &**name)
    }

    /// The same name, to be kept by each of many packets.
    pub fn call_name_at(&self, node: NodeId, id: CallId) -> Option<Rc<str>> {
        self.by_id.get(&(node, id)).cloned()
    }

    /// The name of the call that a control message between two ends belongs to, going by the Call ID of the owner.
    pub fn call_of_control(&self, octets: &[u8], from: NodeId, to: NodeId) -> Option<&str> {
        let message_type =
            ControlMessageType(u16::from_be_bytes([*octets.get(8)?, *octets.get(9)?]));
        let (which, _) = call_fields(message_type)?;
        let id = call_id_at(octets, which.offset)?;
        let sender = sender_of(message_type)?;
        let node = if which.owner == sender { from } else { to };
        let name = self.call_at(node, id)?;
        let roles_fit = self
            .call(name)
            .is_some_and(|call| call.owner_at(node) == Some(which.owner));
        roles_fit.then_some(name)
    }

    /// The two ends of a call that `node` takes part in with `role`, the other end being `other`.
    pub fn ends(
        role: Option<Role>,
        node: NodeId,
        other: Option<NodeId>,
    ) -> (Option<NodeId>, Option<NodeId>) {
        match role {
            Some(Role::Pns) => (Some(node), other),
            Some(Role::Pac) => (other, Some(node)),
            None => (None, None),
        }
    }
}

/// The Call ID at `offset` of a message, if the message is long enough.
pub fn call_id_at(octets: &[u8], offset: usize) -> Option<CallId> {
    let pair = octets.get(offset..offset + 2)?;
    Some(CallId(u16::from_be_bytes([pair[0], pair[1]])))
}
