//! The picture from top to bottom: every point gets a height of its own, later ones below earlier ones. The scale is not that of time:
//! gaps grow with the logarithm of the time that they stand for, and long ones are breaks.

use std::collections::BTreeMap;

use pptp_wire::time::{Duration, Instant};

use super::super::ladder::{EventKind, Ladder};
use super::super::order::{LONG, Point, What, points, span};
use super::columns::Columns;
use super::details::{Detail, details};

/// From one line of details to the next.
pub const LINE: i64 = 13;
/// So far down a new head of names is due, at the next place where nothing is under way.
const PAGE: i64 = 1_000;
/// So far down it comes whatever is under way.
const LONGEST_PAGE: i64 = 1_400;
/// The room that a repeated head takes.
const HEAD: i64 = 46;

/// Where the points stand.
#[derive(Debug, Default)]
pub struct Heights {
    /// The height of each point.
    pub of: BTreeMap<What, i64>,
    /// Times, where they change.
    pub times: Vec<(i64, String)>,
    /// Details of the event at a point, its first line's height.
    pub details: Vec<(i64, Vec<Detail>)>,
    /// Breaks in time: the height of the middle, and the span that is left out.
    pub breaks: Vec<(i64, String)>,
    /// The middles of repeated heads.
    pub heads: Vec<i64>,
    /// Below everything.
    pub bottom: i64,
}

/// Puts points one below the other.
struct Cursor<'l> {
    ladder: &'l Ladder,
    columns: &'l Columns,
    heights: Heights,
    y: i64,
    now: Option<Instant>,
    /// The first height that is free of details.
    detail_floor: i64,
    last_send: i64,
    /// The first height that is free of the names of states, by lifeline.
    state_floor: Vec<i64>,
    /// The point before was a change of state.
    after_state: bool,
    page: i64,
    /// Points still to come of arrows that have begun.
    under_way: usize,
    told: Option<String>,
}

/// Heights for all points of a ladder, from `top` on.
pub fn heights(ladder: &Ladder, columns: &Columns, top: i64) -> Heights {
    let mut cursor = Cursor {
        ladder,
        columns,
        heights: Heights::default(),
        y: top,
        now: None,
        detail_floor: top,
        last_send: top - 100,
        state_floor: vec![top; ladder.lifelines.len()],
        after_state: false,
        page: top,
        under_way: 0,
        told: None,
    };
    for point in points(ladder) {
        cursor.place(point);
    }
    let floors = cursor.state_floor.iter().copied().max().unwrap_or(top);
    cursor.heights.bottom = (cursor.y + 14).max(cursor.detail_floor + 6).max(floors);
    cursor.heights
}

impl Cursor<'_> {
    fn place(&mut self, point: Point) {
        let mut passed = self.now.map_or(Duration::ZERO, |now| point.at.since(now));
        self.now = Some(point.at);
        if passed >= LONG {
            self.y = self.y.max(self.detail_floor - 8) + 22;
            self.heights.breaks.push((self.y, span(passed)));
            self.y += 10;
            passed = Duration::ZERO;
        }
        let wanted = self.y + gap(passed);
        match point.what {
            What::Send(place) => self.send(point, place, wanted),
            What::Note(place) => {
                self.y = wanted.max(self.y + 12).max(self.detail_floor + 8);
                self.tell(point, place);
            }
            What::State(place) => self.state(point, place, wanted),
            What::End(..) | What::LastEnd(_) => {
                self.under_way = self.under_way.saturating_sub(1);
                self.y = wanted.max(self.y + 4);
            }
            What::LastSend(_) => {
                self.under_way = self.under_way.saturating_sub(1);
                self.y = wanted.max(self.y + 10);
            }
        }
        self.heights.of.insert(point.what, self.y);
        self.after_state = matches!(point.what, What::State(_));
    }

    fn send(&mut self, point: Point, place: usize, wanted: i64) {
        let due = self.y - self.page;
        if (due > PAGE && self.under_way == 0) || due > LONGEST_PAGE {
            let middle = self.y.max(self.detail_floor) + HEAD / 2;
            self.heights.heads.push(middle);
            self.y = middle + HEAD / 2;
            self.page = self.y;
            self.told = None;
        }
        // The title stands above the arrow, and must not touch what ended there just before.
        let free = (self.y + 16)
            .max(self.last_send + 22)
            .max(self.detail_floor + 8);
        self.y = wanted.max(free);
        self.last_send = self.y;
        if let EventKind::Arrow(arrow) = &self.ladder.events[place].kind {
            let ends = arrow.ends.iter().filter(|end| end.at.is_some()).count();
            let run = arrow.run.as_ref();
            let rest = run.map_or(0, |run| 1 + usize::from(run.end.at.is_some()));
            self.under_way += ends + rest;
        }
        self.tell(point, place);
    }

    fn state(&mut self, point: Point, place: usize, wanted: i64) {
        let EventKind::State(state) = &self.ladder.events[place].kind else {
            return;
        };
        if self.columns.is_outer(state.lifeline) {
            let floor = self.state_floor.get(state.lifeline).copied().unwrap_or(0);
            // States of both ends that change together stand at one height.
            let step = if self.after_state && wanted == self.y {
                0
            } else {
                3
            };
            self.y = wanted.max(self.y + step).max(floor);
            if let Some(floor) = self.state_floor.get_mut(state.lifeline) {
                *floor = self.y + 12;
            }
        } else {
            self.y = wanted.max(self.y + 3).max(self.detail_floor + 8);
            self.tell(point, place);
        }
    }

    /// Details and time of the event at the present height.
    fn tell(&mut self, point: Point, place: usize) {
        let time = point.at.to_string();
        if self.told.as_ref() != Some(&time) {
            self.heights.times.push((self.y, time.clone()));
            self.told = Some(time);
        }
        let lines = details(self.ladder, self.columns, place);
        if !lines.is_empty() {
            self.detail_floor = self.y - 8 + lines.len() as i64 * LINE + 2;
            self.heights.details.push((self.y, lines));
        }
    }
}

/// How far apart points stand that are so far apart in time.
fn gap(passed: Duration) -> i64 {
    match passed.0 / 50_000 {
        0 => 0,
        units => 2 + 2 * i64::from(units.ilog2()),
    }
}
