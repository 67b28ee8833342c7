//! The options at the end of a pcapng block.

use super::byte_order::ByteOrder;

/// The options at the end of a block: code, length, value padded to four octets.
pub(super) struct Options<'a> {
    order: ByteOrder,
    octets: &'a [u8],
    /// An option is cut off by the end of the block.
    broken: bool,
}

impl<'a> Options<'a> {
    /// The options in `octets`.
    pub(super) fn new(order: ByteOrder, octets: &'a [u8]) -> Self {
        Options {
            order,
            octets,
            broken: false,
        }
    }

    /// Whether an option that was reached is cut off by the end of the block.
    pub(super) fn is_broken(&self) -> bool {
        self.broken
    }
}

impl<'a> Iterator for Options<'a> {
    type Item = (u16, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        if self.octets.is_empty() {
            return None;
        }
        let head = self
            .order
            .u16(self.octets, 0)
            .zip(self.order.u16(self.octets, 2));
        let Some((code, length)) = head else {
            self.broken = true;
            self.octets = &[];
            return None;
        };
        if code == 0 {
            self.octets = &[];
            return None;
        }
        let end = 4 + usize::from(length);
        let Some(value) = self.octets.get(4..end) else {
            self.broken = true;
            self.octets = &[];
            return None;
        };
        self.octets = self.octets.get(end.next_multiple_of(4)..).unwrap_or(&[]);
        Some((code, value))
    }
}
