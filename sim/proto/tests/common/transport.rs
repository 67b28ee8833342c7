//! How what the ends put out travels, and what of it is noted.

use pptp_proto::{Cause, ConnectionId, Event, Input, Output};
use pptp_wire::{ControlMessage, Framer, GrePacket};

use super::*;

impl Net {
    pub(super) fn deliver(&mut self, side: usize, delivery: Delivery) {
        match delivery {
            Delivery::Opened(link) => {
                let (connection, peer) = (self.links[link].ids[side], self.addresses[1 - side]);
                self.handle(side, Input::Opened { connection, peer });
            }
            Delivery::Octets(link, octets) => {
                if self.ends[side].is_none() {
                    let link = &mut self.links[link];
                    let mut rest = &octets[..];
                    while let Some(frame) = link.framer.push(&mut rest) {
                        let octets = frame.expect("endpoints keep step").octets;
                        link.received
                            .push(ControlMessage::decode(octets).expect("endpoints send messages"));
                    }
                }
                let connection = self.links[link].ids[side];
                self.handle(
                    side,
                    Input::Octets {
                        connection,
                        octets: &octets,
                    },
                );
            }
            Delivery::Closed(link) => {
                let connection = self.links[link].ids[side];
                self.handle(side, Input::Closed { connection });
            }
            Delivery::Reset(link) => {
                let connection = self.links[link].ids[side];
                self.handle(side, Input::Reset { connection });
            }
            Delivery::Datagram(from, octets) => {
                if self.ends[side].is_none() {
                    self.datagrams.push(octets.clone());
                }
                self.handle(
                    side,
                    Input::Datagram {
                        from,
                        octets: &octets,
                    },
                );
            }
        }
    }

    pub(super) fn drain(&mut self, side: usize) {
        let Some(mut end) = self.ends[side].take() else {
            return;
        };
        loop {
            let output = end.poll();
            if let Output::Deadline(deadline) = output {
                self.deadlines[side] = deadline.map(|deadline| deadline.at);
                break;
            }
            self.take(side, output);
        }
        self.ends[side] = Some(end);
    }

    pub(super) fn take(&mut self, side: usize, output: Output<'_>) {
        match output {
            Output::Connect { connection, .. } => self.connect(side, connection),
            Output::Send {
                connection,
                octets,
                cause,
            } => {
                let link = self.link_of(side, connection);
                let sent = match ControlMessage::decode(octets) {
                    Ok(message) => Sent::Message(message),
                    Err(_) => Sent::Octets(octets.to_vec()),
                };
                self.note(side, link, sent, cause);
                self.post(
                    1 - side,
                    self.delay,
                    Delivery::Octets(link, octets.to_vec()),
                );
            }
            Output::Close { connection, cause } => {
                let link = self.link_of(side, connection);
                self.links[link].closed[side] = true;
                self.note(side, link, Sent::Close(cause.to_string()), cause);
                self.post(1 - side, self.delay, Delivery::Closed(link));
            }
            Output::Reset { connection, cause } => {
                let link = self.link_of(side, connection);
                self.links[link].closed = [true; 2];
                self.note(side, link, Sent::Reset, cause);
                self.post(1 - side, self.delay, Delivery::Reset(link));
            }
            Output::Datagram { to, octets, cause } => {
                assert_eq!(to, self.addresses[1 - side]);
                let header = GrePacket::decode(octets)
                    .expect("endpoints send packets")
                    .header;
                let sent = Sent::Data {
                    sequence_number: header.sequence_number,
                    acknowledgment_number: header.acknowledgment_number,
                    length: usize::from(header.payload_length),
                };
                self.note(side, usize::MAX, sent, cause);
                self.post(
                    1 - side,
                    self.delay,
                    Delivery::Datagram(self.addresses[side], octets.to_vec()),
                );
            }
            Output::Event(event) => self.observe(side, event),
            Output::Deadline(_) => {}
        }
    }

    pub(super) fn observe(&mut self, side: usize, event: Event<'_>) {
        self.events.push((side, format!("{event:?}")));
        match event {
            Event::Transition {
                transition,
                from,
                to,
                ..
            } => {
                self.steps.push(Step {
                    side,
                    transition,
                    from,
                    to,
                });
            }
            Event::Violation { requirement, .. } => self.violations.push((side, requirement)),
            Event::Data {
                call,
                sequence_number,
                payload,
            } => {
                self.data
                    .push((side, call, sequence_number, payload.to_vec()));
            }
            _ => {}
        }
    }

    pub(super) fn connect(&mut self, side: usize, connection: ConnectionId) {
        let link = self.links.len();
        let mut ids = [ConnectionId(link as u32 * 2 + 2); 2];
        ids[side] = connection;
        self.links.push(Link {
            ids,
            closed: [false; 2],
            framer: Framer::default(),
            received: Vec::new(),
        });
        self.note(side, link, Sent::Open, Cause::Answer);
        self.post(side, self.delay * 2, Delivery::Opened(link));
        self.post(1 - side, self.delay * 3, Delivery::Opened(link));
    }

    pub(super) fn note(&mut self, from: usize, connection: usize, sent: Sent, cause: Cause) {
        self.log.push(Line {
            at: self.now,
            from,
            connection,
            sent,
            mark: cause.to_string(),
        });
    }

    pub(super) fn post(&mut self, side: usize, delay: Duration, delivery: Delivery) {
        self.order += 1;
        self.queue
            .insert((self.now + delay, self.order), (side, delivery));
    }

    pub(super) fn link_of(&self, side: usize, connection: ConnectionId) -> usize {
        let found = self
            .links
            .iter()
            .rposition(|link| link.ids[side] == connection);
        found.expect("a connection that was opened")
    }
}
