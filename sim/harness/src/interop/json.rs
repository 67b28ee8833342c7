//! The matrix for programs: JSON Lines, one object a meeting.

use serde_json::{Value, json};

use super::cause::Cause;
use super::matrix::{Matrix, Pair};
use super::meeting::FindingSummary;
use super::way::{Wait, Way};

/// One line a pair and network, in the order of [`Matrix::pairs`]. Ends with a line end.
pub fn matrix_json(matrix: &Matrix) -> String {
    matrix
        .pairs
        .iter()
        .map(|pair| format!("{}\n", pair_json(pair)))
        .collect()
}

fn pair_json(pair: &Pair) -> Value {
    let meeting = &pair.meeting;
    let ending = &meeting.ending;
    let role = |end: Option<usize>| end.map(|end| if end == 0 { "PNS" } else { "PAC" });
    json!({
        "network": pair.network.name,
        "scenario": pair.network.scenario,
        "pns": pair.pns.name,
        "pac": pair.pac.name,
        "marks": pair.marks.to_string(),
        "call-up": meeting.up == [true, true],
        "data-to-pac": way_json(&meeting.ways[0]),
        "data-to-pns": way_json(&meeting.ways[1]),
        "ending": {
            "call-clear-request": ending.cleared,
            "call-disconnect-notify": ending.notified,
            "stop-requested-by": role(ending.stopped_by),
            "stop-answered": ending.stop_answered,
            "tcp-closed-by": role(ending.closed_by),
            "tcp-reset-by": role(ending.reset_by),
            "call-kept-by-pns-for": ending.lingered(0).map(|span| span.to_string()),
            "call-kept-by-pac-for": ending.lingered(1).map(|span| span.to_string()),
        },
        "findings": {
            "PNS": findings_json(&meeting.findings[0]),
            "PAC": findings_json(&meeting.findings[1]),
        },
        "causes": {
            "PNS": causes_json(pair, 0),
            "PAC": causes_json(pair, 1),
        },
        "failure": meeting.failure,
    })
}

fn way_json(way: &Way) -> Value {
    json!({
        "sent": way.sent,
        "unsent": way.unsent,
        "arrived": way.arrived,
        "passed-on": way.passed_on,
        "in-order": way.in_order,
        "unique": way.unique,
        "damaged": way.damaged,
        "thrown-away": way.thrown_away,
        "time-outs": way.time_outs,
        "acknowledgments-alone": way.alone,
        "acknowledgments-on-data": way.on_data,
        "first-acknowledged-after": wait_json(way.first_wait),
        "later-acknowledged-after": wait_json(way.later_wait),
    })
}

/// A span as text, `"never"`, or null where there was nothing to acknowledge.
fn wait_json(wait: Wait) -> Value {
    match wait {
        Wait::Nothing => Value::Null,
        Wait::For(span) => json!(span.to_string()),
        Wait::Never => json!("never"),
    }
}

fn findings_json(findings: &[FindingSummary]) -> Vec<Value> {
    let all = findings.iter().map(|found| {
        json!({
            "requirement": found.requirement.id(),
            "severity": found.severity.name(),
            "times": found.times,
            "detail": found.detail,
        })
    });
    all.collect()
}

fn causes_json(pair: &Pair, end: usize) -> Vec<Value> {
    let marks = pair.marks.each(&pair.meeting);
    let of_end = marks.iter().filter(|(_, _, ends)| ends.contains(&end));
    let causes =
        of_end.flat_map(|(question, mark, _)| Cause::of(pair.profile(end), end, *question, *mark));
    causes
        .map(|cause| {
            json!({
                "mark": cause.mark.to_string(),
                "field": cause.field,
                "value": cause.value.to_string(),
                "source": cause.source,
            })
        })
        .collect()
}
