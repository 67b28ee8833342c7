//! What the path did to GRE packets, told from what their sender did.
//!
//! A capture shows packets where its tap sits. A sequence number that is missing, late or there twice may be the path's doing or the
//! sender's. Two numbers of each packet tell: its sequence number, and the Identification of its IPv4 header, which many senders
//! count up by one a packet. [`PathWatch`] takes the packets of all tunnels as a stream and says of each how it stands to those
//! before ([`Standing`]); what the Identification does not tell (it may be 0, random, or shared with other traffic) it says so.
//!
//! Invariants: memory is bounded whatever the packets are; nothing is allocated for a packet that is in order.

mod identification;
mod series;
mod watch;

pub use identification::IdentificationUse;
pub use series::{GapCause, Series, Standing, Totals};
pub use watch::{Path, PathWatch};

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::net::Ipv4Addr;

    use pptp_wire::GrePacket;

    use super::*;
    use crate::capture::{CaptureReader, Event, Notices, dissect};

    /// Frames 15 to 18 and 29 to 43 were sent out of order, again and with gaps by a script; the Identification says that nothing of it
    /// is the path's doing.
    #[test]
    fn a_sender_that_reorders_is_told_from_a_path_that_does() {
        let name = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/tests/data/captures/pns_reorder.pcap"
        );
        let mut reader = CaptureReader::new(File::open(name).expect("a file")).expect("a capture");
        let mut watch = PathWatch::new();
        let mut odd = Vec::new();
        dissect(&mut reader, &mut Notices::default(), &mut |stamp, event| {
            if let Event::Gre {
                from,
                to,
                octets,
                identification,
                ..
            } = event
            {
                let header = GrePacket::decode(octets).expect("a whole packet").header;
                let call_id = header.call_id.0;
                let path = Path { from, to, call_id };
                let standing = watch.see(path, header.sequence_number, identification);
                if !matches!(standing, Standing::InOrder | Standing::First) {
                    odd.push((stamp.frame, standing));
                }
            }
            true
        })
        .expect("a whole capture");
        let never_sent = |missing| Standing::AfterGap {
            missing,
            cause: GapCause::NeverSent,
        };
        let expected = [
            (15, never_sent(2)),
            (16, Standing::SentOutOfOrder),
            (17, Standing::SentOutOfOrder),
            (29, never_sent(1)),
            (35, Standing::SentAgain),
            (36, Standing::SentAgain),
            (38, Standing::SentAgain),
            (41, never_sent(99_999)),
        ];
        assert_eq!(odd, expected);
        let pns = Ipv4Addr::new(10, 99, 0, 2);
        let totals = watch.directions()[&(pns, Ipv4Addr::new(10, 99, 0, 1))];
        assert_eq!((totals.packets, totals.never_sent), (15, 100_000));
        for (_, series) in watch.series() {
            assert_eq!(
                series.identification_use(),
                IdentificationUse::CountsPackets
            );
        }
    }
}
