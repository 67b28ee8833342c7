//! Calls (RFC 2637 §3.2): the four state machines and what they share.

mod clearing;
mod data;
mod disconnecting;
mod link;
mod pac_incoming;
mod pac_outgoing;
mod pns_incoming;
mod pns_outgoing;
mod table;

use std::net::Ipv4Addr;

use pptp_wire::time::{Duration, Instant};
use pptp_wire::{CallId, ControlMessageType};

use crate::connection::Ending;
use crate::endpoint::Endpoint;
use crate::profile::ReplyTimeOutAction;
use crate::session::Session;
use crate::timer::{Owner, TimerSlot};
use crate::wan_errors::WanErrorReport;
use crate::{
    CallRef, Cause, ConnectionId, Deadline, DeadlineReason, Event, Machine, Transition, WanErrors,
    WindowState,
};

pub(crate) use table::CallTable;

/// States of a call, of all four machines. A call in idle does not exist.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub(crate) enum CallState {
    /// Request sent, reply awaited.
    WaitReply,
    /// PNS: Incoming-Call-Reply sent, Incoming-Call-Connected awaited.
    WaitConnect,
    /// PAC: dialling.
    WaitCsAns,
    /// Data flows.
    Established,
    /// PNS: Call-Clear-Request sent, Call-Disconnect-Notify awaited.
    WaitDisconnect,
}

/// The name of the state in which there is no call.
pub(crate) const IDLE: &str = "idle";

impl CallState {
    /// The RFC's name with `-` for `_`.
    pub const fn name(self) -> &'static str {
        match self {
            CallState::WaitReply => "wait-reply",
            CallState::WaitConnect => "wait-connect",
            CallState::WaitCsAns => "wait-cs-ans",
            CallState::Established => "established",
            CallState::WaitDisconnect => "wait-disconnect",
        }
    }
}

/// One call.
#[derive(Debug)]
pub(crate) struct Call {
    pub connection: ConnectionId,
    pub tunnel: u32,
    pub peer: Ipv4Addr,
    pub machine: Machine,
    pub state: CallState,
    pub call_id: CallId,
    pub peer_call_id: Option<CallId>,
    pub serial_number: u16,
    pub physical_channel_id: u32,
    /// Window that this end advertises.
    pub own_window: u16,
    pub peer_window: u16,
    /// The peer's Packet Processing Delay, tenths of a second.
    pub peer_delay: u16,
    /// Connect Speed to be reported when an outgoing call is answered.
    pub connect_speed: u32,
    pub session: Option<Box<Session>>,
    /// How the window of the session stood last.
    pub window: Option<WindowState>,
    /// Packets that came before the call was established, where the profile keeps them (AMB-42).
    pub early: Vec<Box<[u8]>>,
    pub unsent: u32,
    /// PAC: whether a Set-Link-Info has come.
    pub linked: bool,
    /// When the session began.
    pub began: Instant,
    pub send_accm: u32,
    pub receive_accm: u32,
    pub wan_errors: WanErrorReport,
    /// PNS: the last counters that the PAC reported.
    pub wan_errors_seen: WanErrors,
    pub clear_order: u64,
    pub timer: TimerSlot,
    pub hang_up: TimerSlot,
    pub wan_timer: TimerSlot,
    pub data_timer: TimerSlot,
}

/// A call seen from outside.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct CallView {
    /// Which call.
    pub call: CallRef,
    /// The peer's address.
    pub peer: Ipv4Addr,
    /// The peer's Call ID, where it is known.
    pub peer_call_id: Option<CallId>,
    /// The state machine that the call is in.
    pub machine: Machine,
    /// Its state, as RFC 2637 names it with `-` for `_`.
    pub state: &'static str,
    /// Call Serial Number (`OCRQ-004`).
    pub call_serial_number: u16,
    /// Physical Channel ID; 0 where it is not known.
    pub physical_channel_id: u32,
    /// ACCM for what the PAC sends on the dial link (`SLI-005`).
    pub send_accm: u32,
    /// ACCM for what the PAC receives from the dial link (`SLI-005`).
    pub receive_accm: u32,
    /// PNS: the line errors that the PAC last reported.
    pub wan_errors: WanErrors,
}

impl Call {
    pub fn reference(&self) -> CallRef {
        CallRef {
            connection: self.connection,
            call_id: self.call_id,
        }
    }

    pub fn view(&self) -> CallView {
        CallView {
            call: self.reference(),
            peer: self.peer,
            peer_call_id: self.peer_call_id,
            machine: self.machine,
            state: self.state.name(),
            call_serial_number: self.serial_number,
            physical_channel_id: self.physical_channel_id,
            send_accm: self.send_accm,
            receive_accm: self.receive_accm,
            wan_errors: self.wan_errors_seen,
        }
    }
}

