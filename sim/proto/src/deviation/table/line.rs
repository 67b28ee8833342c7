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
            /// A WAN-Error-Notify of zeroes is sent as a call comes up.
            WanErrorsWithoutError = "wan-errors-without-error", PAC, [Wen002], Suite, [];
            /// The counters of WAN-Error-Notify stand in the reverse order.
            WanErrorsOrder = "wan-errors-order", PAC, [Wen008], Suite, [];
            /// No character is escaped before the first Set-Link-Info.
            AccmStartsAt0 = "accm-starts-at-0", PAC, [Sli005], Suite, [];
            /// Send ACCM and Receive ACCM stand in each other's place.
            SetLinkInfoReversed = "set-link-info-reversed", PNS, [Sli004], Suite, [];
        }
        }
    };
}
