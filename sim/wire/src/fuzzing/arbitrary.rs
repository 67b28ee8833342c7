//! What octets choose, as the crate `arbitrary` asks for it: one reading for fuzz targets, replayed corpora and tools.

use super::{Choice, Choices};
pub use arbitrary::{Arbitrary, Result, Unstructured};

/// The value that the next octets choose; takes the octets that it is read from, and no more.
///
/// # Errors
/// Never: what is missing counts as zero.
pub fn next<T: Choice>(octets: &mut Unstructured<'_>) -> Result<T> {
    let all = octets.peek_bytes(octets.len()).unwrap_or_default();
    let mut choices = Choices::new(all);
    let value = T::read(&mut choices);
    let used = all.len() - choices.rest().len();
    octets.bytes(used)?;
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::{Arbitrary, Choice, Choices, Unstructured};
    use crate::fuzzing::{ForgedMessage, ForgedPacket};
    use crate::{ControlMessage, GreHeader};
    use proptest::prelude::*;

    /// Two values from the same octets, once by [`Choices`], once by [`Unstructured`].
    fn both<T: Choice + for<'a> Arbitrary<'a>>(octets: &[u8]) -> [(T, T); 2] {
        let mut choices = Choices::new(octets);
        let mut unstructured = Unstructured::new(octets);
        let mut next = || {
            let arbitrary = T::arbitrary(&mut unstructured).expect("missing octets count as zero");
            (T::read(&mut choices), arbitrary)
        };
        [next(), next()]
    }

    proptest! {
        #[test]
        fn both_readers_choose_the_same(octets in proptest::collection::vec(any::<u8>(), 0..500)) {
            for (one, other) in both::<ForgedMessage>(&octets) {
                prop_assert_eq!(one, other);
            }
            for (one, other) in both::<ForgedPacket>(&octets) {
                prop_assert_eq!(one, other);
            }
            for (one, other) in both::<ControlMessage>(&octets) {
                prop_assert_eq!(one, other);
            }
            for (one, other) in both::<GreHeader>(&octets) {
                prop_assert_eq!(one, other);
            }
        }
    }
}
