//! Line errors and link options of a call (RFC 2637 §2.14, §2.15).

macro_rules! line_deviations {
    ([$($next:ident)*] $($before:tt)*) => {
        deviations! { [$($next)*] $($before)*
        area Line {
            /// WAN-Error-Notify is sent as often as errors occur.
            WanErrorsTooOften = "wan-errors-too-often", PAC, [Wen003], Suite, [];
            /// The counters of WAN-Error-Notify are those since the last one.
            WanErrorsNotCumulative = "wan-errors-not-cumulative", PAC, [Wen004], Suite, [];
            /// Peer's Call ID of WAN-Error-Notify is the PAC's own Call ID.
            WanErrorsOwnCallId = "wan-errors-own-call-id", PAC, [Wen006], Suite, [];
            /// Peer's Call ID of Set-Link-Info is the PNS's own Call ID.
            SetLinkInfoOwnCallId = "set-link-info-own-call-id", PNS, [Sli002], Suite, [];
            /// Set-Link-Info has no effect.
            IgnoresSetLinkInfo = "ignores-set-link-info", PAC, [Sli006], Suite, [];
        }
        }
    };
}
