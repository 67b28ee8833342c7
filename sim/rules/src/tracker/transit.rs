//! Control messages on the way: what the arrival of each will mean.

use super::CallRef;
use pptp_wire::collections::Few;
use std::cmp::Ordering;

/// The most messages of one direction that are remembered on the way. What is beyond is forgotten, oldest first.
const CAPACITY: usize = 4096;

/// What the arrival of a message means to its receiver.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub(crate) enum Effect {
    /// Nothing but a sign of life.
    None,
    /// The stream has lost step.
    Junk,
    /// It goes against its direction: nothing but a sign of life, and a reason to close.
    WrongWay,
    /// Start-Control-Connection-Request.
    StartRequest { version: u16 },
    /// Start-Control-Connection-Reply.
    StartReply { result: u8 },
    /// Stop-Control-Connection-Request.
    StopRequest,
    /// Stop-Control-Connection-Reply.
    StopReply { result: u8 },
    /// Echo-Request.
    EchoRequest { identifier: u32 },
    /// Echo-Reply.
    EchoReply { identifier: u32 },
    /// Outgoing-Call-Request or Incoming-Call-Request.
    CallRequest { call: CallRef },
    /// Outgoing-Call-Reply or Incoming-Call-Reply.
    CallReply { call: CallRef, call_id: u16 },
    /// Incoming-Call-Connected.
    Connected { call: CallRef },
    /// Call-Clear-Request, for a call or for none that is known.
    Clear { call: Option<CallRef> },
    /// Call-Disconnect-Notify; `misnamed`: with the PNS's Call ID where the PAC's is due (CDN-003).
    Disconnect { call: CallRef, misnamed: bool },
}

/// Whether a request for a call can be granted as it stands.
#[derive(Copy, Clone, Eq, PartialEq, Ord, PartialOrd, Debug)]
pub(crate) enum Values {
    /// Nothing is wrong with it.
    Good,
    /// Its bounds or lengths contradict each other: a receiver may still make something of it.
    Doubtful,
    /// It asks for a kind of call that does not exist.
    Impossible,
}

/// The octets of a unit against the Length in it.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub(crate) enum Cut {
    /// As many as Length says.
    Exact,
    /// Fewer than Length says, or than a header has: a receiver rightly waits for more.
    Short,
    /// More than Length says: to a receiver the next message begins in the middle of them.
    Long,
}

impl Cut {
    /// How the octets that an end sent as one message compare with their Length.
    pub(crate) fn of(octets: &[u8], length: Option<u16>) -> Self {
        match length.map(|length| octets.len().cmp(&usize::from(length))) {
            Some(Ordering::Equal) => Self::Exact,
            Some(Ordering::Greater) => Self::Long,
            Some(Ordering::Less) | None => Self::Short,
        }
    }
}

/// A message on the way.
#[derive(Copy, Clone, Debug)]
pub(crate) struct InTransit {
    /// What its arrival means.
    pub(crate) effect: Effect,
    /// Its octets against its Length.
    pub(crate) cut: Cut,
    /// The receiver finds a message as long as its type asks for, and a control message.
    pub(crate) well_formed: bool,
    /// Its type is defined.
    pub(crate) known_type: bool,
    /// None of its fields is out of range.
    pub(crate) valid: bool,
    /// What its values mean for the request that it is.
    pub(crate) values: Values,
}

/// The messages of one direction that have been sent and have not arrived.
#[derive(Clone, Default, Debug)]
pub(crate) struct Transit {
    waiting: Few<(Likeness, InTransit)>,
}

/// Enough of a message to know it again: its length and its beginning.
type Likeness = (u32, [u8; 16]);

fn likeness(octets: &[u8]) -> Likeness {
    let mut beginning = [0; 16];
    let kept = octets.len().min(16);
    beginning[..kept].copy_from_slice(&octets[..kept]);
    (octets.len() as u32, beginning)
}

impl Transit {
    /// A message was sent.
    pub(crate) fn push(&mut self, octets: &[u8], message: InTransit) {
        if self.waiting.len() == CAPACITY {
            self.waiting.pop_front();
        }
        self.waiting.push_back((likeness(octets), message));
    }

    /// A message has arrived. TCP keeps the order: those sent before it are gone with it.
    pub(crate) fn take(&mut self, octets: &[u8]) -> Option<InTransit> {
        let arrived = likeness(octets);
        let position = self.waiting.iter().position(|(sent, _)| *sent == arrived)?;
        for _ in 0..position {
            self.waiting.pop_front();
        }
        self.waiting.pop_front().map(|(_, message)| message)
    }

    /// Whether a message with this effect is on the way.
    pub(crate) fn holds(&self, is_wanted: impl Fn(&Effect) -> bool) -> bool {
        self.waiting
            .iter()
            .any(|(_, message)| is_wanted(&message.effect))
    }
}
