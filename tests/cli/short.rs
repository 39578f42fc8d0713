//! The short answer fits on a screen, whatever was measured.

use serde_json::{Value, json};

use crate::common::{amdahl, text};

const MODELS: [&str; 6] = ["h100", "rtx4060-laptop", "rx7800xt", "iris-xe", "m2", "llvmpipe"];

/// Lines and columns of a text.
fn size(text: &str) -> (usize, usize) {
    (text.lines().count(), text.lines().map(|line| line.chars().count()).max().unwrap_or(0))
}

#[test]
fn eighty_lines_of_eighty_columns_on_every_model_and_effort() {
    for model in MODELS {
        for effort in [&[][..], &["--quick"], &["--thorough"]] {
            let page = text(amdahl(&[&["run", "--simulate", model, "--no-save"], effort].concat()));
            let (lines, columns) = size(&page);
            assert!(lines <= 80 && columns <= 80, "{model} {effort:?}: {lines} lines, {columns} columns\n{page}");
            for part in ["SAME JOB OR BIGGER JOB?", "WHAT STOPS IT?", "SHOULD I BATCH?", "WHO WINS?", "ALSO MEASURED"] {
                assert!(page.contains(part), "{model} {effort:?}: {part}");
            }
        }
    }
}

#[test]
fn sixty_columns_are_enough_on_every_model() {
    for model in MODELS {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_amdahl"));
        command.args(["run", "--simulate", model, "--no-save"]).env("COLUMNS", "60");
        let page = String::from_utf8(command.output().unwrap().stdout).unwrap();
        let broken = page.lines().any(|line| line.trim() == "enough" || line.ends_with("<-"));
        assert!(size(&page).1 <= 60 && !broken && page.contains("<- enough"), "{model}\n{page}");
    }
}

/// Whatever there is to beware of, and where the page is, stands on the same screen.
#[test]
fn every_stamp_at_once_still_fits_on_the_screen() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("r");
    for model in MODELS {
        let answer = text(amdahl(&["run", "--simulate", model, "--out", out.to_str().unwrap()]));
        let page = answer.lines().find_map(|line| line.strip_prefix("Page  ")).unwrap();
        let file = page.replace("report.html", "run.json");
        let mut run: Value = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
        run["device"]["kind"] = json!("software");
        run["device"]["hidden"] = json!("it is hidden");
        run["complete"] = json!(false);
        run["surroundings"]["begin"]["power"] = json!({ "value": "battery", "reason": null });
        let jump =
            json!({ "part": "kernel", "shape": "jump", "change": 0.6, "from": 5, "to": 6, "place": "gains/dot" });
        run["drift"] = json!([jump, jump]);
        let failed = |name: &str| json!({ "name": name, "passed": false, "detail": "by far" });
        run["audit"]["checks"] = json!([failed("the machine was quiet"), failed("one is one")]);
        std::fs::write(&file, run.to_string()).unwrap();
        let screen = text(amdahl(&["show", &file]));
        let stamps = ["Not a GPU", "not conformant", "busy", "Speed changed", "check failed", "On battery", "partial"];
        let said = screen.split_whitespace().collect::<Vec<_>>().join(" ").replace("! ", "");
        assert!(stamps.iter().all(|stamp| said.contains(stamp)), "{screen}");
        // The path of this page is longer than a line.
        let (lines, columns) = size(&screen.replace(page, "report.html"));
        assert!(lines <= 80 && columns <= 80 && screen.contains("More  amdahl show"), "{model}: {lines}\n{screen}");
    }
}

#[test]
fn plain_characters_and_a_narrow_screen() {
    let run = |columns: &str, more: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_amdahl"));
        command.args(["run", "--simulate", "llvmpipe", "--quick", "--no-save"]).args(more).env("COLUMNS", columns);
        String::from_utf8(command.output().unwrap().stdout).unwrap()
    };
    let plain = run("80", &["--ascii"]);
    assert!(plain.is_ascii() && plain.contains('*') && plain.contains(" us"), "{plain}");
    // Narrower than that nothing fits.
    assert!(size(&run("40", &[])).1 <= 60);
    assert!(size(&run("200", &["--full"])).1 <= 104, "no wider than a line can be read");
}
