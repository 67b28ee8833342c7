//! Typed values of profile fields, and what can be wrong with them.

use core::fmt;
use std::borrow::Cow;

use pptp_wire::Text;
use pptp_wire::time::Duration;

/// What a profile field takes.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum ProfileKind {
    /// A span of virtual time.
    Duration,
    /// A number from 0 to this one.
    Integer(u64),
    /// A number from 0 to the first one, or the word `default`: by role or by event, as the field's doc says.
    IntegerOrDefault(u64),
    /// One of these words.
    Choice(&'static [&'static str]),
    /// True or false.
    Boolean,
    /// Text of at most so many octets.
    Text(usize),
}

impl fmt::Display for ProfileKind {
    /// What the field expects, for diagnostics: `one of honoured, ignored`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ProfileKind::Duration => formatter.write_str("a duration such as 100ms"),
            ProfileKind::Integer(most) => write!(formatter, "a number from 0 to {most}"),
            ProfileKind::IntegerOrDefault(most) => {
                write!(formatter, "a number from 0 to {most}, or default")
            }
            ProfileKind::Choice(words) => {
                formatter.write_str("one of ")?;
                for (index, word) in words.iter().enumerate() {
                    let comma = if index == 0 { "" } else { ", " };
                    write!(formatter, "{comma}{word}")?;
                }
                Ok(())
            }
            ProfileKind::Boolean => formatter.write_str("true or false"),
            ProfileKind::Text(most) => write!(formatter, "text of at most {most} octets"),
        }
    }
}

/// A value of a profile field.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum ProfileValue {
    /// For [`ProfileKind::Duration`].
    Duration(Duration),
    /// For [`ProfileKind::Integer`].
    Integer(u64),
    /// For [`ProfileKind::Boolean`].
    Boolean(bool),
    /// For [`ProfileKind::Choice`], for [`ProfileKind::Text`], and for the word `default`.
    Text(Cow<'static, str>),
}

impl ProfileValue {
    /// A word or text that outlives the program: for tables.
    pub const fn text(text: &'static str) -> ProfileValue {
        ProfileValue::Text(Cow::Borrowed(text))
    }
}

impl fmt::Display for ProfileValue {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ProfileValue::Duration(span) => span.fmt(formatter),
            ProfileValue::Integer(number) => number.fmt(formatter),
            ProfileValue::Boolean(flag) => flag.fmt(formatter),
            ProfileValue::Text(text) => text.fmt(formatter),
        }
    }
}

/// Why a profile field was not set.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum ProfileError {
    /// No field has this key.
    UnknownField {
        /// The key that was asked for.
        key: String,
    },
    /// The field takes something else.
    WrongValue {
        /// The field's key.
        key: &'static str,
        /// What it takes.
        expected: ProfileKind,
        /// What it was given.
        given: ProfileValue,
    },
}

impl fmt::Display for ProfileError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ProfileError::UnknownField { key } => {
                write!(formatter, "no profile field is called {key}")
            }
            ProfileError::WrongValue {
                key,
                expected,
                given,
            } => {
                write!(formatter, "{key} takes {expected}, not {given}")
            }
        }
    }
}

impl core::error::Error for ProfileError {}

/// A Rust type that a profile field can have.
pub(super) trait Setting: Sized {
    /// What a field of this type takes.
    const KIND: ProfileKind;
    /// The value as shown.
    fn value(&self) -> ProfileValue;
    /// The setting that `value` stands for, or `None` where the field cannot take it.
    fn of(value: &ProfileValue) -> Option<Self>;
}

impl Setting for Duration {
    const KIND: ProfileKind = ProfileKind::Duration;
    fn value(&self) -> ProfileValue {
        ProfileValue::Duration(*self)
    }
    fn of(value: &ProfileValue) -> Option<Self> {
        match value {
            ProfileValue::Duration(span) => Some(*span),
            _ => None,
        }
    }
}

impl Setting for bool {
    const KIND: ProfileKind = ProfileKind::Boolean;
    fn value(&self) -> ProfileValue {
        ProfileValue::Boolean(*self)
    }
    fn of(value: &ProfileValue) -> Option<Self> {
        match value {
            ProfileValue::Boolean(flag) => Some(*flag),
            _ => None,
        }
    }
}

impl Setting for Text<64> {
    const KIND: ProfileKind = ProfileKind::Text(64);
    fn value(&self) -> ProfileValue {
        ProfileValue::Text(Cow::Owned(self.to_string()))
    }
    fn of(value: &ProfileValue) -> Option<Self> {
        match value {
            ProfileValue::Text(text) => Text::try_new(text.as_bytes()),
            _ => None,
        }
    }
}

macro_rules! integer_settings {
    ($($integer:ty),*) => {$(
        impl Setting for $integer {
            const KIND: ProfileKind = ProfileKind::Integer(<$integer>::MAX as u64);
            fn value(&self) -> ProfileValue {
                ProfileValue::Integer(u64::from(*self))
            }
            fn of(value: &ProfileValue) -> Option<Self> {
                match value {
                    ProfileValue::Integer(number) => <$integer>::try_from(*number).ok(),
                    _ => None,
                }
            }
        }

        impl Setting for Option<$integer> {
            const KIND: ProfileKind = ProfileKind::IntegerOrDefault(<$integer>::MAX as u64);
            fn value(&self) -> ProfileValue {
                self.map_or(ProfileValue::text("default"), |number| number.value())
            }
            fn of(value: &ProfileValue) -> Option<Self> {
                match value {
                    ProfileValue::Text(word) if word == "default" => Some(None),
                    number => <$integer>::of(number).map(Some),
                }
            }
        }
    )*};
}

integer_settings!(u8, u16, u32);
