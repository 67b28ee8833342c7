//! Validation: everything that a sender did wrong with one message, cited by requirement.
//!
//! Only what one message shows by itself is judged here. What needs a history (who may send it, when, which Call ID) is not.

mod gre;
mod judged;

pub use gre::validate_gre;
pub use judged::VALIDATED;

use crate::header::HEADER_FIELDS;
use crate::{
    ControlMessage, ControlMessageType, ErrorCode, Field, Findings, HEADER_LENGTH, Header,
    MAGIC_COOKIE, MAXIMUM_LENGTH, PptpMessageType, Requirement, Text, fields,
};

/// All findings on the octets of one control message: any octets at all.
///
/// Framing first (size, Length, types, cookie), then the fields of the message as far as they are there. `octets` is what the
/// sender put on the stream as one message; where their number is not what Length says, that is a finding itself (`HDR-002`).
pub fn validate_control(octets: &[u8]) -> Findings {
    if let Ok(message) = ControlMessage::decode(octets) {
        return message.judged(octets.len());
    }
    let mut padded = [0; MAXIMUM_LENGTH];
    let kept = octets.len().min(MAXIMUM_LENGTH);
    padded[..kept].copy_from_slice(&octets[..kept]);
    let header = padded.first_chunk().map_or(
        Header::for_type(ControlMessageType(0)),
        Header::decode_array,
    );
    let length = header
        .control_message_type
        .length()
        .map_or(HEADER_LENGTH, usize::from);
    let table = match fields(header.control_message_type) {
        known if !known.is_empty() && octets.len() >= HEADER_LENGTH => known,
        _ => &HEADER_FIELDS,
    };
    let mut findings = Findings::new(table);
    let mut judge = Judge {
        findings: &mut findings,
        present: octets.len(),
        is_junk: false,
    };
    judge.header(&header, octets.len());
    if octets.len() >= HEADER_LENGTH
        && let Ok(message) = ControlMessage::decode(&padded[..length])
    {
        message.body.judge(&mut judge);
    }
    findings
}

impl ControlMessage {
    /// All findings on the message, as it would be sent: framing, then field by field.
    #[inline]
    pub fn validate(&self) -> Findings {
        self.judged(usize::from(self.message_type().length().unwrap_or(0)))
    }

    #[inline]
    fn judged(&self, size: usize) -> Findings {
        let mut findings = Findings::new(fields(self.message_type()));
        let mut judge = Judge {
            findings: &mut findings,
            present: size,
            is_junk: false,
        };
        judge.header(&self.header, size);
        self.body.judge(&mut judge);
        findings
    }
}

/// Collects findings on one message. Findings on fields that are not there are dropped.
pub(crate) struct Judge<'a> {
    findings: &'a mut Findings,
    /// How many octets are there.
    present: usize,
    /// They are no message at all, by their Magic Cookie: what their byte order is means nothing.
    is_junk: bool,
}

