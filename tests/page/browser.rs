//! The pages in a browser without a screen: each check of tests/browser by its name.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::OnceLock;

use amdahl::experiment::{explorer_page, report_page};
use amdahl::record::Run;
use libtest_mimic::{Failed, Trial};
use tempfile::TempDir;

use crate::common::{amdahl, text};
use crate::names::with_evil_name;
use crate::{node, path, program, trial};

const CHECKS: [&str; 16] = [
    "opens_from_disk_without_errors_or_requests",
    "every_number_is_there_without_the_script",
    "no_page_is_wider_than_the_screen",
    "an_evil_name_stays_text",
    "the_eight_rows_of_both_laws",
    "presets_have_their_numbers",
    "the_effective_curve_has_its_top_at_eleven",
    "a_profile_on_many_workers_gives_the_fraction_on_one",
    "sliders_move_by_keys_and_fields_take_any_number",
    "the_address_holds_the_state",
    "a_guess_comes_before_the_answer",
    "the_figure_changes_its_axes_and_its_times",
    "marks_are_read_by_keys",
    "the_explorer_begins_with_this_device",
    "phases_are_made_free",
    "batching_is_answered_for_any_kernel",
];

pub(crate) fn trials() -> Vec<Trial> {
    let needed = needed();
    let check = |name: &'static str| {
        trial(name, needed.clone(), move |(node, browser)| {
            let folder = pages().path();
            let checked =
                Command::new(node).arg(path("tests/browser/main.mjs")).arg(name).arg(folder).arg(browser).output()?;
            if checked.status.success() { Ok(()) } else { Err(Failed::from(String::from_utf8_lossy(&checked.stderr))) }
        })
    };
    CHECKS.map(check).into()
}

/// Returns node and the browser, or what is missing.
fn needed() -> Result<(String, String), String> {
    let node = node()?;
    let browser = program(&["chromium", "chromium-browser", "google-chrome"])?;
    if !path("tests/browser/node_modules/playwright-core").exists() {
        return Err("there is no tests/browser/node_modules: run `npm ci --prefix tests/browser`".to_owned());
    }
    Ok((node, found(&browser)))
}

/// Returns the whole path of a program, which the driver of the browser wants.
fn found(name: &str) -> String {
    let folders = std::env::var_os("PATH").unwrap_or_default();
    let whole = std::env::split_paths(&folders).map(|folder| folder.join(name)).find(|path| path.exists());
    whole.map_or_else(|| name.to_owned(), |path| path.to_string_lossy().into_owned())
}

/// Returns the folder of the pages: of a run, without one, and of a run on a device with an evil name.
fn pages() -> &'static TempDir {
    static PAGES: OnceLock<TempDir> = OnceLock::new();
    PAGES.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let runs = folder.path().join("runs");
        text(amdahl(&["run", "--simulate", "llvmpipe", "--seed", "1", "--out", runs.to_str().unwrap()]));
        let saved = fs::read_dir(&runs).unwrap().next().unwrap().unwrap().path();
        write(folder.path(), "report.html", &fs::read_to_string(saved.join("report.html")).unwrap());
        write(folder.path(), "alone.html", &explorer_page());
        let evil = with_evil_name(&fs::read_to_string(saved.join("run.json")).unwrap());
        write(folder.path(), "evil.html", &report_page(&Run::from_json(&evil).unwrap()));
        folder
    })
}

fn write(folder: &Path, name: &str, page: &str) {
    fs::write(folder.join(name), page).unwrap();
}
