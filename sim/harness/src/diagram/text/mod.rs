//! The ladder as lines of at most 120 columns: time, lifelines with state bars, details.

mod canvas;

use std::collections::BTreeMap;

use pptp_wire::time::Instant;

use super::arrow::{Arrow, Fate, MarkKind, Plane};
use super::ladder::{EventKind, Ladder, Level, NoteKind, Track};
use super::order::{LONG, Point, What, points, span};
use super::wrap::{short, wrap};
use canvas::{Canvas, Columns};

/// The widest line.
pub const WIDTH: usize = 120;
/// So many lines after a head of names comes the next.
const PAGE: usize = 60;
/// The most lines of details of one event.
const MOST_LINES: usize = 12;

/// Draws a ladder.
pub fn draw(ladder: &Ladder) -> String {
    let mut page = Page {
        ladder,
        columns: Columns::of(ladder.lifelines.len()),
        open: BTreeMap::new(),
        text: String::new(),
        since_names: 0,
        states: None,
        told: None,
    };
    for line in wrap(ladder.title.split(' '), WIDTH) {
        page.plain(&line);
    }
    for fact in &ladder.facts {
        page.wrapped(fact);
    }
    page.plain("");
    page.names();
    let mut now: Option<Instant> = None;
    for point in &points(ladder) {
        let passed = now.map(|now| point.at.since(now));
        now = Some(point.at);
        if let Some(passed) = passed.filter(|passed| *passed >= LONG) {
            page.end_states();
            page.row(None, &format!("⋮ {}", span(passed)), Canvas::default());
        }
        page.point(point);
    }
    page.end_states();
    page.foot();
    page.text
}

/// The lines so far, and what the next depends on.
struct Page<'l> {
    ladder: &'l Ladder,
    columns: Columns,
    open: BTreeMap<(usize, &'l Track), Level>,
    text: String,
    since_names: usize,
    /// A line of states that may take more of them.
    states: Option<(Instant, Canvas)>,
    told: Option<Instant>,
}

impl<'l> Page<'l> {
    fn point(&mut self, point: &Point) {
        let ladder: &'l Ladder = self.ladder;
        match point.what {
            What::State(place) => self.state(point.at, place),
            What::Send(place) => {
                self.end_states();
                if let EventKind::Arrow(arrow) = &ladder.events[place].kind {
                    self.arrow(point.at, arrow);
                }
            }
            What::Note(place) => {
                self.end_states();
                if let EventKind::Note(note) = &ladder.events[place].kind {
                    let sign = if note.kind == NoteKind::Step {
                        "▸"
                    } else {
                        "//"
                    };
                    let told = format!("{sign} {}", note.text);
                    let lines = wrap(told.split(' '), self.columns.details_width());
                    self.told_at(point.at, Canvas::default(), &lines);
                }
            }
            What::End(place, copy) => {
                if let EventKind::Arrow(arrow) = &ladder.events[place].kind
                    && let Some(end) = arrow.ends.get(copy)
                    && end.late
                {
                    self.end_states();
                    let line = format!(
                        "{} arrives, sent {}",
                        arrow.title(),
                        ladder.events[place].at
                    );
                    let lines = wrap(line.split(' '), self.columns.details_width());
                    self.told_at(point.at, Canvas::default(), &lines);
                }
            }
            What::LastSend(_) | What::LastEnd(_) => {}
        }
    }

    fn arrow(&mut self, at: Instant, arrow: &Arrow) {
        let mut canvas = Canvas::default();
        let title = arrow.title();
        let is_drawn = canvas.arrow(&self.columns, arrow, &title);
        let mut lines = Vec::new();
        let room = self.columns.details_width();
        if !is_drawn {
            let name = |place: usize| {
                self.ladder
                    .lifelines
                    .get(place)
                    .map_or("?", |line| line.name.as_str())
            };
            let whole = format!("{} → {} {title}", name(arrow.from), name(arrow.to));
            lines.extend(wrap(whole.split(' '), room));
        }
        let fields = arrow.details();
        lines.extend(wrap(fields.iter().map(String::as_str), room));
        if let Some(run) = &arrow.run
            && run.until != at
        {
            lines.push(format!("until {}", run.until));
        }
        for mark in &arrow.marks {
            let sign = if mark.kind == MarkKind::Plain {
                "//"
            } else {
                "!"
            };
            lines.extend(wrap(format!("{sign} {}", mark.text).split(' '), room));
        }
        if arrow.ends.iter().any(|end| end.fate == Fate::UnderWay) {
            lines.push("! had not arrived at the end".to_owned());
        }
        self.told_at(at, canvas, &lines);
    }

