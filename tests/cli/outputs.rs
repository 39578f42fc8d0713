//! Where results go, and what the system grants: a fault there has its own words, and nothing measured is lost.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use crate::common::{amdahl, message, text};

/// A short run that saves.
const RUN: &str = "run fixed-size --workload saxpy --quick --full --device simulated --out";

/// Runs a script: `$0` is the binary, `$1` a folder.
fn shell(before: &[&str], script: &str, program: &Path, folder: &Path) -> Output {
    let words = [before, &["sh", "-c", script]].concat();
    let mut command = Command::new(words[0]);
    command.args(&words[1..]).arg(program).arg(folder).env("NODEVICE_SELECT", "1");
    command.stdin(Stdio::null()).output().unwrap()
}

fn script(script: &str, folder: &Path) -> Output {
    shell(&[], script, Path::new(env!("CARGO_BIN_EXE_amdahl")), folder)
}

fn saved(folder: &Path) -> Vec<String> {
    let runs = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    runs.filter(|run| run.join("run.json").exists()).map(|run| run.to_str().unwrap().to_owned()).collect()
}

#[test]
fn a_standard_output_that_is_full_closed_or_left_loses_nothing() {
    for (to, code) in [(">/dev/full", 1), (">&-", 0), ("| head -c 1 >/dev/null", 0)] {
        let folder = tempfile::tempdir().unwrap();
        let all = format!(r#"{{ "$0" {RUN} "$1"; echo $? >"$1/code"; }} {to}"#);
        let output = script(&all, folder.path());
        let said = message(&output);
        assert_eq!(
            std::fs::read_to_string(folder.path().join("code")).unwrap().trim(),
            code.to_string(),
            "{to}: {said}"
        );
        let runs = saved(folder.path());
        assert!(runs.len() == 1 && said.contains(&runs[0]), "{to}: {said}");
        assert_eq!(said.contains("cannot write to standard output"), code == 1, "{to}: {said}");
        text(amdahl(&["show", &runs[0]]));
    }
}

#[test]
fn help_that_cannot_be_printed_is_told_and_a_wrong_option_stays_one() {
    let folder = tempfile::tempdir().unwrap();
    for (words, code, is_told) in [
        ("--help >/dev/full", 1, true),
        ("--version >/dev/full", 1, true),
        ("workloads >/dev/full", 1, true),
        ("--bogus 2>/dev/full", 2, false),
    ] {
        let output = script(&format!(r#""$0" {words}"#), folder.path());
        let said = message(&output);
        assert_eq!(output.status.code(), Some(code), "{words}: {said}");
        assert_eq!(said.contains("cannot write to standard output: No space left"), is_told, "{words}: {said}");
    }
    let left = r#"{ sleep 0.3; "$0" --help; echo $? >"$1/code"; } | true; sleep 1; cat "$1/code""#;
    assert_eq!(text(script(left, folder.path())), "0\n", "a reader that has gone is no fault");
}

#[test]
fn runs_at_once_into_one_folder_have_a_folder_each() {
    let folder = tempfile::tempdir().unwrap();
    let at_once = format!(r#"for i in 1 2 3 4; do "$0" {RUN} "$1" >/dev/null & done; wait"#);
    let output = script(&at_once, folder.path());
    let runs = saved(folder.path());
    assert_eq!(runs.len(), 4, "{}", message(&output));
    for run in runs {
        assert!(!text(amdahl(&["show", &run])).contains("This run is partial"), "{run}");
    }
}

/// Folders of folders of a path that is no text.
#[test]
fn a_path_that_is_no_text_is_read() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join(OsStr::from_bytes(b"runs\xff"));
    text(script(&format!(r#"exec "$0" {RUN} "$1""#), &out));
    let run = std::fs::read_dir(&out).unwrap().next().unwrap().unwrap().path();
    let show = |path: &Path| Command::new(env!("CARGO_BIN_EXE_amdahl")).arg("show").arg(path).output().unwrap();
    assert!(text(show(&run)).contains("fixed-size"));
    let said = message(&show(&out));
    assert!(
        said.contains("the folder holds saved runs; give one of them, such as ") && said.contains("-simulated"),
        "{said}"
    );
}

/// A disk of its own, where a user may make one.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_ends_no_run() {
    let folder = tempfile::tempdir().unwrap();
    let mounted = r#"mount -t tmpfs -o size=32k none "$1" || exit 77"#;
    let run = format!(r#"{mounted}; "$0" {RUN} "$1"; code=$?; find "$1" -mindepth 1 >&2; exit $code"#);
    let binary = Path::new(env!("CARGO_BIN_EXE_amdahl"));
    let output = shell(&["unshare", "-rm"], &run, binary, folder.path());
    let said = message(&output);
    if output.status.code() == Some(77) || said.contains("unshare") {
        eprintln!("not tried: {said}");
        return;
    }
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("No space left") && said.contains("free some space"), "{said}");
    let is_left = |line: &str| line.starts_with(folder.path().to_str().unwrap());
    assert!(!said.lines().any(is_left), "neither half a file nor an empty folder stays: {said}");
    assert!(String::from_utf8(output.stdout).unwrap().contains("summary"), "{said}");
}

/// Somebody without rights, with a binary that they may start: root may write everywhere and start any number of
/// threads.
fn anybody(folder: &Path) -> Option<(Vec<&'static str>, std::path::PathBuf)> {
    let is_root = text(Command::new("id").arg("-u").output().unwrap()).trim() == "0";
    let binary = Path::new(env!("CARGO_BIN_EXE_amdahl"));
    if !is_root {
        return Some((Vec::new(), binary.to_owned()));
    }
    let nobody = vec!["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];
    let copy = folder.join("amdahl");
    std::fs::copy(binary, &copy).unwrap();
    std::fs::set_permissions(folder, Permissions::from_mode(0o755)).unwrap();
    let works = Command::new(nobody[0]).args(&nobody[1..]).arg(&copy).arg("--version").output();
    works.is_ok_and(|output| output.status.success()).then_some((nobody, copy))
}

#[test]
fn a_folder_that_may_not_be_written_is_told_before_anything_is_measured() {
    let folder = tempfile::tempdir().unwrap();
    let Some((before, binary)) = anybody(folder.path()) else { return eprintln!("not tried: no setpriv") };
    let out = folder.path().join("out");
    std::fs::create_dir(&out).unwrap();
    std::fs::set_permissions(&out, Permissions::from_mode(0o555)).unwrap();
    let output = shell(&before, &format!(r#"exec "$0" {RUN} "$1""#), &binary, &out);
    let said = message(&output);
    assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0), "{said}");
    for words in ["cannot write to", "Permission denied", "--out DIR", "--no-save"] {
        assert!(said.contains(words), "{said}");
    }
}

/// Drivers start threads, and tell nothing of use if they get none.
#[cfg(target_os = "linux")]
#[test]
fn too_few_threads_are_no_fault_of_a_driver() {
    let folder = tempfile::tempdir().unwrap();
    let Some((before, binary)) = anybody(folder.path()) else { return eprintln!("not tried: no setpriv") };
    let alone = r#"exec prlimit --nproc=1 "$0""#;
    text(script(&format!(r#""$0" {RUN} "$1" && "$0" {RUN} "$1" --seed 2"#), folder.path()));
    text(shell(&before, &format!(r#"{alone} compare "$1""#), &binary, folder.path()));
    let on_threads = format!("{alone} run fixed-size --workload relu --quick --device cpu --no-save");
    let said = message(&shell(&before, &on_threads, &binary, folder.path()));
    assert!(said.contains("did not start 2 threads") && said.contains("ulimit -u"), "{said}");
    let run = r#"exec prlimit --nproc=3 "$0" run fixed-size --workload saxpy --quick --no-save"#;
    let output = shell(&before, run, &binary, folder.path());
    let said = message(&output);
    if said.contains("measuring the CPU") || !text(amdahl(&["devices"])).contains("llvmpipe") {
        return eprintln!("not tried: {said}");
    }
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("no more threads, which the driver needs for") && said.contains("ulimit -u"), "{said}");
    assert!(!said.contains("update the driver") && !said.contains("hang"), "{said}");
}

/// What does not fit below the limit on the address space is left out, with that number.
#[cfg(target_os = "linux")]
#[test]
fn a_limit_on_the_memory_is_asked_before_sizes_are_planned() {
    let folder = tempfile::tempdir().unwrap();
    let run = r#"ulimit -v 1000000; exec "$0" run problem-size --device cpu --workload relu --quick --no-save --full \
                 --sizes 2^10,2^27"#;
    let output = script(run, folder.path());
    let said = message(&output);
    let shown = text(output);
    let shown = shown.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(shown.contains("GiB of memory beside the 0 B of earlier cases; the limit for both is"), "{shown}{said}");
}

#[test]
fn variables_that_hide_drivers_are_named() {
    let hiding =
        [("VK_DRIVER_FILES", "/nonexistent"), ("VK_LOADER_DRIVERS_DISABLE", "*"), ("VK_LOADER_DRIVERS_SELECT", "x")];
    for wish in [["--backend", "vulkan"], ["--device", "llvmpipe"]] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_amdahl"));
        command.args(["run", "--no-save"]).args(wish).envs(hiding).env("VK_ICD_FILENAMES", "/nonexistent");
        let said = message(&command.output().unwrap());
        for (name, _) in hiding {
            assert!(said.contains(&format!("`unset {name}` shows them")), "{wish:?}, {name}: {said}");
        }
    }
}
