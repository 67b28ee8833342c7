//! The judge: takes observations, hands out findings.

use crate::config::JudgeConfig;
use crate::finding::Finding;
use crate::ledger::{PacketCounts, Seen};
use crate::observation::{Connection, End, Event, Observation};
use crate::tracker::Tracker;
use core::net::Ipv4Addr;
use pptp_wire::Requirement;
use pptp_wire::time::Instant;

/// What the feeder knows about an end before it speaks.
#[derive(Copy, Clone, Eq, PartialEq, Debug, Default)]
pub struct EndDescription {
    /// Its address; collisions are decided by it (CC-023).
    pub address: Option<Ipv4Addr>,
    /// It does what a script says: nothing that it does or leaves undone is graded.
    pub scripted: bool,
    /// It is the PNS, or the PAC, in all its calls; where that is not known, its calls show it.
    pub is_pns: Option<bool>,
}

/// All rules, and what they know about the ends, their connections, calls and tunnels.
///
/// ```
/// use pptp_rules::{Connection, End, Event, Judge, JudgeConfig, Observation, Origin, Place};
/// use pptp_wire::time::Instant;
/// use pptp_wire::{ControlMessage, EchoRequest, MAXIMUM_LENGTH, Requirement};
///
/// let mut judge = Judge::new(JudgeConfig::default());
/// let mut findings = Vec::new();
/// let mut see = |number, event| {
///     let observation = Observation {
///         number,
///         at: Instant(number),
///         place: Place::Sent,
///         from: End(0),
///         to: End(1),
///         origin: Origin::Own,
///         event,
///     };
///     judge.observe(&observation, &mut findings);
/// };
/// see(1, Event::ConnectionOpening(Connection(7)));
/// see(2, Event::ConnectionOpened(Connection(7)));
/// let mut buffer = [0; MAXIMUM_LENGTH];
/// let octets = ControlMessage::from(EchoRequest::default()).encode(&mut buffer);
/// see(3, Event::Control { connection: Connection(7), octets, framing: None });
/// let broken: Vec<Requirement> = findings.iter().map(|finding| finding.requirement).collect();
/// assert_eq!(broken, [Requirement::Sccrq001, Requirement::Tr005]);
/// assert_eq!(judge.preconditions(Requirement::Sccrq001, End(0)), 1);
/// ```
#[derive(Clone, Debug)]
pub struct Judge {
    tracker: Tracker,
}

impl Judge {
    /// A judge that has seen nothing yet.
    pub fn new(config: JudgeConfig) -> Self {
        Self {
            tracker: Tracker::new(config),
        }
    }

    /// Tells what is known about an end. May be left out: then its address is unknown, and it is no script.
    pub fn describe(&mut self, end: End, description: EndDescription) {
        self.tracker.describe(end, description);
    }

    /// Takes one observation and adds what it shows to `findings`. Observations come in the order of time; one that is earlier than
    /// the one before is taken as of its own time.
    #[inline]
    pub fn observe(&mut self, observation: &Observation<'_>, findings: &mut Vec<Finding>) {
        let tracker = &mut self.tracker;
        tracker.now = tracker.now.max(observation.at);
        if tracker
            .timers
            .next()
            .is_some_and(|due| due <= observation.at)
        {
            tracker.advance(observation.at);
        }
        let seen = Seen::new(observation, tracker.is_scripted(observation.from));
        match observation.event {
            Event::Gre {
                octets,
                ip_identification,
            } => tracker.gre(&seen, octets, ip_identification),
            Event::Control {
                connection,
                octets,
                framing,
            } => tracker.control(&seen, connection.0, octets, framing),
            Event::ConnectionOpening(connection) => tracker.connection_opening(&seen, connection.0),
            Event::ConnectionOpened(connection) => tracker.connection_opened(&seen, connection.0),
            Event::ConnectionUnderway(connection) => {
                tracker.connection_underway(&seen, connection.0);
            }
            Event::LosingStep(connection) => tracker.losing_step(&seen, connection.0),
            Event::ConnectionClosed(connection) => tracker.close(&seen, connection.0, false),
            Event::ConnectionReset(connection) => tracker.close(&seen, connection.0, true),
        }
        if !tracker.ledger.findings.is_empty() {
            findings.append(&mut tracker.ledger.findings);
        }
    }

    /// Asks for the memory that an observation on a connection will need, and changes nothing: it comes while the one at hand is
    /// worked on.
    #[inline]
    pub fn look_ahead(&self, connection: Connection) {
        self.tracker.look_ahead(connection.0);
    }

    /// Time passes without an observation: adds what has become certain by `now`.
    pub fn advance(&mut self, now: Instant, findings: &mut Vec<Finding>) {
        self.tracker.advance(now);
        findings.append(&mut self.tracker.ledger.findings);
    }

    /// The next time at which something may become certain without an observation.
    pub fn next_deadline(&self) -> Option<Instant> {
        self.tracker.timers.next()
    }

    /// Nothing will be seen after `at`: adds what has become certain, and leaves open what would have become so later.
    pub fn finish(&mut self, at: Instant, findings: &mut Vec<Finding>) {
        self.advance(at, findings);
        self.tracker.leave_open();
    }

    /// An end has crashed: nothing is expected from it on the connections that it had, and when it comes back it may begin anew.
    /// It crashed at the time of the last observation, or of the last [`Judge::advance`], whichever is later.
    pub fn crashed(&mut self, end: End) {
        self.tracker.crashed(end);
    }

    /// Others put octets into a connection between two ends, whether or not they make a message: until the two connect anew, each may
    /// know of the other what the other never said, and wait for what never comes. What they do about it, and leave undone, is found
    /// and not graded, but for what a message shows by itself, and for an end that goes on after it has lost synchronisation.
    pub fn intruded(&mut self, one: End, other: End) {
        self.tracker.intrude(one, other);
    }

    /// Octets that one end of a control connection sent to the other were not seen: until the two connect anew, what they do may be
    /// the answer to them. It is found and not graded, but for what a message shows by itself.
    pub fn missed(&mut self, one: End, other: End) {
        self.tracker.missed(one, other);
    }

    /// Nothing more will be seen of a connection, whether it is over or not: what is open on it is left open, and what becomes of its
    /// calls is not known.
    pub fn lose_sight(&mut self, connection: Connection) {
        self.tracker.lose_sight(connection.0);
    }

    /// Whether an end has acted as the PNS (true) or the PAC (false) of a control connection that is not over.
    pub fn is_pns(&self, connection: Connection, end: End) -> Option<bool> {
        let record = self.tracker.connections.get(connection.0)?;
        let side = record.side_of(end)?;
        let pns = record.pns.filter(|_| record.sides[side].shows_role)?;
        Some(pns == side)
    }

    /// The GRE packets that an end has sent, by kind.
    pub fn packets(&self, end: End) -> PacketCounts {
        self.tracker.ledger.packets(end)
    }

    /// How often the precondition of a requirement on this end held.
    pub fn preconditions(&self, requirement: Requirement, end: End) -> u64 {
        self.tracker.ledger.preconditions(requirement, end)
    }

    /// What could not be decided, and why.
    pub fn inconclusive(&self) -> impl Iterator<Item = (Requirement, End, &'static str)> + '_ {
        self.tracker.ledger.open_questions()
    }
}
