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
