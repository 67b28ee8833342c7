//! A stream and packets, read in segments and at once, by views and by structs.

#![no_main]
#![forbid(unsafe_code)]

libfuzzer_sys::fuzz_target!(|input: pptp_wire::fuzzing::Differential| {
    pptp_wire::fuzzing::differential(&input)
});
