//! The flow of a scenario: what each event of a story becomes.
//!
//! Where nothing crosses on its way, lines stand in the order of sending. Where something does, each sender has a track of its own,
//! so that no line waits for what has not arrived yet.

use std::collections::BTreeSet;

use super::actions;
use super::calls::{id_in, type_of};
use super::cast::Cast;
use super::control_line::{self, filled_ids};
use super::data_run::{Run, RunOf, is_odd};
use super::faults;
use super::gre_line;
use super::names::Names;
use super::pace::Pace;
use super::story::{Event, Story, What};
use super::stretches::{crosses, stretches};
use crate::run::{Owner, call_fields};

/// A gap beyond which an expectation says how long it may take; those that say nothing wait for 60 s.
const LONG: u64 = 30_000_000_000;

/// What does the writing.
pub struct Flow<'s> {
    pub(super) story: &'s Story,
    pub(super) cast: &'s [Cast],
    pub(super) names: &'s Names,
    lines: Vec<String>,
    /// Events that other lines stand for.
    covered: BTreeSet<usize>,
    /// For each call, the Call IDs of PNS and PAC that lines so far have brought in.
    ids: Vec<(Option<u16>, Option<u16>)>,
}

/// Writes the lines of the flow, with their indentation within its block.
///
/// # Errors
/// What an endpoint in the cast cannot be told to do.
pub fn write(story: &Story, cast: &[Cast], names: &Names) -> Result<Vec<String>, String> {
    let mut flow = Flow {
        story,
        cast,
        names,
        lines: Vec::new(),
        covered: BTreeSet::new(),
        ids: vec![(None, None); story.calls.len()],
    };
    let mut pace = Pace {
        now: story.events.first().map_or(0, |event| event.at),
        is_exact: story.is_seen_at_both_ends,
    };
    let mut plain: Vec<usize> = Vec::new();
    for (first, last) in stretches(story) {
        let all: Vec<usize> = (first..last).collect();
        if crosses(story, &all) {
            flow.events(&std::mem::take(&mut plain), &mut pace)?;
            flow.tracks(&all, &mut pace)?;
        } else {
            plain.extend(all);
        }
    }
    flow.events(&plain, &mut pace)?;
    Ok(flow.lines)
}

impl<'s> Flow<'s> {
    /// Adds a line.
    pub(super) fn line(&mut self, text: &str) {
        self.lines.push(text.to_owned());
    }

    /// Waits until a time of the capture.
    pub(super) fn wait(&mut self, pace: &mut Pace, at: u64) {
        if let Some(span) = pace.wait_until(at) {
            self.line(&format!("wait for=\"{span}\""));
        }
    }

    /// `a -> b`.
    pub(super) fn arrow(&self, event: &Event) -> String {
        let node = |party: usize| self.names.nodes[party].as_str();
        format!("{} -> {}", node(event.from), node(event.to))
    }

    /// A track for each sender.
    fn tracks(&mut self, places: &[usize], pace: &mut Pace) -> Result<(), String> {
        let story = self.story;
        let mut senders: Vec<usize> = Vec::new();
        for place in places {
            let from = story.events[*place].from;
            if !senders.contains(&from) {
                senders.push(from);
            }
        }
        let start = *pace;
        let before = std::mem::take(&mut self.lines);
        let mut tracks: Vec<Vec<String>> = Vec::new();
        for sender in senders {
            let own: Vec<usize> = places
                .iter()
                .copied()
                .filter(|place| story.events[*place].from == sender)
                .collect();
            let mut track = start;
            self.events(&own, &mut track)?;
            pace.reached(track.now);
            tracks.push(std::mem::take(&mut self.lines));
        }
        self.lines = before;
        // What an endpoint does by itself needs no track.
        tracks.retain(|lines| !lines.is_empty());
        if let [only] = &tracks[..] {
            self.lines.extend(only.iter().cloned());
            return Ok(());
        }
        if tracks.is_empty() {
            return Ok(());
        }
        self.line("parallel {");
        for lines in tracks {
            self.line("    track {");
            for line in lines {
                self.line(&format!("        {line}"));
            }
            self.line("    }");
        }
        self.line("}");
        Ok(())
    }

