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
        }
        }
    };
}
