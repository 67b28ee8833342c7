//! The kinds of nodes that come with the world.

mod auto;
mod endpoint;
mod scripted;

pub use endpoint::EndpointNode;
pub use scripted::{ScriptedConfig, ScriptedNode};
