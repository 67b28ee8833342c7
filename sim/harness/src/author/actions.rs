//! What an endpoint has to be told to do so that it sends what was seen, and what it does by itself.

use pptp_proto::{Profile, ProfileValue};
use pptp_wire::ControlMessageType as Type;

use super::calls::type_of;
use super::control_line::named;
use super::flow::Flow;
use super::story::{Event, Fate, What};

/// An answer comes so soon after what it answers, in nanoseconds.
const SOON: u64 = 20_000_000;

/// The `do` line for an event of an endpoint, unless the endpoint does it by itself.
///
/// # Errors
/// What no endpoint can be told to do.
pub fn action(flow: &Flow<'_>, place: usize) -> Result<Option<String>, String> {
    let event = &flow.story.events[place];
    let node = &flow.names.nodes[event.from];
    let on = event
        .connection()
        .map(|connection| flow.names.connection_word(connection))
        .unwrap_or_default();
    let (octets, call) = match &event.what {
        What::Open { .. } => {
            let to = &flow.names.nodes[event.to];
            return Ok(Some(format!("do {node} open-control to={to}{on}")));
        }
        What::Close { .. } if !is_answer(flow, place, &|_| true) && !follows_own(flow, place) => {
            return Ok(Some(format!("do {node} close-control{on}")));
        }
        What::Control {
            octets,
            is_whole: true,
            call,
            ..
        } => (octets, call),
        What::Control { .. } => return Err("it sends octets that are no message".to_owned()),
        _ => return Ok(None),
    };
    // One that names no call is about the latest.
    let latest = || {
        let calls = &flow.story.calls;
        calls
            .iter()
            .rposition(|call| Some(call.connection) == event.connection())
    };
    let name = call
        .or_else(latest)
        .map(|call| flow.names.call(call))
        .unwrap_or_default();
    let telling = |wanted: Type| is_answer(flow, place, &move |other| other == Some(wanted));
    Ok(match type_of(octets) {
        Some(Type::OUTGOING_CALL_REQUEST) => Some(format!(
            "do {node} place-call call={name}{on}{}",
            numbers(octets)
        )),
        Some(Type::INCOMING_CALL_REQUEST) => {
            Some(format!("do {node} ring call={name}{on}{}", numbers(octets)))
        }
        Some(Type::CALL_CLEAR_REQUEST) if !telling(Type::STOP_CONTROL_CONNECTION_REQUEST) => {
            Some(format!("do {node} clear-call call={name}"))
        }
        Some(Type::CALL_DISCONNECT_NOTIFY)
            if !was_asked_to_clear(flow, place)
                && !telling(Type::STOP_CONTROL_CONNECTION_REQUEST) =>
        {
            let stop = next_own(flow, place, Type::STOP_CONTROL_CONNECTION_REQUEST);
            match (stop, octets.get(14)) {
                (Some(reason), _) => Some(format!(
                    "do {node} close-control{on}{}",
                    reason_word(reason)
                )),
                (None, Some(1)) => Some(format!("do {node} lose-carrier call={name}")),
                _ => Some(format!("do {node} disconnect-call call={name}")),
            }
        }
        Some(Type::STOP_CONTROL_CONNECTION_REQUEST)
            if !(follows_own(flow, place)
                || telling(Type::START_CONTROL_CONNECTION_REPLY)
                || telling(Type::CALL_DISCONNECT_NOTIFY) && leaves_by_itself(flow, event.from)) =>
        {
            let reason = octets.get(12).copied().unwrap_or(1);
            Some(format!(
                "do {node} close-control{on}{}",
                reason_word(reason)
            ))
        }
        Some(Type::SET_LINK_INFO) if call.is_some() => {
            let fields = pptp_wire::fields(Type::SET_LINK_INFO);
            let words: String = fields
                .iter()
                .filter(|field| matches!(field.key, "send-accm" | "receive-accm"))
                .filter_map(|field| Some(format!(" {}", named(field, field.read(octets)?))))
                .collect();
            Some(format!("do {node} set-link-info call={name}{words}"))
        }
        Some(Type::WAN_ERROR_NOTIFY) if call.is_some() => {
            let words: String = pptp_wire::fields(Type::WAN_ERROR_NOTIFY)
                .iter()
                .filter(|field| field.key.ends_with("-errors") || field.key.ends_with("-overruns"))
                .filter_map(|field| Some((field.key, field.read_unsigned(octets)?)))
                .filter(|(_, count)| *count > 0)
                .map(|(key, count)| format!(" {key}={count}"))
                .collect();
            Some(format!("do {node} count-wan-errors call={name}{words}"))
        }
        _ => None,
    })
}

