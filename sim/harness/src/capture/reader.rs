//! Frames of a capture file in either format, one after the other.

use std::io::Read;
use std::ops::Range;

use super::error::{CaptureError, CaptureErrorKind};
use super::notice::Notices;
use super::pcap::{self, Pcap};
use super::pcapng::{self, Pcapng};
use super::source::Source;

/// The most octets of one frame that are kept; longer frames are passed over with a notice.
pub const MAXIMUM_FRAME: usize = 262_144;

/// One frame as the file has it.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct CapturedFrame<'a> {
    /// Number of the frame, from 1, in file order; frames that were passed over count as well.
    pub number: u64,
    /// Nanoseconds since 1970-01-01 00:00 UTC, or since the start of the run in captures of simulated runs.
    pub nanoseconds: u64,
    /// The file format's number for the link-layer header, 1 for Ethernet.
    pub link_type: u16,
    /// The captured octets, link-layer header first.
    pub octets: &'a [u8],
    /// How many octets the frame had on the link.
    pub original_length: u32,
    /// What `nanoseconds` counts from.
    pub clock: Clock,
}

/// What the times of a capture count from.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum Clock {
    /// 1970-01-01 00:00 UTC.
    Epoch,
    /// The start of a simulated run: written by [`CaptureWriter`](super::CaptureWriter).
    Run,
}

/// Reads pcap (either byte order, microseconds or nanoseconds) and pcapng from any [`Read`], as a stream, in bounded memory.
pub struct CaptureReader<R> {
    source: Source<R>,
    format: Format,
    frames: u64,
    notices: Notices,
    ended: bool,
}

enum Format {
    Pcap(Pcap),
    Pcapng(Pcapng),
}

/// What a format found: where in the source's buffer the frame's octets are, and what is known of them.
pub(super) struct Found {
    pub(super) nanoseconds: u64,
    pub(super) link_type: u16,
    pub(super) octets: Range<usize>,
    pub(super) original_length: u32,
}

/// What a format works on.
pub(super) struct Input<'a, R> {
    pub(super) source: &'a mut Source<R>,
    pub(super) frames: &'a mut u64,
    pub(super) notices: &'a mut Notices,
}

impl<R: Read> Input<'_, R> {
    /// Makes `count` octets ready; says how many there are.
    pub(super) fn require(&mut self, count: usize) -> Result<usize, CaptureError> {
        let present = self.source.require(count);
        present.map_err(|error| failed(self.source.offset(), error))
    }

    /// Takes the next `count` octets, or says that the file ends inside `item`.
    pub(super) fn take(
        &mut self,
        count: usize,
        item: &'static str,
    ) -> Result<Range<usize>, CaptureError> {
        let present = self.require(count)?;
        if present < count {
            return Err(self.cut_short(item, count, present));
        }
        Ok(self.source.take(count))
    }

    /// The file ends inside `item`, which begins here: `present` of `expected` octets are there.
    pub(super) fn cut_short(
        &self,
        item: &'static str,
        expected: usize,
        present: usize,
    ) -> CaptureError {
        let offset = self.source.offset();
        cut_short(offset, item, expected as u64, present as u64)
    }

    /// Takes the next `N` octets, or says that the file ends inside `item`.
    pub(super) fn array<const N: usize>(
        &mut self,
        item: &'static str,
    ) -> Result<[u8; N], CaptureError> {
        let taken = self.take(N, item)?;
        let mut array = [0; N];
        array.copy_from_slice(self.source.taken(taken));
        Ok(array)
    }

    /// Whether the file goes on.
    pub(super) fn goes_on(&mut self) -> Result<bool, CaptureError> {
        Ok(self.require(1)? > 0)
    }

    /// Passes over `count` octets, or says that the file ends inside `item`.
    pub(super) fn skip(&mut self, count: u64, item: &'static str) -> Result<(), CaptureError> {
        let offset = self.source.offset();
        let present = self
            .source
            .skip(count)
            .map_err(|error| failed(self.source.offset(), error))?;
        if present < count {
            return Err(cut_short(offset, item, count, present));
        }
        Ok(())
    }
}

