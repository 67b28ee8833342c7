//! One line between the first and the last lifeline.

use super::super::arrow::{Arrow, Fate, Plane};
use super::super::wrap::short;
use super::WIDTH;

/// Columns before the first lifeline's: twelve for the time, a blank, and the bar of calls.
const FIRST: usize = 14;
/// The most lifelines that get a column.
const MOST_LIFELINES: usize = 17;

/// Where lifelines stand, in columns behind the time.
#[derive(Debug)]
pub struct Columns {
    /// The bar of the control connection of each; that of calls stands left of the first, right of the others.
    pub lifelines: Vec<usize>,
    /// From one to the next.
    spacing: usize,
}

impl Columns {
    /// Columns for so many lifelines.
    pub fn of(count: usize) -> Columns {
        let spacing = match count {
            0..=2 => 54,
            3 => 33,
            4 => 22,
            _ => (66 / (count.min(MOST_LIFELINES) - 1)).max(4),
        };
        Columns {
            lifelines: (0..count.min(MOST_LIFELINES))
                .map(|place| 1 + place * spacing)
                .collect(),
            spacing,
        }
    }

    /// Columns of a line of lifelines.
    fn width(&self) -> usize {
        self.lifelines.last().map_or(2, |last| last + 2)
    }

    /// Columns that are left for details.
    pub fn details_width(&self) -> usize {
        WIDTH.saturating_sub(FIRST - 1 + self.width() + 2)
    }

    /// The lines with the names, and what stands below them.
    pub fn heads(&self, names: &[(&str, &str)]) -> Vec<String> {
        let row = |pick: &dyn Fn(&(&str, &str)) -> String| {
            let mut letters = vec![' '; self.width() + self.spacing.min(20)];
            let room = self.spacing.saturating_sub(1).max(1);
            for (place, (&column, name)) in self.lifelines.iter().zip(names).enumerate() {
                let name: Vec<char> = short(&pick(name), room).chars().collect();
                let before = if place == 0 { 0 } else { name.len() / 2 };
                let start = column.saturating_sub(before);
                for (at, letter) in name.into_iter().enumerate() {
                    if let Some(slot) = letters.get_mut(start + at) {
                        *slot = letter;
                    }
                }
            }
            letters.into_iter().collect::<String>()
        };
        let mut heads = vec![row(&|(name, _)| (*name).to_owned())];
        if names.iter().any(|(_, about)| !about.is_empty()) {
            heads.push(row(&|(_, about)| (*about).to_owned()));
        }
        heads
    }
}

/// What is drawn between lifelines, by column.
#[derive(Debug, Default)]
pub struct Canvas {
    drawn: Vec<(usize, char)>,
    /// Letters, which stand on whatever they cross.
    letters: Vec<(usize, char)>,
}

impl Canvas {
    /// Draws an arrow with its title; `false` where there is no room for the title, which then is to be told elsewhere.
    pub fn arrow(&mut self, columns: &Columns, arrow: &Arrow, title: &str) -> bool {
        let at = |place: usize| columns.lifelines.get(place).copied();
        let (Some(from), Some(to)) = (at(arrow.from), at(arrow.to)) else {
            return false;
        };
        if from == to {
            return false;
        }
        // From the first to the last column between the bars; the bar of calls stands right of all but the first lifeline.
        let (left, right) = (from.min(to), from.max(to));
        let left = if left == columns.lifelines[0] {
            left + 1
        } else {
            left + 2
        };
        let mut cells: Vec<char> = vec![dash(arrow.plane); right - left];
        let goes_right = from < to;
        let told: Vec<char> = title.chars().collect();
        let has_room = told.len() + 6 <= cells.len();
        if !goes_right {
            cells.reverse();
        }
        let length = cells.len();
        let fate = arrow.ends.first().map_or(&Fate::Unknown, |end| &end.fate);
        match fate {
            Fate::Unknown | Fate::Arrived => {
                if let Some(last) = cells.last_mut() {
                    *last = if goes_right { '>' } else { '<' };
                }
            }
            Fate::Refused(_) => {
                if let Some(last) = cells.last_mut() {
                    *last = '⊘';
                }
            }
            Fate::Lost(_) | Fate::UnderWay => {
                let told_to = if has_room { told.len() + 5 } else { 0 };
                let end = (length * 3 / 5).max(told_to).min(length.saturating_sub(1));
                for cell in cells.iter_mut().skip(end) {
                    *cell = ' ';
                }
                if let Some(cell) = cells.get_mut(end) {
                    *cell = if matches!(fate, Fate::Lost(_)) {
                        '✕'
                    } else {
                        '…'
                    };
                }
            }
        }
        if !goes_right {
            cells.reverse();
        }
        if has_room {
            let start = if goes_right {
                2
            } else {
                length - 4 - told.len()
            };
            let told = [' '].into_iter().chain(told).chain([' ']);
            self.letters.extend(
                told.enumerate()
                    .map(|(at, letter)| (left + start + at, letter)),
            );
        }
        self.drawn.extend(
            cells
                .into_iter()
                .enumerate()
                .map(|(at, cell)| (left + at, cell)),
        );
        has_room
    }

    /// Writes the name of a state beside its lifeline; `false` where there is no room.
    pub fn state(&mut self, columns: &Columns, lifeline: usize, title: &str) -> bool {
        let column = columns.lifelines[lifeline];
        let is_last = lifeline + 1 == columns.lifelines.len() && lifeline > 0;
        // Between two lifelines, both have states to tell.
        let room = match columns.lifelines.len() {
            2 => columns.spacing / 2,
            _ => columns.spacing.saturating_sub(2),
        };
        let told = short(&format!("({title})"), room.saturating_sub(2));
        let length = told.chars().count();
        if length < title.chars().count() {
            return false;
        }
        let start = if is_last {
            column - 1 - length
        } else {
            column + 3
        };
        let is_taken = |at: &usize| (start..start + length).contains(at);
        if self.drawn.iter().any(|(at, _)| is_taken(at)) {
            return false;
        }
        let told = told.chars().enumerate();
        self.drawn
            .extend(told.map(|(at, letter)| (start + at, letter)));
        true
    }

    /// The line: bars, and what is drawn between them.
    pub fn text(self, columns: &Columns, bars: &[(char, char)]) -> String {
        let mut letters = vec![' '; columns.width()];
        for (place, (&column, &(connection, call))) in
            columns.lifelines.iter().zip(bars).enumerate()
        {
            letters[column] = connection;
            letters[if place == 0 { column - 1 } else { column + 1 }] = call;
        }
        for (at, letter) in self.drawn {
            let is_bar = columns.lifelines.contains(&at);
            if let Some(slot) = letters.get_mut(at)
                && !is_bar
            {
                *slot = letter;
            }
        }
        for (at, letter) in self.letters {
            if let Some(slot) = letters.get_mut(at) {
                *slot = letter;
            }
        }
        letters.into_iter().collect()
    }
}

const fn dash(plane: Plane) -> char {
    match plane {
        Plane::Tcp => '·',
        Plane::Control => '─',
        Plane::Gre => '╌',
    }
}
