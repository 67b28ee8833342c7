//! Known bugs of user data in GRE, and of the incoming call that a duplicate restarts.

use super::{KnownBug, bug, not_played};

/// KB-40 to KB-64, and KB-87.
#[rustfmt::skip]
pub const DATA_BUGS: &[KnownBug] = &[
    bug("KB-40", "accel-pptp driver 0.8.4, Linux 3.0, pptp-linux before 809f040 (2001)", "A first packet numbered 0 was dropped as old."),
    bug("KB-41", "pptp-linux since 8b552c1 (2002-08), Linux kernel", "The first packet is numbered 1."),
    bug("KB-42", "poptop 1.3.4 to 1.4.0", "A packet numbered 1 counts as in order at any time: a late one is passed on again, and acknowledgments go back."),
    bug("KB-43", "poptop 1.3.0 to 1.3.3", "Late packets were the ones that were queued, with the counter set back; and what was queued went to the wrong side, back to the peer."),
    bug("KB-44", "poptop snapshot 3db1607 (2005-07)", "Every data packet was dropped as truncated, while the control connection was perfect."),
    bug("KB-45", "poptop before f9f1763 (2007)", "A duplicate of a packet already held corrupted the queue."),
    bug("KB-46", "pptp-linux before 9a14d1b (2003-03)", "A packet that was held for an earlier one was passed on with uninitialised octets."),
    bug("KB-47", "pptp-linux before 15c0d0b (2003-01)", "After a gap only one held packet was passed on for each packet that arrived."),
    bug("KB-48", "pptp-linux before cb6825e (2002-08), poptop 1.4.0", "Held packets were given up only when another packet came: a gap at the tail of a burst stuck for ever."),
    bug("KB-49", "pptp-linux before df45680 (2016)", "A number more than 300 ahead was taken for forged, for ever."),
    bug("KB-50", "pptp-linux before 809f040 (2001-04), poptop, Linux kernel", "The wrap of sequence numbers was seen never, or only where both numbers lay within 256 of it."),
    bug("KB-51", "pptp-linux before 9f50325 (2003-02)", "Received acknowledgment numbers were used without a change of byte order."),
    bug("KB-52", "poptop before 3173000 (2005-12), npppd", "0xFFFFFFFF was acknowledged before any data had come."),
    bug("KB-53", "npppd", "A packet whose acknowledgment went back, or named a number that was never sent, lost its payload."),
    bug("KB-54", "npppd, Linux kernel, ipxbox, pptp-linux", "Acknowledgments went alone only beyond half a window, or never; a first packet numbered 0 was never acknowledged by itself."),
    not_played("KB-55", "pptp-linux before 804d34c (2003)", "Up to two packets in five were acknowledgments alone.",
        "RFC 2637 allows it (§4.2.5, ACK-006): the profile field acknowledges-at-once=1 does the same, and no check may call it wrong."),
    bug("KB-56", "poptop, pptp-linux, Linux kernel, npppd, Windows, mpd since 4ab3f97 (2007)", "The peer's window is not looked at."),
    bug("KB-57", "Linux kernel, ipxbox", "Late LCP echoes are let through, octets after the payload go to PPP, and an equal number is no duplicate."),
    bug("KB-58", "pptp-linux before 2ba8eb6 (2005-07), ipxbox before 23f5fe2 (2021)", "The Call ID of received packets was not compared; or the whole key was, so that Payload Length made each packet another session's."),
    bug("KB-59", "Windows 9x, as ipxbox 2828f71 (2021) saw it", "Payloads came without a Sequence Number."),
    bug("KB-60", "ipxbox before 32b01ff (2021)", "An acknowledgment alone was handed on as an empty frame, which ended the session."),
    bug("KB-61", "poptop before d6fce20 (2013), pptp-linux before e3ad557 (2006)", "A passing error of sending ended the tunnel; after the repair it left a hole in the numbers."),
    not_played("KB-62", "Linux kernel before 84bef5b6 (2023)", "The route of GRE was looked up with unrelated memory, so that packets could leave from another address than the control connection.",
        "An endpoint has one address, and where its packets leave is not its own to say: a scripted node plays it by sending GRE from a second address."),
    bug("KB-63", "ipxbox before b17cc61 (2021)", "The end of the control connection left the PPP session running, and the end of PPP the control connection."),
    bug("KB-64", "mpd before cb7ac2f (2007)", "The index of a call had 8 bits: beyond 256 calls it wrapped."),
    bug("KB-87", "Windows 7 to Server 2022 (CVE-2022-23253)", "A second Incoming-Call-Connected was taken like the first: a null pointer in the kernel."),
];
