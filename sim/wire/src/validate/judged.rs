//! The requirements that validation judges.

use crate::Requirement::{self, *};

/// Every requirement that [`validate_control`](crate::validate_control) and [`validate_gre`](crate::validate_gre) can cite: what one
/// message shows by itself. In the order of the table.
#[rustfmt::skip]
pub const VALIDATED: &[Requirement] = &[
    Tr006, Tr011, Hdr001, Hdr002, Hdr003, Hdr004, Hdr005, Hdr006, Hdr010, Hdr011, Hdr012, Sccrq002,
    Sccrq003, Sccrq004, Sccrq005, Sccrq010, Sccrq011, Sccrp002, Sccrp003, Sccrp004, Sccrp005,
    Sccrp006, Sccrp007, Sccrp012, Sccrp013, Stcrq002, Stcrq004, Stcrp002, Stcrp003, Stcrp004,
    Ecrp003, Ecrp004, Ecrp005, Ocrq005, Ocrq006, Ocrq007, Ocrq008, Ocrq010, Ocrq011, Ocrq012,
    Ocrq013, Ocrp004, Ocrp005, Ocrp006, Ocrp007, Ocrp008, Icrq004, Icrq007, Icrq008, Icrp004,
    Icrp005, Icrp006, Icrp008, Iccn003, Iccn004, Iccn005, Iccn007, Cclr003, Cdn004, Cdn006, Cdn008,
    Cdn009, Wen002, Wen007, Sli003, Err001, Gre001, Gre002, Gre003, Gre004, Gre005, Gre006, Gre007,
    Gre008, Gre009, Gre010, Gre011, Gre013, Gre015, Gre016, Ppp001, Ppp002, Ppp003, Ppp004,
];

#[cfg(test)]
mod tests {
    use super::VALIDATED;
    use crate::hdlc::fcs16;
    use crate::*;
    use std::collections::BTreeSet;

    /// Messages of every type, each with something wrong in one field or at one octet, or cut.
    fn control_messages() -> Vec<Vec<u8>> {
        let mut wrong = Vec::new();
        for message_type in (1..=15).map(ControlMessageType) {
            let message = ControlMessage::default_for(message_type).expect("a defined type");
            let octets = Raw::control(message).into_octets();
            for field in fields(message_type) {
                let place = field.offset..field.end();
                for filling in [0, 0xFF] {
                    let mut filled = octets.clone();
                    filled[place.clone()].fill(filling);
                    wrong.push(filled);
                }
                let mut swapped = octets.clone();
                swapped[place].reverse();
                wrong.push(swapped);
            }
            for position in 0..octets.len() {
                for value in [0, 1, 2, 3, 4, 9, 0x80] {
                    let mut changed = octets.clone();
                    changed[position] = value;
                    wrong.push(changed);
                }
                wrong.push(octets[..position].to_vec());
            }
        }
        wrong
    }

    /// GRE packets with every bit of the first four octets changed, cut everywhere, and with payloads that are none.
    fn packets() -> Vec<Vec<u8>> {
        let carrying = |payload: &[u8]| {
            let header = GreHeader::data(CallId(1), 2, Some(3), payload.len() as u16);
            Raw::gre(&header, payload).into_octets()
        };
        let echo = [0xFF, 0x03, 0xC0, 0x21, 9, 1, 0, 8, 1, 2, 3, 4];
        let packet = carrying(&echo);
        let acknowledgment =
            Raw::gre(&GreHeader::acknowledgment_only(CallId(1), 3), &[1]).into_octets();
        let mut wrong = vec![acknowledgment, carrying(&vec![0; 1533])];
        for bit in 0..32 {
            let mut changed = packet.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            wrong.push(changed);
        }
        wrong.extend((0..packet.len()).map(|length| packet[..length].to_vec()));
        wrong.push(carrying(&[0x7E, 0xFF, 0x7D, 0x23, 0xC0]));
        wrong.push(carrying(&[&echo[..], &fcs16(&echo).to_le_bytes()].concat()));
        wrong.push(carrying(&[0xFF, 0x03, 0xC0, 0x21, 9, 1, 0, 80]));
        wrong.push(carrying(&echo[2..]));
        wrong
    }

    #[test]
    fn what_validation_can_cite_is_what_the_table_says() {
        let mut cited = BTreeSet::new();
        for octets in control_messages() {
            let findings = validate_control(&octets);
            cited.extend(findings.iter().map(|finding| finding.requirement));
        }
        for octets in packets() {
            let findings = validate_gre(&octets);
            cited.extend(findings.iter().map(|finding| finding.requirement));
        }
        let table: BTreeSet<Requirement> = VALIDATED.iter().copied().collect();
        assert_eq!(cited, table);
        assert_eq!(VALIDATED.len(), table.len());
    }
}
