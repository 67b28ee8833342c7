//! An endpoint whose peers, user and time do anything.

#![no_main]
#![forbid(unsafe_code)]

libfuzzer_sys::fuzz_target!(|plan: pptp_proto::fuzzing::Plan| pptp_proto::fuzzing::endpoint(&plan));
