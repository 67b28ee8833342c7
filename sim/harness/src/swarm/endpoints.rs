//! Fields of profiles that a seed sets beyond what a plan can say: numbers that are about to wrap, packets that wait for a missing one,
//! Call IDs that are soon used again. All of them are as the RFC leaves them free.

use std::borrow::Cow;

use pptp_proto::Profile;
use pptp_wire::Requirement;
use pptp_wire::time::Duration;

use super::draw::Draw;
use super::feature::{Feature, Features};
use crate::scenario::ProfileValue;
use crate::scenario::model::{NodeSpec, ProfileSetting};
use crate::scenario::source::SourceSpan;

/// Sets what the seed has switched on. Profiles of real software stay what they are.
pub(super) fn set(draw: &mut Draw, features: Features, node: &mut NodeSpec) {
    // Draws of one node never depend on what another one is.
    let fields = fields(draw, features);
    excuse_overflow(node);
    if node.profile != Profile::RFC.name || node.scripted {
        return;
    }
    for (key, value) in fields {
        if key == "first-sequence-number" {
            // A session that does not begin at zero breaks this much.
            node.may_miss.push(Requirement::Seq001);
        }
        if key == "reorder-buffer" {
            // What waits must have room: a window's worth, as it was offered.
            node.limits
                .retain(|(limit, ..)| *limit != "receive-buffer-packets");
        }
        node.profile_fields.push(ProfileSetting {
            key,
            value,
            span: SourceSpan::default(),
        });
    }
}

/// An end that holds packets for a missing one, and has less room than the window that it offers, throws packets away that it was
/// bound to take in (RFC 2637 §4.2.4), and does not acknowledge them.
fn excuse_overflow(node: &mut NodeSpec) {
    let holds = Profile::named(&node.profile).is_some_and(|profile| profile.reorder_buffer > 0);
    let is_short = |limit: &(&str, _, _)| limit.0 == "receive-buffer-packets";
    let misses = Requirement::Ack007;
    if holds && node.limits.iter().any(is_short) && !node.may_miss.contains(&misses) {
        node.may_miss.push(misses);
    }
}

fn fields(draw: &mut Draw, features: Features) -> Vec<(&'static str, ProfileValue)> {
    let mut fields = Vec::new();
    let takes = |feature, draw: &mut Draw| features.has(feature) && draw.chance(3, 4);
    // Software that acknowledges 0xFFFFFFFF before anything was received (AMB-02) seems to know a number that is about to come.
    if !features.has(Feature::Profiles) && takes(Feature::Wrap, draw) {
        let before = draw.pick(&[1, 2, 5, 10, 30, 100]);
        let first = (1_u64 << 32) - draw.between(1, before);
        fields.push(("first-sequence-number", ProfileValue::Integer(first)));
    }
    if takes(Feature::ReorderBuffers, draw) {
        let packets = draw.pick(&[1, 2, 3, 4, 8, 32]);
        fields.push(("reorder-buffer", ProfileValue::Integer(packets)));
        let span = draw.pick(&[5, 30, 300, 300, 2_000]);
        fields.push(("reorder-time-out", milliseconds(span)));
    }
    if takes(Feature::Acknowledgments, draw) {
        let span = draw.pick(&[0, 1, 10, 50, 200]);
        fields.push(("acknowledgment-delay", milliseconds(span)));
        let packets = draw.pick(&[0, 0, 1, 2, 3]);
        fields.push(("acknowledges-at-once", ProfileValue::Integer(packets)));
        let when = draw.pick(&["when-new", "when-new", "always"]);
        fields.push((
            "piggy-backed-acknowledgments",
            ProfileValue::Text(Cow::Borrowed(when)),
        ));
    }
    if takes(Feature::FewCallIds, draw) {
        let first = draw.between(1, 3);
        let more = draw.pick(&[1, 2, 4, 9]);
        fields.push(("minimum-call-id", ProfileValue::Integer(first)));
        fields.push(("maximum-call-id", ProfileValue::Integer(first + more)));
        let span = draw.pick(&[1_000, 2_000, 5_000]);
        fields.push(("call-id-quarantine", milliseconds(span)));
        let choice = draw.pick(&["random", "sequential"]);
        fields.push(("call-id-choice", ProfileValue::Text(Cow::Borrowed(choice))));
    }
    fields
}

fn milliseconds(count: u64) -> ProfileValue {
    ProfileValue::Duration(Duration::from_millis(count))
}
