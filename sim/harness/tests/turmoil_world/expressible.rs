//! What the turmoil world says that it cannot play.

use pptp_harness::scenario::parse_str;
use pptp_harness::turmoil_world::cannot_express;

/// What it says of a scenario with this link line and flow.
fn said(nodes: &str, link: &str, flow: &str) -> Option<String> {
    let text = format!(
        "scenario \"a title\" {{\n node pns role=PNS\n node pac role=PAC\n {nodes}\n link pns pac {{\n {link}\n }}\n \
         flow {{\n {flow}\n }}\n}}\n"
    );
    let linted = parse_str(&text).unwrap_or_else(|mistakes| {
        let words: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
        panic!("{words:#?}\n{text}")
    });
    let scenario = linted.expect("a scenario").file.case(0).expect("a case");
    cannot_express(&scenario)
}

const OPEN: &str = "do pns open-control to=pac\n pns -> pac TCP-Open\n end";

fn problem(delay: &str, from: &str, to: &str) -> Option<String> {
    Some(format!(
        "the turmoil world's clock ticks in milliseconds: it delays the control plane by 1ms, 2ms, …, and not by {delay}, as it is \
         from {from} to {to}"
    ))
}

#[test]
fn whole_milliseconds_can_be_played() {
    for delay in ["1ms", "25ms", "2s"] {
        let link = format!("control delay=\"{delay}\"");
        assert_eq!(said("", &link, OPEN), None, "{delay}");
    }
}

#[test]
fn other_delays_are_named_with_their_direction() {
    let link = "control delay=\"20ms\"\n control from=pac delay=\"20500us\"";
    assert_eq!(said("", link, OPEN), problem("20500us", "pac", "pns"));
    let link = "control delay=\"20ms\"\n control from=pns delay=\"1000001ns\"";
    assert_eq!(said("", link, OPEN), problem("1000001ns", "pns", "pac"));
    assert_eq!(
        said("", "gre delay=\"5ms\"", OPEN),
        problem("0ms", "pns", "pac")
    );
}

#[test]
fn a_link_without_control_connections_may_be_as_it_likes() {
    let link = "gre delay=\"5ms\"";
    let flow = "expect pns connections=0\n expect pac connections=0\n end";
    assert_eq!(said("", link, flow), None);
}

#[test]
fn changes_in_blocks_are_seen() {
    let link = "control delay=\"20ms\"";
    let flow = "do pns open-control to=pac\n all {\n pns -> pac TCP-Open\n }\n \
                outage pns pac plane=gre for=\"1s\" {\n impair pns pac {\n control from=pns delay=\"300us\"\n }\n }\n end";
    assert_eq!(said("", link, flow), problem("300us", "pns", "pac"));
}

#[test]
fn a_segment_that_is_hastened_must_still_take_a_tick() {
    let link = "control delay=\"20ms\"";
    let flow = |by: &str| {
        format!(
            "hasten pac -> pns TCP-Segment nth=1 by=\"{by}\"\n do pns open-control to=pac\n pns -> pac TCP-Open\n end"
        )
    };
    assert_eq!(said("", link, &flow("19ms")), None);
    assert_eq!(
        said("", link, &flow("19500us")),
        problem("500us", "pac", "pns")
    );
    assert_eq!(said("", link, &flow("20ms")), problem("0ms", "pac", "pns"));
}

#[test]
fn more_nodes_than_there_is_room_for() {
    let nodes = |count: u32| -> String {
        let node = |number| format!("node n{number} role=PNS\n ");
        (0..count).map(node).collect()
    };
    let flow = |count: u32| -> String {
        let line = |number| format!("expect n{number} connections=0\n ");
        (0..count).map(line).chain([OPEN.to_owned()]).collect()
    };
    let link = "control delay=\"20ms\"";
    assert_eq!(said(&nodes(18), link, &flow(18)), None);
    let many = "the turmoil world has room for 20 nodes, and the scenario has 21";
    assert_eq!(said(&nodes(19), link, &flow(19)).as_deref(), Some(many));
}
