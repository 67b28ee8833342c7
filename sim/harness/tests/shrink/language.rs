//! The words that explicit luck needs: what is read, and what is refused.

use pptp_harness::scenario::parse_str;

/// The codes of the mistakes of a flow of one line.
fn mistakes(line: &str) -> Vec<&'static str> {
    let text = format!(
        "scenario \"a line\" {{\nnode pns role=PNS\nnode pac role=PAC\nlink pns pac {{ gre delay=\"20ms\"; }}\nflow {{\n{line}\n}}\n}}"
    );
    match parse_str(&text) {
        Ok(_) => Vec::new(),
        Err(mistakes) => mistakes.iter().map(|mistake| mistake.code).collect(),
    }
}

#[test]
fn faults_strike_copies_and_segments() {
    for line in [
        "hasten pns -> pac GRE nth=3",
        "hasten pns -> pac GRE sequence-number=3 copy=1 by=\"5ms\"",
        "hasten pac -> pns TCP-Segment nth=2 by=\"5ms\"",
        "delay pac -> pns TCP-Segment nth=2 by=\"5ms\"",
        "delay pac -> pns GRE nth=2 copy=2 by=\"5ms\"",
        "corrupt pac -> pns GRE nth=2 copy=2 bit=9",
    ] {
        assert_eq!(mistakes(line), Vec::<&str>::new(), "{line}");
    }
}

#[test]
fn what_makes_no_sense_is_refused() {
    for (line, code) in [
        ("hasten pns -> pac Echo-Request by=\"1ms\"", "wrong-message"),
        ("hasten pns -> pac TCP-Segment nth=1", "wrong-message"),
        ("drop pns -> pac TCP-Segment nth=1", "wrong-message"),
        ("split pns -> pac TCP-Segment at=\"4\"", "wrong-message"),
        ("silent pns -> pac TCP-Segment for=\"1s\"", "wrong-message"),
        ("pns -> pac TCP-Segment", "wrong-message"),
        ("ignore pns -> pac TCP-Segment", "wrong-message"),
        (
            "delay pns -> pac Echo-Request by=\"1ms\" copy=1",
            "wrong-message",
        ),
        ("delay pns -> pac GRE by=\"1ms\" copy=3", "out-of-range"),
        ("corrupt pns -> pac GRE copy=1", "missing-property"),
        ("drop pns -> pac GRE copy=1", "unknown-field"),
        ("delay pns -> pac GRE nth=1", "missing-property"),
    ] {
        assert!(
            mistakes(line).contains(&code),
            "{line}: {:?}",
            mistakes(line)
        );
    }
}
