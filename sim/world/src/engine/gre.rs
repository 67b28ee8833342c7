//! The way of a datagram: from the sender's interface over the link to its destination.

use super::network::{Network, end};
use super::pool::Source;
use super::queue::{Class, Event as Due};
use crate::engine::host::Way;
use crate::link::{Delivery, Fate, ImpairmentKind, PacketView};
use crate::model::NO_STREAM;
use crate::record::Loss;
use crate::{Cause, GreSent, NodeId, PacketNumber, RecordKind, Span, WorldPoint};
use core::net::Ipv4Addr;
use pptp_rules::{Event, Observation, Origin, Place};
use pptp_wire::GrePacket;

/// A datagram that is put on an interface.
#[derive(Copy, Clone, Debug)]
pub(crate) struct Outgoing<'a> {
    pub from: NodeId,
    pub forged: Option<Ipv4Addr>,
    pub to: Ipv4Addr,
    pub octets: &'a [u8],
    pub cause: Cause,
    /// It was injected, or its sender is a script.
    pub foreign: bool,
}

impl Network {
    /// A datagram is put on its sender's interface.
    pub(crate) fn datagram(&mut self, outgoing: &Outgoing<'_>) {
        let Outgoing {
            from,
            forged,
            octets,
            cause,
            ..
        } = *outgoing;
        let packet = PacketNumber(self.next_packet);
        self.next_packet += 1;
        let decoded = GrePacket::decode(octets).ok();
        let header = decoded.map(|packet| packet.header);
        let to = self.owner(from, outgoing.to);
        let claimed = forged
            .and_then(|address| self.addresses.owner(address))
            .unwrap_or(from);
        let foreign = outgoing.foreign || self.hosts[from.index()].scripted;
        let origin = if foreign {
            Origin::Foreign
        } else {
            Origin::Own
        };
        let kept = if self.keep_octets || header.is_none() {
            self.log.keep(octets)
        } else {
            Span::default()
        };
        let length = octets.len() as u32;
        let sent = GreSent {
            packet,
            from,
            to,
            forged,
            header,
            octets: kept,
            length,
            origin,
            cause,
        };
        self.record(RecordKind::GreSent(sent));
        let Some(to) = to else {
            return self.record(RecordKind::GreLost {
                packet,
                by: Loss::NoAddress,
            });
        };
        let seen = Event::Gre {
            octets,
            ip_identification: None,
        };
        self.observe(Place::Sent, claimed, to, origin, seen);

        let slot = self.pool.take(octets);
        let source = forged.unwrap_or_else(|| self.hosts[from.index()].address());
        let datagram = self.pool.get_mut(slot);
        datagram.number = packet.0;
        datagram.source = Source(source);
        (datagram.from, datagram.claimed, datagram.to) = (from, claimed, to);
        (datagram.changed, datagram.foreign) = (false, foreign);
        if let Some(GrePacket { header, .. }) = &decoded {
            let stream = self.model.sent(&mut self.pool, slot, header);
            self.pool.get_mut(slot).stream = stream;
        } else {
            self.pool.get_mut(slot).stream = NO_STREAM;
        }
        let view = match decoded {
            Some(GrePacket { header, payload }) => PacketView {
                length: octets.len(),
                call_id: Some(header.call_id),
                payload_length: Some(header.payload_length),
                sequence_number: header.sequence_number,
                acknowledgment_number: header.acknowledgment_number,
                payload,
            },
            None => PacketView {
                length: octets.len(),
                ..PacketView::default()
            },
        };
        self.offer(slot, packet, from, to, &view);
        self.pool.release(slot);
    }

    /// Puts a datagram on the path to its destination, and its copies into the queue.
    fn offer(
        &mut self,
        slot: u32,
        packet: PacketNumber,
        from: NodeId,
        to: NodeId,
        view: &PacketView<'_>,
    ) {
        let Some(way) = self.hosts[from.index()].way_to(to) else {
            return self.record(RecordKind::GreLost {
                packet,
                by: Loss::NoLink,
            });
        };
        let path = self.links[way.link.index()].link.gre(way.direction);
        let fates = match path.offer(self.now, view, &mut self.deck) {
            Ok(fates) => fates,
            Err(mismatch) => return self.stop(mismatch),
        };
        if let Some(rule) = fates.rule {
            self.record(RecordKind::GreTargeted {
                packet,
                rule,
                held_up: fates.held_up,
            });
        }
        self.note_fate(way, &fates.first);
        self.fate(slot, packet, 0, fates.first);
        if let Some(fate) = fates.copy {
            self.points.add(WorldPoint::Duplicated);
            self.record(RecordKind::GreDuplicated { packet });
            self.fate(slot, packet, 1, fate);
        }
    }