impl Endpoint {
    /// Tells of a transition of a call's state machine.
    pub(crate) fn tell_call(
        &mut self,
        slot: u32,
        transition: Transition,
        from: &'static str,
        to: &'static str,
    ) {
        let found = &self.calls[slot];
        let call = found.reference();
        let connection = call.connection;
        self.io.reached.transition(transition, found.window);
        let reached = (to != IDLE).then_some(found.state);
        self.io.reached.call_state(found.machine, reached);
        self.io.outbox.event(Event::Transition {
            transition,
            connection,
            call: Some(call),
            from,
            to,
        });
    }

    /// Puts a call into a state other than idle and tells of the transition.
    pub(crate) fn enter_call(&mut self, slot: u32, transition: Transition, to: CallState) {
        let from = self.calls[slot].state;
        self.set_call_state(slot, to);
        self.tell_call(slot, transition, from.name(), to.name());
    }

    /// A transition that leaves the call in the state that it is in.
    pub(crate) fn stay_in_call(&mut self, slot: u32, transition: Transition) {
        let state = self.calls[slot].state.name();
        self.tell_call(slot, transition, state, state);
    }

    /// A call comes into being with this transition out of idle.
    pub(crate) fn begin_call(&mut self, slot: u32, transition: Transition) {
        let to = self.calls[slot].state.name();
        self.tell_call(slot, transition, IDLE, to);
    }

    /// The call returns to idle with this transition: it is over (`CALL-008`).
    pub(crate) fn finish_call(&mut self, slot: u32, transition: Transition) {
        let from = self.calls[slot].state.name();
        self.tell_call(slot, transition, from, IDLE);
        let connection = self.calls[slot].connection;
        self.end_call(slot);
        self.after_call(connection, transition.is_own_end());
    }

    /// Arms the call's state timer for the next message that is due, or disarms it where there is none.
    pub(crate) fn await_call_message(&mut self, slot: u32) {
        let profile = &self.config.profile;
        let call = &mut self.calls[slot];
        let (message, within) = match (call.state, call.machine) {
            (CallState::WaitReply, Machine::PnsOutgoing) => (
                ControlMessageType::OUTGOING_CALL_REPLY,
                profile.reply_time_out,
            ),
            (CallState::WaitReply, _) => (
                ControlMessageType::INCOMING_CALL_REPLY,
                profile.reply_time_out,
            ),
            (CallState::WaitConnect, _) => (
                ControlMessageType::INCOMING_CALL_CONNECTED,
                profile.reply_time_out,
            ),
            (CallState::WaitDisconnect, _) => (
                ControlMessageType::CALL_DISCONNECT_NOTIFY,
                profile.disconnect_time_out,
            ),
            (CallState::WaitCsAns | CallState::Established, _) => {
                return self.io.timers.clear(&call.timer);
            }
        };
        if within == Duration::ZERO {
            return self.io.timers.clear(&call.timer);
        }
        let reason = DeadlineReason::Awaited { message, within };
        let deadline = Deadline {
            at: self.io.now + within,
            reason,
        };
        self.io
            .timers
            .set(&mut call.timer, Owner::CallState(slot), deadline);
    }

    /// The call's state timer has run out.
    pub(crate) fn call_timer(&mut self, slot: u32, reason: DeadlineReason) {
        let call = &self.calls[slot];
        let transition = match (call.machine, call.state) {
            (Machine::PacOutgoing, CallState::WaitCsAns) => {
                return self.dialling_over(slot, reason);
            }
            (Machine::PacIncoming, CallState::WaitReply) => Some(Transition::Paci07),
            (Machine::PnsIncoming, CallState::WaitConnect) => Some(Transition::Pnsi11),
            (Machine::PnsIncoming, CallState::WaitDisconnect) => Some(Transition::Pnsi12),
            (Machine::PnsOutgoing, CallState::WaitReply) => Some(Transition::Pnso11),
            // No row of its own: the general rule of RFC 2637 §3.2.1.
            (Machine::PnsOutgoing, CallState::WaitDisconnect) => None,
            _ => return,
        };
        let cause = Cause::Deadline(reason);
        let clears = self.config.profile.reply_time_out_action == ReplyTimeOutAction::Clear
            && call.machine != Machine::PacIncoming
            && call.state != CallState::WaitDisconnect;
        if clears && let Some(transition) = transition {
            // AMB-31: the call is cleared first; the connection ends if that is not answered either.
            return self.send_clear(slot, transition, cause);
        }
        // T-PACI-07, T-PNSI-11, T-PNSI-12, T-PNSO-11: the entire control connection is closed (`KA-007`).
        let (connection, from) = (call.connection, call.state.name());
        if let Some(transition) = transition {
            self.tell_call(slot, transition, from, IDLE);
        }
        self.end_connection(connection, None, Ending::Close, cause);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ten thousand calls are to be cheap: what a call always takes stays below a kibibyte and a half.
    #[test]
    fn a_call_is_small() {
        assert!(size_of::<Call>() + size_of::<Session>() < 1536);
    }
}
