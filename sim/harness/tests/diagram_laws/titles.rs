//! Titles of arrows that leave a lifeline to the same side never stand on each other.

use roxmltree::{Document, Node};

/// Letters are at least so wide, in pixels.
const LETTER: i64 = 6;

/// A title, in hundredths of a pixel.
#[derive(Debug)]
struct Title<'d> {
    text: &'d str,
    /// Where it begins, at the lifeline.
    at: (i64, i64),
    /// It goes to the left.
    goes_left: bool,
    /// How far it falls over ten thousand.
    drop: i64,
}

impl Title<'_> {
    /// Its height, so many pixels from where it begins.
    fn height(&self, away: i64) -> i64 {
        self.at.1 + self.drop * away / 100
    }

    fn length(&self) -> i64 {
        self.text.chars().count() as i64 * LETTER
    }
}

/// Holds every title of a picture against those below it.
///
/// # Panics
/// Where two are less than nine pixels apart.
pub fn titles_are_apart(name: &str, picture: &Document<'_>) {
    let mut titles: Vec<Title<'_>> = picture.descendants().filter_map(title).collect();
    titles.sort_by_key(|title| title.at.1);
    for (place, upper) in titles.iter().enumerate() {
        let below = titles.iter().skip(place + 1);
        for lower in below.take_while(|lower| lower.at.1 - upper.at.1 < 40_000) {
            let same_side =
                upper.goes_left == lower.goes_left && (upper.at.0 - lower.at.0).abs() < 3_000;
            let shorter = upper.length().min(lower.length());
            for away in [0, shorter] {
                let apart = lower.height(away) - upper.height(away);
                assert!(
                    !same_side || apart >= 900,
                    "{name}: {upper:?} and {lower:?}"
                );
            }
        }
    }
}

fn title<'d>(node: Node<'d, '_>) -> Option<Title<'d>> {
    let class = node
        .attribute("class")
        .filter(|class| class.starts_with("h "))?;
    let (at, drop) = match node.attribute("transform") {
        Some(transform) => {
            let numbers: Vec<i64> = transform
                .strip_prefix("matrix(")?
                .strip_suffix(')')?
                .split(' ')
                .map(ten_thousandths)
                .collect();
            let &[_, sine, _, _, x, y] = numbers.as_slice() else {
                panic!("{transform}");
            };
            ((x / 100, y / 100), sine.abs())
        }
        None => {
            let number = |key| Some(ten_thousandths(node.attribute(key)?) / 100);
            ((number("x")?, number("y")?), 0)
        }
    };
    Some(Title {
        text: node.text()?,
        at,
        goes_left: class.ends_with(" e"),
        drop,
    })
}

/// `-0.25` is -2500.
fn ten_thousandths(text: &str) -> i64 {
    let (sign, text) = text.strip_prefix('-').map_or((1, text), |text| (-1, text));
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let number: i64 = format!("{whole}{part:0<4}").parse().expect("a number");
    sign * number
}

#[test]
fn titles_that_touch_are_noticed() {
    let picture = |second: &str| {
        format!(
            "<svg><text class=\"h n\" transform=\"matrix(0.9 0.4 -0.4 0.9 20.5 100)\">GRE 0..2</text>{second}</svg>"
        )
    };
    let holds = |second: &str| {
        let text = picture(second);
        let document = Document::parse(&text).expect("well-formed");
        std::panic::catch_unwind(|| titles_are_apart("it", &document)).is_ok()
    };
    assert!(holds("<text class=\"h n\" x=\"16\" y=\"135\">GRE 3</text>"));
    assert!(!holds(
        "<text class=\"h n\" x=\"16\" y=\"115\">GRE 3</text>"
    ));
    assert!(holds(
        "<text class=\"h n e\" x=\"16\" y=\"115\">GRE 3</text>"
    ));
}
