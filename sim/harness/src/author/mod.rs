//! `author`: a scenario that reproduces what a capture shows.
//!
//! [`author`] reads one capture or several, one a tap (`tap`, `merge`), makes a story of them (`story`), and finds by trial who can
//! be an endpoint with one of the named profiles and who has to be scripted (`casting`): each candidate is written (`text`, `flow`),
//! checked, run on the event world, and the captures of that run are read as the given ones were and compared (`compare`).
//! What it writes reproduces the control messages for each connection and direction, and the data for each call; where
//! acknowledgments remain different, a comment says so.

mod acknowledgments;
mod actions;
mod calls;
mod cast;
mod casting;
mod compare;
mod control_line;
mod data_run;
mod failure;
mod faults;
mod flow;
mod gre_line;
mod merge;
mod names;
mod pace;
mod parties;
mod restored;
mod story;
mod stretches;
mod summary;
mod tap;
mod text;
mod told;
mod trial;
mod tweaks;

pub use compare::{Difference, Kind};
pub use failure::AuthorFailure;
pub use tap::{MOST_CONNECTIONS, MOST_EVENTS};
pub use trial::matters;

use std::io::Read;

/// A scenario that reproduces a capture.
#[derive(Clone, Debug)]
pub struct Authored {
    /// The scenario.
    pub text: String,
    /// Where its run differs from the capture.
    pub remaining: Vec<Difference>,
    /// How many of its nodes are endpoints.
    pub endpoints: usize,
}

/// Writes a scenario that reproduces what the captures show; each has the name that errors and comments call it.
///
/// # Errors
/// [`AuthorFailure`].
pub fn author<R: Read>(captures: Vec<(String, R)>) -> Result<Authored, AuthorFailure> {
    let mut taps = Vec::new();
    let mut named = Vec::new();
    for (name, input) in captures {
        taps.push(tap::read(&name, input)?);
        named.push(name);
    }
    // With several taps, what the path did shows between them.
    let struck = match &mut taps[..] {
        [only] => restored::restore(only),
        _ => restored::Struck::default(),
    };
    let mut story = merge::merge(taps, None)?;
    story.struck = struck;
    let names = names::Names::of(&story);
    let written = casting::write(&named.join(", "), &story, &names)
        .map_err(|reason| AuthorFailure::NotReproduced { reason })?;
    Ok(Authored {
        text: written.text,
        remaining: written.remaining,
        endpoints: written
            .cast
            .iter()
            .filter(|it| it.endpoint().is_some())
            .count(),
    })
}
