//! What one message shows by itself.

use super::{Case, case};
use crate::history::*;
use pptp_wire::Requirement::*;
use pptp_wire::*;

/// The octets of a message with other octets in place of some.
fn patched(message: impl Into<ControlMessage>, at: usize, octets: &[u8]) -> Vec<u8> {
    let mut buffer = [0; MAXIMUM_LENGTH];
    let mut patched = message.into().encode(&mut buffer).to_vec();
    patched[at..at + octets.len()].copy_from_slice(octets);
    patched
}

impl History {
    fn patch(
        &mut self,
        from: pptp_rules::End,
        message: impl Into<ControlMessage>,
        at: usize,
        octets: &[u8],
    ) -> &mut Self {
        self.octets(from, &patched(message, at, octets), None)
            .turn()
    }
}

pub fn breaks() -> Vec<Case> {
    let mut cases = header();
    cases.extend(control_connection());
    cases.extend(call());
    cases.extend(packet());
    cases
}

fn header() -> Vec<Case> {
    vec![
        case(Hdr001, PNS, "five octets", |h| {
            h.started()
                .octets(
                    PNS,
                    &[0, 5, 0, 1, 0x1A],
                    Some(FramingErrorKind::LengthTooShort),
                )
                .turn();
        }),
        case(Hdr002, PNS, "Length is not the size", |h| {
            let mut octets = patched(echo(1), 0, &[]);
            octets.push(0);
            h.started().octets(PNS, &octets, None).turn();
        }),
        case(Hdr020, PNS, "half a message", |h| {
            let octets = patched(echo(1), 0, &[]);
            h.started().octets(PNS, &octets[..14], None).turn();
        }),
        case(Hdr002, PNS, "junk after a wrong Length", |h| {
            h.started().patch(PNS, echo(1), 0, &[0, 14]);
            h.octets(PNS, &[0; 16], Some(FramingErrorKind::BadCookie))
                .turn();
        }),
        case(Hdr003, PNS, "Length of another type", |h| {
            h.started().patch(PNS, echo(1), 0, &[0, 20]);
        }),
        case(Hdr004, PNS, "no control message", |h| {
            h.started().patch(PNS, echo(1), 2, &[0, 3]);
        }),
        case(Hdr005, PNS, "a management message", |h| {
            h.started().patch(PNS, echo(1), 2, &[0, 2]);
        }),
        case(Hdr006, PNS, "another cookie", |h| {
            h.started();
            h.octets(
                PNS,
                &patched(echo(1), 4, &[0]),
                Some(FramingErrorKind::BadCookie),
            )
            .turn();
        }),
        case(Hdr010, PNS, "type 16", |h| {
            h.started().patch(PNS, echo(1), 8, &[0, 16]);
        }),
        case(Hdr011, PNS, "Reserved0", |h| {
            h.started().patch(PNS, echo(1), 10, &[0, 1]);
        }),
        case(Hdr012, PNS, "a reserved field", |h| {
            h.started()
                .patch(PNS, StopControlConnectionRequest::default(), 13, &[1]);
        }),
        case(Tr006, PNS, "version in the wrong order", |h| {
            h.open(PNS);
            h.patch(PNS, request_from(PNS), 12, &[0, 1]);
        }),
        case(Err001, PAC, "general error 7", |h| {
            h.started()
                .say(PNS, call_request())
                .patch(PAC, call_refusal(), 16, &[2, 7]);
        }),
    ]
}

macro_rules! patches {
    ($($requirement:ident $end:ident $before:expr, $message:expr, $at:literal, $octets:expr;)*) => {
        vec![$(case($requirement, $end, stringify!($message at $at), |h| {
            let before: fn(&mut History) = $before;
            before(h);
            h.patch($end, $message, $at, &$octets);
        })),*]
    };
}

