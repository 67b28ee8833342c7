//! Integers in the byte order of the machine that wrote the file.

/// The byte order of a capture file or of one pcapng section.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub(super) enum ByteOrder {
    /// Most significant octet first.
    Big,
    /// Least significant octet first.
    Little,
}

impl ByteOrder {
    /// The 16-bit integer at `at`; `None` if `octets` ends before it does.
    pub(super) fn u16(self, octets: &[u8], at: usize) -> Option<u16> {
        let taken: [u8; 2] = octets.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(match self {
            ByteOrder::Big => u16::from_be_bytes(taken),
            ByteOrder::Little => u16::from_le_bytes(taken),
        })
    }

    /// The 32-bit integer at `at`; `None` if `octets` ends before it does.
    pub(super) fn u32(self, octets: &[u8], at: usize) -> Option<u32> {
        let taken: [u8; 4] = octets.get(at..at.checked_add(4)?)?.try_into().ok()?;
        Some(self.word(taken))
    }

    /// The 64-bit integer at `at`; `None` if `octets` ends before it does.
    pub(super) fn u64(self, octets: &[u8], at: usize) -> Option<u64> {
        let taken: [u8; 8] = octets.get(at..at.checked_add(8)?)?.try_into().ok()?;
        Some(match self {
            ByteOrder::Big => u64::from_be_bytes(taken),
            ByteOrder::Little => u64::from_le_bytes(taken),
        })
    }

    /// Four octets as a 32-bit integer.
    pub(super) fn word(self, octets: [u8; 4]) -> u32 {
        match self {
            ByteOrder::Big => u32::from_be_bytes(octets),
            ByteOrder::Little => u32::from_le_bytes(octets),
        }
    }
}
