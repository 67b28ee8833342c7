//! Raw work on what a line sends: segments, truncation, patches, other octets, another source.

use super::messages::Route;
use super::{Builder, Line};
use crate::scenario::model::{FieldPattern, MessageName, Octets, Patch, RawWork};
use crate::scenario::source::SourceSpan;

/// Octets that raw work may make of one message.
const MAXIMUM_RAW: u64 = 65_535;

/// The words for raw work.
pub(super) const RAW_WORDS: [&str; 7] = [
    "split",
    "pause",
    "truncate",
    "pad",
    "octets",
    "patch",
    "from-address",
];

impl Builder<'_> {
    pub(super) fn raw_on_expectation(&mut self, route: &Route, word: &str, span: SourceSpan) {
        let from = self.node_name(route.from).to_owned();
        let diagnostic = self
            .wrong(
                "raw-on-expectation",
                span,
                format!("`{word}` is for lines that send, and `{from}` is an endpoint that sends by itself"),
                "this line only expects",
            )
            .help(format!(
                "make `{from}` scripted, or send the message beside it with `inject {from} ~> …`"
            ));
        self.report(diagnostic);
    }

    /// The words for raw work, taken where the line sends.
    pub(super) fn raw_work(
        &mut self,
        line: &mut Line,
        route: &Route,
        (sends, injects): (bool, bool),
    ) -> RawWork {
        if !sends {
            return RawWork::default();
        }
        let mut raw = RawWork::default();
        if route.message.is_control() {
            raw.split = self.cuts(line, "split").unwrap_or_default();
            raw.pause = self.duration(line, "pause");
        }
        if !route.message.is_tcp() {
            let octets = |number: Option<u64>| number.and_then(|n| u32::try_from(n).ok());
            raw.truncate = octets(self.number(line, "truncate", 0, MAXIMUM_RAW));
            raw.pad = octets(self.number(line, "pad", 1, MAXIMUM_RAW));
            raw.octets = self.octets(line);
            raw.patches = self.patches(line);
        }
        raw.from_address = self
            .addresses(line, "from-address")
            .and_then(|list| list.first().copied());
        if injects && route.message.is_control() {
            raw.in_stream = self.boolean(line, "in-stream").unwrap_or(false);
        }
        raw
    }

    fn octets(&mut self, line: &mut Line) -> Option<Octets> {
        let value = line.take("octets")?;
        if let Some(text) = value.text() {
            let octets = Self::hexadecimal(text);
            if octets.is_none() {
                self.mismatch(
                    "octets",
                    &value,
                    "a number, or hexadecimal digits in quotes, two to an octet",
                );
            }
            return octets.map(Octets::Literal);
        }
        let count = self.number_of("octets", &value, 0, MAXIMUM_RAW)?;
        u32::try_from(count).ok().map(Octets::Count)
    }

    fn patches(&mut self, line: &mut Line) -> Vec<Patch> {
        let Some(value) = line.take("patch") else {
            return Vec::new();
        };
        let patches: Option<Vec<Patch>> = value.text().and_then(|text| {
            text.split_whitespace()
                .map(|part| {
                    let (offset, digits) = part.split_once(':')?;
                    let offset = super::numbers::number_text(offset)?;
                    Some(Patch {
                        offset: u32::try_from(offset).ok().filter(|at| *at < 65_535)?,
                        octets: Self::hexadecimal(digits)?,
                    })
                })
                .collect()
        });
        match patches {
            Some(patches) if !patches.is_empty() => patches,
            _ => {
                let expected = "offsets with hexadecimal digits, such as \"16:04 20:00ff\"";
                self.mismatch("patch", &value, expected);
                Vec::new()
            }
        }
    }

    /// Raw octets need their octets, and nothing beside them.
    pub(super) fn check_raw_source(
        &mut self,
        route: &Route,
        raw: &RawWork,
        sends: bool,
        fields: &[FieldPattern],
    ) {
        if route.message != MessageName::Unframed || !sends {
            return;
        }
        if !matches!(raw.octets, Some(Octets::Literal(_))) || !fields.is_empty() {
            let diagnostic = self
                .wrong(
                    "no-octets",
                    route.span,
                    "Unframed-Octets has no form of its own",
                    "nothing says what to send",
                )
                .help("write the octets in hexadecimal: `octets=\"de ad be ef\"`");
            self.report(diagnostic);
        }
    }
}
