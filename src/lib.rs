//! `amdahl` measures parallel speedup inside one GPU and explains it.
//!
//! Verified WGSL kernels run at growing worker counts, workgroup sizes and problem sizes. Every phase of a job is timed
//! apart. Amdahl's and Gustafson's laws are fitted with intervals, and refused if the data do not carry a fit.
//!
//! # The rooms
//!
//! ```text
//!                     cli ── command                 options in, exit code out
//!                             │    │
//!            ┌────────────────┘    └───────────┐
//!       comparison                          │            runs side by side
//!            │                                 │
//!       experiment                         calculator    the questions │ the reader's own numbers
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
//! A room imports only rooms below it; `tests/floors.rs` holds the table. The laws and the pages never see a device,
//! the saved run knows no law, and a saved run is read without a GPU.
//!
//! # The way of the data
//!
//! ```text
//! options → cases → samples → run (saved) → readings → answers and blocks → terminal, files
//! command   experiment  measure  record      experiment, law     experiment, page
//! ```
//!
//! A [`record::Case`] says what runs, from the plan to the file. A reading is what the laws make of the samples: it
//! follows from them, so the same code makes it right after measuring and of a saved run.
//!
//! # Where to add something
//!
//! - A workload: one file in [`workload`], its shader in `shaders/`, and one line in `workload/registry.rs`.
//! - An experiment: one file in [`experiment`] and one line in `experiment/registry.rs`.
//! - A format of the report: one file in [`page`] beside `text.rs` and `markdown.rs`.
//! - A law: one file in [`law`], with its source and a known answer as a test.

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
