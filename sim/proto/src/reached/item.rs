//! What can be reached, item by item, numbered through.

use core::fmt;

use super::{Point, WindowState};
use crate::call::{CallState, IDLE};
use crate::connection::ConnectionState;
use crate::{Machine, Transition};

/// One thing that a run comes to, or does not.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum ReachedItem {
    /// A point of the code.
    Point(Point),
    /// A state of a control connection, at one of its ends.
    ConnectionState(Machine, &'static str),
    /// A state of a call, at one of its ends.
    CallState(Machine, &'static str),
    /// A transition.
    Transition(Transition),
    /// How the window of an established call stood.
    Window(Machine, WindowState),
    /// A transition of an established call, or of the control connection of one, and how the window of the call stood (of several
    /// calls of a connection that of the lowest Call ID).
    TransitionWindow(Transition, WindowState),
}

const ORIGINATOR: Machine = Machine::ConnectionOriginator;
const RECEIVER: Machine = Machine::ConnectionReceiver;

const CONNECTION: [(Machine, ConnectionState); 7] = [
    (ORIGINATOR, ConnectionState::Idle),
    (ORIGINATOR, ConnectionState::WaitControlReply),
    (ORIGINATOR, ConnectionState::Established),
    (ORIGINATOR, ConnectionState::WaitStopReply),
    (RECEIVER, ConnectionState::Idle),
    (RECEIVER, ConnectionState::Established),
    (RECEIVER, ConnectionState::WaitStopReply),
];

const CALL: [(Machine, Option<CallState>); 14] = [
    (Machine::PacIncoming, None),
    (Machine::PacIncoming, Some(CallState::WaitReply)),
    (Machine::PacIncoming, Some(CallState::Established)),
    (Machine::PnsIncoming, None),
    (Machine::PnsIncoming, Some(CallState::WaitConnect)),
    (Machine::PnsIncoming, Some(CallState::Established)),
    (Machine::PnsIncoming, Some(CallState::WaitDisconnect)),
    (Machine::PacOutgoing, None),
    (Machine::PacOutgoing, Some(CallState::WaitCsAns)),
    (Machine::PacOutgoing, Some(CallState::Established)),
    (Machine::PnsOutgoing, None),
    (Machine::PnsOutgoing, Some(CallState::WaitReply)),
    (Machine::PnsOutgoing, Some(CallState::Established)),
    (Machine::PnsOutgoing, Some(CallState::WaitDisconnect)),
];

/// Machines of calls, whose windows are looked at.
const MACHINES: [Machine; 4] = [
    Machine::PacIncoming,
    Machine::PnsIncoming,
    Machine::PacOutgoing,
    Machine::PnsOutgoing,
];

/// Transitions at which a call may be established.
const PAIRED: [Transition; 35] = [
    Transition::Cco12,
    Transition::Cco13,
    Transition::Cco14,
    Transition::Cco15,
    Transition::Cco19,
    Transition::Cco20,
    Transition::Cco21,
    Transition::Cco22,
    Transition::Ccr08,
    Transition::Ccr09,
    Transition::Ccr10,
    Transition::Ccr11,
    Transition::Ccr12,
    Transition::Ccr15,
    Transition::Ccr16,
    Transition::Ccr18,
    Transition::Ccr19,
    Transition::Paci08,
    Transition::Paci09,
    Transition::Paci10,
    Transition::Paci11,
    Transition::Paci12,
    Transition::Pnsi07,
    Transition::Pnsi08,
    Transition::Pnsi13,
    Transition::Pnsi14,
    Transition::Paco06,
    Transition::Paco07,
    Transition::Paco08,
    Transition::Paco09,
    Transition::Paco10,
    Transition::Pnso12,
    Transition::Pnso13,
    Transition::Pnso16,
    Transition::Pnso17,
];

const STATES_OF_A_WINDOW: usize = WindowState::ALL.len();
/// Where each kind of item begins; points are the first.
pub(super) const CONNECTION_STATES: usize = Point::ALL.len();
pub(super) const STATES_OF_CALLS: usize = CONNECTION_STATES + CONNECTION.len();
pub(super) const TRANSITIONS: usize = STATES_OF_CALLS + CALL.len();
pub(super) const WINDOWS: usize = TRANSITIONS + Transition::ALL.len();
pub(super) const PAIRS: usize = WINDOWS + MACHINES.len() * STATES_OF_A_WINDOW;

/// Stands for a transition that is none of the pairs.
const NO_PAIR: u8 = u8::MAX;

const PAIR_OF: [u8; Transition::ALL.len()] = {
    let mut places = [NO_PAIR; Transition::ALL.len()];
    let mut place = 0;
    while place < PAIRED.len() {
        places[PAIRED[place] as usize] = place as u8;
        place += 1;
    }
    places
};

pub(super) fn pair_place(transition: Transition) -> Option<usize> {
    let place = PAIR_OF[transition as usize];
    (place != NO_PAIR).then_some(usize::from(place))
}

pub(super) fn connection_place(own: bool, state: ConnectionState) -> Option<usize> {
    let machine = if own { ORIGINATOR } else { RECEIVER };
    CONNECTION.iter().position(|row| *row == (machine, state))
}

pub(super) fn call_place(machine: Machine, state: Option<CallState>) -> Option<usize> {
    CALL.iter().position(|row| *row == (machine, state))
}

#[inline]
pub(super) fn machine_place(machine: Machine) -> Option<usize> {
    match machine {
        Machine::PacIncoming => Some(0),
        Machine::PnsIncoming => Some(1),
        Machine::PacOutgoing => Some(2),
        Machine::PnsOutgoing => Some(3),
        Machine::ConnectionOriginator | Machine::ConnectionReceiver => None,
    }
}

impl ReachedItem {
    /// How many items there are.
    pub const COUNT: usize = PAIRS + PAIRED.len() * STATES_OF_A_WINDOW;

    /// All items in the order of their numbers.
    pub fn all() -> impl Iterator<Item = ReachedItem> {
        let states = CONNECTION
            .iter()
            .map(|(machine, state)| ReachedItem::ConnectionState(*machine, state.name()));
        let calls = CALL.iter().map(|(machine, state)| {
            ReachedItem::CallState(*machine, state.map_or(IDLE, CallState::name))
        });
        let windows = MACHINES.into_iter().flat_map(|machine| {
            let states = WindowState::ALL.iter();
            states.map(move |window| ReachedItem::Window(machine, *window))
        });
        let pairs = PAIRED.into_iter().flat_map(|transition| {
            let states = WindowState::ALL.iter();
            states.map(move |window| ReachedItem::TransitionWindow(transition, *window))
        });
        let points = Point::ALL.iter().copied().map(ReachedItem::Point);
        let transitions = Transition::ALL.iter().copied();
        points
            .chain(states)
            .chain(calls)
            .chain(transitions.map(ReachedItem::Transition))
            .chain(windows)
            .chain(pairs)
    }

    /// Its number, from 0.
    pub(super) fn number(self) -> usize {
        ReachedItem::all()
            .position(|item| item == self)
            .unwrap_or(ReachedItem::COUNT)
    }
}

impl fmt::Display for ReachedItem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ReachedItem::Point(point) => formatter.write_str(point.name()),
            ReachedItem::ConnectionState(machine, state)
            | ReachedItem::CallState(machine, state) => {
                write!(formatter, "{} {state}", machine.name())
            }
            ReachedItem::Transition(transition) => formatter.write_str(transition.id()),
            ReachedItem::Window(machine, window) => {
                write!(formatter, "{} window={}", machine.name(), window.name())
            }
            ReachedItem::TransitionWindow(transition, window) => {
                write!(formatter, "{transition} window={}", window.name())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_are_numbered_through_and_have_names_of_their_own() {
        let mut names: Vec<String> = ReachedItem::all().map(|item| item.to_string()).collect();
        assert_eq!(names.len(), ReachedItem::COUNT);
        for (number, item) in ReachedItem::all().enumerate() {
            assert_eq!(item.number(), number, "{item}");
        }
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), ReachedItem::COUNT);
    }

    #[test]
    fn pairs_are_the_transitions_that_leave_established_or_any_state() {
        for transition in Transition::ALL {
            let row = transition.row();
            let paired = matches!(row.state, "established" | "any");
            assert_eq!(pair_place(*transition).is_some(), paired, "{transition}");
        }
    }

    #[test]
    fn every_state_of_the_table_of_transitions_is_an_item() {
        for transition in Transition::ALL {
            let row = transition.row();
            for state in [row.state, row.next_state] {
                let known = ReachedItem::all().any(|item| match item {
                    ReachedItem::ConnectionState(machine, name)
                    | ReachedItem::CallState(machine, name) => {
                        machine == row.machine && name == state
                    }
                    _ => false,
                });
                assert!(
                    known || matches!(state, "any" | "-"),
                    "{transition}: {state}"
                );
            }
        }
    }
}
