//! The command `pptp-sim` as a process: what it prints, what it leaves behind, what it ends with.

mod artifact;
mod author;
mod common;
mod coverage;
mod determinism;
mod diagrams;
mod files;
mod formats;
mod goldens;
mod hostile;
mod lists;
mod pipes;
mod requirements;
mod sets;
mod stated_rates;
mod sut;
mod swarm;
mod sweep;
mod usage;
mod verify;
