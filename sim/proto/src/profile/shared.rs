//! One profile for many endpoints.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use super::Profile;

/// A profile that endpoints share until one of them changes it: a clone costs a pointer, and the first change through [`DerefMut`]
/// makes the changer a copy of its own. Thousands of equal endpoints then read the same few lines of memory.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SharedProfile(Arc<Profile>);

impl From<Profile> for SharedProfile {
    fn from(profile: Profile) -> SharedProfile {
        SharedProfile(Arc::new(profile))
    }
}

impl Deref for SharedProfile {
    type Target = Profile;

    #[inline]
    fn deref(&self) -> &Profile {
        &self.0
    }
}

impl DerefMut for SharedProfile {
    fn deref_mut(&mut self) -> &mut Profile {
        Arc::make_mut(&mut self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_its_makers_alone() {
        let one = SharedProfile::from(Profile::RFC);
        let mut other = one.clone();
        assert!(Arc::ptr_eq(&one.0, &other.0));
        other.packet_recv_window_size = 7;
        assert_eq!(one, SharedProfile::from(Profile::RFC));
        assert_ne!(one, other);
    }
}
