//! Every option of the command line, with its help. What an option does belongs to [`crate::command`].
//! Elsewhere clap is named only to derive the names of an enum's values.

mod compare;
mod manual;
mod saved;

use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process;

use clap::builder::styling::{AnsiColor, Styles};
use clap::{Args, ColorChoice, CommandFactory as _, Parser, Subcommand};

use crate::device::gpu::Backend;
use crate::page::Format;
use crate::record::{Effort, Wait, WorkersAre, printable};
use crate::units;

mod calculator;

pub use calculator::{FitArgs, PredictArgs, TraceArgs};
pub use compare::CompareArgs;
pub use manual::{CompletionsArgs, manual};
pub use saved::{ShowArgs, WorksheetArgs};

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());

/// The version, with the commit in brackets where it is known.
const VERSION: &str = env!("AMDAHL_VERSION");

/// Measures parallel speedup on your own GPU and explains it by Amdahl's and Gustafson's laws.
///
/// Without a command it does `amdahl run`: it finds the best GPU, measures for about a minute, prints a report and
/// saves it.
#[derive(Debug, Parser)]
#[command(name = "amdahl", version = VERSION, styles = STYLES)]
#[command(args_conflicts_with_subcommands = true, max_term_width = 100)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// Options of `run`, which is what happens without a subcommand.
    #[command(flatten)]
    pub run: RunArgs,
    /// Colours in the output.
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub color: ColorChoice,
}

impl Cli {
    /// Reads the process's own arguments. Help, version and bad options end the process here: 0, 0 and
    /// 2, and 1 if they cannot be printed.
    pub fn from_process() -> Self {
        Self::try_parse().unwrap_or_else(|error| {
            // What a message quotes of the words must not steer the terminal.
            let words = std::env::args_os().map(|word| printable(&word.to_string_lossy()));
            let error = Self::try_parse_from(words).err().unwrap_or(error);
            // Whoever asks for help and gets none shall know.
            let failed = error.print().err().filter(|_| !error.use_stderr());
            if let Some(message) = failed.and_then(|failure| unprinted(&failure)) {
                let _ = writeln!(anstream::stderr(), "error: {message}");
                process::exit(1)
            }
            process::exit(error.exit_code())
        })
    }

    /// Returns the names of the subcommands.
    pub fn subcommands() -> Vec<String> {
        Self::command().get_subcommands().map(|one| one.get_name().to_owned()).collect()
    }

    /// When to colour, for the streams that are written to.
    pub fn color(&self) -> anstream::ColorChoice {
        match self.color {
            ColorChoice::Auto => anstream::ColorChoice::Auto,
            ColorChoice::Always => anstream::ColorChoice::Always,
            ColorChoice::Never => anstream::ColorChoice::Never,
        }
    }
}

/// Writes why something could not be printed. A reader that has seen enough and closed the pipe is no failure.
pub(crate) fn unprinted(error: &io::Error) -> Option<String> {
    (error.kind() != io::ErrorKind::BrokenPipe)
        .then(|| format!("cannot write to standard output: {error}; free some space, or write it elsewhere"))
}