fn control_connection() -> Vec<Case> {
    let mut cases = patches! {
        Sccrq002 PNS |h| { h.open(PNS); }, request_from(PNS), 12, [2, 0];
        Sccrq003 PNS |h| { h.open(PNS); }, request_from(PNS), 15, [1];
        Sccrq004 PNS |h| { h.open(PNS); }, request_from(PNS), 19, [4];
        Sccrq005 PNS |h| { h.open(PNS); }, request_from(PNS), 23, [8];
        Sccrq010 PNS |h| { h.open(PNS); }, request_from(PNS), 90, [1];
        Sccrq011 PNS |h| { h.open(PNS); }, request_from(PNS), 155, [1];
        Sccrp002 PAC |h| { h.open(PNS); h.say(PNS, request_from(PNS)); }, reply_from(PAC), 12, [2, 0];
        Sccrp003 PAC |h| { h.open(PNS); h.say(PNS, request_from(PNS)); }, reply_from(PAC), 14, [6];
        Sccrp004 PAC |h| { h.open(PNS); h.say(PNS, request_from(PNS)); }, reply_from(PAC), 15, [1];
        Sccrp005 PAC |h| { h.open(PNS); h.say(PNS, request_from(PNS)); }, reply_from(PAC), 14, [2, 0];
        Sccrp006 PAC |h| { h.open(PNS); h.say(PNS, request_from(PNS)); }, reply_from(PAC), 19, [4];
        Sccrp007 PAC |h| { h.open(PNS); h.say(PNS, request_from(PNS)); }, reply_from(PAC), 23, [8];
        Sccrp012 PAC |h| { h.open(PNS); h.say(PNS, request_from(PNS)); }, reply_from(PAC), 90, [1];
        Sccrp013 PAC |h| { h.open(PNS); h.say(PNS, request_from(PNS)); }, reply_from(PAC), 155, [1];
    };
    cases.extend(patches! {
        Stcrq002 PNS |h| { h.started(); }, StopControlConnectionRequest::default(), 12, [0];
        Stcrq004 PNS |h| { h.started(); }, StopControlConnectionRequest::default(), 15, [1];
        Stcrp002 PAC |h| { h.started().say(PNS, StopControlConnectionRequest::default()); }, StopControlConnectionReply::default(), 12, [3];
        Stcrp003 PAC |h| { h.started().say(PNS, StopControlConnectionRequest::default()); }, StopControlConnectionReply::default(), 13, [1];
        Stcrp004 PAC |h| { h.started().say(PNS, StopControlConnectionRequest::default()); }, StopControlConnectionReply::default(), 15, [1];
        Ecrp003 PAC |h| { h.started().say(PNS, echo(1)); }, echo_reply(1), 16, [0];
        Ecrp004 PAC |h| { h.started().say(PNS, echo(1)); }, echo_reply(1), 17, [1];
        Ecrp005 PAC |h| { h.started().say(PNS, echo(1)); }, echo_reply(1), 19, [1];
    });
    cases
}

fn call() -> Vec<Case> {
    let mut cases = patches! {
        Ocrq005 PNS |h| { h.started(); }, call_request(), 16, [0xFF];
        Ocrq006 PNS |h| { h.started(); }, call_request(), 27, [4];
        Ocrq007 PNS |h| { h.started(); }, call_request(), 31, [0];
        Ocrq008 PNS |h| { h.started(); }, call_request(), 32, [0, 0];
        Ocrq009 PNS |h| { h.started(); }, call_request(), 34, [0, 11];
        Ocrq010 PNS |h| { h.started(); }, call_request(), 37, [65];
        Ocrq011 PNS |h| { h.started(); }, call_request(), 39, [1];
        Ocrq012 PNS |h| { h.started(); }, call_request(), 100, [1];
        Ocrq013 PNS |h| { h.started(); }, call_request(), 160, [1];
        Ocrp004 PAC |h| { h.started().say(PNS, call_request()); }, call_reply(), 16, [8];
        Ocrp005 PAC |h| { h.started().say(PNS, call_request()); }, call_reply(), 17, [1];
        Ocrp006 PAC |h| { h.started().say(PNS, call_request()); }, call_reply(), 19, [1];
        Ocrp007 PAC |h| { h.started().say(PNS, call_request()); }, call_reply(), 20, [0, 0, 0, 100];
        Ocrp008 PAC |h| { h.started().say(PNS, call_request()); }, call_reply(), 24, [0, 0];
    };
    cases.extend(patches! {
        Icrq004 PAC |h| { h.started(); }, ring(), 19, [3];
        Icrq007 PAC |h| { h.started(); }, ring(), 25, [65];
        Icrq008 PAC |h| { h.started(); }, ring(), 90, [1];
        Icrp004 PNS |h| { h.started().say(PAC, ring()); }, ring_reply(), 16, [4];
        Icrp005 PNS |h| { h.started().say(PAC, ring()); }, ring_reply(), 17, [1];
        Icrp006 PNS |h| { h.started().say(PAC, ring()); }, ring_reply(), 18, [0, 0];
        Icrp008 PNS |h| { h.started().say(PAC, ring()); }, ring_reply(), 23, [1];
        Iccn003 PAC |h| { h.started().say(PAC, ring()).say(PNS, ring_reply()); }, ring_connected(), 15, [1];
        Iccn004 PAC |h| { h.started().say(PAC, ring()).say(PNS, ring_reply()); }, ring_connected(), 16, [0, 0, 0, 0];
        Iccn005 PAC |h| { h.started().say(PAC, ring()).say(PNS, ring_reply()); }, ring_connected(), 20, [0, 0];
        Iccn007 PAC |h| { h.started().say(PAC, ring()).say(PNS, ring_reply()); }, ring_connected(), 27, [3];
    });
    cases.extend(patches! {
        Cclr003 PNS |h| { h.called(); }, clear(PNS_ID), 15, [1];
        Cdn004 PAC |h| { h.called(); }, disconnect(PAC_ID, 3), 14, [5];
        Cdn006 PAC |h| { h.called(); }, disconnect(PAC_ID, 3), 15, [1];
        Cdn008 PAC |h| { h.called(); }, disconnect(PAC_ID, 3), 19, [1];
        Cdn009 PAC |h| { h.called(); }, disconnect(PAC_ID, 3), 20, [0xE9];
        Wen007 PAC |h| { h.called(); }, line_errors(1), 15, [1];
        Sli003 PNS |h| { h.called(); }, link_info(PAC_ID), 15, [1];
    });
    cases
}

