//! Text to tape. Takes memory in proportion to the text, never to a number that the text claims.

use super::text::FIRST_LINE;
use super::{Choice, Decision, Tape, TapeError, Track};
use crate::luck::{Direction, Model, PathName, Plane};

/// More tracks than this are refused: paths are searched by name.
const MAXIMUM_TRACKS: usize = 65_536;
/// So many characters of a wrong line are shown.
const SHOWN: usize = 60;

impl Tape {
    /// Reads what [`Tape::to_text`] wrote. A carriage return before a line feed is part of the line.
    ///
    /// # Errors
    /// The first line that is not as expected.
    pub fn from_text(text: &str) -> Result<Tape, TapeError> {
        let mut reader = Reader {
            rest: text,
            line: 0,
            current: "",
        };
        let mut tape = Tape {
            seed: reader.head()?,
            ..Tape::default()
        };
        reader.next("`attribute KEY VALUE` or `scenario`")?;
        while let Some(attribute) = reader.current.strip_prefix("attribute ") {
            let pair = attribute.split_once(' ').filter(|(key, _)| !key.is_empty());
            let (key, value) = pair.ok_or_else(|| reader.wrong("`attribute KEY VALUE`"))?;
            tape.attributes.push((key.to_owned(), value.to_owned()));
            reader.next("`attribute KEY VALUE` or `scenario`")?;
        }
        if reader.current != "scenario" {
            return Err(reader.wrong("`attribute KEY VALUE` or `scenario`"));
        }
        tape.scenario = reader.scenario()?;
        while reader.current != "end" {
            let (track, packets) = reader.track()?;
            if tape.tracks.len() == MAXIMUM_TRACKS {
                return Err(reader.wrong("no more than 65536 tracks"));
            }
            tape.tracks.push(track);
            tape.packets.push(packets);
        }
        reader.nothing_left()?;
        tape.names_differ(reader.line)?;
        Ok(tape)
    }

    fn names_differ(&self, line: usize) -> Result<(), TapeError> {
        let mut names: Vec<&PathName> = self.tracks.iter().map(|track| &track.name).collect();
        names.sort_unstable();
        match names.windows(2).find(|pair| pair[0] == pair[1]) {
            None => Ok(()),
            Some(pair) => {
                let found = shorten(&pair[0].to_string());
                Err(TapeError {
                    line,
                    expected: "tracks of different names",
                    found,
                })
            }
        }
    }
}

struct Reader<'a> {
    rest: &'a str,
    line: usize,
    current: &'a str,
}

impl<'a> Reader<'a> {
    /// Goes to the next line, which ends with a line feed.
    fn next(&mut self, expected: &'static str) -> Result<(), TapeError> {
        self.line += 1;
        let Some((line, rest)) = self.rest.split_once('\n') else {
            self.current = self.rest;
            return Err(self.wrong(expected));
        };
        (self.current, self.rest) = (line, rest);
        Ok(())
    }

    fn wrong(&self, expected: &'static str) -> TapeError {
        TapeError {
            line: self.line,
            expected,
            found: shorten(self.current),
        }
    }

    /// First line and seed.
    fn head(&mut self) -> Result<u64, TapeError> {
        self.next("`pptp-sim tape 1`")?;
        if self.current != FIRST_LINE {
            return Err(self.wrong("`pptp-sim tape 1` (this build reads version 1)"));
        }
        self.next("`seed NUMBER`")?;
        let seed = self.current.strip_prefix("seed ").and_then(number);
        seed.ok_or_else(|| self.wrong("`seed NUMBER`"))
    }

    /// The barred lines; the line behind them is current afterwards.
    fn scenario(&mut self) -> Result<String, TapeError> {
        const EXPECTED: &str = "`| ` and a line of the scenario, `track` or `end`";
        let mut scenario = String::new();
        let mut lines = 0;
        loop {
            self.next(EXPECTED)?;
            let piece = match self.current.strip_prefix('|') {
                None if lines > 0 => return Ok(scenario),
                Some("") => "",
                Some(rest) if rest.len() > 1 => {
                    rest.strip_prefix(' ').ok_or_else(|| self.wrong(EXPECTED))?
                }
                _ => return Err(self.wrong(EXPECTED)),
            };
            if lines > 0 {
                scenario.push('\n');
            }
            scenario.push_str(piece);
            lines += 1;
        }
    }

