//! Start-Control-Connection-Request (RFC 2637 §2.1).

use super::declaration::message;
use crate::validate::Judge;
use crate::{
    BearerCapabilities, FieldKind, FramingCapabilities, ProtocolVersion, Requirement, Text,
};

message! {
    /// Start-Control-Connection-Request (RFC 2637 §2.1): the originator, PAC or PNS, asks for a control connection. 156 octets.
    StartControlConnectionRequest = START_CONTROL_CONNECTION_REQUEST, 156 octets {
        /// Octets 12-13: the version that the sender wishes to use: version, then revision.
        12 protocol_version: ProtocolVersion = ProtocolVersion::V1_0, "Protocol Version", FieldKind::Hexadecimal;
        /// Octets 14-15: zero (`HDR-012`).
        14 reserved1: u16 = 0, "Reserved1", FieldKind::Reserved;
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

impl StartControlConnectionRequest {
    /// Reports what the fields after the header break.
    #[inline]
    pub(crate) fn judge(&self, judge: &mut Judge<'_>) {
        if !self.protocol_version.is_defined() {
            // SCCRQ-002
            judge.report(
                Requirement::Sccrq002,
                "protocol-version",
                self.protocol_version.0.into(),
            );
            judge.byte_order(
                "protocol-version",
                self.protocol_version.0.swap_bytes() == ProtocolVersion::V1_0.0,
                self.protocol_version.0.into(),
            );
        }
        judge.reserved(Requirement::Sccrq003, "reserved1", self.reserved1.into());
        judge.capabilities(
            Requirement::Sccrq004,
            "framing-capabilities",
            self.framing_capabilities.0,
        );
        judge.capabilities(
            Requirement::Sccrq005,
            "bearer-capabilities",
            self.bearer_capabilities.0,
        );
        judge.zero_filled(Requirement::Sccrq010, "host-name", &self.host_name);
        judge.zero_filled(Requirement::Sccrq011, "vendor-name", &self.vendor_name);
    }
}
