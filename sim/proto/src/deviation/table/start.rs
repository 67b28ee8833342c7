//! The start of a control connection (RFC 2637 §2.1, §2.2, §3.1).

macro_rules! start_deviations {
    ([$($next:ident)*] $($before:tt)*) => {
        deviations! { [$($next)*] $($before)*
        area Start {
            /// A call may be placed before Start-Control-Connection-Reply has come.
            CallBeforeStartReply = "call-before-start-reply", PNS, [Tr005, Cc006], Suite, ["KB-14"];
            /// Start-Control-Connection-Reply has Result 0 for success.
            StartResult0 = "start-result-0", BOTH, [Sccrp003], Suite, ["KB-26"];
            /// Start-Control-Connection-Reply is sent twice.
            StartReplyTwice = "start-reply-twice", BOTH, [Sccrp001], Suite, [];
            /// Start-Control-Connection-Reply carries version 0x0200.
            StartReplyHighVersion = "start-reply-high-version", BOTH, [Sccrp002, Cc016], Suite, [];
            /// Successful replies have Error Code 3.
            ErrorCodeWithoutResult = "error-code-without-result", BOTH, [Sccrp004, Ocrp005], Suite, [];
            /// A connection whose start exchange never comes is kept for ever.
            StartNeverTimesOut = "start-never-times-out", BOTH, [Ka001, Ka002, Cc029], Suite, [];
            /// A start reply with Result 0 counts as success.
            AcceptsStartResult0 = "accepts-start-result-0", BOTH, [Cc007], Suite, ["KB-26"];
            /// A start reply counts as success whatever its Result Code.
            RefusedStartTakenForSuccess = "refused-start-taken-for-success", BOTH, [Cc007], Suite, [];
            /// The version of a start request is not looked at.
            AcceptsAnyVersion = "accepts-any-version", BOTH, [Cc013, Cc015, Sccrp016], Suite, [];
            /// Start-Control-Connection-Request is sent twice.
            StartRequestTwice = "start-request-twice", BOTH, [Sccrq012], Suite, [];
            /// Protocol Version has its octets swapped.
            VersionByteOrder = "version-byte-order", BOTH, [Sccrq002, Sccrp002, Tr006], Suite, [];
            /// An undefined bit of both capability fields is set.
            UndefinedCapabilities = "undefined-capabilities", BOTH, [Sccrq004, Sccrq005, Sccrp006, Sccrp007], Suite, [];
            /// A PNS says 64 in Maximum Channels.
            MaximumChannelsOfPns = "maximum-channels-of-pns", PNS, [Sccrq006, Sccrp008], Suite, [];
            /// The last octet of Host Name is left over from something else.
            HostNameNotZeroFilled = "host-name-not-zero-filled", BOTH, [Sccrq010, Sccrp012], Suite, [];
            /// While one client is silent after its TCP open, no other is read.
            AcceptBlocksOnSilentClient = "accept-blocks-on-silent-client", PAC, [Sccrp001, Cc021], Suite, ["KB-09"];
            /// A second control connection of a pair is closed without a Start-Control-Connection-Reply.
            SecondConnectionClosedUnanswered = "second-connection-closed-unanswered", BOTH, [Sccrp014, Sccrp001], Suite, ["KB-24"];
            /// A TCP connection that is refused is waited for for ever.
            RefusedConnectHangs = "refused-connect-hangs", BOTH, [Tr008, Cc001, Cc021], Suite, ["KB-34"];
        }
        }
    };
}