impl Judge<'_> {
    /// Reports the field with this key.
    #[cold]
    pub(crate) fn report(&mut self, requirement: Requirement, key: &'static str, seen: u32) {
        self.report_across(requirement, key, key, seen);
    }

    /// Reports the field with this key, judged by what stands in fields up to that with the key `last`.
    #[cold]
    pub(crate) fn report_across(
        &mut self,
        requirement: Requirement,
        key: &'static str,
        last: &'static str,
        seen: u32,
    ) {
        let is_chance = self.is_junk && requirement == Requirement::Tr006;
        if self.reaches(last) && !is_chance {
            self.findings.add(requirement, key, 0, seen, false);
        }
    }

    /// A field that the RFC calls reserved is zero (`HDR-012` and the requirement of the message).
    #[inline]
    pub(crate) fn reserved(&mut self, requirement: Requirement, key: &'static str, value: u32) {
        if value != 0 {
            self.report(requirement, key, value);
            self.report(Requirement::Hdr012, key, value);
        }
    }

    /// A code is one of those that the RFC defines.
    #[inline]
    pub(crate) fn defined(
        &mut self,
        requirement: Requirement,
        key: &'static str,
        is_defined: bool,
        value: u32,
    ) {
        if !is_defined {
            self.report(requirement, key, value);
        }
    }

    /// As `defined`, for a code of four octets, which may have been sent in the wrong byte order (`TR-006`).
    #[inline]
    pub(crate) fn defined_word(
        &mut self,
        requirement: Requirement,
        key: &'static str,
        swapped_is_defined: bool,
        is_defined: bool,
        value: u32,
    ) {
        if !is_defined {
            self.report(requirement, key, value);
            self.byte_order(key, swapped_is_defined, value);
        }
    }

    /// An illegal value that is legal with its octets swapped was sent in the wrong byte order (`TR-006`).
    #[cold]
    pub(crate) fn byte_order(&mut self, key: &'static str, swapped_is_legal: bool, seen: u32) {
        if swapped_is_legal {
            self.report(Requirement::Tr006, key, seen);
        }
    }

    /// Bits beyond the two defined ones are violations; no bit at all is worth a note.
    #[inline]
    pub(crate) fn capabilities(&mut self, requirement: Requirement, key: &'static str, value: u32) {
        if matches!(value, 1..=3) {
            return;
        }
        if value == 0 {
            if self.reaches(key) {
                self.findings.add(requirement, key, 0, value, true);
            }
            return;
        }
        self.report(requirement, key, value);
        self.byte_order(key, matches!(value.swap_bytes(), 1..=3), value);
    }

    /// The Error Code is zero unless the Result Code is 2, and then one of the general errors (`ERR-001`).
    #[inline]
    pub(crate) fn error_code(
        &mut self,
        unless_general: Requirement,
        general: Requirement,
        result: u8,
        error: ErrorCode,
    ) {
        let legal = if result == 2 {
            matches!(error.0, 1..=6)
        } else {
            error.0 == 0
        };
        if !legal {
            let requirement = if result == 2 { general } else { unless_general };
            self.report(requirement, "error-code", error.0.into());
            if !error.is_defined() {
                self.report(Requirement::Err001, "error-code", error.0.into());
            }
        }
    }

    /// A window of no packets is worth a note (AMB-03).
    #[inline]
    pub(crate) fn window(&mut self, requirement: Requirement, packets: u16) {
        if packets == 0 {
            self.report(requirement, "packet-recv-window-size", 0);
        }
    }

    /// All octets after the first zero octet are zero.
    #[inline]
    pub(crate) fn zero_filled<const N: usize>(
        &mut self,
        requirement: Requirement,
        key: &'static str,
        text: &Text<N>,
    ) {
        let rest = &text.octets()[text.string().len()..];
        if rest.iter().fold(0, |seen, &octet| seen | octet) != 0 {
            self.report_octet(requirement, key, text, |index, octet| {
                index > text.string().len() && octet != 0
            });
        }
    }

    /// The string is ASCII, and all octets after it are zero.
    #[inline]
    pub(crate) fn ascii<const N: usize>(
        &mut self,
        requirement: Requirement,
        key: &'static str,
        text: &Text<N>,
    ) {
        if !text.string().is_ascii() {
            self.report_octet(requirement, key, text, |_, octet| octet >= 0x80);
        }
        self.zero_filled(requirement, key, text);
    }

    /// A length field counts the octets of the string in the text field with the key `counted`, at most all of them.
    #[inline]
    pub(crate) fn counted<const N: usize>(
        &mut self,
        requirement: Requirement,
        key: &'static str,
        length: u16,
        counted: &'static str,
        text: &Text<N>,
    ) {
        if usize::from(length) > N {
            self.report(requirement, key, length.into());
        } else if usize::from(length) != text.string().len() {
            self.report_across(requirement, key, counted, length.into());
        }
    }

    /// Reports the first octet of a text field that is wrong.
    #[cold]
    fn report_octet<const N: usize>(
        &mut self,
        requirement: Requirement,
        key: &'static str,
        text: &Text<N>,
        is_wrong: impl Fn(usize, u8) -> bool,
    ) {
        let wrong = text
            .octets()
            .iter()
            .enumerate()
            .find(|&(index, &octet)| is_wrong(index, octet));
        if let Some((index, &octet)) = wrong
            && self.reaches(key)
        {
            self.findings
                .add(requirement, key, index, octet.into(), false);
        }
    }

    /// Whether the octets reach to the end of the field with this key.
    #[cold]
    fn reaches(&self, key: &str) -> bool {
        self.findings
            .field(key)
            .is_some_and(|field: &Field| field.end() <= self.present)
    }

    /// Size, Length, types, cookie, Reserved0.
    #[inline]
    fn header(&mut self, header: &Header, size: usize) {
        let expected = Header::for_type(header.control_message_type);
        if *header != expected
            || size != usize::from(header.length)
            || !header.control_message_type.is_defined()
        {
            self.wrong_header(header, size);
        }
    }

    #[cold]
    fn wrong_header(&mut self, header: &Header, size: usize) {
        let length = header.length;
        let cookies = [MAGIC_COOKIE, MAGIC_COOKIE.swap_bytes()];
        self.is_junk = !cookies.contains(&header.magic_cookie);
        if size < HEADER_LENGTH {
            self.findings
                .add(Requirement::Hdr001, "length", 0, size as u32, false);
        }
        if size != usize::from(length) {
            self.report(Requirement::Hdr002, "length", length.into());
        }
        if let Some(legal) = header.control_message_type.length()
            && legal != length
        {
            self.report_across(
                Requirement::Hdr003,
                "length",
                "control-message-type",
                length.into(),
            );
            if legal.swap_bytes() == length {
                self.report_across(
                    Requirement::Tr006,
                    "length",
                    "control-message-type",
                    length.into(),
                );
            }
        }
        let pptp_message_type = header.pptp_message_type;
        if pptp_message_type != PptpMessageType::CONTROL {
            let seen = pptp_message_type.0.into();
            self.report(Requirement::Hdr004, "pptp-message-type", seen);
            if pptp_message_type == PptpMessageType::MANAGEMENT {
                self.report(Requirement::Hdr005, "pptp-message-type", seen);
            }
            self.byte_order(
                "pptp-message-type",
                PptpMessageType(pptp_message_type.0.swap_bytes()).is_defined(),
                seen,
            );
        }
        if header.magic_cookie != MAGIC_COOKIE {
            self.report(Requirement::Hdr006, "magic-cookie", header.magic_cookie);
            self.byte_order(
                "magic-cookie",
                header.magic_cookie.swap_bytes() == MAGIC_COOKIE,
                header.magic_cookie,
            );
        }
        let control_message_type = header.control_message_type;
        if !control_message_type.is_defined() {
            let seen = control_message_type.0.into();
            let swapped = ControlMessageType(control_message_type.0.swap_bytes());
            self.report(Requirement::Hdr010, "control-message-type", seen);
            self.byte_order("control-message-type", swapped.is_defined(), seen);
        }
        self.reserved(Requirement::Hdr011, "reserved0", header.reserved0.into());
    }
}

#[cfg(test)]
mod tests;
