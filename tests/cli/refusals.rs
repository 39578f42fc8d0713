//! Refusals: exit code 2, nothing on standard output, and a message that says what would be right. What cannot be
//! written ends with exit code 1.

use std::fmt::Write as _;
use std::process::Output;

use crate::common::{amdahl, message, refusal, refused, simulated, text};
use crate::snapshot::is_as_before;

/// Returns each command line with the message that it gets.
pub(crate) fn messages(commands: &[&[&str]]) -> String {
    let mut all = String::new();
    for arguments in commands {
        writeln!(all, "$ amdahl {}\n{}", quoted(arguments), refusal(&amdahl(arguments))).unwrap();
    }
    all
}

fn quoted(arguments: &[&str]) -> String {
    let quote =
        |word: &&str| if word.is_empty() || word.contains(' ') { format!("'{word}'") } else { (*word).to_owned() };
    arguments.iter().map(quote).collect::<Vec<_>>().join(" ")
}

#[test]
fn bad_options() {
    let commands: [&[&str]; 20] = [
        &["run", "no-such-question"],
        &["run", "--workload", "sort"],
        &["run", "--workload", "matmul/huge"],
        &["run", "--device", "voodoo 2"],
        &["run", "--device", ""],
        &["run", "--backend", "glide"],
        &["run", "--format", "xml"],
        &["run", "--quick", "--thorough"],
        &["run", "launch-overhead", "--workload", "saxpy"],
        &["run", "--seed", "x"],
        &["run", "--simulate", "serial=2"],
        &["run", "--simulate", "speed=2"],
        &["run", "--simulate", "launch=5parsec"],
        &["frobnicate", "now"],
        &["--seed", "-1"],
        &["device"],
        &["predic"],
        &["run", "devices"],
        &["fixd-size"],
        &["run", "--workload", "mamtul"],
    ];
    is_as_before("refused-options", &messages(&commands));
}

#[test]
fn bad_counts() {
    for option in ["--sizes", "--workers", "--workgroup-sizes"] {
        for value in ["", "0", "-1", "abc", "2^99", "10..2", "1..", "1,,2", "1e3x", "2^40"] {
            refused(&["run", "--device", "simulated", option, value], &[option]);
        }
    }
    let with = |value| ["run", "--device", "simulated", "--sizes", value];
    let commands = ["", "0", "-1", "abc", "2^99", "10..2", "1..", "1,,2", "2^40"].map(with);
    is_as_before("refused-counts", &messages(&commands.each_ref().map(|command| &command[..])));
}

#[test]
fn options_that_mean_nothing() {
    let fixed = ["run", "fixed-size", "--device", "simulated", "--no-save"];
    let gains = ["run", "gains", "--device", "simulated", "--no-save"];
    let commands = [
        [&fixed[..], &["--workgroup-sizes", "8"]].concat(),
        [&fixed[..], &["--launches", "2"]].concat(),
        [&fixed[..], &["--wait", "block"]].concat(),
        [&fixed[..], &["--shape", "2x3x4"]].concat(),
        [&fixed[..], &["--sizes", "8", "--workers", "1000"]].concat(),
        [&fixed[..], &["launch-overhead", "--sizes", "100"]].concat(),
        vec!["run", "problem-size", "--device", "simulated", "--workers", "8"],
        vec!["run", "problem-size", "--device", "simulated", "--workgroup-sizes", "8"],
        vec!["run", "launch-overhead", "--device", "simulated", "--sizes", "8"],
        vec!["run", "scaled-size", "--device", "simulated", "--shape", "2x3x4"],
        vec!["run", "split-work", "--device", "simulated", "--workload", "dot"],
        vec!["run", "--device", "simulated", "--workgroup-sizes", "4096"],
        [&gains[..], &["--workload", "saxpy", "--shape", "2x3x4"]].concat(),
        [&gains[..], &["--shape", "2x3x4", "--sizes", "8"]].concat(),
        [&gains[..], &["--shape", "2x3"]].concat(),
        [&gains[..], &["--shape", "2x3x2^40"]].concat(),
    ];
    let commands: Vec<&[&str]> = commands.iter().map(|command| &command[..]).collect();
    is_as_before("refused-meaningless", &messages(&commands));
}

#[test]
fn what_the_cpu_has_not() {
    let on_cpu = |more: &[&'static str]| [&["run", "--device", "cpu", "--no-save"], more].concat();
    let commands = [
        on_cpu(&["--backend", "vulkan"]),
        on_cpu(&["--simulate", "serial=0.1"]),
        on_cpu(&["fixed-size", "--wait", "spin"]),
        on_cpu(&["fixed-size", "--workers-are", "workgroups"]),
        on_cpu(&["transfers"]),
        on_cpu(&["split-work"]),
        on_cpu(&["divergence"]),
        on_cpu(&["safety-cost"]),
    ];
    let commands: Vec<&[&str]> = commands.iter().map(|command| &command[..]).collect();
    is_as_before("refused-on-the-cpu", &messages(&commands));
}

#[test]
fn files_that_are_no_run() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("run.json");
    let report = || -> Output { amdahl(&["report", path.to_str().unwrap()]) };
    let mut all = format!("(no file)\n{}", refusal(&report()));
    let contents: [&[u8]; 7] = [
        b"",
        b"{\"schema\": \"amdahl-run/1\", \"seed\": ",
        b"{\"schema\": \"amdahl-run/1\"}",
        b"[1, 2, 3]",
        b"{\"schema\": \"someone-else/7\"}",
        b"{\"schema\": \"amdahl-run/999\"}",
        b"\xff\xfe{}",
    ];
    for content in contents {
        std::fs::write(&path, content).unwrap();
        write!(all, "\n{}\n{}", String::from_utf8_lossy(content), refusal(&report())).unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), content, "the file was touched");
    }
    is_as_before("refused-files", &all.replace(path.to_str().unwrap(), "[folder]/run.json"));
}

