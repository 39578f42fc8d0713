//! The house keeps its order: imports point down, and each outside library is named in one room only.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Each room with the rooms that it may name.
const FLOORS: &[(&str, &[&str])] = &[
    ("main", &["cli", "command"]),
    ("cli", &["device", "page", "record", "units"]),
    (
        "command",
        &[
            "calculator",
            "cli",
            "clock",
            "comparison",
            "device",
            "experiment",
            "measure",
            "page",
            "record",
            "units",
            "workload",
            "worksheet",
        ],
    ),
    ("worksheet", &["experiment", "law", "page", "record", "stats", "units"]),
    ("comparison", &["experiment", "law", "page", "record", "stats", "units"]),
    ("experiment", &["clock", "device", "law", "measure", "page", "record", "stats", "units", "workload"]),
    ("calculator", &["law", "page", "stats", "units"]),
    ("page", &["law", "record", "stats", "units"]),
    ("measure", &["clock", "device", "record", "stats", "units", "workload"]),
    ("device", &["clock", "record", "stats", "units", "workload"]),
    ("workload", &["record"]),
    ("record", &["stats"]),
    ("law", &["stats"]),
    ("stats", &[]),
    ("clock", &[]),
    ("units", &[]),
];

/// Words that may stand in these places only.
const KEPT: &[(&str, &[&str])] = &[
    ("wgpu::", &["src/device/gpu/"]),
    ("clap::", &["src/cli"]),
    ("clap_complete::", &["src/cli/manual.rs"]),
    ("clap_mangen::", &["src/cli/manual.rs"]),
    ("Instant::now", &["src/clock.rs"]),
    ("block_on", &["src/command/"]),
    ("std::fs", &["src/command/", "src/device/cpu/host.rs", "src/device/surroundings/"]),
    ("process::Command", &["src/device/surroundings/power.rs"]),
    ("std::thread", &["src/clock.rs", "src/device/cpu/", "src/command/compare.rs", "src/command/writer.rs"]),
    ("rayon::", &["src/device/cpu"]),
    ("multiversion::", &["src/workload/widest.rs"]),
    ("ndarray::", &["src/workload/product.rs"]),
    ("half::", &["src/workload/halves.rs"]),
    ("naga::", &["src/workload/own/"]),
    // A name that is not found is an answer for a user, and a silent gap anywhere else.
    ("workload::find", &["src/command/", "src/experiment/fixture/"]),
    ("indicatif::", &["src/command/progress.rs"]),
    ("ctrlc::", &["src/command/progress.rs"]),
    ("sysinfo::", &["src/device/cpu/host.rs", "src/device/surroundings/meter.rs"]),
    ("textwrap::", &["src/page/"]),
    ("askama::", &["src/page/"]),
    ("sha2::", &["src/page/html.rs"]),
    ("base64::", &["src/page/html.rs"]),
    ("strsim::", &["src/command/near.rs"]),
    ("flate2::", &["src/calculator/trace/"]),
    ("regex_lite::", &["src/calculator/trace/"]),
];

/// Columns of a line, lines of a file, and lines of a function.
const LONGEST: (usize, usize, usize) = (120, 350, 60);

fn sources(folder: &Path) -> Vec<PathBuf> {
    files(folder, "rs")
}

fn files(folder: &Path, wanted: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut found = Vec::new();
    for path in entries.map(|entry| entry.unwrap().path()) {
        // Packages for the browser's tests are not ours.
        if path.ends_with("node_modules") {
            continue;
        }
        if path.is_dir() {
            found.extend(files(&path, wanted));
        } else if path.extension().is_some_and(|extension| extension == wanted) {
            found.push(path);
        }
    }
    found
}

/// The lines of a file that are code: no comments, and not the tests at its end.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn relative(path: &Path) -> String {
    path.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/")
}

/// The rooms that a piece of code names, as `crate::room` or, in the binary, `amdahl::room`.
fn named(code: &str) -> BTreeSet<String> {
    let mut rooms = BTreeSet::new();
    for prefix in ["crate::", "amdahl::"] {
        for (at, _) in code.match_indices(prefix) {
            let rest = &code[at + prefix.len()..];
            let names: Vec<&str> = match rest.strip_prefix('{') {
                Some(list) => list.split('}').next().unwrap_or_default().split(',').collect(),
                None => vec![rest],
            };
            for name in names {
                let name: String = name.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                rooms.insert(name);
            }
        }
    }
    rooms
}

#[test]
fn imports_point_down() {
    for path in sources(&root().join("src")) {
        let name = relative(&path);
        let room = name.trim_start_matches("src/").split('/').next().unwrap().trim_end_matches(".rs").to_owned();
        // Tests may look anywhere.
        if room == "lib" || name.ends_with("/tests.rs") || name.contains("/tests/") {
            continue;
        }
        let (_, allowed) = FLOORS
            .iter()
            .find(|(floor, _)| *floor == room)
            .unwrap_or_else(|| panic!("{name}: the room {room} stands on no floor; add it to this test"));
        for other in named(&code(&path)) {
            assert!(
                other == room || allowed.contains(&other.as_str()),
                "{name} names crate::{other}, which is above it"
            );
        }
    }
}

