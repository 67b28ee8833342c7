//! Rest and agreement: `wait until=rest`, and `settled` in `finally`. Both look into the nodes; a node that cannot be looked into
//! is left out.

use pptp_world::settled::{
    CallEnd, LostConnection, Unsettled, calls_at, lost_connections, unsettled,
};
use pptp_world::{NodeId, Stage};

use super::driver::Driver;
use crate::scenario::model::FinalCheck;

impl<S: Stage> Driver<'_, S> {
    /// Whether nothing but keep-alive is left: nothing to be sent, in flight or waited for, and no end holds a control connection
    /// that the other has lost (which keep-alive finds out).
    pub(super) fn is_at_rest(&self) -> bool {
        self.stage.only_keep_alive_left()
            && !self.plans.iter().any(|plan| plan.waits())
            && self.lost_connections().is_empty()
    }

    /// What keeps the world from rest, as far as states tell.
    pub(super) fn unrest(&self) -> Vec<String> {
        let left = self.lost_connections().into_iter().map(Unsettled::Lost);
        let mut notes: Vec<String> = left.map(|it| self.unsettled_text(&it)).collect();
        if self.data.is_sending(None) {
            notes.push("data is still to be sent".to_owned());
        }
        if self.flights.len() > 0 {
            notes.push(format!("messages on their way: {}", self.flights.len()));
        }
        notes
    }

    fn lost_connections(&self) -> Vec<LostConnection> {
        lost_connections(self.stage, |node| self.down.contains(&node))
    }

    fn unsettled(&self) -> Vec<Unsettled> {
        unsettled(self.stage, self.all_nodes(), |node| {
            self.down.contains(&node)
        })
    }

    fn all_nodes(&self) -> impl Iterator<Item = NodeId> + use<S> {
        let count = u16::try_from(self.scenario.nodes.len()).unwrap_or(u16::MAX);
        (0..count).map(NodeId)
    }

    /// `settled`.
    pub(super) fn check_settled(&mut self, check: &FinalCheck) {
        let mut wrong = Vec::new();
        if !self.stage.only_keep_alive_left() {
            wrong.push("more than keep-alive is left".to_owned());
            wrong.extend(self.unrest());
        }
        for left in self.unsettled() {
            if !matches!(left, Unsettled::Lost(_)) {
                wrong.push(self.unsettled_text(&left));
            }
        }
        let unseen: Vec<&str> = self
            .all_nodes()
            .filter(|node| calls_at(self.stage, *node, self.down.contains(node)).is_none())
            .map(|node| self.log.names().of(node))
            .collect();
        if !unseen.is_empty() {
            let unseen = unseen.join(", ");
            self.echo_comment(format!("settled: {unseen} cannot be looked into"));
        }
        if !wrong.is_empty() {
            self.fail_settled(&check.line, check.span, wrong);
        }
    }

    fn unsettled_text(&self, left: &Unsettled) -> String {
        let name = |node: NodeId| self.log.names().of(node);
        match left {
            Unsettled::Lost(LostConnection { connection, ends }) => {
                let [(opener, at_opener), (other, at_other)] = *ends;
                format!(
                    "control connection {}: {at_opener} at {}, {at_other} at {}",
                    connection.0 + 1,
                    name(opener),
                    name(other)
                )
            }
            Unsettled::Spinning(node, vain) => format!(
                "timer of {}: {vain} deadlines in a row, and nothing came of them",
                name(*node)
            ),
            Unsettled::NotEstablished(end) => format!("half-open: {}", self.call_text(end)),
            Unsettled::WithoutConnection(end) => {
                format!(
                    "half-open: {}, and its connection is gone",
                    self.call_text(end)
                )
            }
            Unsettled::Missing(end, other) => format!(
                "half-open: {}, and {} has no such call",
                self.call_text(end),
                name(*other)
            ),
            Unsettled::OtherCallIds(end, there) => format!(
                "Call IDs do not match: {}; {}",
                self.call_text(end),
                self.call_text(there)
            ),
            Unsettled::Outstanding(end, packets) => format!(
                "window stuck: {}: {packets} packets outstanding, and nothing waits for their acknowledgment",
                self.call_text(end)
            ),
            Unsettled::Waiting(end, packets) => format!(
                "window stuck: {}: {packets} packets wait, and none is outstanding",
                self.call_text(end)
            ),
        }
    }

    /// `call c1 at pns (Call ID 7, peer's Call ID 9): established`.
    fn call_text(&self, end: &CallEnd) -> String {
        let name = self.bindings.call_at(end.node, end.call.call_id);
        let name = name.map_or(String::new(), |name| format!(" {name}"));
        let peer = match end.peer_call_id {
            Some(id) => format!("peer's Call ID {id}"),
            None => "no peer's Call ID".to_owned(),
        };
        format!(
            "call{name} at {} (Call ID {}, {peer}): {}",
            self.log.names().of(end.node),
            end.call_id(),
            end.state
        )
    }
}
