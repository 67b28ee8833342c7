//! Set-Link-Info and WAN-Error-Notify (RFC 2637 §2.14, §2.15).

use pptp_wire::{CallId, Requirement, SetLinkInfo, WanErrorNotify};

use super::CallState;
use crate::deviation::DeviationId;
use crate::endpoint::Endpoint;
use crate::timer::Owner;
use crate::{
    CallRef, Cause, CommandError, ConnectionId, Deadline, DeadlineReason, Machine, Outcome, Point,
    Role, Transition, WanErrors,
};

impl Endpoint {
    /// PNS: PPP has settled its options. T-PNSI-14, T-PNSO-17 (`SLI-001`, `SLI-002`).
    pub(crate) fn set_link_info(
        &mut self,
        call: CallRef,
        send_accm: u32,
        receive_accm: u32,
    ) -> Result<Outcome, CommandError> {
        let slot = self.established_call(call, Role::Pns)?;
        self.send_link_info(slot, send_accm, receive_accm);
        Ok(Outcome::Done)
    }

    /// Set-Link-Info right behind the connect, where the profile does so (AMB-36).
    pub(crate) fn link_info_on_connect(&mut self, slot: u32) {
        if self.config.profile.set_link_info_on_connect {
            self.send_link_info(slot, u32::MAX, u32::MAX);
        }
    }

    /// PAC: Set-Link-Info, at any time in the life of a call (`SLI-006`).
    pub(crate) fn set_link_info_received(&mut self, id: ConnectionId, info: &SetLinkInfo) {
        let Some(slot) = self.own_call(id, info.peer_call_id) else {
            // It may have crossed this end's disconnect.
            if self.was_own(id, info.peer_call_id) {
                self.io.reached.point(Point::LinkInfoForEndedCall);
            } else {
                self.violation(id, Requirement::Sli002);
            }
            return;
        };
        if self.deviates(DeviationId::IgnoresSetLinkInfo) {
            return;
        }
        let call = &mut self.calls[slot];
        call.linked = true;
        call.send_accm = info.send_accm;
        call.receive_accm = info.receive_accm;
        if call.state == CallState::Established {
            // T-PACI-12, T-PACO-10.
            let incoming = call.machine == Machine::PacIncoming;
            self.stay_in_call(
                slot,
                if incoming {
                    Transition::Paci12
                } else {
                    Transition::Paco10
                },
            );
        }
    }

    /// PAC: the line has had errors. They are reported at once, or when a minute has passed since the last report (`WEN-003`).
    pub(crate) fn count_wan_errors(
        &mut self,
        call: CallRef,
        counters: &WanErrors,
    ) -> Result<Outcome, CommandError> {
        let slot = self.established_call(call, Role::Pac)?;
        self.calls[slot].wan_errors.count(counters);
        self.report_wan_errors(slot, Cause::Answer);
        Ok(Outcome::Done)
    }

    /// The interval since the last report has passed.
    pub(crate) fn wan_errors_due(&mut self, slot: u32, reason: DeadlineReason) {
        self.report_wan_errors(slot, Cause::Deadline(reason));
    }

    /// PNS: WAN-Error-Notify. T-PNSI-13, T-PNSO-16.
    pub(crate) fn wan_error_notify_received(&mut self, id: ConnectionId, notify: &WanErrorNotify) {
        let Some(slot) = self.own_call(id, notify.peer_call_id) else {
            return self.violation(id, Requirement::Wen006);
        };
        let counters = WanErrors::of(notify);
        let call = &mut self.calls[slot];
        let before = core::mem::replace(&mut call.wan_errors_seen, counters);
        let (state, machine) = (call.state, call.machine);
        if counters.went_back_from(&before) {
            self.call_violation(slot, Requirement::Wen004);
        }
        if state == CallState::Established {
            let incoming = machine == Machine::PnsIncoming;
            self.stay_in_call(
                slot,
                if incoming {
                    Transition::Pnsi13
                } else {
                    Transition::Pnso16
                },
            );
        }
    }

    fn established_call(&self, call: CallRef, role: Role) -> Result<u32, CommandError> {
        let slot = self.call_for_command(call, role)?;
        match self.calls[slot].state {
            CallState::Established => Ok(slot),
            state => Err(CommandError::WrongState {
                state: state.name(),
            }),
        }
    }

    fn send_link_info(&mut self, slot: u32, send_accm: u32, receive_accm: u32) {
        let wrong_id = self.deviates(DeviationId::SetLinkInfoOwnCallId);
        let call = &mut self.calls[slot];
        call.send_accm = send_accm;
        call.receive_accm = receive_accm;
        let peer_call_id = match wrong_id {
            true => call.call_id,
            false => call.peer_call_id.unwrap_or(CallId(0)),
        };
        let (id, incoming) = (call.connection, call.machine == Machine::PnsIncoming);
        self.send(
            id,
            SetLinkInfo {
                peer_call_id,
                send_accm,
                receive_accm,
                ..SetLinkInfo::default()
            },
            Cause::Answer,
        );
        self.stay_in_call(
            slot,
            if incoming {
                Transition::Pnsi14
            } else {
                Transition::Pnso17
            },
        );
    }

    /// Reports what is new, now or when a minute has passed since the last report (`WEN-001`, `WEN-002`).
    fn report_wan_errors(&mut self, slot: u32, cause: Cause) {
        if !self.config.profile.reports_line_errors {
            return;
        }
        let interval = self.config.profile.wan_error_interval;
        let too_often = self.deviates(DeviationId::WanErrorsTooOften);
        let call = &mut self.calls[slot];
        let Some(due) = call.wan_errors.due(interval) else {
            return;
        };
        if due > self.io.now && !too_often {
            let deadline = Deadline {
                at: due,
                reason: DeadlineReason::WanErrorInterval(interval),
            };
            return self
                .io
                .timers
                .set(&mut call.wan_timer, Owner::WanErrors(slot), deadline);
        }
        self.send_wan_errors(slot, cause);
    }

    /// Sends the counters as they are. T-PACI-11, T-PACO-09.
    pub(crate) fn send_wan_errors(&mut self, slot: u32, cause: Cause) {
        let call = &mut self.calls[slot];
        let (total, before) = call.wan_errors.take(self.io.now);
        let (id, own, machine) = (call.connection, call.call_id, call.machine);
        let mut notify = WanErrorNotify {
            peer_call_id: call.peer_call_id.unwrap_or(CallId(0)),
            ..WanErrorNotify::default()
        };
        total.put(&mut notify);
        if self.deviates(DeviationId::WanErrorsNotCumulative) {
            total.minus(&before).put(&mut notify);
        }
        if self.deviates(DeviationId::WanErrorsOwnCallId) {
            notify.peer_call_id = own;
        }
        self.send(id, notify, cause);
        let incoming = machine == Machine::PacIncoming;
        self.stay_in_call(
            slot,
            if incoming {
                Transition::Paci11
            } else {
                Transition::Paco09
            },
        );
    }
}
