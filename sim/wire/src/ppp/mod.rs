//! PPP, as far as it takes to name what a GRE payload is (RFC 1661) and to make payloads that are valid.

mod test_frame;

pub use test_frame::{TestFrameError, check_test_frame, test_frame, write_test_frame};

use core::fmt;

/// The address and control octets that begin a PPP frame unless they are left out (RFC 1662 §3.1).
pub const ADDRESS_CONTROL: [u8; 2] = [0xFF, 0x03];

macro_rules! protocols {
    ($($constant:ident = $value:literal $name:literal;)*) => {
        /// A PPP protocol number (RFC 1661 §2).
        #[derive(Copy, Clone, Eq, PartialEq, Ord, PartialOrd, Hash, Debug)]
        pub struct PppProtocol(pub u16);

        impl PppProtocol {
            $(#[doc = concat!($name, ".")] pub const $constant: Self = Self($value);)*

            /// Every protocol that has a name here.
            pub const ALL: &'static [(u16, &'static str)] = &[$(($value, $name),)*];

            /// The name of the protocol, or `None` for one that has none here.
            pub const fn name(self) -> Option<&'static str> {
                match self.0 {
                    $($value => Some($name),)*
                    _ => None,
                }
            }
        }
    };
}

protocols! {
    PADDING = 0x0001 "padding";
    IPV4 = 0x0021 "IPv4";
    IPX = 0x002B "IPX";
    COMPRESSED_TCP = 0x002D "VJ-compressed TCP";
    UNCOMPRESSED_TCP = 0x002F "VJ-uncompressed TCP";
    MULTILINK = 0x003D "Multilink";
    ENCRYPTED = 0x0053 "encrypted";
    LINK_ENCRYPTED = 0x0055 "link-encrypted";
    IPV6 = 0x0057 "IPv6";
    LINK_COMPRESSED = 0x00FB "link-compressed";
    COMPRESSED = 0x00FD "compressed";
    IPCP = 0x8021 "IPCP";
    IPXCP = 0x802B "IPXCP";
    ECP = 0x8053 "ECP";
    IPV6CP = 0x8057 "IPV6CP";
    LINK_CCP = 0x80FB "link-CCP";
    CCP = 0x80FD "CCP";
    LCP = 0xC021 "LCP";
    PAP = 0xC023 "PAP";
    LQR = 0xC025 "LQR";
    CBCP = 0xC029 "CBCP";
    CHAP = 0xC223 "CHAP";
    EAP = 0xC227 "EAP";
}

impl PppProtocol {
    /// Whether packets of this protocol begin with Code, Identifier and Length: LCP, the network control protocols (RFC 1661 §5)
    /// and the authentication protocols.
    pub const fn has_code(self) -> bool {
        matches!(
            self,
            Self::LCP | Self::PAP | Self::CHAP | Self::EAP | Self::CBCP
        ) || self.0 & 0xC000 == 0x8000
    }

    /// The name of a code of this protocol, or `None` where it has none here.
    pub const fn code_name(self, code: u8) -> Option<&'static str> {
        let names: &[&str] = match self {
            Self::LCP => &CONFIGURATION_CODES,
            Self::PAP => &[
                "Authenticate-Request",
                "Authenticate-Ack",
                "Authenticate-Nak",
            ],
            Self::CHAP => &["Challenge", "Response", "Success", "Failure"],
            Self::EAP => &["Request", "Response", "Success", "Failure"],
            Self::CBCP => &["Callback-Request", "Callback-Response", "Callback-Ack"],
            Self::CCP | Self::ECP | Self::LINK_CCP => match code {
                14 => return Some("Reset-Request"),
                15 => return Some("Reset-Ack"),
                _ => CONFIGURATION_CODES.split_at(7).0,
            },
            _ if self.has_code() => CONFIGURATION_CODES.split_at(7).0,
            _ => &[],
        };
        if code == 0 || code as usize > names.len() {
            None
        } else {
            Some(names[code as usize - 1])
        }
    }
}