    /// Points of what became of a datagram.
    #[inline]
    fn note_fate(&mut self, way: Way, fate: &Fate) {
        let link = &mut self.links[way.link.index()];
        let direction = way.direction.index();
        let was_in_burst = core::mem::replace(&mut link.in_burst[direction], false);
        let point = match fate {
            Fate::Delivered(delivery) => {
                let last = &mut link.last_arrival[direction];
                if delivery.at >= *last {
                    *last = delivery.at;
                    return;
                }
                WorldPoint::Overtaken
            }
            Fate::Lost(ImpairmentKind::LossGilbertElliott | ImpairmentKind::LossMarkov) => {
                link.in_burst[direction] = true;
                if !was_in_burst {
                    return;
                }
                WorldPoint::LostInBurst
            }
            Fate::Lost(ImpairmentKind::Targeted) => WorldPoint::LostByRule,
            Fate::Lost(ImpairmentKind::Outage) => WorldPoint::LostInOutage,
            Fate::Lost(ImpairmentKind::Mtu) => WorldPoint::TooLong,
            Fate::Lost(ImpairmentKind::Queue) => WorldPoint::TailDrop,
            Fate::Lost(_) => WorldPoint::LostAtRandom,
        };
        self.points.add(point);
    }

    #[inline]
    fn fate(&mut self, slot: u32, packet: PacketNumber, copy: u16, fate: Fate) {
        match fate {
            Fate::Lost(by) => self.record(RecordKind::GreLost {
                packet,
                by: Loss::Link(by),
            }),
            Fate::Delivered(delivery) => self.depart(slot, copy, &delivery),
        }
    }

    /// A copy is on its way.
    #[inline]
    fn depart(&mut self, slot: u32, copy: u16, delivery: &Delivery) {
        let slot = if delivery.flips.is_empty() {
            self.pool.hold(slot);
            slot
        } else {
            self.changed_copy(slot, delivery)
        };
        self.model.departed(self.pool.get(slot).stream);
        self.datagrams_in_flight += 1;
        self.queue
            .push(delivery.at, Class::Datagram, Due::Datagram { slot, copy });
    }

    /// A copy whose octets are not those that were sent.
    #[cold]
    fn changed_copy(&mut self, slot: u32, delivery: &Delivery) -> u32 {
        self.points.add(WorldPoint::Corrupted);
        let copy = self.pool.take_copy(slot);
        let datagram = self.pool.get_mut(copy);
        delivery.flips.apply(&mut datagram.octets);
        (datagram.changed, datagram.foreign) = (true, true);
        copy
    }

    /// A copy has come to the end of its way. `Some`: the node that is to be given it, and after that releases the slot.
    #[inline]
    pub(crate) fn datagram_arrived(&mut self, slot: u32, copy: u16) -> Option<NodeId> {
        self.datagrams_in_flight -= 1;
        let datagram = self.pool.get(slot);
        let (node, packet, changed) =
            (datagram.to, PacketNumber(datagram.number), datagram.changed);
        let (claimed, foreign) = (datagram.claimed, datagram.foreign);
        self.model.ended_flight(datagram.stream);
        if !self.hosts[node.index()].up {
            self.points.add(WorldPoint::LostAtDownNode);
            self.record(RecordKind::GreLost {
                packet,
                by: Loss::NodeDown,
            });
            self.pool.release(slot);
            return None;
        }
        let octets = if changed && self.keep_octets {
            self.log.keep(&self.pool.get(slot).octets)
        } else {
            Span::default()
        };
        self.record(RecordKind::GreDelivered {
            packet,
            copy,
            changed,
            node,
            octets,
        });
        if let Ok(GrePacket { header, .. }) = GrePacket::decode(&self.pool.get(slot).octets) {
            self.model.arrived(&mut self.pool, slot, &header);
        }
        let origin = if foreign {
            Origin::Foreign
        } else {
            Origin::Own
        };
        let Network {
            pool,
            log,
            judge,
            findings,
            now,
            ..
        } = self;
        let observation = Observation {
            number: log.next_number() - 1,
            at: *now,
            place: Place::Arrived,
            from: end(claimed),
            to: end(node),
            origin,
            event: Event::Gre {
                octets: &pool.get(slot).octets,
                ip_identification: None,
            },
        };
        judge.observe(&observation, findings);
        self.write_findings();
        Some(node)
    }
}
