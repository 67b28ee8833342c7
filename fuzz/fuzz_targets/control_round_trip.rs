//! Any values in a control message of any type, there and back.

#![no_main]
#![forbid(unsafe_code)]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| pptp_wire::fuzzing::control_round_trip(octets));
