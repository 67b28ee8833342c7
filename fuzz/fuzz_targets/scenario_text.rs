//! Any text as a scenario file.

#![no_main]
#![forbid(unsafe_code)]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| pptp_harness::fuzzing::scenario_text(octets));
