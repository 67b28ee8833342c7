//! When the packets in flight were sent: a ring indexed by sequence number.

use pptp_wire::time::Instant;

/// When one packet was sent and when its time-out runs out.
#[derive(Copy, Clone, Debug)]
pub(super) struct Sent {
    pub(super) at: Instant,
    pub(super) time_out_at: Instant,
}

/// The last packets that were sent. Grows to the largest window that was used, then allocates no more.
#[derive(Clone, Debug, Default)]
pub(super) struct Flight {
    /// Empty, or a power of two of entries; packet n is at n modulo the length.
    ring: Vec<Sent>,
}

impl Flight {
    const FIRST_SIZE: usize = 16;
    const NEVER: Sent = Sent {
        at: Instant::START,
        time_out_at: Instant::NEVER,
    };

    /// Remembers packet `number`, while `outstanding` packets before it must be kept.
    #[inline]
    pub(super) fn push(&mut self, number: u32, outstanding: u32, sent: Sent) {
        if outstanding as usize >= self.ring.len() {
            self.grow(number, outstanding);
        }
        let mask = self.ring.len() - 1;
        self.ring[number as usize & mask] = sent;
    }

    /// Packet `number`, if it is one of the last ones before `next`.
    #[inline]
    pub(super) fn get(&self, number: u32, next: u32) -> Option<Sent> {
        let age = next.wrapping_sub(number) as usize;
        if age == 0 || age > self.ring.len() {
            return None;
        }
        Some(self.ring[number as usize & (self.ring.len() - 1)])
    }

    /// Twice the room, with what was there at its new places. `next` is the number that is about to be pushed.
    fn grow(&mut self, next: u32, outstanding: u32) {
        let size = (outstanding as usize + 1)
            .next_power_of_two()
            .max(Flight::FIRST_SIZE);
        let mut ring = vec![Flight::NEVER; size];
        for age in 1..=self.ring.len() as u32 {
            let number = next.wrapping_sub(age);
            ring[number as usize & (size - 1)] = self.ring[number as usize & (self.ring.len() - 1)];
        }
        self.ring = ring;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packets_keep_their_times_while_the_ring_grows_across_the_wrap() {
        let mut flight = Flight::default();
        let first = u32::MAX - 20;
        assert!(flight.get(first, first).is_none());
        for count in 0..100 {
            let number = first.wrapping_add(count);
            let at = Instant(u64::from(count));
            flight.push(
                number,
                count,
                Sent {
                    at,
                    time_out_at: at,
                },
            );
            for earlier in 0..=count {
                let seen = flight
                    .get(first.wrapping_add(earlier), number.wrapping_add(1))
                    .unwrap();
                assert_eq!(seen.at, Instant(u64::from(earlier)));
            }
        }
        assert_eq!(flight.ring.len(), 128);
    }

    #[test]
    fn a_packet_that_was_overwritten_or_never_sent_is_not_found() {
        let mut flight = Flight::default();
        let sent = Sent {
            at: Instant(1),
            time_out_at: Instant(2),
        };
        for number in 0..20 {
            flight.push(number, 1, sent);
        }
        assert!(flight.get(3, 20).is_none());
        assert!(flight.get(4, 20).is_some());
        assert!(flight.get(20, 20).is_none());
    }
}
