//! How the world drives its nodes: hands them what is due, does what they want, feeds their traffic sources.

use crate::engine::{Arrived, Event, Outgoing};
use crate::record::NodeMistake;
use crate::{DataOutcome, Input, NodeId, Output, Query, Value, World};

impl World {
    /// A node's deadline has come.
    pub(crate) fn deadline(&mut self, node: NodeId) {
        let before = self.net.log.next_number();
        self.net.set_deadline(node, None);
        self.look_ahead();
        self.give(node, Input::Deadline);
        let behind = self.net.log.next_number();
        self.net.vain[node.index()].count(before, behind);
    }

    /// The first event of the queue.
    pub(crate) fn perform(&mut self) {
        let Some((_, event)) = self.net.queue.pop() else {
            return;
        };
        self.look_ahead();
        match event {
            Event::Datagram { slot, copy } => self.datagram(slot, copy),
            Event::Segment { half } => self.segment(half),
            Event::Traffic { source } => self.run_source(source),
        }
    }

    fn datagram(&mut self, slot: u32, copy: u16) {
        let Some(node) = self.net.datagram_arrived(slot, copy) else {
            return;
        };
        let datagram = self.net.pool.get(slot);
        let input = Input::Datagram {
            from: datagram.source.0,
            octets: &datagram.octets,
        };
        self.nodes.actor(node).handle(self.net.now, input);
        self.net.pool.release(slot);
        self.settle(node);
    }

    fn segment(&mut self, half: u32) {
        let arrived = self.net.segment(half);
        self.arrived(arrived);
    }

    /// Tells a node what has come in on a connection.
    pub(crate) fn arrived(&mut self, arrived: Arrived) {
        match arrived {
            Arrived::Nothing => {}
            Arrived::Opened {
                node,
                connection,
                peer,
            } => self.give(node, Input::Opened { connection, peer }),
            Arrived::Octets { node, connection } => {
                let octets = core::mem::take(&mut self.net.scratch);
                self.give(
                    node,
                    Input::Octets {
                        connection,
                        octets: &octets,
                    },
                );
                self.net.scratch = octets;
            }
            Arrived::Closed { node, connection } => self.give(node, Input::Closed { connection }),
            Arrived::Reset { node, connection } => self.give(node, Input::Reset { connection }),
        }
    }

    /// Hands something to a node and does what it wants.
    pub(crate) fn give(&mut self, node: NodeId, input: Input<'_>) {
        self.nodes.actor(node).handle(self.net.now, input);
        self.settle(node);
    }

    /// A node was changed: does what it wants, then sees to the traffic sources that waited for it.
    #[inline]
    pub(crate) fn settle(&mut self, node: NodeId) {
        self.drain(node);
        if !self.net.hosts[node.index()].waiting.is_empty() {
            self.offer_waiting(node);
        }
    }

    /// Does what a node wants until it waits.
    pub(crate) fn drain(&mut self, node: NodeId) {
        let World {
            net, nodes, limits, ..
        } = self;
        let now = net.now;
        let mut actor = nodes.actor(node);
        let mut outputs = 0;
        loop {
            match actor.poll(now) {
                Output::Deadline(deadline) => break net.set_deadline(node, deadline),
                Output::Datagram {
                    from,
                    to,
                    octets,
                    cause,
                } => {
                    net.datagram(&Outgoing {
                        from: node,
                        forged: from,
                        to,
                        octets,
                        cause,
                        foreign: false,
                    });
                }
                Output::Event(event) => net.event(node, &event),
                Output::Send {
                    connection,
                    octets,
                    unit,
                    cause,
                } => net.send(node, connection, octets, unit, cause),
                Output::Connect { connection, to } => net.connect(node, connection, to),
                Output::Close { connection, cause } => net.close(node, connection, cause),
                Output::Reset { connection, cause } => net.reset(node, connection, cause),
            }
            outputs += 1;
            if outputs >= limits.outputs_at_once {
                net.set_deadline(node, None);
                break net.mistake(node, NodeMistake::Endless);
            }
        }
        while let Some((stream, owner, call)) = net.model.next_window_query() {
            let window = nodes.get(owner).query(&Query::Window(call));
            net.model
                .window_answered(stream, window.and_then(Value::number));
        }
        if net.count_calls_of.is_some() {
            self.count_calls();
        }
        self.net.write_violations();
    }

    /// A node that has lost its last connection has no calls.
    #[cold]
    pub(crate) fn count_calls(&mut self) {
        let Some(node) = self.net.count_calls_of.take() else {
            return;
        };
        if self.net.hosts[node.index()].alive > 0 {
            return;
        }
        let calls = self
            .query(node, &Query::Calls)
            .and_then(Value::number)
            .unwrap_or(0);
        self.net.model.calls_without_connection(node, calls);
    }

    /// A source is due: sends what it may.
    fn run_source(&mut self, number: u32) {
        let source = &self.net.sources[number as usize];
        if source.active
            && !self.net.hosts[source.node.index()]
                .waiting
                .contains(&number)
        {
            self.send_from(number);
        }
    }

    /// The node has got something: sources that waited try again.
    fn offer_waiting(&mut self, node: NodeId) {
        let mut waiting = core::mem::take(&mut self.net.hosts[node.index()].waiting);
        for number in waiting.drain(..) {
            if self.net.sources[number as usize].active {
                self.send_from(number);
            }
        }
        let again = &mut self.net.hosts[node.index()].waiting;
        if again.is_empty() {
            *again = waiting;
        }
    }

    /// Sends packets of a source until none is due, the node has no room, or the source ends.
    fn send_from(&mut self, number: u32) {
        loop {
            let now = self.net.now;
            let source = &mut self.net.sources[number as usize];
            if !source.active {
                return;
            }
            if source.sent == source.traffic.packets {
                return self.net.end_source(number);
            }
            let due = source.due();
            if due > now {
                return self.net.source_due(number, due);
            }
            source.make_frame(number);
            let (node, call) = (source.node, source.call);
            match self.nodes.actor(node).send_data(now, call, &source.frame) {
                Ok(DataOutcome::Accepted) => {
                    source.advance();
                    self.drain(node);
                }
                Ok(DataOutcome::Full) => {
                    self.drain(node);
                    self.net.hosts[node.index()].waiting.push(number);
                    return;
                }
                Ok(DataOutcome::Unsendable) | Err(_) => return self.net.end_source(number),
            }
        }
    }
}
