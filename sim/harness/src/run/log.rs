//! The log of a run: everything that the transcript shows, in order, with marks added as more becomes known.

use std::collections::BTreeMap;

use pptp_wire::time::Instant;
use pptp_world::{ConnectionNumber, NodeId};

use super::bindings::Bindings;
use crate::diagram::Course;
use crate::scenario::model::{Scenario, Step, View};
use crate::transcript::{Entry, GreEntry, Mark, Names};

/// Entries for which there is room from the beginning.
const ENTRIES: usize = 256;

/// Entries in the order in which things happened.
pub struct Log<'s> {
    names: Names,
    entries: Vec<Entry>,
    /// The connection that an entry belongs to, beside it.
    connections: Vec<Option<ConnectionNumber>>,
    /// Which step took which entries, in order: what a promoted scenario puts in the place of its lines.
    matches: Vec<(&'s Step, usize)>,
    /// What a diagram shows beside the entries, where one is wanted.
    pub(super) course: Option<Course>,
}

impl<'s> Log<'s> {
    /// An empty log of a scenario's run.
    pub fn new(scenario: &'s Scenario) -> Self {
        let names = scenario
            .nodes
            .iter()
            .map(|node| node.name.clone())
            .collect();
        Log {
            names: Names::new(names),
            entries: Vec::with_capacity(ENTRIES),
            connections: Vec::with_capacity(ENTRIES),
            matches: Vec::new(),
            course: None,
        }
    }

    /// The names of the nodes.
    pub fn names(&self) -> &Names {
        &self.names
    }

    /// Adds an entry and returns its place.
    #[inline]
    pub fn add(&mut self, entry: Entry, connection: Option<ConnectionNumber>) -> usize {
        self.entries.push(entry);
        self.connections.push(connection);
        if let Some(course) = &mut self.course {
            course.added();
        }
        self.entries.len() - 1
    }

    /// Adds the echo of a step.
    pub fn step(&mut self, at: Instant, text: String) -> usize {
        self.add(
            Entry::Step {
                at,
                text,
                marks: Vec::new(),
            },
            None,
        )
    }

    /// Adds a comment.
    pub fn comment(&mut self, at: Instant, text: String) {
        self.add(Entry::Comment { at, text }, None);
    }

    /// Adds a mark to an entry, once.
    pub fn mark(&mut self, entry: usize, mark: Mark) {
        if let Some(marks) = self.entries.get_mut(entry).and_then(Entry::marks_mut)
            && !marks.contains(&mark)
        {
            marks.push(mark);
        }
    }

    /// Gives the call that an entry belongs to its name.
    pub fn name_call(&mut self, entry: usize, name: &str) {
        match self.entries.get_mut(entry) {
            Some(Entry::Control(control)) => control.call = Some(name.to_owned()),
            Some(Entry::Gre(packet)) => packet.call = Some(name.into()),
            _ => {}
        }
    }

    /// Notes that a line of the scenario named this packet: folds end there.
    pub fn named_by(&mut self, entry: usize, line: usize) {
        if let Some(Entry::Gre(packet)) = self.entries.get_mut(entry) {
            packet.step = Some(line);
        }
    }

    /// Notes which step took an entry. Lines about the far end of a path show nothing of their own.
    pub fn note_match(&mut self, step: &'s Step, entry: usize, view: View, at: Instant) {
        if view != View::Sent {
            self.comment(at, format!("matched: {}", step.text));
            return;
        }
        self.matches.push((step, entry));
    }

    /// One entry.
    pub fn entry(&self, place: usize) -> Option<&Entry> {
        self.entries.get(place)
    }

    /// The GRE packet that stands there.
    #[inline]
    pub fn packet(&self, place: usize) -> Option<&GreEntry> {
        match self.entries.get(place) {
            Some(Entry::Gre(packet)) => Some(packet),
            _ => None,
        }
    }

    fn name_connections(&mut self, names: &BTreeMap<ConnectionNumber, String>) {
        for (entry, connection) in self.entries.iter_mut().zip(&self.connections) {
            let name = connection.and_then(|number| names.get(&number).cloned());
            match entry {
                Entry::Tcp(tcp) => tcp.connection = name,
                Entry::Control(control) => control.connection = name,
                _ => {}
            }
        }
    }

