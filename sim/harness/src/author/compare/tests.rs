use super::*;
use crate::author::{merge, tap};

/// The story of a real capture.
fn story(capture: &str) -> Story {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/captures");
    let octets = std::fs::read(format!("{folder}/{capture}.pcap")).expect("a capture");
    let tap = tap::read(capture, octets.as_slice()).expect("a whole capture");
    merge::merge(vec![tap], None).expect("PPTP")
}

use crate::author::story::{Fate, What};

fn kinds(wanted: &Story, got: &Story, same_ids: bool) -> Vec<Kind> {
    let found = differences(wanted, got, same_ids);
    found.into_iter().map(|it| it.kind).collect()
}

/// The place of the first event that fits.
fn place(story: &Story, fits: impl Fn(&What) -> bool) -> usize {
    let mut events = story.events.iter();
    events
        .position(|event| fits(&event.what))
        .expect("an event")
}

fn is_data(what: &What) -> bool {
    matches!(what, What::Gre(packet) if packet.data().is_some())
}

#[test]
fn a_story_is_like_itself() {
    let story = story("normal");
    assert_eq!(differences(&story, &story, true), []);
    assert_eq!(differences(&story, &story, false), []);
}

#[test]
fn a_message_too_few_too_many_or_in_another_place_is_told() {
    let whole = story("kill_pptpctrl_TERM");
    let last = whole
        .events
        .iter()
        .rposition(|event| matches!(event.what, What::Control { .. }));
    let last = last.expect("a message");
    let mut fewer = whole.clone();
    fewer.events.remove(last);
    let found = differences(&whole, &fewer, true);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].kind, Kind::Control);
    assert!(found[0].wanted[0].starts_with("Stop-Control-Connection-Reply"));
    assert!(found[0].got.is_empty());
    assert_eq!(kinds(&fewer, &whole, true), [Kind::Control]);

    let notify = place(
        &whole,
        |what| matches!(what, What::Control { octets, .. } if octets.get(9) == Some(&13)),
    );
    let mut swapped = whole.clone();
    swapped.events.swap(notify, notify + 1);
    assert_eq!(kinds(&whole, &swapped, true), [Kind::Control]);
}

#[test]
fn a_field_that_differs_is_told_and_a_call_id_where_it_matters() {
    let whole = story("normal");
    let request = place(
        &whole,
        |what| matches!(what, What::Control { octets, .. } if octets.get(9) == Some(&7)),
    );
    let with = |offset: usize| {
        let mut changed = whole.clone();
        if let What::Control { octets, .. } = &mut changed.events[request].what {
            octets[offset] ^= 1;
        }
        changed
    };
    // Maximum BPS; the Call ID of the PNS.
    assert_eq!(kinds(&whole, &with(23), false), [Kind::Control]);
    assert_eq!(kinds(&whole, &with(13), true), [Kind::Control]);
    assert_eq!(kinds(&whole, &with(13), false), []);
}

#[test]
fn data_that_is_missing_renumbered_or_of_another_length_is_told() {
    let whole = story("normal");
    let data = place(&whole, is_data);
    let mut fewer = whole.clone();
    fewer.events.remove(data);
    assert!(kinds(&whole, &fewer, true).contains(&Kind::Data));
    let with = |change: fn(&mut pptp_wire::GreHeader)| {
        let mut changed = whole.clone();
        if let What::Gre(packet) = &mut changed.events[data].what {
            change(packet.header.as_mut().expect("a header"));
        }
        changed
    };
    let renumbered = with(|header| header.sequence_number = Some(77));
    let longer = with(|header| header.payload_length += 1);
    let acknowledging = with(|header| header.acknowledgment_number = Some(3));
    assert!(kinds(&whole, &renumbered, true).contains(&Kind::Data));
    assert!(kinds(&whole, &longer, true).contains(&Kind::Data));
    assert!(kinds(&whole, &acknowledging, true).contains(&Kind::PiggyBacked));
}

#[test]
fn an_acknowledgment_by_itself_is_told_by_itself() {
    let whole = story("normal");
    let acknowledgment = place(
        &whole,
        |what| matches!(what, What::Gre(packet) if packet.acknowledgment().is_some()),
    );
    let mut fewer = whole.clone();
    fewer.events.remove(acknowledgment);
    assert_eq!(kinds(&whole, &fewer, true), [Kind::Acknowledgments]);
}

/// The order of arrival counts where both stories tell it, and only there.
#[test]
fn data_that_arrives_in_another_order_is_told() {
    let mut whole = story("normal");
    whole.is_seen_at_both_ends = true;
    for event in &mut whole.events {
        event.fate = Fate::Arrived(vec![event.at + 1_000_000]);
    }
    let late = place(&whole, is_data);
    let mut other = whole.clone();
    other.events[late].fate = Fate::Arrived(vec![u64::MAX]);
    assert_eq!(kinds(&whole, &other, true), [Kind::Delivered]);
    other.events[late].fate = Fate::Lost;
    assert_eq!(kinds(&whole, &other, true), [Kind::Delivered]);
    other.is_seen_at_both_ends = false;
    assert_eq!(kinds(&whole, &other, true), []);
}
