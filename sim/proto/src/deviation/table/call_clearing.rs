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
        }
        }
    };
}
