//! One call: what its two ends have done about it.

use crate::ledger::Mark;
use crate::observation::End;
use crate::tunnel::Half;
use pptp_wire::time::Instant;

/// The role of an end in a call; its place in the arrays of a call.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub(crate) enum Party {
    /// PPTP Network Server.
    Pns = 0,
    /// PPTP Access Concentrator.
    Pac = 1,
}

impl Party {
    /// The other one.
    #[inline]
    pub(crate) const fn other(self) -> Self {
        match self {
            Self::Pns => Self::Pac,
            Self::Pac => Self::Pns,
        }
    }
}

/// A call in its place, told from those that had the place before.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub(crate) struct CallRef {
    pub(crate) index: u32,
    pub(crate) serial: u64,
}

/// How a call ended.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub(crate) enum EndCause {
    /// By a reply that refuses it.
    Refused,
    /// By Call-Disconnect-Notify.
    Disconnected,
    /// By Call-Disconnect-Notify with the PNS's Call ID, of which the PNS need not know that it is for this call (CDN-003, AMB-38).
    Misnamed,
    /// With the stop exchange.
    Stopped,
    /// With the TCP connection.
    Closed,
    /// Its end took the Call ID for another call.
    Abandoned,
}

/// One call from its request on.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    /// Tells it from the calls that had its place before; the table gives it.
    pub(crate) serial: u64,
    /// Number of its control connection.
    pub(crate) connection: u32,
    /// The PNS asked for it; otherwise the PAC did.
    pub(crate) outgoing: bool,
    /// The ends by party.
    pub(crate) ends: [End; 2],
    /// The side of the PNS on the control connection.
    pub(crate) pns_side: usize,
    /// The Call IDs that the ends gave it, by party.
    pub(crate) ids: [Option<u16>; 2],
    /// The live call whose Call ID its requester gave to this one.
    pub(crate) taken_from: Option<CallRef>,
    /// Whether its Call IDs were those of other calls before, by the party that gave them.
    pub(crate) used_before: [bool; 2],
    /// The numbers that were to come next in the data sent to these Call IDs, where those calls had ended for both ends.
    pub(crate) number_before: [Option<u32>; 2],
    /// The calls whose Call IDs they were, where these had not ended for both ends.
    pub(crate) earlier: [Option<CallRef>; 2],
    /// The request.
    pub(crate) request: Mark,
    /// The request asks for a kind of call that does not exist (HDR-014).
    pub(crate) impossible: bool,
    /// When the request reached its receiver.
    pub(crate) request_arrived: Option<Instant>,
    /// Minimum and Maximum BPS of an Outgoing-Call-Request.
    pub(crate) speed: (u32, u32),
    /// The reply.
    pub(crate) reply: Option<Mark>,
    /// The reply accepts the call.
    pub(crate) accepted: bool,
    /// When the reply reached the requester.
    pub(crate) reply_arrived: Option<Instant>,
    /// Incoming-Call-Connected was sent.
    pub(crate) connected: Option<Instant>,
    /// Incoming-Call-Connected reached the PNS.
    pub(crate) connected_arrived: Option<Instant>,
    /// Call-Clear-Request was sent.
    pub(crate) clear: Option<Mark>,
    /// Call-Clear-Request reached the PAC.
    pub(crate) clear_arrived: Option<Mark>,
    /// A reply, or Incoming-Call-Connected, reached the PNS after it had sent the clear.
    pub(crate) crossed: Option<Instant>,
    /// When and how it ended, by party.
    pub(crate) ended: [Option<(Instant, EndCause)>; 2],
    /// Counters of the last WAN-Error-Notify, and when it was sent.
    pub(crate) wan_errors: Option<([u32; 6], Instant)>,
    /// Last counters of the call that had the same Call ID before.
    pub(crate) earlier_wan_errors: Option<[u32; 6]>,
    /// Data that passed before the message that allows it, by party.
    pub(crate) early_data: [Option<Mark>; 2],
    /// The tunnel's ends by party.
    pub(crate) halves: [Half; 2],
}

impl Call {
    /// The party of the end on this side of the control connection.
    pub(crate) fn party_on(&self, side: usize) -> Party {
        if side == self.pns_side {
            Party::Pns
        } else {
            Party::Pac
        }
    }

    /// The side of a party on the control connection.
    pub(crate) fn side(&self, party: Party) -> usize {
        match party {
            Party::Pns => self.pns_side,
            Party::Pac => 1 - self.pns_side,
        }
    }

    /// Whether the call is live for a party.
    pub(crate) fn is_live(&self, party: Party) -> bool {
        self.ended[party as usize].is_none()
    }

    /// Whether a party has heard of the Call ID that the other one gave.
    pub(crate) fn knows_peer_id(&self, party: Party) -> bool {
        match (self.outgoing, party) {
            (true, Party::Pac) | (false, Party::Pns) => self.request_arrived.is_some(),
            (true, Party::Pns) | (false, Party::Pac) => self.reply_arrived.is_some(),
        }
    }

    /// Whether the call is or was in the state established for a party.
    pub(crate) fn was_established(&self, party: Party) -> bool {
        match (self.outgoing, party) {
            (true, Party::Pac) => self.reply.is_some() && self.accepted,
            (true, Party::Pns) => self.reply_arrived.is_some() && self.accepted,
            (false, Party::Pac) => self.connected.is_some(),
            (false, Party::Pns) => self.connected_arrived.is_some(),
        }
    }

    /// Since when the end waits for the other in a state that lasts at most a minute (RFC 2637 §3.2.1).
    pub(crate) fn waiting_since(&self, party: Party) -> Option<Instant> {
        if !self.is_live(party) {
            return None;
        }
        if party == Party::Pns
            && let Some(clear) = self.clear
        {
            return Some(clear.at);
        }
        if self.was_established(party) {
            return None;
        }
        match (self.outgoing, party) {
            (true, Party::Pns) | (false, Party::Pac) if self.reply_arrived.is_none() => {
                Some(self.request.at)
            }
            (false, Party::Pac) => self.reply_arrived,
            (false, Party::Pns) if self.reply.is_some() => self.reply.map(|reply| reply.at),
            _ => self.request_arrived,
        }
    }
}