/// Numbers that no clock shows, in a run that was saved in good order.
#[test]
fn numbers_that_cannot_have_been_measured() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("run.json");
    let good = simulated(&["fixed-size", "--workload", "saxpy"]);
    let show = || amdahl(&["show", path.to_str().unwrap()]);
    let case = "/experiments/0/cases/3";
    let places = [
        (format!("{case}/phases/kernel/seconds/2"), "cases[3]: kernel[2]: "),
        (format!("{case}/phases/launch/seconds/0"), "cases[3]: launch[0]: "),
        (format!("{case}/wall/1"), "cases[3]: wall[1]: "),
        ("/seconds".to_owned(), "seconds: "),
        ("/experiments/0/canary/kernel/0".to_owned(), "canary.kernel[0]: "),
        ("/calibration/empty_dispatch".to_owned(), "calibration.empty_dispatch[0]: "),
    ];
    for (place, named) in &places {
        for value in [-1e-3, 1e-320, 1e300] {
            let mut run = good.clone();
            *run.pointer_mut(place).unwrap() = value.into();
            std::fs::write(&path, run.to_string()).unwrap();
            let message = refusal(&show());
            assert!(message.contains(named) && message.contains("may be damaged"), "{place} {value}: {message}");
        }
    }
    for place in ["workers", "workgroup_size", "dispatches", "slices", "parts", "transfers_every", "problem/vector/n"] {
        let mut run = good.clone();
        *run.pointer_mut(&format!("{case}/{place}"))
            .unwrap_or_else(|| panic!("{place}: {}", good["experiments"][0]["cases"][3])) = 0.into();
        std::fs::write(&path, run.to_string()).unwrap();
        assert!(refusal(&show()).contains("cases[3]: "), "{place}");
    }
    let mut zero = good.clone();
    for seconds in zero.pointer_mut(&format!("{case}/phases/kernel/seconds")).unwrap().as_array_mut().unwrap() {
        *seconds = 0.0.into();
    }
    std::fs::write(&path, format!("\u{feff}{zero}")).unwrap();
    let shown = text(amdahl(&["show", path.to_str().unwrap(), "all"]));
    assert!(!shown.contains("NaN") && !shown.contains("inf "), "{shown}");
}

/// A file without end, and lists in lists in lists: an error within bounded memory.
#[cfg(target_os = "linux")]
#[test]
fn files_that_are_too_large() {
    let folder = tempfile::tempdir().unwrap();
    let bomb = folder.path().join("run.json");
    std::fs::write(&bomb, "[".repeat(1 << 20)).unwrap();
    for command in [&["show"][..], &["worksheet"], &["compare", "/dev/zero"], &["predict", "--from"]] {
        refused(&[command, &["/dev/zero"]].concat(), &["more than 64 MiB", "/dev/zero"]);
        if command[0] != "compare" {
            refused(&[command, &[bomb.to_str().unwrap()]].concat(), &["run.json"]);
        }
    }
    refused(&["run", "--wgsl", "/dev/zero"], &["more than 64 MiB", "--wgsl"]);
    refused(&["fit", bomb.to_str().unwrap()], &["run.json: line 1", "recursion limit"]);
    std::fs::write(&bomb, "[[1, 9.5], [2, 5.5]]").unwrap();
    refused(&["fit", bomb.to_str().unwrap()], &["JSON of an unknown kind", "a list of objects"]);
}

#[test]
fn an_output_folder_that_cannot_be_written_ends_the_run_before_measuring() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a-file");
    std::fs::write(&file, "precious").unwrap();
    let output = amdahl(&["run", "--device", "simulated", "--out", file.to_str().unwrap()]);
    let message = message(&output);
    assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(1), [].as_slice()), "{message}");
    for word in ["a-file", "--out", "--no-save"] {
        assert!(message.contains(word), "{message}");
    }
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "precious");
}

#[test]
fn a_refused_run_leaves_no_folder() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("runs");
    let arguments = ["run", "fixed-size", "--device", "simulated", "--sizes", "8", "--workers", "1000", "--out"];
    refused(&[&arguments[..], &[out.to_str().unwrap()]].concat(), &["1000 workers"]);
    assert_eq!(std::fs::read_dir(&out).unwrap().count(), 0);
}

/// Numbers near the most that a kernel counts: the run goes on without the cases that are too large, or refuses.
#[test]
fn numbers_at_the_edge_of_a_kernels_counters() {
    for (option, number) in ["--workers", "--sizes", "--workgroup-sizes", "--launches"]
        .into_iter()
        .flat_map(|option| ["1,2^31", "2^28", "4294967295", "2^32"].map(|number| (option, number)))
    {
        for experiment in ["fixed-size", "scaled-size", "workgroup-size", "split-work", "transfers", "climb"] {
            let output = amdahl(&["run", experiment, "--quick", "--simulate", "h100", "--no-save", option, number]);
            let code = output.status.code();
            assert!(matches!(code, Some(0 | 2)), "{experiment} {option} {number}: {}", message(&output));
        }
    }
}
