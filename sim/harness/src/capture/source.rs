//! Octets of a capture file, read in blocks and lent out where they lie.

use std::io::{self, ErrorKind, Read};
use std::ops::Range;

/// Octets that are asked of the file at a time.
const BLOCK: usize = 128 * 1024;

/// A reader that knows at which offset of the file it stands, and lends what it read without a copy.
pub(super) struct Source<R> {
    inner: R,
    buffer: Vec<u8>,
    /// The octets of `buffer` that were read from the file and not taken.
    ready: Range<usize>,
    offset: u64,
}

impl<R: Read> Source<R> {
    /// Starts at offset 0 of `inner`.
    pub(super) fn new(inner: R) -> Self {
        Source {
            inner,
            buffer: vec![0; BLOCK],
            ready: 0..0,
            offset: 0,
        }
    }

    /// The offset of the next octet.
    pub(super) fn offset(&self) -> u64 {
        self.offset
    }

    /// Makes the next `count` octets ready; returns how many there are, fewer only where the file ends. What was taken before is gone.
    pub(super) fn require(&mut self, count: usize) -> io::Result<usize> {
        if self.ready.len() < count {
            self.read_until(count)?;
        }
        Ok(self.ready.len().min(count))
    }

    /// Takes `count` octets, which are ready; says where in the buffer they stay until more are required.
    pub(super) fn take(&mut self, count: usize) -> Range<usize> {
        let taken = self.ready.start..self.ready.start + count;
        self.ready.start = taken.end;
        self.offset += count as u64;
        taken
    }

    /// What was taken.
    pub(super) fn taken(&self, range: Range<usize>) -> &[u8] {
        &self.buffer[range]
    }

    /// Passes over `count` octets without keeping them; returns how many there were.
    pub(super) fn skip(&mut self, count: u64) -> io::Result<u64> {
        let mut left = count;
        while left > 0 {
            let step = self.require(left.min(BLOCK as u64) as usize)?;
            if step == 0 {
                break;
            }
            self.take(step);
            left -= step as u64;
        }
        Ok(count - left)
    }

    /// Reads on until `count` octets are ready or the file ends. Never asks for more than is needed: the file may be a pipe.
    #[cold]
    fn read_until(&mut self, count: usize) -> io::Result<()> {
        self.buffer.copy_within(self.ready.clone(), 0);
        self.ready = 0..self.ready.len();
        if self.buffer.len() < count {
            self.buffer.resize(count.next_power_of_two(), 0);
        }
        while self.ready.len() < count {
            match self.inner.read(&mut self.buffer[self.ready.end..]) {
                Ok(0) => break,
                Ok(read) => self.ready.end += read,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives at most so many octets at a time, and is interrupted before each.
    struct Pieces<'a>(&'a [u8], usize, bool);

    impl Read for Pieces<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            self.2 = !self.2;
            if self.2 {
                return Err(ErrorKind::Interrupted.into());
            }
            let most = self.1.min(buffer.len());
            self.0.read(&mut buffer[..most])
        }
    }

    fn octets(count: usize) -> Vec<u8> {
        (0..count).map(|at| (at % 251) as u8).collect()
    }

    #[test]
    fn items_of_any_length_come_whole_and_in_order() {
        let file = octets(3 * BLOCK + 77);
        for piece in [1000, BLOCK - 1, usize::MAX] {
            let mut source = Source::new(Pieces(&file, piece, false));
            let mut read = Vec::new();
            for count in [0, 1, 7, 5000, BLOCK, 2 * BLOCK - 9].into_iter().cycle() {
                let present = source.require(count).expect("no input that fails");
                let taken = source.take(present);
                read.extend_from_slice(source.taken(taken));
                assert_eq!(source.offset(), read.len() as u64);
                if present < count {
                    break;
                }
            }
            assert!(read == file, "in pieces of {piece}");
        }
    }

    #[test]
    fn what_is_skipped_counts() {
        let file = octets(2 * BLOCK);
        let mut source = Source::new(file.as_slice());
        assert_eq!(source.skip(BLOCK as u64 + 5).ok(), Some(BLOCK as u64 + 5));
        assert_eq!(source.require(1).ok(), Some(1));
        let next = source.take(1);
        assert_eq!(source.taken(next), &file[BLOCK + 5..BLOCK + 6]);
        assert_eq!(source.skip(u64::MAX).ok(), Some(BLOCK as u64 - 6));
        assert_eq!(source.require(1).ok(), Some(0));
    }
}
