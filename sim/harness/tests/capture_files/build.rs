//! Capture files made by hand, octet by octet.

/// A file in one byte order.
pub struct File {
    pub octets: Vec<u8>,
    big: bool,
}

impl File {
    pub fn new(big: bool) -> File {
        File {
            octets: Vec::new(),
            big,
        }
    }

    pub fn u16(&mut self, value: u16) -> &mut File {
        self.octets.extend(if self.big {
            value.to_be_bytes()
        } else {
            value.to_le_bytes()
        });
        self
    }

    pub fn u32(&mut self, value: u32) -> &mut File {
        self.octets.extend(if self.big {
            value.to_be_bytes()
        } else {
            value.to_le_bytes()
        });
        self
    }

    pub fn raw(&mut self, octets: &[u8]) -> &mut File {
        self.octets.extend_from_slice(octets);
        self
    }

    /// A pcap file header with this magic number.
    pub fn pcap(&mut self, magic: u32, link_type: u32) -> &mut File {
        self.u32(magic)
            .u16(2)
            .u16(4)
            .u32(0)
            .u32(0)
            .u32(65_535)
            .u32(link_type)
    }

    /// A pcap record.
    pub fn record(&mut self, seconds: u32, fraction: u32, frame: &[u8]) -> &mut File {
        let length = frame.len() as u32;
        self.u32(seconds)
            .u32(fraction)
            .u32(length)
            .u32(length)
            .raw(frame)
    }

    /// A pcapng block.
    pub fn block(&mut self, block_type: u32, body: &[u8]) -> &mut File {
        let padded = body.len().next_multiple_of(4);
        let total = padded as u32 + 12;
        self.u32(block_type)
            .u32(total)
            .raw(body)
            .raw(&vec![0; padded - body.len()])
            .u32(total)
    }

    /// A section header block with these options.
    pub fn section(&mut self, options: &[u8]) -> &mut File {
        let mut body = File::new(self.big);
        body.u32(0x1A2B_3C4D)
            .u16(1)
            .u16(0)
            .u32(u32::MAX)
            .u32(u32::MAX)
            .raw(options);
        self.block(0x0A0D_0D0A, &body.octets)
    }

    /// An interface description block with these options.
    pub fn interface(
        &mut self,
        link_type: u16,
        snap_length: u32,
        options: &[(u16, &[u8])],
    ) -> &mut File {
        let mut body = File::new(self.big);
        body.u16(link_type).u16(0).u32(snap_length);
        for (code, value) in options {
            body.u16(*code).u16(value.len() as u16).raw(value);
            let padded = body.octets.len().next_multiple_of(4);
            body.octets.resize(padded, 0);
        }
        self.block(1, &body.octets)
    }

    /// An enhanced packet block.
    pub fn packet(&mut self, interface: u32, units: u64, frame: &[u8]) -> &mut File {
        let length = frame.len() as u32;
        self.packet_claiming(interface, units, length, frame)
    }

    /// An enhanced packet block that claims another captured length.
    pub fn packet_claiming(
        &mut self,
        interface: u32,
        units: u64,
        length: u32,
        frame: &[u8],
    ) -> &mut File {
        let mut body = File::new(self.big);
        body.u32(interface)
            .u32((units >> 32) as u32)
            .u32(units as u32)
            .u32(length)
            .u32(length)
            .raw(frame);
        self.block(6, &body.octets)
    }
}
