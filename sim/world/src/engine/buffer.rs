//! Octets of a datagram: short ones in place, beside what is known of the datagram, long ones apart.

use core::ops::{Deref, DerefMut};

/// Octets, in place up to [`IN_PLACE`]. Memory for longer ones is kept for the next user.
#[derive(Debug)]
pub(crate) struct Buffer {
    in_place: [u8; IN_PLACE],
    length: u32,
    apart: Vec<u8>,
}

/// A test packet of 100 octets with the longest header fits.
const IN_PLACE: usize = 120;

impl Default for Buffer {
    fn default() -> Buffer {
        Buffer {
            in_place: [0; IN_PLACE],
            length: 0,
            apart: Vec::new(),
        }
    }
}

impl Buffer {
    /// Takes over a copy of the octets.
    #[inline]
    pub(crate) fn set(&mut self, octets: &[u8]) {
        self.length = octets.len() as u32;
        match self.in_place.get_mut(..octets.len()) {
            Some(place) => place.copy_from_slice(octets),
            None => {
                self.apart.clear();
                self.apart.extend_from_slice(octets);
            }
        }
    }
}

impl Deref for Buffer {
    type Target = [u8];

    #[inline]
    fn deref(&self) -> &[u8] {
        self.in_place
            .get(..self.length as usize)
            .unwrap_or(&self.apart)
    }
}

impl DerefMut for Buffer {
    fn deref_mut(&mut self) -> &mut [u8] {
        self.in_place
            .get_mut(..self.length as usize)
            .unwrap_or(&mut self.apart)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_holds_what_was_set_last() {
        let mut buffer = Buffer::default();
        for length in [0, 1, IN_PLACE, IN_PLACE + 1, 5, 60_000, IN_PLACE, 0] {
            let octets: Vec<u8> = (0..length).map(|octet| octet as u8).collect();
            buffer.set(&octets);
            assert_eq!(&*buffer, octets);
            if let Some(last) = buffer.last_mut() {
                *last ^= 1;
                assert_ne!(&*buffer, octets);
            }
        }
    }
}
