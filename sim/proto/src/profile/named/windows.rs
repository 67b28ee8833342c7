//! Windows as [MS-PTPT] describes it, either role.

use super::{NO, ProfileSetting, milliseconds, number, row, seconds, word};

pub(super) const SETTINGS: &[ProfileSetting] = &[
    row("framing-capabilities", number(1), "[MS-PTPT]; AMB-45"),
    row("bearer-capabilities", number(1), "[MS-PTPT]; AMB-45"),
    row("maximum-channels", number(0), "[MS-PTPT]; AMB-45"),
    row(
        "second-connection",
        word("allow"),
        "[MS-PTPT] 3.1.5.1.1 (MS-004); AMB-28",
    ),
    row(
        "collision",
        word("independent"),
        "[MS-PTPT] 3.1.5.1.1 (MS-004); AMB-26",
    ),
    row(
        "start-time-out",
        seconds(30),
        "[MS-PTPT] 3.1.2 (MS-002); AMB-31",
    ),
    row(
        "echo-timer",
        word("periodic"),
        "[MS-PTPT] 3.1.2, 3.1.5.5 (MS-003): each time its timer expires; AMB-30",
    ),
    row(
        "reports-incoming-calls",
        NO,
        "[MS-PTPT] 3.2.5.3 (MS-009): the server sends no ICRQ",
    ),
    row(
        "reports-line-errors",
        NO,
        "[MS-PTPT] 3.2.5.6 (MS-009): the server sends no WEN",
    ),
    row("stop-reason", number(1), "[MS-PTPT] example; AMB-54"),
    row(
        "after-last-call",
        word("stop-own-end"),
        "[MS-PTPT] 3.2.4, 3.3.4.2 (MS-010): the side that ended the call; AMB-54",
    ),
    row(
        "after-last-call-reason",
        number(1),
        "[MS-PTPT] example; AMB-54",
    ),
    row("clear-result", number(0), "[MS-PTPT] 3.2.5.5 (MS-008)"),
    row("disconnect-result", number(0), "[MS-PTPT] 3.2.5.5 (MS-008)"),
    row(
        "packet-recv-window-size",
        number(64),
        "[MS-PTPT] app. 10 (MS-014): the client's; AMB-03",
    ),
    row(
        "reply-recv-window-size",
        number(16384),
        "[MS-PTPT] app. 8, 9 (MS-015): the server's; AMB-03",
    ),
    row(
        "checks-gre-source",
        NO,
        "[MS-PTPT] 3.1.5 (MS-012): off by default; AMB-51",
    ),
    row(
        "acknowledgment-delay",
        milliseconds(100),
        "[MS-PTPT] 3.1.2, 3.1.5.9 (MS-007); AMB-08",
    ),
    row(
        "reorder-buffer",
        number(64),
        "[MS-PTPT] 3.1.5.8 (MS-006): an ordered queue, here as long as its window; AMB-10",
    ),
    row(
        "late-packets",
        word("deliver"),
        "[MS-PTPT] 3.1.5.8 (MS-006); AMB-10, AMB-11",
    ),
    row(
        "transmit-window",
        word("ignored"),
        "[MS-PTPT] 3.1.5.7 (MS-005); AMB-50",
    ),
];
