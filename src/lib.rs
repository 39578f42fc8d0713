//! `amdahl` measures parallel speedup inside one GPU and explains it.
//!
//! Verified WGSL kernels run at growing worker counts, workgroup sizes and problem sizes; every phase of a job is timed
//! apart; Amdahl's and Gustafson's laws are fitted with intervals, and refused where the data do not carry a fit.
//!
//! Data flows one way:
//!
//! ```text
//! options → plans → cases → samples → run (saved) → fits → findings → pages
//! cli       experiment   measure      record        law    finding    report
//!                        device, workload
//! ```
//!
//! Imports point the same way: [`command`] → [`experiment`] → [`measure`] → ([`device`], [`workload`]) → [`record`] →
//! ([`law`], [`stats`], [`clock`], [`units`]), and [`report`] → ([`record`], [`law`], [`finding`], [`units`]). The laws
//! and the reports never see a device, a device never sees a law, and a saved run is read without a GPU.

pub mod calculator;
pub mod cli;
pub mod clock;
//pub mod command;
pub mod device;
pub mod experiment;
pub mod finding;
pub mod law;
pub mod measure;
pub mod page;
pub mod record;
pub mod stats;
pub mod units;
pub mod workload;
