//! The fields of a profile: name, type, RFC default, key, source.

use pptp_wire::Text;
use pptp_wire::time::Duration;

use super::ProfileField;
use super::choices::*;
use super::value::{ProfileError, ProfileValue, Setting};
use crate::Role;

macro_rules! profile_fields {
    ($($(#[doc = $doc:literal])+ $field:ident: $type:ty = $default:expr, $key:literal, $source:literal;)*) => {
        /// How an endpoint behaves where RFC 2637 leaves it open. [`Profile::RFC`] is the default.
        #[derive(Clone, Debug, Eq, PartialEq)]
        pub struct Profile {
            /// The name it was made from.
            pub name: &'static str,
            /// The roles that it can play.
            pub roles: &'static [Role],
            $($(#[doc = $doc])+ pub $field: $type,)*
        }

        impl Profile {
            /// The RFC's own reading.
            pub const RFC: Profile = Profile {
                name: "rfc",
                roles: &[Role::Pac, Role::Pns],
                $($field: $default,)*
            };

            /// The value of the field of this key.
            pub fn get(&self, key: &str) -> Option<ProfileValue> {
                match key {
                    $($key => Some(self.$field.value()),)*
                    _ => None,
                }
            }

            /// Sets the field of this key.
            ///
            /// # Errors
            /// When there is no such field, or when it cannot take the value; then nothing has changed.
            pub fn set(&mut self, key: &str, value: ProfileValue) -> Result<(), ProfileError> {
                match key {
                    $($key => match <$type as Setting>::of(&value) {
                        Some(setting) => self.$field = setting,
                        None => {
                            let expected = <$type as Setting>::KIND;
                            return Err(ProfileError::WrongValue { key: $key, expected, given: value });
                        }
                    },)*
                    _ => return Err(ProfileError::UnknownField { key: key.to_owned() }),
                }
                Ok(())
            }
        }

        /// Every field of a profile, in the order of the listing.
        pub const PROFILE_FIELDS: &[ProfileField] = &[$(ProfileField {
            key: $key,
            kind: <$type as Setting>::KIND,
            doc: concat!($($doc),+).trim_ascii_start(),
            source: $source,
        }),*];
    };
}

/// `text`, zero filled.
const fn text(text: &str) -> Text<64> {
    let mut octets = [0; 64];
    let mut at = 0;
    while at < text.len() {
        octets[at] = text.as_bytes()[at];
        at += 1;
    }
    Text::from_octets(octets)
}

const fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

const fn milliseconds(count: u64) -> Duration {
    Duration::from_millis(count)
}

profile_fields! {
    /// Host Name of the start exchange.
    host_name: Text<64> = Text::EMPTY, "host-name", "RFC 2637 §2.1";
    /// Vendor Name of the start exchange.
    vendor_name: Text<64> = text("pptp-sim"), "vendor-name", "RFC 2637 §2.1";
    /// The own version: sent in requests, and the greatest that is spoken.
    protocol_version: u16 = 0x0100, "protocol-version", "RFC 2637 §2.1; AMB-23";
    /// The lowest version that is spoken.
    minimum_protocol_version: u16 = 0x0100, "minimum-protocol-version", "RFC 2637 §3.1.2; AMB-23";
    /// Which versions of a start request are spoken.
    version_rule: VersionRule = VersionRule::Lower, "version-rule", "RFC 2637 §3.1.2; AMB-23";
    /// Which versions of a start reply are taken.
    reply_version_rule: VersionRule = VersionRule::Lower, "reply-version-rule", "RFC 2637 §3.1.1; AMB-23";
    /// What meets a start request whose version is refused.
    version_refusal: VersionRefusal = VersionRefusal::ReplyAndClose, "version-refusal", "RFC 2637 §3.1.2; AMB-20";
    /// Framing Capabilities: 1 asynchronous, 2 synchronous.
    framing_capabilities: u32 = 3, "framing-capabilities", "RFC 2637 §2.1; AMB-45";
    /// Bearer Capabilities: 1 analog, 2 digital.
    bearer_capabilities: u32 = 3, "bearer-capabilities", "RFC 2637 §2.1; AMB-45";
    /// Maximum Channels; by default 64 from a PAC and 0 from a PNS.
    maximum_channels: Option<u16> = None, "maximum-channels", "RFC 2637 §2.1; AMB-45";
    /// Firmware Revision.
    firmware_revision: u16 = 0, "firmware-revision", "RFC 2637 §2.1";
    /// A start reply with Result 0 counts as success.
    accepts_start_result_0: bool = false, "accepts-start-result-0", "AMB-25";
    /// What follows a start reply with a Result other than 1.
    start_refused: StartRefused = StartRefused::Close, "start-refused", "AMB-25";
    /// A second start request on an established connection.
    second_start_request: SecondStartRequest = SecondStartRequest::Exists, "second-start-request", "AMB-24";
    /// A start request from a peer with which a control connection stands already.
    second_connection: SecondConnection = SecondConnection::Refuse,
        "second-connection", "RFC 2637 §2.2; AMB-27, AMB-28";
    /// What is done when both ends open a control connection at once.
    collision: CollisionRule = CollisionRule::Decide, "collision", "RFC 2637 §3.1.3; AMB-26";
    /// False: it never opens a control connection itself.
    opens_control: bool = true, "opens-control", "RFC 2637 §3.1; AMB-26";
    /// False: every start request meets Result 4.
    authorises_peers: bool = true, "authorises-peers", "RFC 2637 §2.2";

    /// The wait for a start request and for a start reply; 0 is for ever.
    start_time_out: Duration = seconds(60), "start-time-out", "RFC 2637 §3.1.4 (1)";
    /// What follows when neither has come by then.
    start_time_out_action: StartTimeOutAction = StartTimeOutAction::Close,
        "start-time-out-action", "RFC 2637 §3.1.4 (1); AMB-30";
    /// The longest stay in wait_reply and wait_connect; 0 is for ever.
    reply_time_out: Duration = seconds(60), "reply-time-out", "RFC 2637 §3.2.1; AMB-31";
    /// The longest stay in wait_disconnect; 0 is for ever.
    disconnect_time_out: Duration = seconds(60), "disconnect-time-out", "RFC 2637 §3.2.1; AMB-31";
    /// What a PNS does when the first of these two has run out.
    reply_time_out_action: ReplyTimeOutAction = ReplyTimeOutAction::Close,
        "reply-time-out-action", "RFC 2637 §3.2.1; AMB-31";
    /// A PAC's own time for an outgoing call, after which it replies with Result 6; 0 is for ever.
    dial_time_out: Duration = seconds(60), "dial-time-out", "RFC 2637 §2.8, §3.2.4.1; AMB-31";
    /// The wait for a stop reply; 0 is for ever.
    stop_time_out: Duration = seconds(60), "stop-time-out", "RFC 2637 §3; AMB-21";
    /// The silence after which an Echo-Request is sent; 0 sends none.
    idle_time_out: Duration = seconds(60), "idle-time-out", "RFC 2637 §3.1.4 (2); AMB-30";
    /// What that silence is measured from.
    echo_timer: EchoTimer = EchoTimer::Heard, "echo-timer", "RFC 2637 §3.1.4 (2); AMB-30";
    /// The wait for an Echo-Reply; 0 is for ever.
    echo_time_out: Duration = seconds(60), "echo-time-out", "RFC 2637 §3.1.4 (2); AMB-30";
    /// So many unanswered Echo-Requests end the connection.
    echo_failures: u16 = 1, "echo-failures", "RFC 2637 §3.1.4 (2); AMB-30";
    /// What stops the timer of an Echo-Request.
    echo_cleared_by: EchoClearedBy = EchoClearedBy::Reply, "echo-cleared-by", "RFC 2637 §3.1.4 (2); AMB-30";
    /// What follows unanswered Echo-Requests.
    echo_failed: EchoFailed = EchoFailed::Close, "echo-failed", "RFC 2637 §3.1.4 (2); AMB-30";
    /// What meets an Echo-Reply that matches no Echo-Request.
    wrong_echo_identifier: WrongEchoIdentifier = WrongEchoIdentifier::Ignore,
        "wrong-echo-identifier", "RFC 2637 §2.6; AMB-30";
    /// Identifier of the first Echo-Request; it counts up.
    first_echo_identifier: u32 = 1, "first-echo-identifier", "RFC 2637 §2.5";

    /// What meets an Echo-Request before the start exchange is over.
    echo_before_established: EarlyMessage = EarlyMessage::Ignore, "echo-before-established", "RFC 2637 §2.1; AMB-32";
    /// What meets a call request before the start exchange is over.
    call_before_established: EarlyMessage = EarlyMessage::Answer, "call-before-established", "RFC 2637 §2.16; AMB-32";
    /// What meets any other message but a stop request before the start exchange is over.
    other_before_established: EarlyMessage = EarlyMessage::Close, "other-before-established", "RFC 2637 §3; AMB-32";
    /// What meets a Control Message Type that is not one of 1 to 15.
    unknown_message_type: MalformedMessage = MalformedMessage::Close, "unknown-message-type", "RFC 2637 §3; AMB-33";
    /// What meets a PPTP Message Type other than 1.
    management_message: ManagementMessage = ManagementMessage::Close, "management-message", "RFC 2637 §1.4; AMB-33";
    /// What meets a Length other than that of the message's type.
    wrong_length: WrongLength = WrongLength::Close, "wrong-length", "RFC 2637 §3, §2.16; AMB-33";
    /// False: the Magic Cookie is not looked at.
    checks_magic_cookie: bool = true, "checks-magic-cookie", "RFC 2637 §1.4; AMB-35";
    /// Fewer octets than so many of the first message in one segment reset the connection.
    least_first_octets: u16 = 0, "least-first-octets", "RFC 2637 §1.4; AMB-35";
    /// What meets a wrong Magic Cookie or a Length that cannot be.
    lost_synchronisation: LostSynchronisation = LostSynchronisation::Close,
        "lost-synchronisation", "RFC 2637 §1.4; AMB-33, AMB-35";
    /// What meets a field out of range in a request.
    bad_value: BadValue = BadValue::ErrorReply, "bad-value", "RFC 2637 §2.16, §3.2.4.1; AMB-33";
    /// What meets a reserved field that is not zero.
    reserved_field: ReservedField = ReservedField::Ignore, "reserved-field", "RFC 2637 §2.16; AMB-34";
    /// What meets a message that only the receiver's role may send.
    wrong_direction: WrongDirection = WrongDirection::Close, "wrong-direction", "RFC 2637 §3; AMB-40";

    /// What meets a Stop-Control-Connection-Request.
    stop_request: StopRequest = StopRequest::ReplyAndClose, "stop-request", "RFC 2637 §3.1.1; AMB-17, AMB-41";
    /// The time from a received stop reply to the own close.
    closes_after: Duration = Duration::ZERO, "closes-after", "RFC 2637 §3.1.1";
    /// How the own side ends the control connection.
    ends_control_with: EndsControlWith = EndsControlWith::Stop, "ends-control-with", "RFC 2637 §3.1.1; AMB-41";
    /// Reason of a Stop-Control-Connection-Request at a local end; by default the one that is asked for.
    stop_reason: Option<u8> = None, "stop-reason", "RFC 2637 §2.3; AMB-54";
    /// What follows the end of the last call.
    after_last_call: AfterLastCall = AfterLastCall::Keep, "after-last-call", "AMB-54";
    /// The time from the end of the last call to that.
    after_last_call_delay: Duration = Duration::ZERO, "after-last-call-delay", "AMB-54";
    /// Reason of that Stop-Control-Connection-Request.
    after_last_call_reason: u8 = 3, "after-last-call-reason", "RFC 2637 §2.3; AMB-54";
    /// How a PNS ends a call.
    ends_call_with: EndsCallWith = EndsCallWith::Clear, "ends-call-with", "RFC 2637 §3.2.4.2; AMB-41";
    /// How a PAC ends a call by itself.
    disconnects_with: DisconnectsWith = DisconnectsWith::Notify, "disconnects-with", "RFC 2637 §2.13; AMB-41";
    /// A PAC's answer to Call-Clear-Request.
    clear_request: ClearRequest = ClearRequest::Notify, "clear-request", "RFC 2637 §2.12";
    /// Result of that Call-Disconnect-Notify.
    clear_result: u8 = 4, "clear-result", "RFC 2637 §2.13";
    /// Result of every other Call-Disconnect-Notify; by default 1 for a lost carrier and 3 for a local end.
    disconnect_result: Option<u8> = None, "disconnect-result", "RFC 2637 §2.13";
    /// Whose Call ID a PAC puts into Call-Disconnect-Notify.
    disconnect_notify_call_id: DisconnectNotifyCallId = DisconnectNotifyCallId::Own,
        "disconnect-notify-call-id", "RFC 2637 §2.13; AMB-38";
    /// How a PNS finds the call of a Call-Disconnect-Notify.
    disconnect_notify_match: DisconnectNotifyMatch = DisconnectNotifyMatch::Either,
        "disconnect-notify-match", "RFC 2637 §2.13; AMB-38";
    /// What meets a Call-Clear-Request for a call that is not there.
    unknown_clear: UnknownClear = UnknownClear::Ignore, "unknown-clear", "AMB-37";
    /// What meets a reply that crosses the own clear.
    crossing_reply: CrossingReply = CrossingReply::Ignore, "crossing-reply", "AMB-39";

    /// False: calls are refused as administratively prohibited.
    accepts_calls: bool = true, "accepts-calls", "RFC 2637 §2.8, §2.10";
    /// False: a PAC reports no incoming calls.
    reports_incoming_calls: bool = true, "reports-incoming-calls", "RFC 2637 §2.9";
    /// False: a PAC reports no errors of its line.
    reports_line_errors: bool = true, "reports-line-errors", "RFC 2637 §2.14";
    /// What a PNS does with incoming calls.
    incoming_calls: IncomingCalls = IncomingCalls::Answer, "incoming-calls", "RFC 2637 §2.9";
    /// So many calls are taken on one control connection.
    calls_per_connection: u16 = 65535, "calls-per-connection", "RFC 2637 §2.16";
    /// What meets more of them.
    too_many_calls: TooManyCalls = TooManyCalls::NoResource, "too-many-calls", "RFC 2637 §2.16";
    /// Which Error Codes are sent for which errors.
    error_numbering: ErrorNumbering = ErrorNumbering::Rfc, "error-numbering", "RFC 2637 §2.16; AMB-55";
    /// The own Packet Recv. Window Size.
    packet_recv_window_size: u16 = 16, "packet-recv-window-size", "RFC 2637 §2.7; AMB-03";
    /// Packet Recv. Window Size of Outgoing-Call-Reply; by default that of the other messages.
    reply_recv_window_size: Option<u16> = None, "reply-recv-window-size", "RFC 2637 §2.8; AMB-03";
    /// Replies carry the Packet Recv. Window Size of the request instead.
    copies_window: bool = false, "copies-window", "AMB-03";
    /// The own Packet Processing Delay in tenths of a second.
    packet_processing_delay: u16 = 0, "packet-processing-delay", "RFC 2637 §2.7";
    /// Minimum BPS of Outgoing-Call-Request.
    minimum_bps: u32 = 300, "minimum-bps", "RFC 2637 §2.7; AMB-46";
    /// Maximum BPS of Outgoing-Call-Request.
    maximum_bps: u32 = 100_000_000, "maximum-bps", "RFC 2637 §2.7; AMB-46";
    /// Bearer Type of Outgoing-Call-Request: 1 analog, 2 digital, 3 any.
    bearer_type: u32 = 3, "bearer-type", "RFC 2637 §2.7";
    /// Framing Type of Outgoing-Call-Request: 1 asynchronous, 2 synchronous, 3 either.
    framing_type: u32 = 3, "framing-type", "RFC 2637 §2.7";
    /// Connect Speed of Outgoing-Call-Reply in bit/s.
    connect_speed: u32 = 64_000, "connect-speed", "RFC 2637 §2.8; AMB-46";
    /// Connect Speed of Outgoing-Call-Reply is the Maximum BPS of the request instead.
    copies_maximum_bps: bool = false, "copies-maximum-bps", "AMB-46";
    /// False: Connect Speed may lie outside the range of the request.
    keeps_to_bps_range: bool = true, "keeps-to-bps-range", "RFC 2637 §2.7; AMB-46";
    /// Connect Speed of Incoming-Call-Connected in bit/s.
    incoming_connect_speed: u32 = 33_600, "incoming-connect-speed", "RFC 2637 §2.11; AMB-46";
    /// Framing Type of Incoming-Call-Connected: 1 asynchronous, 2 synchronous.
    incoming_framing_type: u32 = 1, "incoming-framing-type", "RFC 2637 §2.11";
    /// Call Bearer Type of Incoming-Call-Request: 1 analog, 2 digital.
    call_bearer_type: u32 = 1, "call-bearer-type", "RFC 2637 §2.9";
    /// The first Call Serial Number; it counts up.
    first_call_serial_number: u16 = 1, "first-call-serial-number", "RFC 2637 §2.7; AMB-47";
    /// How own Call IDs are picked.
    call_id_choice: CallIdChoice = CallIdChoice::Random, "call-id-choice", "RFC 2637 §3.2.2; AMB-43";
    /// The lowest own Call ID.
    minimum_call_id: u16 = 1, "minimum-call-id", "RFC 2637 §3.2.2; AMB-43";
    /// The highest own Call ID.
    maximum_call_id: u16 = 65534, "maximum-call-id", "RFC 2637 §3.2.2; AMB-43";
    /// For so long after its call an own Call ID is not used again; that of a ring that was given up before its reply, for a minute at least.
    call_id_quarantine: Duration = seconds(60), "call-id-quarantine", "RFC 2637 §3.2.2; AMB-43";
    /// GRE from another address than that of the peer is dropped.
    checks_gre_source: bool = true, "checks-gre-source", "RFC 2637 §3.2.2; AMB-51";
    /// The least time between two WAN-Error-Notify of a call.
    wan_error_interval: Duration = seconds(60), "wan-error-interval", "RFC 2637 §2.14";
    /// A PNS sends Set-Link-Info with all ones as the call comes up.
    set_link_info_on_connect: bool = false, "set-link-info-on-connect", "RFC 2637 §2.15; AMB-36";
    /// What meets data for a call that is not established yet.
    data_before_connect: DataBeforeConnect = DataBeforeConnect::Drop, "data-before-connect", "AMB-42";

    /// The number of the first data packet that is sent.
    first_sequence_number: u32 = 0, "first-sequence-number", "RFC 2637 §4.1; AMB-01";
    /// Which number the first received packet may have.
    first_received_number: FirstReceivedNumber = FirstReceivedNumber::Any,
        "first-received-number", "RFC 2637 §4.1; AMB-01";
    /// A packet numbered 1 counts as the next in order at any time.
    rewinds_to_number_1: bool = false, "rewinds-to-number-1", "AMB-01";
    /// The time from a packet to the acknowledgment that goes by itself; 0 is at once.
    acknowledgment_delay: Duration = milliseconds(100), "acknowledgment-delay", "RFC 2637 §4.2; AMB-08";
    /// So many unacknowledged packets are acknowledged at once; 0 is never.
    acknowledges_at_once: u16 = 0, "acknowledges-at-once", "RFC 2637 §4.2.5; AMB-08";
    /// When an acknowledgment goes by itself.
    stand_alone_acknowledgments: StandAloneAcknowledgments = StandAloneAcknowledgments::Delayed,
        "stand-alone-acknowledgments", "RFC 2637 §4.2; AMB-08";
    /// Which data packets carry an acknowledgment.
    piggy_backed_acknowledgments: PiggyBackedAcknowledgments = PiggyBackedAcknowledgments::WhenNew,
        "piggy-backed-acknowledgments", "RFC 2637 §4.2; AMB-07";
    /// The Acknowledgment Number of data packets before anything was received.
    acknowledgment_before_data: AcknowledgmentBeforeData = AcknowledgmentBeforeData::None,
        "acknowledgment-before-data", "RFC 2637 §4.1; AMB-02";
    /// False: a packet numbered 0 is acknowledged only together with a later one.
    acknowledges_number_0: bool = true, "acknowledges-number-0", "RFC 2637 §4.1; AMB-02";
    /// Which packet an acknowledgment names while others wait for a missing one.
    acknowledged_number: AcknowledgedNumber = AcknowledgedNumber::Received,
        "acknowledged-number", "RFC 2637 §4.3; AMB-09";
    /// What meets a packet whose acknowledgment goes back or names a number that was never sent.
    bad_acknowledgment: BadAcknowledgment = BadAcknowledgment::Ignore, "bad-acknowledgment", "AMB-12";
    /// What meets packets older than one that was passed on, and duplicates.
    late_packets: LatePackets = LatePackets::Discard, "late-packets", "RFC 2637 §4.3; AMB-10, AMB-11";
    /// A packet that comes too late has what was received acknowledged once more.
    acknowledges_late_packets: bool = false, "acknowledges-late-packets", "RFC 2637 §4.3; AMB-11";
    /// So many packets are held until a missing one has come; 0 holds none.
    reorder_buffer: u16 = 0, "reorder-buffer", "RFC 2637 §4.3; AMB-10";
    /// For so long a packet is held.
    reorder_time_out: Duration = milliseconds(300), "reorder-time-out", "RFC 2637 §4.3; AMB-10";
    /// Whether that time has run out is looked at only when another packet comes.
    reorder_time_out_needs_traffic: bool = false, "reorder-time-out-needs-traffic", "AMB-10";
    /// How strictly a GRE header is read.
    gre_header_check: GreHeaderCheck = GreHeaderCheck::Strict, "gre-header-check", "RFC 2637 §4.1; AMB-52";
    /// What becomes of octets after the payload.
    octets_after_payload: OctetsAfterPayload = OctetsAfterPayload::Discard,
        "octets-after-payload", "RFC 2637 §4.1; AMB-14";
    /// What becomes of a packet with a Sequence Number and no payload.
    empty_payload: EmptyPayloadRule = EmptyPayloadRule::Counted, "empty-payload", "RFC 2637 §4.1; AMB-13";
    /// Whether data waits for the transmit window.
    transmit_window: TransmitWindow = TransmitWindow::Honoured, "transmit-window", "RFC 2637 §4.2; AMB-50";
    /// What a Packet Recv. Window Size of 0 allows.
    peer_window_zero: PeerWindowZero = PeerWindowZero::One, "peer-window-zero", "RFC 2637 §4.2.1; AMB-03";
    /// The first transmit window.
    initial_window: InitialWindow = InitialWindow::HalfRoundedUp, "initial-window", "RFC 2637 §4.2.1; AMB-04";
    /// The transmit window never grows beyond this, whatever the peer allows.
    maximum_transmit_window: u16 = 65535, "maximum-transmit-window", "RFC 2637 §4.2.3; AMB-03";
    /// MinTimeOut: the adaptive time-out is never less.
    min_time_out: Duration = milliseconds(100), "min-time-out", "RFC 2637 §4.4.1; AMB-48";
    /// MaxTimeOut: the adaptive time-out is never more.
    max_time_out: Duration = seconds(10), "max-time-out", "RFC 2637 §4.4; AMB-48";
    /// The first time-out is the peer's Packet Processing Delay, but not less than this.
    initial_time_out: Duration = seconds(1), "initial-time-out", "RFC 2637 §4.4.1; AMB-48";
    /// Which outstanding packets a time-out gives up.
    time_out_forgives: TimeOutForgives = TimeOutForgives::All, "time-out-forgives", "RFC 2637 §4.2.2, §4.2.3; AMB-06";
}
