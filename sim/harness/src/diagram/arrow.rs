//! One message, or a run of like packets, on its way from one lifeline to another.

use pptp_wire::time::Instant;

/// What carries a message.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum Plane {
    /// A segment that opens, closes or resets a connection.
    Tcp,
    /// A control message.
    Control,
    /// A GRE packet.
    Gre,
}

/// How a mark is to be taken.
#[derive(Copy, Clone, Debug, Eq, PartialEq, Ord, PartialOrd)]
pub enum MarkKind {
    /// Why it was sent, how it was cut, and whatever else a reader may want to know.
    Plain,
    /// The network did something unusual to it: late, duplicated, changed.
    Path,
    /// It was lost, or thrown away where it arrived.
    Gone,
    /// A requirement that it breaks.
    Finding,
}

/// Something that is said about a message beside its fields.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Mark {
    /// How it is to be taken.
    pub kind: MarkKind,
    /// In the words of the transcript.
    pub text: String,
}

/// What became of one copy of a message.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Fate {
    /// Nobody saw the other end of the way.
    Unknown,
    /// It arrived.
    Arrived,
    /// It arrived, and was thrown away for this reason.
    Refused(String),
    /// It was lost; names the impairment.
    Lost(String),
    /// It did not arrive while anything was seen: the end came first, or its connection was reset.
    UnderWay,
}

/// The end of one copy's way.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct End {
    /// When; `None` where nobody saw it.
    pub at: Option<Instant>,
    /// Its place among everything that happened at this instant.
    pub order: u64,
    /// How it ended.
    pub fate: Fate,
    /// A copy that was sent later had arrived before.
    pub late: bool,
}

impl End {
    /// The end of a way that nobody saw.
    pub const fn unknown() -> End {
        End {
            at: None,
            order: 0,
            fate: Fate::Unknown,
            late: false,
        }
    }
}

/// The rest of a run of packets behind the first.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Run {
    /// How many packets the arrow stands for, at least two.
    pub packets: u64,
    /// When the last was sent.
    pub until: Instant,
    /// Its place among everything that happened then.
    pub order: u64,
    /// The end of its way.
    pub end: End,
}

/// What a GRE packet says of numbers, for folding.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct Numbers {
    /// The Call ID in its key.
    pub call_id: u16,
    /// Sequence Number of the first and the last packet.
    pub sequence: Option<(u32, u32)>,
    /// Acknowledgment Number of the first and the last packet.
    pub acknowledgment: Option<(u32, u32)>,
    /// The smallest and the largest Payload Length.
    pub payload_length: (u16, u16),
}

/// A message, or a run of like GRE packets.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Arrow {
    /// The lifeline of its sender.
    pub from: usize,
    /// The lifeline that it is for.
    pub to: usize,
    /// What carries it.
    pub plane: Plane,
    /// What it is called: the RFC's name.
    pub name: String,
    /// The fields that a reader needs, each as `key=value`; numbers of GRE packets apart.
    pub fields: Vec<String>,
    /// The numbers of a GRE packet that could be decoded.
    pub numbers: Option<Numbers>,
    /// What is said beside the fields.
    pub marks: Vec<Mark>,
    /// Where each copy ended, at least one.
    pub ends: Vec<End>,
    /// The rest of the run, where it is one.
    pub run: Option<Run>,
}

impl Arrow {
    /// How many packets it stands for.
    pub fn packets(&self) -> u64 {
        self.run.as_ref().map_or(1, |run| run.packets)
    }

    /// Name and numbers, as they stand on the arrow: `GRE 3..99 ×97`, `GRE ack 4`.
    pub fn title(&self) -> String {
        let mut title = self.name.clone();
        if let Some(numbers) = &self.numbers {
            match (numbers.sequence, numbers.acknowledgment) {
                (Some(sequence), _) => title.push_str(&format!(" {}", range(sequence))),
                (None, Some(acknowledgment)) => {
                    title.push_str(&format!(" ack {}", range(acknowledgment)));
                }
                (None, None) => {}
            }
        }
        if let Some(run) = &self.run {
            title.push_str(&format!(" ×{}", run.packets));
        }
        title
    }

    /// The fields that are not in the title.
    pub fn details(&self) -> Vec<String> {
        let mut details = self.fields.clone();
        let Some(numbers) = &self.numbers else {
            return details;
        };
        if numbers.sequence.is_some()
            && let Some(acknowledgment) = numbers.acknowledgment
        {
            details.push(format!("acknowledgment-number={}", range(acknowledgment)));
        }
        let (smallest, largest) = numbers.payload_length;
        if largest > 0 || numbers.sequence.is_some() {
            let lengths = range((smallest.into(), largest.into()));
            details.push(format!("payload-length={lengths}"));
        }
        details
    }

    /// The worst that is marked.
    pub fn worst(&self) -> Option<MarkKind> {
        self.marks.iter().map(|mark| mark.kind).max()
    }
}

fn range((first, last): (u32, u32)) -> String {
    if first == last {
        first.to_string()
    } else {
        format!("{first}..{last}")
    }
}
