//! What a runner drives: the event world, or another one that tells the same story.

use crate::link::{
    ControlImpairments, ControlRule, GreImpairments, GreRule, ImpairmentError, RuleId,
};
use crate::luck::{Direction, Plane};
use crate::tape::Tape;
use crate::{
    Advance, CallRef, Command, CommandError, ConnectionId, ConnectionNumber, LinkId, NodeId,
    Outcome, Query, Record, Role, Span, Traffic, TrafficId, Unit, Value, World, WorldPoints,
};
use core::net::Ipv4Addr;
use pptp_rules::Judge;
use pptp_wire::time::Instant;

/// Declares the methods of the trait; the world's, which are its own of the same names; and those of a stage that is watched,
/// which are the stage's but for `take_records`.
macro_rules! stage {
    (
        mutating { $($(#[$a:meta])* fn $name:ident($($argument:ident: $type:ty),*) $(-> $result:ty)?;)* }
        looking { $($(#[$b:meta])* fn $look:ident($($given:ident: $kind:ty),*) $(-> $found:ty)?;)* }
    ) => {
        /// A world with its nodes and links in place, as a runner drives it. The methods are those of [`World`].
        pub trait Stage {
            /// See [`World::take_records`].
            fn take_records(&mut self, into: &mut Vec<Record>);
            $($(#[$a])* fn $name(&mut self, $($argument: $type),*) $(-> $result)?;)*
            $($(#[$b])* fn $look(&self, $($given: $kind),*) $(-> $found)?;)*
        }

        impl Stage for World {
            fn take_records(&mut self, into: &mut Vec<Record>) {
                World::take_records(self, into);
            }
            $(fn $name(&mut self, $($argument: $type),*) $(-> $result)? {
                World::$name(self, $($argument),*)
            })*
            $(fn $look(&self, $($given: $kind),*) $(-> $found)? {
                World::$look(self, $($given),*)
            })*
        }

        impl<S: Stage, W: FnMut(&Record, &S)> Stage for Watched<'_, S, W> {
            fn take_records(&mut self, into: &mut Vec<Record>) {
                let first = into.len();
                self.stage.take_records(into);
                for record in into.get(first..).unwrap_or_default() {
                    (self.watch)(record, self.stage);
                }
            }
            $(fn $name(&mut self, $($argument: $type),*) $(-> $result)? {
                self.stage.$name($($argument),*)
            })*
            $(fn $look(&self, $($given: $kind),*) $(-> $found)? {
                self.stage.$look($($given),*)
            })*
        }
    };
}

/// A stage whose records somebody else sees as well, when they are taken.
pub struct Watched<'s, S, W> {
    stage: &'s mut S,
    watch: W,
}

impl<'s, S: Stage, W: FnMut(&Record, &S)> Watched<'s, S, W> {
    /// Has `watch` see every record of `stage` that is taken through this.
    pub fn new(stage: &'s mut S, watch: W) -> Watched<'s, S, W> {
        Watched { stage, watch }
    }
}

stage! {
    mutating {
        /// See [`World::advance`].
        fn advance(until: Instant) -> Advance;
        /// See [`World::finish`].
        fn finish();
        /// See [`World::command`].
        fn command(node: NodeId, command: &Command) -> Result<Outcome, CommandError>;
        /// See [`World::start_traffic`].
        fn start_traffic(node: NodeId, call: CallRef, traffic: Traffic) -> Result<TrafficId, CommandError>;
        /// See [`World::inject`].
        fn inject(from: NodeId, to: Ipv4Addr, source: Option<Ipv4Addr>, octets: &[u8]);
        /// See [`World::inject_control`].
        fn inject_control(from: NodeId, connection: ConnectionNumber, octets: &[u8], unit: Unit) -> bool;
        /// See [`World::distrust`].
        fn distrust(one: NodeId, other: NodeId);
        /// See [`World::impair_gre`].
        fn impair_gre(link: LinkId, direction: Direction, impairments: GreImpairments) -> Result<(), ImpairmentError>;
        /// See [`World::impair_control`].
        fn impair_control(
            link: LinkId,
            direction: Direction,
            impairments: ControlImpairments
        ) -> Result<(), ImpairmentError>;
        /// See [`World::add_gre_rule`].
        fn add_gre_rule(link: LinkId, direction: Direction, rule: GreRule) -> RuleId;
        /// See [`World::update_gre_rule`].
        fn update_gre_rule(link: LinkId, direction: Direction, id: RuleId, rule: GreRule) -> bool;
        /// See [`World::add_control_rule`].
        fn add_control_rule(link: LinkId, direction: Direction, rule: ControlRule) -> Result<RuleId, ImpairmentError>;
        /// See [`World::update_control_rule`].
        fn update_control_rule(
            link: LinkId,
            direction: Direction,
            id: RuleId,
            rule: ControlRule
        ) -> Result<bool, ImpairmentError>;
        /// See [`World::remove_rule`].
        fn remove_rule(link: LinkId, direction: Direction, plane: Plane, rule: RuleId) -> bool;
        /// See [`World::begin_outage`].
        fn begin_outage(link: LinkId, direction: Direction);
        /// See [`World::end_outage`].
        fn end_outage(link: LinkId, direction: Direction);
        /// See [`World::stall`].
        fn stall(link: LinkId, direction: Direction);
        /// See [`World::release`].
        fn release(link: LinkId, direction: Direction);
        /// See [`World::reset`].
        fn reset(connection: ConnectionNumber) -> bool;
        /// See [`World::half_close`].
        fn half_close(from: NodeId, connection: ConnectionNumber) -> bool;
        /// See [`World::crash`].
        fn crash(node: NodeId);
        /// See [`World::restart`].
        fn restart(node: NodeId);
        /// See [`World::tape_mut`].
        fn tape_mut() -> &mut Tape;
    }
    looking {
        /// See [`World::now`].
        fn now() -> Instant;
        /// See [`World::steps`].
        fn steps() -> u64;
        /// See [`World::query`].
        fn query(node: NodeId, query: &Query) -> Option<Value>;
        /// See [`World::role`].
        fn role(node: NodeId) -> Option<Role>;
        /// See [`World::vain_deadlines`].
        fn vain_deadlines(node: NodeId) -> u32;
        /// See [`World::addresses`].
        fn addresses(node: NodeId) -> &[Ipv4Addr];
        /// See [`World::link_between`].
        fn link_between(a: NodeId, b: NodeId) -> Option<LinkId>;
        /// See [`World::direction_from`].
        fn direction_from(link: LinkId, from: NodeId) -> Option<Direction>;
        /// See [`World::gre_impairments`].
        fn gre_impairments(link: LinkId, direction: Direction) -> &GreImpairments;
        /// See [`World::control_impairments`].
        fn control_impairments(link: LinkId, direction: Direction) -> &ControlImpairments;
        /// See [`World::connections`].
        fn connections() -> Vec<(ConnectionNumber, NodeId, NodeId)>;
        /// See [`World::connection_id`].
        fn connection_id(node: NodeId, connection: ConnectionNumber) -> Option<ConnectionId>;
        /// See [`World::connection_number`].
        fn connection_number(node: NodeId, id: ConnectionId) -> Option<ConnectionNumber>;
        /// See [`World::octets`].
        fn octets(span: Span) -> &[u8];
        /// See [`World::tape`].
        fn tape() -> &Tape;
        /// See [`World::judge`].
        fn judge() -> &Judge;
        /// See [`World::points`].
        fn points() -> WorldPoints;
        /// See [`World::only_keep_alive_left`].
        fn only_keep_alive_left() -> bool;
        /// See [`World::is_data_idle`].
        fn is_data_idle(call: Option<(NodeId, CallRef)>) -> bool;
    }
}
