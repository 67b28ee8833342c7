//! Deviations that are a choice which a profile could make: what is right in one place of the endpoint is wrong in the same one.

use pptp_wire::time::Duration;

use super::{DeviationId, Deviations};
use crate::Profile;
use crate::profile::{
    EchoClearedBy, LatePackets, LostSynchronisation, ManagementMessage, StandAloneAcknowledgments,
    StopRequest, VersionRule,
};

/// The wait of an end that acknowledges far too late.
const LATE_ACKNOWLEDGMENT: Duration = Duration::from_secs(10);

impl Profile {
    /// The profile as the switched-on deviations have it.
    #[must_use]
    pub(crate) fn with_deviations(mut self, deviations: Deviations) -> Profile {
        for deviation in deviations.iter() {
            self.choose(deviation.id);
        }
        self
    }

    fn choose(&mut self, deviation: DeviationId) {
        match deviation {
            DeviationId::AcknowledgesLate => self.acknowledgment_delay = LATE_ACKNOWLEDGMENT,
            DeviationId::NeverAcknowledgesAlone => {
                self.stand_alone_acknowledgments = StandAloneAcknowledgments::Never;
            }
            DeviationId::AcknowledgesBeyondHalfWindow => {
                self.stand_alone_acknowledgments = StandAloneAcknowledgments::HalfWindow;
            }
            DeviationId::NeverAcknowledgesNumber0 => self.acknowledges_number_0 = false,
            DeviationId::LateLcpEchoDelivered => self.late_packets = LatePackets::DeliverLcpEcho,
            DeviationId::Number1AlwaysInOrder => self.rewinds_to_number_1 = true,
            DeviationId::ReorderTimeOutNeedsTraffic => self.reorder_time_out_needs_traffic = true,
            DeviationId::ResynchronisesOnCookie => {
                self.lost_synchronisation = LostSynchronisation::Resynchronise;
            }
            DeviationId::AcceptsManagementMessages => {
                self.management_message = ManagementMessage::Process;
            }
            DeviationId::StartNeverTimesOut => self.start_time_out = Duration::ZERO,
            DeviationId::AcceptsStartResult0 => self.accepts_start_result_0 = true,
            DeviationId::AcceptsAnyVersion => {
                self.version_rule = VersionRule::Any;
                self.reply_version_rule = VersionRule::Any;
            }
            DeviationId::StopRequestIgnored => self.stop_request = StopRequest::Ignore,
            DeviationId::StopNeverTimesOut => self.stop_time_out = Duration::ZERO,
            DeviationId::EchoIdentifierNotCompared => {
                self.echo_cleared_by = EchoClearedBy::AnyReply;
            }
            DeviationId::CallNeverTimesOut => self.reply_time_out = Duration::ZERO,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::DEVIATIONS;

    #[test]
    fn these_deviations_and_no_others_change_what_the_profile_chooses() {
        let choices: Vec<&str> = DEVIATIONS
            .iter()
            .filter(|deviation| {
                let deviations = Deviations::only(deviation.id);
                Profile::RFC.with_deviations(deviations) != Profile::RFC
            })
            .map(|deviation| deviation.name)
            .collect();
        let expected = [
            "acknowledges-late",
            "never-acknowledges-alone",
            "acknowledges-beyond-half-window",
            "never-acknowledges-number-0",
            "late-lcp-echo-delivered",
            "number-1-always-in-order",
            "reorder-time-out-needs-traffic",
            "resynchronises-on-cookie",
            "accepts-management-messages",
            "start-never-times-out",
            "accepts-start-result-0",
            "accepts-any-version",
            "stop-request-ignored",
            "stop-never-times-out",
            "echo-identifier-not-compared",
            "call-never-times-out",
        ];
        assert_eq!(choices, expected);
    }
}
