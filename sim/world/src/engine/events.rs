//! What nodes tell of themselves, to records and to the reference model.

use super::network::Network;
use crate::{Event, NodeId, RecordKind};
use pptp_wire::ppp::check_test_frame;

impl Network {
    /// A node told something.
    #[inline]
    pub(crate) fn event(&mut self, node: NodeId, event: &Event<'_>) {
        if let Event::Data {
            call,
            sequence_number,
            payload,
        } = *event
        {
            let peer = self.peer_on(node, call.connection);
            self.model
                .delivered(&mut self.pool, node, peer, call, sequence_number, payload);
            let counter = check_test_frame(payload).ok();
            let length = payload.len() as u32;
            let call = call.call_id;
            return self.record(RecordKind::Data {
                node,
                call,
                sequence_number,
                counter,
                length,
            });
        }
        self.other_event(node, event);
    }

    fn other_event(&mut self, node: NodeId, event: &Event<'_>) {
        let record = match *event {
            Event::Transition {
                transition,
                connection,
                call,
                from,
                to,
            } => RecordKind::Transition {
                node,
                connection: self.side_of(node, connection).map(|(number, _)| number),
                call: call.map(|call| call.call_id),
                transition,
                from,
                to,
            },
            Event::Dropped {
                call,
                reason,
                sequence_number,
            } => RecordKind::Dropped {
                node,
                call: call.map(|call| call.call_id),
                reason,
                sequence_number,
            },
            Event::Violation {
                requirement,
                connection,
                call,
            } => RecordKind::Violation {
                node,
                requirement,
                connection: connection
                    .and_then(|id| self.side_of(node, id))
                    .map(|(number, _)| number),
                call: call.map(|call| call.call_id),
            },
            Event::Limit { limit } => RecordKind::NodeLimit { node, limit },
            Event::CallEnded { call, unsent } => {
                if let Some(peer) = self.peer_of(node, call.connection) {
                    self.model.call_ended(node, peer, call.call_id);
                }
                self.end_sources(node, Some(call));
                RecordKind::CallEnded {
                    node,
                    call: call.call_id,
                    unsent,
                }
            }
            Event::WindowFull { call, window } => RecordKind::WindowFull {
                node,
                call: call.call_id,
                window,
            },
            Event::TimeOut { call, of } => {
                let peer = self.peer_of(node, call.connection);
                self.model.timed_out(node, peer, call);
                RecordKind::TimeOut {
                    node,
                    call: call.call_id,
                    of,
                }
            }
            Event::Data { .. } => return,
        };
        self.record(record);
    }
}
