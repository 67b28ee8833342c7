//! The picture from left to right: time, states of the first lifeline, lifelines with their bars, states of the last, details.

use std::collections::{BTreeMap, BTreeSet};

use super::super::ladder::{EventKind, Ladder, Level, Track};

/// White space around everything.
pub const MARGIN: i64 = 14;
/// The right end of the column of times.
const TIME: i64 = MARGIN + 82;
/// The most letters of a state beside its bar.
pub const STATE_LETTERS: usize = 24;
/// How wide a bar is, and how far the next stands.
pub const BAR: i64 = 6;
/// From one lane of bars to the next.
pub const LANE: i64 = 8;
/// The most lanes of a lifeline; states of what has no lane are told and have no bar.
const MOST_LANES: usize = 5;
/// How wide the column of details is.
const DETAILS: i64 = 330;
/// Letters in a line of details, 10 pixels high and 6.02 wide.
pub const DETAIL_LETTERS: usize = 54;

/// Where things stand.
#[derive(Debug)]
pub struct Columns {
    /// The right end of times.
    pub time: i64,
    /// Each lifeline.
    pub lifelines: Vec<i64>,
    /// The way that lanes go from each lifeline: to the left or to the right.
    pub outward: Vec<i64>,
    /// Lanes that each lifeline uses at most.
    pub lanes: Vec<usize>,
    /// The lane of each state, by its place in the events; `None` where there was none free.
    pub lane_of: BTreeMap<usize, usize>,
    /// The left end of details.
    pub details: i64,
    /// The width of the picture.
    pub width: i64,
}

impl Columns {
    /// The columns of a ladder.
    pub fn of(ladder: &Ladder) -> Columns {
        let count = ladder.lifelines.len();
        let (lanes, lane_of) = lanes(ladder);
        let states = |lifeline: Option<usize>| room_for_states(ladder, lifeline);
        let room =
            |lifeline: Option<usize>| lifeline.map_or(0, |lifeline| lanes[lifeline] as i64 * LANE);
        let (first, last) = (
            (count > 0).then_some(0),
            count.checked_sub(1).filter(|last| *last > 0),
        );
        let spacing = match count {
            0..=2 => 340,
            3 => 270,
            4 => 200,
            5..=8 => 150,
            _ => 110,
        };
        let start = TIME + states(first) + room(first) + 8;
        let lifelines: Vec<i64> = (0..count as i64)
            .map(|place| start + place * spacing)
            .collect();
        let end = lifelines.last().copied().unwrap_or(start);
        let details = end + room(last) + states(last) + 12;
        Columns {
            time: TIME,
            outward: (0..count)
                .map(|place| if place == 0 { -1 } else { 1 })
                .collect(),
            lifelines,
            lanes,
            lane_of,
            details,
            width: details + DETAILS + MARGIN,
        }
    }

    /// Whether the states of a lifeline are told beside it, where no arrow is; else among the details.
    pub fn is_outer(&self, lifeline: usize) -> bool {
        lifeline == 0 || lifeline + 1 == self.lifelines.len()
    }

    /// The left edge of a bar.
    pub fn bar(&self, lifeline: usize, lane: usize) -> i64 {
        self.lifelines[lifeline] + self.outward[lifeline] * lane as i64 * LANE - BAR / 2
    }

    /// Where the name of a state ends or begins, beside the bars of an outer lifeline.
    pub fn state(&self, lifeline: usize) -> i64 {
        let lanes = self.lanes[lifeline].max(1) as i64;
        self.lifelines[lifeline] + self.outward[lifeline] * (lanes * LANE + 2)
    }
}

/// The width of the names of states beside a lifeline; letters are about 6 pixels wide.
fn room_for_states(ladder: &Ladder, lifeline: Option<usize>) -> i64 {
    let widths = ladder.events.iter().map(|event| match &event.kind {
        EventKind::State(state) if Some(state.lifeline) == lifeline => {
            state.title().chars().count().min(STATE_LETTERS)
        }
        _ => 0,
    });
    widths.max().unwrap_or(0) as i64 * 6 + 20
}

/// How many lanes each lifeline needs, and the lane of each state.
fn lanes(ladder: &Ladder) -> (Vec<usize>, BTreeMap<usize, usize>) {
    let mut most = vec![0; ladder.lifelines.len()];
    let mut lane_of = BTreeMap::new();
    let mut open: BTreeMap<(usize, &Track), usize> = BTreeMap::new();
    let mut used: BTreeSet<(usize, usize)> = BTreeSet::new();
    for (place, event) in ladder.events.iter().enumerate() {
        let EventKind::State(state) = &event.kind else {
            continue;
        };
        let key = (state.lifeline, &state.track);
        let lane = open.get(&key).copied().or_else(|| {
            // The innermost lane is for control connections.
            let first = usize::from(state.track.is_call);
            (first..MOST_LANES).find(|lane| !used.contains(&(state.lifeline, *lane)))
        });
        let Some(lane) = lane else {
            continue;
        };
        lane_of.insert(place, lane);
        if let Some(most) = most.get_mut(state.lifeline) {
            *most = (*most).max(lane + 1);
        }
        if state.level == Level::None {
            open.remove(&key);
            used.remove(&(state.lifeline, lane));
        } else {
            open.insert(key, lane);
            used.insert((state.lifeline, lane));
        }
    }
    (most, lane_of)
}
