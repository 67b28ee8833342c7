//! Every transition of the state machines is reached, endpoint against endpoint or against a script, and leads where the table
//! says.

#[path = "../common/mod.rs"]
mod common;
mod connection;
mod incoming;
mod outgoing;

use common::{Net, Step};
use pptp_proto::Transition;

const TABLE: &str = include_str!("../data/fsm.tsv");

/// The rows of the table: id, state, next state.
fn rows() -> Vec<[String; 7]> {
    let cells = |line: &str| {
        let cells: Vec<String> = line.split('\t').map(str::to_owned).collect();
        cells.try_into().expect("seven cells a row")
    };
    TABLE.lines().skip(1).map(cells).collect()
}

/// A state as it is shown.
fn shown(state: &str) -> String {
    state
        .trim_end_matches(" (this connection)")
        .replace('_', "-")
}

#[test]
fn the_transitions_of_the_crate_are_the_rows_of_the_table() {
    let rows = rows();
    assert_eq!(rows.len(), Transition::ALL.len());
    for (row, transition) in rows.iter().zip(Transition::ALL) {
        let own = transition.row();
        let own = [
            own.id,
            own.machine.name(),
            own.state,
            own.event,
            own.action,
            own.next_state,
            own.source,
        ];
        let mut expected = row.clone();
        expected[2] = shown(&expected[2]);
        expected[5] = shown(&expected[5]);
        assert_eq!(own.map(str::to_owned), expected);
    }
}

#[test]
fn every_transition_is_reached_and_leads_where_the_table_says() {
    let mut runs: Vec<Net> = Vec::new();
    runs.extend(connection::runs());
    runs.extend(outgoing::runs());
    runs.extend(incoming::runs());
    let steps: Vec<&Step> = runs.iter().flat_map(|net| &net.steps).collect();
    let missing: Vec<&str> = Transition::ALL
        .iter()
        .filter(|&&transition| !steps.iter().any(|step| step.transition == transition))
        .map(|transition| transition.id())
        .collect();
    assert_eq!(missing, [] as [&str; 0]);
    for step in steps {
        let row = step.transition.row();
        assert!(row.state == "any" || row.state == step.from, "{step:?}");
        // Where the RFC says nothing the connection stays as it is (AMB-24).
        let to = if row.next_state == "-" && row.machine.name().starts_with("CC") {
            row.state
        } else {
            row.next_state
        };
        assert_eq!(step.to, to, "{step:?}");
    }
}

/// The code beside which a transition is taken names it.
#[test]
fn every_transition_is_cited_in_the_code() {
    let sources: Vec<String> = ["connection", "call"]
        .iter()
        .flat_map(|folder| {
            let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("src")
                .join(folder);
            std::fs::read_dir(folder)
                .expect("a folder of the crate")
                .map(|entry| entry.expect("a file").path())
        })
        .map(|path| std::fs::read_to_string(path).expect("source text"))
        .collect();
    assert!(sources.len() > 10);
    let cited = |id: &str| sources.iter().any(|source| source.contains(id));
    let missing: Vec<&str> = Transition::ALL
        .iter()
        .map(|transition| transition.id())
        .filter(|id| !cited(id))
        .collect();
    assert_eq!(missing, [] as [&str; 0]);
}
