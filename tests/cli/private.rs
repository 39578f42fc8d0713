//! What is shared is not private: a saved run names nobody, and nothing is written outside its folder.

use std::fs;
use std::path::{Path, PathBuf};

#[cfg(unix)]
use crate::common::{amdahl, text};
use crate::common::{binary, message};

/// The files of the only run in a folder.
fn files(out: &Path) -> Vec<PathBuf> {
    let folder = fs::read_dir(out).unwrap().next().unwrap().unwrap().path();
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

#[test]
fn a_saved_run_names_no_user_no_host_and_no_home() {
    let home = tempfile::Builder::new().prefix("home-of-ada").tempdir().unwrap();
    let out = home.path().join("runs");
    let mut command = binary();
    for (name, value) in [("USER", "ada-lovelace"), ("LOGNAME", "ada-lovelace"), ("HOSTNAME", "analytical-engine")] {
        command.env(name, value);
    }
    command.env("HOME", home.path()).env("USERPROFILE", home.path()).current_dir(home.path());
    let arguments = ["run", "fixed-size", "--workload", "saxpy", "--quick", "--device", "cpu", "--out"];
    let output = command.args(arguments).arg(&out).output().unwrap();
    assert!(output.status.success(), "{}", message(&output));
    let host = fs::read_to_string("/etc/hostname").unwrap_or_default();
    let private = ["home-of-ada", "ada-lovelace", "analytical-engine", host.trim()];
    let files = files(&out);
    assert_eq!(files.len(), 4, "{files:?}");
    for file in files {
        let content = fs::read_to_string(&file).unwrap();
        for word in private.iter().filter(|word| word.len() > 3) {
            assert!(!content.contains(word), "{} names {word}", file.display());
        }
    }
}

/// The user's usual permissions, and no link followed out of the folder.
#[cfg(unix)]
#[test]
fn files_have_the_usual_permissions_and_no_link_is_followed() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    let folder = tempfile::tempdir().unwrap();
    let (out, precious) = (folder.path().join("runs"), folder.path().join("precious"));
    fs::write(&precious, "precious").unwrap();
    let run = r#"umask 027; exec "$0" run fixed-size --workload saxpy --quick --simulate h100 --out "$1""#;
    let mut shell = assert_cmd::Command::new("sh");
    shell.args(["-c", run, env!("CARGO_BIN_EXE_amdahl")]).arg(&out).assert().success();
    let files = files(&out);
    for file in &files {
        let mode = file.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o640, "{} has {mode:o}", file.display());
    }
    let sheet = files[0].with_file_name("worksheet.html");
    symlink(&precious, &sheet).unwrap();
    symlink(&precious, sheet.with_extension("html.part")).unwrap();
    text(amdahl(&["worksheet", sheet.parent().unwrap().to_str().unwrap()]));
    assert_eq!(fs::read_to_string(&precious).unwrap(), "precious");
    assert!(!sheet.is_symlink() && fs::read_to_string(&sheet).unwrap().contains("<title>"));
}

#[cfg(unix)]
#[test]
fn a_link_to_nowhere_is_no_folder() {
    let folder = tempfile::tempdir().unwrap();
    let link = folder.path().join("link");
    std::os::unix::fs::symlink("/nonexistent/place", &link).unwrap();
    let output = amdahl(&["run", "--simulate", "h100", "--out", link.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1));
    let message = message(&output);
    assert!(message.contains("a link to nowhere") && message.contains("--out DIR"), "{message}");
}
