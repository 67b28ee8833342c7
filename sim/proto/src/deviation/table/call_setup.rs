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
            /// Of several calls that wait for the start exchange only the first is placed.
            OnlyFirstQueuedCallStarts = "only-first-queued-call-starts", PNS, [Tr013, Pnso001], Suite, ["KB-21"];
            /// A Call ID that another connection's peer uses as well closes the connection without a reply.
            SamePeerIdCloses = "same-peer-id-closes", PAC, [Ocrp001, Call002], Suite, ["KB-23"];
            /// A second Outgoing-Call-Request is answered with the Call ID of the first call.
            SecondCallSameId = "second-call-same-id", PAC, [Tr013, Ocrp002], Suite, ["KB-25"];
            /// Phone Number Length is swapped before its limit is checked: any number has 16384 digits.
            PhoneLengthLimitSwapped = "phone-length-limit-swapped", PNS, [Ocrq010, Tr006], Suite, ["KB-28"];
            /// The 257th call of a connection takes the place of the first.
            CallIndexOf8Bits = "call-index-of-8-bits", BOTH, [Tr013, Call001, Call004, Cdn002], Suite, ["KB-64"];
            /// A call message that does not come is waited for for ever.
            CallNeverTimesOut = "call-never-times-out", BOTH, [Ka007], Suite, [];
            /// A call request that cannot be granted is not answered.
            RefusalUnanswered = "refusal-unanswered", BOTH, [Ocrp001, Paco001, Icrp001, Pnsi001], Suite, [];
            /// A call reply counts as success whatever its Result Code.
            RefusalTakenForSuccess = "refusal-taken-for-success", BOTH, [Pnso002, Paci002, Icrp009], Suite, [];
            /// A second Incoming-Call-Connected starts the call again.
            SecondConnectedRestartsCall = "second-connected-restarts-call", PNS, [Iccn001, Pnsi003, Seq001, Seq002, Seq006], Suite, ["KB-87"];
            /// Incoming-Call-Connected is never sent.
            NeverConnected = "never-connected", PAC, [Paci003, Iccn001], Suite, [];
            /// Result Code of a successful call reply is 0.
            CallReply0 = "call-reply-0", BOTH, [Ocrp004, Icrp004], Suite, [];
            /// A successful Outgoing-Call-Reply has a Cause Code.
            CauseCodeOnSuccess = "cause-code-on-success", PAC, [Ocrp006], Suite, [];
            /// Connect Speed is 0.
            ConnectSpeed0 = "connect-speed-0", PAC, [Ocrp007, Iccn004], Suite, [];
            /// Peer's Call ID of Incoming-Call-Connected is the PAC's own Call ID.
            ConnectedCarriesOwnId = "connected-carries-own-id", PAC, [Iccn002], Suite, [];
            /// Minimum BPS and Maximum BPS stand in each other's place.
            BpsReversed = "bps-reversed", PNS, [Ocrq005], Suite, [];
            /// The bearer of a call request is one that is not defined.
            BearerTypeUndefined = "bearer-type-undefined", BOTH, [Ocrq006, Icrq004], Suite, [];
            /// The framing of a call is one that is not defined.
            FramingTypeUndefined = "framing-type-undefined", BOTH, [Ocrq007, Iccn007], Suite, [];
            /// The length of the number that is dialled is 65.
            NumberLength65 = "number-length-65", BOTH, [Ocrq010, Icrq007], Suite, [];
            /// The last octet of Subaddress is left over from something else.
            SubaddressNotZeroFilled = "subaddress-not-zero-filled", BOTH, [Ocrq013, Icrq008], Suite, [];
            /// Every call has the same Call Serial Number.
            SerialNumberRepeated = "serial-number-repeated", BOTH, [Ocrq003, Icrq003], Suite, [];
            /// Packet Recv. Window Size has its octets swapped.
            WindowByteOrder = "window-byte-order", BOTH, [Ocrq008, Ocrp008, Icrp006, Iccn005, Tr006], Suite, [];
            /// A reply with Result 2 has Error Code 0.
            GeneralErrorWithoutCode = "general-error-without-code", BOTH, [Sccrp005, Ocrp005, Icrp005], Suite, [];
            /// A reply with Result 2 has Error Code 7.
            ErrorCodeUndefined = "error-code-undefined", BOTH, [Err001], Suite, [];
            /// A PNS reports an error that only a PAC can have.
            PnsSaysPacError = "pns-says-pac-error", PNS, [Err007], Suite, [];
        }
        }
    };
}
