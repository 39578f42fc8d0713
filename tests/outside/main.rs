//! Promise: whatever comes from outside, the program says what is wrong, or it says what it read. It never panics, and
//! a few bytes never take long.
//!
//! The same edges are fuzzed: see `fuzz/`. What the fuzzer begins with is tried here too, without its compiler.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod edges;

use std::fs;
use std::path::Path;

use proptest::collection::vec;
use proptest::prelude::*;
use rand::SeedableRng as _;
use rand::rngs::ChaCha8Rng;
use serde_json::{Value, json};

/// Inputs for each property.
const TRIED: u32 = 512;

/// Parts of a kernel.
const KERNEL: &str = "@compute @group(0) @binding(0) @workgroup_size(64) fn main ( ) { } var<storage> array<f32> \
                      ; = x y override WG u32 id : ->";

/// Words of a command line.
const WORDS: &str = "run fit predict show compare --sizes --workers --simulate --device 1..8 2^20 1024x1024x8 10ms \
                     serial=0.1 , .. x ^ - 1e9 18446744073709551616";

/// A few characters that mean something to one of the readers, and any others.
fn text(meaning: &'static str) -> impl Strategy<Value = String> {
    let known = prop::sample::select(meaning.split(' ').map(str::to_owned).collect::<Vec<_>>());
    let separator = prop::sample::select(vec!["", " ", "\n", ",", "\t", "\r\n"]).prop_map(str::to_owned);
    let any =
        prop_oneof![3 => known, 2 => separator, 1 => any::<char>().prop_map(String::from), 1 => "[0-9.,eE+-]{1,8}"];
    vec(any, 0..60).prop_map(|parts| parts.concat())
}

/// Numbers and other values that do not belong where they stand.
fn wrong() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(|number| json!(number)),
        prop::sample::select(vec![0.0, -0.0, -1.0, 1e-320, 1e-30, 1e30, 1e308, f64::from(u32::MAX)])
            .prop_map(Value::from),
        prop::sample::select(vec![u64::MAX, 1 << 63, 1 << 53]).prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        Just(json!([])),
        Just(json!({})),
        vec(any::<f64>().prop_map(|number| json!(number)), 0..4).prop_map(Value::from),
    ]
}

/// Every place in a value.
fn places(value: &Value, place: &str, all: &mut Vec<String>) {
    all.push(place.to_owned());
    match value {
        Value::Object(fields) => fields.iter().for_each(|(name, one)| places(one, &format!("{place}/{name}"), all)),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, one)| places(one, &format!("{place}/{index}"), all));
        }
        _ => {}
    }
}

/// A saved run of a few cases.
fn a_run() -> Value {
    let run: Value = serde_json::from_str(include_str!("../data/run-llvmpipe.json")).unwrap();
    let mut small = run.clone();
    let experiments = small["experiments"].as_array_mut().unwrap();
    experiments
        .retain(|one| ["fixed-size", "launch-overhead", "problem-size"].contains(&one["name"].as_str().unwrap()));
    experiments.dedup_by(|one, other| one["name"] == other["name"]);
    small
}

/// A run with some values changed, and perhaps cut short.
fn damaged_run() -> impl Strategy<Value = String> {
    let good = a_run();
    let mut all = Vec::new();
    places(&good, "", &mut all);
    let changes = vec((prop::sample::select(all), wrong()), 1..4);
    (changes, prop::option::weighted(0.1, 0.0..1.0)).prop_map(
        move |(changes, cut): (Vec<(String, Value)>, Option<f64>)| {
            let mut run = good.clone();
            for (place, value) in changes {
                if let Some(found) = run.pointer_mut(&place) {
                    *found = value;
                }
            }
            let text = run.to_string();
            cut.map_or(text.clone(), |share| text.chars().take((share * text.len() as f64) as usize).collect())
        },
    )
}

