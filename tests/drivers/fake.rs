//! The driver of ours: how it is built, and how the binary is made to use it.

use std::env;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use crate::common::binary;

/// Folders in which the Vulkan loader looks for manifests of drivers.
const MANIFESTS: [&str; 3] = ["/usr/share/vulkan/icd.d", "/etc/vulkan/icd.d", "/usr/local/share/vulkan/icd.d"];

/// The driver, built.
#[derive(Clone)]
pub(crate) struct Fake {
    /// The manifests of two copies: each is a driver of its own, with one device.
    pub(crate) copies: [PathBuf; 2],
    /// The manifest of the driver that they pass everything on to.
    pub(crate) real: PathBuf,
    library: String,
    /// Holds the copies until the last test is done.
    _folder: Arc<tempfile::TempDir>,
}

impl Fake {
    /// Builds two copies, or says what is missing.
    pub(crate) fn build() -> Result<Self, String> {
        let real = real_manifest()?;
        let text = fs::read_to_string(&real).map_err(|error| format!("{}: {error}", real.display()))?;
        let manifest: serde_json::Value = serde_json::from_str(&text).map_err(|error| error.to_string())?;
        let library = manifest["ICD"]["library_path"].as_str().ok_or("the manifest names no library")?.to_owned();
        let compiler = env::var("CC").unwrap_or_else(|_| "cc".to_owned());
        has_headers(&compiler)?;
        let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/drivers/fake_icd.c");
        let copies = ["one", "two"].map(|name| {
            let library = folder.path().join(format!("{name}.so"));
            let built = Command::new(&compiler)
                .args(["-shared", "-fPIC", "-fvisibility=hidden", "-Wall", "-Wextra", "-Werror", "-o"])
                .args([&library, &source])
                .arg("-ldl")
                .output()
                .unwrap();
            assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
            let manifest = folder.path().join(format!("{name}.json"));
            let icd = serde_json::json!({ "library_path": library, "api_version": "1.3.0" });
            let text = serde_json::json!({ "file_format_version": "1.0.0", "ICD": icd });
            fs::write(&manifest, text.to_string()).unwrap();
            manifest
        });
        Ok(Self { copies, real, library, _folder: Arc::new(folder) })
    }

    /// The binary with these drivers and no others, and what ours say of themselves: names of variables without their
    /// beginning, and values.
    pub(crate) fn binary(&self, manifests: &[&PathBuf], says: &[(&str, &str)]) -> assert_cmd::Command {
        let mut command = binary();
        with_drivers(&mut command, manifests);
        command.env("FAKE_DRIVER_REAL", &self.library);
        command.envs(says.iter().map(|(name, value)| (format!("FAKE_DRIVER_{name}"), value)));
        command
    }
}

/// Lets the Vulkan loader find these drivers and no others, by the variable's new name and its old one.
pub(crate) fn with_drivers(command: &mut assert_cmd::Command, manifests: &[&PathBuf]) {
    let list = env::join_paths(manifests).unwrap();
    command.env("VK_DRIVER_FILES", &list).env("VK_ICD_FILENAMES", list);
}

/// The manifest of Mesa's software driver for this processor.
pub(crate) fn real_manifest() -> Result<PathBuf, String> {
    if !cfg!(target_os = "linux") {
        return Err("Mesa's software driver is looked for on Linux only".to_owned());
    }
    let listed = MANIFESTS.iter().filter_map(|folder| fs::read_dir(folder).ok()).flatten();
    let name = |path: &PathBuf| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mut found: Vec<PathBuf> =
        listed.map(|entry| entry.unwrap().path()).filter(|path| name(path).starts_with("lvp_icd")).collect();
    found.sort_by_key(|path| !name(path).contains(env::consts::ARCH));
    found.into_iter().next().ok_or_else(|| "Mesa's software driver is missing (mesa-vulkan-drivers)".to_owned())
}

/// Whether there is a C compiler that finds the headers of Vulkan drivers.
fn has_headers(compiler: &str) -> Result<(), String> {
    let mut child = Command::new(compiler)
        .args(["-fsyntax-only", "-x", "c", "-"])
        .stdin(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|_| format!("there is no C compiler {compiler:?}"))?;
    let source = "#include <vulkan/vulkan.h>\n#include <vulkan/vk_icd.h>\n";
    child.stdin.take().unwrap().write_all(source.as_bytes()).unwrap();
    if child.wait().unwrap().success() {
        return Ok(());
    }
    Err("the headers of Vulkan are missing (libvulkan-dev)".to_owned())
}
