//! An endpoint whose peers, user and time do anything.

#![no_main]
#![forbid(unsafe_code)]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| pptp_proto::fuzzing::endpoint(octets));
