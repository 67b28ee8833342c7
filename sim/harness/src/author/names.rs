//! The names of a scenario: nodes by their role, calls `c1`, connections `k1` where one has to be told from another.

use super::story::Story;
use crate::scenario::Role;

/// The names of everything in a story.
#[derive(Clone, Debug)]
pub struct Names {
    /// For each party.
    pub nodes: Vec<String>,
    /// For each connection: its name, where an end has several.
    pub connections: Vec<Option<String>>,
}

impl Names {
    /// Names for a story.
    pub fn of(story: &Story) -> Names {
        let count = |role| story.parties.iter().filter(|it| it.role == role).count();
        let mut given = [0_usize; 3];
        let nodes = story
            .parties
            .iter()
            .map(|party| {
                let (word, slot) = match party.role {
                    Some(Role::Pns) => ("pns", 0),
                    Some(Role::Pac) => ("pac", 1),
                    None => ("stranger", 2),
                };
                given[slot] += 1;
                match count(party.role) {
                    1 => word.to_owned(),
                    _ => format!("{word}{}", given[slot]),
                }
            })
            .collect();
        let has_several = |party: usize| {
            story
                .connections
                .iter()
                .filter(|it| it.opener == party || it.acceptor == party)
                .count()
                > 1
        };
        let connections = story
            .connections
            .iter()
            .enumerate()
            .map(|(place, connection)| {
                let needed = has_several(connection.opener) || has_several(connection.acceptor);
                needed.then(|| format!("k{}", place + 1))
            })
            .collect();
        Names { nodes, connections }
    }

    /// The name of a call.
    pub fn call(&self, call: usize) -> String {
        format!("c{}", call + 1)
    }

    /// ` connection=k1`, where the connection needs a name.
    pub fn connection_word(&self, connection: usize) -> String {
        match self.connections.get(connection) {
            Some(Some(name)) => format!(" connection={name}"),
            _ => String::new(),
        }
    }
}
