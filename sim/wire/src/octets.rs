//! Reading and writing of single fields in network byte order (`TR-006`).

/// A value with a fixed size on the wire. Every bit pattern of that size is a value, so that illegal values survive.
pub(crate) trait Wire: Copy {
    /// Size in octets.
    const SIZE: usize;
    /// Reads the value at octet `at`. Panics where the octets end before it does: callers hand in arrays of the message's size.
    fn read(octets: &[u8], at: usize) -> Self;
    /// Writes the value at octet `at`. Panics as `read` does.
    fn write(self, octets: &mut [u8], at: usize);
}

macro_rules! wire_integer {
    ($($integer:ty),*) => {$(
        impl Wire for $integer {
            const SIZE: usize = size_of::<$integer>();
            #[inline(always)]
            fn read(octets: &[u8], at: usize) -> Self {
                let mut own = [0; size_of::<$integer>()];
                own.copy_from_slice(&octets[at..at + size_of::<$integer>()]);
                <$integer>::from_be_bytes(own)
            }
            #[inline(always)]
            fn write(self, octets: &mut [u8], at: usize) {
                octets[at..at + size_of::<$integer>()].copy_from_slice(&self.to_be_bytes());
            }
        }
    )*};
}
wire_integer!(u8, u16, u32);

impl<const N: usize> Wire for crate::Text<N> {
    const SIZE: usize = N;
    #[inline(always)]
    fn read(octets: &[u8], at: usize) -> Self {
        let mut own = [0; N];
        own.copy_from_slice(&octets[at..at + N]);
        crate::Text::from_octets(own)
    }
    #[inline(always)]
    fn write(self, octets: &mut [u8], at: usize) {
        octets[at..at + N].copy_from_slice(self.octets());
    }
}
