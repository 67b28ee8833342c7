//! Which packets were late: a packet that was sent later had arrived before.

use std::collections::BTreeMap;

use pptp_wire::time::Instant;

use super::arrow::{Arrow, End, Fate, Mark, MarkKind, Plane};

/// Marks the packets that others overtook. `arrows` must be in the order of sending.
pub fn mark_late(arrows: &mut [(Instant, u64, Arrow)]) {
    let mut earliest: BTreeMap<(usize, usize), Instant> = BTreeMap::new();
    for (_, _, arrow) in arrows.iter_mut().rev() {
        if arrow.plane != Plane::Gre {
            continue;
        }
        let way = (arrow.from, arrow.to);
        let later = earliest.get(&way).copied();
        for end in &mut arrow.ends {
            end.late = has_arrived(end)
                && matches!((end.at, later), (Some(at), Some(later)) if later < at);
        }
        if arrow.ends.iter().any(|end| end.late) {
            arrow.marks.push(Mark {
                kind: MarkKind::Path,
                text: "late: overtaken".to_owned(),
            });
        }
        let first = arrow.ends.iter().filter(|end| has_arrived(end));
        let first = first.filter_map(|end| end.at).min();
        if let Some(at) = first.into_iter().chain(later).min() {
            earliest.insert(way, at);
        }
    }
}

fn has_arrived(end: &End) -> bool {
    matches!(end.fate, Fate::Arrived | Fate::Refused(_))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arrow(plane: Plane, fate: Fate, arrives: u64) -> Arrow {
        Arrow {
            from: 0,
            to: 1,
            plane,
            name: String::new(),
            fields: Vec::new(),
            numbers: None,
            marks: Vec::new(),
            ends: vec![End {
                at: Some(Instant(arrives)),
                order: 0,
                fate,
                late: false,
            }],
            run: None,
        }
    }

    fn late(arrows: Vec<Arrow>) -> Vec<bool> {
        let mut sent: Vec<_> = arrows
            .into_iter()
            .enumerate()
            .map(|(at, arrow)| (Instant(at as u64), at as u64, arrow))
            .collect();
        mark_late(&mut sent);
        let is_marked =
            |arrow: &Arrow| arrow.marks.iter().any(|mark| mark.text.starts_with("late"));
        sent.iter()
            .map(|(_, _, arrow)| {
                assert_eq!(arrow.ends[0].late, is_marked(arrow));
                arrow.ends[0].late
            })
            .collect()
    }

    #[test]
    fn late_is_what_a_later_packet_overtook() {
        let gre = |arrives| arrow(Plane::Gre, Fate::Arrived, arrives);
        assert_eq!(
            late(vec![gre(9), gre(5), gre(6), gre(9)]),
            [true, false, false, false]
        );
        assert_eq!(
            late(vec![gre(5), gre(5)]),
            [false, false],
            "arriving together is in time"
        );
        let lost = arrow(Plane::Gre, Fate::Lost(String::new()), 2);
        assert_eq!(
            late(vec![gre(9), lost]),
            [false, false],
            "what is lost overtakes nothing"
        );
        let control = arrow(Plane::Control, Fate::Arrived, 5);
        assert_eq!(
            late(vec![gre(9), control]),
            [false, false],
            "nor what goes another way"
        );
        let mut back = gre(5);
        (back.from, back.to) = (1, 0);
        assert_eq!(late(vec![gre(9), back]), [false, false]);
    }
}
