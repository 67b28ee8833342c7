//! A whole link: both planes, both directions.

use super::{ControlImpairments, ControlPath, GreImpairments, GrePath, LinkError};
use crate::luck::{Direction, LuckSource, PathName, Plane};
use crate::tape::TapeDeck;
use std::sync::Arc;

/// What a link does, each pair forward first.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct LinkConfig {
    /// The control plane.
    pub control: [ControlImpairments; 2],
    /// The GRE plane.
    pub gre: [GreImpairments; 2],
}

/// The four paths of a link. Those of the GRE plane lie apart: so the control planes of many idle links lie together.
#[derive(Debug)]
pub struct Link {
    control: [ControlPath; 2],
    gre: Box<[GrePath; 2]>,
}

impl Link {
    /// Opens the four paths of the link called `name` (which no other link of the world has) and puts their impairments in
    /// force.
    ///
    /// # Errors
    /// Impairments that cannot be carried out; a name that is taken, or that a tape which is played does not know.
    pub fn open(
        name: &str,
        config: &LinkConfig,
        source: &Arc<dyn LuckSource>,
        deck: &mut TapeDeck,
    ) -> Result<Link, LinkError> {
        let path = |direction, plane| PathName::new(name, direction, plane);
        let mut control = |direction: Direction| -> Result<ControlPath, LinkError> {
            let name = path(direction, Plane::Control);
            let mut opened = ControlPath::open(name, Arc::clone(source), deck)?;
            opened.impair(config.control[direction.index()].clone())?;
            Ok(opened)
        };
        let control = [control(Direction::Forward)?, control(Direction::Backward)?];
        let mut gre = |direction: Direction| -> Result<GrePath, LinkError> {
            let name = path(direction, Plane::Gre);
            let mut opened = GrePath::open(name, Arc::clone(source), deck)?;
            opened.impair(config.gre[direction.index()])?;
            Ok(opened)
        };
        let gre = Box::new([gre(Direction::Forward)?, gre(Direction::Backward)?]);
        Ok(Link { control, gre })
    }

    /// One direction of the control plane.
    pub fn control(&mut self, direction: Direction) -> &mut ControlPath {
        &mut self.control[direction.index()]
    }

    /// One direction of the control plane, to look at.
    pub fn control_ref(&self, direction: Direction) -> &ControlPath {
        &self.control[direction.index()]
    }

    /// One direction of the GRE plane.
    pub fn gre(&mut self, direction: Direction) -> &mut GrePath {
        &mut self.gre[direction.index()]
    }

    /// One direction of the GRE plane, to look at.
    pub fn gre_ref(&self, direction: Direction) -> &GrePath {
        &self.gre[direction.index()]
    }
}
