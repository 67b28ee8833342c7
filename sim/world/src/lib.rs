//! pptp-world
