//! Steps of the flow and the blocks that hold them.

use pptp_wire::Requirement;
use pptp_wire::time::Duration;

use super::super::source::SourceSpan;
use super::{
    Action, ExpectLine, FieldPattern, Impairment, MessageLine, MessageName, Name, NodeIndex,
    Pattern, Plane,
};
use crate::scenario::Grade;

/// One step of the flow.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Step {
    /// The line in its file (without the block that may follow).
    pub span: SourceSpan,
    /// As the transcript echoes it: resolved, without `after`, `within` and `requirement`; a block's head ends with ` {`.
    pub text: String,
    /// The whole line, resolved, without the block that may follow: what a written scenario holds.
    pub line: String,
    /// What it is.
    pub kind: StepKind,
}

impl Step {
    /// The requirement that the line cites: what a miss of it breaks.
    pub fn requirement(&self) -> Option<Requirement> {
        match &self.kind {
            StepKind::Message(line) => line.requirement,
            StepKind::Expect(line) => line.requirement,
            StepKind::Wait(
                Until::DataIdle { requirement, .. }
                | Until::Rest { requirement, .. }
                | Until::Elapsed { requirement, .. },
            )
            | StepKind::Any { requirement, .. } => *requirement,
            StepKind::Silent(silence) => silence.requirement,
            _ => None,
        }
    }
}

/// What a step is.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum StepKind {
    /// `do NODE action …`: takes no time.
    Do {
        /// Who acts.
        node: NodeIndex,
        /// What it does.
        action: Action,
        /// `may-be-refused=#true`: where the state of the node forbids it, nothing happens and nothing is wrong.
        may_be_refused: bool,
    },
    /// A `->` line; [`MessageLine::sends`] tells an expectation from a message of a scripted node.
    Message(MessageLine),
    /// `inject a ~> b …`: sent beside an endpoint, in its name.
    Inject(MessageLine),
    /// `expect NODE …`.
    Expect(ExpectLine),
    /// `wait …`: blocks.
    Wait(Until),
    /// `all { … }`: message lines in any order.
    All(Vec<Step>),
    /// `parallel { track {…} … }`: the tracks in the order of the text.
    Parallel(Vec<Vec<Step>>),
    /// `any … { branch {…} … }`.
    Any {
        /// How long to wait for a first line; 60 s where the text names none.
        within: Option<Duration>,
        /// What is missed if none comes.
        requirement: Option<Requirement>,
        /// The choices, in the order of the text.
        branches: Vec<Branch>,
    },
    /// One turn of a `repeat`: a block of its own.
    Block(Vec<Step>),
    /// `end`: the flow ends here, well.
    End,
    /// `silent a -> b GRE …`.
    Silent(Silence),
    /// `ignore …`: these messages are no steps, to the end of the enclosing block or of the body.
    Ignore {
        /// What is ignored.
        lines: Vec<MessageLine>,
        /// A block of its own.
        body: Option<Vec<Step>>,
    },
    /// `drop`, `delay`, `corrupt`, `duplicate`, `split`.
    Fault(TargetedFault),
    /// `impair a b { … }`: the link changes until `restore`, or for the body.
    Impair(Box<Impairment>),
    /// `restore a b`: the link is again as it was declared.
    Restore {
        /// One end of the link.
        a: NodeIndex,
        /// The other end.
        b: NodeIndex,
        /// Only this plane.
        plane: Option<Plane>,
        /// Only the direction that this node sends in.
        from: Option<NodeIndex>,
    },
    /// `resume a b`: an outage or stall that has neither time nor body is over.
    Resume {
        /// One end of the link.
        a: NodeIndex,
        /// The other end.
        b: NodeIndex,
        /// Only this plane.
        plane: Option<Plane>,
        /// Only the direction that this node sends in.
        from: Option<NodeIndex>,
    },
    /// `heal`: the network is as it was declared and does nothing else, and every node is up.
    Heal,
    /// `outage a b …`: nothing gets through; GRE is lost, control octets wait.
    Outage {
        /// One end of the link.
        a: NodeIndex,
        /// The other end.
        b: NodeIndex,
        /// Only this plane.
        plane: Option<Plane>,
        /// Only the direction that this node sends in.
        from: Option<NodeIndex>,
        /// `for=`; the block ends at the later of this and its contents.
        duration: Option<Duration>,
        /// What happens meanwhile. Without it and without `for=` it lasts until `resume` or `heal`.
        body: Option<Vec<Step>>,
    },
    /// `stall a b …`: control octets wait.
    Stall {
        /// One end of the link.
        a: NodeIndex,
        /// The other end.
        b: NodeIndex,
        /// Only the direction that this node sends in.
        from: Option<NodeIndex>,
        /// `for=`; the block ends at the later of this and its contents.
        duration: Option<Duration>,
        /// What happens meanwhile. Without it and without `for=` it lasts until `resume` or `heal`.
        body: Option<Vec<Step>>,
    },
    /// `reset a b`: the path resets the control connections between the two (both ends see a reset).
    Reset {
        /// One end of the link.
        a: NodeIndex,
        /// The other end.
        b: NodeIndex,
        /// Only this connection.
        connection: Option<Name>,
    },
    /// `half-close a b from=a`: the path ends one direction of the control connection (the other end sees a close).
    HalfClose {
        /// One end of the link.
        a: NodeIndex,
        /// The other end.
        b: NodeIndex,
        /// Whose direction ends.
        from: NodeIndex,
        /// Only this connection.
        connection: Option<Name>,
    },
    /// `crash NODE`: it loses all its state and says nothing any more.
    Crash {
        /// Which node.
        node: NodeIndex,
    },
    /// `restart NODE`: it comes up again with no state.
    Restart {
        /// Which node.
        node: NodeIndex,
    },
    /// `exact GRE`: every GRE packet must be matched, to the end of the enclosing block or of the body.
    ExactGre {
        /// A block of its own.
        body: Option<Vec<Step>>,
    },
    /// `free control`: control messages and TCP events need no line, to the end of the enclosing block or of the body.
    FreeControl {
        /// A block of its own.
        body: Option<Vec<Step>>,
    },
}

