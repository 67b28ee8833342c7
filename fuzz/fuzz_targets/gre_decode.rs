//! One GRE packet from any octets, with what it carries.

#![no_main]
#![forbid(unsafe_code)]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| pptp_wire::fuzzing::gre_decode(octets));
