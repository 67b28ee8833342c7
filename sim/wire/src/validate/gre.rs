//! What one GRE packet breaks by itself: header (`GRE-001` to `GRE-016`) and PPP payload (`PPP-001` to `PPP-004`).

use crate::gre::GRE_TABLE;
use crate::hdlc::has_fcs;
use crate::ppp::{PppFrame, PppProtocol};
use crate::{
    Findings, GRE_MINIMUM_HEADER_LENGTH, GRE_PROTOCOL_PPP, GreFlags, GreHeader, GrePacket,
    Requirement,
};

/// The longest user data packet, octets after the GRE header (`TR-011`).
const MAXIMUM_PAYLOAD_LENGTH: u16 = 1532;

/// All findings on one GRE packet: the octets after the IP header, as many as the IP header says. Any octets at all.
///
/// Where the version is not 1 the layout is another one, and only flags and Protocol Type are judged.
pub fn validate_gre(octets: &[u8]) -> Findings {
    let mut findings = Findings::new(GRE_TABLE);
    if let Some(first) = octets.first_chunk::<4>() {
        let flags = GreFlags(u16::from_be_bytes([first[0], first[1]]));
        judge_flags(
            &mut findings,
            flags,
            u16::from_be_bytes([first[2], first[3]]),
        );
        if flags.version() != 1 {
            return findings;
        }
    }
    match GrePacket::decode(octets) {
        Ok(packet) => {
            judge_presence(&mut findings, &packet.header, packet.payload.len());
            judge_ppp(&mut findings, packet.header.encoded_length(), packet.data());
        }
        Err(error) => {
            let requirement = match error.field {
                _ if octets.len() < GRE_MINIMUM_HEADER_LENGTH => Requirement::Gre015,
                "sequence-number" => Requirement::Gre013,
                _ => Requirement::Gre007,
            };
            findings.add_at(
                requirement,
                error.field,
                error.at,
                octets.len() as u32,
                false,
            );
        }
    }
    findings
}

/// The first four octets: bits that are constant in PPTP, and the Protocol Type.
fn judge_flags(findings: &mut Findings, flags: GreFlags, protocol_type: u16) {
    let legal = flags.0 & !(GreFlags::SEQUENCE_NUMBER_PRESENT | GreFlags::ACKNOWLEDGMENT_PRESENT)
        == GreFlags::PPTP.0;
    if legal && protocol_type == GRE_PROTOCOL_PPP {
        return;
    }
    let mut judge = |requirement, key, legal: bool, seen: u32| {
        if !legal {
            findings.add(requirement, key, 0, seen, false);
        }
    };
    judge(
        Requirement::Gre001,
        "checksum-present",
        !flags.checksum_present(),
        1,
    );
    judge(
        Requirement::Gre002,
        "routing-present",
        !flags.routing_present(),
        1,
    );
    judge(Requirement::Gre003, "key-present", flags.key_present(), 0);
    judge(
        Requirement::Gre005,
        "strict-source-route",
        !flags.strict_source_route(),
        1,
    );
    judge(
        Requirement::Gre006,
        "recursion-control",
        flags.recursion_control() == 0,
        flags.recursion_control().into(),
    );
    judge(
        Requirement::Gre008,
        "flags",
        flags.reserved_flags() == 0,
        flags.reserved_flags().into(),
    );
    judge(
        Requirement::Gre009,
        "version",
        flags.version() == 1,
        flags.version().into(),
    );
    judge(
        Requirement::Gre010,
        "protocol-type",
        protocol_type == GRE_PROTOCOL_PPP,
        protocol_type.into(),
    );
}

/// S, A and Payload Length against each other and against the `present` octets of payload.
fn judge_presence(findings: &mut Findings, header: &GreHeader, present: usize) {
    let length = header.payload_length;
    let seen = u32::from(length);
    let mut judge = |requirement, key, legal: bool, seen: u32| {
        if !legal {
            findings.add(requirement, key, 0, seen, false);
        }
    };
    let has_sequence_number = header.sequence_number.is_some();
    let has_payload = if has_sequence_number {
        length != 0
    } else {
        present != 0
    };
    judge(
        Requirement::Gre004,
        "sequence-number-present",
        has_sequence_number == has_payload,
        has_sequence_number.into(),
    );
    judge(
        Requirement::Gre011,
        "payload-length",
        usize::from(length) == present,
        seen,
    );
    if !has_sequence_number {
        match header.acknowledgment_number {
            None => judge(Requirement::Gre015, "acknowledgment-present", false, 0),
            Some(_) => judge(
                Requirement::Gre016,
                "payload-length",
                length == 0 && present == 0,
                seen,
            ),
        }
    } else {
        judge(
            Requirement::Tr011,
            "payload-length",
            length <= MAXIMUM_PAYLOAD_LENGTH,
            seen,
        );
    }
}

/// The payload as a PPP packet without media framing. Only witnesses that user data does not show by chance.
fn judge_ppp(findings: &mut Findings, header_length: usize, data: &[u8]) {
    let mut report = |requirement, seen: u32| {
        findings.add_at(requirement, "payload", header_length, seen, false)
    };
    // PPP-001: a flag, then the address octet, then the control octet, escaped or bare with a closing flag.
    let framed = data.starts_with(&[0x7E, 0xFF, 0x7D, 0x23])
        || data.starts_with(&[0x7E, 0xFF, 0x03]) && data.ends_with(&[0x7E]);
    if framed {
        report(Requirement::Ppp001, 0x7E);
        return;
    }
    let frame = PppFrame::parse(data);
    let Some(length) = frame.length else { return };
    // PPP-003: the packet's own length says that the rest of it is in another GRE packet.
    if usize::from(length) > frame.information.len() {
        report(Requirement::Ppp003, length.into());
    }
    // PPP-002: the packet's own length leaves two octets over, and they are its FCS.
    if frame.information.len() == usize::from(length) + 2 && has_fcs(data) {
        report(Requirement::Ppp002, length.into());
    }
    // PPP-004: LCP packets keep their address and control octets even where they may be left out (RFC 1661 §6.6).
    if frame.protocol == PppProtocol::LCP && !frame.address_control {
        report(Requirement::Ppp004, PppProtocol::LCP.0.into());
    }
}

#[cfg(test)]
mod tests;
