//! The README's plan for a class: its minutes add up, and every command does what it says as it stands there.

use std::fs;
use std::path::Path;

use crate::common::{binary, message, refusal, text};

/// A row of the plan: from one minute to another, with a command.
struct Step {
    minutes: (u32, u32),
    command: Vec<String>,
}

fn plan() -> Vec<Step> {
    let readme = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    let (_, section) = readme.split_once("\n## Ninety minutes with a class\n").unwrap();
    let section = section.split("\n## ").next().unwrap();
    let rows = section.lines().filter(|line| line.starts_with("| ") && line.contains('–'));
    rows.map(step).collect()
}

fn step(row: &str) -> Step {
    let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
    let [minutes, _, command] = cells[..] else { panic!("three cells in {row}") };
    let (from, to) = minutes.split_once('–').unwrap();
    let command = command.strip_prefix("`amdahl ").and_then(|rest| rest.strip_suffix('`'));
    let command = command.unwrap_or_else(|| panic!("one command of amdahl in {row}"));
    Step {
        minutes: (from.parse().unwrap(), to.parse().unwrap()),
        command: command.split_whitespace().map(str::to_owned).collect(),
    }
}

#[test]
fn ninety_minutes_are_ninety_minutes() {
    let mut now = 0;
    for Step { minutes: (from, to), command } in plan() {
        assert!(from == now && to > from, "{} begins at {from}, not at {now}", command.join(" "));
        now = to;
    }
    assert_eq!(now, 90);
}

/// The run on one's own GPU is made by a model, which takes no time.
#[test]
fn every_command_of_the_plan_works_as_it_stands() {
    let folder = tempfile::tempdir().unwrap();
    copy_tables(&folder.path().join("examples"));
    for Step { command, .. } in plan() {
        let mut run = binary();
        run.current_dir(folder.path()).args(&command);
        if command[0] == "run" && !command.contains(&"--simulate".to_owned()) {
            run.args(["--simulate", "llvmpipe"]);
        }
        let output = run.output().unwrap();
        assert!(output.status.success(), "amdahl {}\n{}", command.join(" "), message(&output));
        // What writes a page says which.
        let said = text(output);
        let wrote = said.split_whitespace().any(|word| folder.path().join(word).is_file());
        assert!(said.lines().count() > 5 || wrote, "amdahl {} says {said:?}", command.join(" "));
    }
}

/// The README compares the reader's device with a model, by their names: after the plan, too, whose last run is that
/// model's.
#[test]
fn devices_are_compared_shown_and_asked_about_by_their_names() {
    let folder = tempfile::tempdir().unwrap();
    let amdahl = |words: &str| binary().current_dir(folder.path()).args(words.split(' ')).output().unwrap();
    text(amdahl("run --quick --simulate llvmpipe"));
    text(amdahl("run --quick --simulate h100"));
    let readme = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    let (_, section) = readme.split_once("\n## Compare runs\n").unwrap();
    let command = section.lines().find_map(|line| line.strip_prefix("amdahl compare ")).unwrap();
    let command = format!("compare {}", command.split(" #").next().unwrap().trim_end());
    assert!(text(amdahl(&command)).contains("NVIDIA H100 SXM (model) with llvmpipe"), "{command}");
    for name in ["llvmpipe", "H100"] {
        let shown = text(amdahl(&format!("show {name}")));
        assert!(shown.lines().next().unwrap().contains(name), "{shown}");
        let section = text(amdahl(&format!("show {name} fixed-size")));
        assert!(section.contains("fixed-size · fma"), "{section}");
        let sheet = text(amdahl(&format!("worksheet {name} --format text")));
        assert!(sheet.lines().next().unwrap().contains(name), "{sheet}");
    }
    for words in ["show voodoo", "worksheet voodoo", "compare voodoo h100"] {
        let said = refusal(&amdahl(words));
        assert!(said.contains("\"voodoo\"") && said.contains("NVIDIA H100 SXM (model)"), "{words}: {said}");
    }
    assert!(refusal(&amdahl("show fixed-sise")).contains("did you mean \"fixed-size\"?"));
    let one = message(&amdahl("compare latest h100"));
    assert!(one.contains("mean one run") && one.contains("llvmpipe"), "{one}");
}

fn copy_tables(to: &Path) {
    fs::create_dir(to).unwrap();
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
}
