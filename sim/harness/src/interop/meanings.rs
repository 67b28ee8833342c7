//! What the marks of the matrix mean, and which fields of a profile can be behind them.

/// What a mark answers.
#[derive(Copy, Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Question {
    /// Did the call come up?
    Call,
    /// Did the data reach PPP at the other end?
    Data,
    /// Was the data acknowledged?
    Acknowledgment,
    /// How did the call end?
    CallEnd,
    /// How did the control connection end?
    ControlEnd,
}

/// What a mark means.
#[derive(Debug)]
pub struct Meaning {
    /// What it answers.
    pub question: Question,
    /// The mark.
    pub mark: char,
    /// What it means.
    pub text: &'static str,
    /// The profile fields that can be the cause.
    pub fields: &'static [&'static str],
}

const fn meaning(
    question: Question,
    mark: char,
    text: &'static str,
    fields: &'static [&'static str],
) -> Meaning {
    Meaning {
        question,
        mark,
        text,
        fields,
    }
}

/// Every mark but `.`, the worst of each question first.
pub const MEANINGS: &[Meaning] = &[
    meaning(
        Question::Call,
        'x',
        "the call did not come up",
        &[
            "version-rule",
            "accepts-calls",
            "authorises-peers",
            "start-time-out",
            "reply-time-out",
        ],
    ),
    meaning(Question::Data, 'x', "nothing reached PPP", &[]),
    meaning(
        Question::Data,
        'w',
        "packets were never sent: the sender waited for acknowledgments to the end",
        &["transmit-window"],
    ),
    meaning(
        Question::Data,
        'o',
        "passed on out of order, or twice",
        &["late-packets", "rewinds-to-number-1"],
    ),
    meaning(
        Question::Data,
        'h',
        "packets that had arrived were held for ever",
        &["reorder-time-out-needs-traffic"],
    ),
    meaning(
        Question::Data,
        'd',
        "packets that had arrived were thrown away",
        &[
            "late-packets",
            "reorder-buffer",
            "reorder-time-out",
            "bad-acknowledgment",
        ],
    ),
    meaning(
        Question::Acknowledgment,
        'x',
        "nothing was acknowledged",
        &["stand-alone-acknowledgments"],
    ),
    meaning(
        Question::Acknowledgment,
        'p',
        "acknowledged with data of its own alone: what comes one way is not acknowledged",
        &["stand-alone-acknowledgments"],
    ),
    meaning(
        Question::Acknowledgment,
        'l',
        "some acknowledgments took more than 1.5 s",
        &[
            "stand-alone-acknowledgments",
            "reorder-time-out-needs-traffic",
        ],
    ),
    meaning(
        Question::Acknowledgment,
        'z',
        "the first packet, numbered 0, was not acknowledged until another came",
        &["acknowledges-number-0"],
    ),
    meaning(
        Question::CallEnd,
        'k',
        "the PNS did not take the Call-Disconnect-Notify for its call, and kept it",
        &["disconnect-notify-call-id", "disconnect-notify-match"],
    ),
    meaning(
        Question::CallEnd,
        '-',
        "no Call-Disconnect-Notify",
        &["clear-request", "disconnects-with", "ends-call-with"],
    ),
    meaning(
        Question::CallEnd,
        'n',
        "a Call-Disconnect-Notify with a fault",
        &[
            "disconnect-notify-call-id",
            "clear-result",
            "disconnect-result",
        ],
    ),
    meaning(
        Question::ControlEnd,
        'F',
        "a bare FIN: no stop exchange",
        &[
            "clear-request",
            "disconnects-with",
            "ends-call-with",
            "after-last-call",
            "disconnect-time-out",
        ],
    ),
    meaning(
        Question::ControlEnd,
        'R',
        "a reset",
        &["lost-synchronisation"],
    ),
    meaning(
        Question::ControlEnd,
        'u',
        "a stop request that was not answered",
        &["stop-request", "after-last-call"],
    ),
    meaning(
        Question::ControlEnd,
        's',
        "a stop exchange with a fault",
        &["after-last-call-reason"],
    ),
];
