//! What `verify` finds: in the captures of real implementations, by a table; in captures that are made for one behaviour; and in
//! those of simulated runs, against what the runs found.

mod made;
mod runs;
mod table;
