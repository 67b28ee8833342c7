//! The command `pptp-sim`.

#![forbid(unsafe_code)]

use std::process::ExitCode;

fn main() -> ExitCode {
    pptp_harness::cli::main()
}
