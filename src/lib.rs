//! `amdahl` measures parallel speedup inside one GPU and explains it.
//!
//! It runs verified WGSL kernels at growing worker counts, workgroup sizes and problem sizes. It times every phase of a
//! job separately. It fits Amdahl's and Gustafson's laws with intervals, and refuses a fit that the data do not
//! support.
//!
//! # The rooms
//!
//! ```text
//!                     cli ── command                 options in, exit code out
//!                             │    │
//!            ┌────────────────┤    └───────────┐
//!            │    comparison, worksheet        │         runs side by side, exercises with a run's own numbers
//!            │                │                │
//!       experiment ───────────┘            calculator    the questions │ the reader's own numbers
//!        │      │                           │      │
//!     measure   └──────────┐     ┌──────────┘      │     how it is timed
//!        │                 page ─┤                 │     what is shown
//!     device                │    │                 │     who computes: gpu, cpu, simulated
//!        │                  │    └───── law ───────┘     what it means: numbers in, numbers and enums out
//!     workload ── record ───┘            │               what is computed │ the run as it is saved
//!                   │                    │
//!                   └── stats, units, clock ──           what all of them stand on
//! ```
//!
//! A room imports only rooms below it; `tests/floors.rs` checks this. The laws and the pages never use a device. The
//! saved run uses no law, and reading it needs no GPU.
//!
//! # How the data flow
//!
//! ```text
//! options → cases → samples → run (saved) → readings → answers and blocks → terminal, files
//! command   experiment  measure  record      experiment, law     experiment, page
//! ```
//!
//! A [`record::Case`] says what runs; planning, measuring and saving use the same type. A reading is what the laws find
//! in the samples. It is never stored as the source: the same code computes it after measuring and from a saved run.
//!
//! # Where to add something
//!
//! - A workload: one file in [`workload`], its shader in `shaders/`, and one line in `workload/registry.rs`.
//! - An experiment: one file in [`experiment`] and one line in `experiment/registry.rs`.
//! - An exercise: one file in [`worksheet`], and one line in its `mod.rs`.
//! - An output format: one file in [`page`] beside `text.rs` and `markdown.rs`.
//! - A law: one file in [`law`], with its source and a test with a known answer.

pub mod calculator;
pub mod cli;
pub mod clock;
pub mod command;
pub mod comparison;
pub mod device;
pub mod experiment;
pub mod law;
pub mod measure;
pub mod page;
pub mod record;
pub mod stats;
pub mod units;
pub mod workload;
pub mod worksheet;
