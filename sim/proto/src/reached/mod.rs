//! What an endpoint has reached: states, transitions, states of windows, and points of its code that only some runs come to.
//!
//! An endpoint collects this all the time: one bit each, no words, nothing allocated. A campaign adds up the sets of its runs and
//! lists what none of them came to.

mod item;
mod point;
mod window;

pub use item::ReachedItem;
pub use point::Point;
pub use window::WindowState;

use pptp_wire::HEADER_LENGTH;

use self::item::{CONNECTION_STATES, PAIRS, STATES_OF_CALLS, TRANSITIONS, WINDOWS};
use crate::call::CallState;
use crate::connection::ConnectionState;
use crate::{Machine, Transition};

/// Words of the set, of 64 bits each.
const WORDS: usize = ReachedItem::COUNT.div_ceil(u64::BITS as usize);

/// A set of [`ReachedItem`]s.
#[derive(Copy, Clone, Debug, Default, Eq, PartialEq)]
pub struct Reached {
    words: [u64; WORDS],
}

impl Reached {
    /// How many words of 64 bits a set has.
    pub const WORDS: usize = WORDS;

    /// Word `word` of the set: the item of number n is bit n modulo 64 of word n / 64. 0 for a word that there is none of.
    pub fn word(&self, word: usize) -> u64 {
        self.words.get(word).copied().unwrap_or(0)
    }

    /// A set of these words.
    pub const fn from_words(words: [u64; WORDS]) -> Reached {
        Reached { words }
    }

    /// Whether the item is in the set.
    pub fn contains(&self, item: ReachedItem) -> bool {
        self.has(item.number())
    }

    /// The items of the set in the order of their numbers.
    pub fn items(&self) -> impl Iterator<Item = ReachedItem> {
        ReachedItem::all()
            .enumerate()
            .filter(|(number, _)| self.has(*number))
            .map(|(_, item)| item)
    }

    /// Adds an item.
    pub fn insert(&mut self, item: ReachedItem) {
        self.add(item.number());
    }

    /// The items that are not in `known`.
    #[must_use]
    pub fn without(mut self, known: &Reached) -> Reached {
        for (word, known) in self.words.iter_mut().zip(known.words) {
            *word &= !known;
        }
        self
    }

    /// Adds all items of another set.
    pub fn merge(&mut self, other: &Reached) {
        for (word, more) in self.words.iter_mut().zip(other.words) {
            *word |= more;
        }
    }

    /// Adds a point of the code.
    #[inline(always)]
    pub fn point(&mut self, point: Point) {
        self.add(point as usize);
    }

    /// A stream waits for the rest of a message, of which so many octets are there.
    #[inline]
    pub(crate) fn waits_for_octets(&mut self, buffered: usize) {
        match buffered {
            0 => {}
            1..HEADER_LENGTH => self.point(Point::HeaderInPieces),
            _ => self.point(Point::MessageInPieces),
        }
    }

    /// Adds a transition; `window` is how the window of the call that it is about stood, where one was open.
    pub(crate) fn transition(&mut self, transition: Transition, window: Option<WindowState>) {
        self.add(TRANSITIONS + transition as usize);
        if let (Some(place), Some(window)) = (item::pair_place(transition), window) {
            self.add(PAIRS + place * WindowState::ALL.len() + window as usize);
        }
    }

    /// Adds a state of a control connection: at its originator, or at its receiver.
    pub(crate) fn connection_state(&mut self, own: bool, state: ConnectionState) {
        if let Some(place) = item::connection_place(own, state) {
            self.add(CONNECTION_STATES + place);
        }
    }

    /// Adds a state of a call; `None` is idle.
    pub(crate) fn call_state(&mut self, machine: Machine, state: Option<CallState>) {
        if let Some(place) = item::call_place(machine, state) {
            self.add(STATES_OF_CALLS + place);
        }
    }

    /// Adds a state of the window of an established call.
    #[inline]
    pub(crate) fn window(&mut self, machine: Machine, window: WindowState) {
        if let Some(place) = item::machine_place(machine) {
            self.add(WINDOWS + place * WindowState::ALL.len() + window as usize);
        }
    }

    fn has(&self, number: usize) -> bool {
        self.word(number / 64) >> (number % 64) & 1 != 0
    }

    #[inline(always)]
    fn add(&mut self, number: usize) {
        self.words[number / 64] |= 1 << (number % 64);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(reached: &Reached) -> Vec<String> {
        reached.items().map(|item| item.to_string()).collect()
    }

    #[test]
    fn what_is_added_is_in_the_set_and_nothing_else() {
        let mut reached = Reached::default();
        assert_eq!(names(&reached), [""; 0]);
        reached.point(Point::ALL[0]);
        reached.connection_state(true, ConnectionState::WaitControlReply);
        reached.connection_state(false, ConnectionState::WaitControlReply);
        reached.call_state(Machine::PacOutgoing, Some(CallState::WaitCsAns));
        reached.call_state(Machine::PnsOutgoing, None);
        reached.transition(Transition::Pnso13, Some(WindowState::Full));
        reached.transition(Transition::Pnso01, Some(WindowState::Full));
        reached.window(Machine::PnsIncoming, WindowState::Minimum);
        let first = Point::ALL[0].name();
        assert_eq!(
            names(&reached),
            [
                first,
                "CC-originator wait-ctl-reply",
                "PAC-outgoing wait-cs-ans",
                "PNS-outgoing idle",
                "T-PNSO-01",
                "T-PNSO-13",
                "PNS-incoming window=minimum",
                "T-PNSO-13 window=full",
            ]
        );
    }

    #[test]
    fn sets_add_up_and_go_through_words() {
        let (mut one, mut other) = (Reached::default(), Reached::default());
        one.transition(Transition::Pnso17, None);
        other.transition(Transition::Cco01, None);
        one.merge(&other);
        assert_eq!(names(&one), ["T-CCO-01", "T-PNSO-17"]);
        assert_eq!(names(&one.without(&other)), ["T-PNSO-17"]);
        let mut again = Reached::default();
        one.items().for_each(|item| again.insert(item));
        assert_eq!(again, one);
        assert!(one.contains(ReachedItem::Transition(Transition::Cco01)));
        assert!(!other.contains(ReachedItem::Transition(Transition::Pnso17)));
        let words = core::array::from_fn(|word| one.word(word));
        assert_eq!(Reached::from_words(words), one);
        assert_eq!(one.word(Reached::WORDS), 0);
    }
}
