//! Options of the commands for the reader's own numbers.

use std::path::PathBuf;

use clap::{Args, ValueEnum as _};

use super::{Counts, counts};
use crate::page::{Format, Scale};
use crate::units::Decimal;

/// Options of `amdahl fit`.
#[derive(Debug, Args)]
pub struct FitArgs {
    /// A file with the times of several worker counts, or - for standard input.
    pub file: PathBuf,
    /// Fit this model instead of the best one: constant, ideal, amdahl, saturation, usl, amdahl-saturation,
    /// amdahl-saturation-smooth, amdahl-saturation-kappa, amdahl-log, amdahl-saturation-log, amdahl-saturation-costs.
    /// Named, amdahl needs 3 worker counts, usl and amdahl-log 4, a model with saturation 5 or more; the best one is
    /// chosen from 6 counts on, and one with saturation from 11. The fit is still refused if p workers are more than p
    /// times faster, or if the points lie off the curve.
    #[arg(long, value_name = "NAME")]
    pub model: Option<String>,
    /// Worker counts to predict, a list or ranges: `64,128` or `64..1024`. Intervals grow beyond the data; with --model
    /// they assume that the model is true.
    #[arg(long, value_name = "COUNTS", value_parser = counts, allow_hyphen_values = true)]
    pub predict: Option<Counts>,
    /// Which column is what, as ours=yours: `workers=processors,throughput=tps,ms=elapsed`. Ours are workers, work,
    /// seconds, ms, us, ns, min, h, time, throughput, speedup, efficiency. Yours may be a column's number, 1 for the
    /// first. `workers=nodes*tasks` multiplies.
    #[arg(long, value_name = "OURS=YOURS", value_delimiter = ',')]
    pub columns: Vec<String>,
    /// Unit of a time whose column states none: s, ms, us, ns, min, h. Seconds otherwise.
    #[arg(long, value_name = "UNIT")]
    pub unit: Option<String>,
    /// The column with the size of the job: one law over size and workers.
    #[arg(long, value_name = "COLUMN")]
    pub work: Option<String>,
    /// One fit for each value of these columns, side by side.
    #[arg(long, value_name = "COLUMN", value_delimiter = ',')]
    pub by: Vec<String>,
    /// Read only the rows with this value: `N=1000`, `mode=strong`. Repeatable.
    #[arg(long = "where", value_name = "COLUMN=VALUE")]
    pub only: Vec<String>,
    /// Columns that set nothing, such as results: rows that differ in them are repetitions.
    #[arg(long, value_name = "COLUMN", value_delimiter = ',')]
    pub ignore: Vec<String>,
    /// Each worker count has a column of its own, with these values: seconds, ms, throughput, speedup.
    #[arg(long, value_name = "VALUES")]
    pub wide: Option<String>,
    /// What begins the fraction of a number, if the file leaves it open.
    #[arg(long, value_name = "MARK")]
    pub decimal: Option<Decimal>,
    /// Plain characters only, for terminals that show no others.
    #[arg(long)]
    pub ascii: bool,
    /// What goes to standard output. CSV has the points and the predictions.
    #[arg(long, default_value = "text")]
    pub format: Format,
}

impl FitArgs {
    /// The words of a command line that say the rest.
    pub(crate) fn words(&self) -> Vec<String> {
        let file = self.file.display().to_string();
        // A name that begins as an option does would be taken for one.
        let is_like_an_option = file.starts_with('-') && file != "-";
        let mut words = vec![if is_like_an_option { format!("./{file}") } else { file }];
        let mut say = |option: &str, value: String| words.extend([option.to_owned(), value]);
        self.model.iter().for_each(|model| say("--model", model.clone()));
        self.predict.iter().for_each(|counts| {
            let counts: Vec<String> = counts.0.iter().map(u64::to_string).collect();
            say("--predict", counts.join(","));
        });
        if let Some(format) = self.format.to_possible_value().filter(|_| self.format != Format::Text) {
            say("--format", format.get_name().to_owned());
        }
        if self.ascii {
            words.push("--ascii".to_owned());
        }
        words
    }
}

