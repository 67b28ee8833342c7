//! Any octets as a capture, decoded and shown.

#![no_main]
#![forbid(unsafe_code)]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| pptp_harness::fuzzing::capture_reader(octets));
