//! The process: parse, call, print the error, exit code.

use std::process::ExitCode;

use amdahl::cli::Cli;
use amdahl::command;

fn main() -> ExitCode {
    match command::execute(Cli::from_process()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            // Whoever cannot read the message still gets the exit code.
            command::notice(&failure.to_string());
            failure.exit_code()
        }
    }
}
