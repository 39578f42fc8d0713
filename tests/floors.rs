//! The house keeps its order: imports point down, and each outside library is named in one room only.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Each room with the rooms that it may name.
const FLOORS: &[(&str, &[&str])] = &[
    ("main", &["cli", "command"]),
    ("cli", &["units"]),
    (
        "command",
        &[
            "calculator",
            "cli",
            "clock",
            "device",
            "experiment",
            "law",
            "measure",
            "page",
            "record",
            "units",
            "workload",
        ],
    ),
    ("experiment", &["clock", "device", "finding", "law", "measure", "record", "stats", "workload"]),
    ("measure", &["clock", "device", "record", "stats", "units", "workload"]),
    ("device", &["clock", "record", "stats", "units", "workload"]),
    ("workload", &["record", "units"]),
    ("finding", &["law", "page", "record", "stats", "units"]),
    ("page", &["calculator", "finding", "law", "record", "stats", "units"]),
    ("calculator", &["stats", "units"]),
    ("record", &["law", "stats"]),
    ("law", &["stats"]),
    ("stats", &[]),
    ("clock", &[]),
    ("units", &[]),
];

/// Words that may stand in these places only.
const KEPT: &[(&str, &[&str])] = &[
    ("wgpu::", &["src/device/gpu/"]),
    ("clap::", &["src/cli.rs"]),
    ("Instant::now", &["src/clock.rs"]),
    ("block_on", &["src/command/"]),
    ("std::fs", &["src/command/", "src/device/cpu/host.rs"]),
    ("std::thread", &["src/device/cpu/", "src/command/writer.rs"]),
    ("rayon::", &["src/device/cpu"]),
    ("pulp::", &["src/workload/widest.rs"]),
    ("ndarray::", &["src/workload/product.rs"]),
    // A name that is not found is an answer for a user, and a silent gap anywhere else.
    ("workload::find", &["src/command/", "src/experiment/fixture.rs"]),
    ("indicatif::", &["src/command/progress.rs"]),
];

fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files = Vec::new();
    for path in entries.map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            files.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
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
            let at_home = name.ends_with("/tests.rs") || places.iter().any(|place| name.starts_with(place));
            assert!(at_home || !code.contains(word), "{name} names {word}, which belongs in {places:?}");
        }
    }
}

#[test]
fn the_test_sees_imports_of_every_shape() {
    let names = named("use crate::law;\nuse crate::{stats, units};\nlet x = crate::record::Run::new();");
    assert_eq!(names.into_iter().collect::<Vec<_>>(), ["law", "record", "stats", "units"]);
}
