//! One direction of a control connection: from octets to messages, and how it finds back into step.

use pptp_wire::{
    FRAMER_CAPACITY, Framer, FramerConfig, FramingError, FramingErrorKind, HEADER_LENGTH, Header,
    MAXIMUM_LENGTH, PptpMessageType, Requirement, validate_control,
};

use super::item::{Control, Finding, Framing, Item, ItemKind};
use crate::capture::{Flow, Stamp};

/// A capture decoder shows every message whose end can be found: any Length that the framer can hold, any PPTP Message Type.
const TOLERANT: FramerConfig = FramerConfig {
    minimum_length: 8,
    maximum_length: FRAMER_CAPACITY as u16,
    accept_any_pptp_message_type: true,
    accept_any_magic_cookie: false,
    resynchronise: false,
};

/// Decodes one direction.
#[derive(Debug)]
pub(super) struct StreamDecoder {
    framer: Framer,
    /// The octets of the message that the framer has begun.
    begun: Vec<u8>,
    /// The latest frame that brought one of them.
    begun_in: Stamp,
    /// Octets of the stream seen so far.
    position: u64,
    step: Step,
    ended: bool,
}

#[derive(Copy, Clone, Debug, Eq, PartialEq)]
enum Step {
    In,
    /// The sender's octets are no messages, from this position on.
    Lost {
        since: u64,
    },
    /// The capture does not hold the octets before.
    Missing,
}

/// Receives items.
type Out<'o> = dyn FnMut(Item<'_>) + 'o;

/// One call's constant surroundings.
#[derive(Copy, Clone)]
struct Place {
    flow: Flow,
    released: Stamp,
}

impl StreamDecoder {
    /// At the beginning of the stream, or, if that is not in the capture, somewhere in it.
    pub(super) fn new(start_seen: bool) -> Self {
        StreamDecoder {
            framer: Framer::new(TOLERANT),
            begun: Vec::new(),
            begun_in: Stamp::default(),
            position: 0,
            step: if start_seen { Step::In } else { Step::Missing },
            ended: false,
        }
    }

    /// Takes the next octets, which all came in one segment.
    pub(super) fn octets(
        &mut self,
        flow: Flow,
        octets: &[u8],
        arrived: Stamp,
        released: Stamp,
        starts_segment: bool,
        out: &mut Out<'_>,
    ) {
        let place = Place { flow, released };
        let begins_message = starts_segment && begins_with_header(octets);
        if self.step == Step::In {
            let begins_in_step = self.begun.is_empty();
            if self.messages(octets, arrived, place, None, out) {
                // A Length that claimed too much took the beginning of this segment: what stands there is worth showing.
                if begins_message && !begins_in_step {
                    self.find_step(octets, arrived, place, out);
                }
            }
        } else if begins_message {
            self.find_step(octets, arrived, place, out);
        } else {
            tell(octets, arrived, place, Framing::OutOfStep, Vec::new(), out);
        }
        self.position += octets.len() as u64;
    }

    /// Octets are missing in the capture: the next message can only be found at the beginning of a segment.
    pub(super) fn missing(&mut self, flow: Flow, released: Stamp, out: &mut Out<'_>) {
        self.unfinished(Place { flow, released }, Vec::new(), out);
        self.step = Step::Missing;
        self.framer = Framer::new(TOLERANT);
    }

    /// No more octets will come: the sender closed the stream in good order (`closed`), or the connection is over.
    pub(super) fn ends(&mut self, flow: Flow, released: Stamp, closed: bool, out: &mut Out<'_>) {
        if self.ended {
            return;
        }
        self.ended = true;
        let mut findings = Vec::new();
        if closed && let Some(&[high, low]) = self.begun.first_chunk() {
            let length = u16::from_be_bytes([high, low]);
            let detail = format!(
                "the stream ends after {} of the {length} octets that length claims",
                self.begun.len()
            );
            findings.push(Finding {
                requirement: Requirement::Hdr002,
                detail,
            });
        } else if closed && !self.begun.is_empty() {
            findings.push(Finding {
                requirement: Requirement::Hdr020,
                detail: "the stream ends after one octet of a message".to_owned(),
            });
        }
        self.unfinished(Place { flow, released }, findings, out);
    }

    fn unfinished(&mut self, place: Place, findings: Vec<Finding>, out: &mut Out<'_>) {
        if !self.begun.is_empty() {
            let begun = std::mem::take(&mut self.begun);
            tell(
                &begun,
                self.begun_in,
                place,
                Framing::Unfinished,
                findings,
                out,
            );
        }
    }

