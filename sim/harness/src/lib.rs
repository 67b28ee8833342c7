//! Scenarios, runs, captures, the conformance suite, and the command `pptp-sim`: the one crate that knows text, files and tokio.
//!
//! A scenario file becomes a typed scenario ([`scenario`]), is played on a world ([`run`] on the event world, [`turmoil_world`]) and
//! read as a [`transcript`] or a [`diagram`]. [`suite`] plays many, also against somebody else's implementation; [`sweep`] plays them
//! over ranges of seeds, and [`coverage`] says what runs came to; [`interop`] plays profiles against each other; [`planned`] makes
//! scenarios of what a seed or a fuzzer chose, and [`artifact`] tells what a fuzz target was given. A [`capture`] is shown
//! ([`decode`]), judged ([`verify`], with what the network did told by [`path`]) or made a scenario ([`author`]); [`goldens`] holds
//! decoders against captures of runs. [`register`] has the requirements, [`kdl_table`] reads the tables beside the scenarios, and
//! [`cli`] is a thin shell over all of them.

#![forbid(unsafe_code)]

pub mod artifact;
pub mod author;
pub mod capture;
pub mod cli;
pub mod coverage;
pub mod decode;
pub mod diagram;
pub mod fuzzing;
pub mod goldens;
pub mod interop;
pub mod kdl_table;
pub mod path;
pub mod planned;
pub mod register;
pub mod run;
pub mod scenario;
pub mod shrink;
pub mod suite;
pub mod swarm;
pub mod sweep;
pub mod transcript;
pub mod turmoil_world;
pub mod verify;
