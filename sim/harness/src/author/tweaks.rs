//! What the times and results of a capture suggest of an endpoint, beyond the values that it said: tried, and kept where they fit.

use pptp_wire::ControlMessageType as Type;

use super::calls::type_of;
use super::pace;
use super::story::{Event, Fate, Story, What};
use crate::scenario::Role;

/// Keys with their values, as a scenario writes them.
pub type Settings = Vec<(String, String)>;

/// Each suggestion by itself, then all of them together.
pub fn of(story: &Story, party: usize, role: Role) -> Vec<Settings> {
    let mut found: Vec<Settings> = Vec::new();
    if role == Role::Pac {
        found.extend(telephone(story, party));
    }
    found.extend(last_call(story, party));
    found.extend(idle(story, party));
    if found.len() > 1 {
        found.push(found.iter().flatten().cloned().collect());
    }
    found
}

fn setting(key: &str, value: &str) -> (String, String) {
    (key.to_owned(), value.to_owned())
}

fn is_of(event: &Event, message_type: Type) -> bool {
    matches!(&event.what, What::Control { octets, .. } if type_of(octets) == Some(message_type))
}

fn came(event: &Event) -> u64 {
    match &event.fate {
        Fate::Arrived(times) => times.first().copied().unwrap_or(event.at),
        _ => event.at,
    }
}

/// The telephone behind a PAC: how the first call went, and how long its answer took.
fn telephone(story: &Story, party: usize) -> Option<Settings> {
    let mut settings = Settings::new();
    let replies = |event: &&Event| event.from == party && is_of(event, Type::OUTGOING_CALL_REPLY);
    let reply = story.events.iter().find(replies)?;
    let What::Control { octets, call, .. } = &reply.what else {
        return None;
    };
    match octets.get(16) {
        Some(3) => settings.push(setting("no-carrier", "#true")),
        Some(4) => settings.push(setting("busy", "#true")),
        Some(5) => settings.push(setting("no-dial-tone", "#true")),
        Some(7) => settings.push(setting("accepts-calls", "#false")),
        _ => {}
    }
    let asks = |event: &&Event| {
        event.to == party
            && is_of(event, Type::OUTGOING_CALL_REQUEST)
            && matches!(&event.what, What::Control { call: of, .. } if of == call)
    };
    let waited = story
        .events
        .iter()
        .find(asks)
        .map_or(0, |request| reply.at.saturating_sub(came(request)));
    if waited >= 10_000_000 {
        let span = pace::duration(waited, story.is_seen_at_both_ends);
        settings.push(setting("answers-after", &format!("\"{span}\"")));
    }
    (!settings.is_empty()).then_some(settings)
}

/// The time from the end of the last call to what the end does then.
fn last_call(story: &Story, party: usize) -> Option<Settings> {
    let mut ended: Option<u64> = None;
    for event in &story.events {
        let is_mine = event.from == party;
        let ends_call = is_of(event, Type::CALL_DISCONNECT_NOTIFY);
        let leaves = is_mine
            && (is_of(event, Type::STOP_CONTROL_CONNECTION_REQUEST)
                || matches!(
                    event.what,
                    What::Close {
                        is_answer: false,
                        ..
                    }
                ));
        if ends_call {
            ended = Some(if is_mine { event.at } else { came(event) });
        }
        if let (true, Some(since)) = (leaves, ended) {
            // Less than a millisecond is still later than at once.
            let waited = event.at.saturating_sub(since).max(1_000_000);
            let span = pace::duration(waited, story.is_seen_at_both_ends);
            return Some(vec![setting(
                "after-last-call-delay",
                &format!("\"{span}\""),
            )]);
        }
    }
    None
}

/// The silence before its first Echo-Request: since anything was heard.
fn idle(story: &Story, party: usize) -> Option<Settings> {
    let place = story
        .events
        .iter()
        .position(|event| event.from == party && is_of(event, Type::ECHO_REQUEST));
    let Some(place) = place else {
        return silence(story, party);
    };
    let echo = &story.events[place];
    let heard = story.events[..place]
        .iter()
        .rev()
        .find(|event| event.connection() == echo.connection() && event.to == party)?;
    let waited = echo.at.saturating_sub(came(heard));
    // To the tenth of a second: what a timer is set to.
    let tenths = (waited + 50_000_000) / 100_000_000;
    let span = match story.is_seen_at_both_ends {
        true => pace::duration(waited, true),
        false => pace::duration(tenths * 100_000_000, true),
    };
    Some(vec![setting("idle-time-out", &format!("\"{span}\""))])
}

/// One that sends no Echo-Request in a long silence is more patient than that.
fn silence(story: &Story, party: usize) -> Option<Settings> {
    const MINUTE: u64 = 60_000_000_000;
    let (mut heard, mut longest) = (None::<u64>, 0);
    for event in story
        .events
        .iter()
        .filter(|event| event.connection().is_some())
    {
        longest = longest.max(event.at.saturating_sub(heard.unwrap_or(event.at)));
        if event.to == party {
            heard = Some(came(event));
        }
    }
    let minutes = longest.div_ceil(MINUTE) + 1;
    (longest >= MINUTE / 2).then(|| vec![setting("idle-time-out", &format!("\"{minutes}min\""))])
}