/// A data packet of the PNS with other octets in place of some.
fn broken_packet(h: &mut History, at: usize, octets: &[u8]) {
    let mut packet = gre(GreHeader::data(CallId(PAC_ID), 0, None, 40));
    packet[at..at + octets.len()].copy_from_slice(octets);
    h.called().packet(PNS, PAC, &packet, None).turn();
}

/// A data packet of the PNS with this payload.
fn payload(h: &mut History, payload: &[u8]) {
    let mut packet = gre(GreHeader::data(
        CallId(PAC_ID),
        0,
        None,
        payload.len() as u16,
    ));
    packet[12..].copy_from_slice(payload);
    h.called().packet(PNS, PAC, &packet, None).turn();
}

fn packet() -> Vec<Case> {
    vec![
        case(Gre001, PNS, "checksum present", |h| {
            broken_packet(h, 0, &[0xB0])
        }),
        case(Gre002, PNS, "routing present", |h| {
            broken_packet(h, 0, &[0x70])
        }),
        case(Gre003, PNS, "no key", |h| broken_packet(h, 0, &[0x10])),
        case(Gre004, PNS, "data without a sequence number", |h| {
            let mut packet = gre(GreHeader::acknowledgment_only(CallId(PAC_ID), 0));
            packet.extend([0xFF; 8]);
            h.called().packet(PNS, PAC, &packet, None).turn();
        }),
        case(Gre005, PNS, "strict source route", |h| {
            broken_packet(h, 0, &[0x38])
        }),
        case(Gre006, PNS, "recursion", |h| broken_packet(h, 0, &[0x31])),
        case(Gre007, PNS, "the acknowledgment is cut off", |h| {
            h.called()
                .packet(
                    PNS,
                    PAC,
                    &gre(GreHeader::acknowledgment_only(CallId(PAC_ID), 0))[..10],
                    None,
                )
                .turn();
        }),
        case(Gre008, PNS, "flags", |h| broken_packet(h, 1, &[0x09])),
        case(Gre009, PNS, "version 0", |h| broken_packet(h, 1, &[0])),
        case(Gre010, PNS, "another protocol", |h| {
            broken_packet(h, 2, &[8, 0])
        }),
        case(Gre011, PNS, "Payload Length", |h| {
            broken_packet(h, 4, &[0, 41])
        }),
        case(Gre013, PNS, "the sequence number is cut off", |h| {
            h.called()
                .packet(
                    PNS,
                    PAC,
                    &gre(GreHeader::data(CallId(PAC_ID), 0, None, 0))[..10],
                    None,
                )
                .turn();
        }),
        case(Gre015, PNS, "neither number", |h| {
            h.called()
                .packet(PNS, PAC, &[0x20, 1, 0x88, 0x0B, 0, 0, 0xA0, 1], None)
                .turn();
        }),
        case(
            Gre016,
            PNS,
            "acknowledgment-only with Payload Length",
            |h| {
                let mut packet = gre(GreHeader::acknowledgment_only(CallId(PAC_ID), 0));
                packet[5] = 1;
                h.called().packet(PNS, PAC, &packet, None).turn();
            },
        ),
        case(Tr011, PNS, "1533 octets", |h| {
            let packet = gre(GreHeader::data(CallId(PAC_ID), 0, None, 1_533));
            h.called().packet(PNS, PAC, &packet, None).turn();
        }),
        case(Ppp001, PNS, "HDLC framing", |h| {
            payload(h, &[0x7E, 0xFF, 0x7D, 0x23, 0, 0, 0x7E])
        }),
        case(Ppp002, PNS, "an FCS", |h| {
            let frame = [0xFF, 0x03, 0xC0, 0x21, 9, 1, 0, 8, 0, 0, 0, 0];
            let fcs = fcs(&frame);
            payload(h, &[&frame[..], &fcs].concat());
        }),
        case(Ppp003, PNS, "half of an LCP packet", |h| {
            payload(h, &[0xFF, 0x03, 0xC0, 0x21, 9, 1, 0, 40, 0, 0])
        }),
        case(Ppp004, PNS, "LCP without address and control", |h| {
            payload(h, &[0xC0, 0x21, 9, 1, 0, 8, 0, 0, 0, 0])
        }),
    ]
}

/// FCS-16 of RFC 1662 Appendix C, computed bit by bit.
fn fcs(octets: &[u8]) -> [u8; 2] {
    let fcs = octets.iter().fold(0xFFFF_u16, |fcs, &octet| {
        (0..8).fold(fcs ^ u16::from(octet), |fcs, _| {
            if fcs & 1 == 1 {
                fcs >> 1 ^ 0x8408
            } else {
                fcs >> 1
            }
        })
    });
    (!fcs).to_le_bytes()
}
