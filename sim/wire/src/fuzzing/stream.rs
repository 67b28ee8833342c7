//! Laws of the framer.

use super::Choices;
use crate::{Framer, FramerConfig, FramingError};
use alloc::vec::Vec;

/// What the target `framer` is given.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct FramerInput<'a> {
    /// How the framer is set up.
    pub config: FramerConfig,
    /// Lengths of the segments, in turn.
    pub lengths: Vec<usize>,
    /// The stream.
    pub stream: &'a [u8],
}

impl<'a> FramerInput<'a> {
    /// A configuration (minimum and maximum length as two octets each, two flags), up to 16 segment lengths (how many, then one octet
    /// each), and the stream.
    pub fn read(octets: &'a [u8]) -> FramerInput<'a> {
        let mut choices = Choices::new(octets);
        let config = FramerConfig {
            minimum_length: choices.word(),
            maximum_length: choices.word(),
            accept_any_pptp_message_type: choices.flag(),
            accept_any_magic_cookie: choices.flag(),
            resynchronise: choices.flag(),
        };
        let lengths = (0..choices.below(17))
            .map(|_| choices.octet().into())
            .collect();
        let stream = choices.rest();
        FramerInput {
            config,
            lengths,
            stream,
        }
    }
}

/// A TCP stream of any octets, cut anywhere: a framer finds the same messages as in one piece, each as long as its Length says;
/// without a search for the next header they follow upon one another without a gap, and nothing follows an error.
///
/// The input is a [`FramerInput`].
///
/// # Panics
/// Where that does not hold.
pub fn framer(input: &[u8]) {
    let FramerInput {
        config,
        lengths,
        stream,
    } = FramerInput::read(input);
    let whole = framed(config, &[stream.len().max(1)], stream);
    let cut = framed(config, &lengths, stream);
    assert_eq!(whole, cut, "cuts do not matter");
    if !config.resynchronise {
        check_without_gaps(&whole, stream);
    }
}

/// What a framer made of a stream.
#[derive(Debug, PartialEq)]
struct Framed {
    frames: Vec<Vec<u8>>,
    failure: Option<FramingError>,
    /// Octets left over; of no meaning, and 0 here, after an error.
    buffered: usize,
    skipped: u64,
}

fn framed(config: FramerConfig, lengths: &[usize], stream: &[u8]) -> Framed {
    let mut framer = Framer::new(config);
    let mut frames = Vec::new();
    let mut failure = None;
    let mut left = stream;
    // A length of 0 is a segment without octets, which means nothing; the last octet stands in where there are no lengths at all.
    let mut lengths = lengths.iter().copied().chain([1]).cycle();
    while !left.is_empty() {
        let length = lengths.next().unwrap_or(1).min(left.len());
        let (mut segment, rest) = left.split_at(length);
        left = rest;
        while let Some(answer) = framer.push(&mut segment) {
            assert_eq!(failure, None, "nothing follows an error");
            match answer {
                Ok(frame) => frames.push(frame.octets.to_vec()),
                Err(error) => failure = Some(error),
            }
        }
        assert!(segment.is_empty(), "the framer takes all octets");
    }
    assert_eq!(framer.failure(), failure);
    for frame in &frames {
        let length = u16::from_be_bytes([frame[0], frame[1]]);
        assert_eq!(frame.len(), usize::from(length));
    }
    Framed {
        frames,
        failure,
        buffered: match failure {
            Some(_) => 0,
            None => framer.buffered(),
        },
        skipped: framer.skipped(),
    }
}

fn check_without_gaps(framed: &Framed, stream: &[u8]) {
    let all = framed.frames.concat();
    assert!(
        stream.starts_with(&all),
        "the messages are the stream's own"
    );
    assert_eq!(framed.skipped, 0);
    match framed.failure {
        Some(error) => assert_eq!(
            error.position,
            all.len() as u64,
            "the error stands behind the messages"
        ),
        None => assert_eq!(
            all.len() + framed.buffered,
            stream.len(),
            "no octet is lost"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const LEGAL: [u8; 6] = [0, 12, 0, 220, 0, 0];

    fn input(lengths: &[u8], stream: &[u8]) -> Vec<u8> {
        [&LEGAL[..], &[lengths.len() as u8], lengths, stream].concat()
    }

    #[test]
    #[should_panic(expected = "no octet is lost")]
    fn a_lost_octet_is_noticed() {
        let found = framed(FramerConfig::RFC, &[3], &[0, 16, 0]);
        check_without_gaps(&found, &[0, 16, 0, 1]);
    }

    #[test]
    fn messages_are_found() {
        let echo = [0, 16, 0, 1, 0x1A, 0x2B, 0x3C, 0x4D, 0, 5, 0, 0, 0, 0, 0, 7];
        let stream = [echo, echo].concat();
        let found = framed(FramerConfig::RFC, &[5, 0, 2], &stream);
        assert_eq!(found.frames, [echo, echo]);
        framer(&input(&[5, 0, 2], &stream));
    }

    proptest! {
        #[test]
        fn the_laws_hold(octets in proptest::collection::vec(any::<u8>(), 0..600)) {
            framer(&octets);
            framer(&input(&[1, 7], &octets));
        }
    }
}
