//! How the octet stream and the fields of its messages are read (RFC 2637 §1.4, §2).

macro_rules! framing_deviations {
    ([$($next:ident)*] $($before:tt)*) => {
        deviations! { [$($next)*] $($before)*
        area Framing {
            /// The Magic Cookie is not compared.
            AcceptsAnyCookie = "accepts-any-cookie", BOTH, [Hdr007, Hdr009], Suite, ["KB-13"];
            /// Octets after a message are accepted, missing ones are read as zero.
            AcceptsAnyLength = "accepts-any-length", BOTH, [Hdr014], Suite, ["KB-06"];
            /// An unknown Control Message Type has no effect.
            IgnoresUnknownType = "ignores-unknown-type", BOTH, [Hdr014, Hdr015], Suite, [];
            /// A message of 220 octets, the longest there is, is refused.
            MaxLengthOffByOne = "max-length-off-by-one", BOTH, [Hdr003, Icrq001], Suite, ["KB-03"];
            /// What one read brings is taken for one message.
            OneReadIsOneMessage = "one-read-is-one-message", BOTH, [Tr007], Suite, ["KB-05"];
            /// An Outgoing-Call-Request with fields out of range succeeds.
            AcceptsBadValues = "accepts-bad-values", PAC, [Paco001], Suite, [];
            /// Reserved0 of Echo-Request is 1.
            ReservedNotZero = "reserved-not-zero", BOTH, [Hdr011, Hdr012], Suite, ["KB-07"];
        }
        }
    };
}
