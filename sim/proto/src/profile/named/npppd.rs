//! npppd of OpenBSD (0fbf3537), the server.

use super::{NO, ProfileSetting, number, row, seconds, word};

pub(super) const SETTINGS: &[ProfileSetting] = &[
    row(
        "framing-capabilities",
        number(2),
        "source: synchronous only; AMB-45",
    ),
    row(
        "bearer-capabilities",
        number(2),
        "source: digital only; AMB-45",
    ),
    row("maximum-channels", number(4), "source; AMB-45"),
    row("version-rule", word("exact"), "source: 0x0100 only; AMB-23"),
    row(
        "version-refusal",
        word("ignore"),
        "source: no reply; AMB-20",
    ),
    row(
        "second-start-request",
        word("ignore"),
        "source: logged; AMB-24",
    ),
    row("second-connection", word("allow"), "source; AMB-28"),
    row(
        "collision",
        word("independent"),
        "source: never originates; AMB-26",
    ),
    row("opens-control", NO, "source: a server; AMB-26"),
    row("stop-time-out", seconds(3), "source; AMB-21"),
    row(
        "echo-timer",
        word("heard-or-sent"),
        "source: the last of sent and received; AMB-30",
    ),
    row(
        "wrong-echo-identifier",
        word("close"),
        "source: a wrong identifier kills; AMB-30",
    ),
    row("unknown-message-type", word("ignore"), "source; AMB-33"),
    row(
        "wrong-length",
        word("accept"),
        "source: wants at least the size; AMB-33",
    ),
    row(
        "lost-synchronisation",
        word("stop"),
        "source: StopCCRQ Reason 2, then waits; AMB-33",
    ),
    row(
        "reports-incoming-calls",
        NO,
        "inferred: a server of outgoing calls; no source says that it reports any",
    ),
    row(
        "error-numbering",
        word("without-bad-value"),
        "source: pptp.h has no Bad-Value; AMB-55",
    ),
    row("stop-reason", number(3), "source: 2 or 3; AMB-54"),
    row(
        "unknown-clear",
        word("refuse"),
        "source: CDN Result 2; AMB-37",
    ),
    row("packet-recv-window-size", number(64), "source; AMB-03"),
    row(
        "connect-speed",
        number(0x9680_0000),
        "source: 10 Mbit/s through a 16-bit swap; computed for a little-endian host; AMB-46",
    ),
    row("keeps-to-bps-range", NO, "source: constant; AMB-46"),
    row(
        "checks-gre-source",
        NO,
        "source: Call ID and listener only; AMB-51",
    ),
    row(
        "first-sequence-number",
        number(1),
        "source: snd_nxt is 1; AMB-01",
    ),
    row(
        "first-received-number",
        word("zero"),
        "source: a first gap counts as loss; AMB-01",
    ),
    row(
        "stand-alone-acknowledgments",
        word("half-window"),
        "source; AMB-08",
    ),
    row(
        "piggy-backed-acknowledgments",
        word("always"),
        "source; AMB-07",
    ),
    row(
        "acknowledgment-before-data",
        word("all-ones"),
        "source: rcv_nxt - 1; AMB-02",
    ),
    row(
        "octets-after-payload",
        word("deliver"),
        "source: passes all octets to PPP; AMB-14",
    ),
    row(
        "bad-acknowledgment",
        word("drop-packet"),
        "source: payload included; AMB-12",
    ),
    row("transmit-window", word("ignored"), "source: none; AMB-50"),
];
