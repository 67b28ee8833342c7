//! What a capture shows of states: a control connection stands once its start exchange was seen, a call once it was answered. Both ends
//! are told the same: a tap sees messages, not machines.

use std::collections::BTreeMap;

use pptp_wire::ControlMessageType as Type;

use super::ladder::{Level, State, Track};
use crate::capture::Flow;

/// The most calls that are followed at a time.
const MOST_CALLS: usize = 1_024;
/// The most control connections that are followed at a time.
const MOST_CONNECTIONS: usize = 4_096;

/// A call that was asked for on a control connection.
#[derive(Copy, Clone, Debug)]
struct Call {
    connection: u32,
    pns_id: Option<u16>,
    pac_id: Option<u16>,
    level: Level,
}

/// Follows connections and calls.
#[derive(Debug, Default)]
pub struct CallsSeen {
    connections: BTreeMap<u32, Level>,
    calls: BTreeMap<u64, Call>,
    numbered: u64,
}

impl CallsSeen {
    /// What the octets of a whole message change; `between` are the lifelines of both ends.
    pub fn message(&mut self, flow: &Flow, octets: &[u8], between: [usize; 2]) -> Vec<State> {
        let Some(pair) = octets.get(8..10) else {
            return Vec::new();
        };
        let connection = flow.connection;
        let id = |offset: usize| {
            octets
                .get(offset..offset + 2)
                .map(|pair| u16::from_be_bytes([pair[0], pair[1]]))
        };
        let succeeds = octets.get(16) == Some(&1);
        match Type(u16::from_be_bytes([pair[0], pair[1]])) {
            Type::START_CONTROL_CONNECTION_REQUEST => {
                let standing = self.connections.get(&connection);
                if standing.is_none_or(|level| *level == Level::None) {
                    return self.connection(connection, Level::Pending, "start seen", between);
                }
                Vec::new()
            }
            Type::START_CONTROL_CONNECTION_REPLY if octets.get(14) == Some(&1) => {
                self.connection(connection, Level::Established, "established", between)
            }
            Type::STOP_CONTROL_CONNECTION_REQUEST => {
                self.connection(connection, Level::Pending, "stop seen", between)
            }
            Type::STOP_CONTROL_CONNECTION_REPLY if octets.get(12) == Some(&1) => {
                self.over(connection, "stopped", between)
            }
            Type::OUTGOING_CALL_REQUEST => self.asked(connection, id(12), None, between),
            Type::INCOMING_CALL_REQUEST => self.asked(connection, None, id(12), between),
            Type::OUTGOING_CALL_REPLY => {
                let call = self.find(connection, id(14), None);
                self.answered(
                    call,
                    (None, id(12)),
                    succeeds.then_some(Level::Established),
                    between,
                )
            }
            Type::INCOMING_CALL_REPLY => {
                let call = self.find(connection, None, id(14));
                self.answered(
                    call,
                    (id(12), None),
                    succeeds.then_some(Level::Pending),
                    between,
                )
            }
            Type::INCOMING_CALL_CONNECTED => {
                let call = self.find(connection, id(12), None);
                self.answered(call, (None, None), Some(Level::Established), between)
            }
            Type::CALL_CLEAR_REQUEST => {
                let call = self.find(connection, id(12), None);
                self.at_level(call, Level::Pending, "clear seen", between)
            }
            Type::CALL_DISCONNECT_NOTIFY => {
                let call = self.find(connection, None, id(12));
                self.at_level(call, Level::None, "cleared", between)
            }
            _ => Vec::new(),
        }
    }

    /// The connection is over, and every call with it; `told` says how.
    pub fn over(&mut self, connection: u32, told: &str, between: [usize; 2]) -> Vec<State> {
        let calls = self
            .calls
            .iter()
            .filter(|(_, call)| call.connection == connection);
        let calls: Vec<u64> = calls.map(|(number, _)| *number).collect();
        let mut states = Vec::new();
        for call in calls {
            states.extend(self.at_level(Some(call), Level::None, "gone", between));
        }
        if self.connections.contains_key(&connection) {
            states.extend(self.connection(connection, Level::None, told, between));
        }
        states
    }

    fn connection(
        &mut self,
        number: u32,
        level: Level,
        told: &str,
        between: [usize; 2],
    ) -> Vec<State> {
        if level == Level::None {
            self.connections.remove(&number);
        } else if self.connections.len() == MOST_CONNECTIONS
            && !self.connections.contains_key(&number)
        {
            return Vec::new();
        } else {
            self.connections.insert(number, level);
        }
        let track = Track {
            is_call: false,
            key: number.into(),
        };
        both(&track, "", told, level, between)
    }

    fn asked(
        &mut self,
        connection: u32,
        pns_id: Option<u16>,
        pac_id: Option<u16>,
        between: [usize; 2],
    ) -> Vec<State> {
        let known = self.find(connection, pns_id, pac_id);
        if known.is_some() || self.calls.len() == MOST_CALLS {
            return Vec::new();
        }
        self.numbered += 1;
        let call = Call {
            connection,
            pns_id,
            pac_id,
            level: Level::None,
        };
        self.calls.insert(self.numbered, call);
        self.at_level(Some(self.numbered), Level::Pending, "asked for", between)
    }

    /// A reply: `level` is where it brings the call, `None` where it refuses it.
    fn answered(
        &mut self,
        number: Option<u64>,
        (pns_id, pac_id): (Option<u16>, Option<u16>),
        level: Option<Level>,
        between: [usize; 2],
    ) -> Vec<State> {
        if let Some(call) = number.and_then(|number| self.calls.get_mut(&number)) {
            call.pns_id = call.pns_id.or(pns_id);
            call.pac_id = call.pac_id.or(pac_id);
        }
        match level {
            Some(Level::Established) => {
                self.at_level(number, Level::Established, "established", between)
            }
            Some(level) => self.at_level(number, level, "accepted", between),
            None => self.at_level(number, Level::None, "refused", between),
        }
    }

    fn at_level(
        &mut self,
        number: Option<u64>,
        level: Level,
        told: &str,
        between: [usize; 2],
    ) -> Vec<State> {
        let Some((number, call)) =
            number.and_then(|number| Some((number, self.calls.get_mut(&number)?)))
        else {
            return Vec::new();
        };
        if call.level == level {
            return Vec::new();
        }
        call.level = level;
        if level == Level::None {
            self.calls.remove(&number);
        }
        let track = Track {
            is_call: true,
            key: number,
        };
        both(&track, &format!("call {number}"), told, level, between)
    }

    /// The call of a connection by the Call ID of one of its ends.
    fn find(&self, connection: u32, pns_id: Option<u16>, pac_id: Option<u16>) -> Option<u64> {
        let fits = |wanted: Option<u16>, known: Option<u16>| wanted.is_some() && wanted == known;
        let mut calls = self.calls.iter().rev();
        let found = calls.find(|(_, call)| {
            call.connection == connection
                && (fits(pns_id, call.pns_id) || fits(pac_id, call.pac_id))
        });
        found.map(|(number, _)| *number)
    }
}

fn both(track: &Track, of: &str, told: &str, level: Level, between: [usize; 2]) -> Vec<State> {
    let state = |lifeline| State {
        lifeline,
        track: track.clone(),
        of: of.to_owned(),
        name: told.to_owned(),
        level,
    };
    between.map(state).to_vec()
}