/// The subcommands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Measure, fit, print and save.
    Run(RunArgs),
    /// List the devices that can be measured, with their limits.
    Devices(DevicesArgs),
    /// List the workloads and the experiments.
    Workloads(WorkloadsArgs),
    /// Fit the laws to your own timings, from a file. Needs no GPU.
    ///
    /// FILE is a table as your program or spreadsheet writes it: separated by commas, semicolons, tabs, blanks or bars;
    /// lines such as `Threads: 4, Time: 3.2 s`; JSON with an object for each run; or the output of hyperfine, Google
    /// Benchmark, nvbench and Extra-P. Rows of one worker count are repetitions.
    ///
    /// Columns are known by their names: workers, threads, cores, np, ranks, gpus, nodes; time, elapsed, real, runtime,
    /// with a unit (`time_ms`, `Time (s)`) or without; throughput, GFLOPS, images/s; speedup; efficiency. Times are
    /// read before rates, and rates before speedups. A cell may have its own unit: `1.5ms`, `8m58.1s`, `1:23.45`.
    ///
    /// If a table can be read in two ways, the error shows its first rows, and commands to choose from.
    /// Rows of one worker count that differ in a setting are no repetitions: name it with --work, --by or --where. A
    /// size that grows with the workers is weak scaling, read by Gustafson's law.
    Fit(FitArgs),
    /// Predict speedups by both laws from a profile or a serial fraction. Needs no GPU.
    ///
    /// Give one of these: the parts of a job (--serial load=100ms --parallel 900ms), the --compute and --communication
    /// of a step, a --serial-fraction or --parallel-fraction, --work and --span, or what `trace` or `fit` found
    /// (--from FILE). If they were measured on several workers, say so with --measured-on.
    Predict(PredictArgs),
    /// Read the serial fraction from a profiler's trace: communication that nothing hides. Needs no GPU.
    ///
    /// FILE is a Chrome trace (JSON, also gzip), as torch.profiler writes it by `export_chrome_trace`. Give the files
    /// of several ranks together: the slowest is named.
    ///
    /// Kernels of NCCL, RCCL, MPI and gloo are communication, by their names; all others compute. What runs at the same
    /// time counts once. Communication is exposed while no computation runs. Its share of a step is s.
    ///
    /// `--format json` is what `amdahl predict --from` reads.
    Trace(TraceArgs),
    /// Write the page of both laws alone, without a run, to try serial fractions and workers. Needs no GPU.
    Page(PageArgs),
    /// Compare saved runs: which is faster, which is slower, which is the same. Needs no GPU.
    ///
    /// RUN is the folder of a run, its run.json, `latest`, or a part of a device's name among the runs under --out,
    /// whose latest is taken. A folder that holds several runs means all of them. The first run is the base.
    ///
    /// Exit codes: 0 compared, 2 bad options or bad input, 3 a regression beyond --fail-above.
    Compare(CompareArgs),
    /// Print a saved run again: the short answer, or any of its sections. Needs no GPU.
    ///
    /// RUN is the folder of a run, its run.json, a part of a device's name, or `latest`, which is meant if none is
    /// given. SECTION is an experiment, `audit`, `numbers`, `all`, or `words`, which says what the words mean.
    #[command(visible_alias = "report")]
    Show(ShowArgs),
    /// Write exercises with the numbers of a saved run, to be printed. Needs no GPU.
    ///
    /// RUN is the folder of a run, its run.json, a part of a device's name, or `latest`, which is meant if none is
    /// given. The sheet is a page in that folder, `worksheet.html`; with --answers it is `worksheet-answers.html`.
    Worksheet(WorksheetArgs),
    /// Print what lets your shell complete commands and options. Needs no GPU.
    ///
    /// For bash: `amdahl completions bash > ~/.local/share/bash-completion/completions/amdahl`. The README has the
    /// other shells.
    Completions(CompletionsArgs),
    /// Print the manual page, with every command and option. Needs no GPU.
    ///
    /// `amdahl man > amdahl.1` writes it, and `man -l amdahl.1` reads it on Linux.
    Man,
}

