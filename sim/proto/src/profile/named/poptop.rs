//! pptpd 1.4.0, the server of the Poptop project.

use super::{NO, ProfileSetting, YES, milliseconds, number, row, seconds, word};

pub(super) const SETTINGS: &[ProfileSetting] = &[
    row("host-name", word("local"), "measured: SCCRP"),
    row("vendor-name", word("linux"), "measured: SCCRP"),
    row("framing-capabilities", number(0), "measured: SCCRP"),
    row("bearer-capabilities", number(0), "measured: SCCRP"),
    row("maximum-channels", number(1), "measured: SCCRP"),
    row("firmware-revision", number(1), "measured: SCCRP"),
    row(
        "version-rule",
        word("any"),
        "measured: 0x0000, 0x0101 and 0x0200 succeed; AMB-23",
    ),
    row(
        "second-start-request",
        word("succeed"),
        "measured: Result 1 again; AMB-24",
    ),
    row(
        "second-connection",
        word("allow"),
        "source: any number of connections of one address; AMB-28",
    ),
    row(
        "collision",
        word("independent"),
        "source: never originates; AMB-26",
    ),
    row("opens-control", NO, "source: a server; AMB-26"),
    row(
        "start-time-out",
        seconds(10),
        "measured: FIN at 10 s (stimeout); AMB-31",
    ),
    row(
        "stop-time-out",
        seconds(5),
        "measured: FIN 5 s after an unanswered stop; AMB-21",
    ),
    row(
        "echo-failed",
        word("stop"),
        "measured: CDN Result 3 and StopCCRQ Reason 1 together",
    ),
    row(
        "first-echo-identifier",
        number(0x0100_0000),
        "measured: 1 in little-endian order (the first one is exact)",
    ),
    row("echo-before-established", word("close"), "measured: RST"),
    row("call-before-established", word("close"), "measured: RST"),
    row(
        "unknown-message-type",
        word("ignore"),
        "measured: types 0 and 16 ignored; AMB-33",
    ),
    row(
        "management-message",
        word("process"),
        "measured: a type 2 Echo-Request is answered; AMB-33",
    ),
    row(
        "least-first-octets",
        number(12),
        "measured: RST where the first segment has fewer than 12 octets",
    ),
    row(
        "wrong-length",
        word("accept-any"),
        "measured: 11 to 220 octets; what is missing is stale memory there, zero here; AMB-33",
    ),
    row(
        "bad-value",
        word("accept"),
        "measured: window 0, min > max, framing 4 accepted",
    ),
    row(
        "wrong-direction",
        word("ignore"),
        "measured: ICRQ and unasked replies ignored",
    ),
    row(
        "calls-per-connection",
        number(1),
        "measured: one call a process",
    ),
    row(
        "too-many-calls",
        word("replace"),
        "measured: the old call is silently dropped for a second OCRQ",
    ),
    row(
        "reports-incoming-calls",
        NO,
        "inferred: a server of outgoing calls; no source says that it reports any",
    ),
    row("clear-request", word("close"), "measured: FIN without CDN"),
    row(
        "disconnects-with",
        word("close"),
        "measured: bare FIN when pppd exits; AMB-41",
    ),
    row(
        "unknown-clear",
        word("close"),
        "measured: a wrong Call ID ends the only call; AMB-37",
    ),
    row(
        "disconnect-result",
        number(3),
        "measured: CDN Result 3 on SIGTERM",
    ),
    row(
        "ends-control-with",
        word("notify-and-stop"),
        "measured: CDN Result 3, then StopCCRQ on SIGTERM; AMB-54",
    ),
    row(
        "stop-reason",
        number(1),
        "measured: StopCCRQ Reason 1; AMB-54",
    ),
    row(
        "copies-window",
        YES,
        "measured: OCRP echoes the client's window; AMB-03",
    ),
    row(
        "copies-maximum-bps",
        YES,
        "measured: OCRP echoes the client's Maximum BPS; AMB-46",
    ),
    row("call-id-choice", word("sequential"), "measured; AMB-43"),
    row(
        "minimum-call-id",
        number(0),
        "measured: the first call of a daemon is 0; AMB-43",
    ),
    row(
        "first-received-number",
        word("zero"),
        "source: pptpgre.c expects 0; AMB-01",
    ),
    row(
        "rewinds-to-number-1",
        YES,
        "measured: an old number 1 resets the receiver; AMB-01",
    ),
    row(
        "acknowledgment-delay",
        milliseconds(50),
        "measured: 50 ms; AMB-08",
    ),
    row(
        "acknowledged-number",
        word("delivered"),
        "source: acknowledges what went to pppd; AMB-09",
    ),
    row(
        "reorder-buffer",
        number(65535),
        "measured: in-order delivery; no limit in the source; AMB-10",
    ),
    row(
        "reorder-time-out",
        milliseconds(300),
        "measured: 300 ms; AMB-10",
    ),
    row(
        "reorder-time-out-needs-traffic",
        YES,
        "measured: a gap at the tail is stuck until the next packet",
    ),
    row(
        "transmit-window",
        word("ignored"),
        "measured: 61 packets unacknowledged with window 2; AMB-50",
    ),
];
