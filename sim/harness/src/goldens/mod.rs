//! Goldens for dissectors: captures whose packets say what they are, beside each a JSON Lines file with every field of every message,
//! and the check that holds an installed decoder against them.
//!
//! `line` is the format; `check` compares; `merged` shows a decoder many captures at once; `known` is the table of disagreements whose
//! cause is known, `traits` what it tells causes by; one module a decoder (`tshark`, `tcpdump`, `scapy`) says what that decoder said.
//! Nothing here decodes PPTP but through `pptp-wire`, and nothing here trusts a decoder: where one differs, the octets decide.

mod check;
mod known;
mod line;
mod merged;
mod program;
mod said;
mod scapy;
mod tcpdump;
mod traits;
mod tshark;

use std::collections::BTreeMap;

pub use check::{Check, CheckError, Disagreement, Findings, ask};
pub use known::{Known, known_disagreements};
pub use line::{FORMAT, Head, Judged, Line, Piece, ReadLineError};
pub use merged::Merged;
pub use program::{Program, ProgramError};
pub use said::{Difference, Said, differences};
pub use traits::TRAITS;

/// A decoder that can be held against goldens.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum Decoder {
    /// Wireshark's.
    Tshark,
    /// tcpdump's.
    Tcpdump,
    /// scapy's, in Python.
    Scapy,
}

/// Every decoder.
pub const DECODERS: [Decoder; 3] = [Decoder::Tshark, Decoder::Tcpdump, Decoder::Scapy];

impl Decoder {
    /// `tshark`, `tcpdump` or `scapy`.
    pub const fn name(self) -> &'static str {
        match self {
            Decoder::Tshark => "tshark",
            Decoder::Tcpdump => "tcpdump",
            Decoder::Scapy => "scapy",
        }
    }

    /// The file that is looked for.
    const fn file(self) -> &'static str {
        match self {
            Decoder::Scapy => "python3",
            other => other.name(),
        }
    }

    fn arguments(self) -> Vec<String> {
        match self {
            Decoder::Tshark => tshark::arguments(),
            Decoder::Tcpdump => tcpdump::arguments(),
            Decoder::Scapy => scapy::arguments(),
        }
    }

    /// What the decoder says of each frame, from what it printed.
    ///
    /// # Errors
    /// Where it cannot be understood.
    pub fn read(self, output: &str) -> Result<BTreeMap<u64, Said>, String> {
        match self {
            Decoder::Tshark => tshark::read(output),
            Decoder::Tcpdump => tcpdump::read(output),
            Decoder::Scapy => scapy::read(output),
        }
    }

    /// What the decoder would have to say of a message.
    pub fn ours(self, line: &Line) -> Said {
        match self {
            Decoder::Tshark => tshark::ours(line),
            Decoder::Tcpdump => tcpdump::ours(line),
            Decoder::Scapy => scapy::ours(line),
        }
    }
}
