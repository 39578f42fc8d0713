//! Traces made here, whose times are known.

mod spoiled;

use std::io::Write as _;
use std::ops::Range;

use flate2::Compression;
use flate2::write::GzEncoder;
use rand::rngs::ChaCha8Rng;
use rand::seq::SliceRandom as _;
use rand::{RngExt as _, SeedableRng as _};
use serde_json::{Value, json};

use super::kind::Kind;
use super::worker::Times;
use super::{Naming, Recording, TraceReport};
use crate::page::{Format, Look};

const COMPUTE: &str = "sgemm";
const REDUCE: &str = "ncclDevKernel_AllReduce_Sum_f32_RING_LL";

fn kernel(name: &str, stream: u32, span: Range<i64>) -> Value {
    let (start, length) = (span.start, span.end - span.start);
    json!({"ph": "X", "cat": "kernel", "name": name, "pid": 0, "tid": stream, "ts": start, "dur": length,
        "args": {"stream": stream, "device": 0}})
}

fn copy(span: Range<i64>) -> Value {
    json!({"ph": "X", "cat": "gpu_memcpy", "name": "Memcpy HtoD", "pid": 0, "tid": 9, "ts": span.start,
        "dur": span.end - span.start})
}

fn step(number: u64, span: Range<i64>) -> Value {
    json!({"ph": "X", "cat": "user_annotation", "name": format!("ProfilerStep#{number}"), "pid": 77, "tid": 77,
        "ts": span.start, "dur": span.end - span.start})
}

/// The file of a rank.
fn file(events: &[Value], rank: u64, of: u64) -> String {
    let info = json!({"backend": "nccl", "rank": rank, "world_size": of});
    json!({"schemaVersion": 1, "distributedInfo": info, "traceEvents": events}).to_string()
}

fn read(text: impl AsRef<[u8]>) -> Result<Recording, String> {
    Recording::read("a.json".to_owned(), text.as_ref(), &Naming::default())
}

fn gzip(text: &str) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(text.as_bytes()).unwrap();
    packed.finish().unwrap()
}

fn whole(text: impl AsRef<[u8]>) -> Times {
    let recording = read(text).unwrap();
    assert_eq!(recording.workers.len(), 1);
    recording.workers[0].whole
}

/// Microseconds of a time's parts: all, computing, communication, hidden, exposed, copies alone, idle.
fn parts(times: &Times) -> [f64; 7] {
    let Times {
        seconds,
        compute_seconds,
        communication_seconds,
        hidden_seconds,
        exposed_seconds,
        copy_seconds,
        idle_seconds,
    } = *times;
    [seconds, compute_seconds, communication_seconds, hidden_seconds, exposed_seconds, copy_seconds, idle_seconds]
        .map(|seconds| (seconds * 1e9).round() / 1e3)
}

/// Two overlapping compute streams, 0–60; communication 50–90; a copy 85–95; idle 95–100, and a kernel to 110.
fn overlapping() -> Vec<Value> {
    vec![
        kernel(COMPUTE, 7, 0..40),
        kernel(COMPUTE, 8, 20..60),
        kernel(REDUCE, 20, 50..90),
        copy(85..95),
        kernel(COMPUTE, 7, 100..110),
    ]
}

const OVERLAPPING: [f64; 7] = [110.0, 70.0, 40.0, 10.0, 30.0, 5.0, 5.0];

#[test]
fn what_overlaps_counts_once() {
    assert_eq!(parts(&whole(file(&overlapping(), 0, 2))), OVERLAPPING);
}

#[test]
fn every_form_of_a_file_reads_the_same() {
    let events = overlapping();
    let list = Value::from(events.clone()).to_string();
    let mut backwards = events.clone();
    backwards.reverse();
    let texts: Vec<Value> = events
        .iter()
        .map(|event| {
            let mut event = event.clone();
            event["ts"] = json!(event["ts"].to_string());
            event["dur"] = json!(format!("{}.000", event["dur"]));
            event
        })
        .collect();
    // Begins and ends in the order of time, threads mixed.
    let mut pairs: Vec<(i64, Value)> = Vec::new();
    for event in &events {
        let (start, length) = (event["ts"].as_i64().unwrap(), event["dur"].as_i64().unwrap());
        let mut begin = event.clone();
        begin["ph"] = json!("B");
        pairs.push((start, begin));
        pairs
            .push((start + length, json!({"ph": "E", "pid": event["pid"], "tid": event["tid"], "ts": start + length})));
    }
    pairs.sort_by_key(|(time, _)| *time);
    let pairs: Vec<Value> = pairs.into_iter().map(|(_, event)| event).collect();
    let forms = [
        list.clone(),
        list.trim_end_matches(']').to_owned(),
        list.trim_end_matches(']').to_owned() + ",\n",
        format!("\n\u{feff}{list}").trim_start().to_owned(),
        format!("{{\"displayTimeUnit\":\"ns\",\"traceEvents\":{list}}}"),
        format!("{{\"traceEvents\":{list},\"otherData\":{{\"a\":[[1]]}},\"x\":null}}"),
        format!("{{\"traceEvents\":{list}"),
        Value::from(backwards).to_string(),
        Value::from(texts).to_string(),
        Value::from(pairs).to_string(),
    ];
    for form in forms {
        assert_eq!(parts(&whole(&form)), OVERLAPPING, "{form}");
        assert_eq!(parts(&whole(gzip(&form))), OVERLAPPING, "{form}");
    }
    let packed = gzip(&file(&overlapping(), 0, 1));
    let torn = list[..list.len() - 30].to_owned();
    for (text, cut) in [(torn.into_bytes(), true), (list.clone().into_bytes(), false), (packed, false)] {
        assert_eq!(read(text).unwrap().file.cut, cut);
    }
}

