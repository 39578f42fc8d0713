//! The page of a run, the page without one, and pictures as files.

use std::fs;
use std::path::Path;

use crate::common::{amdahl, message, refused, text};

/// Bytes of the page of a default run, at the most.
const LARGEST: usize = 400_000;

#[test]
fn a_run_is_saved_with_its_page() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().to_str().unwrap();
    let run = amdahl(&["run", "--simulate", "h100", "--out", out]);
    assert!(!message(&run).contains("Saved in"), "the answer says where its page is: {}", message(&run));
    let said = text(run);
    let page = said.lines().find_map(|line| line.strip_prefix("Page  ")).unwrap_or_else(|| panic!("{said}"));
    let html = fs::read_to_string(page).unwrap();
    assert!(html.len() < LARGEST, "{} bytes", html.len());
    for part in ["laws", "explorer", "stops", "batch", "wins", "small", "fold"] {
        assert!(html.contains(&format!("<section id=\"{part}\"")), "{part}");
    }
    assert!(!html.contains("://") && html.contains("Content-Security-Policy"));
    let folder = Path::new(page).parent().unwrap().to_str().unwrap();
    assert_eq!(text(amdahl(&["show", folder, "--format", "html"])), html);
    let pictures = Path::new(out).join("pictures");
    let written = text(amdahl(&["show", folder, "--svg", pictures.to_str().unwrap()]));
    assert!(written.lines().count() > 10 && written.contains("laws.svg"), "{written}");
    for file in written.lines() {
        assert!(fs::read_to_string(file).unwrap().ends_with("</svg>"), "{file}");
    }
}

#[test]
fn the_laws_have_a_page_without_a_run() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("laws.html");
    let said = text(amdahl(&["page", "--out", file.to_str().unwrap()]));
    assert_eq!(said.trim_end(), file.to_str().unwrap());
    assert!(fs::read_to_string(&file).unwrap().contains("<section id=\"explorer\""));
    let nowhere = folder.path().join("nowhere").join("laws.html");
    let failed = amdahl(&["page", "--out", nowhere.to_str().unwrap()]);
    assert_eq!(failed.status.code(), Some(1));
    assert!(message(&failed).contains("cannot write"), "{}", message(&failed));
    refused(&["show", "--svg", "x", "--format", "json"], &["--svg", "--format"]);
}

#[test]
fn other_pages_are_written_for_a_browser_too() {
    let html = text(amdahl(&["predict", "--serial-fraction", "0.1", "--format", "html"]));
    assert!(html.starts_with("<!doctype html>") && html.contains("<table>") && !html.contains("://"), "{html}");
}
