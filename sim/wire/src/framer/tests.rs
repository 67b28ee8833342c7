use super::*;
use crate::{ControlMessage, ControlMessageType, EchoRequest, OutgoingCallRequest};
use proptest::prelude::*;

/// All that a framer makes of a stream that arrives in these segments.
fn framed(
    config: FramerConfig,
    segments: &[&[u8]],
) -> (Vec<Result<Vec<u8>, FramingError>>, Framer) {
    let mut framer = Framer::new(config);
    let mut answers = Vec::new();
    for segment in segments {
        let mut rest = *segment;
        while let Some(answer) = framer.push(&mut rest) {
            answers.push(answer.map(|frame| frame.octets.to_vec()));
        }
        assert!(rest.is_empty());
    }
    (answers, framer)
}

fn octets(message: impl Into<ControlMessage>) -> Vec<u8> {
    message.into().encode(&mut [0; MAXIMUM_LENGTH]).to_vec()
}

fn echo(identifier: u32) -> Vec<u8> {
    octets(EchoRequest { identifier })
}

fn failure(config: FramerConfig, stream: &[u8]) -> Option<FramingError> {
    framed(config, &[stream]).1.failure()
}

#[test]
fn every_cut_of_all_messages_gives_the_same_messages() {
    let messages: Vec<Vec<u8>> = ControlMessageType::ALL
        .iter()
        .filter_map(|row| ControlMessage::default_for(ControlMessageType(row.0)))
        .map(octets)
        .collect();
    assert_eq!(messages.len(), 15);
    let stream = messages.concat();
    let expected: Vec<_> = messages.into_iter().map(Ok).collect();
    for cut in 0..=stream.len() {
        let (answers, framer) = framed(FramerConfig::RFC, &[&stream[..cut], &stream[cut..]]);
        assert_eq!(answers, expected, "cut after {cut} octets");
        assert_eq!(
            (framer.buffered(), framer.position()),
            (0, stream.len() as u64)
        );
    }
    let single: Vec<&[u8]> = stream.chunks(1).collect();
    assert_eq!(framed(FramerConfig::RFC, &single).0, expected);
}

#[test]
fn a_header_is_judged_as_soon_as_it_is_there() {
    let good = echo(1);
    for (patch, at, kind, seen) in [
        (&[0u8, 11][..], 0, FramingErrorKind::LengthTooShort, 11),
        (&[0, 221], 0, FramingErrorKind::LengthTooLong, 221),
        (&[0, 2], 2, FramingErrorKind::BadPptpMessageType, 2),
        (
            &[0x1A, 0x2B, 0x3C, 0x4E],
            4,
            FramingErrorKind::BadCookie,
            0x1A2B_3C4E,
        ),
    ] {
        let mut bad = good.clone();
        bad[at..at + patch.len()].copy_from_slice(patch);
        let known = at + patch.len();
        let stream = [&good[..], &bad[..known - 1]].concat();
        assert_eq!(
            failure(FramerConfig::RFC, &stream),
            None,
            "{kind:?} is not known yet"
        );
        let stream = [&good[..], &bad[..known]].concat();
        assert_eq!(
            failure(FramerConfig::RFC, &stream),
            Some(FramingError {
                kind,
                position: 16,
                seen
            })
        );
    }
}

#[test]
fn the_first_error_is_final_and_answered_once() {
    let mut bad = echo(2);
    bad[4] = 0;
    let (answers, framer) = framed(FramerConfig::RFC, &[&echo(1), &bad, &echo(3)]);
    let error = FramingError {
        kind: FramingErrorKind::BadCookie,
        position: 16,
        seen: 0x002B_3C4D,
    };
    assert_eq!(answers, [Ok(echo(1)), Err(error)]);
    assert_eq!(framer.failure(), Some(error));
    assert_eq!(error.requirement(), Requirement::Hdr006);
}

#[test]
fn the_limits_of_length_are_inside() {
    let with_length = |length: u16| [&length.to_be_bytes()[..], &echo(1)[2..8]].concat();
    for (length, accepted) in [
        (11, false),
        (12, true),
        (220, true),
        (221, false),
        (0, false),
        (u16::MAX, false),
    ] {
        assert_eq!(
            failure(FramerConfig::RFC, &with_length(length)).is_none(),
            accepted,
            "{length}"
        );
    }
    let wide = FramerConfig {
        minimum_length: 0,
        maximum_length: u16::MAX,
        ..FramerConfig::RFC
    };
    for (length, accepted) in [(7, false), (8, true), (256, true), (257, false)] {
        assert_eq!(
            failure(wide, &with_length(length)).is_none(),
            accepted,
            "{length}"
        );
    }
}

