//! pptp-linux 1.10.0, the client.

use super::{NO, ProfileSetting, YES, milliseconds, number, row, word};

pub(super) const SETTINGS: &[ProfileSetting] = &[
    row("host-name", word("local"), "measured: SCCRQ"),
    row("vendor-name", word("cananian"), "measured: SCCRQ"),
    row("maximum-channels", number(65535), "measured: SCCRQ; AMB-45"),
    row("firmware-revision", number(1), "measured: SCCRQ"),
    row(
        "version-rule",
        word("at-least"),
        "source: takes any request for 1.0 or more; AMB-23",
    ),
    row(
        "reply-version-rule",
        word("exact"),
        "measured: SCCRP must be 0x0100; AMB-23",
    ),
    row(
        "version-refusal",
        word("reply"),
        "source: Result 5, TCP stays; AMB-20",
    ),
    row("accepts-start-result-0", YES, "measured; AMB-25"),
    row(
        "start-refused",
        word("stop"),
        "measured: StopCCRQ Reason 2; AMB-25",
    ),
    row(
        "second-start-request",
        word("ignore"),
        "source: logged; AMB-24",
    ),
    row(
        "second-connection",
        word("allow"),
        "source: no look at other connections; AMB-28",
    ),
    row(
        "collision",
        word("independent"),
        "source: a comment leaves it open; AMB-26",
    ),
    row(
        "start-time-out-action",
        word("stop"),
        "measured: StopCCRQ Reason 1 when SCCRQ is not answered; AMB-31",
    ),
    row(
        "reply-time-out-action",
        word("clear"),
        "source: clears a call in wait_reply at its alarm; AMB-31",
    ),
    row(
        "echo-timer",
        word("heard-or-sent"),
        "source: one alarm, restarted by what is sent and received; AMB-30",
    ),
    row(
        "echo-cleared-by",
        word("any-message"),
        "source: one alarm for everything; AMB-30",
    ),
    row(
        "echo-failed",
        word("stop"),
        "measured: CCRQ, then StopCCRQ Reason 1",
    ),
    row(
        "unknown-message-type",
        word("ignore"),
        "measured: logged, no reply; AMB-33",
    ),
    row("management-message", word("ignore"), "source; AMB-33"),
    row(
        "wrong-length",
        word("ignore"),
        "measured: Echo-Request of 12 or 20 octets dropped; AMB-33",
    ),
    row(
        "lost-synchronisation",
        word("resynchronise"),
        "measured: slides to the next valid header; AMB-35",
    ),
    row("bad-value", word("accept"), "source"),
    row("incoming-calls", word("ignore"), "measured: ICRQ is logged"),
    row(
        "wrong-direction",
        word("answer"),
        "measured: OCRQ meets OCRP Result 7, CCRQ meets CDN Result 1; AMB-40",
    ),
    row(
        "stop-request",
        word("reply-clear-and-close"),
        "measured: StopCCRP, then CCRQ, then FIN; AMB-41",
    ),
    row(
        "ends-control-with",
        word("close"),
        "measured: no StopCCRQ at a normal exit",
    ),
    row(
        "ends-call-with",
        word("clear-and-close"),
        "measured: CCRQ, then FIN at once",
    ),
    row(
        "after-last-call",
        word("close"),
        "measured: CDN from the PAC is followed by FIN; AMB-54",
    ),
    row("disconnect-notify-match", word("pac-id"), "source; AMB-38"),
    row("packet-recv-window-size", number(3), "measured: OCRQ"),
    row("minimum-bps", number(2400), "measured: OCRQ"),
    row("maximum-bps", number(10_000_000), "measured: OCRQ"),
    row(
        "first-call-serial-number",
        number(0),
        "measured: OCRQ; AMB-47",
    ),
    row(
        "maximum-call-id",
        number(65535),
        "source: random, 0 avoided; AMB-43",
    ),
    row("first-sequence-number", number(1), "measured: 1; AMB-01"),
    row(
        "acknowledgment-delay",
        milliseconds(500),
        "measured: 500 ms for one pending packet; AMB-08",
    ),
    row(
        "acknowledges-at-once",
        number(2),
        "measured: at once for two or more; AMB-08",
    ),
    row(
        "acknowledges-number-0",
        NO,
        "measured: number 0 only with a later packet; AMB-02",
    ),
    row(
        "acknowledged-number",
        word("delivered"),
        "source: acknowledges what went to pppd; AMB-09",
    ),
    row(
        "reorder-buffer",
        number(65535),
        "measured: in-order delivery, no limit by default; AMB-10",
    ),
    row(
        "reorder-time-out",
        milliseconds(300),
        "measured: timer of 300 ms; AMB-10",
    ),
    row("transmit-window", word("ignored"), "measured; AMB-50"),
];
