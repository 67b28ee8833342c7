//! Asking for memory before it is needed. What lies far from the processor is then on its way while something else is done, and nobody
//! waits for one line of the cache after the other. Nothing that happens depends on it.

use core::slice;
use prefetch_index::prefetch_index;

/// Octets of a line of the cache.
pub const LINE: usize = 64;

/// How many lines of the cache a thing reaches into at most.
pub const fn lines_of<T>() -> usize {
    size_of::<T>().div_ceil(LINE) + (!align_of::<T>().is_multiple_of(LINE)) as usize
}

/// Asks for the line in which a thing begins.
#[inline(always)]
pub fn ask_for<T>(thing: &T) {
    prefetch_index(slice::from_ref(thing), 0);
}

/// Asks for the line in which the thing at this place of a list begins, or would begin if there were one. Never panics.
#[inline(always)]
pub fn ask_for_place<T>(things: &[T], place: usize) {
    prefetch_index(things, place);
}

/// Where a record begins in memory, if this is the first of its fields in the order of C. Takes no room.
#[derive(Copy, Clone, Debug)]
pub struct Beginning([u64; 0]);

impl Beginning {
    /// The only one.
    pub const NEW: Self = Self([]);

    /// Asks for so many lines, from the record's first on. Never panics, whatever the record's size.
    #[inline(always)]
    pub fn ask_for(&self, lines: usize) {
        for line in 0..lines {
            // By reference: a copy lies elsewhere.
            prefetch_index(self.0.as_slice(), line * (LINE / size_of::<u64>()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[repr(C, align(64))]
    struct Aligned {
        beginning: Beginning,
        octets: [u8; 65],
    }

    #[test]
    fn a_thing_that_does_not_begin_with_a_line_may_reach_into_one_more() {
        assert_eq!(lines_of::<Aligned>(), 2);
        assert_eq!(lines_of::<[u8; 65]>(), 3);
    }

    #[test]
    fn a_beginning_takes_no_room_and_anything_can_be_asked_for() {
        let record = Aligned {
            beginning: Beginning::NEW,
            octets: [7; 65],
        };
        assert_eq!(size_of::<Beginning>(), 0);
        record.beginning.ask_for(1_000_000);
        ask_for_place(&record.octets, usize::MAX);
        ask_for(&record);
        assert_eq!(record.octets, [7; 65]);
    }
}
