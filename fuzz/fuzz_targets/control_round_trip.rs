//! Any values in a control message of any type, there and back.

#![no_main]
#![forbid(unsafe_code)]

libfuzzer_sys::fuzz_target!(|message: pptp_wire::ControlMessage| {
    pptp_wire::fuzzing::control_round_trip(&message)
});
