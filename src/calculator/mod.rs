//! The reader's own numbers: `amdahl fit` and `amdahl predict`.
//!
//! Here belong: reading tables and profiles, the answers of the laws to them, and what to advise. Elsewhere belong: the
//! laws themselves (`law`), how blocks and tables are written (`page`), and opening files (`command`).

pub mod fit;
pub mod predict;
pub mod timings;
