//! The machine that records a tape or plays one.

use super::{Decision, Tape, TapeMismatch, Track};
use crate::luck::PathName;
use std::collections::BTreeMap;

/// The place of a path's track in the deck that gave it out.
#[derive(Copy, Clone, Debug, Eq, PartialEq, Ord, PartialOrd)]
pub struct TrackId(u32);

/// Records every decision of luck, or plays back what an earlier run recorded.
#[derive(Debug)]
pub struct TapeDeck {
    tape: Tape,
    /// Where each track of the tape stands.
    names: BTreeMap<PathName, u32>,
    /// `None` while recording.
    heads: Option<Vec<Head>>,
}

/// How far a track has been played.
#[derive(Copy, Clone, Debug, Default)]
struct Head {
    opened: bool,
    packets: u64,
    decisions: usize,
}

impl TapeDeck {
    /// A deck that records the run of this seed.
    pub fn record(seed: u64) -> TapeDeck {
        let tape = Tape {
            seed,
            ..Tape::default()
        };
        TapeDeck {
            tape,
            names: BTreeMap::new(),
            heads: None,
        }
    }

    /// A deck that plays `tape`.
    pub fn play(tape: Tape) -> TapeDeck {
        let names = tape.tracks.iter().map(|track| track.name.clone());
        TapeDeck {
            names: names.zip(0..).collect(),
            heads: Some(vec![Head::default(); tape.tracks.len()]),
            tape,
        }
    }

    /// Whether decisions come from a tape.
    pub fn is_playing(&self) -> bool {
        self.heads.is_some()
    }

    /// The tape: what was recorded up to now, or the whole one that is played.
    pub fn tape(&self) -> &Tape {
        &self.tape
    }

    /// The tape, to add the scenario and attributes while recording.
    pub fn tape_mut(&mut self) -> &mut Tape {
        &mut self.tape
    }

    /// The tape, taken out.
    pub fn into_tape(self) -> Tape {
        self.tape
    }

    /// Gives a path its track: a new one, or, while playing, the one of its name.
    ///
    /// # Errors
    /// [`TapeMismatch::NameTaken`] if the path was opened before, [`TapeMismatch::UnknownPath`] if a tape that is played
    /// does not have it.
    pub fn open(&mut self, name: &PathName) -> Result<TrackId, TapeMismatch> {
        let found = self.names.get(name).copied();
        match (&mut self.heads, found) {
            (None, Some(_)) => Err(TapeMismatch::NameTaken(name.clone())),
            (None, None) => {
                let index = self.tape.tracks.len() as u32;
                self.names.insert(name.clone(), index);
                self.tape.tracks.push(Track {
                    name: name.clone(),
                    decisions: Vec::new(),
                });
                self.tape.packets.push(0);
                Ok(TrackId(index))
            }
            (Some(_), None) => Err(TapeMismatch::UnknownPath(name.clone())),
            (Some(heads), Some(index)) => {
                if core::mem::replace(&mut heads[index as usize].opened, true) {
                    return Err(TapeMismatch::NameTaken(name.clone()));
                }
                Ok(TrackId(index))
            }
        }
    }

    /// Whether the run that a tape was played to used the whole tape. Always so while recording.
    ///
    /// # Errors
    /// [`TapeMismatch::Short`] for the first track that has packets left.
    pub fn finish(&self) -> Result<(), TapeMismatch> {
        let tracks = self.tape.tracks.iter().zip(&self.tape.packets);
        for ((track, &packets), head) in tracks.zip(self.heads.iter().flatten()) {
            if head.packets < packets {
                return Err(TapeMismatch::Short {
                    path: track.name.clone(),
                    offered: head.packets,
                    packets,
                });
            }
        }
        Ok(())
    }

    /// Counts one more packet of a path. `None` while recording; else what the tape decided about it.
    pub(crate) fn advance(&mut self, track: TrackId) -> Result<Option<&[Decision]>, TapeMismatch> {
        let index = track.0 as usize;
        let packets = &mut self.tape.packets[index];
        let Some(heads) = &mut self.heads else {
            *packets += 1;
            return Ok(None);
        };
        let (head, track) = (&mut heads[index], &self.tape.tracks[index]);
        if head.packets == *packets {
            return Err(TapeMismatch::Beyond {
                path: track.name.clone(),
                packets: *packets,
            });
        }
        head.packets += 1;
        let rest = &track.decisions[head.decisions..];
        let count = rest
            .iter()
            .take_while(|decision| decision.ordinal <= head.packets)
            .count();
        head.decisions += count;
        Ok(Some(&rest[..count]))
    }

    /// Writes decisions about the packet that was counted last. To be called while recording only.
    pub(crate) fn write(&mut self, track: TrackId, decision: Decision) {
        debug_assert!(!self.is_playing());
        self.tape.tracks[track.0 as usize].decisions.push(decision);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::luck::{Direction, Plane};
    use crate::tape::Choice;

    fn name(link: &str) -> PathName {
        PathName::new(link, Direction::Forward, Plane::Gre)
    }

    fn recorded() -> Tape {
        let mut deck = TapeDeck::record(5);
        let track = deck.open(&name("a-b")).unwrap();
        for ordinal in 1..=3 {
            assert_eq!(deck.advance(track), Ok(None));
            if ordinal == 2 {
                deck.write(
                    track,
                    Decision {
                        ordinal,
                        copy: false,
                        choice: Choice::Reorder,
                    },
                );
                deck.write(
                    track,
                    Decision {
                        ordinal,
                        copy: false,
                        choice: Choice::Jitter(4),
                    },
                );
            }
        }
        deck.into_tape()
    }

    #[test]
    fn what_was_recorded_is_played_packet_by_packet() {
        let mut deck = TapeDeck::play(recorded());
        let track = deck.open(&name("a-b")).unwrap();
        let counts: Vec<usize> = (0..3)
            .map(|_| deck.advance(track).unwrap().unwrap().len())
            .collect();
        assert_eq!(counts, [0, 2, 0]);
        assert_eq!(deck.finish(), Ok(()));
    }

    #[test]
    fn a_packet_more_than_the_tape_has_is_an_error() {
        let mut deck = TapeDeck::play(recorded());
        let track = deck.open(&name("a-b")).unwrap();
        (0..3).for_each(|_| assert!(deck.advance(track).is_ok()));
        assert_eq!(
            deck.advance(track),
            Err(TapeMismatch::Beyond {
                path: name("a-b"),
                packets: 3
            })
        );
    }

    #[test]
    fn a_packet_less_than_the_tape_has_is_an_error_at_the_end() {
        let mut deck = TapeDeck::play(recorded());
        let track = deck.open(&name("a-b")).unwrap();
        (0..2).for_each(|_| assert!(deck.advance(track).is_ok()));
        let short = TapeMismatch::Short {
            path: name("a-b"),
            offered: 2,
            packets: 3,
        };
        assert_eq!(deck.finish(), Err(short));
    }

    #[test]
    fn names_are_known_and_used_once() {
        let mut playing = TapeDeck::play(recorded());
        assert_eq!(
            playing.open(&name("c-d")),
            Err(TapeMismatch::UnknownPath(name("c-d")))
        );
        assert!(playing.open(&name("a-b")).is_ok());
        assert_eq!(
            playing.open(&name("a-b")),
            Err(TapeMismatch::NameTaken(name("a-b")))
        );
        let mut recording = TapeDeck::record(0);
        assert!(recording.open(&name("a-b")).is_ok());
        assert_eq!(
            recording.open(&name("a-b")),
            Err(TapeMismatch::NameTaken(name("a-b")))
        );
    }
}