/// The codes of LCP from 1 on; the network control protocols have the first seven (RFC 1661 §5, RFC 1570 §2).
const CONFIGURATION_CODES: [&str; 13] = [
    "Configure-Request",
    "Configure-Ack",
    "Configure-Nak",
    "Configure-Reject",
    "Terminate-Request",
    "Terminate-Ack",
    "Code-Reject",
    "Protocol-Reject",
    "Echo-Request",
    "Echo-Reply",
    "Discard-Request",
    "Identification",
    "Time-Remaining",
];

/// The name by its protocol number, such as `IPv4`, or the number in hexadecimal.
impl fmt::Display for PppProtocol {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => formatter.write_str(name),
            None => write!(formatter, "protocol {:#06X}", self.0),
        }
    }
}

/// What a GRE payload is as a PPP frame: any octets, with or without address and control octets (AMB-15), with or without
/// compression of the protocol field (`PPP-004`).
#[derive(Copy, Clone, Eq, PartialEq, Hash, Debug)]
pub struct PppFrame<'a> {
    /// Whether the frame begins with FF 03.
    pub address_control: bool,
    /// The protocol; 0, which is no protocol, where the octets end before the protocol field does.
    pub protocol: PppProtocol,
    /// Whether the protocol field is one octet.
    pub protocol_compressed: bool,
    /// The Code, in protocols that have one.
    pub code: Option<u8>,
    /// The Identifier, in protocols that have one.
    pub identifier: Option<u8>,
    /// The Length that the packet says it has from its Code on, in protocols that have one.
    pub length: Option<u16>,
    /// All octets after the protocol field, Code, Identifier and Length included.
    pub information: &'a [u8],
}

impl<'a> PppFrame<'a> {
    /// Reads as much of a frame as is there.
    pub fn parse(octets: &'a [u8]) -> Self {
        let (address_control, rest) = match octets.strip_prefix(&ADDRESS_CONTROL) {
            Some(rest) => (true, rest),
            None => (false, octets),
        };
        let (protocol, protocol_compressed, information) = match *rest {
            [low, ref information @ ..] if low & 1 == 1 => {
                (PppProtocol(low.into()), true, information)
            }
            [high, low, ref information @ ..] => (
                PppProtocol(u16::from_be_bytes([high, low])),
                false,
                information,
            ),
            _ => (PppProtocol(0), false, &rest[rest.len()..]),
        };
        let (code, identifier, length) = match *information {
            [code, identifier, high, low, ..] if protocol.has_code() => (
                Some(code),
                Some(identifier),
                Some(u16::from_be_bytes([high, low])),
            ),
            [code, identifier, ..] if protocol.has_code() => (Some(code), Some(identifier), None),
            [code] if protocol.has_code() => (Some(code), None, None),
            _ => (None, None, None),
        };
        Self {
            address_control,
            protocol,
            protocol_compressed,
            code,
            identifier,
            length,
            information,
        }
    }

    /// Whether the frame is a compressed datagram whose first octet has the bit with which MPPE marks what it encrypted
    /// (RFC 3078 §3.1, the D bit).
    pub fn is_encrypted(&self) -> bool {
        match self.protocol {
            PppProtocol::ENCRYPTED | PppProtocol::LINK_ENCRYPTED => true,
            PppProtocol::COMPRESSED => self
                .information
                .first()
                .is_some_and(|first| first & 0x10 != 0),
            _ => false,
        }
    }
}

