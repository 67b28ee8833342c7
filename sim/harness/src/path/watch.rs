//! All tunnels of a capture, in bounded memory.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use super::series::{Series, Standing, Totals};

/// Series that are followed at the same time. When there are more, the half that was silent longest is added up and forgotten.
const MAXIMUM_SERIES: usize = 4096;
/// Directions whose totals are kept apart.
const MAXIMUM_DIRECTIONS: usize = 4096;

/// One direction of one call: whose packets they are, for whom, and the Call ID that they carry.
#[derive(Copy, Clone, Debug, Eq, PartialEq, Ord, PartialOrd)]
pub struct Path {
    /// Source address.
    pub from: Ipv4Addr,
    /// Destination address.
    pub to: Ipv4Addr,
    /// The Call ID in the GRE header: the one that the receiver gave.
    pub call_id: u16,
}

/// Follows the series of all calls.
#[derive(Clone, Default, Debug)]
pub struct PathWatch {
    series: Vec<Entry>,
    places: BTreeMap<Path, usize>,
    /// The places that were asked for last: a tunnel has two directions.
    last: [usize; 2],
    packets: u64,
    past: BTreeMap<(Ipv4Addr, Ipv4Addr), Totals>,
    /// Of directions beyond those that are kept apart.
    others: Totals,
}

#[derive(Clone, Debug)]
struct Entry {
    path: Path,
    series: Series,
    last_seen: u64,
}

impl PathWatch {
    /// Nothing seen yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the next packet of a direction of a call.
    #[inline]
    pub fn see(
        &mut self,
        path: Path,
        sequence_number: Option<u32>,
        identification: u16,
    ) -> Standing {
        self.packets += 1;
        let place = self.place(path);
        let entry = &mut self.series[place];
        entry.last_seen = self.packets;
        entry.series.see(sequence_number, identification)
    }

    /// A new call has this Call ID from now on: its numbers begin anew.
    pub fn begin(&mut self, path: Path) {
        if let Some(&place) = self.places.get(&path) {
            let before = std::mem::take(&mut self.series[place].series);
            self.keep(path, before.totals());
        }
    }

    /// The series that are followed now, by path.
    pub fn series(&self) -> impl Iterator<Item = (Path, &Series)> {
        self.places
            .iter()
            .map(|(path, &place)| (*path, &self.series[place].series))
    }

    /// What happened from each address to each other, past series included.
    pub fn directions(&self) -> BTreeMap<(Ipv4Addr, Ipv4Addr), Totals> {
        let mut all = self.past.clone();
        for (path, series) in self.series() {
            all.entry((path.from, path.to))
                .or_default()
                .add(series.totals());
        }
        all
    }

    /// What happened in directions beyond those that are kept apart.
    pub fn others(&self) -> &Totals {
        &self.others
    }

    #[inline]
    fn place(&mut self, path: Path) -> usize {
        for place in self.last {
            if self
                .series
                .get(place)
                .is_some_and(|entry| entry.path == path)
            {
                return place;
            }
        }
        let place = match self.places.get(&path) {
            Some(&place) => place,
            None => self.add(path),
        };
        self.last = [place, self.last[0]];
        place
    }

    fn add(&mut self, path: Path) -> usize {
        if self.series.len() == MAXIMUM_SERIES {
            self.forget_half();
        }
        let place = self.series.len();
        self.series.push(Entry {
            path,
            series: Series::default(),
            last_seen: self.packets,
        });
        self.places.insert(path, place);
        place
    }

    fn forget_half(&mut self) {
        let mut entries = std::mem::take(&mut self.series);
        entries.sort_by_key(|entry| entry.last_seen);
        let kept = entries.split_off(entries.len() / 2);
        for entry in &entries {
            self.keep(entry.path, entry.series.totals());
        }
        self.places = kept
            .iter()
            .enumerate()
            .map(|(place, entry)| (entry.path, place))
            .collect();
        self.series = kept;
    }

    fn keep(&mut self, path: Path, totals: &Totals) {
        let direction = (path.from, path.to);
        if self.past.len() < MAXIMUM_DIRECTIONS || self.past.contains_key(&direction) {
            self.past.entry(direction).or_default().add(totals);
        } else {
            self.others.add(totals);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(from: u32, call_id: u16) -> Path {
        Path {
            from: Ipv4Addr::from_bits(from),
            to: Ipv4Addr::LOCALHOST,
            call_id,
        }
    }

    #[test]
    fn series_do_not_mix_and_a_new_call_begins_anew() {
        let mut watch = PathWatch::new();
        assert_eq!(watch.see(path(1, 1), Some(7), 0), Standing::First);
        assert_eq!(watch.see(path(1, 2), Some(0), 0), Standing::First);
        assert_eq!(watch.see(path(2, 1), Some(0), 0), Standing::First);
        assert_eq!(watch.see(path(1, 1), Some(8), 0), Standing::InOrder);
        watch.begin(path(1, 1));
        assert_eq!(watch.see(path(1, 1), Some(0), 0), Standing::First);
        let direction = watch.directions()[&(Ipv4Addr::from_bits(1), Ipv4Addr::LOCALHOST)];
        assert_eq!(direction.packets, 4);
    }

    #[test]
    fn what_is_forgotten_is_still_counted() {
        let mut watch = PathWatch::new();
        for from in 0..10_000 {
            watch.see(path(from % 5_000, (from / 5_000) as u16), Some(0), 0);
            assert!(watch.series.len() <= MAXIMUM_SERIES);
        }
        let apart: u64 = watch
            .directions()
            .values()
            .map(|totals| totals.packets)
            .sum();
        assert_eq!(apart + watch.others().packets, 10_000);
    }
}