/// What a `wait` waits for.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Until {
    /// `wait for="2s"`.
    Elapsed {
        /// So long.
        span: Duration,
        /// `requirement=`: what a message that comes meanwhile, and that nothing expects, breaks.
        requirement: Option<Requirement>,
    },
    /// `wait until=data-idle [call=…]`: nothing is left to send, in flight, or unacknowledged that still can be acknowledged.
    DataIdle {
        /// In this call alone.
        call: Option<Name>,
        /// At most so long; 60 s where the text names none.
        within: Option<Duration>,
        /// `requirement=`.
        requirement: Option<Requirement>,
    },
    /// `wait until=rest`: nothing but keep-alive is left anywhere, and no end holds a control connection that the other has lost.
    Rest {
        /// At most so long; 60 s where the text names none.
        within: Option<Duration>,
        /// `requirement=`.
        requirement: Option<Requirement>,
    },
}

/// One branch of `any`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Branch {
    /// Its head.
    pub span: SourceSpan,
    /// Its head as it is written, resolved, without the brace.
    pub line: String,
    /// The verdict that taking it gives; pass where the text names none.
    pub grade: Grade,
    /// What that verdict is about.
    pub requirement: Option<Requirement>,
    /// Its steps; the first is a `->` line. Empty: chosen when nothing else comes.
    pub steps: Vec<Step>,
}

/// GRE packets of one direction, for faults and silence.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PacketLine {
    /// Who sends them.
    pub from: NodeIndex,
    /// Who would get them.
    pub to: NodeIndex,
    /// `GRE`, or a control message where a fault may touch one (`delay`, `split`).
    pub message: MessageName,
    /// `call=`.
    pub call: Option<Name>,
    /// `connection=` (control messages).
    pub connection: Option<Name>,
    /// Fields that they must fit.
    pub fields: Vec<FieldPattern>,
}

/// `silent`: no such GRE packet, for a time or until the body is done.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Silence {
    /// Which packets.
    pub packets: PacketLine,
    /// `for=`.
    pub duration: Option<Duration>,
    /// Steps during which the silence holds; with `for=` the silence ends at the later of the two.
    pub body: Vec<Step>,
    /// `requirement=`: what a packet would break.
    pub requirement: Option<Requirement>,
}

/// What a targeted fault does.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum FaultKind {
    /// The packet is lost.
    Drop,
    /// The packet, or the control message and all that follow it, comes so much later.
    Delay {
        /// `by=`.
        by: Duration,
    },
    /// The packet, or the TCP segment, takes so much less of the link's delay.
    Hasten {
        /// `by=`; `None`: it takes none of it, and goes ahead of all packets that are delayed.
        by: Option<Duration>,
    },
    /// One bit of the packet changes.
    Corrupt {
        /// `bit=`: which, counted from the most significant bit of the first octet of the GRE header; `None`: luck chooses.
        bit: Option<u32>,
    },
    /// The packet arrives twice.
    Duplicate,
    /// The control message is cut into segments behind each of these numbers of octets; ascending, none 0.
    Split {
        /// `at="84 100"`.
        at: Vec<u32>,
    },
}

/// A fault that strikes packets by what they are.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TargetedFault {
    /// What it does.
    pub kind: FaultKind,
    /// To which packets.
    pub packets: PacketLine,
    /// `nth=`: only to these of them, counted from 1 since the step.
    pub nth: Option<Pattern>,
    /// `copy=`: only to the first copy of a packet that is doubled (1), or to the second (2).
    pub copy: Option<u8>,
    /// A block of its own; without it the fault holds to the end of the enclosing block.
    pub body: Option<Vec<Step>>,
}
