//! The scenario itself: nodes, limits, the case, and what must hold at the end.

use std::net::Ipv4Addr;

use pptp_wire::Requirement;
use pptp_wire::time::Duration;

use super::super::source::SourceSpan;
use super::{LinkSpec, Name, NodeIndex, Observable, Pattern, Probability, Step};
use crate::register::RequirementSet;
use crate::scenario::{ProfileValue, Role};

/// One case of a scenario file, ready to run.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Scenario {
    /// What it proves, in a sentence.
    pub title: String,
    /// The case, where the file has a matrix.
    pub case: Option<CaseName>,
    /// `covers`: the requirements that the family puts to the test.
    pub covers: Vec<(Requirement, SourceSpan)>,
    /// `set`: the requirements that the runs are judged by.
    pub set: RequirementSet,
    /// `seed`; 0 where the file names none.
    pub seed: u64,
    /// `holds`: in how many of all seeds, where luck decides.
    pub holds: Option<StatedRate>,
    /// `limit`.
    pub limits: Limits,
    /// The nodes, in the order of the text.
    pub nodes: Vec<NodeSpec>,
    /// The links, in the order of the text.
    pub links: Vec<LinkSpec>,
    /// What happens.
    pub flow: Vec<Step>,
    /// What must hold when nothing but keep-alive is left.
    pub finally: Vec<FinalCheck>,
}

impl Scenario {
    /// The node of that index.
    pub fn node(&self, index: NodeIndex) -> &NodeSpec {
        &self.nodes[usize::from(index.0)]
    }

    /// The index of the node of that name.
    pub fn node_index(&self, name: &str) -> Option<NodeIndex> {
        let position = self.nodes.iter().position(|node| node.name == name)?;
        u16::try_from(position).ok().map(NodeIndex)
    }
}

/// `holds in "99.9%" of="seeds" confidence="99.9%"`: single seeds may fail, and a sweep decides whether that many hold.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct StatedRate {
    /// At how many seeds it holds at least; more than none and less than all.
    pub rate: Probability,
    /// 1 less the probability of a wrong decision; at least one half and less than 1.
    pub confidence: Probability,
}

/// Why there is no such stated rate.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum WrongRate {
    /// A rate of 0 %: it asks for nothing.
    Never,
    /// A rate of 100 %: no number of seeds proves it.
    Always,
    /// A confidence below that of a tossed coin.
    NoConfidence,
    /// A confidence of 100 %: no number of seeds gives it.
    Certainty,
}

impl StatedRate {
    /// The statement.
    ///
    /// # Errors
    /// Why no sweep can decide it.
    pub fn new(rate: Probability, confidence: Probability) -> Result<StatedRate, WrongRate> {
        let half = Probability::ALWAYS.parts_per_billion / 2;
        match (rate, confidence) {
            (Probability::NEVER, _) => Err(WrongRate::Never),
            (Probability::ALWAYS, _) => Err(WrongRate::Always),
            (_, Probability::ALWAYS) => Err(WrongRate::Certainty),
            _ if confidence.parts_per_billion < half => Err(WrongRate::NoConfidence),
            _ => Ok(StatedRate { rate, confidence }),
        }
    }
}

/// Which case of a matrix this is.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CaseName {
    /// Its place among the cases, from 0.
    pub index: u64,
    /// `the PNS wins` for a named row, `cut=84` for a product.
    pub text: String,
    /// Whether it is a `case` row with a name of its own.
    pub named: bool,
    /// Every matrix parameter with its value as it is written, in the order of the text.
    pub values: Vec<(String, String)>,
}

/// `limit`: a run that exceeds one ends with that. What is not named has the runner's default.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Limits {
    /// `time=`: virtual time.
    pub time: Option<Duration>,
    /// `steps=`: events of the world.
    pub steps: Option<u64>,
    /// `queue=`: events that wait at once.
    pub queue: Option<u64>,
    /// `records=`: records of the run.
    pub records: Option<u64>,
}

