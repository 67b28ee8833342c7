//! The pcapng file format: sections of blocks; the interfaces of a section say what link type and clock its packets have.

use std::io::Read;
use std::ops::Range;

use super::byte_order::ByteOrder;
use super::error::{CaptureError, CaptureErrorKind};
use super::notice::{Notice, Place};
use super::options::Options;
use super::reader::{Clock, Found, Input, MAXIMUM_FRAME};

/// The first octets of every pcapng file, the same in both byte orders.
pub(super) const SECTION_HEADER_BLOCK: [u8; 4] = [0x0A, 0x0D, 0x0D, 0x0A];
/// What `shb_userappl` begins with where the times count from the start of a simulated run.
pub(super) const APPLICATION: &[u8] = b"pptp-sim";

const INTERFACE_DESCRIPTION_BLOCK: u32 = 1;
const OBSOLETE_PACKET_BLOCK: u32 = 2;
const SIMPLE_PACKET_BLOCK: u32 = 3;
const ENHANCED_PACKET_BLOCK: u32 = 6;
const SHB_USERAPPL: u16 = 4;
const IF_TSRESOL: u16 = 9;
const IF_TSOFFSET: u16 = 14;

const TRAILER: &str = "the total length at the end of a pcapng block";

/// Longer blocks are passed over.
const MAXIMUM_BLOCK: usize = 1 << 20;
/// Interfaces that are kept of one section.
const MAXIMUM_INTERFACES: usize = 4096;

/// A pcapng file; the state of the section that is being read.
pub(super) struct Pcapng {
    order: ByteOrder,
    clock: Clock,
    interfaces: Vec<Interface>,
    /// Time of the last packet: a simple packet block has none of its own.
    last_nanoseconds: u64,
    /// The file ends behind a packet's octets but inside its block: told after the packet.
    then: Option<CaptureError>,
}

#[derive(Copy, Clone)]
struct Interface {
    link_type: u16,
    snap_length: u32,
    resolution: Resolution,
    offset_seconds: i64,
}

/// `if_tsresol`: units of a second, as a negative power.
#[derive(Copy, Clone)]
enum Resolution {
    Decimal(u8),
    Binary(u8),
}

impl Resolution {
    fn of(octet: u8) -> Resolution {
        match octet & 0x80 {
            0 => Resolution::Decimal(octet),
            _ => Resolution::Binary(octet & 0x7F),
        }
    }

    /// Nanoseconds of so many units, where no wide arithmetic is needed: microseconds and nanoseconds of this age.
    fn few_nanoseconds(self, units: u64) -> Option<u64> {
        match self {
            Resolution::Decimal(9) => Some(units),
            Resolution::Decimal(6) => units.checked_mul(1_000),
            _ => None,
        }
    }

    fn nanoseconds(self, units: u64) -> u128 {
        let scaled = u128::from(units) * 1_000_000_000;
        match self {
            Resolution::Decimal(power) => 10_u128
                .checked_pow(u32::from(power))
                .map_or(0, |divisor| scaled / divisor),
            Resolution::Binary(power) => scaled >> u32::from(power),
        }
    }
}

impl Interface {
    fn nanoseconds(&self, high: u32, low: u32) -> u64 {
        let units = u64::from(high) << 32 | u64::from(low);
        if self.offset_seconds == 0
            && let Some(nanoseconds) = self.resolution.few_nanoseconds(units)
        {
            return nanoseconds;
        }
        let since_offset = i128::try_from(self.resolution.nanoseconds(units)).unwrap_or(i128::MAX);
        let total = since_offset.saturating_add(i128::from(self.offset_seconds) * 1_000_000_000);
        u64::try_from(total.max(0)).unwrap_or(u64::MAX)
    }
}

impl Pcapng {
    /// Reads the rest of the first section header, behind the block type.
    pub(super) fn open<R: Read>(input: &mut Input<'_, R>) -> Result<Pcapng, CaptureError> {
        let mut pcapng = Pcapng {
            order: ByteOrder::Little,
            clock: Clock::Epoch,
            interfaces: Vec::new(),
            last_nanoseconds: 0,
            then: None,
        };
        let length = input.array("the total length of a section header block")?;
        pcapng.section_header(length, 0, input)?;
        Ok(pcapng)
    }

    pub(super) fn clock(&self) -> Clock {
        self.clock
    }

