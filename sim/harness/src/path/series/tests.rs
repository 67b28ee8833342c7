use proptest::prelude::*;

use super::*;

/// The standings of packets given by number and Identification.
fn standings(packets: &[(u32, u16)]) -> Vec<Standing> {
    let mut series = Series::default();
    packets
        .iter()
        .map(|&(number, identification)| series.see(Some(number), identification))
        .collect()
}

/// As [`standings`], behind four packets in order with a counter that is trusted: numbers 0 to 3, Identifications 100 to 103.
fn after_four(packets: &[(u32, u16)]) -> Vec<Standing> {
    let mut all = vec![(0, 100), (1, 101), (2, 102), (3, 103)];
    all.extend(packets);
    standings(&all)[4..].to_vec()
}

fn gap(missing: u32, cause: GapCause) -> Standing {
    Standing::AfterGap { missing, cause }
}

#[test]
fn what_the_path_lost_is_told_from_what_was_never_sent() {
    assert_eq!(after_four(&[(6, 106)]), [gap(2, GapCause::Path)]);
    assert_eq!(after_four(&[(6, 104)]), [gap(2, GapCause::NeverSent)]);
    assert_eq!(after_four(&[(6, 105)]), [gap(2, GapCause::Unknown)]);
    assert_eq!(
        standings(&[(0, 0), (1, 0), (2, 0), (5, 0)])[3],
        gap(2, GapCause::Unknown)
    );
}

#[test]
fn a_packet_that_was_overtaken_is_told_from_one_that_was_sent_late() {
    assert_eq!(
        after_four(&[(5, 105), (4, 104)]),
        [gap(1, GapCause::Path), Standing::Overtaken]
    );
    assert_eq!(
        after_four(&[(5, 104), (4, 105)]),
        [gap(1, GapCause::NeverSent), Standing::SentOutOfOrder]
    );
    let random = standings(&[(0, 9), (1, 40_000), (2, 7), (4, 300), (3, 5)]);
    assert_eq!(random[4], Standing::OutOfOrder);
}

#[test]
fn a_packet_that_the_path_repeated_is_told_from_one_that_was_sent_again() {
    assert_eq!(after_four(&[(2, 102)]), [Standing::RepeatedByPath]);
    assert_eq!(after_four(&[(2, 104)]), [Standing::SentAgain]);
    assert_eq!(standings(&[(0, 0), (1, 0), (1, 0)])[2], Standing::Repeated);
    let random = standings(&[(0, 9), (1, 40_000), (2, 7), (1, 40_000), (1, 8)]);
    assert_eq!(random[3..], [Standing::RepeatedByPath, Standing::SentAgain]);
}

#[test]
fn gaps_are_filled_number_by_number_and_what_never_comes_stays_missing() {
    let mut series = Series::default();
    for number in 0..4_u16 {
        series.see(Some(number.into()), number);
    }
    series.see(Some(10), 10);
    for (number, standing) in [
        (7, Standing::Overtaken),
        (5, Standing::Overtaken),
        (7, Standing::RepeatedByPath),
        (9, Standing::Overtaken),
        (4, Standing::Overtaken),
    ] {
        assert_eq!(
            series.see(Some(number), number as u16),
            standing,
            "{number}"
        );
    }
    let totals = series.totals();
    assert_eq!((totals.lost, totals.overtaken), (2, 4));
}

#[test]
fn the_first_packet_seen_may_have_overtaken_others() {
    let mut packets = vec![(1, 51), (0, 50)];
    assert_eq!(standings(&packets)[1], Standing::OutOfOrder);
    packets.push((0, 50));
    assert_eq!(standings(&packets)[2], Standing::RepeatedByPath);
}

#[test]
fn a_packet_without_number_is_counted_by_its_identification() {
    let mut series = Series::default();
    series.see(Some(0), 1);
    series.see(None, 2);
    series.see(None, 3);
    // Two acknowledgments and nothing else between: no number can have been sent.
    assert_eq!(series.see(Some(3), 4), gap(2, GapCause::NeverSent));
}

#[test]
fn what_was_lost_before_an_acknowledgment_was_lost_on_the_path() {
    let mut series = Series::default();
    series.see(Some(0), 1);
    series.see(None, 2);
    // Numbers 1 to 3 had the Identifications 3 to 5.
    series.see(None, 6);
    series.see(None, 7);
    assert_eq!(series.see(Some(4), 8), gap(3, GapCause::Path));
    assert_eq!(series.see(Some(7), 9), gap(2, GapCause::NeverSent));
    // Others between neighbours: from here on only the order is certain.
    series.see(Some(8), 12);
    assert_eq!(series.see(Some(10), 14), gap(1, GapCause::Unknown));
}

#[test]
fn numbers_go_on_across_the_wrap() {
    let wrapped = standings(&[(u32::MAX - 1, 1), (u32::MAX, 2), (0, 3), (2, 5), (1, 4)]);
    assert_eq!(
        wrapped[1..],
        [
            Standing::InOrder,
            Standing::InOrder,
            gap(1, GapCause::Path),
            Standing::Overtaken
        ]
    );
}

#[test]
fn what_lies_behind_the_gaps_that_are_remembered_is_old() {
    let mut series = Series::default();
    for number in 0..200 {
        series.see(Some(number * 2), number as u16 * 2);
    }
    assert_eq!(series.see(Some(3), 3), Standing::Old);
    assert_eq!(series.gaps.len(), OPEN_GAPS);
}

proptest! {
    /// Whatever comes, every number between the first and the highest is accounted for once.
    #[test]
    fn nothing_is_counted_twice(steps in prop::collection::vec((0_u32..64, any::<u16>()), 1..200)) {
        let mut series = Series::default();
        let mut seen = std::collections::BTreeSet::new();
        for (number, identification) in steps {
            let standing = series.see(Some(number), identification);
            let is_new = seen.insert(number);
            let says_new = !matches!(
                standing,
                Standing::RepeatedByPath | Standing::SentAgain | Standing::Repeated
            );
            prop_assert_eq!(is_new, says_new, "{} {:?}", number, standing);
        }
        let totals = series.totals();
        let absent = totals.lost + totals.never_sent + totals.missing;
        let (first, last) = (*seen.first().unwrap(), *seen.last().unwrap());
        prop_assert_eq!(absent, u64::from(last - first) + 1 - seen.len() as u64);
    }
}
