//! mpd5 of FreeBSD on ng_pptpgre, either role.

use super::{ProfileSetting, YES, milliseconds, number, row, seconds, word};

pub(super) const SETTINGS: &[ProfileSetting] = &[
    row("maximum-channels", number(0), "source: offers 3/3/0"),
    row("version-rule", word("exact"), "source: 0x0100 only; AMB-23"),
    row(
        "reply-version-rule",
        word("exact"),
        "source: 0x0100 only; AMB-23",
    ),
    row("accepts-start-result-0", YES, "source; AMB-25"),
    row(
        "second-start-request",
        word("close"),
        "source: kills the connection; AMB-24",
    ),
    row("second-connection", word("allow"), "source; AMB-28"),
    row(
        "collision",
        word("independent"),
        "source: every incoming connection is new; AMB-26",
    ),
    row(
        "start-time-out-action",
        word("echo"),
        "source: Echo-Request after 60 s of silence in idle; AMB-30",
    ),
    row(
        "reply-time-out",
        seconds(90),
        "source: 90 s for OCRQ and ICRP; AMB-31",
    ),
    row(
        "disconnect-time-out",
        seconds(60),
        "source: 60 s for a clear; AMB-38",
    ),
    row("stop-time-out", seconds(3), "source; AMB-21"),
    row(
        "wrong-echo-identifier",
        word("close"),
        "source: a wrong identifier kills; AMB-30",
    ),
    row("echo-before-established", word("close"), "source; AMB-32"),
    row("unknown-clear", word("ignore"), "source; AMB-37"),
    row("disconnect-notify-match", word("pac-id"), "source; AMB-38"),
    row(
        "crossing-reply",
        word("close"),
        "source: wrong state kills; AMB-39",
    ),
    row("stop-reason", number(3), "source: Reason 3; AMB-54"),
    row("after-last-call", word("stop"), "source; AMB-54"),
    row(
        "after-last-call-delay",
        seconds(10),
        "source: 10 s without calls; AMB-54",
    ),
    row("call-id-choice", word("sequential"), "source; AMB-43"),
    row(
        "minimum-call-id",
        number(0),
        "source: could hand out 0; AMB-43",
    ),
    row(
        "first-call-serial-number",
        number(0),
        "source: the Call ID, which counts up as well; AMB-47",
    ),
    row(
        "first-received-number",
        word("zero"),
        "source: a first gap counts as loss; AMB-01",
    ),
    row(
        "acknowledgment-delay",
        milliseconds(25),
        "source: RTT/4 in 2..500 ms; computed for its least RTT of 0.1 s; AMB-08, AMB-48",
    ),
    row("acknowledged-number", word("delivered"), "source; AMB-09"),
    row(
        "reorder-buffer",
        number(1),
        "source: queue length 1 (sysctl); AMB-10",
    ),
    row(
        "reorder-time-out",
        milliseconds(1),
        "source: 1 ms (sysctl); AMB-10",
    ),
    row(
        "transmit-window",
        word("ignored"),
        "source: windowing is off by default; AMB-50",
    ),
    row("maximum-transmit-window", number(16), "source; AMB-03"),
    row("min-time-out", milliseconds(12), "source; AMB-48"),
    row("max-time-out", seconds(3), "source; AMB-48"),
    row(
        "initial-time-out",
        seconds(3),
        "source: starts with the maximum; AMB-48",
    ),
];
