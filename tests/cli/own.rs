//! `--wgsl` and `--expect`: every fault of the reader's own kernel is found before a device is touched.

use std::fmt::Write as _;
use std::path::Path;

use crate::common::{amdahl, refusal};
use crate::snapshot::is_as_before;

/// A kernel that any number of workers can share.
const GOOD: &str = "override WG: u32 = 64u;
struct P { n: u32, workers: u32 }
@group(0) @binding(0) var<uniform> p: P;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;
@compute @workgroup_size(WG)
fn main(@builtin(global_invocation_id) id: vec3u) {
    if id.x >= p.workers { return; }
    for (var i = id.x; i < p.n; i += p.workers) { y[i] = 2.0 * x[i]; }
}
";

/// Runs the binary on a kernel in a file of that name, and returns what it refuses.
fn refused(folder: &Path, name: &str, text: &str, more: &[&str]) -> String {
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    let command = [&["run", "--no-save", "--wgsl", path.to_str().unwrap()], more].concat();
    refusal(&amdahl(&command)).replace(folder.to_str().unwrap(), "[folder]")
}

#[test]
fn kernels_that_cannot_be_served() {
    let other = "@compute @workgroup_size(1) fn other() { y[0] = x[0]; }\n";
    let edits: [(&str, &str, &str); 20] = [
        ("a syntax error", "2.0 * x[i];", "2.0 * x[i;"),
        ("a wrong type", "2.0 * x[i]", "2u * x[i]"),
        ("no entry point", "@compute @workgroup_size(WG)\nfn main(@builtin(global_invocation_id) id", "fn main(id"),
        ("two entry points", "override WG", &format!("{other}override WG")),
        ("two dimensions", "@workgroup_size(WG)", "@workgroup_size(8, WG)"),
        ("a computed size", "@workgroup_size(WG)", "@workgroup_size(WG / 2u)"),
        ("a texture", "var<storage, read> x: array<f32>;", "var x: texture_2d<f32>;"),
        ("another group", "@group(0) @binding(2)", "@group(3) @binding(2)"),
        ("a second block", "override WG", "@group(0) @binding(5) var<uniform> q: P;\noverride WG"),
        ("a constant without a value", "workers: u32 }", "workers: u32,\n    a: f32 }"),
        ("a constant of another type", "workers: u32 }", "workers: u32,\n    a: i32, // = 2.5\n}"),
        ("an override without a value", "override WG", "override A: f32;\noverride WG"),
        ("an array that is read and written", "y[i] = ", "y[i] += "),
        ("atomics", "read_write> y: array<f32>", "read_write> y: array<atomic<u32>>"),
        ("another length", "x: array<f32>;", "x: array<f32>; // elements: n + 1"),
        ("unclear work", "override WG", "// flop: many\noverride WG"),
        ("truth values", "x: array<f32>", "x: array<bool>"),
        ("one number for two", "@binding(1)", "@binding(2)"),
        ("a size that is no whole number", "n: u32", "n: f32"),
        ("no output", "y[i] = 2.0 * x[i];", ""),
    ];
    let folder = tempfile::tempdir().unwrap();
    let mut all = String::new();
    for (name, from, to) in edits {
        let text = match name {
            "a texture" => GOOD.replace("x[i]", "textureLoad(x, vec2u(i, 0u), 0).r"),
            "atomics" => GOOD.replace("y[i] = 2.0 * x[i]", "atomicAdd(&y[i], u32(x[i]))"),
            "truth values" => GOOD.replace("2.0 * x[i]", "f32(x[i])"),
            "a size that is no whole number" => GOOD.replace("i < p.n", "f32(i) < p.n"),
            "a second block" => GOOD.replace("i < p.n", "i < q.n"),
            _ => GOOD.to_owned(),
        };
        assert!(text.contains(from), "{name}");
        let message = refused(folder.path(), "kernel.wgsl", &text.replace(from, to), &[]);
        writeln!(all, "# {name}\n{message}").unwrap();
    }
    is_as_before("refused-kernels", &all);
}

