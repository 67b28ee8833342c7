//! `do NODE action …`.

use super::{Builder, Line};
use crate::scenario::model::{
    Action, Name, NodeIndex, PlaceCall, Ring, SetLinkInfoOptions, StepKind, WanErrors,
};
use crate::scenario::names::Kind;
use crate::scenario::parameters::Resolved;
use crate::scenario::suggest::suggestion;
use crate::scenario::vocabulary::ACTIONS;

/// Octets of a telephone number or subaddress (RFC 2637 §2.7).
const NUMBER_LENGTH: usize = 64;

impl Builder<'_> {
    pub(super) fn action(&mut self, mut line: Line) -> Option<StepKind> {
        let (Some(node), Some(word)) = (line.argument(), line.argument()) else {
            let diagnostic = self
                .wrong(
                    "incomplete-line",
                    line.span,
                    "`do` names a node and what it does",
                    "something is missing",
                )
                .help("it reads `do NODE ACTION …`, such as `do pns open-control to=pac`");
            self.report(diagnostic);
            return None;
        };
        let index = self.node(&node);
        let name = self.action_word(&word)?;
        if let Some(index) = index {
            self.check_actor(index, name, &node, &word);
        }
        let action = match name {
            "open-control" => self.open_control(&mut line, index),
            "close-control" => Some(self.close_control(&mut line)),
            "place-call" => Some(self.place_call(&mut line)),
            "ring" => Some(self.ring(&mut line)),
            "clear-call" => self
                .needed_call(&mut line)
                .map(|call| Action::ClearCall { call }),
            "disconnect-call" => self
                .needed_call(&mut line)
                .map(|call| Action::DisconnectCall { call }),
            "lose-carrier" => self
                .needed_call(&mut line)
                .map(|call| Action::LoseCarrier { call }),
            "set-link-info" => self.set_link_info(&mut line),
            "count-wan-errors" => self.count_wan_errors(&mut line),
            _ => self.send_data(&mut line),
        };
        let may_be_refused = self.boolean(&mut line, "may-be-refused").unwrap_or(false);
        self.finish(line, &format!("`{name}`"), &[]);
        Some(StepKind::Do {
            node: index?,
            action: action?,
            may_be_refused,
        })
    }

    fn action_word(&mut self, word: &Resolved) -> Option<&'static str> {
        let text = word.text().unwrap_or("");
        if let Some(action) = ACTIONS.iter().find(|action| action.name == text) {
            return Some(action.name);
        }
        let known = ACTIONS.iter().map(|action| action.name);
        let mut diagnostic = self.wrong(
            "unknown-action",
            word.span,
            format!("`do` knows no `{}`", word.written),
            "unknown action",
        );
        if let Some(help) = suggestion(text, known, "actions") {
            diagnostic = diagnostic.help(help);
        }
        self.report(diagnostic);
        None
    }

    /// A scripted node does nothing of itself, and some actions belong to one role.
    fn check_actor(
        &mut self,
        index: NodeIndex,
        name: &'static str,
        node: &Resolved,
        word: &Resolved,
    ) {
        let spec = &self.nodes[usize::from(index.0)];
        let (node_name, role, scripted) = (spec.name.clone(), spec.role, spec.scripted);
        if scripted {
            let diagnostic = self
                .wrong(
                    "scripted-node",
                    node.span.to(word.span),
                    format!("`{node_name}` is scripted: it only sends what the lines say"),
                    "cannot act by itself",
                )
                .help(format!(
                    "write the message that it sends: `{node_name} -> … MESSAGE`"
                ));
            self.report(diagnostic);
            return;
        }
        let needed = ACTIONS
            .iter()
            .find(|action| action.name == name)
            .and_then(|action| action.role);
        if let (Some(needed), Some(role)) = (needed, role)
            && needed != role
        {
            let others: Vec<&str> = ACTIONS
                .iter()
                .filter(|action| action.role == Some(role))
                .map(|action| action.name)
                .collect();
            let diagnostic = self
                .wrong(
                    "wrong-role",
                    word.span,
                    format!("only a {needed} can `{name}`, and `{node_name}` is a {role}"),
                    format!("not for a {role}"),
                )
                .help(format!("a {role} can: {}", others.join(", ")));
            self.report(diagnostic);
        }
    }

    fn open_control(&mut self, line: &mut Line, from: Option<NodeIndex>) -> Option<Action> {
        let connection = self.new_name(line, "connection", Kind::Connection);
        let Some(property) = line.take_property("to") else {
            let diagnostic = self
                .wrong(
                    "missing-property",
                    line.span,
                    "`open-control` needs `to`",
                    "to which node?",
                )
                .help("add `to=NODE`");
            self.report(diagnostic);
            return None;
        };
        let to = self.node(&property.value)?;
        // What nothing leads to cannot be opened: a scenario that asks for it says that it may be refused.
        if let Some(from) = from
            && !self.linked(from, to)
            && !line.has("may-be-refused")
        {
            let (from, to) = (
                self.node_name(from).to_owned(),
                self.node_name(to).to_owned(),
            );
            let diagnostic = self.wrong(
                "not-linked",
                property.span,
                format!("no link joins `{from}` and `{to}`"),
                "cannot be reached",
            );
            self.report(diagnostic);
        }
        Some(Action::OpenControl { to, connection })
    }

    fn close_control(&mut self, line: &mut Line) -> Action {
        let connection = self.used_name(line, "connection", Kind::Connection);
        let reason = self.number(line, "reason", 0, 255).unwrap_or(1);
        Action::CloseControl {
            connection,
            reason: u8::try_from(reason).unwrap_or(1),
        }
    }

    fn place_call(&mut self, line: &mut Line) -> Action {
        Action::PlaceCall {
            call: self.new_name(line, "call", Kind::Call),
            connection: self.used_name(line, "connection", Kind::Connection),
            options: PlaceCall {
                phone_number: self
                    .text(line, "phone-number", NUMBER_LENGTH)
                    .unwrap_or_default(),
                subaddress: self
                    .text(line, "subaddress", NUMBER_LENGTH)
                    .unwrap_or_default(),
                call_serial_number: self.number_u16(line, "call-serial-number"),
                minimum_bps: self.number_u32(line, "minimum-bps"),
                maximum_bps: self.number_u32(line, "maximum-bps"),
                bearer_type: self.number_u32(line, "bearer-type"),
                framing_type: self.number_u32(line, "framing-type"),
                packet_recv_window_size: self.number_u16(line, "packet-recv-window-size"),
                packet_processing_delay: self.number_u16(line, "packet-processing-delay"),
            },
        }
    }

    fn ring(&mut self, line: &mut Line) -> Action {
        Action::Ring {
            call: self.new_name(line, "call", Kind::Call),
            connection: self.used_name(line, "connection", Kind::Connection),
            options: Ring {
                dialed_number: self
                    .text(line, "dialed-number", NUMBER_LENGTH)
                    .unwrap_or_default(),
                dialing_number: self
                    .text(line, "dialing-number", NUMBER_LENGTH)
                    .unwrap_or_default(),
                subaddress: self
                    .text(line, "subaddress", NUMBER_LENGTH)
                    .unwrap_or_default(),
                call_serial_number: self.number_u16(line, "call-serial-number"),
                call_bearer_type: self.number_u32(line, "call-bearer-type"),
                physical_channel_id: self.number_u32(line, "physical-channel-id"),
            },
        }
    }

    fn set_link_info(&mut self, line: &mut Line) -> Option<Action> {
        let send_accm = self.number_u32(line, "send-accm").unwrap_or(u32::MAX);
        let receive_accm = self.number_u32(line, "receive-accm").unwrap_or(u32::MAX);
        Some(Action::SetLinkInfo {
            call: self.needed_call(line)?,
            options: SetLinkInfoOptions {
                send_accm,
                receive_accm,
            },
        })
    }

    fn count_wan_errors(&mut self, line: &mut Line) -> Option<Action> {
        let mut count = |key| self.number_u32(line, key).unwrap_or(0);
        let counters = WanErrors {
            crc_errors: count("crc-errors"),
            framing_errors: count("framing-errors"),
            hardware_overruns: count("hardware-overruns"),
            buffer_overruns: count("buffer-overruns"),
            time_out_errors: count("time-out-errors"),
            alignment_errors: count("alignment-errors"),
        };
        let span = line.span;
        let call = self.needed_call(line)?;
        if counters == WanErrors::default() {
            let diagnostic = self
                .wrong(
                    "missing-property",
                    span,
                    "`count-wan-errors` counts nothing",
                    "no errors are named",
                )
                .help("name at least one, such as `crc-errors=3`");
            self.report(diagnostic);
        }
        Some(Action::CountWanErrors { call, counters })
    }

    fn send_data(&mut self, line: &mut Line) -> Option<Action> {
        let packets = self.needed_number(line, "packets", 1, 1_000_000_000);
        let bytes = self.needed_number(line, "bytes", 1, 65_535);
        let every = self.duration(line, "every");
        Some(Action::SendData {
            call: self.needed_call(line)?,
            packets: packets?,
            bytes: u16::try_from(bytes?).ok()?,
            every,
        })
    }

    fn needed_number(
        &mut self,
        line: &mut Line,
        key: &'static str,
        least: u64,
        most: u64,
    ) -> Option<u64> {
        if !line.has(key) {
            let diagnostic = self
                .wrong(
                    "missing-property",
                    line.span,
                    format!("`send-data` needs `{key}`"),
                    "it is missing",
                )
                .help("it reads `do NODE send-data call=c1 packets=100 bytes=512 [every=\"5ms\"]`");
            self.report(diagnostic);
        }
        self.number(line, key, least, most)
    }

    /// `call=` of an action on a call that exists.
    fn needed_call(&mut self, line: &mut Line) -> Option<Name> {
        if !line.has("call") {
            let diagnostic = self
                .wrong(
                    "missing-property",
                    line.span,
                    "this action is about a call",
                    "which one?",
                )
                .help("add `call=c1`");
            self.report(diagnostic);
        }
        self.used_name(line, "call", Kind::Call)
    }

    /// The name that a new call or connection gets.
    fn new_name(&mut self, line: &mut Line, key: &'static str, kind: Kind) -> Option<Name> {
        let value = line.take(key)?;
        let name = self.name(key, &value)?;
        self.uses.bind(kind, &name);
        Some(name)
    }
}
