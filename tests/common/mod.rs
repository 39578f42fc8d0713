//! What the tests share: how they run the binary, and what they demand of its answer.

#![allow(dead_code, reason = "each test program uses a part")]

pub(crate) mod adapter;
pub(crate) mod measured;

use std::process::Output;

use assert_cmd::Command;
use serde_json::Value;

/// Returns the binary, ready for its arguments. It uses a software adapter like any other.
pub(crate) fn binary() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_amdahl"));
    command.env("NODEVICE_SELECT", "1").env_remove("COLUMNS");
    command
}

/// Runs the binary to its end, whatever that is.
pub(crate) fn amdahl(arguments: &[&str]) -> Output {
    binary().args(arguments).output().expect("the binary starts")
}

/// Returns the standard output of a command that succeeded.
pub(crate) fn text(output: Output) -> String {
    assert!(output.status.success(), "{}", message(&output));
    String::from_utf8(output.stdout).expect("standard output is UTF-8")
}

/// Writes a text on one line, so that it can be searched for sentences.
pub(crate) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns the JSON that a command printed.
pub(crate) fn json(output: Output) -> Value {
    serde_json::from_str(&text(output)).expect("standard output is JSON")
}

/// Returns the standard error.
pub(crate) fn message(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("standard error is UTF-8")
}

/// Demands exit code 2, nothing on standard output, and no panic. Returns the message.
pub(crate) fn refusal(output: &Output) -> String {
    let message = message(output);
    assert_eq!(output.status.code(), Some(2), "{message}");
    assert!(output.stdout.is_empty(), "a refused command printed a result: {message}");
    assert!(message.starts_with("error: ") && !message.contains("panicked"), "{message}");
    message
}

/// Demands that the binary refuses the arguments, with all of the words.
pub(crate) fn refused(arguments: &[&str], words: &[&str]) {
    let message = refusal(&amdahl(arguments));
    for word in words {
        assert!(message.contains(word), "{arguments:?} does not name {word:?}: {message}");
    }
}

/// Makes a quick run, on the simulated device unless the arguments name another, and returns it as JSON.
pub(crate) fn simulated(arguments: &[&str]) -> Value {
    let device: &[&str] = if arguments.contains(&"--simulate") || arguments.contains(&"--device") {
        &[]
    } else {
        &["--device", "simulated"]
    };
    json(amdahl(&[&["run", "--no-save", "--format", "json", "--quick"], device, arguments].concat()))
}

/// Returns the items of a list.
pub(crate) fn items(list: &Value) -> &[Value] {
    list.as_array().unwrap_or_else(|| panic!("{list} is no list"))
}

/// Returns a number.
pub(crate) fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is no number"))
}
