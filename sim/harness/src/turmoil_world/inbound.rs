//! What has come to the interfaces of receivers and waits to be taken in: in order, each direction of each connection on its own.

use super::sockets::{End, Seen};
use pptp_world::Carried;
use std::collections::{BTreeSet, VecDeque};

/// Something that travels beside the sockets, with the tick in which it arrives.
#[derive(Debug)]
pub(super) struct Mark {
    pub due: u64,
    pub to: End,
    pub carried: Carried,
}

/// Something that waits at the receiver's interface.
#[derive(Debug)]
pub(super) enum Waiting {
    /// A socket gave it.
    Socket(Seen),
    /// It came beside the sockets: it is known to the world as sent.
    Beside { to: End, carried: Carried },
}

impl Waiting {
    /// The end that it is for; a stranger's opening has none yet.
    fn to(&self) -> Option<End> {
        match self {
            Waiting::Socket(Seen::Opening { connection, .. }) => Some(End {
                connection: *connection,
                is_opener: false,
            }),
            Waiting::Socket(Seen::Stranger { .. }) => None,
            Waiting::Socket(Seen::Arrived { to, .. }) | Waiting::Beside { to, .. } => Some(*to),
        }
    }

    /// Whether it is a segment of the handshake, which octets that came too early wait for.
    fn opens(&self) -> bool {
        match self {
            Waiting::Socket(Seen::Arrived { .. }) => false,
            Waiting::Socket(_) => true,
            Waiting::Beside { carried, .. } => matches!(
                carried,
                Carried::Opening | Carried::Accepted | Carried::Confirmed
            ),
        }
    }

    /// Whether it makes sense at an end that is not open.
    fn is_reset(&self) -> bool {
        match self {
            Waiting::Socket(Seen::Arrived { carried, .. }) | Waiting::Beside { carried, .. } => {
                *carried == Carried::Reset
            }
            Waiting::Socket(_) => false,
        }
    }
}

/// Everything that waits.
#[derive(Debug, Default)]
pub(super) struct Inbound {
    waiting: VecDeque<Waiting>,
    /// Ends that the handshake has come to.
    opened: BTreeSet<End>,
}

impl Inbound {
    pub(super) fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    pub(super) fn push(&mut self, waiting: Waiting) {
        self.waiting.push_back(waiting);
    }

    /// The connection is open for an end: octets may reach it, and may be shown as sent by it.
    pub(super) fn open(&mut self, end: End) {
        self.opened.insert(end);
    }

    /// Takes the first that may be taken in. What is behind something that has to wait on the same way waits as well.
    /// `may_pass`: whether things may come to an end; `repeats`: whether the sender must know of the connection as well.
    pub(super) fn take(
        &mut self,
        may_pass: impl Fn(End) -> bool,
        repeats: impl Fn(End) -> bool,
    ) -> Option<Waiting> {
        let mut blocked = BTreeSet::new();
        let place = self.waiting.iter().position(|waiting| {
            let Some(to) = waiting.to() else {
                return true;
            };
            let is_open = || {
                self.opened.contains(&to)
                    && (!repeats(to.other()) || self.opened.contains(&to.other()))
            };
            let in_turn = || !blocked.contains(&to) && (waiting.is_reset() || is_open());
            let passes = may_pass(to) && (waiting.opens() || in_turn());
            if !passes {
                blocked.insert(to);
            }
            passes
        })?;
        self.waiting.remove(place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pptp_world::ConnectionNumber;

    const OPENER: End = End {
        connection: ConnectionNumber(0),
        is_opener: true,
    };

    fn octets(to: End, octet: u8) -> Waiting {
        let carried = Carried::Octets(vec![octet]);
        Waiting::Socket(Seen::Arrived { to, carried })
    }

    fn beside(to: End, carried: Carried) -> Waiting {
        Waiting::Beside { to, carried }
    }

    fn taken(inbound: &mut Inbound, may_pass: impl Fn(End) -> bool) -> Vec<Carried> {
        let mut taken = Vec::new();
        while let Some(waiting) = inbound.take(&may_pass, |_| false) {
            match waiting {
                Waiting::Socket(Seen::Arrived { carried, .. })
                | Waiting::Beside { carried, .. } => taken.push(carried),
                Waiting::Socket(other) => panic!("{other:?}"),
            }
        }
        taken
    }

    #[test]
    fn octets_wait_for_the_handshake_and_each_way_for_itself() {
        let acceptor = OPENER.other();
        let mut inbound = Inbound::default();
        inbound.push(octets(acceptor, 1));
        inbound.push(octets(OPENER, 2));
        inbound.push(octets(acceptor, 3));
        assert_eq!(taken(&mut inbound, |_| true), []);
        inbound.open(acceptor);
        let stalled = taken(&mut inbound, |end| end.is_opener);
        assert_eq!(stalled, []);
        let both = [Carried::Octets(vec![1]), Carried::Octets(vec![3])];
        assert_eq!(taken(&mut inbound, |_| true), both);
        inbound.open(OPENER);
        assert_eq!(taken(&mut inbound, |_| true), [Carried::Octets(vec![2])]);
        assert!(inbound.is_empty());
    }

    #[test]
    fn nothing_overtakes_on_one_way() {
        let mut inbound = Inbound::default();
        inbound.push(octets(OPENER, 1));
        inbound.push(beside(OPENER, Carried::Reset));
        assert_eq!(taken(&mut inbound, |_| true), []);
        inbound.open(OPENER);
        let in_order = [Carried::Octets(vec![1]), Carried::Reset];
        assert_eq!(taken(&mut inbound, |_| true), in_order);
    }

    #[test]
    fn octets_that_came_too_early_do_not_keep_the_handshake_waiting() {
        let mut inbound = Inbound::default();
        inbound.push(octets(OPENER, 1));
        inbound.push(beside(OPENER, Carried::Accepted));
        assert_eq!(taken(&mut inbound, |_| false), []);
        assert_eq!(taken(&mut inbound, |_| true), [Carried::Accepted]);
        inbound.open(OPENER);
        assert_eq!(taken(&mut inbound, |_| true), [Carried::Octets(vec![1])]);
    }

    #[test]
    fn what_a_guest_sent_waits_until_the_guest_has_the_connection() {
        let mut inbound = Inbound::default();
        inbound.open(OPENER);
        inbound.push(octets(OPENER, 1));
        assert!(inbound.take(|_| true, |end| !end.is_opener).is_none());
        inbound.open(OPENER.other());
        assert!(inbound.take(|_| true, |end| !end.is_opener).is_some());
    }
}