/// The same on a grid of microseconds: what runs in each, counted one by one.
fn on_grid(events: &[(Kind, Range<i64>)], window: Range<i64>) -> [f64; 7] {
    let mut found = [0.0; 7];
    for time in window {
        let runs = |kind: Kind| events.iter().any(|(one, span)| *one == kind && span.contains(&time));
        let [compute, communication, copies] = [Kind::Compute, Kind::Communication, Kind::Copy].map(runs);
        let is = [
            true,
            compute,
            communication,
            compute && communication,
            communication && !compute,
            copies && !compute && !communication,
            !compute && !communication && !copies,
        ];
        is.iter().zip(&mut found).for_each(|(is, sum)| *sum += f64::from(u8::from(*is)));
    }
    found
}

#[test]
fn random_traces_agree_with_a_count_of_every_microsecond() {
    let mut random = ChaCha8Rng::seed_from_u64(14);
    for round in 0..60 {
        let count = random.random_range(1..200);
        let events: Vec<(Kind, Range<i64>)> = (0..count)
            .map(|_| {
                let kind = [Kind::Compute, Kind::Communication, Kind::Copy][random.random_range(0..3)];
                let start = random.random_range(0..3000);
                (kind, start..start + random.random_range(1..80))
            })
            .collect();
        let mut texts: Vec<Value> = events
            .iter()
            .map(|(kind, span)| match kind {
                Kind::Compute => kernel(COMPUTE, random.random_range(7..10), span.clone()),
                Kind::Communication => kernel(REDUCE, 20, span.clone()),
                Kind::Copy => copy(span.clone()),
            })
            .collect();
        let hull = events.iter().map(|(_, span)| span.start).min().unwrap()
            ..events.iter().map(|(_, span)| span.end).max().unwrap();
        let cuts = [hull.start - 5, random.random_range(hull.clone()), hull.end + 9];
        texts.extend([step(4, cuts[0]..cuts[1] - 3), step(5, cuts[1]..cuts[2])]);
        texts.shuffle(&mut random);
        let recording = read(file(&texts, 0, 1)).unwrap();
        let worker = &recording.workers[0];
        assert_eq!(parts(&worker.whole), on_grid(&events, hull), "{round}");
        let windows = [cuts[0]..cuts[1], cuts[1]..cuts[2]];
        let expected: Vec<_> = windows.map(|window| on_grid(&events, window)).into_iter().collect();
        assert_eq!(worker.steps.iter().map(|step| parts(&step.times)).collect::<Vec<_>>(), expected, "{round}");
    }
}

/// Rank `rank` computes for so long, then reduces until 100; two steps.
fn rank(rank: u64, computing: i64) -> Recording {
    let events: Vec<Value> = [0, 100]
        .into_iter()
        .flat_map(|begin| {
            let reduced = kernel(REDUCE, 20, begin + computing..begin + 100);
            [step(begin as u64 / 100, begin..begin + 100), kernel(COMPUTE, 7, begin..begin + computing), reduced]
        })
        .collect();
    let text = file(&events, rank, 8);
    Recording::read(format!("{rank}.json"), text.as_bytes(), &Naming::default()).unwrap()
}

/// Computing takes 60, 90 and 60 of 100: s(8) = (40 + 10 + 40)/300, and rank 1 is the last.
#[test]
fn ranks_are_read_together_and_the_last_one_is_named() {
    let report = TraceReport::new(vec![rank(2, 60), rank(1, 90), rank(0, 60)], None).unwrap();
    assert_eq!(report.workers.iter().map(|row| row.rank).collect::<Vec<_>>(), [0, 1, 2]);
    let law = &report.law.as_it_is;
    assert!((law.serial_share - 0.3).abs() < 1e-12);
    assert_eq!(report.measured_on, Some(8.0));
    assert!((law.ceiling.unwrap() - (0.3 + 8.0 * 0.7) / 0.3).abs() < 1e-9);
    let straggler = report.straggler.as_ref().unwrap();
    assert_eq!((straggler.rank, straggler.last_in_steps, straggler.of_steps), (1, 2, 2));
    assert!((straggler.others_wait_seconds - 30e-6).abs() < 1e-12);
    let said = super::say::findings(&report).concat();
    for words in [
        "Exposed communication takes 30.0 % of a step: 30.0 µs of 100 µs. That is s(8).",
        "Rank 1 is the last to arrive in 2 of 2 steps: it waits least in communication, the others 30.0 µs longer.",
        "s(1) = 5.1 %",
    ] {
        assert!(said.contains(words), "{words} in {said}");
    }
    let asked = TraceReport::new(vec![rank(0, 60), rank(1, 90)], Some(2)).unwrap();
    assert_eq!(asked.measured_on, Some(2.0));
    let twice = TraceReport::new(vec![rank(0, 60), rank(0, 90)], None).unwrap_err();
    assert!(twice.contains("are both of rank 0"), "{twice}");
}

