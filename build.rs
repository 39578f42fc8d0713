//! Tells the program which commit it is built from.
//!
//! In a checkout git knows; in a published crate cargo has left a note. Anywhere else the commit stays unknown. The
//! script runs again only when another commit is checked out.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

/// Hexadecimal digits of a commit that tell it from any other in `--version`.
const SHORT: usize = 12;

/// What cargo writes into a published crate.
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

/// Returns the commit of the checkout that this folder is the root of; a folder inside another checkout is none.
fn checked_out(root: &Path) -> Option<String> {
    if !root.join(".git").exists() {
        return None;
    }
    let branch = git(root, &["symbolic-ref", "--quiet", "HEAD"]);
    // Each of these changes with the commit. A file that is not there would count as changed in every build.
    for name in ["HEAD", "logs/HEAD", "packed-refs"].into_iter().chain(branch.as_deref()) {
        let path = git(root, &["rev-parse", "--git-path", name]).map(|path| root.join(path));
        if let Some(path) = path.filter(|path| path.exists()) {
            println!("cargo::rerun-if-changed={}", path.display());
        }
    }
    git(root, &["rev-parse", "HEAD"])
}

/// Returns what git says, on one line; `None` if there is no git, or if it knows no answer.
fn git(root: &Path, arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").arg("-C").arg(root).args(arguments).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_owned())
}

/// Returns the commit that cargo noted when the crate was published.
fn noted(root: &Path) -> Option<String> {
    let note = fs::read_to_string(root.join(NOTE)).ok()?;
    let (_, rest) = note.split_once("\"sha1\"")?;
    rest.split('"').nth(1).map(str::to_owned)
}

/// Whether a text is the full name of a commit: 40 hexadecimal digits, or 64.
fn is_commit(text: &str) -> bool {
    [40, 64].contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}
