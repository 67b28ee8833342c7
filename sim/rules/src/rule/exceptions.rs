//! Requirements that can be seen in principle and that no rule here judges, with the reason.

use pptp_wire::Requirement::{self, *};

/// Requirements marked as passively observable that no rule judges, and why.
pub const EXCEPTIONS: &[(Requirement, &str)] = &[
    (
        Tr001,
        "an observation has no TCP ports: the feeder finds control connections by theirs",
    ),
    (Tr015, "whether a tunnel is voluntary is not to be seen"),
    (
        Hdr013,
        "a value that is shifted shows as whatever else it breaks: there is no witness of its own",
    ),
    (
        Gre014,
        "a number at the wrong offset is some other number: there is no witness of its own",
    ),
    (Ppp005, "PPP has rules of its own (RFC 1661)"),
    (
        Sec003,
        "whether user data should be encrypted is PPP's business",
    ),
];