    /// A track's line, which is current, its decisions, and its packets; the line behind them is current afterwards.
    fn track(&mut self) -> Result<(Track, u64), TapeError> {
        const EXPECTED: &str = "`track PLANE DIRECTION packets=NUMBER LINK`";
        let (name, packets) = parse_track(self.current).ok_or_else(|| self.wrong(EXPECTED))?;
        let mut track = Track {
            name,
            decisions: Vec::new(),
        };
        loop {
            self.next("a decision, `track` or `end`")?;
            if !self
                .current
                .starts_with(|first: char| first.is_ascii_digit())
            {
                return Ok((track, packets));
            }
            let decision = parse_decision(self.current)
                .ok_or_else(|| self.wrong("a decision: `PACKET [copy] MODEL [VALUE]`"))?;
            if decision.ordinal == 0 || decision.ordinal > packets {
                return Err(self.wrong("a packet from 1 to the track's `packets`"));
            }
            if track
                .decisions
                .last()
                .is_some_and(|last| last.place() >= decision.place())
            {
                return Err(self.wrong("decisions in the order of packets and stages"));
            }
            track.decisions.push(decision);
        }
    }

    fn nothing_left(&mut self) -> Result<(), TapeError> {
        if self.rest.is_empty() {
            return Ok(());
        }
        let (line, found) = (
            self.line + 1,
            shorten(self.rest.lines().next().unwrap_or_default()),
        );
        Err(TapeError {
            line,
            expected: "nothing behind `end`",
            found,
        })
    }
}

fn parse_track(line: &str) -> Option<(PathName, u64)> {
    let mut words = line.splitn(5, ' ');
    if words.next()? != "track" {
        return None;
    }
    let plane = match words.next()? {
        "control" => Plane::Control,
        "gre" => Plane::Gre,
        _ => return None,
    };
    let direction = match words.next()? {
        "forward" => Direction::Forward,
        "backward" => Direction::Backward,
        _ => return None,
    };
    let packets = words.next()?.strip_prefix("packets=").and_then(number)?;
    Some((PathName::new(words.next()?, direction, plane), packets))
}

fn parse_decision(line: &str) -> Option<Decision> {
    let mut words = line.split(' ').peekable();
    let ordinal = number(words.next()?)?;
    let copy = words.next_if_eq(&"copy").is_some();
    let model = Model::from_key(words.next()?)?;
    let value = words.next();
    let choice = match (model, value) {
        (Model::Loss, None) => Choice::Loss,
        (Model::LossGilbertElliott, None) => Choice::LossGilbertElliott,
        (Model::LossMarkov, None) => Choice::LossMarkov,
        (Model::Duplicate, None) => Choice::Duplicate,
        (Model::Reorder, None) => Choice::Reorder,
        (Model::Corrupt, Some(bit)) => Choice::Corrupt(u32::try_from(number(bit)?).ok()?),
        (Model::Targeted, Some(bit)) => Choice::Targeted(u32::try_from(number(bit)?).ok()?),
        (Model::Jitter, Some(value)) => Choice::Jitter(signed(value)?),
        _ => return None,
    };
    let of_a_copy = matches!(choice, Choice::Corrupt(_) | Choice::Jitter(_));
    let fits = words.next().is_none() && (of_a_copy || !copy) && choice != Choice::Jitter(0);
    fits.then_some(Decision {
        ordinal,
        copy,
        choice,
    })
}

/// A number in the one way that a tape writes it: digits, no leading zero.
fn number(text: &str) -> Option<u64> {
    let plain = text.bytes().all(|octet| octet.is_ascii_digit());
    let plain = plain && (text == "0" || !text.starts_with('0'));
    if plain { text.parse().ok() } else { None }
}

fn signed(text: &str) -> Option<i64> {
    number(text.strip_prefix('-').unwrap_or(text))?;
    text.parse().ok()
}

