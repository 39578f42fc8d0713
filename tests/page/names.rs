//! A device may have any name: it stays text in every format.

use std::fs;

use amdahl::experiment::cases_csv;
use amdahl::record::Run;
use libtest_mimic::{Failed, Trial};
use serde_json::Value;

use crate::common::{amdahl, text};

/// A formula for a spreadsheet, markup, quotes, colours for a terminal (in both forms), a mark that turns the direction
/// of writing, and other control characters.
const EVIL: &str = "=1+1 <script>globalThis.hacked=1</script> \"quoted' <b class=evil> <img src=x> | `[x](y)` \
                    \u{1b}[31m\u{9b}31m\u{202e}\u{2066}\u{2028}\u{7}\r\u{0}\n# end";

/// Returns a saved run as of a device with an evil name, and with evil texts wherever any text may stand.
pub(crate) fn with_evil_name(run: &str) -> String {
    let mut run: Value = serde_json::from_str(run).unwrap();
    run["device"]["name"] = EVIL.into();
    for text in ["/device/driver", "/device/no_timestamps", "/host/system", "/host/processor", "/command/0", "/version"]
    {
        let value = run.pointer_mut(text).unwrap();
        *value = EVIL.into();
    }
    for experiment in run["experiments"].as_array_mut().unwrap() {
        experiment["stopped"] = EVIL.into();
        experiment["skipped"] = serde_json::json!([{ "case": EVIL, "reason": EVIL }]);
    }
    for check in run["audit"]["checks"].as_array_mut().unwrap() {
        check["detail"] = EVIL.into();
        check["passed"] = false.into();
    }
    run.to_string()
}

/// What could steer a terminal or turn a text round.
fn steers(letter: char) -> bool {
    letter.is_control() && letter != '\n' && letter != '\t' || "\u{202e}\u{2066}\u{2028}".contains(letter)
}

pub(crate) fn trials() -> Vec<Trial> {
    vec![Trial::test("an_evil_name_stays_text_in_every_format", every_format)]
}

fn every_format() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let quick =
        ["run", "fixed-size", "--quick", "--simulate", "llvmpipe", "--seed", "1", "--format", "json", "--no-save"];
    let file = folder.path().join("run.json");
    fs::write(&file, with_evil_name(&text(amdahl(&quick))))?;
    let shown = |words: &[&str]| text(amdahl(&[&["show", file.to_str().unwrap()], words].concat()));
    let formats: [&[&str]; 6] =
        [&[], &["all"], &["--ascii"], &["--format", "markdown"], &["--format", "html"], &["--format", "csv"]];
    for format in formats {
        let page = shown(format);
        assert_eq!(page.chars().find(|letter| steers(*letter)), None, "{format:?}");
    }
    for format in [["--format", "markdown"], ["--format", "html"]] {
        // Markdown takes a mark with a backslash before it as text.
        let page = shown(&format).replace("\\<", "");
        assert!(
            !page.contains("<script>globalThis") && !page.contains("<b class") && !page.contains("<img"),
            "{format:?}"
        );
        assert!(!page.contains("\n# end"), "{format:?}");
    }
    let run = Run::from_json(&fs::read_to_string(&file)?)?;
    for rows in [shown(&["--format", "csv"]), cases_csv(&run)] {
        let formulas =
            |row: &&str| row.split(',').any(|cell| cell.trim_start_matches('"').starts_with(['=', '+', '@']));
        assert_eq!(rows.lines().find(formulas), None, "a cell that a spreadsheet would compute");
    }
    let json: Value = serde_json::from_str(&shown(&["--format", "json"]))?;
    assert!(json["device"]["name"].as_str().unwrap().starts_with("=1+1 <script>"), "for programs it is as it was");
    Ok(())
}
