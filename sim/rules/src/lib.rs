//! pptp-rules
