//! What users of a plan ask for, as `do`.

use super::cast::CallEnd;
use super::steps::{Writer, named};
use super::{PAC, index, node_number};
use crate::scenario::model::{Action, PlaceCall, Ring, SetLinkInfoOptions, StepKind, WanErrors};
use pptp_wire::time::Duration;
use pptp_world::fuzzing;

/// The longest payload that a plan's user sends (`TR-011`).
const LONGEST_PAYLOAD: u16 = 1532;

/// Receive ACCM that a plan's user tells.
const RECEIVE_ACCM: u32 = 0x000A_0000;

impl Writer {
    /// Has a node do something, which may be refused.
    fn ask(&mut self, node: usize, words: &str, action: Action) {
        let line = format!("do {} {words} may-be-refused=#true", self.name(node));
        self.say(
            line,
            StepKind::Do {
                node: index(node),
                action,
                may_be_refused: true,
            },
        );
    }

    pub(super) fn open_control(&mut self, node: u8, to: u8) {
        let (node, to) = (node_number(node), node_number(to));
        let connection = self.cast.open(node, to).map(|number| format!("k{number}"));
        let mut words = format!("open-control to={}", self.name(to));
        if let Some(connection) = &connection {
            words.push_str(&format!(" connection={connection}"));
        }
        let action = Action::OpenControl {
            to: index(to),
            connection: connection.map(named),
        };
        self.ask(node, &words, action);
    }

    pub(super) fn close_control(&mut self, node: u8, reason: u8) {
        let node = node_number(node);
        self.cast.close(node);
        // "Can't support protocol version" would be a lie of the user's (STCRQ-003).
        let reason = [1, 3][usize::from(reason % 2)];
        let action = Action::CloseControl {
            connection: None,
            reason,
        };
        self.ask(node, &format!("close-control reason={reason}"), action);
    }

    pub(super) fn call(&mut self, node: usize) {
        let call = format!("c{}", self.cast.call(node));
        let (word, action) = if node == PAC {
            let action = Action::Ring {
                call: Some(named(call.clone())),
                connection: None,
                options: Ring::default(),
            };
            ("ring", action)
        } else {
            let action = Action::PlaceCall {
                call: Some(named(call.clone())),
                connection: None,
                options: PlaceCall::default(),
            };
            ("place-call", action)
        };
        self.ask(node, &format!("{word} call={call}"), action);
    }

    /// What a user asks of a call. What an end of its role cannot do comes to nothing.
    pub(super) fn of_call(&mut self, step: &fuzzing::Step, which: u8) {
        let Some(CallEnd { call, node, .. }) = self.cast.call_end(which) else {
            return;
        };
        let at_pac = node == PAC;
        let text = format!("c{call}");
        let name = named(text.clone());
        let (words, action) = match *step {
            fuzzing::Step::EndCall { .. } => {
                self.cast.end(call, node);
                if at_pac {
                    (
                        "disconnect-call".to_owned(),
                        Action::DisconnectCall { call: name },
                    )
                } else {
                    ("clear-call".to_owned(), Action::ClearCall { call: name })
                }
            }
            fuzzing::Step::LoseCarrier { .. } if at_pac => {
                self.cast.end(call, node);
                (
                    "lose-carrier".to_owned(),
                    Action::LoseCarrier { call: name },
                )
            }
            fuzzing::Step::SetLinkInfo { .. } if !at_pac => {
                let options = SetLinkInfoOptions {
                    send_accm: 0,
                    receive_accm: RECEIVE_ACCM,
                };
                let words = format!("set-link-info send-accm=0 receive-accm={RECEIVE_ACCM}");
                (
                    words,
                    Action::SetLinkInfo {
                        call: name,
                        options,
                    },
                )
            }
            fuzzing::Step::CountWanErrors { errors, .. } if at_pac && errors > 0 => {
                let counters = WanErrors {
                    crc_errors: errors.into(),
                    ..WanErrors::default()
                };
                let words = format!("count-wan-errors crc-errors={errors}");
                (
                    words,
                    Action::CountWanErrors {
                        call: name,
                        counters,
                    },
                )
            }
            fuzzing::Step::Traffic {
                packets,
                length,
                every,
                ..
            } if packets > 0 => {
                self.offered += u64::from(packets);
                let bytes = 1 + length % LONGEST_PAYLOAD;
                let every = every.map(|every| Duration::from_millis(every.into()));
                let mut words = format!("send-data packets={packets} bytes={bytes}");
                if let Some(every) = every {
                    words.push_str(&format!(" every=\"{every}\""));
                }
                let action = Action::SendData {
                    call: name,
                    packets: packets.into(),
                    bytes,
                    every,
                };
                (words, action)
            }
            _ => return,
        };
        let words = words.replacen(' ', &format!(" call={text} "), 1);
        let words = if words.contains("call=") {
            words
        } else {
            format!("{words} call={text}")
        };
        self.ask(node, &words, action);
    }
}