#[test]
fn a_message_may_have_any_length_within_the_limits() {
    let config = FramerConfig {
        minimum_length: 8,
        maximum_length: 256,
        ..FramerConfig::RFC
    };
    for length in 8..=256u16 {
        let mut message = [&length.to_be_bytes()[..], &echo(1)[2..]].concat();
        message.resize(length.into(), 0xEE);
        let stream = [&message[..], &echo(2)].concat();
        assert_eq!(framed(config, &[&stream]).0, [Ok(message), Ok(echo(2))]);
    }
}

#[test]
fn a_management_message_passes_where_any_type_does() {
    let mut management = echo(1);
    management[3] = 2;
    let config = FramerConfig {
        accept_any_pptp_message_type: true,
        ..FramerConfig::RFC
    };
    assert_eq!(framed(config, &[&management]).0, [Ok(management.clone())]);
    assert_eq!(
        failure(FramerConfig::RFC, &management).map(|error| error.requirement()),
        Some(Requirement::Hdr004)
    );
}

#[test]
fn a_wrong_cookie_passes_where_any_does() {
    let mut wrong = echo(1);
    wrong[7] ^= 1;
    let config = FramerConfig {
        accept_any_magic_cookie: true,
        ..FramerConfig::RFC
    };
    assert_eq!(framed(config, &[&wrong]).0, [Ok(wrong.clone())]);
    assert_eq!(
        failure(FramerConfig::RFC, &wrong).map(|error| error.requirement()),
        Some(Requirement::Hdr006)
    );
}

#[test]
fn a_framer_that_may_search_finds_the_next_message() {
    let config = FramerConfig {
        resynchronise: true,
        ..FramerConfig::RFC
    };
    let stream = [
        &echo(1)[..],
        b"junk that holds 0x1A2B3C4D nowhere",
        &echo(2),
    ]
    .concat();
    for cut in 0..stream.len() {
        let (answers, framer) = framed(config, &[&stream[..cut], &stream[cut..]]);
        assert_eq!(
            answers,
            [Ok(echo(1)), Ok(echo(2))],
            "cut after {cut} octets"
        );
        assert_eq!(framer.skipped(), 34);
        assert_eq!(framer.position(), stream.len() as u64);
    }
}

#[test]
fn octets_of_an_unfinished_message_are_counted() {
    let (answers, framer) = framed(
        FramerConfig::RFC,
        &[&octets(OutgoingCallRequest::default())[..100]],
    );
    assert_eq!(answers, []);
    assert_eq!(framer.buffered(), 100);
    let mut framer = Framer::new(FramerConfig::RFC);
    let whole = echo(1);
    assert!(framer.push(&mut &whole[..]).is_some());
    assert_eq!(framer.buffered(), 0, "what was given out is not held");
    assert_eq!(
        framed(FramerConfig::RFC, &[&echo(1), &echo(2)[..3]])
            .1
            .buffered(),
        3
    );
}

#[test]
fn an_error_says_what_was_expected_and_where() {
    let mut bad = echo(1);
    bad[4..8].fill(0);
    let error = failure(FramerConfig::RFC, &bad).expect("the cookie is wrong");
    assert_eq!(
        error.to_string(),
        "expected magic-cookie 0x1A2B3C4D, found 0x00000000 in the message at octet 0 of the stream"
    );
    assert_eq!(error.field(), "magic-cookie");
}

proptest! {
    #[test]
    fn any_octets_are_consumed_and_cuts_do_not_matter(
        stream in proptest::collection::vec(any::<u8>(), 0..600),
        cut: prop::sample::Index,
        resynchronise: bool,
        accept_any_pptp_message_type: bool,
    ) {
        let config = FramerConfig { resynchronise, accept_any_pptp_message_type, ..FramerConfig::RFC };
        let cut = cut.index(stream.len() + 1);
        let (whole, _) = framed(config, &[&stream]);
        let (parts, _) = framed(config, &[&stream[..cut], &stream[cut..]]);
        prop_assert_eq!(whole, parts);
    }

    #[test]
    fn any_segmentation_of_messages_gives_the_same_messages(
        types in proptest::collection::vec(1u16..=15, 1..8),
        cuts in proptest::collection::vec(any::<prop::sample::Index>(), 0..20),
    ) {
        let messages: Vec<Vec<u8>> =
            types.iter().filter_map(|&value| ControlMessage::default_for(ControlMessageType(value))).map(octets).collect();
        let stream = messages.concat();
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(stream.len() + 1)).collect();
        cuts.extend([0, stream.len()]);
        cuts.sort_unstable();
        let segments: Vec<&[u8]> = cuts.windows(2).map(|pair| &stream[pair[0]..pair[1]]).collect();
        let (answers, framer) = framed(FramerConfig::RFC, &segments);
        prop_assert_eq!(answers, messages.into_iter().map(Ok).collect::<Vec<_>>());
        prop_assert_eq!(framer.buffered(), 0);
    }
}