impl<R: Read> CaptureReader<R> {
    /// Reads the file's header.
    ///
    /// # Errors
    /// If the file is empty, unreadable, or neither pcap nor pcapng.
    pub fn new(input: R) -> Result<Self, CaptureError> {
        let mut source = Source::new(input);
        let mut notices = Notices::default();
        let mut frames = 0;
        let mut work = Input {
            source: &mut source,
            frames: &mut frames,
            notices: &mut notices,
        };
        if !work.goes_on()? {
            return Err(CaptureError {
                offset: 0,
                kind: CaptureErrorKind::Empty,
            });
        }
        let magic = work.array("the magic number of a pcap or pcapng file")?;
        let format = if magic == pcapng::SECTION_HEADER_BLOCK {
            Format::Pcapng(Pcapng::open(&mut work)?)
        } else if let Some(layout) = pcap::Layout::of(magic) {
            Format::Pcap(Pcap::open(layout, &mut work)?)
        } else {
            return Err(CaptureError {
                offset: 0,
                kind: unknown_magic(magic),
            });
        };
        Ok(CaptureReader {
            source,
            format,
            frames,
            notices,
            ended: false,
        })
    }

    /// The next frame that can be read; `None` at the end of the file.
    ///
    /// # Errors
    /// If the file is cut short or its structure is lost. Nothing follows an error but `None`.
    pub fn next_frame(&mut self) -> Result<Option<CapturedFrame<'_>>, CaptureError> {
        if self.ended {
            return Ok(None);
        }
        let mut work = Input {
            source: &mut self.source,
            frames: &mut self.frames,
            notices: &mut self.notices,
        };
        let (found, clock) = match &mut self.format {
            Format::Pcap(pcap) => (pcap.next(&mut work), Clock::Epoch),
            Format::Pcapng(pcapng) => (pcapng.next(&mut work), pcapng.clock()),
        };
        match found {
            Ok(Some(found)) => Ok(Some(CapturedFrame {
                number: self.frames,
                nanoseconds: found.nanoseconds,
                link_type: found.link_type,
                octets: self.source.taken(found.octets),
                original_length: found.original_length,
                clock,
            })),
            Ok(None) => {
                self.ended = true;
                Ok(None)
            }
            Err(error) => {
                self.ended = true;
                Err(error)
            }
        }
    }

    /// How many frames were read or passed over.
    pub fn frames(&self) -> u64 {
        self.frames
    }

    /// What was skipped or doubted so far; the caller may take it out.
    pub fn notices(&mut self) -> &mut Notices {
        &mut self.notices
    }
}

fn failed(offset: u64, error: std::io::Error) -> CaptureError {
    CaptureError {
        offset,
        kind: CaptureErrorKind::Read(error),
    }
}

fn cut_short(offset: u64, item: &'static str, expected: u64, present: u64) -> CaptureError {
    CaptureError {
        offset,
        kind: CaptureErrorKind::CutShort {
            item,
            expected,
            present,
        },
    }
}

fn unknown_magic(magic: [u8; 4]) -> CaptureErrorKind {
    match magic {
        [0x1F, 0x8B, ..] => CaptureErrorKind::Compressed("gzip"),
        [0x28, 0xB5, 0x2F, 0xFD] => CaptureErrorKind::Compressed("zstd"),
        [0xFD, b'7', b'z', b'X'] => CaptureErrorKind::Compressed("xz"),
        [b'B', b'Z', b'h', _] => CaptureErrorKind::Compressed("bzip2"),
        [0x04, 0x22, 0x4D, 0x18] => CaptureErrorKind::Compressed("lz4"),
        [b's', b'n', b'o', b'o'] => CaptureErrorKind::OtherFormat("a snoop file"),
        [b'b', b't', b's', b'n'] => CaptureErrorKind::OtherFormat("a btsnoop file"),
        [b'G', b'M', b'B', b'U'] | [b'R', b'T', b'S', b'S'] => {
            CaptureErrorKind::OtherFormat("a Network Monitor file")
        }
        [b'X', b'C', b'P', 0] => CaptureErrorKind::OtherFormat("a NetXRay file"),
        [b'T', b'R', b'S', b'N'] => CaptureErrorKind::OtherFormat("a Sniffer file"),
        _ => CaptureErrorKind::NotACapture(magic),
    }
}