fn shorten(text: &str) -> String {
    text.chars().take(SHOWN).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "pptp-sim tape 1\nseed 1\nscenario\n|\n";

    fn wrong(body: &str) -> (usize, &'static str) {
        let error = Tape::from_text(&format!("{HEAD}{body}")).unwrap_err();
        (error.line, error.expected)
    }

    #[test]
    fn the_smallest_tape_is_read() {
        let tape = Tape::from_text(&format!("{HEAD}end\n")).unwrap();
        assert_eq!(
            tape,
            Tape {
                seed: 1,
                ..Tape::default()
            }
        );
        assert_eq!(tape.to_text(), format!("{HEAD}end\n"));
    }

    #[test]
    fn a_wrong_head_is_named() {
        let error = |text| Tape::from_text(text).unwrap_err().to_string();
        assert_eq!(
            error(""),
            "tape line 1: expected `pptp-sim tape 1`, found nothing"
        );
        assert_eq!(
            error("pptp-sim tape 2\n"),
            "tape line 1: expected `pptp-sim tape 1` (this build reads version 1), found \"pptp-sim tape 2\""
        );
        assert_eq!(
            error("pptp-sim tape 1\nseed x\n"),
            "tape line 2: expected `seed NUMBER`, found \"seed x\""
        );
        assert_eq!(
            Tape::from_text("pptp-sim tape 1\nseed 1\nattribute x\n")
                .unwrap_err()
                .line,
            3
        );
        assert_eq!(
            Tape::from_text("pptp-sim tape 1\nseed 1\nattribute  x\n")
                .unwrap_err()
                .line,
            3
        );
    }

    #[test]
    fn wrong_lines_are_named() {
        const TRACK: &str = "`track PLANE DIRECTION packets=NUMBER LINK`";
        const DECISION: &str = "a decision: `PACKET [copy] MODEL [VALUE]`";
        for body in [
            "track\n",
            "track gre\n",
            "track udp forward packets=1 l\n",
            "track gre up packets=1 l\n",
            "x\n",
        ] {
            assert_eq!(wrong(body), (5, TRACK), "{body}");
        }
        for packets in [
            "packets=",
            "packets=x",
            "packets=01",
            "packets=+1",
            "packets=18446744073709551616",
            "1",
        ] {
            assert_eq!(
                wrong(&format!("track gre forward {packets} l\n")),
                (5, TRACK),
                "{packets}"
            );
        }
        for line in [
            "1",
            "1 ",
            "1 luck",
            "1 loss 2",
            "1 corrupt",
            "1 corrupt -2",
            "1 corrupt 4294967296",
            "1 jitter",
            "1 jitter 0",
            "1 jitter +3",
            "1 jitter --3",
            "1 jitter 3 4",
            "1 copy loss",
            "1 copy duplicate",
            "1  loss",
            "01 loss",
            "1 reorder\r",
        ] {
            let body = format!("track gre forward packets=9 l\n{line}\nend\n");
            assert_eq!(wrong(&body), (6, DECISION), "{line}");
        }
    }

    #[test]
    fn packets_stand_in_order_and_within_the_track() {
        const ORDER: &str = "decisions in the order of packets and stages";
        const RANGE: &str = "a packet from 1 to the track's `packets`";
        let track = "track gre forward packets=9 l\n";
        assert_eq!(wrong(&format!("{track}2 loss\n1 loss\nend\n")), (7, ORDER));
        assert_eq!(wrong(&format!("{track}2 loss\n2 loss\nend\n")), (7, ORDER));
        assert_eq!(
            wrong(&format!("{track}2 jitter 1\n2 duplicate\nend\n")),
            (7, ORDER)
        );
        assert_eq!(wrong(&format!("{track}10 loss\nend\n")), (6, RANGE));
        assert_eq!(wrong(&format!("{track}0 loss\nend\n")), (6, RANGE));
    }

    #[test]
    fn the_end_is_where_it_should_be() {
        assert_eq!(
            wrong(""),
            (5, "`| ` and a line of the scenario, `track` or `end`")
        );
        assert_eq!(
            wrong("track gre forward packets=9 l\n"),
            (6, "a decision, `track` or `end`")
        );
        assert_eq!(
            wrong("end"),
            (5, "`| ` and a line of the scenario, `track` or `end`")
        );
        assert_eq!(wrong("end\nmore"), (6, "nothing behind `end`"));
        let twice = "track gre forward packets=9 l\ntrack gre forward packets=8 l\nend\n";
        assert_eq!(wrong(twice), (7, "tracks of different names"));
    }

    #[test]
    fn bars_are_read_back_as_written() {
        for scenario in ["", "\n", "a", "a\n", " a\n\n b ", "| x\r\n|", "end\ntrack"] {
            let tape = Tape {
                scenario: scenario.to_owned(),
                ..Tape::default()
            };
            assert_eq!(Tape::from_text(&tape.to_text()), Ok(tape), "{scenario:?}");
        }
        let error = Tape::from_text("pptp-sim tape 1\nseed 1\nscenario\n|x\nend\n").unwrap_err();
        assert_eq!(error.line, 4);
    }
}
