//! accel-ppp (89637ee2): its control connection, and the data path of the Linux kernel.

use super::{NO, ProfileSetting, YES, number, row, seconds, word};

pub(super) const SETTINGS: &[ProfileSetting] = &[
    row("host-name", word("local"), "measured: SCCRP"),
    row("vendor-name", word("cananian"), "measured: SCCRP"),
    row("maximum-channels", number(1), "measured: SCCRP"),
    row("firmware-revision", number(1), "measured: SCCRP"),
    row("version-rule", word("exact"), "measured; AMB-23"),
    row(
        "version-refusal",
        word("reply"),
        "measured: Result 5, TCP stays until the timer; AMB-20",
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
    row("start-time-out", seconds(5), "measured: FIN at 5 s; AMB-31"),
    row("stop-time-out", seconds(5), "source; AMB-21"),
    row(
        "idle-time-out",
        seconds(0),
        "source: echo-interval is 0 by default; AMB-30",
    ),
    row("echo-timer", word("periodic"), "source; AMB-30"),
    row("echo-failures", number(3), "source; AMB-30"),
    row(
        "echo-cleared-by",
        word("any-reply"),
        "source: identifiers are not compared",
    ),
    row(
        "echo-before-established",
        word("answer"),
        "measured: Echo-Reply; AMB-32",
    ),
    row(
        "management-message",
        word("process"),
        "measured: type 2 accepted; AMB-33",
    ),
    row("bad-value", word("accept"), "source"),
    row(
        "wrong-direction",
        word("ignore"),
        "measured: ICRP, ICCN, OCRP, WEN, CDN ignored",
    ),
    row(
        "calls-per-connection",
        number(1),
        "measured: a second OCRQ is refused",
    ),
    row(
        "too-many-calls",
        word("not-connected"),
        "measured: OCRP Result 2, Error 1",
    ),
    row(
        "reports-incoming-calls",
        NO,
        "inferred: a server of outgoing calls; no source says that it reports any",
    ),
    row(
        "unknown-clear",
        word("notify"),
        "measured: CDN Result 4 whatever the Call ID; AMB-37",
    ),
    row(
        "disconnect-notify-call-id",
        word("peer"),
        "measured: the PNS's Call ID; AMB-38",
    ),
    row(
        "disconnect-result",
        number(3),
        "measured: CDN Result 3 when PPP ends",
    ),
    row(
        "ends-control-with",
        word("notify-and-stop"),
        "source: CDN Result 3, then StopCCRQ; AMB-54",
    ),
    row("stop-reason", number(0), "source: Reason 0; AMB-54"),
    row(
        "after-last-call",
        word("stop-own-end"),
        "source: StopCCRQ when PPP ends; after a clear it waits; AMB-54",
    ),
    row(
        "after-last-call-reason",
        number(0),
        "source: Reason 0; AMB-54",
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
    row(
        "call-id-choice",
        word("sequential"),
        "measured: 1, 2, 3; AMB-43",
    ),
    row(
        "data-before-connect",
        word("accept"),
        "source: the kernel channel opens before OCRP; AMB-42",
    ),
    row("first-sequence-number", number(1), "measured: 1; AMB-01"),
    row(
        "stand-alone-acknowledgments",
        word("never"),
        "measured: piggy-backed only; AMB-08",
    ),
    row(
        "late-packets",
        word("deliver-lcp-echo"),
        "measured: LCP echoes always pass; AMB-11",
    ),
    row(
        "gre-header-check",
        word("routing-bits-ignored"),
        "measured: s and Recur accepted; AMB-52",
    ),
    row(
        "octets-after-payload",
        word("deliver"),
        "measured: takes all octets; AMB-14",
    ),
    row(
        "empty-payload",
        word("ignored"),
        "measured: no visible effect",
    ),
    row(
        "transmit-window",
        word("ignored"),
        "source: pptp.c has none; AMB-50",
    ),
];