    /// Goes on with a segment that begins with a valid header, as if the stream began there.
    fn find_step(&mut self, octets: &[u8], arrived: Stamp, place: Place, out: &mut Out<'_>) {
        let note = match self.step {
            Step::Lost { since } => Some(Finding {
                requirement: Requirement::Hdr009,
                detail: format!(
                    "the stream was out of step from octet {since} on; decoding goes on at octet {}, where a segment begins with a valid header",
                    self.position
                ),
            }),
            Step::In | Step::Missing => None,
        };
        self.framer = Framer::new(TOLERANT);
        self.begun.clear();
        self.step = Step::In;
        self.messages(octets, arrived, place, note, out);
    }

    /// Frames the octets; `true` if the step was lost in them. `note` belongs to the first message.
    fn messages(
        &mut self,
        octets: &[u8],
        arrived: Stamp,
        place: Place,
        mut note: Option<Finding>,
        out: &mut Out<'_>,
    ) -> bool {
        let mut rest = octets;
        loop {
            let before = rest;
            let ended_in = if self.begun.is_empty() {
                arrived
            } else {
                arrived.max(self.begun_in)
            };
            match self.framer.push(&mut rest) {
                Some(Ok(frame)) => {
                    self.begun.clear();
                    let framing = rfc_error(frame.octets).map_or(Framing::Whole, Framing::Faulty);
                    let mut findings: Vec<Finding> = note.take().into_iter().collect();
                    findings.extend(validate_control(frame.octets).iter().map(Finding::from));
                    tell(frame.octets, ended_in, place, framing, findings, out);
                }
                Some(Err(error)) => {
                    let mut lost = std::mem::take(&mut self.begun);
                    let since =
                        self.position + (octets.len() - before.len()) as u64 - lost.len() as u64;
                    self.step = Step::Lost { since };
                    lost.extend_from_slice(before);
                    let mut findings: Vec<Finding> = note.take().into_iter().collect();
                    findings.extend(lost_findings(&lost, since, error));
                    tell(
                        &lost,
                        ended_in,
                        place,
                        Framing::Lost(error.kind),
                        findings,
                        out,
                    );
                    return true;
                }
                None => {
                    if !before.is_empty() {
                        let known = self.begun.len();
                        self.begun.extend_from_slice(before);
                        self.begun_in = ended_in;
                        if known < 2 && claims_too_much(&self.begun) {
                            out(Item {
                                stamp: ended_in,
                                released: place.released,
                                kind: ItemKind::LosingStep(place.flow),
                            });
                        }
                    }
                    return false;
                }
            }
        }
    }
}

fn tell(
    octets: &[u8],
    stamp: Stamp,
    place: Place,
    framing: Framing,
    findings: Vec<Finding>,
    out: &mut Out<'_>,
) {
    let control = Control {
        flow: place.flow,
        octets,
        framing,
        findings,
    };
    out(Item {
        stamp,
        released: place.released,
        kind: ItemKind::Control(control),
    });
}

/// What is wrong with the octets at which the step was lost, and that it was.
fn lost_findings(octets: &[u8], since: u64, error: FramingError) -> Vec<Finding> {
    let error = FramingError {
        position: since,
        ..error
    };
    let claimed = octets
        .first_chunk()
        .map_or(0, |&length| usize::from(u16::from_be_bytes(length)));
    // Octets behind those that Length claims are another message's, if anything's.
    let own = match claimed {
        HEADER_LENGTH..=MAXIMUM_LENGTH => &octets[..octets.len().min(claimed)],
        _ => octets,
    };
    let mut findings: Vec<Finding> = validate_control(own).iter().map(Finding::from).collect();
    let detail = format!("out of step: {error}");
    findings.push(Finding {
        requirement: Requirement::Hdr009,
        detail,
    });
    findings
}

/// What puts a receiver that follows RFC 2637 out of step, in a message that the tolerant framer took.
fn rfc_error(octets: &[u8]) -> Option<FramingErrorKind> {
    if octets.len() < HEADER_LENGTH {
        return Some(FramingErrorKind::LengthTooShort);
    }
    if octets.len() > MAXIMUM_LENGTH {
        return Some(FramingErrorKind::LengthTooLong);
    }
    let header = Header::decode(octets).ok()?;
    (header.pptp_message_type != PptpMessageType::CONTROL)
        .then_some(FramingErrorKind::BadPptpMessageType)
}

/// Whether Length is more than any message has.
fn claims_too_much(begun: &[u8]) -> bool {
    begun
        .first_chunk()
        .is_some_and(|&length| usize::from(u16::from_be_bytes(length)) > MAXIMUM_LENGTH)
}

/// Whether a message that a receiver takes could begin here.
fn begins_with_header(octets: &[u8]) -> bool {
    octets.len() >= 8
        && Framer::new(FramerConfig::RFC)
            .push(&mut &octets[..8])
            .is_none()
}

#[cfg(test)]
mod tests;