    /// Everything, with the connections named where a pair of nodes had more than one, in the order of the scenario's names.
    pub fn finish(
        mut self,
        bindings: &Bindings,
        ends: &BTreeMap<ConnectionNumber, (NodeId, NodeId)>,
    ) -> Finished<'s> {
        let names = connection_names(bindings, ends);
        if !names.is_empty() {
            self.name_connections(&names);
        }
        let drawn = self.course.map(|course| Drawn {
            entries: self.entries.clone(),
            course,
            connections: names,
        });
        let (entries, matches) = in_order_of_time(self.entries, self.matches);
        Finished {
            names: self.names,
            entries,
            matches,
            drawn,
        }
    }
}

/// A log that is complete.
pub struct Finished<'s> {
    /// The names of the nodes.
    pub names: Names,
    /// Everything, in order.
    pub entries: Vec<Entry>,
    /// Which step took which entries, in order.
    pub matches: Vec<(&'s Step, usize)>,
    /// What a diagram is drawn from, where one is wanted.
    pub drawn: Option<Drawn>,
}

/// What a diagram is drawn from.
pub struct Drawn {
    /// Everything, in the order in which it was added.
    pub entries: Vec<Entry>,
    /// What became of each entry, and the moves of the state machines.
    pub course: Course,
    /// The names of connections of pairs that had more than one.
    pub connections: BTreeMap<ConnectionNumber, String>,
}

/// Findings of the past, which show only when something else happens, go where they belong in time.
fn in_order_of_time(
    entries: Vec<Entry>,
    mut matches: Vec<(&Step, usize)>,
) -> (Vec<Entry>, Vec<(&Step, usize)>) {
    if entries.is_sorted_by_key(Entry::at) {
        return (entries, matches);
    }
    let mut ordered: Vec<(usize, Entry)> = entries.into_iter().enumerate().collect();
    ordered.sort_by_key(|(_, entry)| entry.at());
    let mut places = vec![0; ordered.len()];
    for (place, (before, _)) in ordered.iter().enumerate() {
        places[*before] = place;
    }
    for (_, entry) in &mut matches {
        *entry = places.get(*entry).copied().unwrap_or(*entry);
    }
    (
        ordered.into_iter().map(|(_, entry)| entry).collect(),
        matches,
    )
}

/// Names for the connections of every pair that had more than one: the scenario's, else `k1`, `k2`, … in the order of opening.
fn connection_names(
    bindings: &Bindings,
    ends: &BTreeMap<ConnectionNumber, (NodeId, NodeId)>,
) -> BTreeMap<ConnectionNumber, String> {
    let pair = |(a, b): (NodeId, NodeId)| if a <= b { (a, b) } else { (b, a) };
    let mut count: BTreeMap<(NodeId, NodeId), usize> = BTreeMap::new();
    for &both in ends.values() {
        *count.entry(pair(both)).or_default() += 1;
    }
    let mut names = BTreeMap::new();
    let mut fresh = 0;
    for (&number, &both) in ends {
        let given = bindings.connection_name(number).map(str::to_owned);
        if count[&pair(both)] < 2 && given.is_none() {
            continue;
        }
        let name = given.unwrap_or_else(|| {
            loop {
                fresh += 1;
                let name = format!("k{fresh}");
                if bindings.connection(&name).is_none() {
                    break name;
                }
            }
        });
        names.insert(number, name);
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn findings_of_the_past_stand_where_they_belong_in_time() {
        let comment = |at: u64| Entry::Comment {
            at: Instant(at),
            text: at.to_string(),
        };
        let times =
            |entries: &[Entry]| entries.iter().map(|entry| entry.at().0).collect::<Vec<_>>();
        let (entries, _) = in_order_of_time(vec![comment(1), comment(9), comment(5)], Vec::new());
        assert_eq!(times(&entries), [1, 5, 9]);
        let (entries, _) = in_order_of_time(vec![comment(5), comment(5), comment(7)], Vec::new());
        assert_eq!(times(&entries), [5, 5, 7]);
    }
}
