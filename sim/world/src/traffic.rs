//! Traffic sources: background work that sends test frames on a call.

use crate::{CallRef, NodeId};
use pptp_wire::time::{Duration, Instant};

/// What a traffic source sends: valid PPP frames with a counter and a checksum (see [`pptp_wire::ppp::test_frame`]).
///
/// The counter of packet `n` of source `s` is `s * 2^32 + n`, both from 0: unique in a world, rising on a call.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct Traffic {
    /// How many packets.
    pub packets: u64,
    /// Octets of each frame: the Payload Length.
    pub bytes: u16,
    /// Time from packet to packet; `None`: as fast as the node takes them. A packet that is late because the node had no
    /// room is sent as soon as it has.
    pub every: Option<Duration>,
}

/// A source at work.
#[derive(Debug)]
pub(crate) struct Source {
    pub node: NodeId,
    pub call: CallRef,
    pub traffic: Traffic,
    pub started: Instant,
    pub sent: u64,
    pub active: bool,
    /// The next frame, if it is made already.
    pub frame: Vec<u8>,
}

impl Source {
    pub(crate) fn new(node: NodeId, call: CallRef, traffic: Traffic, started: Instant) -> Source {
        Source {
            node,
            call,
            traffic,
            started,
            sent: 0,
            active: true,
            frame: Vec::new(),
        }
    }

    /// When the next packet is due.
    pub(crate) fn due(&self) -> Instant {
        match self.traffic.every {
            Some(every) => self.started + every * self.sent,
            None => self.started,
        }
    }

    /// Makes the next frame unless it was made before.
    pub(crate) fn make_frame(&mut self, number: u32) {
        if self.frame.is_empty() {
            let counter = u64::from(number) << 32 | self.sent & 0xFFFF_FFFF;
            pptp_wire::ppp::test_frame(counter, usize::from(self.traffic.bytes), &mut self.frame);
        }
    }

    /// The frame was taken.
    pub(crate) fn advance(&mut self) {
        self.sent += 1;
        self.frame.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ConnectionId;
    use pptp_wire::CallId;

    #[test]
    fn frames_are_due_from_the_start_on_and_count_up() {
        let call = CallRef {
            connection: ConnectionId(1),
            call_id: CallId(7),
        };
        let traffic = Traffic {
            packets: 3,
            bytes: 64,
            every: Some(Duration(10)),
        };
        let mut source = Source::new(NodeId(0), call, traffic, Instant(100));
        let mut counters = Vec::new();
        for _ in 0..3 {
            source.make_frame(2);
            source.make_frame(2);
            counters.push((
                source.due().0,
                source.frame.len(),
                pptp_wire::ppp::check_test_frame(&source.frame),
            ));
            source.advance();
        }
        let base = 2 << 32;
        assert_eq!(
            counters,
            [
                (100, 64, Ok(base)),
                (110, 64, Ok(base + 1)),
                (120, 64, Ok(base + 2))
            ]
        );
    }
}
