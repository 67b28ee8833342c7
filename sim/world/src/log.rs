//! The record log: records in order, and the octets that they speak of.

use crate::{Record, RecordKind, Span};
use pptp_wire::time::Instant;

/// Records that nobody has taken yet, how many there were in all, and an arena of octets.
#[derive(Debug)]
pub(crate) struct RecordLog {
    records: Vec<Record>,
    written: u64,
    octets: Vec<u8>,
}

impl RecordLog {
    pub(crate) fn new() -> RecordLog {
        RecordLog {
            records: Vec::new(),
            written: 0,
            octets: Vec::new(),
        }
    }

    /// Number of the record that is written next, from 0.
    #[inline]
    pub(crate) fn next_number(&self) -> u64 {
        self.written
    }

    /// Writes a record.
    #[inline]
    pub(crate) fn write(&mut self, at: Instant, kind: RecordKind) {
        self.records.push(Record { at, kind });
        self.written += 1;
    }

    /// Writes a record that has no number and is not counted.
    pub(crate) fn write_aside(&mut self, at: Instant, kind: RecordKind) {
        self.records.push(Record { at, kind });
    }

    /// Keeps octets. Beyond 4 GiB nothing more is kept: the span is empty.
    pub(crate) fn keep(&mut self, octets: &[u8]) -> Span {
        let (Ok(start), Ok(length)) = (
            u32::try_from(self.octets.len()),
            u32::try_from(octets.len()),
        ) else {
            return Span::default();
        };
        if start.checked_add(length).is_none() {
            return Span::default();
        }
        self.octets.extend_from_slice(octets);
        Span { start, length }
    }

    /// The octets of a span of this log.
    pub(crate) fn octets(&self, span: Span) -> &[u8] {
        let start = span.start as usize;
        self.octets
            .get(start..start + span.length as usize)
            .unwrap_or_default()
    }

    /// Moves all records that wait to the end of `into`.
    pub(crate) fn take(&mut self, into: &mut Vec<Record>) {
        if into.is_empty() {
            core::mem::swap(&mut self.records, into);
        } else {
            into.append(&mut self.records);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::NodeId;

    #[test]
    fn records_are_numbered_through_and_taken_once() {
        let mut log = RecordLog::new();
        let crash = RecordKind::NodeCrashed { node: NodeId(1) };
        log.write(Instant(1), crash);
        let mut taken = Vec::new();
        log.take(&mut taken);
        log.write(Instant(2), crash);
        log.write_aside(Instant(3), crash);
        log.take(&mut taken);
        log.take(&mut taken);
        assert_eq!(
            taken.iter().map(|record| record.at.0).collect::<Vec<_>>(),
            [1, 2, 3]
        );
        assert_eq!(log.next_number(), 2);
    }

    #[test]
    fn kept_octets_are_found_again() {
        let mut log = RecordLog::new();
        let (first, second) = (log.keep(b"one"), log.keep(b"three"));
        assert_eq!(
            (log.octets(first), log.octets(second)),
            (&b"one"[..], &b"three"[..])
        );
        assert_eq!(
            log.octets(Span {
                start: 7,
                length: 9
            }),
            b""
        );
        assert!(Span::default().is_empty());
    }
}
