//! A network that does anything it likes to correct endpoints.

#![no_main]
#![forbid(unsafe_code)]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| pptp_world::fuzzing::world(octets));
