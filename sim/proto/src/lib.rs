//! pptp-proto
