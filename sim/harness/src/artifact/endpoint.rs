//! An input of the target `endpoint` as a scenario: the endpoint, and scripted peers that do to it what the plan did.
//!
//! What came in is written as it came in: messages that decode with their fields, everything else octet by octet. Calls have names
//! where their messages tell them apart, since an endpoint of a scenario draws other Call IDs. What a scenario cannot say (a
//! connection that opens late, a peer with the endpoint's own address, a command for a call that nobody has) is a comment.

use pptp_proto::fuzzing::{Plan, Setup, Trace, trace};
use pptp_proto::{Config, DialOutcome, Role};
use pptp_wire::fuzzing::chosen;
use pptp_wire::time::Duration;

use super::comments;
use super::story::{PEER_NAMES, Story, Style};
use crate::scenario::parse_str;
use crate::suite::expected_misses;

/// The text of the scenario.
pub(super) fn scenario(name: &str, octets: &[u8]) -> String {
    let plan: Plan = chosen(octets);
    let trace = trace(&plan);
    let head = comments(&head(name, &plan.setup, &trace));
    let style = |style| format!("{head}{}", text(&plan.setup, &trace, style));
    let with_fields = style(Style::Fields);
    // A value that a line cannot name: then all of it is octets.
    match parse_str(&with_fields) {
        Ok(Some(_)) => with_fields,
        _ => style(Style::Octets),
    }
}

fn head(name: &str, setup: &Setup, trace: &Trace) -> Vec<String> {
    let mut lines = vec![format!(
        "{name}: what the fuzz target endpoint makes of it, with scripted peers."
    )];
    lines.push(match &trace.outcome {
        Err(law) => format!("broken: {law}"),
        Ok(played) => format!("No law of the target is broken: {played:?}."),
    });
    let config = setup.config();
    let own = own_name(&config);
    let deviations: Vec<String> = pptp_proto::DEVIATIONS
        .iter()
        .filter(|row| config.deviations.contains(row.id))
        .map(|row| format!(" --deviation {own}={}", row.name))
        .collect();
    lines.push(format!("replay: pptp-sim run{} FILE", deviations.concat()));
    lines
}

pub(super) fn own_name(config: &Config) -> &'static str {
    match config.role {
        Role::Pac => "pac",
        Role::Pns => "pns",
    }
}

fn text(setup: &Setup, trace: &Trace, style: Style) -> String {
    let config = setup.config();
    let own = own_name(&config);
    let mut story = Story::new(own, style);
    for traced in &trace.happenings {
        story.take(traced);
    }
    let mut text = String::from("scenario \"a plan of the fuzz target endpoint\" {\n");
    let mut line = |line: &str| {
        text.push_str(line);
        text.push('\n');
    };
    for node in own_node(own, &config, setup) {
        line(&node);
    }
    for peer in story.peers() {
        let role = if own == "pac" { "PNS" } else { "PAC" };
        let (name, address) = PEER_NAMES[peer];
        line(&format!(
            "    node {name} role={role} scripted=#true address=\"{address}\""
        ));
    }
    for peer in story.peers() {
        line(&format!("    link {} {own}", PEER_NAMES[peer].0));
    }
    line("    flow {\n        free control");
    for step in story.lines() {
        line(&format!("        {step}"));
    }
    line("    }\n}");
    text
}

/// The endpoint, with what is known to be missed by what it plays.
fn own_node(own: &str, config: &Config, setup: &Setup) -> Vec<String> {
    let role = own.to_uppercase();
    let mut head = format!("    node {own} role={role} address=\"{}\"", config.address);
    let profile = config.profile.name;
    if profile != pptp_proto::Profile::RFC.name {
        head.push_str(&format!(" profile={profile}"));
    }
    if own == "pac" {
        let span = |key: &str, span: Duration| format!(" {key}=\"{span}\"");
        if config.telephone.answers_after > Duration::ZERO {
            head.push_str(&span("answers-after", config.telephone.answers_after));
        }
        head.push_str(match config.telephone.outcome {
            DialOutcome::Answer => "",
            DialOutcome::Busy => " busy=#true",
            DialOutcome::NoCarrier => " no-carrier=#true",
            DialOutcome::NoDialTone => " no-dial-tone=#true",
        });
        if let Some(after) = config.telephone.hangs_up_after {
            head.push_str(&span("hangs-up-after", after));
        }
    }
    let mut lines = vec![head + " {"];
    if setup.limits > 0 {
        let limits = &config.limits;
        for (key, most) in [
            ("connections", limits.connections),
            ("pending-connections", limits.pending_connections),
            ("calls-per-connection", limits.calls_per_connection),
            ("released-call-ids", limits.released_call_ids),
            ("transmit-buffer-packets", limits.transmit_buffer_packets),
            ("receive-buffer-packets", limits.receive_buffer_packets),
        ] {
            lines.push(format!("        limit {key}={most}"));
        }
    }
    let misses = expected_misses().unwrap_or_default();
    let known: Vec<String> = misses
        .iter()
        .filter(|row| row.profile.name == profile && row.role.name() == role)
        .map(|row| format!("\"{}\"", row.requirement.id()))
        .collect();
    if !known.is_empty() {
        lines.push(format!("        may-miss {}", known.join(" ")));
    }
    lines.push("    }".to_owned());
    if lines.len() == 2 {
        let head = lines[0].trim_end_matches(" {").to_owned();
        return vec![head];
    }
    lines
}
