//! Which nodes may have one address.

use super::Builder;
use crate::scenario::model::NodeIndex;

impl Builder<'_> {
    /// Two programs on one host share its address: a link joins them, and nobody else has a link with both, who could not tell them
    /// apart. Otherwise each address belongs to one node.
    pub(super) fn check_addresses(&mut self) {
        for later in 0..self.nodes.len() {
            for address in self.nodes[later].addresses.clone() {
                let shared = (0..later).find(|&earlier| {
                    self.nodes[earlier].addresses.contains(&address)
                        && !self.on_one_host(index(earlier), index(later))
                });
                let Some(earlier) = shared else { continue };
                let diagnostic = self
                    .wrong(
                        "doubled-address",
                        self.nodes[later].span,
                        format!("{address} is the address of `{}` already", self.nodes[earlier].name),
                        "the same address",
                    )
                    .also(self.nodes[earlier].span, "first here")
                    .help(
                        "a node without `address` has 10.0.0.n, where n is its place among the nodes; two programs on one host may \
                         share its address: a link joins them, and no other node has a link with both",
                    );
                self.report(diagnostic);
            }
        }
    }

    fn on_one_host(&self, a: NodeIndex, b: NodeIndex) -> bool {
        let both = |other: usize| self.has_link(index(other), a) && self.has_link(index(other), b);
        self.linked(a, b) && !(0..self.nodes.len()).any(both)
    }
}

/// A node by its place among the nodes.
fn index(place: usize) -> NodeIndex {
    NodeIndex(u16::try_from(place).unwrap_or(u16::MAX))
}
