//! The PPTP client of macOS.

use super::{NO, ProfileSetting, YES, milliseconds, number, row, seconds, word};

pub(super) const SETTINGS: &[ProfileSetting] = &[
    row(
        "framing-capabilities",
        number(1),
        "source: asynchronous; AMB-45",
    ),
    row("bearer-capabilities", number(1), "source: analog; AMB-45"),
    row("version-rule", word("any"), "source: not checked; AMB-23"),
    row(
        "reply-version-rule",
        word("any"),
        "source: not checked; AMB-23",
    ),
    row("second-connection", word("allow"), "source; AMB-28"),
    row("collision", word("independent"), "source: not done; AMB-26"),
    row("start-time-out", seconds(0), "source: none; AMB-31"),
    row(
        "idle-time-out",
        seconds(0),
        "source: echoes upon network changes only; AMB-30",
    ),
    row("checks-magic-cookie", NO, "source: never compared; AMB-35"),
    row(
        "unknown-message-type",
        word("ignore"),
        "source: logged; AMB-33",
    ),
    row(
        "stop-request",
        word("ignore"),
        "source: not answered; AMB-41",
    ),
    row(
        "ends-control-with",
        word("close"),
        "source: closes the socket; AMB-41",
    ),
    row(
        "ends-call-with",
        word("close"),
        "source: closes the socket; AMB-41",
    ),
    row("incoming-calls", word("ignore"), "source: logged; AMB-35"),
    row(
        "disconnect-notify-match",
        word("never"),
        "source: logged, the body is not read; AMB-35",
    ),
    row(
        "set-link-info-on-connect",
        YES,
        "source: FFFFFFFF both ways right after OCRP; AMB-36",
    ),
    row(
        "first-sequence-number",
        number(1),
        "source: pptp_rfc.c; AMB-01",
    ),
    row(
        "piggy-backed-acknowledgments",
        word("always"),
        "source; AMB-07",
    ),
    row("acknowledgment-before-data", word("zero"), "source; AMB-02"),
    row("acknowledged-number", word("delivered"), "source; AMB-09"),
    row(
        "acknowledgment-delay",
        milliseconds(200),
        "source: the next fast tick; inferred: BSD ticks every 200 ms; AMB-08",
    ),
    row("acknowledges-late-packets", YES, "source; AMB-11"),
    row("reorder-buffer", number(3), "source: 3 packets; AMB-10"),
    row("reorder-time-out", seconds(1), "source: 1 s; AMB-10"),
    row("min-time-out", seconds(1), "source; AMB-48"),
    row("max-time-out", seconds(64), "source; AMB-48"),
    row(
        "time-out-forgives",
        word("oldest"),
        "source: only up to the sampled packet; AMB-06",
    ),
];
