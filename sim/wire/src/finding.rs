//! What validation found: requirement ids with the place and the value that break them, in a list on the stack.

use crate::{Field, Requirement, Severity};
use core::fmt;

/// One broken requirement in one message or packet.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub struct Finding {
    /// The requirement that is broken.
    pub requirement: Requirement,
    /// How hard: the requirement's severity, or [`Severity::Note`] for values that are legal, but worth a note.
    pub severity: Severity,
    /// Key of the field that breaks it.
    pub field: &'static str,
    /// Offset in octets from the start of the message: of the field, or of the one octet in it that is wrong.
    pub offset: u16,
    /// The value seen there.
    pub seen: u32,
}

/// `result-code at octet 14 is 9 (CDN-004)`.
impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            requirement,
            field,
            offset,
            seen,
            ..
        } = self;
        if *seen > 0xFFFF {
            write!(
                formatter,
                "{field} at octet {offset} is {seen:#010X} ({requirement})"
            )
        } else {
            write!(
                formatter,
                "{field} at octet {offset} is {seen} ({requirement})"
            )
        }
    }
}

/// More findings than any message can have.
const CAPACITY: usize = 24;

/// All findings on one message or packet. Lives on the stack.
#[derive(Copy, Clone)]
pub struct Findings {
    table: &'static [Field],
    entries: [Entry; CAPACITY],
    found: u8,
}

/// A finding in eight octets, so that an empty list is cheap to make.
#[derive(Copy, Clone)]
struct Entry {
    seen: u32,
    /// The requirement, and [`NOTE`] where the finding is no more than a note.
    requirement: u16,
    /// No message has more than 220 octets, no GRE header more than 16.
    offset: u8,
    /// Place of the field in the table.
    field: u8,
}

/// The bit of [`Entry::requirement`] that marks a note; there are far fewer requirements.
const NOTE: u16 = 0x8000;

const NOTHING: Entry = Entry {
    seen: 0,
    requirement: 0,
    offset: 0,
    field: 0,
};

impl Findings {
    #[inline]
    pub(crate) const fn new(table: &'static [Field]) -> Self {
        Self {
            table,
            entries: [NOTHING; CAPACITY],
            found: 0,
        }
    }

    /// Whether nothing was found.
    #[inline]
    pub const fn is_empty(&self) -> bool {
        self.found == 0
    }

    /// How many findings there are.
    #[inline]
    pub const fn len(&self) -> usize {
        self.found as usize
    }

    /// The findings: framing first, then field by field.
    pub fn iter(&self) -> impl Iterator<Item = Finding> + '_ {
        self.entries[..self.len()]
            .iter()
            .map(|entry| self.finding(entry))
    }

    /// Whether one of the findings is on this requirement.
    pub fn contains(&self, requirement: Requirement) -> bool {
        self.entries[..self.len()]
            .iter()
            .any(|entry| entry.requirement & !NOTE == requirement as u16)
    }

    /// Adds a finding on the field with this key, at `within` octets from the field's start. The key has to be in the table.
    #[cold]
    pub(crate) fn add(
        &mut self,
        requirement: Requirement,
        key: &str,
        within: usize,
        seen: u32,
        note: bool,
    ) {
        let offset = self.field(key).map_or(0, |field| field.offset) + within;
        self.add_at(requirement, key, offset, seen, note);
    }

    /// Adds a finding on the field with this key, at this octet of the message. The key has to be in the table.
    #[cold]
    pub(crate) fn add_at(
        &mut self,
        requirement: Requirement,
        key: &str,
        offset: usize,
        seen: u32,
        note: bool,
    ) {
        let Some(field) = self.table.iter().position(|field| field.key == key) else {
            debug_assert!(false, "{key} is no field of this message");
            return;
        };
        let Some(entry) = self.entries.get_mut(usize::from(self.found)) else {
            debug_assert!(false, "more findings than the list holds");
            return;
        };
        *entry = Entry {
            seen,
            requirement: requirement as u16 | if note { NOTE } else { 0 },
            offset: offset as u8,
            field: field as u8,
        };
        self.found += 1;
    }

    /// The field with this key in the table of the message.
    pub(crate) fn field(&self, key: &str) -> Option<&'static Field> {
        self.table.iter().find(|field| field.key == key)
    }

    fn finding(&self, entry: &Entry) -> Finding {
        let requirement = Requirement::ALL[usize::from(entry.requirement & !NOTE)];
        Finding {
            requirement,
            severity: if entry.requirement & NOTE != 0 {
                Severity::Note
            } else {
                requirement.severity()
            },
            field: self.table[usize::from(entry.field)].key,
            offset: entry.offset.into(),
            seen: entry.seen,
        }
    }
}

impl fmt::Debug for Findings {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_list().entries(self.iter()).finish()
    }
}

impl PartialEq for Findings {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl IntoIterator for Findings {
    type Item = Finding;
    type IntoIter = IntoIter;

    fn into_iter(self) -> IntoIter {
        IntoIter {
            findings: self,
            next: 0,
        }
    }
}

/// The findings, one by one.
#[derive(Clone)]
pub struct IntoIter {
    findings: Findings,
    next: usize,
}

impl Iterator for IntoIter {
    type Item = Finding;

    fn next(&mut self) -> Option<Finding> {
        let entry = self.findings.entries[..self.findings.len()].get(self.next)?;
        self.next += 1;
        Some(self.findings.finding(entry))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.findings.len() - self.next;
        (left, Some(left))
    }
}

impl ExactSizeIterator for IntoIter {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ControlMessage, EchoReply, EchoResult};

    #[test]
    fn a_finding_shows_wide_values_in_hexadecimal() {
        let shown = |seen| {
            let finding = Finding {
                seen,
                ..one_finding()
            };
            finding.to_string()
        };
        assert_eq!(shown(65_535), "result-code at octet 16 is 65535 (ECRP-003)");
        assert_eq!(
            shown(65_536),
            "result-code at octet 16 is 0x00010000 (ECRP-003)"
        );
    }

    fn findings() -> Findings {
        let reply = EchoReply {
            result_code: EchoResult(9),
            ..EchoReply::default()
        };
        ControlMessage::from(reply).validate()
    }

    fn one_finding() -> Finding {
        findings().into_iter().next().expect("a finding")
    }

    #[test]
    fn findings_are_equal_if_each_of_them_is() {
        assert_eq!(findings(), findings());
        let none = ControlMessage::from(EchoReply::default()).validate();
        assert!(none.is_empty());
        assert_ne!(findings(), none);
    }

    #[test]
    fn the_findings_that_are_left_are_counted() {
        let mut left = findings().into_iter();
        assert_eq!(left.len(), 1);
        left.next();
        assert_eq!((left.len(), left.next()), (0, None));
    }
}