    /// The next packet of any packet block.
    pub(super) fn next<R: Read>(
        &mut self,
        input: &mut Input<'_, R>,
    ) -> Result<Option<Found>, CaptureError> {
        if let Some(error) = self.then.take() {
            return Err(error);
        }
        loop {
            let offset = input.source.offset();
            if !input.goes_on()? {
                return Ok(None);
            }
            let [a, b, c, d, length @ ..]: [u8; 8] = input.array("a pcapng block header")?;
            if [a, b, c, d] == SECTION_HEADER_BLOCK {
                self.section_header(length, offset, input)?;
                continue;
            }
            let block_type = self.order.word([a, b, c, d]);
            let total = self.order.word(length);
            let least = least_length(block_type);
            if !total.is_multiple_of(4) || total < least {
                let kind = CaptureErrorKind::BlockLength {
                    block_type,
                    seen: total,
                    least,
                };
                return Err(CaptureError { offset, kind });
            }
            let body = total as usize - 12;
            if !is_read(block_type) || body > MAXIMUM_BLOCK {
                self.pass_over(block_type, body as u64, offset, input)?;
                continue;
            }
            // Both at once: what is taken stays where it is only until more is required.
            let present = input.require(body + 4)?;
            let octets = input.take(body, "the body of a pcapng block")?;
            let trailer = if present == body + 4 {
                self.trailer(total, offset, input)
            } else {
                Err(input.cut_short(TRAILER, 4, present - body))
            };
            let found = match block_type {
                INTERFACE_DESCRIPTION_BLOCK => {
                    self.interface_description(octets, offset, input);
                    None
                }
                _ => self.packet(block_type, octets, input),
            };
            match (found, trailer) {
                (Some(found), trailer) => {
                    self.then = trailer.err();
                    return Ok(Some(found));
                }
                (None, trailer) => trailer?,
            }
        }
    }

    /// Reads a section header behind its type and total length; forgets the section before it.
    fn section_header<R: Read>(
        &mut self,
        length: [u8; 4],
        offset: u64,
        input: &mut Input<'_, R>,
    ) -> Result<(), CaptureError> {
        let magic = input.array("the byte-order magic of a section header block")?;
        self.order = match magic {
            [0x1A, 0x2B, 0x3C, 0x4D] => ByteOrder::Big,
            [0x4D, 0x3C, 0x2B, 0x1A] => ByteOrder::Little,
            _ => {
                let kind = CaptureErrorKind::ByteOrderMagic(magic);
                return Err(CaptureError {
                    offset: offset + 8,
                    kind,
                });
            }
        };
        let total = self.order.word(length);
        if !total.is_multiple_of(4) || total < 28 {
            let block_type = u32::from_be_bytes(SECTION_HEADER_BLOCK);
            return Err(CaptureError {
                offset,
                kind: CaptureErrorKind::BlockLength {
                    block_type,
                    seen: total,
                    least: 28,
                },
            });
        }
        let body = total as usize - 16;
        let kept = body.min(MAXIMUM_BLOCK);
        let taken = input.take(kept, "the body of a section header block")?;
        let octets = input.source.taken(taken);
        let major = self.order.u16(octets, 0).unwrap_or(0);
        let minor = self.order.u16(octets, 2).unwrap_or(0);
        if major != 1 {
            let kind = CaptureErrorKind::PcapngVersion(major, minor);
            return Err(CaptureError {
                offset: offset + 12,
                kind,
            });
        }
        self.interfaces.clear();
        self.clock = Clock::Epoch;
        let mut options = Options::new(self.order, octets.get(12..).unwrap_or(&[]));
        for (code, value) in &mut options {
            if code == SHB_USERAPPL && value.starts_with(APPLICATION) {
                self.clock = Clock::Run;
            }
        }
        if options.is_broken() {
            input.notices.add(Notice::BadOption, Place::Offset(offset));
        }
        if body > kept {
            input
                .notices
                .add(Notice::BlockTooLong, Place::Offset(offset));
            input.skip((body - kept) as u64, "the body of a section header block")?;
        }
        self.trailer(total, offset, input)
    }

    /// Reads the total length that ends a block and compares it with the one that began it.
    fn trailer<R: Read>(
        &self,
        total: u32,
        offset: u64,
        input: &mut Input<'_, R>,
    ) -> Result<(), CaptureError> {
        let trailer = input.array(TRAILER)?;
        if self.order.word(trailer) != total {
            input
                .notices
                .add(Notice::TrailingLength, Place::Offset(offset));
        }
        Ok(())
    }

    /// A block that is not read, or too long: only its length counts.
    fn pass_over<R: Read>(
        &self,
        block_type: u32,
        body: u64,
        offset: u64,
        input: &mut Input<'_, R>,
    ) -> Result<(), CaptureError> {
        if is_packet(block_type) {
            *input.frames += 1;
        }
        let notice = if is_read(block_type) {
            Some(Notice::BlockTooLong)
        } else {
            (!says_nothing_of_packets(block_type)).then_some(Notice::UnknownBlock)
        };
        if let Some(notice) = notice {
            input.notices.add(notice, Place::Offset(offset));
        }
        input.skip(body, "the body of a pcapng block")?;
        self.trailer((body + 12) as u32, offset, input)
    }

