//! `amdahl fit`, `amdahl predict` and `amdahl trace`: the laws on a reader's own numbers.
//!
//! Here belong reading tables, profiles and traces, the answers of the laws, and advice. The laws are in `law`, tables
//! and plots in `page`, files in `command`.

pub mod fit;
pub mod predict;
pub mod timings;
pub mod trace;
