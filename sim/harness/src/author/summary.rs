//! What a capture shows, in a few sentences.

use pptp_wire::ControlMessageType as Type;

use super::calls::type_of;
use super::cast::Cast;
use super::names::Names;
use super::restored::Struck;
use super::story::{Story, What};

/// The title of a scenario and the comment above it.
pub struct Summary {
    /// What it proves.
    pub title: String,
    /// What stands above it.
    pub comment: String,
}

/// What a story shows.
pub fn of(capture: &str, story: &Story, cast: &[Cast], names: &Names) -> Summary {
    let base = capture.rsplit(['/', '\\']).next().unwrap_or(capture);
    let stem = base.split('.').next().unwrap_or(base);
    let players: Vec<String> = cast
        .iter()
        .zip(&names.nodes)
        .map(|(cast, name)| match cast.endpoint() {
            Some(endpoint) => format!("{} as {name}", endpoint.profile),
            None => format!("a scripted {name}"),
        })
        .collect();
    let title = format!("{}: {}", printable(stem), joined(&players));
    let comment = format!(
        "From the capture {}, {}: {}. {}{} Written by `pptp-sim author`.",
        printable(base),
        counted(story.frames, "frame"),
        joined(&numbers(story)),
        course(story, names),
        path(story)
    );
    Summary { title, comment }
}

/// What the path did before the only tap.
fn path(story: &Story) -> String {
    let Struck {
        lost,
        overtaken,
        repeated,
    } = story.struck;
    let counts = [
        (lost, "lost"),
        (overtaken, "delayed"),
        (repeated, "repeated"),
    ];
    let told: Vec<String> = counts
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{word} {}", counted(count, "packet")))
        .collect();
    if told.is_empty() {
        return String::new();
    }
    let made_up = if lost > 0 {
        " What the lost ones held is made up."
    } else {
        ""
    };
    format!(
        " By the IPv4 Identification the path {} before the tap.{made_up}",
        joined(&told)
    )
}

fn printable(text: &str) -> String {
    text.chars()
        .map(|character| match character {
            ' '..='~' => character,
            _ => '_',
        })
        .collect()
}

fn counted(count: u64, word: &str) -> String {
    match count {
        1 => format!("one {word}"),
        count => format!("{count} {word}s"),
    }
}

fn joined(words: &[String]) -> String {
    match words {
        [] => "nothing".to_owned(),
        [one] => one.clone(),
        [front @ .., last] => format!("{} and {last}", front.join(", ")),
    }
}

fn numbers(story: &Story) -> Vec<String> {
    let count = |test: &dyn Fn(&What) -> bool| {
        story
            .events
            .iter()
            .filter(|event| test(&event.what))
            .count() as u64
    };
    let data = count(&|what| matches!(what, What::Gre(packet) if packet.data().is_some()));
    let acknowledgments =
        count(&|what| matches!(what, What::Gre(packet) if packet.acknowledgment().is_some()));
    [
        (story.connections.len() as u64, "control connection"),
        (story.calls.len() as u64, "call"),
        (data, "packet of data"),
        (acknowledgments, "acknowledgment"),
    ]
    .into_iter()
    .filter(|(count, _)| *count > 0)
    .map(|(count, word)| match (count, word) {
        (1, "packet of data") => "one packet of data".to_owned(),
        (count, "packet of data") => format!("{count} packets of data"),
        (1, "acknowledgment") => "one acknowledgment by itself".to_owned(),
        (count, "acknowledgment") => format!("{count} acknowledgments by themselves"),
        (count, word) => counted(count, word),
    })
    .collect()
}

/// How the calls and connections end: what a reader of a capture looks for first.
fn course(story: &Story, names: &Names) -> String {
    let mut sentences = Vec::new();
    for (place, connection) in story.connections.iter().enumerate() {
        let name = match &names.connections[place] {
            Some(name) => format!("Connection {name}"),
            None => "The connection".to_owned(),
        };
        if !connection.start_seen {
            sentences.push(format!(
                "The beginning of {} is not in the capture.",
                lower(&name)
            ));
        }
        if connection.has_gaps {
            sentences.push(format!(
                "Octets of {} are missing in the capture.",
                lower(&name)
            ));
        }
        let mut end: Vec<String> = Vec::new();
        for event in &story.events {
            if event.connection() != Some(place) {
                continue;
            }
            let what = match &event.what {
                What::Control { octets, .. } => match type_of(octets) {
                    Some(
                        known @ (Type::CALL_CLEAR_REQUEST
                        | Type::CALL_DISCONNECT_NOTIFY
                        | Type::STOP_CONTROL_CONNECTION_REQUEST
                        | Type::STOP_CONTROL_CONNECTION_REPLY),
                    ) => known.name().unwrap_or_default(),
                    _ => continue,
                },
                What::Close {
                    is_answer: false, ..
                } => "TCP-Close",
                What::Reset { .. } => "TCP-Reset",
                _ => continue,
            };
            end.push(format!("{what} from {}", names.nodes[event.from]));
        }
        match end.len() {
            0 => sentences.push(format!("{name} is still open at the end.")),
            1..=6 => sentences.push(format!("{name} ends with {}.", joined(&end))),
            _ => {}
        }
    }
    // A summary of hundreds of connections is none.
    sentences.truncate(6);
    sentences.join(" ")
}

fn lower(name: &str) -> String {
    name.replacen("Connection", "connection", 1)
        .replacen("The", "the", 1)
}
