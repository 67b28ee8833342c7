//! Start-Control-Connection-Reply (RFC 2637 §2.2).

use super::declaration::message;
use crate::validate::Judge;
use crate::{
    BearerCapabilities, ErrorCode, FieldKind, FramingCapabilities, ProtocolVersion, Requirement,
    StartResult, Text,
};

message! {
    /// Start-Control-Connection-Reply (RFC 2637 §2.2): the receiver, PAC or PNS, answers the request for a control connection. 156 octets.
    StartControlConnectionReply = START_CONTROL_CONNECTION_REPLY, 156 octets {
        /// Octets 12-13: the version that the replying end wishes to use.
        12 protocol_version: ProtocolVersion = ProtocolVersion::V1_0, "Protocol Version", FieldKind::Hexadecimal;
        /// Octet 14: how the attempt to establish the control connection went.
        14 result_code: StartResult = StartResult::OK, "Result Code", FieldKind::Code(StartResult::NAMES);
        /// Octet 15: the general error, zero unless Result Code is 2, then 1 to 6 (`SCCRP-004`, `ERR-001`).
        15 error_code: ErrorCode = ErrorCode::NONE, "Error Code", FieldKind::Code(ErrorCode::NAMES);
        /// Octets 16-19: the kinds of framing that the sender can provide: a set of bits.
        16 framing_capabilities: FramingCapabilities = FramingCapabilities::BOTH, "Framing Capabilities", FieldKind::Unsigned;
        /// Octets 20-23: the bearers that the sender can provide: a set of bits.
        20 bearer_capabilities: BearerCapabilities = BearerCapabilities::BOTH, "Bearer Capabilities", FieldKind::Unsigned;
        /// Octets 24-25: how many PPP sessions a PAC can support; a PNS sends 0.
        24 maximum_channels: u16 = 0, "Maximum Channels", FieldKind::Unsigned;
        /// Octets 26-27: firmware revision of a PAC, driver version of a PNS.
        26 firmware_revision: u16 = 0, "Firmware Revision", FieldKind::Unsigned;
        /// Octets 28-91: DNS name of the sender, zero filled.
        28 host_name: Text<64> = Text::EMPTY, "Host Name", FieldKind::Text;
        /// Octets 92-155: kind of PAC or PNS software, zero filled.
        92 vendor_name: Text<64> = Text::EMPTY, "Vendor Name", FieldKind::Text;
    }
}

impl StartControlConnectionReply {
    /// Reports what the fields after the header break.
    #[inline]
    pub(crate) fn judge(&self, judge: &mut Judge<'_>) {
        // SCCRP-002: this document defines one version; a reply that refuses may name any (AMB-20).
        if !self.protocol_version.is_defined() && self.result_code == StartResult::OK {
            judge.report_across(
                Requirement::Sccrp002,
                "protocol-version",
                "result-code",
                self.protocol_version.0.into(),
            );
            judge.byte_order(
                "protocol-version",
                self.protocol_version.0.swap_bytes() == ProtocolVersion::V1_0.0,
                self.protocol_version.0.into(),
            );
        }
        judge.defined(
            Requirement::Sccrp003,
            "result-code",
            self.result_code.is_defined(),
            self.result_code.0.into(),
        );
        judge.error_code(
            Requirement::Sccrp004,
            Requirement::Sccrp005,
            self.result_code.0,
            self.error_code,
        );
        judge.capabilities(
            Requirement::Sccrp006,
            "framing-capabilities",
            self.framing_capabilities.0,
        );
        judge.capabilities(
            Requirement::Sccrp007,
            "bearer-capabilities",
            self.bearer_capabilities.0,
        );
        judge.zero_filled(Requirement::Sccrp012, "host-name", &self.host_name);
        judge.zero_filled(Requirement::Sccrp013, "vendor-name", &self.vendor_name);
    }
}