    fn events(&mut self, places: &[usize], pace: &mut Pace) -> Result<(), String> {
        for index in 0..places.len() {
            let place = places[index];
            if self.covered.contains(&place) {
                continue;
            }
            let event = &self.story.events[place];
            let rest = &places[index..];
            match (self.cast[event.from].endpoint(), &event.what) {
                (Some(endpoint), What::Gre(packet)) => {
                    if packet.data().is_some() && packet.call.is_some() {
                        self.endpoint_data(rest, pace)?;
                    } else if packet.acknowledgment().is_some() {
                        if endpoint.acknowledgments.contains(&place) {
                            self.expected_acknowledgment(event, pace);
                        }
                    } else {
                        return Err("it sends a packet of no call".to_owned());
                    }
                }
                (Some(_), _) => self.endpoint_control(place, pace)?,
                (None, What::Gre(_)) => self.scripted_data(rest, pace),
                (None, _) => self.scripted_control(event, pace),
            }
            self.note_ids(event);
        }
        Ok(())
    }

    /// The Call IDs that a message carries are known from then on; once both are, what the path does to the call's packets follows.
    fn note_ids(&mut self, event: &Event) {
        let What::Control {
            octets,
            call: Some(call),
            ..
        } = &event.what
        else {
            return;
        };
        let Some((which, brought)) = type_of(octets).and_then(call_fields) else {
            return;
        };
        let before = self.ids[*call];
        for field in [Some(which), brought].into_iter().flatten() {
            let slot = match field.owner {
                Owner::Pns => &mut self.ids[*call].0,
                Owner::Pac => &mut self.ids[*call].1,
            };
            *slot = slot.or(id_in(octets, field));
        }
        let are_known = |ids: (Option<u16>, Option<u16>)| ids.0.is_some() && ids.1.is_some();
        if are_known(self.ids[*call]) && !are_known(before) {
            for line in faults::of_call(self.story, *call, self.names) {
                self.line(&line);
            }
        }
    }

    fn scripted_control(&mut self, event: &Event, pace: &mut Pace) {
        let Some(connection) = event.connection() else {
            return;
        };
        self.wait(pace, event.at);
        let arrow = self.arrow(event);
        let on = self.names.connection_word(connection);
        let words = match &event.what {
            What::Open { .. } => format!("TCP-Open{on}"),
            What::Close { .. } => format!("TCP-Close{on}"),
            What::Reset { .. } => format!("TCP-Reset{on}"),
            What::Control {
                octets,
                is_whole,
                call,
                ..
            } => {
                let words = match call {
                    Some(call) => {
                        let name = self.names.call(*call);
                        let filled = filled_ids(octets, self.ids[*call]);
                        control_line::sent(octets, *is_whole, Some((&name, &filled)))
                    }
                    None => control_line::sent(octets, *is_whole, None),
                };
                match words.split_once(' ') {
                    Some((message, fields)) => format!("{message}{on} {fields}"),
                    None => format!("{words}{on}"),
                }
            }
            What::Gre(_) => return,
        };
        self.line(&format!("{arrow} {words}"));
    }

    /// Packets that a scripted node sends, folded where they are alike.
    fn scripted_data(&mut self, rest: &[usize], pace: &mut Pace) {
        let event = &self.story.events[rest[0]];
        let Some(packet) = event.packet() else {
            return;
        };
        self.wait(pace, event.at);
        let arrow = self.arrow(event);
        let name = packet.call.map(|call| self.names.call(call));
        let run = self.run(rest, RunOf::Neighbours);
        if let (Some(name), Some((first, length)), true) = (&name, packet.data(), run.packets > 1)
            && !is_odd(event)
        {
            if run.every == 0 {
                self.covered.extend(run.places);
                let words = gre_line::run_of_data(name, first, run.packets, length);
                self.line(&format!("{arrow} GRE{words}"));
                return;
            }
            if run.packets > 3 {
                self.covered.extend(run.places);
                let last = u64::from(first) + run.packets as u64 - 2;
                let span = super::pace::duration(run.every, pace.is_exact);
                self.line(&format!("repeat \"{first}..{last}\" index=n {{"));
                self.line(&format!(
                    "    {arrow} GRE call={name} sequence-number=$n payload-length={length}"
                ));
                self.line(&format!("    wait for=\"{span}\""));
                self.line("}");
                let words = gre_line::run_of_data(name, (last + 1) as u32, 1, length);
                self.line(&format!("{arrow} GRE{words}"));
                pace.now += run.every * (run.packets as u64 - 1);
                return;
            }
        }
        let words = gre_line::sent(packet, name.as_deref());
        self.line(&format!("{arrow} GRE{words}"));
    }

