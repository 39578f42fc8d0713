//! Reports of small runs on the simulated device, as their readers see them.
//!
//! The noise is so small that every run ends by its precision, long before its time is over: so all of it depends on
//! the seed alone.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::common::{amdahl, text};
use crate::snapshot::{first_rows, is_as_before, shortened, written};

/// Each experiment with the options that make it small.
const SMALL: [(&str, &[&str]); 12] = [
    ("fixed-size", &["--workload", "fma", "--workers", "1..2^14"]),
    ("scaled-size", &["--workload", "fma", "--workers", "1..256"]),
    ("problem-size", &["--workload", "saxpy", "--sizes", "2^10,2^14,2^18,2^20"]),
    ("workgroup-size", &["--workload", "saxpy", "--workgroup-sizes", "8,32,100"]),
    ("launch-overhead", &[]),
    ("split-work", &["--launches", "1,4,16,64"]),
    ("transfers", &["--sizes", "2^10,2^14,2^18,2^20"]),
    ("divergence", &[]),
    ("limits", &["--sizes", "2^10,2^14,2^18,2^20"]),
    ("intensity", &["--sizes", "2^16"]),
    ("safety-cost", &["--workload", "matmul/tiled", "--sizes", "256"]),
    ("gains", &["--workload", "saxpy", "--sizes", "2^10,2^20"]),
];

const LAW: &str = "serial=0.001,knee=2048,launch=20us,bounds=0.1,noise=0.01";

/// Runs experiments on the simulated device, and returns what is printed in that format.
fn printed(experiments: &[&str], format: &str) -> String {
    let run = ["run", "--quick", "--no-save", "--seed", "3", "--simulate", LAW, "--format", format];
    let full: &[&str] = if format == "text" { &["--full"] } else { &[] };
    text(amdahl(&[&run[..], full, experiments].concat()))
}

/// The part of a page from this heading on, without the part from that one on.
fn between<'a>(page: &'a str, from: &str, to: &str) -> &'a str {
    let start = page.find(from).unwrap_or_else(|| panic!("no {from:?} in\n{page}"));
    let length = page[start..].find(to).unwrap_or_else(|| panic!("no {to:?} in\n{page}"));
    &page[start..start + length]
}

#[test]
fn every_experiment_has_its_section() {
    // A planted law knows no kernels, so `climb` has nothing to show.
    let all = amdahl::experiment::all().iter().map(|experiment| experiment.name());
    let names: Vec<&str> = all.filter(|name| *name != "climb").collect();
    assert_eq!(names, SMALL.map(|(name, _)| name), "each experiment has a snapshot, in this order");
    for (name, options) in SMALL {
        let page = printed(&[&[name], options].concat(), "text");
        assert!(!page.contains("NaN") && !page.contains("inf "), "{page}");
        assert!(!page.contains('\u{1b}'), "colours where there is no terminal");
        is_as_before(&format!("report-{name}"), between(&page, &format!("── {name}"), "── self-audit"));
    }
}

#[test]
fn a_whole_report_in_every_format() {
    let small = ["fixed-size", "--workload", "fma", "--workers", "1,2,4,8,16,32,1024,4096"];
    is_as_before("whole-text", &printed(&small, "text"));
    is_as_before("whole-markdown", &printed(&small, "markdown"));
    is_as_before("whole-csv", &first_rows(&printed(&small, "csv"), 24));
    let smaller = ["fixed-size", "--workload", "fma", "--workers", "1,64"];
    is_as_before("whole-json", &shortened(serde_json::from_str(&printed(&smaller, "json")).unwrap()));
}

/// The run of everything: its summary, and which fields its JSON has.
#[test]
fn a_run_of_all_experiments() {
    let page = printed(&[], "text");
    is_as_before("summary", &page[page.find("── summary").expect("a summary")..]);
    let mut run: Value = serde_json::from_str(&printed(&[], "json")).unwrap();
    // Without git there is none.
    run["commit"] = Value::Null;
    is_as_before("layout-json", &written(&layout(&[&run]), 0));
}

/// Returns the fields that any of the values have, with the kinds of value that stand there. A list becomes one item.
fn layout(values: &[&Value]) -> Value {
    let (mut fields, mut items, mut kinds) = (BTreeMap::<_, Vec<_>>::new(), Vec::new(), BTreeSet::new());
    for value in values {
        match value {
            Value::Object(object) => object.iter().for_each(|(key, value)| fields.entry(key).or_default().push(value)),
            Value::Array(list) => {
                kinds.extend(["list"]);
                items.extend(list);
            }
            Value::Null => kinds.extend(["null"]),
            Value::Bool(_) => kinds.extend(["true or false"]),
            Value::Number(_) => kinds.extend(["number"]),
            Value::String(_) => kinds.extend(["text"]),
        }
    }
    let mut object: Map<String, Value> =
        fields.into_iter().map(|(key, values)| (key.clone(), layout(&values))).collect();
    let kinds = kinds.into_iter().collect::<Vec<_>>().join(" or ");
    match (object.is_empty(), items.is_empty()) {
        (true, true) => Value::from(kinds),
        (true, false) if kinds == "list" => Value::from(vec![layout(&items)]),
        _ => {
            if !items.is_empty() {
                object.insert("[]".to_owned(), layout(&items));
            }
            if !kinds.is_empty() {
                object.insert("or".to_owned(), Value::from(kinds));
            }
            Value::Object(object)
        }
    }
}

/// A serial part inside the kernel is one that no phase timer sees: the report warns that timers and curve disagree.
#[test]
fn phase_timers_and_curve_that_disagree_are_told() {
    let reading = |name: &str, law| {
        let run = ["run", "fixed-size", "--workload", "fma", "--quick", "--no-save", "--seed", "3", "--simulate", law];
        is_as_before(name, between(&text(amdahl(&run)), "Strong scaling, read", " cases, "));
    };
    reading("timers-disagree", "serial=0.2,knee=65536,noise=0.01");
    reading("timers-agree", "serial=0,knee=65536,noise=0.01,launch=5ms");
}
