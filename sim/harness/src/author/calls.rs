//! Which call each message and packet belongs to, by the Call IDs that the RFC has them carry; and what role each party plays.

use pptp_wire::ControlMessageType;

use super::story::{Call, Story, What};
use crate::run::{CallField, Owner, call_fields, sender_of};
use crate::scenario::Role;
use crate::scenario::model::MessageName;
use crate::scenario::vocabulary::sender;

/// Finds the calls of a story, and names them at its events.
pub fn follow(story: &mut Story) {
    let mut calls: Vec<Call> = Vec::new();
    let mut ended = vec![[false; 2]; story.connections.len()];
    let mut spoken: Vec<Vec<Role>> = vec![Vec::new(); story.parties.len()];
    for event in &mut story.events {
        let (from, to) = (event.from, event.to);
        match &mut event.what {
            What::Control {
                connection,
                octets,
                is_whole: true,
                call,
            } => {
                let Some(message_type) = type_of(octets) else {
                    continue;
                };
                if let Some(role) = sender(MessageName::Control(message_type)) {
                    spoken[from].push(role);
                }
                *call = of_message(&mut calls, *connection, (from, to), message_type, octets);
            }
            What::Close {
                connection,
                is_answer,
            } => {
                let is_opener = story.connections[*connection].opener == from;
                let ends = &mut ended[*connection];
                *is_answer = ends[usize::from(is_opener)];
                ends[usize::from(!is_opener)] = true;
            }
            What::Reset {
                connection,
                is_answer,
            } => {
                let is_opener = story.connections[*connection].opener == from;
                *is_answer = ended[*connection][usize::from(!is_opener)];
                ended[*connection] = [true; 2];
            }
            What::Gre(packet) => {
                let Some(header) = packet.header else {
                    continue;
                };
                let id = header.call_id.0;
                let address = |party: usize| story.parties[party].address;
                let (source, destination) = (address(from), address(to));
                let fits = |call: &&Call| {
                    (address(call.pac) == destination
                        && address(call.pns) == source
                        && call.pac_id == Some(id))
                        || (address(call.pns) == destination
                            && address(call.pac) == source
                            && call.pns_id == Some(id))
                };
                packet.call = calls.iter().rposition(|call| fits(&call));
                if let Some(call) = packet.call.and_then(|place| calls.get(place)) {
                    let to_pac = address(call.pac) == destination && call.pac_id == Some(id);
                    (event.from, event.to) = if to_pac {
                        (call.pns, call.pac)
                    } else {
                        (call.pac, call.pns)
                    };
                }
            }
            What::Open { .. } | What::Control { .. } => {}
        }
    }
    story.calls = calls;
    give_roles(story, &spoken);
}

/// The Control Message Type of octets that have one.
pub fn type_of(octets: &[u8]) -> Option<ControlMessageType> {
    let pair = octets.get(8..10)?;
    Some(ControlMessageType(u16::from_be_bytes([pair[0], pair[1]])))
}

/// The Call ID that a field of a message carries.
pub fn id_in(octets: &[u8], field: CallField) -> Option<u16> {
    let pair = octets.get(field.offset..field.offset + 2)?;
    Some(u16::from_be_bytes([pair[0], pair[1]]))
}

fn of_message(
    calls: &mut Vec<Call>,
    connection: usize,
    (from, to): (usize, usize),
    message_type: ControlMessageType,
    octets: &[u8],
) -> Option<usize> {
    let (which, brought) = call_fields(message_type)?;
    let id = id_in(octets, which)?;
    let by_pns = sender_of(message_type) == Some(Owner::Pns);
    let (pns, pac) = if by_pns { (from, to) } else { (to, from) };
    let begins = matches!(
        message_type,
        ControlMessageType::OUTGOING_CALL_REQUEST | ControlMessageType::INCOMING_CALL_REQUEST
    );
    if begins {
        let (pns_id, pac_id) = match which.owner {
            Owner::Pns => (Some(id), None),
            Owner::Pac => (None, Some(id)),
        };
        calls.push(Call {
            connection,
            pns,
            pac,
            pns_id,
            pac_id,
        });
        return Some(calls.len() - 1);
    }
    let place = calls.iter().rposition(|call| {
        let own = match which.owner {
            Owner::Pns => call.pns_id,
            Owner::Pac => call.pac_id,
        };
        call.connection == connection && (call.pns, call.pac) == (pns, pac) && own == Some(id)
    })?;
    if let Some(brought) = brought {
        let id = id_in(octets, brought);
        let call = &mut calls[place];
        let slot = match brought.owner {
            Owner::Pns => &mut call.pns_id,
            Owner::Pac => &mut call.pac_id,
        };
        // A second reply brings nothing new.
        if slot.is_none() {
            *slot = id;
        }
    }
    Some(place)
}

/// The role in which a party spoke first; else the one that is left over, a PNS being the end that opens the connection.
fn give_roles(story: &mut Story, spoken: &[Vec<Role>]) {
    for (party, roles) in story.parties.iter_mut().zip(spoken) {
        party.role = roles.first().copied();
        party.plays_both_roles = roles.iter().any(|role| Some(*role) != party.role);
    }
    for connection in &story.connections {
        let (opener, acceptor) = (connection.opener, connection.acceptor);
        for (one, other, otherwise) in
            [(opener, acceptor, Role::Pns), (acceptor, opener, Role::Pac)]
        {
            if story.parties[one].role.is_none() {
                story.parties[one].role = Some(match story.parties[other].role {
                    Some(Role::Pac) => Role::Pns,
                    Some(Role::Pns) => Role::Pac,
                    None => otherwise,
                });
            }
        }
    }
}
