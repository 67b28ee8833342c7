//! One control message from any octets.

#![no_main]
#![forbid(unsafe_code)]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| pptp_wire::fuzzing::control_decode(octets));
