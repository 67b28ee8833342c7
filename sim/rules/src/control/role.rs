//! Who is the PNS: learnt from who asks for calls (RFC 2637 §2.7, §2.9), and what follows from it.

use crate::ledger::{Mark, Seen};
use crate::observation::End;
use crate::tracker::Tracker;
use pptp_wire::ErrorCode;
use pptp_wire::Requirement::{self, *};

impl Tracker {
    /// A call message that only one role sends: `by_pns` says which, `specific` is the message's own requirement.
    /// `teaches`: its sender shows its role by it. Answers whether the direction is right as far as it is known.
    pub(super) fn judge_direction(
        &mut self,
        seen: &Seen,
        number: u32,
        side: usize,
        by_pns: bool,
        specific: Option<Requirement>,
        teaches: bool,
    ) -> bool {
        if let Some(pns) = self.described_pns(number) {
            self.learn_role(number, pns);
            self.show_role(number, 0);
            self.show_role(number, 1);
        }
        let Some(record) = self.connections.get_mut(number) else {
            return true;
        };
        let sender_as_pns = if by_pns { side } else { 1 - side };
        match record.pns {
            Some(pns) if pns != sender_as_pns => {
                // HDR-016 and OCRQ-001, ICRQ-001, CCLR-001, CDN-001, WEN-001, SLI-001 (AMB-40)
                let text = if by_pns {
                    "sent by the PAC"
                } else {
                    "sent by the PNS"
                };
                self.ledger.held(seen.to, Hdr014);
                self.ledger.blame(Hdr016, seen.from, seen.mark, text);
                if let Some(specific) = specific {
                    self.ledger.blame(specific, seen.from, seen.mark, text);
                }
                false
            }
            Some(_) => {
                self.show_role(number, side);
                true
            }
            None => {
                // What is not as long as its type asks for may be of any type.
                let teaches = teaches && !record.sides[side].wrong_length;
                if teaches || record.partial {
                    self.learn_role(number, sender_as_pns);
                    self.show_role(number, side);
                    if self.config.from_the_start {
                        // Whoever is called like this is there to answer. In a capture it may be a probe.
                        self.show_role(number, 1 - side);
                    }
                } else {
                    // Nobody has asked for a call: it is out of place, whoever is the PNS (HDR-014).
                    record.sides[1 - side].may_close = true;
                }
                true
            }
        }
    }

    /// The end on `side` has asked for a call against the direction of its request.
    pub(super) fn request_misdirected(&mut self, number: u32, side: usize) {
        if let Some(record) = self.connections.get_mut(number) {
            let receiver = &mut record.sides[1 - side];
            receiver.misdirected_requests = receiver.misdirected_requests.saturating_add(1);
        }
    }

    /// Whether a refusal by the end on `side`, which its other role would send, answers a request that went against its direction: an
    /// error reply passes, whoever sends it (HDR-014, AMB-33). In a capture alone: a script that tests an end says itself what passes.
    pub(super) fn refuses_misdirected(&mut self, number: u32, side: usize, by_pns: bool) -> bool {
        if self.config.from_the_start {
            return false;
        }
        let Some(record) = self.connections.get_mut(number) else {
            return false;
        };
        let sender_as_pns = if by_pns { side } else { 1 - side };
        if record.pns.is_none_or(|pns| pns == sender_as_pns) {
            return false;
        }
        let open = &mut record.sides[side].misdirected_requests;
        let refuses = *open > 0;
        *open = open.saturating_sub(1);
        refuses
    }

    /// The side of the PNS on a connection that has not shown it yet, where the feeder knows.
    fn described_pns(&mut self, number: u32) -> Option<usize> {
        let record = self.connections.get(number)?;
        if record.pns.is_some() {
            return None;
        }
        let [opener, acceptor] = record.ends;
        let opens = self.end(opener).description.is_pns;
        let accepts = self.end(acceptor).description.is_pns;
        let opener_is_pns = opens.or(accepts.map(|is_pns| !is_pns))?;
        (opens != accepts).then_some(usize::from(!opener_is_pns))
    }

