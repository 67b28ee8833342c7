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
            DeviationId::AcceptsAnyVersion => self.version_rule = VersionRule::Any,
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
