//! Any octets, read by the field tables and by the structs.

#![no_main]
#![forbid(unsafe_code)]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| pptp_wire::fuzzing::field_tables(octets));
