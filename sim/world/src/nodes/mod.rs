//! The kinds of nodes that come with the world.

mod auto;
mod scripted;

pub use scripted::{ScriptedConfig, ScriptedNode};
