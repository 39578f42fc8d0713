//! `amdahl fit` and `amdahl predict`: the laws on a reader's own numbers.
//!
//! Here belong reading tables and profiles, the answers of the laws, and advice. The laws are in `law`, tables and
//! plots in `page`, files in `command`.

pub mod fit;
pub mod predict;
pub mod timings;