/// `node NAME role=… …`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct NodeSpec {
    /// Where it is declared.
    pub span: SourceSpan,
    /// Its name.
    pub name: String,
    /// `role=`; every node that is not scripted has one.
    pub role: Option<Role>,
    /// `address=`; where the file names none, the n-th node has 10.0.0.n (n counts from 1).
    pub addresses: Vec<Ipv4Addr>,
    /// `scripted=#true`: it sends what the lines say and nothing else.
    pub scripted: bool,
    /// `auto echo ack`: what a scripted node does by itself after all.
    pub auto: AutoSpec,
    /// `profile=`; `rfc` where the file names none.
    pub profile: String,
    /// Profile fields that the node sets, in the order of the text.
    pub profile_fields: Vec<ProfileSetting>,
    /// The telephone behind a PAC.
    pub telephone: TelephoneSpec,
    /// `limit` inside the node: resource limits by name, in the order of the text.
    pub limits: Vec<(&'static str, u64, SourceSpan)>,
    /// `misses` inside the node: requirements that it is known to miss, which is then shown and not graded.
    pub misses: Vec<Requirement>,
    /// `may-miss` inside the node: requirements that it may miss, which is then shown and not graded.
    pub may_miss: Vec<Requirement>,
}

/// What a scripted node does by itself.
#[derive(Copy, Clone, Debug, Default, Eq, PartialEq)]
pub struct AutoSpec {
    /// Answers Echo-Requests.
    pub echo: bool,
    /// Acknowledges GRE data.
    pub ack: bool,
}

/// A profile field that a node sets.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ProfileSetting {
    /// Its key, as the profile table has it.
    pub key: &'static str,
    /// Its value.
    pub value: ProfileValue,
    /// Where it stands.
    pub span: SourceSpan,
}

/// What the telephone behind a PAC does with an outgoing call.
#[derive(Copy, Clone, Debug, Default, Eq, PartialEq)]
pub struct TelephoneSpec {
    /// `answers-after=`; at once where the file names none.
    pub answers_after: Option<Duration>,
    /// `busy=#true`, `no-carrier=#true`, `no-dial-tone=#true`.
    pub outcome: Outcome,
    /// `hangs-up-after=`: so long after the answer.
    pub hangs_up_after: Option<Duration>,
}

/// How the telephone call ends up.
#[derive(Copy, Clone, Debug, Default, Eq, PartialEq)]
pub enum Outcome {
    /// It is answered.
    #[default]
    Answer,
    /// The line is busy.
    Busy,
    /// No carrier is found.
    NoCarrier,
    /// There is no dial tone.
    NoDialTone,
}

/// A line of `finally`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct FinalCheck {
    /// Where it stands.
    pub span: SourceSpan,
    /// The line, resolved, without `requirement`.
    pub text: String,
    /// The whole line, resolved.
    pub line: String,
    /// What is checked.
    pub kind: FinalKind,
    /// `requirement=`.
    pub requirement: Option<Requirement>,
}

/// What a line of `finally` checks.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum FinalKind {
    /// `calls n`: so many at all nodes that are not scripted, each.
    Calls(Pattern),
    /// `connections n`: so many at all nodes that are not scripted, each.
    Connections(Pattern),
    /// `received NODE …`: data that reached the node's application.
    Received {
        /// Who received.
        node: NodeIndex,
        /// In this call alone.
        call: Option<Name>,
        /// `packets=`.
        packets: Option<Pattern>,
        /// `at-least=`.
        at_least: Option<u64>,
        /// `at-most=`.
        at_most: Option<u64>,
        /// `in-order=`: whether counters must ascend (`#false`: they must not).
        in_order: Option<bool>,
        /// `unique=`: whether no counter may come twice (`#false`: one must).
        unique: Option<bool>,
    },
    /// `settled`: both ends of everything have come to rest, and agree.
    Settled,
    /// `never [NODE] violation`, `never NODE [call=…] OBSERVABLE=value`: at no time in the run.
    Never {
        /// Only this node.
        node: Option<NodeIndex>,
        /// `call=`.
        call: Option<Name>,
        /// `connection=`.
        connection: Option<Name>,
        /// What must never hold; all of it at once.
        observables: Vec<(Observable, Pattern, SourceSpan)>,
    },
}
