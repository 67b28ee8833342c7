//! Whatever stands in names, fields and marks, a diagram holds it as text.

use pptp_harness::diagram::{
    Arrow, DiagramFormat, End, Event, EventKind, Fate, Ladder, Level, Lifeline, Mark, MarkKind,
    Note, NoteKind, Plane, State, Track, draw, fuzz_entry,
};
use pptp_wire::time::Instant;
use proptest::prelude::*;

const HOSTILE: &str = "</text><script>alert(1)</script> a;b#c \"d\" 'e' %%{x}%% end & ]]> \u{0}\u{1b}[31m\u{202e}\u{ffff}";

/// A ladder in which this text stands wherever text may stand.
fn ladder_with(text: &str) -> Ladder {
    let lifeline = || Lifeline {
        name: text.to_owned(),
        about: text.to_owned(),
    };
    let end = |fate| End {
        at: Some(Instant(5)),
        order: 9,
        fate,
        late: true,
    };
    let arrow = Arrow {
        from: 0,
        to: 1,
        plane: Plane::Gre,
        name: text.to_owned(),
        fields: vec![text.to_owned()],
        numbers: None,
        marks: vec![Mark {
            kind: MarkKind::Finding,
            text: text.to_owned(),
        }],
        ends: vec![
            end(Fate::Lost(text.to_owned())),
            end(Fate::Refused(text.to_owned())),
        ],
        run: None,
    };
    let state = State {
        lifeline: 1,
        track: Track {
            is_call: true,
            key: 1,
        },
        of: text.to_owned(),
        name: text.to_owned(),
        level: Level::Pending,
    };
    let note = Note {
        kind: NoteKind::Remark,
        text: text.to_owned(),
    };
    let kinds = [
        EventKind::Arrow(Box::new(arrow)),
        EventKind::State(state),
        EventKind::Note(note),
    ];
    let events = kinds.into_iter().enumerate().map(|(place, kind)| Event {
        at: Instant(place as u64),
        order: place as u64,
        kind,
    });
    Ladder {
        title: text.to_owned(),
        facts: vec![text.to_owned()],
        lifelines: vec![lifeline(), lifeline()],
        events: events.collect(),
        remarks: vec![text.to_owned()],
    }
}

/// Holds the three drawings of a ladder against what their formats can hold.
fn hold(ladder: &Ladder) {
    let picture = draw(ladder, DiagramFormat::Svg);
    let document =
        roxmltree::Document::parse(&picture).unwrap_or_else(|error| panic!("{error}\n{picture}"));
    for node in document.descendants().filter(roxmltree::Node::is_element) {
        let name = node.tag_name().name();
        let known = ["svg", "title", "desc", "style", "rect", "path", "text"];
        assert!(known.contains(&name), "{name}");
    }
    let mermaid = draw(ladder, DiagramFormat::Mermaid);
    for line in mermaid.lines().skip(1) {
        let words = ["title ", "participant n", "Note ", "n0", "n1"];
        let line = line
            .strip_prefix("    ")
            .unwrap_or_else(|| panic!("{line:?}"));
        assert!(words.iter().any(|word| line.starts_with(word)), "{line:?}");
        let text = line
            .replace("<br/>", "")
            .replace("->>", "")
            .replace("-)", "");
        assert!(!text.contains(['<', '>', '"', '%', '{', '}']), "{line:?}");
        // What is left of these are the numbers of letters: `#59;`.
        let numbers = text.split('#').skip(1).all(|rest| {
            let number = rest.split(';').next().unwrap_or_default();
            !number.is_empty() && number.chars().all(|letter| letter.is_ascii_digit())
        });
        assert!(
            numbers && text.matches('#').count() == text.matches(';').count(),
            "{line:?}"
        );
    }
    let text = draw(ladder, DiagramFormat::Text);
    for line in text.lines() {
        assert!(line.chars().count() <= 120, "{line:?}");
        assert!(!line.chars().any(char::is_control), "{line:?}");
    }
}

#[test]
fn markup_is_shown_and_does_nothing() {
    let ladder = ladder_with(HOSTILE);
    hold(&ladder);
    let picture = draw(&ladder, DiagramFormat::Svg);
    assert!(
        picture.contains("&lt;script&gt;") && !picture.contains("<script"),
        "{picture}"
    );
    assert!(draw(&ladder, DiagramFormat::Mermaid).contains("#60;script#62;"));
}

#[test]
fn a_ladder_with_nothing_in_it_is_drawn() {
    hold(&Ladder::default());
    let mut ladder = ladder_with("x");
    // Messages of lifelines that are not there are told, or left out; they break nothing.
    ladder.lifelines.clear();
    for format in DiagramFormat::ALL {
        assert!(!draw(&ladder, format).is_empty());
    }
}

#[test]
fn a_message_to_itself_is_drawn() {
    let mut ladder = ladder_with("x");
    for lifelines in [2, 1] {
        ladder.lifelines.truncate(lifelines);
        for event in &mut ladder.events {
            match &mut event.kind {
                EventKind::Arrow(arrow) => (arrow.from, arrow.to) = (lifelines - 1, lifelines - 1),
                EventKind::State(state) => state.lifeline = 0,
                EventKind::Note(_) => {}
            }
        }
        hold(&ladder);
    }
}

#[test]
fn octets_that_are_no_capture_are_drawn_or_refused() {
    fuzz_entry(b"");
    fuzz_entry(&[0xD4, 0xC3, 0xB2, 0xA1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_text_is_held(text in any::<String>()) {
        hold(&ladder_with(&text));
    }

    #[test]
    fn any_letters_that_mean_something_are_held(text in "[<>&;#\"'%{}:\\-x() \\n\u{0}-\u{1f}end]{0,40}") {
        hold(&ladder_with(&text));
    }
}
