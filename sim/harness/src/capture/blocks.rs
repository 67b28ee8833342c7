//! Blocks of a pcapng file, written in little-endian order.

use super::pcapng::{APPLICATION, SECTION_HEADER_BLOCK};

const INTERFACE_DESCRIPTION_BLOCK: u32 = 1;
const ENHANCED_PACKET_BLOCK: u32 = 6;
const LINK_TYPE_ETHERNET: u16 = 1;
const OPT_COMMENT: u16 = 1;
const SHB_USERAPPL: u16 = 4;
const IF_NAME: u16 = 2;
const IF_TSRESOL: u16 = 9;
/// `if_tsresol` of nanoseconds: 10 to the power of -9.
const NANOSECONDS: u8 = 9;
/// Octets of a text option that are written at most.
const MAXIMUM_TEXT: usize = 4096;

/// Appends a section header and the description of one Ethernet interface with times in nanoseconds.
pub(crate) fn begin_section(out: &mut Vec<u8>, interface_name: &str) {
    let mut body = Vec::new();
    body.extend_from_slice(&0x1A2B_3C4D_u32.to_le_bytes());
    body.extend_from_slice(&1_u16.to_le_bytes());
    body.extend_from_slice(&0_u16.to_le_bytes());
    body.extend_from_slice(&u64::MAX.to_le_bytes());
    option(&mut body, SHB_USERAPPL, APPLICATION);
    end_of_options(&mut body);
    block(out, u32::from_le_bytes(SECTION_HEADER_BLOCK), &body);

    let mut body = Vec::new();
    body.extend_from_slice(&LINK_TYPE_ETHERNET.to_le_bytes());
    body.extend_from_slice(&0_u16.to_le_bytes());
    body.extend_from_slice(&0_u32.to_le_bytes());
    option(&mut body, IF_NAME, text(interface_name));
    option(&mut body, IF_TSRESOL, &[NANOSECONDS]);
    end_of_options(&mut body);
    block(out, INTERFACE_DESCRIPTION_BLOCK, &body);
}

/// Appends a packet of the section's only interface.
pub(crate) fn packet(out: &mut Vec<u8>, nanoseconds: u64, frame: &[u8], comment: Option<&str>) {
    let mut body = Vec::with_capacity(20 + frame.len() + 16);
    body.extend_from_slice(&0_u32.to_le_bytes());
    body.extend_from_slice(&((nanoseconds >> 32) as u32).to_le_bytes());
    body.extend_from_slice(&(nanoseconds as u32).to_le_bytes());
    body.extend_from_slice(&(frame.len() as u32).to_le_bytes());
    body.extend_from_slice(&(frame.len() as u32).to_le_bytes());
    body.extend_from_slice(frame);
    pad(&mut body);
    if let Some(comment) = comment {
        option(&mut body, OPT_COMMENT, text(comment));
        end_of_options(&mut body);
    }
    block(out, ENHANCED_PACKET_BLOCK, &body);
}

fn block(out: &mut Vec<u8>, block_type: u32, body: &[u8]) {
    let total = (body.len() as u32 + 12).to_le_bytes();
    out.extend_from_slice(&block_type.to_le_bytes());
    out.extend_from_slice(&total);
    out.extend_from_slice(body);
    out.extend_from_slice(&total);
}

fn option(body: &mut Vec<u8>, code: u16, value: &[u8]) {
    body.extend_from_slice(&code.to_le_bytes());
    body.extend_from_slice(&(value.len() as u16).to_le_bytes());
    body.extend_from_slice(value);
    pad(body);
}

fn end_of_options(body: &mut Vec<u8>) {
    body.extend_from_slice(&[0; 4]);
}

fn pad(body: &mut Vec<u8>) {
    body.resize(body.len().next_multiple_of(4), 0);
}

/// The octets of a text that are written: whole characters.
fn text(text: &str) -> &[u8] {
    &text.as_bytes()[..text.floor_char_boundary(MAXIMUM_TEXT)]
}
