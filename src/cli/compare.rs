//! Options of `amdahl compare`.

use std::path::PathBuf;

use clap::Args;

use crate::page::Format;

/// Options of `amdahl compare`.
#[derive(Debug, Args)]
pub struct CompareArgs {
    /// Runs to compare: two to forty.
    #[arg(value_name = "RUN", required = true)]
    pub runs: Vec<String>,
    /// Sort the devices by this number, or a part of its name: speedup, ceiling, serial, work, launch, batched, copy,
    /// compute, upload, read-back, crossover, or any name under `quantity` in a cases.csv.
    #[arg(long, value_name = "NUMBER")]
    pub by: Option<String>,
    /// Exit with code 3 if a time is proven longer than in the base by more than this, and name it.
    #[arg(long, value_name = "SHARE", value_parser = share)]
    pub fail_above: Option<f64>,
    /// Print every time and every number.
    #[arg(long)]
    pub full: bool,
    /// Folder under which runs are looked for by `latest` or a device's name.
    #[arg(long, value_name = "DIR", default_value = "amdahl-runs")]
    pub out: PathBuf,
    /// Write into this file instead, as for `--format html`.
    #[arg(long, value_name = "FILE")]
    pub save: Option<PathBuf>,
    /// Plain characters only, for terminals that show no others.
    #[arg(long)]
    pub ascii: bool,
    /// What goes to standard output. HTML is a page with the curves of all runs.
    #[arg(long, default_value = "text")]
    pub format: Format,
}

/// Reads a share, in per cent or as a number.
fn share(text: &str) -> Result<f64, String> {
    let wrong = || format!("{text:?} is no share; write it like 10% or 0.1");
    let (number, unit) = text.trim().strip_suffix('%').map_or((text.trim(), 1.0), |percent| (percent.trim(), 0.01));
    let share = number.parse::<f64>().map_err(|_| wrong())? * unit;
    if unit == 1.0 && share >= 1.0 {
        return Err(format!("{text:?} could be {number} % or {number} times; write {number}% for per cent"));
    }
    if (0.0..=100.0).contains(&share) { Ok(share) } else { Err(wrong()) }
}
