//! What nothing can find.

macro_rules! canary_deviations {
    ([$($next:ident)*] $($before:tt)*) => {
        deviations! { [$($next)*] $($before)*
        area Nowhere {
            /// Counts the control messages that it sends, and tells nobody: whoever reports this one as caught is wrong.
            Canary = "canary", BOTH, [], Nothing, [];
        }
        }
    };
}
