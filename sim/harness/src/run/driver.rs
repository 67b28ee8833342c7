//! The hands and eyes of the script: takes in what the world records, keeps the log, performs what steps ask for.

use std::collections::{BTreeMap, BTreeSet};

use pptp_rules::Grade;
use pptp_wire::time::Instant;
use pptp_wire::{ControlMessageType, Requirement, Severity};
use pptp_world::{ConnectionNumber, NodeId, Record, Stage};

use super::bindings::{Bindings, Owner, call_fields, call_id_at, sender_of};
use super::data::DataLedger;
use super::failure::Failure;
use super::finally::is_looked_at;
use super::flights::Flights;
use super::links::ActiveFault;
use super::log::Log;
use super::matcher::{FoldPlace, differences, is_one_of};
use super::message::{Content, MessageKey, Seen};
use super::options::RunOptions;
use super::outages::Outage;
use super::plan::Plan;
use super::promote::looks_at_packets;
use super::recent::Recent;
use super::recorder::CaptureRecorder;
use super::verdict::Judgement;
use crate::diagram::Course;
use crate::scenario::model::{
    Branch, ControlSpec, GreSpec, MessageLine, Pattern, Scenario, Step, View,
};
use crate::scenario::source::Sources;
use crate::transcript::Mark;

/// An `ignore` in force.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct IgnoreId(pub usize);

/// A message that a line of a scripted node is to send.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct PlanId(pub usize);

/// A fact about a node that `expect` and `never` ask for and that no state shows afterwards.
#[derive(Clone, Debug)]
pub(super) struct Happening {
    pub at: Instant,
    pub node: NodeId,
    pub call: Option<String>,
    pub connection: Option<ConnectionNumber>,
    pub what: What,
}

impl Happening {
    /// What happened, in words.
    pub fn text(&self) -> String {
        match &self.what {
            What::Dropped(reason) => format!("dropped a packet: {reason}"),
            What::Violation(requirement, _) => format!("violation of {}", requirement.id()),
            What::ConnectionState(state) | What::CallState(state) => format!("state {state}"),
        }
    }

    /// How hard a violation is to be taken, if it is one.
    pub fn severity(&self) -> Option<Severity> {
        match self.what {
            What::Violation(_, severity) => Some(severity),
            _ => None,
        }
    }

    /// The requirement that was broken, if one was.
    pub fn requirement(&self) -> Option<Requirement> {
        match self.what {
            What::Violation(requirement, _) => Some(requirement),
            _ => None,
        }
    }
}

