//! What can be reached, by name and by dimension.

use std::fmt;

use pptp_proto::ReachedItem;
use pptp_world::WorldPoint;

/// One thing that a run comes to, or does not.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum CoverageItem {
    /// At an endpoint.
    Endpoint(ReachedItem),
    /// In the world.
    World(WorldPoint),
}

/// A kind of items.
#[derive(Copy, Clone, Debug, Eq, PartialEq, Ord, PartialOrd)]
pub enum Dimension {
    /// States of control connections, at either end.
    ConnectionStates,
    /// States of calls, of each role and direction.
    CallStates,
    /// Transitions.
    Transitions,
    /// How windows of established calls stood, of each role and direction.
    Windows,
    /// Transitions of established calls and of their connections, and how the window stood then.
    TransitionWindows,
    /// Points of the endpoint's code.
    EndpointPoints,
    /// Points of the world's code.
    WorldPoints,
}

impl Dimension {
    /// All, in the order of the table.
    pub const ALL: [Dimension; 7] = [
        Dimension::ConnectionStates,
        Dimension::CallStates,
        Dimension::Transitions,
        Dimension::Windows,
        Dimension::TransitionWindows,
        Dimension::EndpointPoints,
        Dimension::WorldPoints,
    ];

    /// Its key, such as `call-states`.
    pub const fn key(self) -> &'static str {
        match self {
            Dimension::ConnectionStates => "control-connection-states",
            Dimension::CallStates => "call-states",
            Dimension::Transitions => "transitions",
            Dimension::Windows => "windows",
            Dimension::TransitionWindows => "transitions-by-window",
            Dimension::EndpointPoints => "points-of-endpoints",
            Dimension::WorldPoints => "points-of-the-world",
        }
    }
}

impl CoverageItem {
    /// Everything that there is, in the order of the sets.
    pub fn all() -> impl Iterator<Item = CoverageItem> {
        let world = WorldPoint::ALL.iter().copied();
        ReachedItem::all()
            .map(CoverageItem::Endpoint)
            .chain(world.map(CoverageItem::World))
    }

    /// The item of this name.
    pub fn by_name(name: &str) -> Option<CoverageItem> {
        CoverageItem::all().find(|item| item.to_string() == name)
    }

    /// Its dimension.
    pub const fn dimension(self) -> Dimension {
        match self {
            CoverageItem::Endpoint(ReachedItem::ConnectionState(..)) => Dimension::ConnectionStates,
            CoverageItem::Endpoint(ReachedItem::CallState(..)) => Dimension::CallStates,
            CoverageItem::Endpoint(ReachedItem::Transition(_)) => Dimension::Transitions,
            CoverageItem::Endpoint(ReachedItem::Window(..)) => Dimension::Windows,
            CoverageItem::Endpoint(ReachedItem::TransitionWindow(..)) => {
                Dimension::TransitionWindows
            }
            CoverageItem::Endpoint(ReachedItem::Point(_)) => Dimension::EndpointPoints,
            CoverageItem::World(_) => Dimension::WorldPoints,
        }
    }

    /// What it is about, where the name alone does not say it.
    pub fn doc(self) -> String {
        match self {
            CoverageItem::Endpoint(ReachedItem::Point(point)) => point.doc().to_owned(),
            CoverageItem::World(point) => point.doc().to_owned(),
            CoverageItem::Endpoint(ReachedItem::Transition(transition)) => {
                let row = transition.row();
                format!("{}: {}.", row.state, row.event)
            }
            CoverageItem::Endpoint(_) => String::new(),
        }
    }
}

impl fmt::Display for CoverageItem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CoverageItem::Endpoint(item) => item.fmt(formatter),
            CoverageItem::World(point) => formatter.write_str(point.name()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn names_are_unique_and_lead_back() {
        let names: BTreeSet<String> = CoverageItem::all().map(|item| item.to_string()).collect();
        assert_eq!(names.len(), CoverageItem::all().count());
        for item in CoverageItem::all() {
            assert_eq!(CoverageItem::by_name(&item.to_string()), Some(item));
        }
        assert_eq!(CoverageItem::by_name(""), None);
    }

    #[test]
    fn there_are_all_transitions_and_points_enough() {
        let count = |dimension| {
            CoverageItem::all()
                .filter(|item| item.dimension() == dimension)
                .count()
        };
        assert_eq!(count(Dimension::Transitions), 95);
        assert!(count(Dimension::EndpointPoints) + count(Dimension::WorldPoints) >= 30);
        let told = CoverageItem::by_name("T-CCO-02").map(CoverageItem::doc);
        assert_eq!(told.as_deref(), Some("wait-ctl-reply: collision, we lose."));
    }
}
