//! Values of properties: spans of time, numbers, words, requirement ids.

use super::{Builder, Line};
use crate::scenario::model::Probability;
use crate::scenario::parameters::Resolved;
use crate::scenario::quantity;
use crate::scenario::suggest::suggestion;
use crate::scenario::text::Datum;
use pptp_wire::Requirement;
use pptp_wire::time::Duration;
use std::net::Ipv4Addr;

impl Builder<'_> {
    /// Notes that `key` takes something else.
    pub(super) fn mismatch(&mut self, key: &str, value: &Resolved, expected: &str) {
        let diagnostic = self.wrong(
            "wrong-value",
            value.span,
            format!("`{key}` takes {expected}"),
            format!("this is {}", value.describe()),
        );
        let diagnostic = match &value.datum {
            Datum::Number(number) if expected.contains("span of time") => diagnostic.help(format!(
                "with a unit, in quotes: `{key}=\"{number}ms\"` or `{key}=\"{number}s\"`"
            )),
            Datum::Number(number) if expected.contains("percentage") => {
                // `holds in` is followed by a word.
                let sign = if key.contains(' ') { ' ' } else { '=' };
                diagnostic.help(format!(
                    "with its sign, in quotes: `{key}{sign}\"{number}%\"`"
                ))
            }
            Datum::Reference(name) => {
                let known: Vec<String> = self.environment.names().map(str::to_owned).collect();
                let known = known.iter().map(String::as_str);
                match suggestion(name, known, "parameters here") {
                    Some(help) => diagnostic.help(help.replace("mean `", "mean `$")),
                    None => diagnostic,
                }
            }
            _ => diagnostic,
        };
        self.report(diagnostic);
    }

    pub(super) fn duration(&mut self, line: &mut Line, key: &'static str) -> Option<Duration> {
        let value = line.take(key)?;
        match value.text().map(quantity::duration) {
            Some(Ok(span)) => Some(span),
            Some(Err(expected)) => {
                self.mismatch(key, &value, expected);
                None
            }
            None => {
                self.mismatch(key, &value, "a span of time such as \"20ms\"");
                None
            }
        }
    }

    pub(super) fn percent(&mut self, line: &mut Line, key: &'static str) -> Option<Probability> {
        let value = line.take(key)?;
        match value.text().map(quantity::percent) {
            Some(Ok(probability)) => Some(probability),
            Some(Err(expected)) => {
                self.mismatch(key, &value, expected);
                None
            }
            None => {
                self.mismatch(key, &value, "a percentage such as \"5%\"");
                None
            }
        }
    }

    /// A list of percentages separated by blanks.
    pub(super) fn percents(
        &mut self,
        line: &mut Line,
        key: &'static str,
        at_most: usize,
    ) -> Option<Vec<Probability>> {
        let value = line.take(key)?;
        let list: Option<Vec<Probability>> = value.text().and_then(|text| {
            text.split_whitespace()
                .map(|part| quantity::percent(part).ok())
                .collect()
        });
        match list {
            Some(list) if (1..=at_most).contains(&list.len()) => Some(list),
            _ => {
                let expected = format!("one to {at_most} percentages with blanks between them");
                self.mismatch(key, &value, &expected);
                None
            }
        }
    }

    /// A list of numbers of octets, ascending, none 0.
    pub(super) fn cuts(&mut self, line: &mut Line, key: &'static str) -> Option<Vec<u32>> {
        let value = line.take(key)?;
        let list: Option<Vec<u32>> = match &value.datum {
            Datum::Number(number) => u32::try_from(*number).ok().map(|number| vec![number]),
            Datum::Text(text) => text
                .split_whitespace()
                .map(|part| part.parse().ok())
                .collect(),
            _ => None,
        };
        match list {
            Some(list)
                if !list.is_empty()
                    && list[0] > 0
                    && list.len() <= 1000
                    && list.windows(2).all(|pair| pair[0] < pair[1]) =>
            {
                Some(list)
            }
            _ => {
                self.mismatch(
                    key,
                    &value,
                    "one number of octets, or several in quotes: ascending, above 0, with blanks between them",
                );
                None
            }
        }
    }

    /// A number from `least` to `most`.
    pub(super) fn number(
        &mut self,
        line: &mut Line,
        key: &'static str,
        least: u64,
        most: u64,
    ) -> Option<u64> {
        let value = line.take(key)?;
        self.number_of(key, &value, least, most)
    }

    pub(super) fn number_of(
        &mut self,
        key: &str,
        value: &Resolved,
        least: u64,
        most: u64,
    ) -> Option<u64> {
        if let Datum::Number(number) = value.datum {
            if let Ok(number) = u64::try_from(number)
                && (least..=most).contains(&number)
            {
                return Some(number);
            }
            let diagnostic = self.wrong(
                "out-of-range",
                value.span,
                format!("`{key}` takes a number from {least} to {most}"),
                format!("{} is outside", value.written),
            );
            self.report(diagnostic);
            return None;
        }
        self.mismatch(key, value, "a whole number");
        None
    }

    pub(super) fn number_u32(&mut self, line: &mut Line, key: &'static str) -> Option<u32> {
        let number = self.number(line, key, 0, u64::from(u32::MAX))?;
        u32::try_from(number).ok()
    }

    pub(super) fn number_u16(&mut self, line: &mut Line, key: &'static str) -> Option<u16> {
        let number = self.number(line, key, 0, u64::from(u16::MAX))?;
        u16::try_from(number).ok()
    }

    pub(super) fn boolean(&mut self, line: &mut Line, key: &'static str) -> Option<bool> {
        let value = line.take(key)?;
        match value.datum {
            Datum::Boolean(flag) => Some(flag),
            _ => {
                self.mismatch(key, &value, "`#true` or `#false`");
                None
            }
        }
    }

    /// A text of at most `most` octets. A number in its place is probably a telephone number without quotes.
    pub(super) fn text(
        &mut self,
        line: &mut Line,
        key: &'static str,
        most: usize,
    ) -> Option<String> {
        let value = line.take(key)?;
        match &value.datum {
            Datum::Text(text) if text.len() <= most => Some(text.clone()),
            Datum::Text(text) => {
                let diagnostic = self.wrong(
                    "out-of-range",
                    value.span,
                    format!("`{key}` holds at most {most} octets"),
                    format!("this has {}", text.len()),
                );
                self.report(diagnostic);
                None
            }
            Datum::Number(_) => {
                let diagnostic = self
                    .wrong(
                        "wrong-value",
                        value.span,
                        format!("`{key}` takes a text"),
                        format!("this is {}", value.describe()),
                    )
                    .help(format!("in quotes: `{key}=\"{}\"`", value.written));
                self.report(diagnostic);
                None
            }
            _ => {
                self.mismatch(key, &value, "a text in quotes");
                None
            }
        }
    }

    /// One of `words`.
    pub(super) fn word_of<T: Copy>(
        &mut self,
        key: &str,
        value: &Resolved,
        words: &[(&'static str, T)],
    ) -> Option<T> {
        let known = words.iter().map(|(word, _)| *word);
        if let Some(text) = value.text() {
            if let Some((_, meaning)) = words.iter().find(|(word, _)| *word == text) {
                return Some(*meaning);
            }
            let mut diagnostic = self.wrong(
                "unknown-word",
                value.span,
                format!("`{key}` knows no `{text}`"),
                "unknown",
            );
            if let Some(help) = suggestion(text, known, "it takes one of") {
                diagnostic = diagnostic.help(help);
            }
            self.report(diagnostic);
            return None;
        }
        let expected = format!("one of {}", known.collect::<Vec<_>>().join(", "));
        self.mismatch(key, value, &expected);
        None
    }

    pub(super) fn requirement(&mut self, line: &mut Line) -> Option<Requirement> {
        let value = line.take("requirement")?;
        self.requirement_of(&value)
    }

    /// A requirement id.
    pub(super) fn requirement_of(&mut self, value: &Resolved) -> Option<Requirement> {
        let Some(text) = value.text() else {
            self.mismatch("requirement", value, "a requirement id such as \"CDN-003\"");
            return None;
        };
        if let Ok(requirement) = text.parse() {
            return Some(requirement);
        }
        let mut diagnostic = self.wrong(
            "unknown-requirement",
            value.span,
            format!("no requirement has the id `{text}`"),
            "unknown id",
        );
        let known = Requirement::ALL.iter().map(|requirement| requirement.id());
        let padded = padded_id(text);
        diagnostic = match suggestion(&padded, known, "ids") {
            Some(help) => diagnostic.help(help),
            None => diagnostic.help("ids look like CDN-003; `pptp-sim requirements` lists them"),
        };
        self.report(diagnostic);
        None
    }

    /// IPv4 addresses separated by blanks.
    pub(super) fn addresses(
        &mut self,
        line: &mut Line,
        key: &'static str,
    ) -> Option<Vec<Ipv4Addr>> {
        let value = line.take(key)?;
        let list: Option<Vec<Ipv4Addr>> = value.text().and_then(|text| {
            text.split_whitespace()
                .map(|part| part.parse().ok())
                .collect()
        });
        match list {
            Some(list) if !list.is_empty() => Some(list),
            _ => {
                self.mismatch(
                    key,
                    &value,
                    "an IPv4 address in quotes, such as \"10.0.0.1\"",
                );
                None
            }
        }
    }

    /// Hexadecimal digits, two to an octet; blanks are free.
    pub(super) fn hexadecimal(text: &str) -> Option<Vec<u8>> {
        let digits: Vec<u8> = text
            .chars()
            .filter(|c| !c.is_whitespace())
            .map(|c| c.to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
            .collect::<Option<_>>()?;
        if digits.is_empty() || !digits.len().is_multiple_of(2) {
            return None;
        }
        Some(
            digits
                .chunks(2)
                .map(|pair| pair[0] << 4 | pair[1])
                .collect(),
        )
    }
}

/// `cdn-3` as the register would write it: `CDN-003`.
fn padded_id(text: &str) -> String {
    match text
        .split_once('-')
        .map(|(area, number)| (area, number.parse::<u16>()))
    {
        Some((area, Ok(number))) => format!("{}-{number:03}", area.to_uppercase()),
        _ => text.to_owned(),
    }
}