#[test]
fn devices_of_one_file_are_workers_of_their_own() {
    let mut events = overlapping();
    for mut other in overlapping() {
        other["pid"] = json!(1);
        events.push(other);
    }
    let report = TraceReport::new(vec![read(Value::from(events).to_string()).unwrap()], None).unwrap();
    assert_eq!(report.measured_on, Some(2.0));
    assert_eq!(report.workers[1].name("device"), "rank 0, device 1");
    assert_eq!(parts(&report.step), OVERLAPPING);
}

/// A step of a device begins with its first kernel and ends when the next one begins; the last one, which none follows,
/// is as long as on the host, for its mark ends with its last kernel.
#[test]
fn steps_of_the_device_go_before_those_of_the_host() {
    let mut events = overlapping();
    events.extend([step(3, 0..50), step(4, 50..150)]);
    let on_stream = |number: u64, stream: u32, span: Range<i64>| {
        let mut mark = step(number, span);
        mark["cat"] = json!("gpu_user_annotation");
        (mark["pid"], mark["tid"]) = (json!(0), json!(stream));
        mark
    };
    events.extend([on_stream(3, 7, 10..40), on_stream(3, 20, 50..55), on_stream(4, 7, 60..104)]);
    let steps = |events: &[Value]| {
        let recording = read(Value::from(events.to_vec()).to_string()).unwrap();
        recording.workers[0].steps.iter().map(|step| parts(&step.times)[0]).collect::<Vec<_>>()
    };
    assert_eq!(steps(&events), [50.0, 100.0]);
    events.push(on_stream(4, 20, 90..170));
    assert_eq!(steps(&events), [50.0, 110.0], "the device is behind the host");
}

#[test]
fn without_a_device_the_operations_of_threads_count() {
    let operation = |category: &str, name: &str, thread: u32, span: Range<i64>| {
        json!({"ph": "X", "cat": category, "name": name, "pid": 5, "tid": thread, "ts": span.start,
            "dur": span.end - span.start})
    };
    let events = vec![
        operation("python_function", "train.py(1): step", 1, 0..1000),
        operation("user_annotation", "forward", 1, 0..1000),
        operation("cpu_op", "aten::linear", 1, 0..50),
        operation("cpu_op", "aten::addmm", 1, 10..40),
        operation("cpu_op", "ddp::wait", 1, 60..120),
        operation("user_annotation", "gloo:all_reduce", 1, 70..110),
        operation("cpu_op", "aten::backward", 2, 90..100),
    ];
    let recording = read(file(&events, 0, 4)).unwrap();
    assert!(!recording.on_device);
    // Computing 0–50, 60–70, 110–120 and 90–100; communication 70–110, hidden for 10.
    assert_eq!(parts(&recording.workers[0].whole), [120.0, 80.0, 40.0, 10.0, 30.0, 0.0, 10.0]);
    let sum = |name: &str| recording.names.0[name].nanoseconds / 1000;
    let own = ["aten::linear", "aten::addmm", "ddp::wait", "aten::backward", "gloo:all_reduce"].map(sum);
    assert_eq!(own, [20, 30, 20, 10, 40], "without what lies inside");
    let with_device: Vec<Value> = events.into_iter().chain(overlapping()).collect();
    assert_eq!(parts(&whole(file(&with_device, 0, 4))), OVERLAPPING, "kernels go before operations");
}

#[test]
fn events_without_a_time_or_a_partner_are_counted() {
    let mut events = overlapping();
    events.extend([
        json!({"ph": "X", "cat": "kernel", "name": "a", "ts": 1}),
        json!({"ph": "X", "cat": "kernel", "name": "a", "ts": 1, "dur": -1}),
        json!({"ph": "E", "ts": 5}),
        json!({"ph": "B", "cat": "kernel", "name": "never", "ts": 1, "pid": 0, "tid": 3}),
        json!({"ph": "B", "cat": "kernel", "name": "back", "ts": 9, "pid": 0, "tid": 4}),
        json!({"ph": "E", "ts": 5, "pid": 0, "tid": 4}),
        json!({"ph": "i", "name": "mark", "ts": 5}),
    ]);
    let recording = read(file(&events, 0, 1)).unwrap();
    assert_eq!((recording.file.untimed_events, recording.file.unpaired_events), (2, 3));
    assert_eq!(parts(&recording.workers[0].whole), OVERLAPPING);
}
