//! Both ends open a control connection at once (RFC 2637 §3.1.3).

macro_rules! collision_deviations {
    ([$($next:ident)*] $($before:tt)*) => {
        deviations! { [$($next)*] $($before)*
        area Collision {
            /// The loser of a collision keeps its own connection.
            CollisionBothKept = "collision-both-kept", BOTH, [Cc024, Tr012], Suite, [];
            /// The lower address wins a collision.
            CollisionLowerWins = "collision-lower-wins", BOTH, [Cc023], Suite, [];
            /// Addresses are compared as signed numbers in a collision.
            CollisionSignedCompare = "collision-signed-compare", BOTH, [Cc023], Suite, [];
            /// The winner of a collision answers on the loser's connection.
            CollisionWinnerAnswers = "collision-winner-answers", BOTH, [Cc028], Suite, [];
            /// The loser does not answer on the winner's connection.
            CollisionLoserSilent = "collision-loser-silent", BOTH, [Cc026], Suite, [];
            /// The loser sends Stop-Control-Connection-Request on its own connection.
            CollisionLoserStops = "collision-loser-stops", BOTH, [Cc025], Suite, [];
            /// Addresses are compared last octet foremost.
            CollisionOctetsReversed = "collision-octets-reversed", BOTH, [Cc023], Suite, [];
            /// The winner closes the loser's connection.
            CollisionWinnerCloses = "collision-winner-closes", BOTH, [Cc027], Suite, [];
            /// Whether there is a collision is decided when the first octets of the other's request come, not when the request is whole.
            CollisionDecidedAtFirstOctets = "collision-decided-at-first-octets", BOTH, [Cc024, Cc027, Cc028, Tr012], Sweep, [];
        }
        }
    };
}
