//! Completions for shells, and the manual page. Both come from the definition of the command line.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use amdahl::cli::Cli;
use clap::CommandFactory as _;

use crate::common::{amdahl, refused, text};

/// Every subcommand with its long options, hidden ones left out.
fn commands() -> Vec<(String, Vec<String>)> {
    let mut command = Cli::command();
    command.build();
    let options = |one: &clap::Command| {
        let shown = one.get_arguments().filter(|arg| !arg.is_hide_set());
        shown.filter_map(|arg| arg.get_long().map(str::to_owned)).collect()
    };
    let ours = command.get_subcommands().filter(|one| one.get_name() != "help");
    ours.map(|one| (one.get_name().to_owned(), options(one))).collect()
}

/// Runs a program that may not be there.
fn tried(program: &str, arguments: &[&str]) -> Option<Output> {
    let output = Command::new(program).args(arguments).env("LC_ALL", "C.UTF-8").output().ok();
    if output.is_none() {
        eprintln!("not tested: no {program}");
    }
    output
}

/// Runs a program on a file, and expects that it says nothing against it.
fn accepts(program: &str, arguments: &[&str], file: &Path) -> Option<String> {
    let output = tried(program, &[arguments, &[file.to_str().unwrap()]].concat())?;
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.is_empty(), "{program}: {said}");
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

#[test]
fn each_shell_gets_every_command_and_option() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = text(amdahl(&["completions", shell]));
        for (command, options) in commands() {
            assert!(script.contains(&command), "{shell} has no {command}");
            for option in options {
                assert!(script.contains(&option), "{shell} has no --{option} of {command}");
            }
        }
    }
    refused(&["completions", "tcsh"], &["tcsh", "bash", "elvish"]);
}

/// The shells that are at hand accept their scripts, and bash completes by it.
#[cfg(unix)]
#[test]
fn shells_accept_their_scripts() {
    let folder = tempfile::tempdir().unwrap();
    for (shell, check) in [("bash", "-n"), ("zsh", "-n"), ("fish", "--no-execute")] {
        let script = folder.path().join(shell);
        fs::write(&script, text(amdahl(&["completions", shell]))).unwrap();
        accepts(shell, &[check], &script);
    }
    let completed = |words: &str, last: &str| {
        let before = words.split(' ').next_back().unwrap();
        let asks = format!(
            "source {}; COMP_WORDS=({words} {last}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); \
             _amdahl amdahl {last} {before}; printf '%s\\n' \"${{COMPREPLY[@]}}\"",
            folder.path().join("bash").display()
        );
        tried("bash", &["-c", &asks]).map(text)
    };
    if let Some(options) = completed("amdahl show", "--as") {
        assert_eq!(options, "--ascii\n");
        assert_eq!(completed("amdahl", "workl"), Some("workloads\n".to_owned()));
        assert_eq!(completed("amdahl fit --format", "mark"), Some("markdown\n".to_owned()));
    }
}

#[test]
fn the_manual_has_every_command_and_option() {
    let manual = text(amdahl(&["man"]));
    assert!(manual.contains("\n.TH amdahl 1 "), "{manual}");
    assert!(manual.is_ascii(), "some readers of roff read bytes");
    for (command, options) in commands() {
        let section = manual.split("\n.SH ").find(|section| section.starts_with(&format!("\"amdahl {command}\"\n")));
        let section = section.unwrap_or_else(|| panic!("no section of {command}"));
        for option in options {
            let written = format!("\\-\\-{}", option.replace('-', "\\-"));
            assert!(section.contains(&written), "{command} has no --{option}");
        }
    }
}

/// What reads manual pages is at hand on most systems.
#[test]
fn readers_of_manuals_find_no_fault() {
    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join("amdahl.1");
    fs::write(&page, text(amdahl(&["man"]))).unwrap();
    if let Some(read) = accepts("groff", &["-man", "-Tutf8", "-ww", "-P-cbou"], &page) {
        assert!(read.contains("Without a command it does `amdahl run`") && read.contains("amdahl worksheet"), "{read}");
        assert!(read.lines().any(|line| line.ends_with("  standard deviation of each time (0.03 is 3 %)")), "{read}");
    }
}