/// `LCP Configure-Request`, `IPv4`, `compressed`, `encrypted`; unknown ones by number; `cut off` without a protocol.
impl fmt::Display for PppFrame<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.protocol.0 == 0 {
            return formatter.write_str("cut off");
        }
        if self.is_encrypted() {
            return formatter.write_str("encrypted");
        }
        self.protocol.fmt(formatter)?;
        match self.code.map(|code| (code, self.protocol.code_name(code))) {
            Some((_, Some(name))) => write!(formatter, " {name}"),
            Some((code, None)) => write!(formatter, " code {code}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shown(octets: &[u8]) -> String {
        PppFrame::parse(octets).to_string()
    }

    #[test]
    fn frames_have_their_names_with_and_without_address_and_control() {
        for (octets, name) in [
            (&[0xC0, 0x21, 1, 7, 0, 4][..], "LCP Configure-Request"),
            (&[0xC0, 0x21, 10, 7, 0, 8], "LCP Echo-Reply"),
            (&[0xC0, 0x23, 2, 7, 0, 4], "PAP Authenticate-Ack"),
            (&[0xC2, 0x23, 1, 7, 0, 4], "CHAP Challenge"),
            (&[0xC2, 0x27, 2, 7, 0, 4], "EAP Response"),
            (&[0x80, 0x21, 3, 7, 0, 4], "IPCP Configure-Nak"),
            (&[0x80, 0xFD, 14, 7, 0, 4], "CCP Reset-Request"),
            (&[0x80, 0x57, 5, 7, 0, 4], "IPV6CP Terminate-Request"),
            (&[0x00, 0x21, 0x45], "IPv4"),
            (&[0x00, 0x57, 0x60], "IPv6"),
            (&[0x00, 0xFD, 0x00, 0x01], "compressed"),
            (&[0x00, 0xFD, 0x90, 0x01], "encrypted"),
            (&[0x00, 0x53], "encrypted"),
            (&[0xC0, 0x21, 77], "LCP code 77"),
            (&[0x80, 0x21, 8], "IPCP code 8"),
            (&[0x40, 0x03, 1], "protocol 0x4003"),
            (&[0xC0], "cut off"),
            (&[], "cut off"),
        ] {
            assert_eq!(shown(octets), name);
            let framed = [&ADDRESS_CONTROL[..], octets].concat();
            assert_eq!(shown(&framed), name);
            assert!(PppFrame::parse(&framed).address_control);
            assert!(!PppFrame::parse(octets).address_control);
        }
    }

    #[test]
    fn the_last_code_of_each_protocol_has_a_name_and_none_behind_it() {
        let cases = [
            (PppProtocol::LCP, 13, "Time-Remaining"),
            (PppProtocol::PAP, 3, "Authenticate-Nak"),
            (PppProtocol::CHAP, 4, "Failure"),
            (PppProtocol::CBCP, 3, "Callback-Ack"),
            (PppProtocol::CCP, 15, "Reset-Ack"),
            (PppProtocol::IPCP, 7, "Code-Reject"),
        ];
        for (protocol, last, name) in cases {
            assert_eq!(protocol.code_name(last), Some(name));
            assert_eq!(protocol.code_name(last + 1), None, "{protocol}");
            assert_eq!(protocol.code_name(0), None, "{protocol}");
        }
        assert_eq!(PppProtocol::CCP.code_name(8), None);
    }

    #[test]
    fn an_odd_first_octet_is_a_compressed_protocol_field() {
        let frame = PppFrame::parse(&[0x21, 0x45, 0x00]);
        assert!(frame.protocol_compressed);
        assert_eq!(
            (frame.protocol, frame.information),
            (PppProtocol::IPV4, &[0x45, 0x00][..])
        );
        assert!(!PppFrame::parse(&[0x00, 0x21]).protocol_compressed);
    }

    #[test]
    fn the_fields_of_a_control_packet_are_read_as_far_as_they_are_there() {
        let octets = [0xFF, 0x03, 0xC0, 0x21, 9, 3, 0, 8];
        let read = |end: usize| {
            let frame = PppFrame::parse(&octets[..end]);
            (frame.code, frame.identifier, frame.length)
        };
        assert_eq!(read(4), (None, None, None));
        assert_eq!(read(5), (Some(9), None, None));
        assert_eq!(read(6), (Some(9), Some(3), None));
        assert_eq!(read(7), (Some(9), Some(3), None));
        assert_eq!(read(8), (Some(9), Some(3), Some(8)));
    }

    proptest! {
        #[test]
        fn any_octets_have_a_name(octets in proptest::collection::vec(any::<u8>(), 0..40)) {
            prop_assert!(!shown(&octets).is_empty());
        }
    }
}
