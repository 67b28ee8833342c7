//! The switchboard: every deviation with the requirements that it breaks. A file for each area hands its rows on to the next.
//!
//! A row reads: name of the switch, name on the command line, roles, requirements, what finds it, known bugs like it.

// Textual order: the files below expand the first macro of this one.
macro_rules! deviations {
    ([$next:ident $($later:ident)*] $($rows:tt)*) => {
        $next! { [$($later)*] $($rows)* }
    };
    ([] $(area $area:ident { $(
        $(#[doc = $doc:literal])+
        $variant:ident = $name:literal, $roles:ident, [$($requirement:ident),*], $found:ident, [$($bug:literal),*];
    )* })*) => {
        /// A switch of the board.
        #[derive(Copy, Clone, Debug, Eq, PartialEq, Ord, PartialOrd)]
        #[repr(u8)]
        pub enum DeviationId {
            $($($(#[doc = $doc])+ $variant,)*)*
        }

        /// Every deviation, area by area: those of the data session first.
        pub const DEVIATIONS: &[Deviation] = &[$($(Deviation {
            id: DeviationId::$variant,
            name: $name,
            area: Area::$area,
            roles: $roles,
            breaks: &[$(Requirement::$requirement),*],
            found_by: FoundBy::$found,
            known_bugs: &[$($bug),*],
            doc: concat!($($doc),+).trim_ascii_start(),
        },)*)*];
    };
}

#[macro_use]
mod acknowledgment;
#[macro_use]
mod call_clearing;
#[macro_use]
mod call_setup;
#[macro_use]
mod canary;
#[macro_use]
mod collision;
#[macro_use]
mod delivery;
#[macro_use]
mod framing;
#[macro_use]
mod gre_header;
#[macro_use]
mod keep_alive;
#[macro_use]
mod line;
#[macro_use]
mod start;
#[macro_use]
mod stop;
#[macro_use]
mod window;

use pptp_wire::Requirement;

use super::{Area, Deviation, FoundBy};
use crate::Role;

const BOTH: &[Role] = &[Role::Pac, Role::Pns];
const PAC: &[Role] = &[Role::Pac];
const PNS: &[Role] = &[Role::Pns];

deviations! { [
    acknowledgment_deviations
    window_deviations
    gre_header_deviations
    delivery_deviations
    framing_deviations
    start_deviations
    collision_deviations
    stop_deviations
    keep_alive_deviations
    call_setup_deviations
    call_clearing_deviations
    line_deviations
    canary_deviations
] }
