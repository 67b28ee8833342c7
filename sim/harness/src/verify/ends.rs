//! The hosts of a capture, numbered in the order in which they are seen.

use std::collections::BTreeMap;
use std::fmt;
use std::net::{Ipv4Addr, SocketAddrV4};

use pptp_rules::End;

/// Hosts that are told apart; what further ones say is not judged.
pub(super) const MAXIMUM_ENDS: usize = 16_384;

/// Who says something: a host in GRE, one of its ports on a control connection.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum Speaker {
    /// A host.
    Host(Ipv4Addr),
    /// An end of a TCP connection.
    Port(SocketAddrV4),
}

impl fmt::Display for Speaker {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Speaker::Host(address) => address.fmt(formatter),
            Speaker::Port(address) => address.fmt(formatter),
        }
    }
}

/// What a host has shown itself to be.
#[derive(Copy, Clone, Default, Debug, Eq, PartialEq)]
pub(super) struct Roles {
    pub(super) pns: bool,
    pub(super) pac: bool,
}

/// The numbers of the hosts.
#[derive(Default, Debug)]
pub(super) struct Ends {
    numbers: BTreeMap<Ipv4Addr, End>,
    hosts: Vec<(Ipv4Addr, Roles)>,
    /// The hosts that were asked for last: a tunnel has two ends.
    last: [Option<(Ipv4Addr, End)>; 2],
}

impl Ends {
    /// The number of a host; `None` where too many are known.
    #[inline]
    pub(super) fn number(&mut self, address: Ipv4Addr) -> Option<End> {
        for known in self.last.into_iter().flatten() {
            if known.0 == address {
                return Some(known.1);
            }
        }
        let end = match self.numbers.get(&address) {
            Some(&end) => end,
            None => self.add(address)?,
        };
        self.last = [Some((address, end)), self.last[0]];
        Some(end)
    }

    fn add(&mut self, address: Ipv4Addr) -> Option<End> {
        if self.hosts.len() >= MAXIMUM_ENDS {
            return None;
        }
        let end = End(u16::try_from(self.hosts.len()).ok()?);
        self.hosts.push((address, Roles::default()));
        self.numbers.insert(address, end);
        Some(end)
    }

    /// How many hosts there are.
    #[inline]
    pub(super) fn count(&self) -> usize {
        self.hosts.len()
    }

    /// The address of a host.
    pub(super) fn address(&self, end: End) -> Ipv4Addr {
        self.hosts
            .get(usize::from(end.0))
            .map_or(Ipv4Addr::UNSPECIFIED, |host| host.0)
    }

    /// What a host has shown itself to be, to be added to.
    pub(super) fn roles(&mut self, end: End) -> Option<&mut Roles> {
        self.hosts
            .get_mut(usize::from(end.0))
            .map(|host| &mut host.1)
    }

    /// All hosts in the order of their numbers.
    pub(super) fn hosts(&self) -> impl Iterator<Item = (End, Ipv4Addr, Roles)> {
        (0_u16..)
            .zip(&self.hosts)
            .map(|(number, &(address, roles))| (End(number), address, roles))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_keeps_its_number_and_there_is_an_end_of_them() {
        let mut ends = Ends::default();
        for round in 0..2 {
            for number in 0..MAXIMUM_ENDS as u32 + 3 {
                let found = ends.number(Ipv4Addr::from_bits(number));
                let expected = (number < MAXIMUM_ENDS as u32).then_some(End(number as u16));
                assert_eq!(found, expected, "{round}");
            }
        }
        assert_eq!(ends.address(End(7)), Ipv4Addr::new(0, 0, 0, 7));
    }
}
