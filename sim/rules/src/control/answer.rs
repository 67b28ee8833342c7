//! A reply waits for the last octet of its request (TR-016).

use crate::ledger::Seen;
use crate::tracker::{Effect, Party, Tracker};
use pptp_wire::Body;
use pptp_wire::Requirement::*;

impl Tracker {
    /// TR-016: the reply leaves while its request is still on the way. A reply to a request that was never sent is judged by the
    /// rules of the reply itself.
    pub(super) fn judge_answer(&mut self, seen: &Seen, number: u32, side: usize, body: &Body) {
        let Some(record) = self.connections.get(number) else {
            return;
        };
        let (own, peer) = (&record.sides[side], &record.sides[1 - side]);
        let on_the_way = &record.transit[1 - side];
        let is_early = match body {
            Body::StartControlConnectionReply(_) => {
                own.starts_to_answer == 0
                    && on_the_way.holds(|effect| matches!(effect, Effect::StartRequest { .. }))
            }
            Body::StopControlConnectionReply(_) => {
                own.stops_to_answer == 0
                    && on_the_way.holds(|effect| matches!(effect, Effect::StopRequest))
            }
            // What is found again behind junk has arrived, too (HDR-008).
            Body::EchoReply(_) if own.lost_step.is_some() => return,
            Body::EchoReply(reply) => peer.echoes.iter().any(|echo| {
                echo.identifier == reply.identifier && echo.arrived.is_none() && !echo.answered
            }),
            Body::OutgoingCallReply(reply) => {
                self.is_on_the_way(seen, number, reply.peer_call_id.0, Party::Pns)
            }
            Body::IncomingCallReply(reply) => {
                self.is_on_the_way(seen, number, reply.peer_call_id.0, Party::Pac)
            }
            _ => return,
        };
        self.ledger.held(seen.from, Tr016);
        if is_early {
            let text = "a reply before its request has arrived";
            self.ledger.blame(Tr016, seen.from, seen.mark, text);
        }
    }

    /// Whether the request for the call to which the receiver of `seen`, in the role of `party`, gave this Call ID has not arrived yet.
    fn is_on_the_way(&self, seen: &Seen, number: u32, call_id: u16, party: Party) -> bool {
        let named = (seen.to, call_id, seen.from);
        self.open_request(number, named, party)
            .and_then(|index| self.calls.get(index))
            .is_some_and(|call| call.request_arrived.is_none() && call.reply.is_none())
    }
}
