//! Why a capture file cannot be read, or cannot be read any further.

use std::fmt;
use std::io;

/// A fault of the file itself: where, what was expected and what was there.
#[derive(Debug)]
pub struct CaptureError {
    /// Offset in the file, in octets, of the item that could not be read.
    pub offset: u64,
    /// What is wrong with it.
    pub kind: CaptureErrorKind,
}

/// What is wrong with the file.
#[derive(Debug)]
#[non_exhaustive]
pub enum CaptureErrorKind {
    /// The operating system could not read the file.
    Read(io::Error),
    /// The file holds no octets.
    Empty,
    /// The first four octets are no magic number of pcap or pcapng.
    NotACapture([u8; 4]),
    /// The file is a compressed one; the name of the compression.
    Compressed(&'static str),
    /// The file is a capture of another format; its name.
    OtherFormat(&'static str),
    /// The file ends inside an item.
    CutShort {
        /// The item that is not all there.
        item: &'static str,
        /// Octets that the item has.
        expected: u64,
        /// Octets of it that are in the file.
        present: u64,
    },
    /// A pcap file of a version other than 2.x; major and minor.
    PcapVersion(u16, u16),
    /// A pcapng section of a version other than 1.x; major and minor.
    PcapngVersion(u16, u16),
    /// A pcapng section header without a valid byte-order magic.
    ByteOrderMagic([u8; 4]),
    /// A pcapng block total length that is no multiple of 4 or smaller than the block's fixed part: the next block cannot be found.
    BlockLength {
        /// The block's type.
        block_type: u32,
        /// The length that it claims.
        seen: u32,
        /// The smallest length that its type has.
        least: u32,
    },
}

impl fmt::Display for CaptureError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "offset {}: ", self.offset)?;
        match &self.kind {
            CaptureErrorKind::Read(error) => write!(formatter, "cannot read: {error}"),
            CaptureErrorKind::Empty => {
                formatter.write_str("expected a pcap or pcapng file header, the file is empty")
            }
            CaptureErrorKind::NotACapture([a, b, c, d]) => write!(
                formatter,
                "expected the magic number of a pcap or pcapng file, found {a:02X} {b:02X} {c:02X} {d:02X}"
            ),
            CaptureErrorKind::Compressed(name) => {
                write!(
                    formatter,
                    "expected a pcap or pcapng file, found {name} compression: decompress it first"
                )
            }
            CaptureErrorKind::OtherFormat(name) => {
                write!(
                    formatter,
                    "expected a pcap or pcapng file, found {name}: convert it first"
                )
            }
            CaptureErrorKind::CutShort {
                item,
                expected,
                present,
            } => {
                write!(
                    formatter,
                    "expected {item} of {expected} octets, the file ends after {present} of them"
                )
            }
            CaptureErrorKind::PcapVersion(major, minor) => {
                write!(formatter, "expected pcap version 2, found {major}.{minor}")
            }
            CaptureErrorKind::PcapngVersion(major, minor) => {
                write!(
                    formatter,
                    "expected pcapng version 1, found {major}.{minor}"
                )
            }
            CaptureErrorKind::ByteOrderMagic([a, b, c, d]) => {
                write!(
                    formatter,
                    "expected the byte-order magic 1A 2B 3C 4D or 4D 3C 2B 1A, found {a:02X} {b:02X} {c:02X} {d:02X}"
                )
            }
            CaptureErrorKind::BlockLength {
                block_type,
                seen,
                least,
            } => write!(
                formatter,
                "expected a block total length that is a multiple of 4 and at least {least} for block type 0x{block_type:08X}, found {seen}"
            ),
        }
    }
}

impl std::error::Error for CaptureError {}
