//! The tunnel: GRE packets of live calls, both directions of each (RFC 2637 §4). This is the path that every packet takes.

mod acknowledgment;
mod half;
mod numbers;
mod receipt;
mod sequence;
mod stray;
mod window;

pub(crate) use half::Half;

use crate::config::JudgeConfig;
use crate::finding::Detail;
use crate::ledger::{Ledger, Seen};
use crate::observation::Place;
use crate::tracker::{Call, EndFacts, Party, Tracker};
use pptp_wire::Requirement::*;
use pptp_wire::{GRE_PROTOCOL_PPP, GreFlags, GreHeader, GrePacket, validate_gre};

/// Octets of user data that a packet may carry (TR-011).
const MAXIMUM_PAYLOAD: usize = 1532;

/// One packet of a live call, and what the rules need beside the call.
struct Flow<'a> {
    seen: &'a Seen,
    header: &'a GreHeader,
    identification: Option<u16>,
    /// Nothing is wrong with the packet by itself: its receiver has no reason to discard it.
    is_sound: bool,
    /// Others have put messages between the two ends: what they know of the call is not what they told each other.
    is_intruded: bool,
    /// The party that sent it.
    sender: Party,
    config: &'a JudgeConfig,
    ledger: &'a mut Ledger,
    ends: &'a mut [EndFacts],
}

impl Tracker {
    /// A GRE packet was seen.
    pub(crate) fn gre(&mut self, seen: &Seen, octets: &[u8], identification: Option<u16>) {
        let is_sent = seen.place != Place::Arrived;
        let Ok(packet) = GrePacket::decode(octets) else {
            if is_sent {
                self.ledger.tunnel(seen.from).packets += 1;
                self.validate_packet(seen, octets);
            }
            return;
        };
        let header = &packet.header;
        let is_sound = is_plain(&packet) || {
            if is_sent {
                self.validate_packet(seen, octets);
            }
            validate_gre(octets).is_empty()
        };
        if is_sent {
            self.count(seen, header);
        }
        if header.flags.version() != 1 || header.protocol_type != GRE_PROTOCOL_PPP {
            return;
        }
        let seen = &self.undisturbed(seen);
        let Some((index, owner)) = self.calls.find_fast(seen.to, header.call_id.0, seen.from)
        else {
            if is_sent {
                self.stray(seen, header);
            }
            return;
        };
        let is_reused = |call: &Call| call.used_before[owner as usize];
        let index = if is_sent && self.calls.get(index).is_some_and(is_reused) {
            let Some(meant) = self.meant(header, index, owner) else {
                return;
            };
            meant
        } else {
            index
        };
        // The sender's facts exist from here on.
        self.end(seen.from);
        let is_intruded = self.is_intruded(seen.from, seen.to);
        let Some(call) = self.calls.get_mut(index) else {
            return;
        };
        let mut flow = Flow {
            seen,
            header,
            identification,
            is_sound,
            is_intruded,
            sender: owner.other(),
            config: &self.config,
            ledger: &mut self.ledger,
            ends: &mut self.ends,
        };
        let is_out_of_call = is_sent && flow.sent(call);
        if seen.place != Place::Sent {
            flow.arrived(call);
        }
        if is_out_of_call {
            self.out_of_call(seen, index, owner.other());
        }
    }

    /// The call that the sender of a packet means by a Call ID that its owner has used again: not the one of which it cannot know
    /// yet; and where it goes on with the one before, that of which the packet carries the next number. `None`: it cannot be told, or
    /// is a call that has ended for both.
    #[cold]
    fn meant(&mut self, header: &GreHeader, index: u32, owner: Party) -> Option<u32> {
        let call = self.calls.get(index)?;
        let sender = owner.other();
        let earlier = call.earlier[owner as usize].and_then(|before| self.calls.resolve(before));
        if !call.knows_peer_id(sender) {
            return earlier;
        }
        let expected = |call: &Call| call.halves[sender as usize].numbers.next();
        let expected_now = expected(call);
        let Some(number) = header.sequence_number else {
            let is_kept = |index: u32| {
                self.calls
                    .get(index)
                    .is_some_and(|earlier| earlier.is_live(sender))
            };
            return (!earlier.is_some_and(is_kept)).then_some(index);
        };
        if expected_now.unwrap_or(0) == number {
            return Some(index);
        }
        let goes_on = |&before: &u32| {
            self.calls
                .get(before)
                .is_some_and(|before| before.is_live(sender) && expected(before) == Some(number))
        };
        if let Some(before) = earlier.filter(goes_on) {
            return Some(before);
        }
        let call = self.calls.get_mut(index)?;
        let before = &mut call.number_before[owner as usize];
        if expected_now.is_some() && *before == Some(number) {
            *before = Some(number.wrapping_add(1));
            return None;
        }
        Some(index)
    }

    #[inline]
    fn count(&mut self, seen: &Seen, header: &GreHeader) {
        let counts = self.ledger.tunnel(seen.from);
        let data = header.sequence_number.is_some();
        let acknowledgment = header.acknowledgment_number.is_some();
        counts.packets += 1;
        counts.data += u64::from(data);
        counts.acknowledgments += u64::from(acknowledgment);
        counts.acknowledgment_only += u64::from(acknowledgment && !data);
    }

