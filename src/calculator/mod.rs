//! The reader's own numbers: tables and profiles in, laws and advice out.

pub mod timings;
