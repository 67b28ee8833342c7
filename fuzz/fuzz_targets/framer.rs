//! A TCP stream of any octets, cut anywhere.

#![no_main]
#![forbid(unsafe_code)]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| pptp_wire::fuzzing::framer(octets));
