//! The macro behind every control message: struct, field table and codec from one declaration.

/// Declares a control message. Each field: offset in octets, name, type, legal default, the RFC's name, kind. Offsets have to be
/// without gaps from octet 12 to the message's length; the compiler checks it.
macro_rules! message {
    (
        $(#[$documentation:meta])*
        $name:ident = $type_constant:ident, $length:literal octets {
            $($(#[$field_documentation:meta])* $offset:literal $field:ident: $type:ty = $default:expr, $rfc_name:literal, $kind:expr;)*
        }
    ) => {
        $(#[$documentation])*
        #[derive(Copy, Clone, Eq, PartialEq, Hash, Debug)]
        #[cfg_attr(any(test, feature = "arbitrary"), derive(arbitrary::Arbitrary))]
        pub struct $name {
            $($(#[$field_documentation])* pub $field: $type,)*
        }

        impl $name {
            /// The Control Message Type of this message.
            pub const TYPE: $crate::ControlMessageType = $crate::ControlMessageType::$type_constant;

            /// Octets of this message with its header.
            pub const LENGTH: usize = $length;

            /// The fields in wire order, those of the header first.
            pub const FIELDS: &'static [$crate::Field] = &[
                $crate::message::declaration::field!("Length", "length", 0, u16, $crate::FieldKind::Constant($length)),
                $crate::message::declaration::field!(
                    "PPTP Message Type", "pptp-message-type", 2, u16, $crate::FieldKind::Constant(1)),
                $crate::message::declaration::field!(
                    "Magic Cookie", "magic-cookie", 4, u32, $crate::FieldKind::Constant($crate::MAGIC_COOKIE)),
                $crate::message::declaration::field!(
                    "Control Message Type", "control-message-type", 8, u16, $crate::FieldKind::Constant(Self::TYPE.0 as u32)),
                $crate::message::declaration::field!("Reserved0", "reserved0", 10, u16, $crate::FieldKind::Reserved),
                $($crate::message::declaration::field!(
                    $rfc_name,
                    $crate::message::declaration::key!($field),
                    $offset,
                    $type,
                    $kind
                ),)*
            ];

            /// The fields that follow the header, from all octets of a message of this type.
            #[inline(always)]
            pub(crate) fn decode_body(octets: &[u8; $length]) -> Self {
                Self { $($field: <$type as $crate::octets::Wire>::read(octets, $offset),)* }
            }

            /// Writes the fields that follow the header.
            #[inline(always)]
            pub(crate) fn encode_body(&self, octets: &mut [u8; $length]) {
                $($crate::octets::Wire::write(self.$field, octets, $offset);)*
            }
        }

        const _: () = assert!($crate::field::contiguous($name::FIELDS, $length), "the fields leave a gap or overlap");
        const _: () = assert!(matches!($name::TYPE.length(), Some($length)), "the length is not that of the type");

        impl Default for $name {
            /// A legal message.
            fn default() -> Self {
                Self { $($field: $default,)* }
            }
        }

        impl From<$name> for $crate::ControlMessage {
            /// The message under the legal header of its type.
            #[inline]
            fn from(message: $name) -> Self {
                Self { header: $crate::Header::for_type($name::TYPE), body: $crate::Body::$name(message) }
            }
        }
    };
}
pub(crate) use message;

macro_rules! field {
    ($name:expr, $key:expr, $offset:expr, $type:ty, $kind:expr) => {
        $crate::Field {
            name: $name,
            key: $key,
            offset: $offset,
            size: <$type as $crate::octets::Wire>::SIZE,
            kind: $kind,
        }
    };
}
pub(crate) use field;

/// The key of a field: its name with `-` for `_`.
macro_rules! key {
    ($field:ident) => {{
        const OCTETS: &[u8] =
            &$crate::field::key_octets::<{ stringify!($field).len() }>(stringify!($field));
        match core::str::from_utf8(OCTETS) {
            Ok(key) => key,
            Err(_) => panic!("a field name is ASCII"),
        }
    }};
}
pub(crate) use key;