/// Options of `amdahl run`.
#[expect(clippy::struct_excessive_bools, reason = "each is an option of its own")]
#[derive(Debug, Args)]
pub struct RunArgs {
    /// Experiments to run; all by default. `amdahl workloads` lists them.
    #[arg(value_name = "EXPERIMENT")]
    pub experiments: Vec<String>,
    /// Device to measure: its number in `amdahl devices`, its name or a part of the name, `cpu` or `simulated`. The
    /// best GPU by default. `all` measures every GPU of the machine, or the CPU if there is none, and compares them;
    /// software adapters only where there is no other.
    #[arg(long, value_name = "NAME")]
    pub device: Option<String>,
    /// Also offer devices whose driver has not passed the conformance tests, such as the GPU of WSL2.
    #[arg(long)]
    pub nonconformant: bool,
    /// Only offer devices of this graphics interface.
    #[arg(long)]
    pub backend: Option<Backend>,
    /// Workloads to measure, `name` or `name/variant`, separated by commas.
    #[arg(long, value_name = "A,B", value_delimiter = ',')]
    pub workload: Vec<String>,
    /// Your own kernel, a WGSL file. fixed-size, problem-size, workgroup-size and launch-overhead measure it, and
    /// safety-cost if it has workgroup memory; the README says which buffers it may have.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["workload", "shape"])]
    pub wgsl: Option<PathBuf>,
    /// The results that your own kernel must give for the one size in --sizes: numbers, one a line or separated by
    /// commas. Without this file its results are not checked.
    #[arg(long, value_name = "FILE", requires_all = ["wgsl", "sizes"])]
    pub expect: Option<PathBuf>,
    /// Problem sizes: elements of a vector, or the side of a square matrix; for scaled-size, elements of each worker.
    /// `2^10..2^24` doubles at each step; `1000,1M` is a list.
    #[arg(long, value_name = "SIZES", value_parser = counts, allow_hyphen_values = true)]
    pub sizes: Option<Counts>,
    /// Matrix products instead of sizes, separated by commas: `64x784x128` is 64 x 784 times 784 x 128.
    #[arg(long, value_name = "MxKxN", value_parser = shapes, allow_hyphen_values = true, conflicts_with = "sizes")]
    pub shape: Option<Shapes>,
    /// Worker counts, written like sizes.
    #[arg(long, value_name = "COUNTS", value_parser = counts, allow_hyphen_values = true)]
    pub workers: Option<Counts>,
    /// Workgroup sizes, written like sizes.
    #[arg(long, value_name = "SIZES", value_parser = counts, allow_hyphen_values = true)]
    pub workgroup_sizes: Option<Counts>,
    /// Numbers of launches that one job is cut into, written like sizes.
    #[arg(long, value_name = "COUNTS", value_parser = counts, allow_hyphen_values = true)]
    pub launches: Option<Counts>,
    /// What counts as a worker: one GPU thread (an invocation) or a workgroup.
    #[arg(long, value_name = "UNIT", default_value = "invocations")]
    pub workers_are: WorkersAre,
    /// How the host waits for a GPU; block by default. launch-overhead measures both.
    #[arg(long, value_name = "HOW")]
    pub wait: Option<Wait>,
    /// Ten seconds, each experiment on one workload.
    #[arg(long, conflicts_with = "thorough", help = in_all(Effort::Quick, "one workload"))]
    pub quick: bool,
    /// Five minutes, each experiment on every workload.
    #[arg(long, help = in_all(Effort::Thorough, "every workload that it takes"))]
    pub thorough: bool,
    /// Seed of the inputs and of the order of the measurements.
    #[arg(long, default_value_t = 1, value_parser = seed, allow_hyphen_values = true)]
    pub seed: u64,
    /// Folder for saved runs; each run gets its own folder there.
    #[arg(long, value_name = "DIR", default_value = "amdahl-runs", conflicts_with = "no_save")]
    pub out: PathBuf,
    /// Save nothing.
    #[arg(long)]
    pub no_save: bool,
    /// What goes to standard output.
    #[arg(long, default_value = "text")]
    pub format: Format,
    /// Print every section in full instead of the short answer.
    #[arg(long)]
    pub full: bool,
    /// Plain characters only, for terminals that show no others.
    #[arg(long)]
    pub ascii: bool,
    /// Run on a model of a GPU or on a planted law, in simulated time.
    ///
    /// Models: h100, rtx4060-laptop, rx7800xt, iris-xe, m2, llvmpipe.
    ///
    /// A law is a list like `serial=0.0002,knee=512,noise=0.02`. T(1) is the kernel's
    /// time on one worker. A key that is left out keeps its default:
    ///   serial=0.001      share of T(1) that more workers cannot shorten
    ///   knee=4096         workers that the hardware runs at a time
    ///   cache=            workers from which on each share fits into a cache (never)
    ///   cache-gain=1.5    how many times faster the shared work is then
    ///   straggler=1       how many times as long the slowest of several workers takes
    ///   communication=0   share of T(1) that every team of workers pays
    ///   per-doubling=0    share of T(1) that each doubling of the workers adds (log p)
    ///   kappa=0           share of T(1) that each further worker adds (p)
    ///   overlap=0         share of that communication that hides behind the work
    ///   launch=20us       time of a launch that is waited for
    ///   ridge=1           flop per byte below which memory is the limit
    ///   divergence=1      time of a second branch over that of one
    ///   bounds=0, loop-bounds=0, zero-init=0
    ///                     shares of the kernel's time that these checks take
    ///   noise=0.03        standard deviation of each time (0.03 is 3 %)
    ///   tail=0            share of runs that something disturbs: three times as long
    ///   drift=0           share by which all gets slower within 1,000 runs
    ///
    /// Faults of a model follow its name, as in `h100,noise=0.05`: noise, drift,
    /// bad-stamps (share of timestamps), wrap (time), battery (share of the clock).
    ///
    /// Given several times, it measures each and compares them.
    #[arg(long, value_name = "MODEL|LAW", verbatim_doc_comment)]
    pub simulate: Vec<String>,
}

/// Options of `amdahl devices`.
#[derive(Debug, Args)]
pub struct DevicesArgs {
    /// What goes to standard output.
    #[arg(long, default_value = "text")]
    pub format: Format,
}

/// Options of `amdahl workloads`.
#[derive(Debug, Args)]
pub struct WorkloadsArgs {
    /// What goes to standard output.
    #[arg(long, default_value = "text")]
    pub format: Format,
}

/// Options of `amdahl page`.
#[derive(Debug, Args)]
pub struct PageArgs {
    /// The file to write.
    #[arg(long, value_name = "FILE", default_value = "amdahl.html")]
    pub out: PathBuf,
}

/// Writes how long an effort takes, in all and for a single experiment.
fn in_all(effort: Effort, workloads: &str) -> String {
    let seconds = effort.seconds();
    let single = units::seconds(seconds * Effort::LONGEST_SHARE);
    format!(
        "Measure for about {seconds:.0} s, each experiment on {workloads}; preparing takes a few seconds more. A \
         single experiment: at most {single}"
    )
}

/// A list of counts. clap would read a bare vector as a repeated option.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counts(pub Vec<u64>);

fn counts(text: &str) -> Result<Counts, String> {
    units::parse_counts(text).map(Counts).map_err(|error| error.to_string())
}

fn seed(text: &str) -> Result<u64, String> {
    text.trim().parse().map_err(|_| "give a whole number of up to 19 digits, such as 7".to_owned())
}

/// A list of m, k and n.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shapes(pub Vec<[u64; 3]>);

fn shapes(text: &str) -> Result<Shapes, String> {
    units::parse_shapes(text).map(Shapes).map_err(|error| error.to_string())
}
