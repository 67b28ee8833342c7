//! Both ends open a control connection at once (RFC 2637 §3.1.3).

use core::cmp::Ordering;
use std::net::Ipv4Addr;

use pptp_wire::StopControlConnectionRequest;

use super::{Connection, ConnectionState, Ending, Phase};
use crate::deviation::DeviationId;
use crate::endpoint::Endpoint;
use crate::profile::CollisionRule;
use crate::{Cause, ConnectionId, DeadlineReason, Point, Transition};

/// What a start request from the peer means for this end's own.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub(crate) enum Collision {
    /// This end has no start request under way.
    None,
    /// The peer's address is the higher one: this end's own connection is closed, the request is to be answered.
    Lost,
    /// This end's address is the higher one: the peer will close its connection, on which not a word is to be said.
    Won,
    /// The addresses are equal: both connections are closed (AMB-26).
    Undecided,
}

impl Endpoint {
    /// A start request came in on connection `theirs`: decides the collision with this end's own requests, if any
    /// (`CC-002`, `CC-022`).
    pub(crate) fn collide(&mut self, theirs: ConnectionId) -> Collision {
        let Some(connection) = self.connections.get(&theirs) else {
            return Collision::None;
        };
        let (peer, tunnel) = (connection.peer, connection.tunnel);
        if self.config.profile.collision == CollisionRule::Independent {
            return Collision::None;
        }
        let met_at_first = connection.met_at_first;
        let waiting = self.starts_under_way(tunnel);
        if waiting.is_empty() || !met_at_first {
            return Collision::None;
        }
        match self.compare_addresses(peer) {
            Ordering::Greater => self.win(theirs, &waiting),
            Ordering::Less => self.lose(theirs, &waiting),
            Ordering::Equal => self.give_up(theirs, &waiting),
        }
    }

    /// Connections of this end that wait for the reply to their start request.
    fn starts_under_way(&self, tunnel: u32) -> Vec<ConnectionId> {
        let waits =
            |id: &ConnectionId| self.state_of(*id) == Some(ConnectionState::WaitControlReply);
        let opening = self.tunnels[tunnel].opening.iter().copied();
        opening.filter(waits).collect()
    }

    /// The first octets of the peer's request decide too early (`collision-decided-at-first-octets`).
    #[cold]
    pub(crate) fn note_first_octets(&mut self, theirs: ConnectionId) {
        let fresh = |connection: &&Connection| connection.pending && !connection.has_heard;
        let found = self.connections.get(&theirs).filter(fresh);
        let Some(tunnel) = found.map(|connection| connection.tunnel) else {
            return;
        };
        let met = !self.starts_under_way(tunnel).is_empty();
        if let Some(connection) = self.connections.get_mut(&theirs) {
            connection.met_at_first = met;
        }
    }

    /// T-CCO-03: wait for the reply on the own connection and for the end of the peer's (`CC-027`, `CC-028`).
    fn win(&mut self, theirs: ConnectionId, waiting: &[ConnectionId]) -> Collision {
        if self.deviates(DeviationId::CollisionWinnerAnswers) {
            return Collision::None;
        }
        self.io.reached.point(Point::CollisionWon);
        if let Some(connection) = self.connections.get_mut(&theirs) {
            connection.phase = Phase::Silent;
        }
        // Not for ever: the 60 s of every wait (RFC 2637 §3.2.1, `KA-007`).
        let span = self.config.profile.start_time_out;
        self.await_within(theirs, span, DeadlineReason::TcpClose(span));
        if self.deviates(DeviationId::CollisionWinnerCloses) {
            self.end_connection(theirs, None, Ending::Close, Cause::Answer);
        }
        for &own in waiting {
            self.enter(own, Transition::Cco03, ConnectionState::WaitControlReply);
        }
        Collision::Won
    }

    /// T-CCO-02: close the own connection at once and without a word (`CC-024`, `CC-025`), then answer (`CC-026`). Calls that waited
    /// for the own connection wait for the peer's instead.
    fn lose(&mut self, theirs: ConnectionId, waiting: &[ConnectionId]) -> Collision {
        if self.deviates(DeviationId::CollisionBothKept) {
            return Collision::None;
        }
        self.io.reached.point(Point::CollisionLost);
        for &own in waiting {
            self.move_queued_calls(own, theirs);
            if self.deviates(DeviationId::CollisionLoserStops) {
                let stop = StopControlConnectionRequest::default();
                self.send(own, stop, Cause::CollisionLost);
            }
            self.end_connection(
                own,
                Some(Transition::Cco02),
                Ending::Close,
                Cause::CollisionLost,
            );
        }
        if self.deviates(DeviationId::CollisionLoserSilent) {
            return Collision::Undecided;
        }
        Collision::Lost
    }

    /// T-CCO-23: neither address is the higher one.
    fn give_up(&mut self, theirs: ConnectionId, waiting: &[ConnectionId]) -> Collision {
        for &own in waiting {
            self.end_connection(
                own,
                Some(Transition::Cco23),
                Ending::Close,
                Cause::CollisionUndecided,
            );
        }
        self.end_connection(theirs, None, Ending::Close, Cause::CollisionUndecided);
        Collision::Undecided
    }

    /// This end's address against the peer's: as unsigned 32-bit numbers, first octet foremost (`CC-023`).
    fn compare_addresses(&self, peer: Ipv4Addr) -> Ordering {
        let (own, peer) = (u32::from(self.config.address), u32::from(peer));
        if self.deviates(DeviationId::CollisionSignedCompare) {
            return (own as i32).cmp(&(peer as i32));
        }
        if self.deviates(DeviationId::CollisionOctetsReversed) {
            return own.swap_bytes().cmp(&peer.swap_bytes());
        }
        if self.deviates(DeviationId::CollisionLowerWins) {
            return peer.cmp(&own);
        }
        own.cmp(&peer)
    }
}