    #[cold]
    fn validate_packet(&mut self, seen: &Seen, octets: &[u8]) {
        for found in validate_gre(octets) {
            let detail = Detail {
                text: found.field,
                seen: Some(found.seen.into()),
                expected: None,
            };
            self.ledger.report(
                found.requirement,
                found.severity,
                seen.from,
                seen.mark,
                detail,
            );
        }
    }
}

/// Whether a packet is of the shape that nothing can be found on, so that most packets need no closer look: a legal header, lengths
/// that agree, and either no payload or a PPP packet with address, control and an uncompressed number of a network protocol.
#[inline]
fn is_plain(packet: &GrePacket<'_>) -> bool {
    let header = &packet.header;
    let numbers = GreFlags::SEQUENCE_NUMBER_PRESENT | GreFlags::ACKNOWLEDGMENT_PRESENT;
    let length = packet.payload.len();
    if header.flags.0 & !numbers != GreFlags::PPTP.0
        || header.protocol_type != GRE_PROTOCOL_PPP
        || length != usize::from(header.payload_length)
    {
        return false;
    }
    match (header.sequence_number, header.acknowledgment_number) {
        (None, None) => false,
        (None, Some(_)) => length == 0,
        (Some(_), _) => {
            length <= MAXIMUM_PAYLOAD && packet.payload.starts_with(&[0xFF, 0x03, 0x00])
        }
    }
}

impl Flow<'_> {
    /// The sender's part. Answers whether it is data that the sender may not send in the call's state.
    #[inline]
    fn sent(&mut self, call: &mut Call) -> bool {
        let half = &mut call.halves[self.sender as usize];
        if let Some(number) = self.header.acknowledgment_number {
            self.judge_acknowledgment(half, number);
        }
        let Some(number) = self.header.sequence_number else {
            if self.seen.authentic {
                half.numbers.sent_acknowledgment_only();
                half.path.passed(self.identification, true);
            }
            return false;
        };
        self.judge_sequence_number(call, number);
        let half = &mut call.halves[self.sender as usize];
        if self.seen.authentic {
            self.judge_window(half, number, call.outgoing);
        }
        !half.ready || self.seen.mark.at >= half.ended
    }

    /// Whether a receiver that offered a window of so many packets has a reason to discard a data packet: it breaks a rule, was
    /// changed on the way, is in excess (WIN-007), or carries an acknowledgment that makes no sense (AMB-12).
    #[inline]
    fn may_be_discarded(&self, half: &Half, number: u32, offered: u32) -> bool {
        !self.is_sound
            || !self.seen.authentic
            || half.receipt.is_in_excess(number, offered)
            || self
                .header
                .acknowledgment_number
                .is_some_and(|acknowledgment| half.window.may_refuse(acknowledgment))
    }

    /// The receiver's part.
    #[inline]
    fn arrived(&mut self, call: &mut Call) {
        let at = self.seen.mark.at;
        let receiver = self.sender.other();
        let is_established = call.was_established(receiver);
        let offered = call.halves[self.sender as usize].window.size();
        let half = &mut call.halves[receiver as usize];
        if let Some(number) = self.header.sequence_number {
            self.ledger.tunnel(self.seen.to).data_arrived += 1;
            let is_taken = is_established && !self.may_be_discarded(half, number, offered);
            self.receive(half, number, is_taken);
        }
        if let Some(number) = self.header.acknowledgment_number
            && half
                .window
                .acknowledged(number, at, self.config.minimum_time_out)
        {
            self.ledger.held(self.seen.to, Win004);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pptp_wire::{CallId, GRE_MAXIMUM_HEADER_LENGTH};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_plain_packet_has_no_findings(
            call_id: u16,
            number: u32,
            acknowledgment: Option<u32>,
            rest in proptest::collection::vec(any::<u8>(), 0..64),
        ) {
            let mut octets = vec![0; GRE_MAXIMUM_HEADER_LENGTH];
            let header = GreHeader::data(CallId(call_id), number, acknowledgment, rest.len() as u16 + 3);
            let length = header.encode((&mut octets[..]).try_into().unwrap());
            octets.truncate(length);
            octets.extend([0xFF, 0x03, 0x00]);
            octets.extend(&rest);
            prop_assert!(is_plain(&GrePacket::decode(&octets).unwrap()));
            prop_assert!(validate_gre(&octets).is_empty());
        }

        #[test]
        fn a_packet_with_findings_is_not_plain(octets in proptest::collection::vec(any::<u8>(), 0..64)) {
            if let Ok(packet) = GrePacket::decode(&octets) && !validate_gre(&octets).is_empty() {
                prop_assert!(!is_plain(&packet));
            }
        }

        #[test]
        fn an_acknowledgment_is_plain_and_without_findings(call_id: u16, number: u32) {
            let mut octets = [0; GRE_MAXIMUM_HEADER_LENGTH];
            let length = GreHeader::acknowledgment_only(CallId(call_id), number).encode(&mut octets);
            let packet = GrePacket::decode(&octets[..length]).unwrap();
            prop_assert!(is_plain(&packet));
            prop_assert!(validate_gre(&octets[..length]).is_empty());
        }
    }
}
