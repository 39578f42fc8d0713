//! Options of the commands that read one saved run.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::Args;

use crate::page::{Format, Paper};

/// Options of `amdahl show`.
#[derive(Debug, Args)]
pub struct ShowArgs {
    /// A run, and sections of it.
    #[arg(value_name = "RUN|SECTION")]
    pub words: Vec<OsString>,
    /// Folder under which runs are looked for by `latest` or a device's name.
    #[arg(long, value_name = "DIR", default_value = "amdahl-runs")]
    pub out: PathBuf,
    /// Plain characters only, for terminals that show no others.
    #[arg(long)]
    pub ascii: bool,
    /// Write every plot as a picture (SVG) into this folder instead, for slides.
    #[arg(long, value_name = "DIR", conflicts_with = "format")]
    pub svg: Option<PathBuf>,
    /// What goes to standard output.
    #[arg(long, default_value = "text")]
    pub format: Format,
}

/// Options of `amdahl worksheet`.
#[derive(Debug, Args)]
pub struct WorksheetArgs {
    /// The run.
    #[arg(value_name = "RUN", default_value = "latest")]
    pub run: String,
    /// Add the answers, each with its working.
    #[arg(long)]
    pub answers: bool,
    /// Folder under which runs are looked for by `latest` or a device's name.
    #[arg(long, value_name = "DIR", default_value = "amdahl-runs")]
    pub out: PathBuf,
    /// The file to write instead.
    #[arg(long, value_name = "FILE", conflicts_with = "format")]
    pub file: Option<PathBuf>,
    /// Write the sheet to standard output instead.
    #[arg(long)]
    pub format: Option<Paper>,
    /// Plain characters only, for terminals that show no others.
    #[arg(long)]
    pub ascii: bool,
}
