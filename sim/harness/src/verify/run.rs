//! The `verify` command as a function.

use std::io::{self, Read};

use pptp_rules::{Finding, JudgeConfig};

use super::ends::Speaker;
use super::feeder::Feeder;
use super::nat::Side;
use super::report::Report;
use crate::capture::Stamp;
use crate::decode::{DecodeFailure, GreOctets, Item, Sink, decode};

/// What the one who asks knows about the capture.
#[derive(Copy, Clone, Debug, Default, Eq, PartialEq)]
pub struct VerifyOptions {
    /// Address translation stands between the ends.
    pub behind_nat: bool,
}

/// A finding, with those whom it concerns.
#[derive(Copy, Clone, Debug)]
pub struct Found<'a> {
    /// What was found; its observation is the number of the frame.
    pub finding: &'a Finding,
    /// The end at fault.
    pub from: Speaker,
    /// The other end; `None` where that is not known any more.
    pub to: Option<Speaker>,
}

/// Takes findings as they are found.
pub type OnFinding<'o> = dyn FnMut(&Found<'_>) -> io::Result<()> + 'o;

/// Reads a capture (pcap or pcapng) as a stream and judges both ends of all that it shows; every finding goes to `on_finding`.
///
/// A file that cannot be read to its end gives a report on what could be read, which says so.
///
/// # Errors
/// If `input` is no capture, or `on_finding` fails.
pub fn verify<R: Read>(
    input: R,
    options: VerifyOptions,
    on_finding: &mut OnFinding<'_>,
) -> Result<Report, DecodeFailure> {
    verify_side(input, options, on_finding, None)
}

/// As [`verify`], for a capture from one side of an address translation: what is compared of it goes to `side`.
///
/// # Errors
/// As [`verify`].
pub fn verify_side<R: Read>(
    input: R,
    options: VerifyOptions,
    on_finding: &mut OnFinding<'_>,
    side: Option<&mut Side>,
) -> Result<Report, DecodeFailure> {
    let config = JudgeConfig {
        behind_nat: options.behind_nat,
        ..JudgeConfig::capture()
    };
    let mut feeder = Feeder::new(config, on_finding);
    let mut both = Both {
        feeder: &mut feeder,
        side,
    };
    let (summary, cut_short) = match decode(input, &mut both) {
        Ok(summary) => (summary, None),
        Err(DecodeFailure::CutShort { error, summary }) => (*summary, Some(error)),
        Err(failure) => return Err(failure),
    };
    let report = feeder.finish().map_err(DecodeFailure::Write)?;
    Ok(Report {
        frames: summary.frames,
        connections: summary.connections,
        control_messages: summary.control_messages,
        gre_packets: summary.gre_packets,
        notices: summary.notices,
        cut_short,
        ..report
    })
}

/// Shows everything to both.
struct Both<'b, 'o> {
    feeder: &'b mut Feeder<'o>,
    side: Option<&'b mut Side>,
}

impl Sink for Both<'_, '_> {
    fn item(&mut self, item: &Item<'_>) -> io::Result<()> {
        if let Some(side) = &mut self.side {
            side.item(item);
        }
        self.feeder.item(item)
    }

    #[inline]
    fn gre(&mut self, stamp: Stamp, packet: &GreOctets<'_>) -> io::Result<bool> {
        if let Some(side) = &mut self.side {
            side.gre(stamp, packet);
        }
        self.feeder.gre(stamp, packet)
    }
}
