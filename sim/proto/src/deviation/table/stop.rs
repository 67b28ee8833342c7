//! The end of a control connection (RFC 2637 §2.3, §2.4, §3.1.1, §3.1.2).

macro_rules! stop_deviations {
    ([$($next:ident)*] $($before:tt)*) => {
        deviations! { [$($next)*] $($before)*
        area Stop {
            /// A stop request is answered by closing TCP, without Stop-Control-Connection-Reply.
            NeverStopReply = "never-stop-reply", BOTH, [Cc009, Cc018], Suite, [];
            /// Stop-Control-Connection-Reply is sent and TCP stays open.
            StopReplyKeepsTcp = "stop-reply-keeps-tcp", BOTH, [Cc009, Cc018], Suite, [];
            /// Stop-Control-Connection-Request has Reason 0.
            StopReason0 = "stop-reason-0", BOTH, [Stcrq002], Suite, [];
            /// The control connection is ended by closing TCP, without Stop-Control-Connection-Request.
            CloseWithoutStop = "close-without-stop", BOTH, [Cc008, Cc017], Suite, ["KB-33"];
            /// The peer's FIN ends neither connection nor calls.
            IgnoresPeerClose = "ignores-peer-close", BOTH, [Tr008], Suite, ["KB-11"];
            /// Data of calls goes on after the connection has ended.
            CallsSurviveStop = "calls-survive-stop", BOTH, [Stcrq005, Call008], Suite, ["KB-63"];
            /// A stop request has no effect.
            StopRequestIgnored = "stop-request-ignored", BOTH, [Cc009, Cc018, Cc011], Suite, [];
            /// A stop reply is waited for for ever.
            StopNeverTimesOut = "stop-never-times-out", BOTH, [Cc029], Suite, [];
            /// Stop-Control-Connection-Reply has Result 0.
            StopReply0 = "stop-reply-0", BOTH, [Stcrp002], Suite, [];
            /// A Stop-Control-Connection-Reply goes behind the own request.
            StopReplyUnasked = "stop-reply-unasked", BOTH, [Stcrp001], Suite, [];
            /// Every stop says that the version cannot be supported.
            StopReason2 = "stop-reason-2", BOTH, [Stcrq003], Suite, [];
            /// An Echo-Request goes behind the own stop request.
            EchoWhileStopping = "echo-while-stopping", BOTH, [Cc012], Suite, [];
            /// TCP stays open after a stop reply has come.
            StopReplyReceivedKeepsTcp = "stop-reply-received-keeps-tcp", BOTH, [Cc010, Cc019], Suite, [];
            /// The connection is reset right behind the stop reply.
            ResetsAfterStopReply = "resets-after-stop-reply", BOTH, [Tr014], Suite, [];
            /// Data of calls goes on after a reset of the connection.
            CallsSurviveReset = "calls-survive-reset", BOTH, [Tr008, Stcrq005, Call008], Suite, ["KB-10"];
        }
        }
    };
}
