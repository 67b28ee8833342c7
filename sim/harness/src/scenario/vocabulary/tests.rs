use super::*;
use crate::scenario::lint::parse_str;
use std::collections::BTreeSet;

#[test]
fn every_word_is_explained_once_in_its_place() {
    let list = entries();
    let mut seen = BTreeSet::new();
    for entry in &list {
        assert!(!entry.name.is_empty() && entry.doc.len() > 4, "{entry:?}");
        assert!(entry.doc.ends_with('.'), "{entry:?}");
        assert!(
            seen.insert((entry.kind, entry.name.clone(), entry.of.clone())),
            "twice: {entry:?}"
        );
    }
    for kind in EntryKind::ALL {
        assert!(list.iter().any(|entry| entry.kind == *kind), "{kind:?}");
    }
}

#[test]
fn the_listings_hold_every_word() {
    let list = entries();
    let (human, markdown, json) = (to_human(&list), to_markdown(&list), to_json_lines(&list));
    assert_eq!(json.lines().count(), list.len());
    for entry in &list {
        assert!(human.contains(&entry.name), "{entry:?}");
        assert!(
            markdown.contains(&entry.name.replace('|', "\\|")),
            "{entry:?}"
        );
    }
    for line in json.lines() {
        let object: serde_json::Value = serde_json::from_str(line).expect("a JSON object");
        assert!(object["kind"].is_string() && object["doc"].is_string());
    }
    for line in markdown.lines().filter(|line| line.starts_with('|')) {
        assert_eq!(line.replace("\\|", "").matches('|').count(), 5, "{line}");
    }
}

#[test]
fn states_of_connections_are_those_of_the_table() {
    let from_table: Vec<&str> = STATES
        .iter()
        .filter(|state| state.connection)
        .map(|state| state.name)
        .collect();
    assert_eq!(from_table, CONNECTION_STATES);
}

#[test]
fn every_property_of_the_table_is_one_that_the_parser_takes() {
    for property in PROPERTIES {
        let line = sample(property);
        let text = format!("scenario \"sample\" {{\n{}\n}}\n", line);
        if let Err(mistakes) = parse_str(&text) {
            let unknown = mistakes.iter().find(|mistake| {
                mistake.code == "unknown-property" || mistake.code == "unknown-field"
            });
            assert!(unknown.is_none(), "{property:?}: {unknown:?}\n{text}");
        }
    }
}

/// A scenario body in which a line has the property. Its value may be wrong: only its name is in question.
fn sample(property: &Property) -> String {
    let name = property.name;
    let node = "node pns role=PNS\nnode pac role=PAC\n";
    let link = "link pns pac { }\n";
    let flow = |line: String| format!("{node}{link}flow {{\n{line}\n}}");
    match property.of {
        "limit" => format!("limit {name}=1\n{node}{link}flow {{ end; }}"),
        "node" if name == "role" => format!("{node}{link}flow {{ end; }}"),
        "node" => format!("node pns role=PNS {name}=1\nflow {{ end; }}"),
        "control" | "gre" => format!(
            "{node}link pns pac {{ {} {name}=1; }}\nflow {{ end; }}",
            property.of
        ),
        "message" => flow(format!(
            "pns -> pac GRE {name}=1\npns -> pac Echo-Request {name}=1"
        ))
        .replace("pns -> pac GRE connection=1\n", "")
        .replace("pns -> pac Echo-Request call=1", "")
        .replace("pns -> pac Echo-Request packets=1", ""),
        "sent message" => flow(format!("inject pns ~> pac Echo-Request {name}=1")),
        "inject" => flow(format!("inject pns ~> pac Echo-Request {name}=1")),
        "do" => flow(format!("do pns close-control {name}=1")),
        "silent" => flow(format!("silent pns -> pac GRE {name}=1")),
        "fault" => flow(format!("delay pns -> pac Set-Link-Info {name}=1")),
        "delay" if name == "copy" => flow("delay pns -> pac GRE by=\"1ms\" copy=1".to_owned()),
        "delay" | "split" => flow(format!("{} pns -> pac Set-Link-Info {name}=1", property.of)),
        "corrupt" | "hasten" => flow(format!("{} pns -> pac GRE {name}=1", property.of)),
        "branch" => flow(format!("any {{ branch {name}=1 {{ }} }}")),
        "any" => flow(format!("any {name}=1 {{ branch {{ }} }}")),
        "repeat" => flow(format!("repeat 2 {name}=i {{ wait for=\"1s\"; }}")),
        "expect" => flow(format!("expect pns state=idle {name}=1")),
        "wait" => flow(format!("wait {name}=1")),
        "restore" | "resume" | "outage" | "stall" | "reset" | "half-close" => {
            flow(format!("{} pns pac {name}=1", property.of))
        }
        "calls" | "connections" => format!(
            "{node}{link}flow {{ end; }}\nfinally {{ {} 0 {name}=1; }}",
            property.of
        ),
        "received" | "never" => {
            format!(
                "{node}{link}flow {{ end; }}\nfinally {{ {} pns {name}=1; }}",
                property.of
            )
        }
        action => flow(format!("{} {name}=1", action.replacen("do ", "do pns ", 1))),
    }
}

#[test]
fn a_property_that_the_table_does_not_have_is_refused() {
    let property = Property {
        of: "wait",
        name: "banana",
        takes: "",
        doc: "",
    };
    let text = format!("scenario \"sample\" {{\n{}\n}}\n", sample(&property));
    let mistakes = parse_str(&text).expect_err("a mistake");
    assert!(
        mistakes
            .iter()
            .any(|mistake| mistake.code == "unknown-property")
    );
}
