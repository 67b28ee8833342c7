//! pptp-harness