    /// Data of an endpoint: told to send it, and, where nothing comes between, what it then sends.
    fn endpoint_data(&mut self, rest: &[usize], pace: &mut Pace) -> Result<(), String> {
        let event = &self.story.events[rest[0]];
        let Some(packet) = event.packet() else {
            return Ok(());
        };
        let (Some((first, length)), Some(call)) = (packet.data(), packet.call) else {
            return Ok(());
        };
        self.wait(pace, event.at);
        let unpaced = self.cast[event.from]
            .endpoint()
            .is_some_and(|endpoint| endpoint.is_unpaced);
        let run = self.run(rest, RunOf::Endpoint { unpaced });
        let name = self.names.call(call);
        let node = &self.names.nodes[event.from];
        let packets = run.packets;
        let mut action =
            format!("do {node} send-data call={name} packets={packets} bytes={length}");
        if run.every > 0 {
            let span = super::pace::duration(run.every, pace.is_exact);
            action.push_str(&format!(" every=\"{span}\""));
        }
        self.line(&action);
        if run.is_alone {
            let arrow = self.arrow(event);
            let words = gre_line::run_of_data(&name, first, packets, length);
            self.line(&format!("{arrow} GRE{words}"));
            pace.reached(run.until);
        }
        self.covered.extend(run.places);
        Ok(())
    }

    fn expected_acknowledgment(&mut self, event: &Event, pace: &mut Pace) {
        let Some(packet) = event.packet() else {
            return;
        };
        let (Some(call), Some(number)) = (packet.call, packet.acknowledgment()) else {
            return;
        };
        let arrow = self.arrow(event);
        let name = self.names.call(call);
        self.line(&format!(
            "{arrow} GRE call={name} acknowledgment-only=#true acknowledgment-number={number}"
        ));
        pace.reached(event.at);
    }

    /// A control message or TCP event of an endpoint: what it is told to do, where it does not do it by itself, and the line.
    fn endpoint_control(&mut self, place: usize, pace: &mut Pace) -> Result<(), String> {
        let event = &self.story.events[place];
        let Some(connection) = event.connection() else {
            return Ok(());
        };
        if matches!(
            event.what,
            What::Close {
                is_answer: true,
                ..
            } | What::Reset {
                is_answer: true,
                ..
            }
        ) {
            return Ok(());
        }
        let gap = event.at.saturating_sub(pace.now);
        if let Some(action) = actions::action(self, place)? {
            self.wait(pace, event.at);
            self.line(&action);
        }
        let arrow = self.arrow(event);
        let on = self.names.connection_word(connection);
        let words = match &event.what {
            What::Open { .. } => "TCP-Open".to_owned(),
            What::Close { .. } => "TCP-Close".to_owned(),
            What::Reset { .. } => "TCP-Reset".to_owned(),
            What::Control { octets, call, .. } => {
                let name = call.map(|call| self.names.call(call));
                control_line::expected(octets, name.as_deref())
            }
            What::Gre(_) => return Ok(()),
        };
        let words = match words.split_once(' ') {
            Some((message, fields)) => format!("{message}{on} {fields}"),
            None => format!("{words}{on}"),
        };
        let bound = match gap {
            LONG.. => {
                let most = super::pace::rounded(gap + gap / 4, false).div_ceil(1_000_000_000);
                format!(" within=\"{most}s\"")
            }
            _ => String::new(),
        };
        self.line(&format!("{arrow} {words}{bound}"));
        pace.reached(event.at);
        Ok(())
    }

    fn run(&self, rest: &[usize], of: RunOf) -> Run {
        Run::of(self.story, self.cast, rest, of)
    }
}
