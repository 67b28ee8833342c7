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
            CallsSurviveStop = "calls-survive-stop", BOTH, [Stcrq005, Call008], Suite, ["KB-10"];
        }
        }
    };
}
