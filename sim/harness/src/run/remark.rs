//! What a capture remarks on packets whose octets no endpoint has made: a scenario that injects them, or an impairment.

use std::collections::BTreeSet;

use pptp_rules::Origin;
use pptp_wire::ppp::check_test_frame;
use pptp_wire::{Findings, GrePacket, Requirement, Severity, validate_control, validate_gre};

/// What the comment of a packet begins with that a scripted node sent, or that was injected, and that is not as it should be.
pub const MADE_BY_SCENARIO: &str = "made by the scenario: ";
/// The comment of a packet that an impairment has changed.
pub const CHANGED_ON_THE_WAY: &str = "changed on the way";

/// The remark on a control message, or on octets in place of one. What an endpoint makes gets none, however wrong it is.
pub fn on_control(origin: Origin, octets: &[u8]) -> Option<String> {
    match origin {
        Origin::Own => None,
        Origin::Foreign | Origin::Spoiled => broken(&validate_control(octets)),
    }
}

/// The remark on a GRE packet, from the GRE header on.
pub fn on_gre(origin: Origin, octets: &[u8]) -> Option<String> {
    if origin == Origin::Own {
        return None;
    }
    broken(&validate_gre(octets)).or_else(|| {
        let data = GrePacket::decode(octets).ok()?;
        let is_its_own = !data.data().is_empty() && check_test_frame(data.data()).is_err();
        is_its_own.then(|| format!("{MADE_BY_SCENARIO}a payload that no endpoint sends"))
    })
}

/// `made by the scenario: breaks HDR-001, HDR-006`.
fn broken(findings: &Findings) -> Option<String> {
    let broken: BTreeSet<Requirement> = findings
        .iter()
        .filter(|finding| finding.severity != Severity::Note)
        .map(|finding| finding.requirement)
        .collect();
    if broken.is_empty() {
        return None;
    }
    let ids: Vec<String> = broken.iter().map(Requirement::to_string).collect();
    Some(format!("{MADE_BY_SCENARIO}breaks {}", ids.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use pptp_wire::{ControlMessage, EchoRequest, MAXIMUM_LENGTH};

    fn cut_echo() -> Vec<u8> {
        let mut buffer = [0; MAXIMUM_LENGTH];
        let echo = ControlMessage::from(EchoRequest::default());
        echo.encode(&mut buffer)[..11].to_vec()
    }

    #[test]
    fn only_what_no_endpoint_made_and_is_wrong_gets_a_remark() {
        let echo = ControlMessage::from(EchoRequest::default());
        let mut buffer = [0; MAXIMUM_LENGTH];
        assert_eq!(on_control(Origin::Foreign, echo.encode(&mut buffer)), None);
        assert_eq!(on_control(Origin::Own, &cut_echo()), None);
        for origin in [Origin::Foreign, Origin::Spoiled] {
            let remark = on_control(origin, &cut_echo()).expect("a remark");
            assert!(
                remark.starts_with("made by the scenario: breaks HDR-001"),
                "{remark}"
            );
        }
    }

    #[test]
    fn a_payload_is_judged_where_the_header_is_good() {
        let mut packet = vec![0x30, 0x01, 0x88, 0x0B, 0, 2, 0, 7, 0, 0, 0, 1, 0x21, 0x45];
        assert_eq!(on_gre(Origin::Own, &packet), None);
        assert_eq!(
            on_gre(Origin::Foreign, &packet).as_deref(),
            Some("made by the scenario: a payload that no endpoint sends")
        );
        packet[0] = 0xB0;
        let remark = on_gre(Origin::Foreign, &packet).expect("a remark");
        assert!(
            remark.starts_with("made by the scenario: breaks GRE-0"),
            "{remark}"
        );
        let acknowledgment = [0x20, 0x81, 0x88, 0x0B, 0, 0, 0, 7, 0, 0, 0, 1];
        assert_eq!(on_gre(Origin::Foreign, &acknowledgment), None);
    }
}
