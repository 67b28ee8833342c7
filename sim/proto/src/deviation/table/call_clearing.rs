//! How calls end (RFC 2637 §2.12, §2.13, §3.2).

macro_rules! call_clearing_deviations {
    ([$($next:ident)*] $($before:tt)*) => {
        deviations! { [$($next)*] $($before)*
        area CallClearing {
            /// Call-Disconnect-Notify carries the PNS's Call ID.
            CdnCarriesPnsId = "cdn-carries-pns-id", PAC, [Cdn003], Suite, ["KB-20"];
            /// The Call ID of Call-Disconnect-Notify has its octets swapped.
            CdnCallIdByteOrder = "cdn-call-id-byte-order", PAC, [Cdn003, Tr006], Suite, ["KB-20"];
            /// The call of a Call-Disconnect-Notify is looked up by the PNS's own Call ID alone.
            CdnMatchedByOwnId = "cdn-matched-by-own-id", PNS, [Cdn003, Pnso005], Suite, ["KB-19"];
            /// Call-Clear-Request ends the call without Call-Disconnect-Notify.
            ClearWithoutNotify = "clear-without-notify", PAC, [Cclr005, Cdn002], Suite, ["KB-16"];
            /// Call-Clear-Request is answered by closing TCP, without Call-Disconnect-Notify.
            ClearClosesControl = "clear-closes-control", PAC, [Cclr005, Cdn002, Cc008], Suite, ["KB-16"];
            /// A Call-Clear-Request for an unknown Call ID ends the oldest call.
            ClearIgnoresCallId = "clear-ignores-call-id", PAC, [Cclr002, Cdn002], Suite, ["KB-16"];
            /// Call-Clear-Request carries the PAC's Call ID.
            ClearCarriesPacId = "clear-carries-pac-id", PNS, [Cclr002], Suite, [];
            /// The connection is closed right behind Call-Clear-Request.
            ClearWithoutWaiting = "clear-without-waiting", PNS, [Pnso007, Cc008], Suite, ["KB-15"];
            /// A local disconnect and a lost carrier end the call without Call-Disconnect-Notify.
            SilentDisconnect = "silent-disconnect", PAC, [Cdn002], Suite, ["KB-17", "KB-18"];
            /// A Call-Clear-Request has no effect before the call is answered.
            ClearIgnoredBeforeAnswer = "clear-ignored-before-answer", PAC, [Cclr005, Paco004, Paci006, Paci005], Suite, [];
            /// A Call-Disconnect-Notify that was not asked for has no effect.
            NotifyIgnored = "notify-ignored", PNS, [Pnsi004, Pnsi005, Pnso005], Suite, [];
            /// Call-Disconnect-Notify is sent twice.
            NotifyTwice = "notify-twice", PAC, [Cdn002, Cdn003], Suite, [];
            /// Call-Disconnect-Notify has Result 0.
            NotifyResult0 = "notify-result-0", PAC, [Cdn004], Suite, [];
            /// The answer to a clear says that the line was lost.
            NotifyNotByRequest = "notify-not-by-request", PAC, [Cdn005], Suite, [];
            /// The last octet of Call Statistics is left over from something else.
            NotifyStatisticsNotZeroFilled = "notify-statistics-not-zero-filled", PAC, [Cdn009], Suite, [];
            /// A PAC ends calls by Call-Clear-Request.
            DisconnectByClear = "disconnect-by-clear", PAC, [Hdr016, Cclr001, Cdn002], Suite, [];
            /// A PNS ends calls by Call-Disconnect-Notify.
            ClearByNotify = "clear-by-notify", PNS, [Hdr016, Cdn001], Suite, [];
        }
        }
    };
}
