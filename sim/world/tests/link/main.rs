//! The link model from outside: what becomes of packets and octets.

mod control;
mod independence;
mod models;
mod replay;
mod stages;
mod support;
mod targeted;
