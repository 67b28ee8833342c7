//! mpd5 of FreeBSD on ng_pptpgre, either role.

use super::{ProfileSetting, YES, milliseconds, number, row, seconds, word};

pub(super) const SETTINGS: &[ProfileSetting] = &[
    row("maximum-channels", number(0), "source: offers 3/3/0"),
    row("version-rule", word("exact"), "source: 0x0100 only; AMB-23"),
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
        "reply-time-out",
        seconds(90),
        "source: 90 s for OCRQ and ICRP; AMB-31",
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
        "first-received-number",
        word("zero"),
        "source: a first gap counts as loss; AMB-01",
    ),
    row(
        "acknowledgment-delay",
        milliseconds(2),
        "source: RTT/4 in 2..500 ms, here its lower bound; AMB-08",
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
];
