//! The book-keeping of traffic sources; the world drives them.

use super::network::Network;
use super::queue::{Class, Event as Due};
use crate::traffic::{Source, Traffic};
use crate::{CallRef, NodeId, RecordKind, TrafficId};
use pptp_wire::time::Instant;

impl Network {
    /// A source begins: its first packet is due now.
    pub(crate) fn start_source(
        &mut self,
        node: NodeId,
        call: CallRef,
        traffic: Traffic,
    ) -> TrafficId {
        let number = self.sources.len() as u32;
        self.sources
            .push(Source::new(node, call, traffic, self.now));
        self.active_sources += 1;
        self.hosts[node.index()].apart.sources.push(number);
        self.queue
            .push(self.now, Class::Script, Due::Traffic { source: number });
        TrafficId(number)
    }

    /// The next packet of a source is due later.
    pub(crate) fn source_due(&mut self, number: u32, at: Instant) {
        self.queue
            .push(at, Class::Script, Due::Traffic { source: number });
    }

    /// A source ends: everything is sent, or its call is over.
    pub(crate) fn end_source(&mut self, number: u32) {
        let source = &mut self.sources[number as usize];
        if !core::mem::replace(&mut source.active, false) {
            return;
        }
        source.frame = Vec::new();
        let (node, sent, unsent) = (
            source.node,
            source.sent,
            source.traffic.packets - source.sent,
        );
        self.active_sources -= 1;
        self.hosts[node.index()]
            .apart
            .sources
            .retain(|other| *other != number);
        self.record(RecordKind::TrafficEnded {
            traffic: TrafficId(number),
            sent,
            unsent,
        });
    }

    /// A call of a node is over, or (`None`) all of them: so are its sources.
    pub(crate) fn end_sources(&mut self, node: NodeId, call: Option<CallRef>) {
        while let Some(number) =
            self.hosts[node.index()]
                .apart
                .sources
                .iter()
                .copied()
                .find(|number| {
                    let source = &self.sources[*number as usize];
                    call.is_none_or(|call| source.call == call)
                })
        {
            self.end_source(number);
        }
    }
}