/// Whether the endpoint in the place of a party ends the connection after its last call without being told.
fn leaves_by_itself(flow: &Flow<'_>, party: usize) -> bool {
    let endpoint = flow.cast[party].endpoint();
    let profile = endpoint.and_then(|endpoint| Profile::named(endpoint.profile));
    profile.and_then(|profile| profile.get("after-last-call")) != Some(ProfileValue::text("keep"))
}

fn reason_word(reason: u8) -> String {
    match reason {
        1 => String::new(),
        reason => format!(" reason={reason}"),
    }
}

/// The texts of a call request, which the endpoint is told.
fn numbers(octets: &[u8]) -> String {
    let Some(message_type) = type_of(octets) else {
        return String::new();
    };
    pptp_wire::fields(message_type)
        .iter()
        .filter(|field| {
            matches!(
                field.key,
                "phone-number" | "subaddress" | "dialed-number" | "dialing-number"
            )
        })
        .filter_map(|field| field.read(octets).map(|value| named(field, value)))
        .filter(|word| !word.ends_with("=\"\""))
        .map(|word| format!(" {word}"))
        .collect()
}

/// Whether the other end has just sent a message of this kind on the connection.
fn is_answer(flow: &Flow<'_>, place: usize, is_asked: &dyn Fn(Option<Type>) -> bool) -> bool {
    let event = &flow.story.events[place];
    flow.story.events[..place]
        .iter()
        .rev()
        .take_while(|other| event.at.saturating_sub(other.at) < 10 * SOON)
        .filter(|other| other.connection() == event.connection() && other.to == event.from)
        .filter(|other| event.at.saturating_sub(came(other)) < SOON)
        .any(|other| match &other.what {
            What::Control { octets, .. } => is_asked(type_of(octets)),
            What::Close { .. } | What::Reset { .. } => is_asked(None),
            _ => false,
        })
}

fn came(event: &Event) -> u64 {
    match &event.fate {
        Fate::Arrived(times) => times.first().copied().unwrap_or(event.at),
        _ => event.at,
    }
}

/// Whether it comes right behind something else that the same end said of the end of a call or of the connection.
fn follows_own(flow: &Flow<'_>, place: usize) -> bool {
    let event = &flow.story.events[place];
    let mut before = flow.story.events[..place].iter().rev();
    let last = before.find(|other| {
        other.connection() == event.connection()
            && other.connection().is_some()
            && other.from == event.from
    });
    last.is_some_and(|other| {
        let soon = event.at.saturating_sub(other.at) < SOON;
        let ends = matches!(&other.what, What::Control { octets, .. } if matches!(
            type_of(octets),
            Some(
                Type::CALL_CLEAR_REQUEST
                    | Type::CALL_DISCONNECT_NOTIFY
                    | Type::STOP_CONTROL_CONNECTION_REQUEST
                    | Type::STOP_CONTROL_CONNECTION_REPLY
            )
        ));
        soon && ends
    })
}

/// The octet at 12 of a message of this type that the same end sends right behind.
fn next_own(flow: &Flow<'_>, place: usize, wanted: Type) -> Option<u8> {
    let event = &flow.story.events[place];
    flow.story.events[place + 1..]
        .iter()
        .take_while(|other| other.at.saturating_sub(event.at) < SOON)
        .filter(|other| other.connection() == event.connection() && other.from == event.from)
        .find_map(|other| match &other.what {
            What::Control { octets, .. } if type_of(octets) == Some(wanted) => {
                octets.get(12).copied()
            }
            _ => None,
        })
}

/// Whether the other end has asked for the end of the call.
fn was_asked_to_clear(flow: &Flow<'_>, place: usize) -> bool {
    let event = &flow.story.events[place];
    let What::Control { call, .. } = &event.what else {
        return false;
    };
    flow.story.events[..place].iter().any(|other| {
        other.to == event.from
            && matches!(&other.what, What::Control { octets, call: of, .. }
                if of == call && type_of(octets) == Some(Type::CALL_CLEAR_REQUEST))
    })
}
