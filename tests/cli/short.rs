//! The short answer fits on a screen, whatever was measured.

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
fn plain_characters_and_a_narrow_screen() {
    let run = |columns: &str, more: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_amdahl"));
        command.args(["run", "--simulate", "llvmpipe", "--quick", "--no-save"]).args(more).env("COLUMNS", columns);
        String::from_utf8(command.output().unwrap().stdout).unwrap()
    };
    let plain = run("80", &["--ascii"]);
    assert!(plain.is_ascii() && plain.contains('*') && plain.contains(" us"), "{plain}");
    // Narrower than that its tables would fall apart.
    let narrow = run("40", &[]);
    assert!(size(&narrow).1 <= 68, "{narrow}");
    assert!(size(&run("200", &["--full"])).1 <= 104, "no wider than a line can be read");
}
