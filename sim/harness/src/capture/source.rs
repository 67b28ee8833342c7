//! Octets of a capture file, counted.

use std::io::{self, BufReader, ErrorKind, Read};

/// A reader that knows at which offset of the file it stands.
pub(super) struct Source<R> {
    inner: BufReader<R>,
    offset: u64,
}

impl<R: Read> Source<R> {
    /// Starts at offset 0 of `inner`.
    pub(super) fn new(inner: R) -> Self {
        Source {
            inner: BufReader::new(inner),
            offset: 0,
        }
    }

    /// The offset of the next octet.
    pub(super) fn offset(&self) -> u64 {
        self.offset
    }

    /// Reads until `buffer` is full or the file ends; returns how many octets were read.
    pub(super) fn fill(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut filled = 0;
        while filled < buffer.len() {
            match self.inner.read(&mut buffer[filled..]) {
                Ok(0) => break,
                Ok(count) => filled += count,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        self.offset += filled as u64;
        Ok(filled)
    }

    /// Passes over `count` octets without keeping them; returns how many there were.
    pub(super) fn skip(&mut self, count: u64) -> io::Result<u64> {
        let mut scratch = [0; 4096];
        let mut skipped = 0;
        while skipped < count {
            let step = (count - skipped).min(scratch.len() as u64) as usize;
            let present = self.fill(&mut scratch[..step])?;
            skipped += present as u64;
            if present < step {
                break;
            }
        }
        Ok(skipped)
    }
}
