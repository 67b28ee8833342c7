//! Crossing starts: both ends of a pair open a control connection at once (RFC 2637 §3.1.3).

use crate::ledger::Seen;
use crate::timer::ConnectionTimer;
use crate::tracker::{MINUTE, Tracker};
use pptp_wire::Requirement::*;
use pptp_wire::time::Duration;

impl Tracker {
    /// A Start-Control-Connection-Request has reached the end on `side` of connection `number`. CC-022: where that end has sent its
    /// own on another connection to the same peer, and got no answer yet, the two collide.
    pub(super) fn detect_collision(&mut self, seen: &Seen, number: u32, side: usize) {
        if self.config.windows {
            // MS-004
            return;
        }
        let Some(record) = self.connections.get(number) else {
            return;
        };
        let (peer, end) = (record.ends[1 - side], record.ends[side]);
        let pair = self.pairs.get(&(peer.min(end), peer.max(end)));
        let own = pair.and_then(|pair| {
            pair.connections.iter().copied().find(|candidate| {
                *candidate != number
                    && self.connections.get(*candidate).is_some_and(|candidate| {
                        let opener = &candidate.sides[0];
                        candidate.ends[0] == end
                            && opener.start_request.is_some()
                            && opener.established.is_none()
                            && !opener.refused
                            && !opener.closed
                            && !opener.crashed
                    })
            })
        });
        let Some(own) = own else { return };
        self.ledger.held(end, Cc022);
        let address = |which: usize| {
            self.ends
                .get(usize::from(record.ends[which].0))
                .and_then(|facts| facts.description.address)
        };
        let (Some(peer_address), Some(own_address)) = (address(1 - side), address(side)) else {
            self.leave_collision_open(number, own, "the addresses of the ends are not known");
            return;
        };
        if self.config.behind_nat || peer_address == own_address {
            self.leave_collision_open(number, own, "the addresses decide nothing");
            return;
        }
        self.decide_collision(seen, number, own, own_address > peer_address);
    }

    /// No winner can be found: what the rule asks for is not judged, and either connection may be closed (AMB-26).
    fn leave_collision_open(&mut self, number: u32, own: u32, reason: &'static str) {
        for (connection, rival) in [(number, own), (own, number)] {
            if let Some(record) = self.connections.get_mut(connection) {
                record.rival = Some(rival);
                for end in record.ends {
                    for requirement in [Cc023, Cc024, Cc025, Cc026, Cc028] {
                        self.ledger.inconclusive(requirement, end, reason);
                    }
                }
            }
        }
    }

    /// The end that received the request on `number`, and opened `own`, knows that it wins or loses.
    fn decide_collision(&mut self, seen: &Seen, number: u32, own: u32, wins: bool) {
        for (connection, rival, opener_wins) in [(number, own, !wins), (own, number, wins)] {
            if let Some(record) = self.connections.get_mut(connection) {
                record.rival = Some(rival);
                record.opener_wins = Some(opener_wins);
            }
        }
        let Some(record) = self.connections.get_mut(number) else {
            return;
        };
        let end = seen.to;
        if wins {
            let side = record.side_of(end).unwrap_or(1);
            record.sides[side].forbidden = true;
            self.ledger.held_all(end, &[Cc023, Cc027, Cc028]);
        } else {
            self.ledger.held_all(end, &[Cc024, Cc025, Cc026]);
            if let Some(record) = self.connections.get_mut(own) {
                record.sides[0].silenced = true;
            }
            self.cancel_timer(own, 0, ConnectionTimer::AwaitStartReply);
            let kind = ConnectionTimer::CollisionClose;
            self.set_timer(own, 0, kind, seen.mark.at, self.config.collision);
        }
    }

    /// CC-023, CC-027: the winner gives its own connection up.
    pub(super) fn judge_collision_close(&mut self, seen: &Seen, number: u32, side: usize) {
        let Some(record) = self.connections.get(number) else {
            return;
        };
        let gives_up = side == 0
            && record.opener_wins == Some(true)
            && record.sides[0].established.is_none()
            && !record.sides[0].refused
            && record.sides[0].peer_closed.is_none()
            && !record.sides[0].crashed
            && !record.sides[0].may_close;
        let waited = record.sides[0]
            .start_request
            .map_or(Duration::ZERO, |start| seen.mark.at.since(start.mark.at));
        if !gives_up || waited >= MINUTE {
            return;
        }
        if waited > self.config.transit {
            // AMB-21
            let text = "the winner of a collision gives its connection up before the peer had 60 s to answer";
            self.ledger.note(Cc027, seen.from, seen.mark, text);
        } else {
            let text = "the winner of a collision gives its connection up";
            self.ledger.blame(Cc023, seen.from, seen.mark, text);
            self.ledger.blame(Cc027, seen.from, seen.mark, text);
        }
    }
}
