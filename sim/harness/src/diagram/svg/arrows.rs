//! Arrows: from where a message left to where each copy of it ended.

use std::collections::BTreeMap;

use super::super::arrow::{Arrow, End, Fate, Plane};
use super::super::ladder::{EventKind, Ladder};
use super::super::order::What;
use super::columns::Columns;
use super::details::has_room;
use super::heights::Heights;
use super::ink::{At, Ink};

/// How far from the middle of a lifeline arrows begin and end.
const CLEAR: i64 = 4;

/// Draws every arrow.
pub fn draw(ladder: &Ladder, columns: &Columns, heights: &Heights, ink: &mut Ink) {
    let count = columns.lifelines.len();
    let mut ways: Vec<Way<'_>> = Vec::new();
    for (place, event) in ladder.events.iter().enumerate() {
        if let EventKind::Arrow(arrow) = &event.kind
            && arrow.from < count
            && arrow.to < count
        {
            ways.push(Way::of(arrow, place, columns, heights));
        }
    }
    // From the last to the first, so that each knows the title below its own.
    let mut below: BTreeMap<(usize, bool), Below> = BTreeMap::new();
    for way in ways.iter_mut().rev() {
        let side = (way.arrow.from, way.goal > way.start.0);
        way.leans = way.may_lean(below.get(&side));
        if way.has_room {
            let drop = if way.leans { way.drop } else { 0 };
            below.insert(
                side,
                Below {
                    y: way.start.1,
                    drop,
                },
            );
        }
    }
    let mut titles = Ink::default();
    for way in &ways {
        way.draw(heights, ink, &mut titles);
    }
    ink.add(titles);
}

/// The title that stands below another at the same side of a lifeline.
struct Below {
    y: i64,
    /// How far it falls over a hundred pixels.
    drop: i64,
}

/// An arrow between two heights.
struct Way<'l> {
    arrow: &'l Arrow,
    place: usize,
    /// Where it begins, and the lifeline where it should end.
    start: At,
    goal: i64,
    hue: &'static str,
    has_room: bool,
    /// How far the line falls over a hundred pixels.
    drop: i64,
    /// The title stands along the line, else level above its beginning.
    leans: bool,
}

impl<'l> Way<'l> {
    fn of(arrow: &'l Arrow, place: usize, columns: &Columns, heights: &Heights) -> Way<'l> {
        let y = heights.of.get(&What::Send(place)).copied().unwrap_or(0);
        let (from, to) = (columns.lifelines[arrow.from], columns.lifelines[arrow.to]);
        let is_last = arrow.from + 1 == columns.lifelines.len();
        let goal = match (from == to, is_last) {
            (false, _) => to,
            // To itself or to nobody: a stub beside the lifeline, on the side where the others are.
            (true, true) => from - 80,
            (true, false) => from + 80,
        };
        let towards = (goal - from).signum();
        let hue = match arrow.plane {
            Plane::Tcp => "k",
            Plane::Control => "l",
            Plane::Gre => "d",
        };
        let end = heights.of.get(&What::End(place, 0)).copied();
        let end = match arrow.ends.first().map(|end| &end.fate) {
            Some(Fate::Unknown | Fate::Arrived | Fate::Refused(_)) => end.unwrap_or(y),
            _ => y + 7,
        };
        Way {
            drop: (end - y) * 100 / (goal - from).abs().max(1),
            leans: false,
            arrow,
            place,
            start: (from + towards * CLEAR, y),
            goal: goal - towards * CLEAR,
            hue,
            has_room: has_room(columns, arrow),
        }
    }

    /// Whether the title may stand along the line: that is not steep, and the title below is out of reach or falls as fast.
    fn may_lean(&self, below: Option<&Below>) -> bool {
        let length = self.arrow.title().chars().count() as i64 * 7 + 12;
        let reaches = self.start.1 + self.drop * length / 100 + 15;
        self.drop <= 40 && below.is_none_or(|below| below.drop >= self.drop || below.y > reaches)
    }

    fn draw(&self, heights: &Heights, ink: &mut Ink, titles: &mut Ink) {
        let mut first = None;
        for (copy, end) in self.arrow.ends.iter().enumerate() {
            let y = heights.of.get(&What::End(self.place, copy)).copied();
            let style = if copy == 0 { "" } else { " t" };
            let reached = self.end(end, self.start, y, style, ink);
            first = first.or(Some(reached));
        }
        let first = first.unwrap_or((self.goal, self.start.1));
        if let Some(run) = &self.arrow.run {
            let y = heights.of.get(&What::LastSend(self.place)).copied();
            let start = (self.start.0, y.unwrap_or(self.start.1));
            let y = heights.of.get(&What::LastEnd(self.place)).copied();
            let end = y.map_or((first.0, start.1), |y| (first.0, y));
            if run.packets > 2 {
                let band = format!("b {}", self.hue_of(&run.end));
                ink.shape(&band, &[self.start, first, end, start]);
            }
            self.end(&run.end, start, y, "", ink);
        }
        if self.has_room {
            let goes_right = self.goal > self.start.0;
            let (left, right) = if goes_right {
                (self.start, first)
            } else {
                (first, self.start)
            };
            let class = match self.arrow.plane {
                Plane::Tcp => "h k",
                _ => "h n",
            };
            let class = format!("{class}{}", if goes_right { "" } else { " e" });
            let title = self.arrow.title();
            if self.leans {
                titles.say_along(&class, (left, right), !goes_right, &title);
            } else {
                let inset = if goes_right { 6 } else { -6 };
                titles.say(&class, (self.start.0 + inset, self.start.1 - 4), &title);
            }
        }
    }

    fn hue_of(&self, end: &End) -> &'static str {
        match &end.fate {
            Fate::Lost(_) | Fate::Refused(_) => "o",
            _ if end.late => "w",
            _ => self.hue,
        }
    }

    /// One copy's way from `start` to its end, known to be at the height `y`; gives the point where its line would meet the lifeline, or
    /// ends before.
    fn end(&self, end: &End, start: At, y: Option<i64>, style: &str, ink: &mut Ink) -> At {
        let hue = self.hue_of(end);
        let thin = if self.arrow.plane == Plane::Tcp {
            " y"
        } else {
            style
        };
        let line = format!("a {hue}{thin}");
        let goal = (self.goal, y.unwrap_or(start.1));
        // A share of the way, in hundredths.
        let part = |share: i64, drop: i64| {
            let x = start.0 + (goal.0 - start.0) * share / 100;
            (x, start.1 + drop)
        };
        match &end.fate {
            Fate::Unknown | Fate::Arrived => {
                ink.line(&line, start, goal);
                ink.head(hue, start, goal);
                goal
            }
            Fate::Refused(_) => {
                let towards = (goal.0 - start.0).signum();
                let stop = (goal.0 - towards * 8, goal.1);
                ink.line(&line, start, (stop.0 - towards * 6, stop.1));
                ink.barred(hue, stop);
                stop
            }
            Fate::Lost(by) => {
                let at = part(58, 7);
                ink.line(&line, start, at);
                ink.cross(hue, at);
                let (x, class) = if goal.0 > start.0 {
                    (at.0 + 10, "s h o")
                } else {
                    (at.0 - 10, "s h o e")
                };
                ink.say(class, (x, at.1 + 4), by);
                at
            }
            Fate::UnderWay => {
                let at = part(70, 8);
                ink.line(&format!("a {hue} y"), start, at);
                at
            }
        }
    }
}
