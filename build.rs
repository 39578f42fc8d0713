//! Passes the version and the commit to the program.
//!
//! In a checkout, git knows the commit. In a published crate, cargo has written it into a file. Otherwise the commit is
//! unknown. The script runs again only if another commit is checked out.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

/// Hexadecimal digits of the commit in `--version`.
const SHORT: usize = 12;

/// File in which cargo notes the commit of a published crate.
const NOTE: &str = ".cargo_vcs_info.json";

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let version = env::var("CARGO_PKG_VERSION").unwrap_or_default();
    let root = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from).unwrap_or_default();
    match checked_out(&root).or_else(|| noted(&root)).filter(|commit| is_commit(commit)) {
        Some(commit) => {
            println!("cargo::rustc-env=AMDAHL_COMMIT={commit}");
            println!("cargo::rustc-env=AMDAHL_VERSION={version} ({})", &commit[..SHORT]);
        }
        None => println!("cargo::rustc-env=AMDAHL_VERSION={version}"),
    }
}

/// Returns the commit of a checkout with this root. A folder inside another checkout does not count.
fn checked_out(root: &Path) -> Option<String> {
    if !root.join(".git").exists() {
        return None;
    }
    let branch = git(root, &["symbolic-ref", "--quiet", "HEAD"]);
    // One of these files changes with every commit. Cargo would rebuild every time for a file that does not exist.
    for name in ["HEAD", "logs/HEAD", "packed-refs"].into_iter().chain(branch.as_deref()) {
        let path = git(root, &["rev-parse", "--git-path", name]).map(|path| root.join(path));
        if let Some(path) = path.filter(|path| path.exists()) {
            println!("cargo::rerun-if-changed={}", path.display());
        }
    }
    git(root, &["rev-parse", "HEAD"])
}

/// Returns git's answer on one line; `None` if git is missing or fails.
fn git(root: &Path, arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").arg("-C").arg(root).args(arguments).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_owned())
}

/// Returns the commit that cargo noted in a published crate.
fn noted(root: &Path) -> Option<String> {
    let note = fs::read_to_string(root.join(NOTE)).ok()?;
    let (_, rest) = note.split_once("\"sha1\"")?;
    rest.split('"').nth(1).map(str::to_owned)
}

/// Returns whether a text is a full commit hash of 40 or 64 hexadecimal digits.
fn is_commit(text: &str) -> bool {
    [40, 64].contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}
