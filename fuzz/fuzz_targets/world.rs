//! A network that does anything it likes to correct endpoints.

#![no_main]
#![forbid(unsafe_code)]

libfuzzer_sys::fuzz_target!(|plan: pptp_world::fuzzing::Plan| pptp_world::fuzzing::world(&plan));
