//! Whether two stories are the same: control messages for each connection and direction, data and acknowledgments for each call and
//! direction.
//!
//! Call IDs that an endpoint chose are compared by what they name. The close with which an end answers another is free, as it is
//! in scenarios.

use std::fmt;
use std::net::Ipv4Addr;

use super::story::Story;
use super::told::{Part, Told, Way, parts};

/// What of a story differs.
#[derive(Copy, Clone, Debug, Eq, PartialEq, Ord, PartialOrd)]
pub enum Kind {
    /// Control messages and TCP events.
    Control,
    /// Data: Sequence Numbers and Payload Lengths in the order of sending.
    Data,
    /// Data in the order of arrival.
    Delivered,
    /// Packets that do nothing but acknowledge.
    Acknowledgments,
    /// The Acknowledgment Numbers that data carries.
    PiggyBacked,
    /// Resets with which a host refuses what comes after its close.
    Resets,
    /// Physical Channel IDs, which endpoints count and implementations leave 0.
    Channels,
}

/// A place where two stories differ.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Difference {
    /// What it is a matter of.
    pub kind: Kind,
    /// The party that sends it, in the first story.
    pub sender: usize,
    /// Where: `connection 1, its opener`.
    pub place: String,
    /// Which thing there, from 1.
    pub position: usize,
    /// What the first story has there, up to where they agree again.
    pub wanted: Vec<String>,
    /// What the second story has.
    pub got: Vec<String>,
}

impl fmt::Display for Difference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = |told: &[String]| match told {
            [] => "nothing".to_owned(),
            [one] => one.clone(),
            [one, rest @ ..] => format!("{one} and {} more", rest.len()),
        };
        let (wanted, got) = (words(&self.wanted), words(&self.got));
        write!(
            formatter,
            "{}, number {}: the capture has {wanted}, the run {got}",
            self.place, self.position
        )
    }
}

/// Every place where the stories differ, the gravest kinds first. `same_ids` compares Call IDs as numbers.
pub fn differences(wanted: &Story, got: &Story, same_ids: bool) -> Vec<Difference> {
    let both = wanted.is_seen_at_both_ends && got.is_seen_at_both_ends;
    let (first, second) = (parts(wanted, same_ids, both), parts(got, same_ids, both));
    let mut keys: Vec<&(Kind, Way)> = first.keys().chain(second.keys()).collect();
    keys.sort_unstable();
    keys.dedup();
    let nothing = Part::default();
    keys.into_iter()
        .filter_map(|key| {
            let wanted_part = first.get(key).unwrap_or(&nothing);
            let got_part = second.get(key).unwrap_or(&nothing);
            let sender = first
                .get(key)
                .or(second.get(key))
                .map_or(0, |part| part.sender);
            difference(key, sender, wanted, wanted_part, got_part)
        })
        .collect()
}

fn difference(
    (kind, way): &(Kind, Way),
    sender: usize,
    story: &Story,
    wanted: &Part,
    got: &Part,
) -> Option<Difference> {
    let same = |(wanted, got): &(&Told, &Told)| wanted.compared == got.compared;
    let first = wanted.told.iter().zip(&got.told).take_while(same).count();
    let (wanted, got) = (&wanted.told[first..], &got.told[first..]);
    if wanted.is_empty() && got.is_empty() {
        return None;
    }
    let last = wanted
        .iter()
        .rev()
        .zip(got.iter().rev())
        .take_while(same)
        .count();
    let shown = |told: &[Told]| {
        let differing = &told[..told.len() - last];
        differing.iter().map(|told| told.shown.clone()).collect()
    };
    Some(Difference {
        kind: *kind,
        sender,
        place: place(*kind, *way, story),
        position: first + 1,
        wanted: shown(wanted),
        got: shown(got),
    })
}

fn place(kind: Kind, way: Way, story: &Story) -> String {
    let what = match kind {
        Kind::Control => "messages",
        Kind::Data => "data",
        Kind::Delivered => "data that arrives",
        Kind::Acknowledgments => "acknowledgments",
        Kind::PiggyBacked => "acknowledgments that ride on data",
        Kind::Resets => "refusals of what comes after the close",
        Kind::Channels => "Physical Channel IDs",
    };
    match way {
        Way::Connection(connection, opener) => {
            let end = if opener { "opened it" } else { "accepted it" };
            format!(
                "{what} of connection {} from the end that {end}",
                connection + 1
            )
        }
        Way::Call(call, by_pns) => {
            let end = if by_pns { "PNS" } else { "PAC" };
            format!("{what} of call {} from the {end}", call + 1)
        }
        Way::Stray(from, to) => {
            let address = |party: usize| {
                story
                    .parties
                    .get(party)
                    .map_or(Ipv4Addr::UNSPECIFIED, |party| party.address)
            };
            format!(
                "{what} from {} to {} of no call",
                address(from),
                address(to)
            )
        }
    }
}

#[cfg(test)]
mod tests;
