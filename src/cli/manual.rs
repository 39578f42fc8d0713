//! What the definition of the command line gives beside help: completions for shells, and the manual page.

use std::io::{self, Write};

use clap::{Args, Command, CommandFactory as _};
use clap_complete::Shell;
use clap_mangen::Man;

use super::{Cli, RunArgs};

/// Options of `amdahl completions`.
#[derive(Debug, Args)]
pub struct CompletionsArgs {
    /// The shell that shall complete.
    #[arg(value_name = "SHELL")]
    pub shell: Shell,
}

impl CompletionsArgs {
    /// Returns the script that the shell reads.
    pub fn script(&self) -> String {
        let mut command = Cli::command();
        let name = command.get_name().to_owned();
        written(|script| {
            clap_complete::generate(self.shell, &mut command, name, script);
            Ok(())
        })
    }
}

/// Returns the manual page in roff: the program, then each subcommand with its options.
pub fn manual() -> String {
    let mut command = without_run(Cli::command()).disable_help_subcommand(true).subcommand_value_name("COMMAND");
    command.build();
    let man = Man::new(command.clone());
    let top = written(|page| {
        man.render_title(page)?;
        man.render_name_section(page)?;
        man.render_synopsis_section(page)?;
        man.render_description_section(page)?;
        man.render_options_section(page)
    });
    let page = top + &command.get_subcommands().map(section).collect::<String>();
    with_tables(&page).chars().map(in_roff).collect()
}

/// Keeps the lines of tables apart, which begin with spaces: roff would run them together.
fn with_tables(page: &str) -> String {
    let lines: Vec<&str> = page.lines().collect();
    let is_table = |line: &str| line.starts_with(' ');
    let parts = lines.chunk_by(|one, next| is_table(one) == is_table(next)).map(|part| {
        let text = part.join("\n");
        if is_table(part[0]) { format!(".nf\n{text}\n.fi\n") } else { text + "\n" }
    });
    parts.collect()
}

/// Returns a letter as every reader of roff knows it: some read bytes.
fn in_roff(letter: char) -> String {
    if letter.is_ascii() { letter.to_string() } else { format!("\\[u{:04X}]", u32::from(letter)) }
}

/// Hides the options that the program shares with `run`: they stand there.
fn without_run(command: Command) -> Command {
    let run = RunArgs::augment_args(Command::new("run"));
    command.mut_args(|arg| {
        let is_shared = run.get_arguments().any(|other| other.get_id() == arg.get_id());
        arg.hide(is_shared)
    })
}

/// Returns the section of one subcommand: the sections of a page of its own, one level deeper.
fn section(command: &Command) -> String {
    let man = Man::new(command.clone());
    let page = written(|page| {
        man.render_synopsis_section(page)?;
        man.render_description_section(page)?;
        man.render_options_section(page)
    });
    format!(".SH \"{}\"\n{}", command.get_bin_name().unwrap_or_default(), page.replace(".SH ", ".SS "))
}

/// Returns the text that something writes.
fn written(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> String {
    let mut bytes = Vec::new();
    write(&mut bytes).expect("memory takes every byte");
    String::from_utf8(bytes).expect("help is UTF-8")
}
