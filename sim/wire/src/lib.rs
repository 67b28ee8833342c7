//! pptp-wire