#[test]
fn experiments_that_a_kernel_does_not_suit() {
    let folder = tempfile::tempdir().unwrap();
    let mut all = String::new();
    let fixed = GOOD.replace("@workgroup_size(WG)", "@workgroup_size(64)");
    let each = GOOD.replace("p.workers", "p.n").replace(", workers: u32", "");
    for (name, text, experiment) in [
        ("a size that is fixed", fixed.as_str(), "workgroup-size"),
        ("one element for each invocation", &each, "fixed-size"),
        ("one element for each invocation", &each, "scaled-size"),
        ("no workgroup memory", GOOD, "safety-cost"),
        ("no processor does the same", GOOD, "gains"),
    ] {
        let message = refused(folder.path(), "kernel.wgsl", text, &[experiment]);
        writeln!(all, "# {name}: {experiment}\n{message}").unwrap();
    }
    for device in [["--device", "cpu"], ["--simulate", "h100"]] {
        let message = refused(folder.path(), "kernel.wgsl", GOOD, &[&["problem-size"], &device[..]].concat());
        writeln!(all, "# {}\n{message}", device[1]).unwrap();
    }
    is_as_before("refused-experiments-for-a-kernel", &all);
}

#[test]
fn files_that_hold_no_values_or_no_kernel() {
    let folder = tempfile::tempdir().unwrap();
    let values = folder.path().join("values.txt");
    let values = values.to_str().unwrap();
    let mut all = String::new();
    for (content, more) in [
        ("1\n2\n3\n", &["--sizes", "4"][..]),
        ("1, 2; three\n", &["--sizes", "3"]),
        ("1\n2\n", &["--sizes", "2,4"]),
        ("1\n2\n", &[]),
    ] {
        std::fs::write(values, content).unwrap();
        let message = refused(folder.path(), "kernel.wgsl", GOOD, &[more, &["--expect", values]].concat());
        writeln!(all, "# {content:?} {}\n{message}", more.join(" ")).unwrap();
    }
    let missing = folder.path().join("missing.wgsl");
    let missing = refusal(&amdahl(&["run", "--no-save", "--wgsl", missing.to_str().unwrap()]));
    writeln!(all, "# no file\n{}", missing.replace(folder.path().to_str().unwrap(), "[folder]")).unwrap();
    is_as_before("refused-values", &all);
}

/// Such a name exists on some systems only.
#[cfg(unix)]
#[test]
fn a_name_that_controls_terminals_is_written_out() {
    let folder = tempfile::tempdir().unwrap();
    let said = refused(folder.path(), "a\u{7}\u{1b}[31mb.wgsl", &GOOD.replace("y[i] = ", "y[i] = ="), &[]);
    assert!(!said.contains(|c: char| c.is_control() && c != '\n'), "{said:?}");
    assert!(said.contains("a\\u{7}\\u{1b}[31mb.wgsl"), "{said}");
}

/// The compiler descends once for each of these, and would end the process where its stack ends.
#[test]
fn a_kernel_that_nests_too_deeply_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let line = "y[i] = 2.0 * x[i];";
    for (kind, text, says) in [
        ("terms", format!("y[i] = x[i]{};", "+1.0".repeat(30_000)), "an expression of more than 500 operators"),
        ("a chain of indices", format!("y[i] = x{};", "[0]".repeat(30_000)), "more than 500 operators"),
        (
            "parts of terms",
            format!("y[i] = {}1.0{};", "(".repeat(150), "+1.0+1.0+1.0+1.0)".repeat(150)),
            "500 operators",
        ),
        ("tests", format!("if i == 1u {{ }} {}", "else if i == 2u { }".repeat(50_000)), "more than 200 blocks"),
    ] {
        let said = refused(folder.path(), "kernel.wgsl", &GOOD.replace(line, &text), &[]);
        assert!(said.contains(says) && said.contains("line 9: ") && said.len() < 2_000, "{kind}: {said}");
    }
    let long = GOOD.replace("x: array<f32>", "x: array<f32, 500000000>");
    let said = refused(folder.path(), "kernel.wgsl", &long, &[]);
    assert!(said.contains("line 4: `x` is one value of more than 64 MiB"), "{said}");
    let mut functions = String::new();
    for number in 0..30_000 {
        writeln!(functions, "fn f{number}() {{ f{}(); }}", number + 1).unwrap();
    }
    let said = refused(folder.path(), "kernel.wgsl", &(functions + "fn f30000() { }\n" + GOOD), &[]);
    assert!(said.contains("line 1001: more than 1000 declarations"), "{said}");
}
