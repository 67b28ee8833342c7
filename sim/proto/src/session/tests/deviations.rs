//! Each deviation of the data plane shows its wrong behaviour, and the correct session shows that it is one.

use pptp_wire::time::Duration;
use pptp_wire::{GreFlags, GreHeader};

use super::*;

/// Runs the same work on a correct session and on one that deviates.
fn both<T>(id: DeviationId, work: impl Fn(&mut Bench) -> T) -> (T, T) {
    (work(&mut Bench::rfc()), work(&mut Bench::deviating(id)))
}

fn receive_all(bench: &mut Bench, order: &[u32]) -> Vec<u32> {
    order
        .iter()
        .flat_map(|&number| delivered(&bench.receive(&data(number, None, b"ppp"))))
        .collect()
}

#[test]
fn acknowledgments() {
    let work = |bench: &mut Bench| {
        bench.receive(&data(0, None, b"ppp"));
        acknowledged(&bench.wait())
    };
    assert_eq!(both(DeviationId::AckAhead, work), (vec![0], vec![1]));
    assert_eq!(both(DeviationId::NeverAck, work), (vec![0], vec![]));

    let work = |bench: &mut Bench| bench.send_many(1)[0].acknowledgment_number;
    assert_eq!(
        both(DeviationId::AckBeforeData, work),
        (None, Some(u32::MAX))
    );

    let work = |bench: &mut Bench| {
        receive_all(bench, &[0, 3]);
        let first = acknowledged(&bench.wait());
        receive_all(bench, &[1]);
        (first, acknowledged(&bench.wait()))
    };
    assert_eq!(
        both(DeviationId::AckGoesBack, work),
        ((vec![3], vec![]), (vec![3], vec![1]))
    );

    let work = |bench: &mut Bench| {
        bench.receive(&data(0, None, b"ppp"));
        let alone = numbers(&bench.wait());
        (alone, bench.send_many(1)[0].sequence_number)
    };
    let (right, wrong) = both(DeviationId::AckConsumesSequenceNumber, work);
    assert_eq!((right, wrong), ((vec![], Some(0)), (vec![0], Some(1))));
}

#[test]
fn sequence_numbers() {
    let work = |bench: &mut Bench| -> Vec<u32> {
        bench
            .send_many(8)
            .iter()
            .filter_map(|header| header.sequence_number)
            .collect()
    };
    let right = Vec::from_iter(0..8);
    assert_eq!(
        both(DeviationId::FirstSeq1, work),
        (right.clone(), Vec::from_iter(1..9))
    );
    assert_eq!(
        both(DeviationId::SkipsSequenceNumbers, work),
        (right, vec![0, 1, 2, 3, 4, 5, 6])
    );
    let mut skipping = Bench::deviating(DeviationId::SkipsSequenceNumbers);
    skipping.send_many(7);
    assert_eq!(numbers(&skipping.receive(&acknowledgment(7))), []);
    assert_eq!(skipping.send_many(1)[0].sequence_number, Some(8));
}

#[test]
fn retransmission() {
    let work = |bench: &mut Bench| {
        bench.send_many(3);
        numbers(&bench.wait())
    };
    assert_eq!(
        both(DeviationId::RetransmitOnTimeOut, work),
        (vec![], vec![2])
    );
}

#[test]
fn window() {
    let work = |bench: &mut Bench| bench.send_many(40).len();
    assert_eq!(both(DeviationId::IgnorePeerWindow, work), (8, 40));
    assert_eq!(both(DeviationId::WindowStartsFull, work), (8, 16));

    let work = |bench: &mut Bench| {
        bench.send_many(8);
        bench.wait();
        bench.session.view().window
    };
    assert_eq!(both(DeviationId::WindowNeverShrinks, work), (4, 8));

    let work = |bench: &mut Bench| {
        bench.send_many(8);
        bench.receive(&acknowledgment(0));
        bench.session.view().window
    };
    assert_eq!(
        both(DeviationId::WindowGrowsPerAcknowledgment, work),
        (8, 9)
    );

    let work = |bench: &mut Bench| {
        bench.send_many(9);
        numbers(&bench.receive(&acknowledgment(1000))).len()
    };
    assert_eq!(both(DeviationId::UnsentAckOpensWindow, work), (0, 1));

    let work = |bench: &mut Bench| {
        bench.send_many(9);
        numbers(&bench.receive(&acknowledgment(1))).len()
    };
    assert_eq!(both(DeviationId::AckOctetOrder, work), (1, 0));
}

#[test]
fn time_outs() {
    let work = |bench: &mut Bench| {
        bench.send_many(8);
        bench.session.deadline().is_some()
    };
    assert_eq!(both(DeviationId::NoTimeOut, work), (true, false));

    let work = |bench: &mut Bench| {
        bench.send_many(1);
        bench.wait();
        bench.session.view().adaptive_time_out
    };
    let (one, two) = (Duration::from_secs(1), Duration::from_secs(2));
    assert_eq!(both(DeviationId::NoBackOff, work), (two, one));
}