/// What happened.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum What {
    /// The node threw a packet away, for this reason.
    Dropped(&'static str),
    /// The node broke this requirement, so badly.
    Violation(Requirement, Severity),
    /// A control connection of the node came into this state.
    ConnectionState(&'static str),
    /// A call of the node came into this state.
    CallState(&'static str),
}

/// The state of one run.
pub struct Driver<'s, S> {
    pub(super) scenario: &'s Scenario,
    pub(super) sources: &'s Sources,
    pub(super) options: &'s RunOptions,
    pub(super) stage: &'s mut S,
    pub(super) bindings: Bindings,
    pub(super) log: Log<'s>,
    pub(super) flights: Flights,
    pub(super) recent: Recent,
    pub(super) plans: Vec<Plan<'s>>,
    /// How many of them have not been performed.
    pub(super) plans_waiting: usize,
    /// Counts everything that the script does: while it stands, nothing that the script waits for can have changed but by the world.
    pub(super) moves: u64,
    /// Whether the flow has steps that look at packets: else none is offered to it.
    pub(super) looks_at_packets: bool,
    /// How many messages were seen when the first packet came that is not offered, since the last look.
    pub(super) not_offered: Option<usize>,
    /// Whether `finally` has values that must never hold.
    pub(super) has_nevers: bool,
    pub(super) ignores: Vec<Option<&'s [MessageLine]>>,
    pub(super) exact_gre: usize,
    /// How many `free control` are in force.
    free_control: usize,
    /// Outages and stalls in force, and those of them that neither a time nor a block ends.
    pub(super) outages: Vec<Outage>,
    pub(super) without_end: Vec<Outage>,
    pub(super) faults: Vec<ActiveFault<'s>>,
    pub(super) failure: Option<Failure>,
    pub(super) judgement: Judgement,
    /// What nodes missed that the scenario says they miss.
    pub(super) known_misses: BTreeSet<(NodeId, Requirement)>,
    pub(super) data: DataLedger,
    pub(super) happenings: Vec<Happening>,
    pub(super) transitions: BTreeSet<&'static str>,
    pub(super) connection_ends: BTreeMap<ConnectionNumber, (NodeId, NodeId)>,
    pub(super) closed: BTreeSet<ConnectionNumber>,
    /// Connections and the nodes that have closed them, whatever the other end does.
    pub(super) closed_at: BTreeSet<(ConnectionNumber, NodeId)>,
    /// Nodes that have crashed and not come up again.
    pub(super) down: BTreeSet<NodeId>,
    /// Nodes that have sent an acknowledgment without data.
    pub(super) acknowledged_alone: BTreeSet<NodeId>,
    pub(super) steps_done: u64,
    /// Control messages and GRE packets that were sent.
    pub(super) control_messages: u64,
    pub(super) gre_packets: u64,
    pub(super) branches: Vec<usize>,
    /// Both planes of each link as they are now, in the order of the scenario's links.
    pub(super) link_specs: Vec<([ControlSpec; 2], [GreSpec; 2])>,
    pub(super) ending: bool,
    /// How many messages of each type each node has sent.
    pub(super) sent_of_type: BTreeMap<(NodeId, ControlMessageType), u64>,
    /// Names for connections that one node was told to open to another.
    pub(super) names_to_give: Vec<((NodeId, NodeId), String)>,
    /// Names for calls that nodes were told to begin, and whose requests have not gone out.
    pub(super) calls_to_name: Vec<(NodeId, String)>,
    pub(super) recorder: Option<&'s mut CaptureRecorder>,
    lines: usize,
}

impl<'s, S: Stage> Driver<'s, S> {
    /// A run that has not begun; the stage holds the scenario's nodes and links already.
    pub fn new(
        scenario: &'s Scenario,
        sources: &'s Sources,
        options: &'s RunOptions,
        stage: &'s mut S,
    ) -> Self {
        let mut log = Log::new(scenario);
        log.course = options.diagram.then(Course::default);
        Driver {
            scenario,
            sources,
            options,
            stage,
            bindings: Bindings::default(),
            log,
            flights: Flights::default(),
            recent: Recent::new(),
            plans: Vec::new(),
            plans_waiting: 0,
            moves: 0,
            looks_at_packets: looks_at_packets(&scenario.flow),
            not_offered: None,
            has_nevers: scenario.finally.iter().any(is_looked_at),
            ignores: Vec::new(),
            exact_gre: 0,
            free_control: 0,
            outages: Vec::new(),
            without_end: Vec::new(),
            faults: Vec::new(),
            failure: None,
            judgement: Judgement::new(options.grading),
            known_misses: BTreeSet::new(),
            data: DataLedger::default(),
            happenings: Vec::new(),
            transitions: BTreeSet::new(),
            connection_ends: BTreeMap::new(),
            closed: BTreeSet::new(),
            closed_at: BTreeSet::new(),
            down: BTreeSet::new(),
            acknowledged_alone: BTreeSet::new(),
            steps_done: 0,
            control_messages: 0,
            gre_packets: 0,
            branches: Vec::new(),
            link_specs: scenario
                .links
                .iter()
                .map(|link| (link.control.clone(), link.gre.clone()))
                .collect(),
            ending: false,
            sent_of_type: BTreeMap::new(),
            names_to_give: Vec::new(),
            calls_to_name: Vec::new(),
            recorder: None,
            lines: 0,
        }
    }

    /// The virtual time.
    pub fn now(&self) -> Instant {
        self.stage.now()
    }

    /// What is bound by now.
    pub fn bindings(&self) -> &Bindings {
        &self.bindings
    }

    /// Whether the run has failed: nothing more is to be done.
    pub fn has_failed(&self) -> bool {
        self.failure.is_some()
    }

    /// A number of its own for each line that becomes current.
    pub fn number_line(&mut self) -> usize {
        self.lines += 1;
        self.lines
    }

    /// Takes in what the world has recorded since the last call; puts the messages that were seen into `seen`, in order.
    pub fn take_records(&mut self, records: &mut Vec<Record>, seen: &mut Vec<Seen>) {
        records.clear();
        seen.clear();
        self.not_offered = None;
        self.stage.take_records(records);
        for record in records.iter() {
            if let Some(recorder) = &mut self.recorder {
                recorder.take(record, self.stage);
            }
            self.take_record(record, seen);
        }
    }

    /// Forgets the messages that have arrived or been lost.
    pub fn forget_arrived(&self, awaits: &mut Vec<(NodeId, MessageKey)>) {
        awaits.retain(|(_, key)| self.flights.contains(*key));
    }

    /// Whether the line fits the message as things stand.
    pub fn fits(&self, line: &MessageLine, seen: &Seen) -> bool {
        !line.sends
            && is_one_of(line, seen)
            && differences(line, seen, &self.bindings, FoldPlace::Single).is_empty()
    }

    /// A line took a message: names bind, and the transcript learns what the message was.
    pub fn matched(&mut self, step: &'s Step, line: &'s MessageLine, seen: &Seen, number: usize) {
        self.steps_done += 1;
        self.moves += 1;
        if let Some(name) = &line.connection
            && let Some(connection) = seen.connection
            && self.bindings.connection(&name.text).is_none()
        {
            self.bindings.bind_connection(&name.text, connection);
        }
        if let Some(name) = &line.call {
            self.bind_call(&name.text, seen, line.sends);
            self.log.name_call(seen.entry, &name.text);
        }
        self.bind_values(line, seen);
        self.log.named_by(seen.entry, number);
        self.log.note_match(step, seen.entry, line.view, seen.at);
        self.refresh_faults();
    }

    fn bind_values(&mut self, line: &MessageLine, seen: &Seen) {
        for field in &line.fields {
            if let Pattern::Binding(name) = &field.pattern
                && let Some(value) = super::matcher::field_value(seen, field.key)
            {
                self.bindings.bind_value(name, value);
            }
        }
    }

    /// Binds what a message tells of a call that has a name already, though no line names the message.
    fn learn_call(&mut self, seen: &Seen) {
        let Content::Control { octets, .. } = &seen.content else {
            return;
        };
        let known = self.bindings.call_of_control(octets, seen.from, seen.to);
        let known = known.map(str::to_owned);
        if let Some(name) = known.or_else(|| self.name_of_new_call(seen)) {
            self.bind_call(&name, seen, false);
            self.log.name_call(seen.entry, &name);
            self.refresh_faults();
        }
    }

    /// The name that waits for the call which a request of this node begins.
    fn name_of_new_call(&mut self, seen: &Seen) -> Option<String> {
        let begins = matches!(
            seen.control_type(),
            Some(
                ControlMessageType::OUTGOING_CALL_REQUEST
                    | ControlMessageType::INCOMING_CALL_REQUEST
            )
        );
        if !begins || self.is_injected(seen) {
            return None;
        }
        let waits = |(node, name): &(NodeId, String)| {
            *node == seen.from && self.bindings.call(name).is_none()
        };
        let position = self.calls_to_name.iter().position(waits)?;
        Some(self.calls_to_name.remove(position).1)
    }

    /// Binds what a message tells of the call that a line names. What a script `sends` tells its own Call ID alone: it may not know
    /// the other end's yet.
    fn bind_call(&mut self, name: &str, seen: &Seen, sends: bool) {
        match &seen.content {
            Content::Control { octets, .. } => {
                let Some(message_type) = seen.control_type() else {
                    return;
                };
                let Some((which, brought)) = call_fields(message_type) else {
                    return;
                };
                let (pns, pac) = match sender_of(message_type) {
                    Some(Owner::Pns) => (seen.from, seen.to),
                    _ => (seen.to, seen.from),
                };
                self.bindings
                    .bind_ends(name, seen.connection, Some(pns), Some(pac));
                let tells = |owner| !sends || Some(owner) == sender_of(message_type);
                if let Some(id) = call_id_at(octets, which.offset)
                    && tells(which.owner)
                {
                    self.bindings.bind_call_id(name, which.owner, id);
                }
                // A refusal assigns no Call ID, whatever its field holds (RFC 2637 §2.8, §2.10).
                let refused = octets.get(16) != Some(&1);
                if let Some(brought) = brought
                    && !refused
                    && tells(brought.owner)
                    && let Some(id) = call_id_at(octets, brought.offset)
                {
                    self.bindings.bind_call_id(name, brought.owner, id);
                }
            }
            Content::Gre { .. } | Content::Tcp { .. } => {}
        }
    }

    /// A branch of an `any` was chosen, by a message or because nothing came.
    pub fn chose(&mut self, seen: Option<&Seen>, position: usize, branch: &Branch) {
        if let Some(seen) = seen {
            self.log.mark(seen.entry, Mark::Branch(position + 1));
        }
        self.moves += 1;
        self.branches.push(position + 1);
        self.judgement.branch(branch.grade, branch.requirement);
    }

    /// Echoes a step that was performed or satisfied.
    pub fn echo(&mut self, step: &Step) {
        self.steps_done += 1;
        let at = self.now();
        self.log.step(at, step.text.clone());
    }

    /// Echoes a line that is no step of its own: the end of a block.
    pub fn echo_text(&mut self, text: &str) {
        let at = self.now();
        self.log.step(at, text.to_owned());
    }

    /// Adds a line that is nothing but a comment.
    pub fn echo_comment(&mut self, text: String) {
        let at = self.now();
        self.log.comment(at, text);
    }

    /// Puts an `ignore` in force.
    pub fn ignore(&mut self, lines: &'s [MessageLine]) -> IgnoreId {
        self.ignores.push(Some(lines));
        IgnoreId(self.ignores.len() - 1)
    }

    /// Ends an `ignore`.
    pub fn stop_ignoring(&mut self, id: IgnoreId) {
        if let Some(slot) = self.ignores.get_mut(id.0) {
            *slot = None;
        }
    }

    /// Whether an `ignore` in force names the message.
    pub fn is_ignored(&self, seen: &Seen) -> bool {
        let mut lines = self.ignores.iter().flatten().flat_map(|lines| lines.iter());
        lines.any(|line| {
            is_one_of(line, seen)
                && differences(line, seen, &self.bindings, FoldPlace::Single).is_empty()
        })
    }

    /// Begins or ends a stretch in which every GRE packet has to be matched.
    pub fn exact_gre(&mut self, begins: bool) {
        self.exact_gre = if begins {
            self.exact_gre + 1
        } else {
            self.exact_gre.saturating_sub(1)
        };
    }

    /// Whether no control message needs a line.
    pub fn is_control_free(&self) -> bool {
        self.free_control > 0
    }

    /// Begins or ends a stretch in which no control message and no TCP event needs a line.
    pub fn free_control(&mut self, begins: bool) {
        self.free_control = if begins {
            self.free_control + 1
        } else {
            self.free_control.saturating_sub(1)
        };
    }

    /// Whether it is all the same that no step took the message: a packet, while not all of them have to be matched, or the far end of
    /// a path.
    pub fn is_free(&self, seen: &Seen) -> bool {
        seen.view != View::Sent || seen.is_gre() && self.exact_gre == 0
    }

    /// A message that no step took: free, an answer, ignored, or else the end of the run.
    pub fn not_taken(&mut self, seen: &Seen, expected: &[&'s Step]) {
        if self.is_free(seen) {
            return;
        }
        match &seen.content {
            Content::Tcp { answer: true, .. } => self.log.mark(seen.entry, Mark::Answer),
            Content::Tcp { .. } | Content::Control { .. } if self.free_control > 0 => {
                self.moves += 1;
                self.learn_call(seen);
            }
            _ if self.is_injected(seen) => {}
            _ if self.is_ignored(seen) || self.is_free_under_test(seen, expected) => {
                self.log.mark(seen.entry, Mark::Ignored);
            }
            _ => self.fail_unexpected(seen, expected),
        }
    }

    /// The flow is over: what is unexpected from here on is a matter of the ending.
    pub fn begin_ending(&mut self) {
        self.ending = true;
    }

    /// The Identifier of the last Echo-Request that a node sent; 0 where it sent none.
    pub(super) fn last_identifier(&self, node: NodeId) -> u32 {
        let requests = self.recent.messages().filter(|seen| seen.from == node);
        let mut requests =
            requests.filter(|seen| seen.control_type() == Some(ControlMessageType::ECHO_REQUEST));
        match requests.next().map(|seen| &seen.content) {
            Some(Content::Control { octets, .. }) => octets.get(12..16).map_or(0, |four| {
                u32::from_be_bytes([four[0], four[1], four[2], four[3]])
            }),
            _ => 0,
        }
    }

    /// The grade that a missed line gets: by the requirement that it cites, else a failure.
    pub(super) fn grade_of(&self, requirement: Option<Requirement>) -> Grade {
        match requirement {
            Some(requirement) => self.options.grading.grade(requirement.severity()),
            None => Grade::Fail,
        }
    }
}
