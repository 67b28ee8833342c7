//! What holds of every sequence diagram, whatever was run or captured.

mod hostile;
mod long;
mod marks;
mod suite;
mod titles;
