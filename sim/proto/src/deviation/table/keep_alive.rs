//! Keep-alive (RFC 2637 §2.5, §2.6, §3.1.4).

macro_rules! keep_alive_deviations {
    ([$($next:ident)*] $($before:tt)*) => {
        deviations! { [$($next)*] $($before)*
        area KeepAlive {
            /// Identifier of Echo-Reply is one more than that of the request.
            EchoWrongIdentifier = "echo-wrong-identifier", BOTH, [Ecrp002], Suite, ["KB-38"];
            /// Echo-Requests are not answered.
            NeverEchoReply = "never-echo-reply", BOTH, [Ecrp001], Suite, [];
            /// No Echo-Request is sent, however long the silence.
            NeverEchoRequest = "never-echo-request", BOTH, [Ka003], Suite, [];
            /// A missing Echo-Reply does not end the connection.
            EchoLossNotDetected = "echo-loss-not-detected", BOTH, [Ka004, Cc029], Suite, ["KB-37"];
            /// The wait for an Echo-Reply is 5 s.
            EchoReplyWaitShort = "echo-reply-wait-short", BOTH, [Ka004], Suite, ["KB-35"];
            /// GRE packets count as control messages for the idle timer.
            DataFeedsIdleTimer = "data-feeds-idle-timer", BOTH, [Ka003], Suite, ["KB-36"];
            /// An Echo-Reply is sent behind every own Echo-Request.
            EchoUnaskedReply = "echo-unasked-reply", BOTH, [Ecrp006], Suite, [];
            /// Any Echo-Reply counts, whatever its Identifier.
            EchoIdentifierNotCompared = "echo-identifier-not-compared", BOTH, [Ecrq002, Ka004, Ka005, Cc029], Suite, ["KB-38"];
            /// Echo-Requests go out every idle time, whatever was received in between.
            EchoIgnoresReceivedTraffic = "echo-ignores-received-traffic", BOTH, [Ka006], Suite, ["KB-39"];
            /// Echo-Reply is sent twice.
            EchoReplyTwice = "echo-reply-twice", BOTH, [Ecrp001, Ecrp006], Suite, [];
            /// Echo-Reply has Result 0.
            EchoReply0 = "echo-reply-0", BOTH, [Ecrp003], Suite, [];
            /// When two Echo-Requests have crossed, the reply stops keep-alive until another message comes.
            EchoCrossingStopsKeepAlive = "echo-crossing-stops-keep-alive", BOTH, [Ka003, Ka004, Cc029], Sweep, ["KB-39"];
        }
        }
    };
}
