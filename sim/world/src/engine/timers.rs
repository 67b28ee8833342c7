//! The deadlines of all nodes, one each.

use pptp_wire::collections::Runs;
use pptp_wire::time::Instant;

/// Deadlines of nodes by (time, order of setting).
///
/// Most are moved to a later time long before they come. So the queue is looked after late: an entry for a deadline that was moved to
/// a later time, or taken back, stays where it is until it is the first.
#[derive(Debug, Default)]
pub(crate) struct Timers {
    /// The first entry is always one for a deadline as it stands.
    queue: Runs<Entry>,
    /// By node.
    nodes: Vec<Node>,
    /// Nodes that have an entry of their own in the queue; what is beyond is left over.
    queued: usize,
    settings: u64,
}

/// When, and the number of the setting.
type Setting = (u64, u64);

#[derive(Copy, Clone, Debug, Eq, PartialEq, Ord, PartialOrd)]
struct Entry {
    setting: Setting,
    node: u16,
}

#[derive(Copy, Clone, Debug)]
struct Node {
    /// The deadline; `NEVER` where there is none.
    deadline: Setting,
    /// Its entry in the queue, which comes no later; `NEVER` where there is none.
    queued: Setting,
}

const NEVER: Setting = (u64::MAX, 0);
/// Entries that may be left over in any case.
const LEFT_OVER: usize = 64;

impl Timers {
    /// Sets, moves, or (`NEVER`) takes back the deadline of a node.
    #[inline]
    pub(crate) fn set(&mut self, node: u16, at: Instant) {
        let index = usize::from(node);
        if index >= self.nodes.len() {
            let none = Node {
                deadline: NEVER,
                queued: NEVER,
            };
            self.nodes.resize(index + 1, none);
        }
        let this = &mut self.nodes[index];
        if this.deadline.0 == at.0 {
            return;
        }
        this.deadline = NEVER;
        if at != Instant::NEVER {
            self.settings += 1;
            this.deadline = (at.0, self.settings);
            if this.deadline < this.queued {
                self.queued += usize::from(this.queued == NEVER);
                this.queued = this.deadline;
                let setting = this.deadline;
                self.queue.push(Entry { setting, node });
            }
        }
        if self.queue.first().is_some_and(|first| first.node == node) {
            self.tidy();
        }
    }

    /// The earliest deadline.
    #[inline]
    pub(crate) fn first(&self) -> Option<(Instant, u16)> {
        self.queue
            .first()
            .map(|entry| (Instant(entry.setting.0), entry.node))
    }

    /// Sees to it that the first entry of the queue is for a deadline as it stands, and that not too many are left over.
    fn tidy(&mut self) {
        while let Some(&Entry { setting, node }) = self.queue.first() {
            let this = &mut self.nodes[usize::from(node)];
            let is_own = this.queued == setting;
            if is_own && this.deadline == setting {
                break;
            }
            self.queue.pop();
            if is_own {
                this.queued = this.deadline;
                if this.queued == NEVER {
                    self.queued -= 1;
                } else {
                    let setting = this.deadline;
                    self.queue.push(Entry { setting, node });
                }
            }
        }
        if self.queue.len() > 2 * self.queued + LEFT_OVER {
            let nodes = &self.nodes;
            self.queue
                .retain(|entry| nodes[usize::from(entry.node)].queued == entry.setting);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn equal_deadlines_come_in_the_order_of_setting() {
        let mut timers = Timers::default();
        for node in [2, 0, 1] {
            timers.set(node, Instant(5));
        }
        timers.set(2, Instant(4));
        timers.set(2, Instant(5));
        let mut order = Vec::new();
        while let Some((_, node)) = timers.first() {
            order.push(node);
            timers.set(node, Instant::NEVER);
        }
        assert_eq!(order, [0, 1, 2]);
    }

    proptest! {
        #[test]
        fn the_first_is_the_earliest(work in proptest::collection::vec((0_u16..20, 0_u64..12), 0..300)) {
            let mut timers = Timers::default();
            let mut model: Vec<(u64, usize, u16)> = Vec::new();
            for (setting, (node, at)) in work.into_iter().enumerate() {
                let at = if at == 0 { u64::MAX } else { at };
                timers.set(node, Instant(at));
                if !model.iter().any(|entry| (entry.2, entry.0) == (node, at)) {
                    model.retain(|entry| entry.2 != node);
                    if at != u64::MAX {
                        model.push((at, setting, node));
                    }
                }
                let first = model.iter().min().map(|entry| (Instant(entry.0), entry.2));
                prop_assert_eq!(timers.first(), first);
            }
        }
    }
}
