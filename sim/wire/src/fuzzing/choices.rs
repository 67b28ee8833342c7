//! Octets read as a sequence of choices.

/// Reads the octets of a fuzzer as choices, front to back: equal beginnings give equal choices, and what is missing counts as zero.
///
/// Numbers are big-endian. Everything that a choice can be is reached by some octets, so an input can be written as well as found.
#[derive(Clone, Debug)]
pub struct Choices<'a> {
    rest: &'a [u8],
}

impl<'a> Choices<'a> {
    /// The choices that these octets make.
    pub const fn new(octets: &'a [u8]) -> Self {
        Self { rest: octets }
    }

    /// Whether all octets are used up: all further choices are zero.
    pub const fn is_exhausted(&self) -> bool {
        self.rest.is_empty()
    }

    /// The next octet.
    pub fn octet(&mut self) -> u8 {
        match self.rest.split_first() {
            Some((&octet, rest)) => {
                self.rest = rest;
                octet
            }
            None => 0,
        }
    }

    /// The next two octets as a number.
    pub fn word(&mut self) -> u16 {
        u16::from_be_bytes(self.array())
    }

    /// The next four octets as a number.
    pub fn double_word(&mut self) -> u32 {
        u32::from_be_bytes(self.array())
    }

    /// The next eight octets as a number.
    pub fn quad_word(&mut self) -> u64 {
        u64::from_be_bytes(self.array())
    }

    /// Yes or no: whether the next octet is odd.
    pub fn flag(&mut self) -> bool {
        self.octet() & 1 == 1
    }

    /// A number below `bound`: the next octet where 256 is enough for that, else the next four, as the remainder. 0 for a bound of 0.
    pub fn below(&mut self, bound: u32) -> u32 {
        match bound {
            0 => 0,
            1..=256 => u32::from(self.octet()) % bound,
            _ => self.double_word() % bound,
        }
    }

    /// One of the values.
    ///
    /// # Panics
    /// If there are none.
    pub fn one_of<T: Copy>(&mut self, values: &[T]) -> T {
        values[self.below(values.len() as u32) as usize]
    }

    /// Up to `most` octets: two octets of length, then as many of those as there are.
    pub fn octets(&mut self, most: u16) -> &'a [u8] {
        let length = u32::from(self.word()) % (u32::from(most) + 1);
        let (taken, rest) = self.rest.split_at(self.rest.len().min(length as usize));
        self.rest = rest;
        taken
    }

    /// Everything that is left.
    pub fn rest(&mut self) -> &'a [u8] {
        core::mem::take(&mut self.rest)
    }

    fn array<const N: usize>(&mut self) -> [u8; N] {
        core::array::from_fn(|_| self.octet())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn choices_are_read_front_to_back() {
        let mut choices = Choices::new(&[
            7, 1, 2, 0, 0, 1, 0, 3, 0, 2, 0xAA, 0xBB, 9, 0, 0, 1, 1, 8, 8,
        ]);
        assert_eq!((choices.octet(), choices.word()), (7, 0x0102));
        assert_eq!(choices.double_word(), 0x0000_0100);
        assert!(choices.flag());
        assert_eq!(choices.octets(5), [0xAA, 0xBB]);
        assert_eq!(choices.below(5), 4);
        assert_eq!(choices.below(1_000), 257);
        assert_eq!(choices.one_of(&['a', 'b', 'c']), 'c');
        assert!(!choices.is_exhausted());
        assert_eq!(choices.rest(), [8]);
        assert!(choices.is_exhausted());
    }

    #[test]
    fn what_is_missing_counts_as_zero() {
        let mut choices = Choices::new(&[1]);
        assert_eq!(choices.word(), 0x0100);
        assert_eq!(choices.quad_word(), 0);
        assert!(!choices.flag());
        assert_eq!(choices.octets(9), []);
        assert_eq!(choices.below(0), 0);
        assert_eq!(
            Choices::new(&[0, 9, 1]).octets(u16::MAX),
            [1],
            "no more than there is"
        );
    }
}