#[test]
fn outside_libraries_stay_in_their_rooms() {
    for path in sources(&root().join("src")) {
        let (name, code) = (relative(&path), code(&path));
        for (word, places) in KEPT {
            // Tests may look anywhere.
            let is_test = name.ends_with("/tests.rs") || name.contains("/tests/");
            let at_home = is_test || places.iter().any(|place| name.starts_with(place));
            // An enum may let clap derive the names of its values.
            let code = code.replace("clap::ValueEnum", "");
            assert!(at_home || !code.contains(word), "{name} names {word}, which belongs in {places:?}");
        }
    }
}

#[test]
fn the_test_sees_imports_of_every_shape() {
    let names = named("use crate::law;\nuse crate::{stats, units};\nlet x = crate::record::Run::new();");
    assert_eq!(names.into_iter().collect::<Vec<_>>(), ["law", "record", "stats", "units"]);
}

/// Since imports point down, rooms without a circle in the table have none between their files.
#[test]
fn the_floors_have_no_circle() {
    let mut left: Vec<_> = FLOORS.to_vec();
    // Whatever names only rooms that are gone goes too, from the ground up.
    while let Some(at) = left.iter().position(|(_, below)| !left.iter().any(|(room, _)| below.contains(room))) {
        left.remove(at);
    }
    assert!(left.is_empty(), "in a circle, or above one: {left:?}");
}

#[test]
fn lines_are_short() {
    let texts = [
        ("src", "rs"),
        ("src", "html"),
        ("src", "css"),
        ("src", "js"),
        ("src", "svg"),
        ("tests", "rs"),
        ("tests", "mjs"),
        ("shaders", "wgsl"),
        ("examples", "wgsl"),
    ];
    let mut long = Vec::new();
    for path in texts.iter().flat_map(|(folder, kind)| files(&root().join(folder), kind)) {
        for (line, text) in fs::read_to_string(&path).unwrap().lines().enumerate() {
            if text.chars().count() > LONGEST.0 {
                long.push(format!("{}:{}", relative(&path), line + 1));
            }
        }
    }
    assert!(long.is_empty(), "longer than {} columns:\n{}", LONGEST.0, long.join("\n"));
}

#[test]
fn files_are_short() {
    let lines = |path: &PathBuf| fs::read_to_string(path).unwrap().lines().count();
    let scripts = files(&root().join("src"), "js");
    let all = sources(&root().join("src")).into_iter().chain(scripts);
    let long: Vec<PathBuf> = all.filter(|path| lines(path) > LONGEST.1).collect();
    assert!(long.is_empty(), "longer than {} lines: {long:?}", LONGEST.1);
}

#[test]
fn functions_are_short() {
    let mut long = Vec::new();
    for path in sources(&root().join("src")) {
        for (name, lines) in functions(&fs::read_to_string(&path).unwrap()) {
            if lines > LONGEST.2 {
                long.push(format!("{}: {name} has {lines}", relative(&path)));
            }
        }
    }
    assert!(long.is_empty(), "longer than {} lines:\n{}", LONGEST.2, long.join("\n"));
}

/// The functions of a formatted text with their lines: each ends at the brace in the column that it begins in.
fn functions(text: &str) -> Vec<(String, usize)> {
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    for (start, line) in lines.iter().enumerate() {
        let Some((before, after)) = line.split_once("fn ") else { continue };
        let is_head = |word: &str| {
            ["pub", "const", "async", "unsafe", "extern", "\"C\""].contains(&word) || word.starts_with("pub(")
        };
        if !before.split_whitespace().all(is_head) || line.ends_with([';', '}']) {
            continue;
        }
        let indentation = &line[..line.len() - line.trim_start().len()];
        // A declaration without a body ends at a semicolon: after its parameters, or after its bounds.
        let head = lines[start..].iter().take_while(|line| !line.ends_with('{'));
        let is_declared = head.clone().any(|line| line.ends_with(';'));
        let ends = |line: &&str| {
            let own = line.strip_prefix(indentation).unwrap_or_default();
            if is_declared { line.ends_with(';') } else { own == "}" }
        };
        let more = lines[start + 1..].iter().position(ends).unwrap_or_else(|| panic!("no end of {line}"));
        found.push((after.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect(), more + 2));
    }
    found
}

#[test]
fn the_test_sees_functions_of_every_shape() {
    let text = "\
fn a() {}
pub(crate) fn b() -> u8 {
    1
}
trait T {
    fn c(
        &self,
    );
    fn d();
}
impl T for U {
    const fn e()
    where
        A: B,
    {
        if x {
        }
    }
}
";
    let expected = [("b".to_owned(), 3), ("c".to_owned(), 3), ("e".to_owned(), 7)];
    assert_eq!(functions(text), expected);
}