    fn state(&mut self, at: Instant, place: usize) {
        let ladder: &'l Ladder = self.ladder;
        let EventKind::State(state) = &ladder.events[place].kind else {
            return;
        };
        let key = (state.lifeline, &state.track);
        if state.level == Level::None {
            self.open.remove(&key);
        } else {
            self.open.insert(key, state.level);
        }
        if state.lifeline >= self.columns.lifelines.len() {
            return;
        }
        let title = state.title();
        if let Some((when, canvas)) = &mut self.states
            && *when == at
            && canvas.state(&self.columns, state.lifeline, &title)
        {
            return;
        }
        self.end_states();
        let mut canvas = Canvas::default();
        if canvas.state(&self.columns, state.lifeline, &title) {
            self.states = Some((at, canvas));
        } else {
            let name = &ladder.lifelines[state.lifeline].name;
            let line = short(&format!("{name}: {title}"), self.columns.details_width());
            self.told_at(at, Canvas::default(), &[line]);
        }
    }

    fn end_states(&mut self) {
        if let Some((at, canvas)) = self.states.take() {
            self.told_at(at, canvas, &[]);
        }
    }

    /// A line with its time, where it has changed, and details below each other.
    fn told_at(&mut self, at: Instant, canvas: Canvas, lines: &[String]) {
        let time = (self.told != Some(at)).then_some(at);
        self.told = Some(at);
        if self.since_names >= PAGE {
            self.names();
        }
        let mut lines = lines.to_vec();
        if lines.len() > MOST_LINES {
            lines.truncate(MOST_LINES - 1);
            lines.push("…".to_owned());
        }
        let first = lines.first().cloned().unwrap_or_default();
        let time = time.map_or_else(String::new, |at| at.to_string());
        self.row(Some(&first), &time, canvas);
        for line in lines.iter().skip(1) {
            self.row(Some(line), "", Canvas::default());
        }
    }

    /// One line: the column of times, the lifelines with what is drawn between them, a detail.
    fn row(&mut self, detail: Option<&str>, time: &str, canvas: Canvas) {
        let is_break = detail.is_none();
        let bars: Vec<(char, char)> = (0..self.columns.lifelines.len())
            .map(|lifeline| {
                let level = |calls: bool| {
                    let open = self.open.iter();
                    let open =
                        open.filter(|((at, track), _)| *at == lifeline && track.is_call == calls);
                    open.map(|(_, level)| *level).max().unwrap_or(Level::None)
                };
                let connection = match level(false) {
                    _ if is_break => '┊',
                    Level::None => '│',
                    Level::Pending => '┃',
                    Level::Established => '║',
                };
                let call = match level(true) {
                    Level::None => ' ',
                    _ if is_break => '┊',
                    Level::Pending => '░',
                    Level::Established => '█',
                };
                (connection, call)
            })
            .collect();
        let drawn = canvas.text(&self.columns, &bars);
        let detail = detail.unwrap_or("");
        self.plain(&format!("{time:>12} {drawn}  {detail}"));
    }

    fn names(&mut self) {
        let names: Vec<(&str, &str)> = self
            .ladder
            .lifelines
            .iter()
            .map(|line| (line.name.as_str(), line.about.as_str()))
            .collect();
        for line in self.columns.heads(&names) {
            self.plain(&format!("{:>12} {line}", ""));
        }
        self.since_names = 0;
        self.told = None;
    }

    fn foot(&mut self) {
        self.plain("");
        let states = |calls: bool| {
            self.ladder.events.iter().any(
                |event| matches!(&event.kind, EventKind::State(state) if state.track.is_call == calls),
            )
        };
        let mut key = Vec::new();
        if states(false) {
            key.push("║ control connection established, ┃ between states");
        }
        if states(true) {
            key.push("█ call established, ░ between states");
        }
        if self.ladder.arrows().any(|arrow| arrow.plane == Plane::Gre) {
            key.push("╌ GRE");
        }
        let ends = || self.ladder.arrows().flat_map(|arrow| &arrow.ends);
        if ends().any(|end| matches!(end.fate, Fate::Lost(_))) {
            key.push("✕ lost");
        }
        if ends().any(|end| matches!(end.fate, Fate::Refused(_))) {
            key.push("⊘ refused where it arrived");
        }
        let key = key.join("; ");
        self.wrapped(&key);
        let ladder = self.ladder;
        if self.columns.lifelines.len() < ladder.lifelines.len() {
            let more = ladder.lifelines.len() - self.columns.lifelines.len();
            self.wrapped(&format!("{more} more have no line of their own"));
        }
        for remark in &ladder.remarks {
            self.wrapped(remark);
        }
    }

    fn wrapped(&mut self, text: &str) {
        for line in wrap(text.split(' '), WIDTH) {
            self.plain(&line);
        }
    }

    fn plain(&mut self, line: &str) {
        let clean = line.chars().map(|letter| match letter {
            letter if letter.is_control() => '\u{fffd}',
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => '\u{fffd}',
            letter => letter,
        });
        let clean: String = clean.take(WIDTH).collect();
        self.text.push_str(clean.trim_end());
        self.text.push('\n');
        self.since_names += 1;
    }
}