/// Options of `amdahl predict`.
#[derive(Debug, Args)]
pub struct PredictArgs {
    /// Time of a part that more workers cannot shorten: `100ms`, `load=100ms`. Repeatable.
    #[arg(long, value_name = "[NAME=]TIME", allow_hyphen_values = true)]
    pub serial: Vec<String>,
    /// Time on one worker, or on those of --measured-on, of a part that workers share: `900ms`, `render=2s`.
    /// Repeatable.
    #[arg(long, value_name = "[NAME=]TIME", allow_hyphen_values = true)]
    pub parallel: Vec<String>,
    /// Time on one worker, or on those of --measured-on, of the compute part of a step.
    #[arg(
        long,
        value_name = "TIME",
        requires = "communication",
        conflicts_with_all = ["serial", "parallel"],
        allow_hyphen_values = true
    )]
    pub compute: Option<String>,
    /// Time of the communication of a step, which more workers cannot shorten.
    #[arg(
        long,
        value_name = "TIME",
        requires = "compute",
        conflicts_with_all = ["serial", "parallel"],
        allow_hyphen_values = true
    )]
    pub communication: Option<String>,
    /// Serial fractions of jobs without known times: `0.5,0.1,0.02` or `10%`.
    #[arg(
        long,
        value_name = "S",
        value_delimiter = ',',
        allow_hyphen_values = true,
        conflicts_with_all = ["serial", "parallel", "compute", "communication"]
    )]
    pub serial_fraction: Vec<String>,
    /// Parallel fractions instead, 1 − s: `0.5,0.9,0.98` or `90%`.
    #[arg(
        long,
        value_name = "P",
        value_delimiter = ',',
        allow_hyphen_values = true,
        conflicts_with_all = ["serial_fraction", "serial", "parallel", "compute", "communication"]
    )]
    pub parallel_fraction: Vec<String>,
    /// Time of a job on one worker, its work; with --span.
    #[arg(
        long,
        value_name = "TIME",
        requires = "span",
        conflicts_with_all = ["measured_on", "serial_fraction", "parallel_fraction", "serial", "parallel", "compute"],
        allow_hyphen_values = true
    )]
    pub work: Option<String>,
    /// Time of its longest chain of operations that wait for each other: its time on endless workers.
    #[arg(long, value_name = "TIME", requires = "work", allow_hyphen_values = true)]
    pub span: Option<String>,
    /// What `amdahl trace` or `amdahl fit` wrote with --format json; - for standard input.
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with_all = ["work", "serial_fraction", "parallel_fraction", "serial", "parallel", "compute"]
    )]
    pub from: Option<PathBuf>,
    /// How many workers the times or the fraction were measured on; 1 if this is not given. On K workers the shared
    /// parts are K times shorter, so a larger share is serial: both shares are shown, and what each would predict.
    #[arg(long, value_name = "K", value_parser = one_count, allow_hyphen_values = true)]
    pub measured_on: Option<u64>,
    /// Worker counts: a list, or ranges that double at each step.
    #[arg(long, value_name = "COUNTS", value_parser = counts, default_value = "1..1024", allow_hyphen_values = true)]
    pub workers: Counts,
    /// Also show the effective curve, which takes a new serial fraction at every worker count, and why the clock shows
    /// another one.
    #[arg(long)]
    pub effective: bool,
    /// Axes of the plot. Without this option they are linear if those show where the speedup bends, else log. Linear
    /// axes end at four times the bend, 1/s workers.
    #[arg(long, value_name = "SCALE")]
    pub axes: Option<Scale>,
    /// Plain characters only, for terminals that show no others.
    #[arg(long)]
    pub ascii: bool,
    /// What goes to standard output.
    #[arg(long, default_value = "text")]
    pub format: Format,
}

/// Options of `amdahl trace`.
#[derive(Debug, Args)]
pub struct TraceArgs {
    /// Traces, one or more files; - for standard input.
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// Names that are communication too, as a regular expression: `"allreduce|halo_.*"`.
    #[arg(long, value_name = "REGEX")]
    pub communication: Option<String>,
    /// How many workers shared the step. Without this option it is the world size in the files, or the number of
    /// devices in them.
    #[arg(long, value_name = "K", value_parser = one_count, allow_hyphen_values = true)]
    pub measured_on: Option<u64>,
    /// Plain characters only, for terminals that show no others.
    #[arg(long)]
    pub ascii: bool,
    /// What goes to standard output. CSV has a row for each rank and step.
    #[arg(long, default_value = "text")]
    pub format: Format,
}

/// One worker count.
fn one_count(text: &str) -> Result<u64, String> {
    match counts(text)?.0.as_slice() {
        [count] => Ok(*count),
        _ => Err("a profile is measured on one worker count, such as 8".to_owned()),
    }
}
