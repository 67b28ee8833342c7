//! The key: what occurs in the picture, and nothing else.

use super::super::arrow::{Arrow, End, Fate, Plane};
use super::super::ladder::Ladder;
use super::columns::{Columns, MARGIN};
use super::has_states;
use super::ink::{At, Ink};

/// How a sample is drawn.
enum Sample {
    /// A line with a head.
    Arrow(&'static str),
    /// A line that ends in a cross.
    Cross,
    /// A line that ends in a barred circle.
    Barred,
    /// A line that ends nowhere.
    Open(&'static str),
    /// A band.
    Band,
    /// A bar: standing, and on its way.
    Bars(&'static str, &'static str),
}

/// Draws the key from `y` on; gives the height below it.
pub fn draw(ladder: &Ladder, columns: &Columns, y: i64, ink: &mut Ink) -> i64 {
    let entries = entries(ladder);
    if entries.is_empty() {
        return y;
    }
    ink.line("r", (MARGIN, y), (columns.width - MARGIN, y));
    let mut at = (MARGIN, y + 18);
    for (sample, told) in entries {
        let width = 46 + told.chars().count() as i64 * 6 + 14;
        if at.0 + width > columns.width - MARGIN && at.0 > MARGIN {
            at = (MARGIN, at.1 + 18);
        }
        draw_sample(&sample, (at.0, at.1 - 4), ink);
        ink.say("s q", (at.0 + 46, at.1), told);
        at.0 += width;
    }
    at.1 + 4
}

fn entries(ladder: &Ladder) -> Vec<(Sample, &'static str)> {
    let plane = |plane| ladder.arrows().any(|arrow| arrow.plane == plane);
    let any_end =
        |wanted: &dyn Fn(&End) -> bool| ladder.arrows().flat_map(|arrow| &arrow.ends).any(wanted);
    let any = |wanted: fn(&Arrow) -> bool| ladder.arrows().any(wanted);
    let entries = [
        (plane(Plane::Tcp), Sample::Open("a k y"), "TCP"),
        (plane(Plane::Control), Sample::Arrow("l"), "control message"),
        (plane(Plane::Gre), Sample::Arrow("d"), "GRE packet"),
        (
            any(|arrow| arrow.run.is_some()),
            Sample::Band,
            "run of packets",
        ),
        (
            any_end(&|end| end.late && matches!(end.fate, Fate::Arrived | Fate::Unknown)),
            Sample::Arrow("w"),
            "late",
        ),
        (
            any(|arrow| arrow.ends.len() > 1),
            Sample::Open("a d t"),
            "second copy",
        ),
        (
            any_end(&|end| matches!(end.fate, Fate::Lost(_))),
            Sample::Cross,
            "lost",
        ),
        (
            any_end(&|end| matches!(end.fate, Fate::Refused(_))),
            Sample::Barred,
            "refused where it arrived",
        ),
        (
            any_end(&|end| end.fate == Fate::UnderWay),
            Sample::Open("a l y"),
            "had not arrived at the end",
        ),
        (
            has_states(ladder, false),
            Sample::Bars("C", "D"),
            "control connection established, or between states",
        ),
        (
            has_states(ladder, true),
            Sample::Bars("E", "F"),
            "call established, or between states",
        ),
    ];
    let shown = entries.into_iter().filter(|(occurs, _, _)| *occurs);
    shown.map(|(_, sample, told)| (sample, told)).collect()
}

fn draw_sample(sample: &Sample, (x, y): At, ink: &mut Ink) {
    let (start, end) = ((x, y), (x + 36, y));
    match sample {
        Sample::Arrow(hue) => {
            ink.line(&format!("a {hue}"), start, end);
            ink.head(hue, start, end);
        }
        Sample::Cross => {
            ink.line("a o", start, (x + 28, y));
            ink.cross("o", (x + 28, y));
        }
        Sample::Barred => {
            ink.line("a o", start, (x + 25, y));
            ink.barred("o", (x + 31, y));
        }
        Sample::Open(class) => ink.line(class, start, end),
        Sample::Band => ink.shape(
            "b d",
            &[(x, y - 6), (x + 36, y - 2), (x + 36, y + 6), (x, y + 2)],
        ),
        Sample::Bars(standing, pending) => {
            ink.bar(standing, (x + 12, y - 7), (6, 14), "established");
            ink.bar(pending, (x + 24, y - 7), (6, 14), "between states");
        }
    }
}
