//! A tape as text.
//!
//! ```text
//! pptp-sim tape 1
//! seed 2637
//! attribute world event
//! scenario
//! | scenario "one call" {
//! | }
//! |
//! track gre forward packets=200 pns-pac
//! 12 loss
//! 14 jitter -1203400
//! 15 duplicate
//! 15 copy jitter 33
//! end
//! ```
//!
//! The scenario is cut at its line feeds and each piece put behind a bar and a space (an empty piece behind the bar
//! alone), so that it comes back octet for octet. A decision names the packet (counted from 1), `copy` if it is about the
//! second copy, the model that made it, and its value: a bit, or nanoseconds. Packets that luck did not touch have no
//! line. `end` proves that nothing is missing.

use super::Tape;
use core::fmt::Write;

/// The first line: format and version.
pub(super) const FIRST_LINE: &str = "pptp-sim tape 1";

impl Tape {
    /// The tape as text, which [`Tape::from_text`] reads. What would not come back (a key of more or less than one word,
    /// a value or link name with a line feed) is shown with spaces or underscores instead.
    pub fn to_text(&self) -> String {
        let mut text = format!("{FIRST_LINE}\nseed {}\n", self.seed);
        self.write(&mut text).expect("a string takes every text");
        text
    }

    fn write(&self, text: &mut String) -> core::fmt::Result {
        for (key, value) in &self.attributes {
            writeln!(text, "attribute {} {}", word(key), line(value))?;
        }
        writeln!(text, "scenario")?;
        for piece in self.scenario.split('\n') {
            let space = if piece.is_empty() { "" } else { " " };
            writeln!(text, "|{space}{piece}")?;
        }
        for (track, packets) in self.tracks.iter().zip(&self.packets) {
            let name = &track.name;
            let (plane, direction) = (name.plane.key(), name.direction.key());
            writeln!(
                text,
                "track {plane} {direction} packets={packets} {}",
                line(&name.link)
            )?;
            for decision in &track.decisions {
                writeln!(text, "{decision}")?;
            }
        }
        writeln!(text, "end")
    }
}

fn line(value: &str) -> String {
    value.replace('\n', " ")
}

fn word(key: &str) -> String {
    if key.is_empty() {
        "_".to_owned()
    } else {
        key.replace([' ', '\n'], "_")
    }
}

#[cfg(test)]
mod tests {
    use crate::luck::{Direction, PathName, Plane};
    use crate::tape::{Choice, Decision, Tape, Track};

    #[test]
    fn the_text_is_what_the_format_says() {
        let decision = |ordinal, copy, choice| Decision {
            ordinal,
            copy,
            choice,
        };
        let tape = Tape {
            seed: 2637,
            attributes: vec![("world".to_owned(), "event".to_owned())],
            scenario: "scenario \"one call\" {\n\n}\n".to_owned(),
            tracks: vec![Track {
                name: PathName::new("pns-pac", Direction::Backward, Plane::Gre),
                decisions: vec![
                    decision(12, false, Choice::LossGilbertElliott),
                    decision(15, false, Choice::Duplicate),
                    decision(15, true, Choice::Corrupt(99)),
                    decision(15, false, Choice::Jitter(-1_203_400)),
                ],
            }],
            packets: vec![20],
        };
        let text = "pptp-sim tape 1\nseed 2637\nattribute world event\nscenario\n| scenario \"one call\" {\n|\n| }\n|\n\
                    track gre backward packets=20 pns-pac\n12 loss-gilbert-elliott\n15 duplicate\n15 copy corrupt 99\n\
                    15 jitter -1203400\nend\n";
        assert_eq!(tape.to_text(), text);
        assert_eq!(Tape::from_text(text), Ok(tape));
    }
}
