//! The one table of words: messages and fields from the wire crate, drop reasons and profile fields from the endpoint, and the
//! words of scenario files themselves. The parser, its "did you mean", the renderers and the guide all read it.

mod entries;
mod fields;
mod properties;
mod render;
mod words;

pub use entries::{Entry, EntryKind, entries};
pub use fields::{FieldShape, codes, field, field_keys};
pub use properties::{PROPERTIES, Property, is_property, properties_of};
pub use render::{to_human, to_json_lines, to_markdown};
pub use words::{
    ACTIONS, Action, CALL_STATES, CONNECTION_STATES, MESSAGES, Message, NODE_LIMITS, OBSERVABLES,
    ObservableWord, STATES, StateWord, WORDS, Word, abbreviation, sender,
};

#[cfg(test)]
mod tests;
