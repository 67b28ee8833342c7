//! Types that a fuzzer's octets choose, and that can be written as such octets.

use super::Choices;
use alloc::vec::Vec;

/// A type whose values a fuzzer can choose. What [`Choice::write`] writes, [`Choice::read`] reads as the same value, so seeds of a
/// corpus are made from values. [`choice!`](crate::choice) derives it.
pub trait Choice: Sized {
    /// The value that the next octets choose.
    fn read(choices: &mut Choices<'_>) -> Self;

    /// Appends octets that choose this value.
    fn write(&self, octets: &mut Vec<u8>);
}

/// The value that these octets choose.
pub fn chosen<T: Choice>(octets: &[u8]) -> T {
    T::read(&mut Choices::new(octets))
}

/// Octets that choose this value.
pub fn written(value: &impl Choice) -> Vec<u8> {
    let mut octets = Vec::new();
    value.write(&mut octets);
    octets
}

macro_rules! numbers {
    ($($type:ty: $read:ident)*) => {
        $(impl Choice for $type {
            fn read(choices: &mut Choices<'_>) -> Self {
                choices.$read()
            }

            fn write(&self, octets: &mut Vec<u8>) {
                octets.extend_from_slice(&self.to_be_bytes());
            }
        })*
    };
}

numbers! {
    u8: octet
    u16: word
    u32: double_word
    u64: quad_word
}

impl Choice for bool {
    fn read(choices: &mut Choices<'_>) -> Self {
        choices.flag()
    }

    fn write(&self, octets: &mut Vec<u8>) {
        octets.push(u8::from(*self));
    }
}

impl<T: Choice> Choice for Option<T> {
    fn read(choices: &mut Choices<'_>) -> Self {
        choices.flag().then(|| T::read(choices))
    }

    fn write(&self, octets: &mut Vec<u8>) {
        self.is_some().write(octets);
        if let Some(value) = self {
            value.write(octets);
        }
    }
}

/// Two octets say how many; there are no more than the octets go round for, and written are no more than two octets can say.
impl<T: Choice> Choice for Vec<T> {
    fn read(choices: &mut Choices<'_>) -> Self {
        let mut values = Vec::new();
        for _ in 0..choices.word() {
            if choices.is_exhausted() {
                break;
            }
            values.push(T::read(choices));
        }
        values
    }

    fn write(&self, octets: &mut Vec<u8>) {
        let count = u16::try_from(self.len()).unwrap_or(u16::MAX);
        count.write(octets);
        for value in &self[..count.into()] {
            value.write(octets);
        }
    }
}

impl<T: Choice, const N: usize> Choice for [T; N] {
    fn read(choices: &mut Choices<'_>) -> Self {
        core::array::from_fn(|_| T::read(choices))
    }

