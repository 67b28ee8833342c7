//! Long runs and many nodes stay within bounds.

use pptp_harness::diagram::{DiagramFormat, draw};

use crate::marks::ladder_of_text;
use crate::suite::within_bounds;

const LONG: &str = "scenario \"two thousand messages\" {
    covers \"GRE-012\"
    node pns role=PNS
    node pac role=PAC
    link pns pac {
        control delay=\"20ms\"
        gre delay=\"20ms\" jitter=\"8ms\" loss=\"20%\"
    }
    flow {
        do pns open-control to=pac
        pns -> pac TCP-Open
        pns -> pac Start-Control-Connection-Request
        pac -> pns Start-Control-Connection-Reply
        do pns place-call call=c1 phone-number=\"1\"
        pns -> pac Outgoing-Call-Request call=c1
        pac -> pns Outgoing-Call-Reply call=c1
        do pns send-data call=c1 packets=1000 bytes=64 every=\"10ms\"
        do pac send-data call=c1 packets=1000 bytes=64 every=\"10ms\"
        wait until=data-idle within=\"50s\"
    }
}
";

#[test]
fn two_thousand_messages_fill_pages_and_no_more() {
    let ladder = ladder_of_text(LONG);
    let packets: u64 = ladder.arrows().map(|arrow| arrow.packets()).sum();
    assert!(packets > 2_000, "{packets}");
    within_bounds("long", &ladder);
    let picture = draw(&ladder, DiagramFormat::Svg);
    assert!(picture.len() < 1_000_000, "{}", picture.len());
    let document = roxmltree::Document::parse(&picture).expect("well-formed");
    let names: Vec<i64> = document
        .descendants()
        .filter(|node| node.has_tag_name("text") && node.text() == Some("pns"))
        .filter_map(|node| node.attribute("y")?.parse().ok())
        .collect();
    let mut names = names;
    names.sort_unstable();
    let widest = names.windows(2).map(|pair| pair[1] - pair[0]).max();
    assert!(names.len() > 20 && widest < Some(1_600), "{widest:?}");
    let mermaid = draw(&ladder, DiagramFormat::Mermaid);
    assert!(
        mermaid.contains("more events are not drawn"),
        "it says what it leaves out"
    );
}

#[test]
fn times_and_details_never_touch() {
    let picture = draw(&ladder_of_text(LONG), DiagramFormat::Svg);
    let document = roxmltree::Document::parse(&picture).expect("well-formed");
    // Details and times stand in columns of their own: in each, lines are at least ten pixels apart.
    let mut columns: std::collections::BTreeMap<&str, Vec<i64>> = std::collections::BTreeMap::new();
    for node in document
        .descendants()
        .filter(|node| node.has_tag_name("text"))
    {
        let is_column = node
            .attribute("class")
            .is_some_and(|class| class.starts_with('m'));
        if let (true, Some(x), Some(y)) = (is_column, node.attribute("x"), node.attribute("y")) {
            columns
                .entry(x)
                .or_default()
                .push(y.parse().expect("a height"));
        }
    }
    for (x, heights) in &mut columns {
        heights.sort_unstable();
        let nearest = heights.windows(2).map(|pair| pair[1] - pair[0]).min();
        assert!(nearest >= Some(10), "{x}: {nearest:?}");
    }
    assert!(columns.values().map(Vec::len).max() > Some(1_000));
}
