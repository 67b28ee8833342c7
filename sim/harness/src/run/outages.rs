//! Outages and stalls, and their end; and the end of everything that a network does.

use pptp_world::luck::{Direction, Plane};
use pptp_world::{LinkId, NodeId, Stage};

use super::driver::Driver;
use crate::scenario::model::{self, NodeIndex};

/// One direction of one plane in which nothing gets through.
pub type Outage = (LinkId, Direction, Plane);

impl<S: Stage> Driver<'_, S> {
    /// Nothing gets through: GRE is lost, control octets wait.
    pub fn start_outage(
        &mut self,
        a: NodeIndex,
        b: NodeIndex,
        plane: Option<model::Plane>,
        from: Option<NodeIndex>,
    ) -> Vec<Outage> {
        let mut begun = Vec::new();
        for (link, direction) in self.directions(a, b, from) {
            if plane != Some(model::Plane::Control) {
                self.stage.begin_outage(link, direction);
                begun.push((link, direction, Plane::Gre));
            }
            if plane != Some(model::Plane::Gre) {
                self.stage.stall(link, direction);
                begun.push((link, direction, Plane::Control));
            }
        }
        self.outages.extend(&begun);
        begun
    }

    /// Ends an outage, unless `heal` has.
    pub fn stop_outage(&mut self, begun: &[Outage]) {
        for outage in begun {
            let Some(position) = self.outages.iter().position(|other| other == outage) else {
                continue;
            };
            let (link, direction, plane) = self.outages.remove(position);
            match plane {
                Plane::Gre => self.stage.end_outage(link, direction),
                Plane::Control => self.stage.release(link, direction),
            }
        }
    }

    /// Keeps an outage in force until `resume` or `heal`.
    pub fn keep_outage(&mut self, begun: Vec<Outage>) {
        self.without_end.extend(begun);
    }

    /// Ends the outages that have no end of their own.
    pub fn resume(
        &mut self,
        a: NodeIndex,
        b: NodeIndex,
        plane: Option<model::Plane>,
        from: Option<NodeIndex>,
    ) {
        let directions = self.directions(a, b, from);
        let planes = match plane {
            Some(model::Plane::Control) => &[Plane::Control][..],
            Some(model::Plane::Gre) => &[Plane::Gre],
            None => &[Plane::Control, Plane::Gre],
        };
        let all = std::mem::take(&mut self.without_end);
        let (over, kept) = all.into_iter().partition(|(link, direction, plane)| {
            directions.contains(&(*link, *direction)) && planes.contains(plane)
        });
        self.without_end = kept;
        let over: Vec<Outage> = over;
        self.stop_outage(&over);
    }

    /// The network does nothing any more but what its links were declared to do, and every node is up.
    pub fn heal(&mut self) {
        for position in 0..self.faults.len() {
            self.stop_fault(position);
        }
        for position in 0..self.scenario.links.len() {
            let declared = &self.scenario.links[position];
            self.link_specs[position] = (declared.control.clone(), declared.gre.clone());
            self.tell_link(position);
        }
        self.without_end.clear();
        let outages = self.outages.clone();
        self.stop_outage(&outages);
        for number in 0..self.scenario.nodes.len() {
            let node = NodeId(u16::try_from(number).unwrap_or(u16::MAX));
            self.stage.restart(node);
        }
    }

    /// Control octets wait.
    pub fn start_stall(
        &mut self,
        a: NodeIndex,
        b: NodeIndex,
        from: Option<NodeIndex>,
    ) -> Vec<Outage> {
        self.start_outage(a, b, Some(model::Plane::Control), from)
    }
}
