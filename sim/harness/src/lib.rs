//! pptp-harness

#![forbid(unsafe_code)]

pub mod author;
pub mod capture;
pub mod cli;
pub mod decode;
pub mod diagram;
pub mod fuzzing;
pub mod goldens;
pub mod interop;
pub mod kdl_table;
pub mod path;
pub mod register;
pub mod run;
pub mod scenario;
pub mod suite;
pub mod sweep;
pub mod transcript;
pub mod turmoil_world;
pub mod verify;
