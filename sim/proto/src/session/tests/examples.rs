//! The data of whole scenarios, packet by packet, as their transcripts show them.

use pptp_wire::time::{Duration, Instant};

use super::pair::{Line, Pair};
use super::*;

const PNS: usize = 0;
const PAC: usize = 1;

fn at(milliseconds: u64) -> Instant {
    Instant::START + Duration::from_millis(milliseconds)
}

fn sessions(pns: &Profile, pac: &Profile, pac_window: u16, pac_delay: u16) -> [Session; 2] {
    let (mut at_pns, mut at_pac) = (config(pac_window), config(16));
    at_pns.peer_packet_processing_delay = pac_delay;
    (at_pac.own_call_id, at_pac.peer_call_id) = (PEER, OWN);
    [
        Session::new(at_pns, pns, Deviations::NONE),
        Session::new(at_pac, pac, Deviations::NONE),
    ]
}

/// `time sequence-number // marks` of data lines.
fn shown(lines: &[&Line]) -> Vec<String> {
    let show = |line: &&Line| {
        let number = line.sequence_number.or(line.acknowledgment_number).unwrap();
        let marks = line.marks.join("; ");
        format!("{} {number} {marks}", line.at)
            .trim_end()
            .to_owned()
    };
    lines.iter().map(show).collect()
}

/// A burst of 100 packets while all acknowledgments are lost until 7.3 s: the window halves from 4 to 1 and the time-out, which
/// a Packet Processing Delay of 1 s seeded, doubles; then the window opens to 8 and the time-out comes down.
#[test]
fn lost_acknowledgments_halve_the_window_and_back_the_time_out_off_until_they_return() {
    let pns = Profile {
        min_time_out: Duration::from_millis(200),
        ..Profile::RFC
    };
    let pac = Profile {
        acknowledgment_delay: Duration::ZERO,
        ..Profile::RFC
    };
    let mut pair = Pair::new(sessions(&pns, &pac, 8, 10), |now, from, packet| {
        let lost = from == PAC && packet.header.sequence_number.is_none() && now < at(7301);
        if lost {
            vec![]
        } else {
            vec![Duration::from_millis(50)]
        }
    });
    pair.run(at(299));
    pair.now = at(300);
    pair.traffic(PNS, 100, None);

    let mut seen = Vec::new();
    for instant in [300, 1300, 3300, 7300, 7400, 8900] {
        pair.run(at(instant));
        let view = pair.ends[PNS].view();
        seen.push((view.window, view.adaptive_time_out.as_nanos() / 1_000_000));
    }
    let limited = 10_000; // through DEV, see the estimator
    assert_eq!(
        seen,
        [
            (4, 1000),
            (2, 2000),
            (1, 4000),
            (1, 8000),
            (2, limited),
            (8, 200)
        ]
    );
    assert_eq!(pair.ends[PNS].view().unacknowledged, 0);

    let data = pair.of(PNS, true);
    assert_eq!(
        shown(&data[..10]),
        [
            "0.300000 0",
            "0.300000 1",
            "0.300000 2",
            "0.300000 3 window full: 4",
            "1.300000 4 time-out of 0",
            "1.300000 5 time-out of 0; window full: 2",
            "3.300000 6 time-out of 4; window full: 1",
            "7.300000 7 time-out of 6; window full: 1",
            "7.400000 8",
            "7.400000 9",
        ]
    );
    let rest = &data[10..];
    assert_eq!(
        (rest.len(), rest[0].at, rest[89].at),
        (90, at(7500), at(8800))
    );
    assert!(
        rest.iter()
            .all(|line| line.marks.is_empty() && line.acknowledgment_number.is_none())
    );
    let numbers: Vec<u32> = data
        .iter()
        .map(|line| line.sequence_number.unwrap())
        .collect();
    assert_eq!(numbers, Vec::from_iter(0..100));

    let acknowledgments = pair.of(PAC, false);
    assert_eq!(
        shown(&acknowledgments[..7]),
        [
            "0.350000 0",
            "0.350000 1",
            "0.350000 2",
            "0.350000 3",
            "1.350000 4",
            "1.350000 5",
            "3.350000 6"
        ]
    );
    let passed = &acknowledgments[7..];
    assert_eq!(
        (passed.len(), passed[0].at, passed[92].at),
        (93, at(7350), at(8850))
    );
    assert!(acknowledgments.iter().all(|line| line.marks.is_empty()));
    assert_eq!(pair.delivered[PAC].len(), 100);
    assert_eq!(pair.lines.len(), 200);
    assert_eq!(pair.violations, 0);
}

/// 100 packets each way, one every 10 ms, 25 ms apart: acknowledgments ride on data as soon as there is something to
/// acknowledge, and the last one goes alone 100 ms after the first packet that it is for.
#[test]
fn acknowledgments_ride_on_data_both_ways() {
    let mut pair = Pair::new(sessions(&Profile::RFC, &Profile::RFC, 16, 0), |_, _, _| {
        vec![Duration::from_millis(25)]
    });
    pair.now = at(450);
    for end in [PNS, PAC] {
        pair.traffic(end, 100, Some(Duration::from_millis(10)));
    }
    pair.run(at(3000));
    for (end, data_length) in [(PNS, 100), (PAC, 100)] {
        let data = pair.of(end, true);
        assert_eq!(data.len(), data_length);
        for (count, line) in data.iter().enumerate() {
            let count = count as u32;
            assert_eq!(line.at, at(450 + 10 * u64::from(count)));
            assert_eq!(line.sequence_number, Some(count));
            assert_eq!(line.acknowledgment_number, count.checked_sub(3));
            assert!(line.marks.is_empty());
        }
        let alone = pair.of(end, false);
        assert_eq!(shown(&alone), ["1.545000 99 acknowledgment delay 100 ms"]);
        assert_eq!(pair.delivered[end].len(), 100);
        assert_eq!(pair.ends[end].view().unacknowledged, 0);
    }
}

/// 20 packets one way, one every 30 ms, 20 ms apart: one acknowledgment for what came in each 100 ms.
#[test]
fn one_way_data_is_acknowledged_once_in_100_ms() {
    let mut pair = Pair::new(sessions(&Profile::RFC, &Profile::RFC, 16, 0), |_, _, _| {
        vec![Duration::from_millis(20)]
    });
    pair.now = at(160);
    pair.traffic(PAC, 20, Some(Duration::from_millis(30)));
    pair.run(at(3000));
    let data = pair.of(PAC, true);
    assert_eq!((data.len(), data[19].at), (20, at(730)));
    let mark = "acknowledgment delay 100 ms";
    let expected = [(280, 3), (400, 7), (520, 11), (640, 15), (760, 19)];
    let expected = expected.map(|(time, number)| format!("{} {number} {mark}", at(time)));
    assert_eq!(shown(&pair.of(PNS, false)), expected);
    assert_eq!(pair.delivered[PNS].len(), 20);
}
