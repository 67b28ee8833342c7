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
            MaxLengthOffByOne = "max-length-off-by-one", PNS, [Hdr003, Icrq001], Suite, ["KB-03"];
            /// What one read brings is taken for one message.
            OneReadIsOneMessage = "one-read-is-one-message", BOTH, [Tr007], Suite, ["KB-05"];
            /// An Outgoing-Call-Request with fields out of range succeeds.
            AcceptsBadValues = "accepts-bad-values", PAC, [Paco001], Suite, [];
            /// Reserved0 of Echo-Request is 1.
            ReservedNotZero = "reserved-not-zero", BOTH, [Hdr011, Hdr012], Suite, ["KB-07"];
            /// A message of Length 0 is never left behind: nothing after it is read.
            Length0ConsumesNothing = "length-0-consumes-nothing", BOTH, [Hdr009, Hdr014, Hdr015], Suite, ["KB-01"];
            /// What is written in one go beyond 100 octets is lost.
            UnsentTailDropped = "unsent-tail-dropped", BOTH, [Ecrp001, Sccrp001, Ocrp001, Cclr005], Suite, ["KB-02"];
            /// A connection whose first segment is shorter than a header is reset.
            NeedsHeaderInFirstSegment = "needs-header-in-first-segment", BOTH, [Tr007, Tr003], Suite, ["KB-04"];
            /// Fields that a short message lacks are those of the message before it.
            ShortBodyUsesStaleBuffer = "short-body-uses-stale-buffer", BOTH, [Hdr014], Suite, ["KB-06"];
            /// After octets that are no message the stream is searched for the next Magic Cookie.
            ResynchronisesOnCookie = "resynchronises-on-cookie", BOTH, [Hdr008, Hdr009], Suite, ["KB-08"];
            /// Of a WAN-Error-Notify the header alone is read, and the rest taken for the next message.
            LosesStepOnWanErrorNotify = "loses-step-on-wan-error-notify", PNS, [Tr007, Hdr002, Ecrp001, Pnsi005, Pnso005], Suite, ["KB-33"];
            /// A PPTP Message Type of 2 is not looked at.
            AcceptsManagementMessages = "accepts-management-messages", BOTH, [Hdr004, Hdr005, Hdr014], Suite, [];
            /// Reserved1 is 1 in every message that has it.
            Reserved1NotZero = "reserved1-not-zero", BOTH, [Hdr012, Sccrq003, Stcrq004, Stcrp004, Ecrp005, Ocrq011, Icrp008, Iccn003, Cclr003, Cdn008, Wen007, Sli003], Suite, [];
            /// The Magic Cookie has its octets reversed.
            CookieByteOrder = "cookie-byte-order", BOTH, [Hdr006, Tr006], Suite, [];
            /// PPTP Message Type is 2.
            SendsManagementType = "sends-management-type", BOTH, [Hdr004, Hdr005], Suite, [];
            /// Length counts the octets after the header alone.
            LengthWithoutHeader = "length-without-header", BOTH, [Hdr002, Hdr003], Suite, [];
        }
        }
    };
}
