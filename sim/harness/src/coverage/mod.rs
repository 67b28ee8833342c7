//! What runs have come to: states, transitions, windows, and points of the code that only some runs come to.
//!
//! Endpoints and the world collect it all the time, a bit each ([`pptp_proto::Reached`], [`pptp_world::WorldPoints`]). Here the sets of
//! runs are added up, told apart, named and shown; what no run came to is listed, as it is not tested.

mod item;
mod table;

pub use item::{CoverageItem, Dimension};

use std::collections::BTreeMap;
use std::sync::LazyLock;

use pptp_proto::{Reached, ReachedItem, Transition};
use pptp_world::{NodeId, Query, Stage, Value, WorldPoint, WorldPoints};
use serde_json::Value as Json;

use crate::run::RunReport;

/// Each transition as a set of its own, by its id: every run looks up those that its nodes told of.
static TRANSITIONS: LazyLock<BTreeMap<&'static str, Reached>> = LazyLock::new(|| {
    let sets = Transition::ALL.iter().map(|transition| {
        let mut set = Reached::default();
        set.insert(ReachedItem::Transition(*transition));
        (transition.id(), set)
    });
    sets.collect()
});

/// A set of what runs have come to.
#[derive(Copy, Clone, Debug, Default, Eq, PartialEq)]
pub struct Coverage {
    endpoints: Reached,
    world: WorldPoints,
}

impl Coverage {
    /// What a run came to.
    pub fn of(report: &RunReport) -> Coverage {
        report.coverage
    }

    /// What a run came to up to now: its nodes, as far as they tell, its world, and transitions that nodes have told otherwise.
    pub(crate) fn of_stage<'t>(
        stage: &impl Stage,
        nodes: usize,
        told: impl Iterator<Item = &'t str>,
    ) -> Coverage {
        let mut coverage = Coverage {
            endpoints: Reached::default(),
            world: stage.points(),
        };
        for node in (0..nodes).filter_map(|node| u16::try_from(node).ok()) {
            let word = |word| match stage.query(NodeId(node), &Query::Reached(word)) {
                Some(Value::Number(bits)) => bits,
                _ => 0,
            };
            let words = core::array::from_fn(word);
            coverage.endpoints.merge(&Reached::from_words(words));
        }
        for id in told {
            if let Some(transition) = TRANSITIONS.get(id) {
                coverage.endpoints.merge(transition);
            }
        }
        coverage
    }

    /// Adds another set.
    pub fn merge(&mut self, other: &Coverage) {
        self.endpoints.merge(&other.endpoints);
        self.world = WorldPoints::from_bits(self.world.bits() | other.world.bits());
    }

    /// What of this is not in `known`.
    #[must_use]
    pub fn new_in(&self, known: &Coverage) -> Coverage {
        Coverage {
            endpoints: self.endpoints.without(&known.endpoints),
            world: WorldPoints::from_bits(self.world.bits() & !known.world.bits()),
        }
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        *self == Coverage::default()
    }

    /// Whether the item is in it.
    pub fn contains(&self, item: CoverageItem) -> bool {
        match item {
            CoverageItem::Endpoint(item) => self.endpoints.contains(item),
            CoverageItem::World(point) => self.world.contains(point),
        }
    }

    /// Everything in it, in the order of the table.
    pub fn items(&self) -> impl Iterator<Item = CoverageItem> {
        let world = WorldPoint::ALL.iter().copied();
        self.endpoints.items().map(CoverageItem::Endpoint).chain(
            world
                .filter(|point| self.world.contains(*point))
                .map(CoverageItem::World),
        )
    }

    /// How many items of a dimension are in it.
    pub fn count(&self, dimension: Dimension) -> usize {
        self.items()
            .filter(|item| item.dimension() == dimension)
            .count()
    }

    /// What of a dimension is not in it.
    pub fn missing(&self, dimension: Dimension) -> Vec<CoverageItem> {
        let all = CoverageItem::all().filter(|item| item.dimension() == dimension);
        all.filter(|item| !self.contains(*item)).collect()
    }

    /// Adds an item by its name.
    ///
    /// # Errors
    /// There is no item of that name.
    pub fn insert(&mut self, name: &str) -> Result<(), String> {
        let item = CoverageItem::by_name(name)
            .ok_or_else(|| format!("there is nothing to be reached that is called `{name}`"))?;
        match item {
            CoverageItem::Endpoint(item) => self.endpoints.insert(item),
            CoverageItem::World(point) => {
                self.world = WorldPoints::from_bits(self.world.bits() | 1 << point as u8);
            }
        }
        Ok(())
    }

    /// The set as a table for people: how much of each dimension, and what is missing.
    pub fn table(&self) -> String {
        table::human(self)
    }

    /// The set as one JSON object: for each dimension how many are `reached`, `of` how many, and the names of those that `never` were.
    pub fn json(&self) -> Json {
        table::json(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(names: &[&str]) -> Coverage {
        let mut coverage = Coverage::default();
        for name in names {
            coverage.insert(name).expect("a name");
        }
        coverage
    }

    fn names(coverage: &Coverage) -> Vec<String> {
        coverage.items().map(|item| item.to_string()).collect()
    }

    #[test]
    fn sets_add_up_in_any_order_and_tell_what_is_new() {
        let one = set(&["T-CCO-01", "tail-drop", "T-PNSO-13 window=full"]);
        let other = set(&["T-CCO-01", "window-grew"]);
        let (mut sum, mut again) = (one, other);
        sum.merge(&other);
        again.merge(&one);
        assert_eq!(sum, again);
        assert_eq!(
            names(&sum),
            [
                "window-grew",
                "T-CCO-01",
                "T-PNSO-13 window=full",
                "tail-drop"
            ]
        );
        assert_eq!(names(&other.new_in(&one)), ["window-grew"]);
        assert!(other.new_in(&sum).is_empty() && !other.is_empty());
        assert_eq!(
            names(&one.new_in(&other)),
            ["T-PNSO-13 window=full", "tail-drop"]
        );
    }

    #[test]
    fn an_unknown_name_is_refused() {
        let mut coverage = Coverage::default();
        let problem = coverage.insert("window-blew").expect_err("no name");
        assert!(problem.contains("`window-blew`") && coverage.is_empty());
    }

    #[test]
    fn what_is_missing_and_what_is_there_is_everything() {
        let coverage = set(&["tail-drop", "T-CCO-02", "PNS-incoming window=shrunk"]);
        for dimension in Dimension::ALL {
            let of = CoverageItem::all().filter(|item| item.dimension() == dimension);
            let missing = coverage.missing(dimension);
            assert_eq!(coverage.count(dimension) + missing.len(), of.count());
        }
        assert_eq!(coverage.count(Dimension::Transitions), 1);
        assert_eq!(coverage.count(Dimension::WorldPoints), 1);
    }
}
