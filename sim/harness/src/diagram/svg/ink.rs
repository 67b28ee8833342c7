//! The elements that a picture is made of, in integers: coordinates are tenths of a pixel where a fraction is needed.

use std::fmt::Write as _;

/// A point in pixels.
pub type At = (i64, i64);

/// Collects elements.
#[derive(Debug, Default)]
pub struct Ink {
    text: String,
}

impl Ink {
    /// The elements, in the order in which they were drawn.
    pub fn text(self) -> String {
        self.text
    }

    /// A line.
    pub fn line(&mut self, class: &str, (x1, y1): At, (x2, y2): At) {
        let _ = writeln!(
            self.text,
            r#"<path class="{class}" d="M{x1} {y1}L{x2} {y2}"/>"#
        );
    }

    /// A filled shape.
    pub fn shape(&mut self, class: &str, corners: &[At]) {
        let corners: Vec<String> = corners.iter().map(|(x, y)| format!("{x} {y}")).collect();
        let _ = writeln!(
            self.text,
            r#"<path class="{class}" d="M{}Z"/>"#,
            corners.join("L")
        );
    }

    /// A rectangle with rounded corners, and what a pointer that rests on it is told.
    pub fn bar(&mut self, class: &str, (x, y): At, (width, height): At, told: &str) {
        let _ = writeln!(
            self.text,
            r#"<rect class="{class}" x="{x}" y="{y}" width="{width}" height="{height}" rx="2"><title>{}</title></rect>"#,
            escape(told)
        );
    }

    /// A rectangle.
    pub fn panel(&mut self, class: &str, (x, y): At, (width, height): At) {
        let _ = writeln!(
            self.text,
            r#"<rect class="{class}" x="{x}" y="{y}" width="{width}" height="{height}" rx="3"/>"#
        );
    }

    /// Text.
    pub fn say(&mut self, class: &str, (x, y): At, text: &str) {
        let _ = writeln!(
            self.text,
            r#"<text class="{class}" x="{x}" y="{y}">{}</text>"#,
            escape(text)
        );
    }

    /// Text along the line from `left` to `right`, a little above it, beginning at the left end or, with `at_right`, ending at the
    /// right one.
    pub fn say_along(&mut self, class: &str, (left, right): (At, At), at_right: bool, text: &str) {
        let (dx, dy) = (right.0 - left.0, right.1 - left.1);
        let length = i64::try_from((dx * dx + dy * dy).unsigned_abs().isqrt())
            .unwrap_or(1)
            .max(1);
        let (cosine, sine) = (dx * 10_000 / length, dy * 10_000 / length);
        let (inset, lift) = (12, 4);
        let (from, along) = if at_right {
            (right, -inset)
        } else {
            (left, inset)
        };
        // In hundredths of a pixel: along the line, then off it.
        let x = from.0 * 100 + (along * cosine + lift * sine) / 100;
        let y = from.1 * 100 + (along * sine - lift * cosine) / 100;
        if dy == 0 {
            return self.say(class, (x / 100, y / 100), text);
        }
        let _ = writeln!(
            self.text,
            r#"<text class="{class}" transform="matrix({c} {s} {n} {c} {x} {y})">{}</text>"#,
            escape(text),
            c = decimal(cosine, 4),
            s = decimal(sine, 4),
            n = decimal(-sine, 4),
            x = decimal(x, 2),
            y = decimal(y, 2),
        );
    }

    /// The head of an arrow at `tip` that comes from `tail`.
    pub fn head(&mut self, class: &str, tail: At, tip: At) {
        let (dx, dy) = (tip.0 - tail.0, tip.1 - tail.1);
        let length = i64::try_from((dx * dx + dy * dy).unsigned_abs().isqrt())
            .unwrap_or(1)
            .max(1);
        // In tenths of a pixel: 8 back along the line, 3.5 to each side.
        let back = (tip.0 * 10 - 80 * dx / length, tip.1 * 10 - 80 * dy / length);
        let side = (-35 * dy / length, 35 * dx / length);
        let _ = writeln!(
            self.text,
            r#"<path class="f {class}" d="M{} {}L{} {}L{} {}Z"/>"#,
            tip.0,
            tip.1,
            decimal(back.0 + side.0, 1),
            decimal(back.1 + side.1, 1),
            decimal(back.0 - side.0, 1),
            decimal(back.1 - side.1, 1),
        );
    }

    /// A cross.
    pub fn cross(&mut self, class: &str, (x, y): At) {
        let _ = writeln!(
            self.text,
            r#"<path class="x {class}" d="M{} {}l10 10m0 -10l-10 10"/>"#,
            x - 5,
            y - 5
        );
    }

    /// A barred circle: what arrived is not let in.
    pub fn barred(&mut self, class: &str, (x, y): At) {
        let _ = writeln!(
            self.text,
            r#"<path class="x {class}" d="M{} {y}a5 5 0 1 0 10 0a5 5 0 1 0 -10 0m2 -3l6 6"/>"#,
            x - 5
        );
    }

    /// Elements that were drawn elsewhere.
    pub fn add(&mut self, other: Ink) {
        self.text.push_str(&other.text);
    }
}

/// `value` with the last `places` digits behind the point.
pub fn decimal(value: i64, places: u32) -> String {
    let unit = 10_u64.pow(places);
    let size = value.unsigned_abs();
    let sign = if value < 0 { "-" } else { "" };
    let (whole, part) = (size / unit, size % unit);
    if part == 0 {
        return format!("{}{whole}", if whole == 0 { "" } else { sign });
    }
    let part = format!("{part:0width$}", width = places as usize);
    format!("{sign}{whole}.{}", part.trim_end_matches('0'))
}

/// Text as XML holds it: markup escaped, and what XML 1.0 cannot hold replaced.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            '\t' | '\n' | '\r' => escaped.push(' '),
            letter
                if letter < ' '
                    || matches!(letter, '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}') =>
            {
                escaped.push('\u{fffd}');
            }
            // Letters that turn the direction of a text around would show something else than what is there.
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => escaped.push('\u{fffd}'),
            letter => escaped.push(letter),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_written_from_integers() {
        assert_eq!(decimal(-35, 1), "-3.5");
        assert_eq!(decimal(9_950, 4), "0.995");
        assert_eq!(decimal(-40, 1), "-4");
        assert_eq!(decimal(-4, 4), "-0.0004");
        assert_eq!(decimal(0, 2), "0");
    }

    #[test]
    fn nothing_leaves_the_text() {
        assert_eq!(
            escape("<a b=\"c\">&'"),
            "&lt;a b=&quot;c&quot;&gt;&amp;&#39;"
        );
        assert_eq!(
            escape("a\u{0}\u{1b}\u{ffff}\u{202e}b\n"),
            "a\u{fffd}\u{fffd}\u{fffd}\u{fffd}b "
        );
    }
}
