//! What stands before the flow becomes less: requirements, limits, nodes, links.

use std::ops::ControlFlow;

use pptp_wire::time::Duration;

use super::search::Search;
use super::values::smaller_spans;
use crate::scenario::model::{
    AutoSpec, ControlSpec, GreSpec, Limits, NodeIndex, Scenario, StepKind, TelephoneSpec,
};

/// Tries to drop and to simplify everything before the flow.
pub fn simplify(search: &mut Search<'_, '_>) -> ControlFlow<()> {
    change(search, &|scenario| scenario.covers.clear())?;
    change(search, &|scenario| scenario.limits = Limits::default())?;
    for place in (0..search.current.nodes.len()).rev() {
        drop_node(search, place)?;
    }
    for place in (0..search.current.links.len()).rev() {
        change(search, &|scenario| {
            scenario.links.remove(place);
        })?;
    }
    for place in 0..search.current.nodes.len() {
        node(search, place)?;
    }
    for place in 0..search.current.links.len() {
        link(search, place)?;
    }
    ControlFlow::Continue(())
}

fn change(search: &mut Search<'_, '_>, change: &dyn Fn(&mut Scenario)) -> ControlFlow<(), bool> {
    let mut candidate = search.current.clone();
    change(&mut candidate);
    search.attempt(candidate)
}

/// Drops a node with its links. Lines that name it are not lines any more: then it is needed.
fn drop_node(search: &mut Search<'_, '_>, place: usize) -> ControlFlow<()> {
    let mut candidate = search.current.clone();
    candidate.nodes.remove(place);
    let gone = |node: NodeIndex| usize::from(node.0) == place;
    candidate
        .links
        .retain(|link| !gone(link.a) && !gone(link.b));
    let moved = |node: &mut NodeIndex| {
        if usize::from(node.0) > place {
            node.0 -= 1;
        }
    };
    for link in &mut candidate.links {
        moved(&mut link.a);
        moved(&mut link.b);
    }
    let mut named = false;
    candidate.flow = super::tree::rewritten(&candidate.flow, &mut |_, mut step| {
        // The one line that is printed from what it means.
        if let StepKind::Ignore { lines, .. } = &mut step.kind {
            for line in lines {
                named |= gone(line.from) || gone(line.to);
                moved(&mut line.from);
                moved(&mut line.to);
            }
        }
        vec![step]
    });
    if !named {
        search.attempt(candidate)?;
    }
    ControlFlow::Continue(())
}

fn node(search: &mut Search<'_, '_>, place: usize) -> ControlFlow<()> {
    change(search, &|scenario| {
        let node = &mut scenario.nodes[place];
        node.profile = "rfc".to_owned();
        node.profile_fields.clear();
        node.telephone = TelephoneSpec::default();
        node.limits.clear();
        node.auto = AutoSpec::default();
        node.misses.clear();
        node.may_miss.clear();
    })?;
    change(search, &|scenario| {
        scenario.nodes[place].profile = "rfc".to_owned();
    })?;
    change(search, &|scenario| {
        scenario.nodes[place].telephone = TelephoneSpec::default();
    })?;
    change(search, &|scenario| scenario.nodes[place].misses.clear())?;
    change(search, &|scenario| scenario.nodes[place].may_miss.clear())?;
    for miss in (0..search.current.nodes[place].may_miss.len()).rev() {
        change(search, &|scenario| {
            scenario.nodes[place].may_miss.remove(miss);
        })?;
    }
    for field in (0..search.current.nodes[place].profile_fields.len()).rev() {
        change(search, &|scenario| {
            scenario.nodes[place].profile_fields.remove(field);
        })?;
    }
    for limit in (0..search.current.nodes[place].limits.len()).rev() {
        change(search, &|scenario| {
            scenario.nodes[place].limits.remove(limit);
        })?;
    }
    change(search, &|scenario| {
        scenario.nodes[place].auto = AutoSpec::default();
    })?;
    ControlFlow::Continue(())
}

fn link(search: &mut Search<'_, '_>, place: usize) -> ControlFlow<()> {
    change(search, &|scenario| {
        scenario.links[place].control = <[ControlSpec; 2]>::default();
        scenario.links[place].gre = <[GreSpec; 2]>::default();
    })?;
    for side in 0..2 {
        change(search, &|scenario| {
            scenario.links[place].control[side] = ControlSpec::default();
        })?;
        change(search, &|scenario| {
            scenario.links[place].gre[side] = GreSpec::default();
        })?;
        change(search, &|scenario| {
            let control = &mut scenario.links[place].control[side];
            *control = ControlSpec {
                delay: control.delay,
                ..ControlSpec::default()
            };
        })?;
        let models: [fn(&mut GreSpec); 9] = [
            |gre| gre.jitter = None,
            |gre| gre.loss = None,
            |gre| gre.loss_gilbert_elliott = None,
            |gre| gre.loss_markov = None,
            |gre| gre.reorder = None,
            |gre| gre.duplicate = None,
            |gre| gre.corrupt = None,
            |gre| gre.rate = None,
            |gre| gre.mtu = None,
        ];
        for model in models {
            change(search, &|scenario| {
                model(&mut scenario.links[place].gre[side]);
            })?;
        }
    }
    delays(search, place)
}

/// Delays become round and short, those of both directions and planes together where that does.
fn delays(search: &mut Search<'_, '_>, place: usize) -> ControlFlow<()> {
    let set = |scenario: &mut Scenario, which: usize, span: Duration| {
        let link = &mut scenario.links[place];
        match which {
            0 | 1 => link.control[which].delay = span,
            _ => link.gre[which - 2].delay = span,
        }
    };
    let get = |scenario: &Scenario, which: usize| {
        let link = &scenario.links[place];
        match which {
            0 | 1 => link.control[which].delay,
            _ => link.gre[which - 2].delay,
        }
    };
    let longest = (0..4).map(|which| get(&search.current, which)).max();
    for span in smaller_spans(longest.unwrap_or(Duration::ZERO)) {
        let all = |scenario: &mut Scenario| (0..4).for_each(|which| set(scenario, which, span));
        if change(search, &all)? {
            return ControlFlow::Continue(());
        }
    }
    for which in 0..4 {
        for span in smaller_spans(get(&search.current, which)) {
            if change(search, &|scenario| set(scenario, which, span))? {
                break;
            }
        }
    }
    ControlFlow::Continue(())
}