#[test]
fn headers_of_sent_packets() {
    let work = |bench: &mut Bench| bench.send_many(1)[0];
    let right = Bench::rfc().send_many(1)[0];
    let with = |id: DeviationId| both(id, work).1;
    assert_eq!(
        with(DeviationId::GreCallIdByteOrder),
        GreHeader {
            call_id: CallId(0x2143),
            ..right
        }
    );
    assert_eq!(
        with(DeviationId::GreCarriesOwnCallId),
        GreHeader {
            call_id: OWN,
            ..right
        }
    );
    assert_eq!(
        with(DeviationId::GreVersion0),
        GreHeader {
            flags: GreFlags(0x3000),
            ..right
        }
    );
    assert_eq!(
        with(DeviationId::GreReservedFlagsSet),
        GreHeader {
            flags: GreFlags(0x3009),
            ..right
        }
    );
    for (id, flags) in [
        (DeviationId::GreRecursionSet, 0x3101),
        (DeviationId::GreKeyMissing, 0x1001),
        (DeviationId::GreChecksumBitSet, 0xB001),
    ] {
        assert_eq!(with(id).flags, GreFlags(flags), "{id}");
    }
    let unnumbered = GreHeader {
        flags: GreFlags(0x2001),
        sequence_number: None,
        ..right
    };
    assert_eq!(with(DeviationId::PayloadWithoutS), unnumbered);
    assert_eq!(
        with(DeviationId::PayloadLength0),
        GreHeader {
            payload_length: 0,
            ..right
        }
    );
    assert_eq!(
        with(DeviationId::PayloadLengthCountsHeader),
        GreHeader {
            payload_length: 3 + 12,
            ..right
        }
    );
}

#[test]
fn order_of_received_packets() {
    let work = |bench: &mut Bench| receive_all(bench, &[0, 2, 1, 2, 3]);
    let right = vec![0, 2, 3];
    assert_eq!(
        both(DeviationId::LateDelivered, work),
        (right.clone(), vec![0, 2, 1, 3])
    );
    assert_eq!(
        both(DeviationId::DuplicateDelivered, work),
        (right.clone(), vec![0, 2, 2, 3])
    );
    assert_eq!(
        both(DeviationId::GapStopsDelivery, work),
        (right.clone(), vec![0, 1, 2, 3])
    );
    let lost = |bench: &mut Bench| receive_all(bench, &[0, 2, 3, 4]);
    assert_eq!(
        both(DeviationId::GapStopsDelivery, lost),
        (vec![0, 2, 3, 4], vec![0])
    );
    assert_eq!(both(DeviationId::DropNumber0, work), (right, vec![2, 3]));

    let sent_back = |bench: &mut Bench| {
        let put = [0, 2, 1].map(|number| bench.receive(&data(number, None, b"ppp")));
        put.map(|put| (delivered(&put), numbers(&put).len()))
    };
    assert_eq!(
        both(DeviationId::LatePacketSentBack, sent_back),
        (
            [(vec![0], 0), (vec![2], 0), (vec![], 0)],
            [(vec![0], 0), (vec![2], 0), (vec![], 1)]
        )
    );

    let work = |bench: &mut Bench| receive_all(bench, &[0, 300, 601, 602]);
    assert_eq!(
        both(DeviationId::FarJumpDiscarded, work),
        (vec![0, 300, 601, 602], vec![0, 300])
    );

    let work = |bench: &mut Bench| receive_all(bench, &[u32::MAX, 0, 1]);
    assert_eq!(
        both(DeviationId::WrapPlainComparison, work),
        (vec![u32::MAX, 0, 1], vec![u32::MAX])
    );
    // It takes a wrap for one only from the last 256 numbers to the first 256.
    const LAST: u32 = u32::MAX - 100;
    for (next, deviating) in [(255, vec![LAST, 255]), (256, vec![LAST])] {
        let work = |bench: &mut Bench| receive_all(bench, &[LAST, next]);
        assert_eq!(
            both(DeviationId::WrapNarrowWindow, work),
            (vec![LAST, next], deviating)
        );
    }
}

#[test]
fn payloads_of_received_packets() {
    let count = |put: Vec<Put>| {
        put.iter()
            .filter(|one| matches!(one, Put::Delivered(..)))
            .count()
    };
    let work = |bench: &mut Bench| count(bench.receive(&data(0, Some(77), b"ppp")));
    assert_eq!(both(DeviationId::StaleAckDropsPayload, work), (1, 0));

    let extra = packet(GreHeader::data(OWN, 0, None, 3), b"pppxx");
    let work = |bench: &mut Bench| bench.receive(&extra);
    let (right, wrong) = (
        vec![Put::Delivered(0, b"ppp".to_vec())],
        vec![Put::Delivered(0, b"pppxx".to_vec())],
    );
    assert_eq!(
        both(DeviationId::ExtraOctetsDelivered, work),
        (right, wrong)
    );

    let cut = packet(GreHeader::data(OWN, 0, None, 9), b"ppp");
    assert_eq!(
        both(DeviationId::TruncatedDelivered, |bench| count(
            bench.receive(&cut)
        )),
        (0, 1)
    );

    let odd = GreHeader {
        flags: GreFlags(0xFF7F),
        protocol_type: 0x0800,
        ..GreHeader::data(OWN, 0, None, 3)
    };
    let odd = packet(odd, b"ppp");
    assert_eq!(
        both(DeviationId::BadHeaderDelivered, |bench| count(
            bench.receive(&odd)
        )),
        (0, 1)
    );

    let empty = |bench: &mut Bench| {
        bench.send_many(1);
        count(bench.receive(&acknowledgment(0)))
    };
    assert_eq!(
        both(DeviationId::AckOnlyDeliveredAsEmptyFrame, empty),
        (0, 1)
    );
}
