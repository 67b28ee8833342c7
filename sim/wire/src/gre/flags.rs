//! Octets 0-1 of the enhanced GRE header (RFC 2637 §4.1).

/// Octets 0-1 of the header: flags and version, any values.
#[derive(Copy, Clone, Eq, PartialEq, Hash, Debug)]
#[cfg_attr(any(test, feature = "arbitrary"), derive(arbitrary::Arbitrary))]
pub struct GreFlags(pub u16);

impl GreFlags {
    /// C, bit 0: 0 in PPTP (`GRE-001`).
    pub const CHECKSUM_PRESENT: u16 = 0x8000;
    /// R, bit 1: 0 in PPTP (`GRE-002`).
    pub const ROUTING_PRESENT: u16 = 0x4000;
    /// K, bit 2: 1 in PPTP (`GRE-003`).
    pub const KEY_PRESENT: u16 = 0x2000;
    /// S, bit 3: 1 where there is a payload (`GRE-004`).
    pub const SEQUENCE_NUMBER_PRESENT: u16 = 0x1000;
    /// s, bit 4: 0 in PPTP (`GRE-005`).
    pub const STRICT_SOURCE_ROUTE: u16 = 0x0800;
    /// Recur, bits 5-7: 0 in PPTP (`GRE-006`).
    pub const RECURSION_CONTROL: u16 = 0x0700;
    /// A, bit 8: 1 where there is an Acknowledgment Number (`GRE-007`).
    pub const ACKNOWLEDGMENT_PRESENT: u16 = 0x0080;
    /// Flags, bits 9-12: 0 in PPTP (`GRE-008`).
    pub const FLAGS: u16 = 0x0078;
    /// Ver, bits 13-15: 1 in PPTP (`GRE-009`).
    pub const VERSION: u16 = 0x0007;
    /// Key present, version 1: the bits that every PPTP packet has.
    pub const PPTP: Self = Self(Self::KEY_PRESENT | 1);

    /// Whether the C bit is set.
    #[inline]
    pub const fn checksum_present(self) -> bool {
        self.0 & Self::CHECKSUM_PRESENT != 0
    }

    /// Whether the R bit is set.
    #[inline]
    pub const fn routing_present(self) -> bool {
        self.0 & Self::ROUTING_PRESENT != 0
    }

    /// Whether the K bit is set.
    #[inline]
    pub const fn key_present(self) -> bool {
        self.0 & Self::KEY_PRESENT != 0
    }

    /// Whether the S bit is set.
    #[inline]
    pub const fn sequence_number_present(self) -> bool {
        self.0 & Self::SEQUENCE_NUMBER_PRESENT != 0
    }

    /// Whether the s bit is set.
    #[inline]
    pub const fn strict_source_route(self) -> bool {
        self.0 & Self::STRICT_SOURCE_ROUTE != 0
    }

    /// The Recur bits, 0 to 7.
    #[inline]
    pub const fn recursion_control(self) -> u8 {
        ((self.0 & Self::RECURSION_CONTROL) >> 8) as u8
    }

    /// Whether the A bit is set.
    #[inline]
    pub const fn acknowledgment_present(self) -> bool {
        self.0 & Self::ACKNOWLEDGMENT_PRESENT != 0
    }

    /// The Flags bits, 0 to 15.
    #[inline]
    pub const fn reserved_flags(self) -> u8 {
        ((self.0 & Self::FLAGS) >> 3) as u8
    }

    /// The Ver bits, 0 to 7.
    #[inline]
    pub const fn version(self) -> u8 {
        (self.0 & Self::VERSION) as u8
    }

    /// Octets of the header by the S and A bits: 8, 12 or 16.
    #[inline]
    pub const fn header_length(self) -> usize {
        8 + 4 * self.sequence_number_present() as usize + 4 * self.acknowledgment_present() as usize
    }

    /// The same bits with S and A as given.
    #[inline]
    pub(super) const fn with_numbers(
        self,
        sequence_number: bool,
        acknowledgment_number: bool,
    ) -> Self {
        Self(
            self.0 & !(Self::SEQUENCE_NUMBER_PRESENT | Self::ACKNOWLEDGMENT_PRESENT)
                | (sequence_number as u16) << 12
                | (acknowledgment_number as u16) << 7,
        )
    }
}
