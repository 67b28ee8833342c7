//! The model of a sequence diagram.

use pptp_wire::time::Instant;

use super::arrow::Arrow;

/// One node or address, drawn as a line from top to bottom.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Lifeline {
    /// Its name.
    pub name: String,
    /// What stands below the name: role, profile, address; may be empty.
    pub about: String,
}

/// How far a connection or call has come.
#[derive(Copy, Clone, Debug, Eq, PartialEq, Ord, PartialOrd)]
pub enum Level {
    /// It is not there.
    None,
    /// It is being set up or torn down.
    Pending,
    /// It stands.
    Established,
}

/// What a state is the state of, at one lifeline.
#[derive(Clone, Debug, Eq, PartialEq, Ord, PartialOrd)]
pub struct Track {
    /// Whether it is a call; else a control connection.
    pub is_call: bool,
    /// Tells it from others of the lifeline.
    pub key: u64,
}

/// A state machine moved, or was seen to have moved.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct State {
    /// Where.
    pub lifeline: usize,
    /// Of what.
    pub track: Track,
    /// What the track is called, where it has to be told from others; may be empty.
    pub of: String,
    /// The new state.
    pub name: String,
    /// How far that is.
    pub level: Level,
}

impl State {
    /// `c1 established`, or `established` where the track needs no name.
    pub fn title(&self) -> String {
        if self.of.is_empty() {
            self.name.clone()
        } else {
            format!("{} {}", self.of, self.name)
        }
    }
}

/// What a note is about.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum NoteKind {
    /// A step of the script.
    Step,
    /// Something that happened and is no message.
    Remark,
}

/// A line of text across the diagram.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Note {
    /// What it is about.
    pub kind: NoteKind,
    /// What it says.
    pub text: String,
}

/// What an event is.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum EventKind {
    /// A message.
    Arrow(Box<Arrow>),
    /// A change of state.
    State(State),
    /// A note.
    Note(Note),
}

/// One thing that happened.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Event {
    /// When; of a message, when it was sent.
    pub at: Instant,
    /// Its place among everything that happened at this instant.
    pub order: u64,
    /// What.
    pub kind: EventKind,
}

/// A sequence diagram.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Ladder {
    /// What it shows.
    pub title: String,
    /// Case, seed, world; or where the capture comes from.
    pub facts: Vec<String>,
    /// Who takes part, from left to right.
    pub lifelines: Vec<Lifeline>,
    /// What happened.
    pub events: Vec<Event>,
    /// What is said at the end: the verdict, and what is not drawn.
    pub remarks: Vec<String>,
}

impl Ladder {
    /// The same without the steps of the script.
    #[must_use]
    pub fn without_steps(mut self) -> Ladder {
        let is_step = |event: &Event| matches!(&event.kind, EventKind::Note(note) if note.kind == NoteKind::Step);
        self.events.retain(|event| !is_step(event));
        self
    }

    /// The arrows, in the order of sending.
    pub fn arrows(&self) -> impl Iterator<Item = &Arrow> {
        self.events.iter().filter_map(|event| match &event.kind {
            EventKind::Arrow(arrow) => Some(&**arrow),
            _ => None,
        })
    }
}
