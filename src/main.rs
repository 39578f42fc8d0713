//! The process: parse, call, print the error, exit code.

use std::io::Write as _;
use std::process::ExitCode;

use amdahl::cli::Cli;
use amdahl::command;
use amdahl::record::printable_lines;

fn main() -> ExitCode {
    match command::execute(Cli::from_process()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            // Whoever cannot read the message still gets the exit code.
            // It may quote a file that anyone may have written.
            let message = printable_lines(&failure.to_string());
            let _ = writeln!(anstream::stderr(), "{message}");
            failure.exit_code()
        }
    }
}
