//! The pcap file format: a header of 24 octets, then records of 16 octets and a frame each.

use std::io::Read;

use super::byte_order::ByteOrder;
use super::error::{CaptureError, CaptureErrorKind};
use super::notice::{Notice, Place};
use super::reader::{Found, Input, MAXIMUM_FRAME};

/// What the magic number says about the records.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub(super) struct Layout {
    order: ByteOrder,
    nanoseconds_per_unit: u64,
    /// Octets of a record's header: 16, or 24 in the variant that some old Linux systems wrote.
    record_header: usize,
}

impl Layout {
    /// The layout that a file with these first octets has; `None` if they are no pcap magic.
    pub(super) fn of(magic: [u8; 4]) -> Option<Layout> {
        let (order, nanoseconds_per_unit, record_header) = match magic {
            [0xA1, 0xB2, 0xC3, 0xD4] => (ByteOrder::Big, 1_000, 16),
            [0xD4, 0xC3, 0xB2, 0xA1] => (ByteOrder::Little, 1_000, 16),
            [0xA1, 0xB2, 0x3C, 0x4D] => (ByteOrder::Big, 1, 16),
            [0x4D, 0x3C, 0xB2, 0xA1] => (ByteOrder::Little, 1, 16),
            [0xA1, 0xB2, 0xCD, 0x34] => (ByteOrder::Big, 1_000, 24),
            [0x34, 0xCD, 0xB2, 0xA1] => (ByteOrder::Little, 1_000, 24),
            _ => return None,
        };
        Some(Layout {
            order,
            nanoseconds_per_unit,
            record_header,
        })
    }
}

/// A pcap file whose header was read.
pub(super) struct Pcap {
    layout: Layout,
    link_type: u16,
}

impl Pcap {
    /// Reads the rest of the file header, behind the magic number.
    pub(super) fn open<R: Read>(
        layout: Layout,
        input: &mut Input<'_, R>,
    ) -> Result<Pcap, CaptureError> {
        let header: [u8; 20] = input.array("the rest of a pcap file header")?;
        let order = layout.order;
        let major = order.u16(&header, 0).unwrap_or(0);
        let minor = order.u16(&header, 2).unwrap_or(0);
        if major != 2 {
            return Err(CaptureError {
                offset: 4,
                kind: CaptureErrorKind::PcapVersion(major, minor),
            });
        }
        // The high bits of the word tell of frame check sequences, which the IPv4 total length cuts off.
        let link_type = (order.u32(&header, 16).unwrap_or(0) & 0xFFFF) as u16;
        Ok(Pcap { layout, link_type })
    }

    /// The next record that is not too long.
    pub(super) fn next<R: Read>(
        &mut self,
        input: &mut Input<'_, R>,
    ) -> Result<Option<Found>, CaptureError> {
        loop {
            if !input.goes_on()? {
                return Ok(None);
            }
            let header = input.take(self.layout.record_header, "a pcap record header")?;
            let header = input.source.taken(header);
            let word = |at| u64::from(self.layout.order.u32(header, at).unwrap_or(0));
            let length = word(8);
            let nanoseconds = word(0) * 1_000_000_000 + word(4) * self.layout.nanoseconds_per_unit;
            let original_length = word(12) as u32;
            *input.frames += 1;
            if length > MAXIMUM_FRAME as u64 {
                input
                    .notices
                    .add(Notice::FrameTooLong, Place::Frame(*input.frames));
                input.skip(length, "the frame of a pcap record")?;
                continue;
            }
            return Ok(Some(Found {
                nanoseconds,
                link_type: self.link_type,
                octets: input.take(length as usize, "the frame of a pcap record")?,
                original_length,
            }));
        }
    }
}