    fn interface_description<R: Read>(
        &mut self,
        body: Range<usize>,
        offset: u64,
        input: &mut Input<'_, R>,
    ) {
        let body = input.source.taken(body);
        if self.interfaces.len() == MAXIMUM_INTERFACES {
            input
                .notices
                .add(Notice::TooManyInterfaces, Place::Offset(offset));
            return;
        }
        let mut interface = Interface {
            link_type: self.order.u16(body, 0).unwrap_or(0),
            snap_length: self.order.u32(body, 4).unwrap_or(0),
            resolution: Resolution::Decimal(6),
            offset_seconds: 0,
        };
        let mut options = Options::new(self.order, body.get(8..).unwrap_or(&[]));
        let mut odd_length = false;
        for (code, value) in &mut options {
            match (code, value) {
                (IF_TSRESOL, [octet]) => interface.resolution = Resolution::of(*octet),
                (IF_TSOFFSET, value) if value.len() == 8 => {
                    interface.offset_seconds = self.order.u64(value, 0).unwrap_or(0).cast_signed();
                }
                (IF_TSRESOL | IF_TSOFFSET, _) => odd_length = true,
                _ => {}
            }
        }
        if options.is_broken() || odd_length {
            input.notices.add(Notice::BadOption, Place::Offset(offset));
        }
        self.interfaces.push(interface);
    }

    /// The packet of a block with this body; `None` with a notice if its interface is unknown or it is too long.
    fn packet<R: Read>(
        &mut self,
        block_type: u32,
        octets: Range<usize>,
        input: &mut Input<'_, R>,
    ) -> Option<Found> {
        *input.frames += 1;
        let place = Place::Frame(*input.frames);
        let body = input.source.taken(octets.clone());
        let word = |at| self.order.u32(body, at).unwrap_or(0);
        let (number, start) = match block_type {
            ENHANCED_PACKET_BLOCK => (word(0) as usize, 20),
            OBSOLETE_PACKET_BLOCK => (usize::from(self.order.u16(body, 0).unwrap_or(0)), 20),
            _ => (0, 4),
        };
        let Some(interface) = self.interfaces.get(number) else {
            input.notices.add(Notice::UnknownInterface, place);
            return None;
        };
        let (claimed, original_length) = match block_type {
            SIMPLE_PACKET_BLOCK => match interface.snap_length {
                // The captured length of a simple packet is not written: the snap length or the block limits it.
                0 => (word(0).min((body.len() - start) as u32), word(0)),
                snap_length => (word(0).min(snap_length), word(0)),
            },
            _ => {
                self.last_nanoseconds = interface.nanoseconds(word(4), word(8));
                (word(12), word(16))
            }
        };
        let present = body.len() - start;
        if claimed as usize > present {
            input.notices.add(Notice::CapturedLength, place);
        }
        let length = present.min(claimed as usize);
        if length > MAXIMUM_FRAME {
            input.notices.add(Notice::FrameTooLong, place);
            return None;
        }
        Some(Found {
            nanoseconds: self.last_nanoseconds,
            link_type: interface.link_type,
            octets: octets.start + start..octets.start + start + length,
            original_length,
        })
    }
}

fn is_packet(block_type: u32) -> bool {
    matches!(
        block_type,
        ENHANCED_PACKET_BLOCK | SIMPLE_PACKET_BLOCK | OBSOLETE_PACKET_BLOCK
    )
}

fn is_read(block_type: u32) -> bool {
    block_type == INTERFACE_DESCRIPTION_BLOCK || is_packet(block_type)
}

/// Blocks that are known to hold no packets: name resolution, interface statistics, systemd journal, decryption secrets, and those of
/// somebody's own (`0x0BAD`, and the same not to be copied).
fn says_nothing_of_packets(block_type: u32) -> bool {
    matches!(block_type, 4 | 5 | 9 | 10 | 0x0BAD | 0x4000_0BAD)
}

/// The smallest total length of a block of this type: header, fixed part, trailing length.
fn least_length(block_type: u32) -> u32 {
    match block_type {
        INTERFACE_DESCRIPTION_BLOCK => 20,
        ENHANCED_PACKET_BLOCK | OBSOLETE_PACKET_BLOCK => 32,
        SIMPLE_PACKET_BLOCK => 16,
        _ => 12,
    }
}
