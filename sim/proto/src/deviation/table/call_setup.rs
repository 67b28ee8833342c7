//! How calls come up (RFC 2637 §2.7 to §2.11, §3.2).

macro_rules! call_setup_deviations {
    ([$($next:ident)*] $($before:tt)*) => {
        deviations! { [$($next)*] $($before)*
        area CallSetup {
            /// A second Outgoing-Call-Request silently drops the first call.
            SecondCallReplacesFirst = "second-call-replaces-first", PAC, [Tr013, Cdn002], Suite, ["KB-25"];
            /// Call IDs are drawn from 1 to 8 without a look at those in use.
            CallIdWithoutCheck = "call-id-without-check", BOTH, [Ocrq002, Ocrp002, Icrq002, Call001], Suite, ["KB-22"];
            /// Phone Number Length has its octets swapped.
            PhoneLengthByteOrder = "phone-length-byte-order", PNS, [Ocrq010, Tr006], Suite, ["KB-28"];
            /// Connect Speed is swapped as if it had 16 bits.
            ConnectSpeedByteOrder = "connect-speed-byte-order", PAC, [Ocrp007, Tr006], Suite, ["KB-29"];
            /// Outgoing-Call-Reply says connected before the telephone has answered.
            ReplyBeforeAnswer = "reply-before-answer", PAC, [Ocrp001, Paco005], Suite, ["KB-30"];
            /// Peer's Call ID of a call reply is the sender's own Call ID.
            ReplyPeerCallIdWrong = "reply-peer-call-id-wrong", BOTH, [Ocrp003, Icrp003], Suite, [];
            /// Outgoing-Call-Reply and Incoming-Call-Reply are sent twice.
            ReplyTwice = "reply-twice", BOTH, [Ocrp011, Icrp001], Suite, [];
            /// Outgoing-Call-Reply and Incoming-Call-Reply are never sent.
            NoCallReply = "no-call-reply", BOTH, [Ocrp001, Icrp001], Suite, [];
            /// Incoming-Call-Connected is sent right behind Incoming-Call-Request, before the reply.
            ConnectWithoutAnswer = "connect-without-answer", PAC, [Iccn001], Suite, [];
            /// An Outgoing-Call-Reply after the own clear brings the call up.
            LateReplyRevivesCall = "late-reply-revives-call", PNS, [Pnso007], Suite, [];
        }
        }
    };
}