    /// What has reached the end on `side` lets it close (HDR-014).
    pub(super) fn may_close(&mut self, number: u32, side: usize) {
        if let Some(record) = self.connections.get_mut(number) {
            record.sides[side].may_close = true;
        }
    }

    /// Whether what this end says may be the answer to a malformed message, which opens nothing that could be answered.
    pub(super) fn may_answer_malformed(&self, number: u32, end: End) -> bool {
        self.connections.get(number).is_some_and(|record| {
            record
                .side_of(end)
                .is_some_and(|side| record.sides[side].may_answer_malformed)
        })
    }

    /// The role of both ends is known from now on.
    fn learn_role(&mut self, number: u32, pns: usize) {
        if let Some(record) = self.connections.get_mut(number) {
            record.pns = Some(pns);
        }
    }

    /// The end on `side` acts in its role: what it said at the start is judged by it. What its peer takes it for is not enough.
    fn show_role(&mut self, number: u32, side: usize) {
        let Some(record) = self.connections.get_mut(number) else {
            return;
        };
        let Some(pns) = record.pns else { return };
        if std::mem::replace(&mut record.sides[side].shows_role, true) {
            return;
        }
        let end = record.ends[side];
        let (request, reply) = (
            record.sides[side].start_request,
            record.sides[side].start_reply,
        );
        if side != pns {
            let Some(start) = request.or(reply) else {
                return;
            };
            self.ledger.held(end, Sccrq008);
            if start.maximum_channels == 0 {
                // SCCRQ-008
                self.ledger
                    .note(Sccrq008, end, start.mark, "a PAC that offers no channels");
            }
            return;
        }
        for (requirement, start) in [(Sccrq006, request), (Sccrp008, reply)] {
            let Some(start) = start else { continue };
            self.ledger.held(end, requirement);
            if start.maximum_channels != 0 {
                // SCCRQ-006, SCCRP-008
                let text = "Maximum Channels of a PNS";
                let channels = start.maximum_channels;
                self.ledger
                    .blame_value(requirement, end, start.mark, text, channels, Some(0));
            }
        }
    }

    /// SCCRQ-008: a PAC keeps to the channels that it advertised.
    pub(super) fn judge_channels(&mut self, seen: &Seen, number: u32, pac: usize) {
        let Some(record) = self.connections.get(number) else {
            return;
        };
        let side = &record.sides[pac];
        let advertised = side
            .start_request
            .or(side.start_reply)
            .map_or(0, |start| start.maximum_channels);
        if record.calls.len() <= usize::from(advertised) {
            return;
        }
        let connected = record
            .calls
            .iter()
            .filter_map(|&index| self.calls.get(index))
            .filter(|call| {
                let party = call.party_on(pac);
                call.is_live(party) && call.was_established(party)
            })
            .count();
        if advertised != 0 && connected > usize::from(advertised) {
            let text = "more calls than Maximum Channels";
            self.ledger.blame_value(
                Sccrq008,
                seen.from,
                seen.mark,
                text,
                connected as u64,
                Some(advertised.into()),
            );
        }
    }

    /// ERR-007: a reply of the PNS with the error that only a PAC has.
    pub(super) fn judge_error_code(
        &mut self,
        mark: Mark,
        number: u32,
        side: usize,
        error: ErrorCode,
    ) {
        let Some(record) = self.connections.get(number) else {
            return;
        };
        let end = record.ends[side];
        if record.pns != Some(side) {
            if record.pns.is_none() && error == ErrorCode::PAC_ERROR {
                self.ledger
                    .inconclusive(Err007, end, "no call has shown who is the PNS");
            }
            return;
        }
        self.ledger.held(end, Err007);
        if error == ErrorCode::PAC_ERROR {
            self.ledger
                .blame(Err007, end, mark, "PAC-Error from the PNS");
        }
    }
}
