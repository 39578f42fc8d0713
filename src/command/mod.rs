//! One file for each subcommand: a few lines of wiring.
//!
//! Here belongs what touches the world: files, signals, the progress bar, exit codes. How something is measured, read
//! or shown does not: it belongs to the rooms below.

mod choice;
mod compare;
mod devices;
mod failure;
mod fit;
mod input;
mod look;
mod named;
mod near;
mod own;
mod page;
mod pick;
mod predict;
mod progress;
mod run;
mod saved;
mod selections;
mod several;
mod show;
mod signal;
mod simulate;
mod surroundings;
mod trace;
mod workloads;
mod worksheet;
mod writer;

use std::borrow::Cow;

use crate::cli::{self, Cli, Command};
use crate::record::printable_lines;

pub use failure::Failure;

/// Does what the command line says.
pub fn execute(cli: Cli) -> Result<(), Failure> {
    cli.color().write_global();
    signal::let_large_files_fail();
    pollster::block_on(async {
        match cli.command {
            None => run::run(&cli.run).await,
            Some(Command::Run(args)) => run::run(&args).await,
            Some(Command::Devices(args)) => devices::devices(&args).await,
            Some(Command::Workloads(args)) => workloads::workloads(&args),
            Some(Command::Fit(args)) => fit::fit(&args),
            Some(Command::Predict(args)) => predict::predict(&args),
            Some(Command::Trace(args)) => trace::trace(&args),
            Some(Command::Page(args)) => page::page(&args),
            Some(Command::Show(args)) => show::show(&args),
            Some(Command::Worksheet(args)) => worksheet::worksheet(&args),
            Some(Command::Compare(args)) => compare::compare(&args),
            Some(Command::Completions(args)) => print(&args.script()),
            Some(Command::Man) => print(&cli::manual()),
        }
    })
}

/// Writes a notice to standard error, in which nothing that it may quote steers a terminal or fills it. Whoever cannot
/// read it misses it, and the work goes on.
pub fn notice(text: &str) {
    use std::io::Write as _;
    let lines: Vec<_> = text.split('\n').map(within).collect();
    let _ = writeln!(anstream::stderr(), "{}", printable_lines(&lines.join("\n")));
}

/// Letters that are kept of the beginning and of the end of a long line: what is wrong, and what to do.
const KEPT: [usize; 2] = [1000, 600];

/// Returns a line, without its middle if it quotes too much.
fn within(line: &str) -> Cow<'_, str> {
    let [head, tail] = KEPT;
    let count = line.chars().count();
    if count <= head + tail {
        return line.into();
    }
    let part = |from, most| line.chars().skip(from).take(most).collect::<String>();
    format!("{} … {}", part(0, head), part(count - tail, tail)).into()
}

/// Writes a result to standard output.
fn print(text: &str) -> Result<(), Failure> {
    use std::io::Write as _;
    let mut out = anstream::stdout().lock();
    let failed = out.write_all(text.as_bytes()).and_then(|()| out.flush()).err();
    failed.and_then(|error| cli::unprinted(&error)).map_or(Ok(()), |message| Err(Failure::Unwritten(message)))
}