/// Events of a trace, some of them spoiled.
fn damaged_trace() -> impl Strategy<Value = String> {
    let name = prop::sample::select(vec!["ncclKernel", "gemm", "ProfilerStep#1", "Memcpy", "", "\u{1b}[31m"]);
    let event = (name, wrong(), wrong(), prop::sample::select(vec!["X", "B", "E", "M", "i", "?"]), 0..4u8, wrong());
    let event = event.prop_map(|(name, start, length, phase, lane, other)| {
        json!({ "name": name, "cat": "kernel", "ph": phase, "ts": start, "dur": length, "pid": lane, "tid": other })
    });
    vec(event, 0..12).prop_map(|events| json!({ "traceEvents": events }).to_string())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: TRIED, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn saved_runs(text in text(r#"{ } [ ] : , "schema" "amdahl-run/2" "amdahl-run/1" null 1e999 \u001b"#)) {
        edges::saved_run(text.as_bytes());
    }

    #[test]
    fn tables(text in text("workers seconds threads time speedup 1 2 4 8 0.5 NA ; # \" ' µs min -")) {
        edges::table(text.as_bytes());
    }

    #[test]
    fn any_bytes(bytes in vec(any::<u8>(), 0..400)) {
        edges::saved_run(&bytes);
        edges::table(&bytes);
        edges::trace(&bytes);
        edges::kernel(&bytes);
        edges::command_line(&bytes);
    }

    #[test]
    fn traces(text in text(r#"{ } [ ] : , "traceEvents" "ph" "X" "ts" "dur" "name" 1 -1 1e300 null"#)) {
        edges::trace(text.as_bytes());
    }

    #[test]
    fn spoiled_traces(text in damaged_trace()) {
        edges::trace(text.as_bytes());
    }

    #[test]
    fn kernels(text in text(KERNEL)) {
        edges::kernel(text.as_bytes());
    }

    #[test]
    fn command_lines(text in text(WORDS)) {
        edges::command_line(text.as_bytes());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: TRIED / 4, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn damaged_runs(text in damaged_run()) {
        edges::saved_run(text.as_bytes());
    }
}

/// A reader of bytes.
type Edge = fn(&[u8]);

/// Spoiled copies of each file.
const SPOILED: usize = 50;

/// A file with a few pieces left out, doubled or overwritten.
fn spoiled(good: &[u8], random: &mut ChaCha8Rng) -> Vec<u8> {
    let mut bytes = good.to_vec();
    for _ in 0..random.random_range(1..4) {
        let start = random.random_range(0..=bytes.len());
        let end = (start + random.random_range(0..20)).min(bytes.len());
        match random.random_range(0..3) {
            0 => drop(bytes.drain(start..end)),
            1 => bytes.extend_from_within(start..end),
            _ => bytes[start..end].iter_mut().for_each(|byte| *byte = random.random()),
        }
    }
    bytes
}

/// What the fuzzer begins with, whole and spoiled.
#[test]
fn seeds() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let files = |folder: &str, kind: &str| {
        let all = fs::read_dir(root.join(folder)).into_iter().flatten().map(|entry| entry.unwrap().path());
        let wanted = all.filter(|path| path.extension().unwrap_or_default() == kind);
        wanted.map(|path| fs::read(path).unwrap()).collect::<Vec<_>>()
    };
    let event = |name: &str, category: &str, start: u64| {
        let lane = 7;
        json!({ "ph": "X", "cat": category, "name": name, "pid": lane, "tid": lane, "ts": start, "dur": 10 })
    };
    let trace = json!({ "traceEvents": [
        event("ProfilerStep#1", "user_annotation", 0), event("sgemm", "kernel", 1), event("ncclAllReduce", "kernel", 5),
        event("ProfilerStep#2", "user_annotation", 20), event("aten::add", "cpu_op", 21), event("sgemm", "kernel", 22),
    ] });
    let all: [(Vec<Vec<u8>>, Edge); 5] = [
        (files("examples", "csv"), edges::table),
        (files("examples", "wgsl"), edges::kernel),
        // The published package has no folder of seeds.
        (files("fuzz/seeds/command_line", ""), edges::command_line),
        (vec![trace.to_string().into_bytes()], edges::trace),
        (vec![a_run().to_string().into_bytes()], edges::saved_run),
    ];
    let mut random = ChaCha8Rng::seed_from_u64(15);
    for (files, edge) in all {
        for good in files {
            edge(&good);
            (0..SPOILED).for_each(|_| edge(&spoiled(&good, &mut random)));
        }
    }
}