    fn write(&self, octets: &mut Vec<u8>) {
        for value in self {
            value.write(octets);
        }
    }
}

/// Declares a structure, or an enumeration of structures, and implements [`Choice`](crate::fuzzing::Choice) for it: field by field
/// in the order of the text, an enumeration's variant by one octet before its fields.
///
/// ```
/// use pptp_wire::fuzzing::{Choice, Choices};
///
/// pptp_wire::choice! {
///     /// A step.
///     pub enum Step {
///         /// Time passes.
///         Wait {
///             /// How much.
///             milliseconds: u16,
///         },
///         /// It is over.
///         End {},
///     }
/// }
///
/// let step = Step::read(&mut Choices::new(&[0, 1, 2]));
/// assert_eq!(step, Step::Wait { milliseconds: 0x0102 });
/// ```
#[macro_export]
macro_rules! choice {
    (
        $(#[$about:meta])*
        pub struct $name:ident {
            $($(#[$about_field:meta])* $field:ident: $type:ty,)*
        }
    ) => {
        $(#[$about])*
        #[derive(Clone, Debug, Eq, PartialEq)]
        pub struct $name {
            $($(#[$about_field])* pub $field: $type,)*
        }

        impl $crate::fuzzing::Choice for $name {
            fn read(choices: &mut $crate::fuzzing::Choices<'_>) -> Self {
                Self {
                    $($field: $crate::fuzzing::Choice::read(choices),)*
                }
            }

            fn write(&self, octets: &mut $crate::fuzzing::Octets) {
                $($crate::fuzzing::Choice::write(&self.$field, octets);)*
            }
        }

        $crate::arbitrary_by_choice!($name);
    };
    (
        $(#[$about:meta])*
        pub enum $name:ident {
            $($(#[$about_variant:meta])* $variant:ident { $($(#[$about_field:meta])* $field:ident: $type:ty,)* },)*
        }
    ) => {
        $(#[$about])*
        #[derive(Clone, Debug, Eq, PartialEq)]
        pub enum $name {
            $($(#[$about_variant])* $variant { $($(#[$about_field])* $field: $type,)* },)*
        }

        impl $crate::fuzzing::Choice for $name {
            fn read(choices: &mut $crate::fuzzing::Choices<'_>) -> Self {
                const NAMES: &[&str] = &[$(stringify!($variant)),*];
                let chosen = NAMES[choices.below(NAMES.len() as u32) as usize];
                $(if chosen == stringify!($variant) {
                    return Self::$variant { $($field: $crate::fuzzing::Choice::read(choices),)* };
                })*
                unreachable!("one of the names is chosen")
            }

            fn write(&self, octets: &mut $crate::fuzzing::Octets) {
                const NAMES: &[&str] = &[$(stringify!($variant)),*];
                let (name, fields) = match self {
                    $(Self::$variant { $($field),* } => {
                        #[allow(unused_mut)]
                        let mut fields = $crate::fuzzing::Octets::new();
                        $($crate::fuzzing::Choice::write($field, &mut fields);)*
                        (stringify!($variant), fields)
                    })*
                };
                octets.extend(NAMES.iter().position(|known| *known == name).map(|number| number as u8));
                octets.extend(fields);
            }
        }

        $crate::arbitrary_by_choice!($name);
    };
}

/// Implements [`arbitrary::Arbitrary`] for a type by its [`Choice`], where the feature `arbitrary` is on; else nothing.
#[cfg(any(test, feature = "arbitrary"))]
#[macro_export]
macro_rules! arbitrary_by_choice {
    ($name:ident) => {
        impl<'a> $crate::fuzzing::arbitrary::Arbitrary<'a> for $name {
            fn arbitrary(
                octets: &mut $crate::fuzzing::arbitrary::Unstructured<'a>,
            ) -> $crate::fuzzing::arbitrary::Result<Self> {
                $crate::fuzzing::arbitrary::next(octets)
            }
        }
    };
}

/// Implements `arbitrary::Arbitrary` for a type by its [`Choice`], where the feature `arbitrary` is on; else nothing.
#[cfg(not(any(test, feature = "arbitrary")))]
#[macro_export]
macro_rules! arbitrary_by_choice {
    ($name:ident) => {};
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    crate::choice! {
        /// Every kind of field.
        pub struct Mixture {
            /// A number.
            number: u16,
            /// Another.
            wide: u64,
            /// Perhaps one.
            optional: Option<u32>,
            /// Several.
            steps: Vec<Step>,
            /// Two.
            pair: [bool; 2],
        }
    }

    crate::choice! {
        /// Some step.
        pub enum Step {
            /// Without anything.
            Empty {},
            /// With something.
            Full {
                /// Octets.
                octets: Vec<u8>,
            },
        }
    }

    #[test]
    fn values_stand_in_the_octets_in_the_order_of_the_text() {
        let mixture = Mixture {
            number: 0x0102,
            wide: 3,
            optional: Some(4),
            steps: vec![Step::Empty {}, Step::Full { octets: vec![5, 6] }],
            pair: [true, false],
        };
        let octets = [
            1, 2, 0, 0, 0, 0, 0, 0, 0, 3, 1, 0, 0, 0, 4, 0, 2, 0, 1, 0, 2, 5, 6, 1, 0,
        ];
        assert_eq!(written(&mixture), octets);
        assert_eq!(Mixture::read(&mut Choices::new(&octets)), mixture);
    }

    #[test]
    fn a_list_ends_with_the_octets() {
        let endless = [0xFF, 0xFF, 0, 0, 1];
        assert_eq!(
            Vec::<Step>::read(&mut Choices::new(&endless)),
            [
                Step::Empty {},
                Step::Empty {},
                Step::Full { octets: Vec::new() }
            ]
        );
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_as_the_same(octets in proptest::collection::vec(any::<u8>(), 0..200)) {
            let mixture = Mixture::read(&mut Choices::new(&octets));
            prop_assert_eq!(Mixture::read(&mut Choices::new(&written(&mixture))), mixture);
        }
    }
}
