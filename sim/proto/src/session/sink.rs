//! What a session does to the world around it.

use pptp_wire::{GreHeader, Requirement};

use super::DropReason;
use crate::{Cause, Point};

/// Takes what a session puts out. A session calls it while it handles an input and never keeps it.
pub trait Sink {
    /// Send this packet to the peer. `header` goes on the wire as it is, `payload` behind it.
    fn packet(&mut self, header: &GreHeader, payload: &[u8], cause: Cause);

    /// Pass this payload on to PPP.
    fn deliver(&mut self, sequence_number: u32, payload: &[u8]);

    /// A received packet, or its payload, was thrown away.
    fn dropped(&mut self, reason: DropReason, sequence_number: Option<u32>);

    /// The peer did what this requirement forbids, in a packet that was not dropped.
    fn violation(&mut self, requirement: Requirement);

    /// Data waits because `window` packets are unacknowledged. Said once until the next time-out: later stops, in step with
    /// the acknowledgments that return, are the flow control at work.
    fn window_full(&mut self, window: u32);

    /// No acknowledgment of packet `of` came in time (RFC 2637 §4.4).
    fn timed_out(&mut self, of: u32);

    /// The session has come to this point of its code. For those who count what is tested; the others need not listen.
    #[inline(always)]
    fn reached(&mut self, point: Point) {
        let _ = point;
    }
}
