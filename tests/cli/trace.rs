//! `amdahl trace` as its users meet it, on traces with known times.

use std::path::Path;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::common::{self, binary, items, number};
use crate::snapshot::{is_as_before, shortened};

/// One rank of a data-parallel training, in microseconds: three steps of 100 ms. The gradient is reduced from 40 ms on,
/// computing ends at `computing`, a copy follows the reduction's end at 80 ms, and the rest is idle.
fn rank(number: u64, computing: u64) -> Value {
    let event = |category: &str, name: &str, thread: u64, start: u64, end: u64| {
        json!({"ph": "X", "cat": category, "name": name, "pid": if category == "user_annotation" { 4711 } else { 0 },
            "tid": thread, "ts": 1000 * start, "dur": 1000 * (end - start), "args": {"stream": thread}})
    };
    let mut events = vec![json!({"ph": "M", "name": "process_name", "pid": 0, "args": {"name": "python"}})];
    for step in 0..3 {
        let begin = 100 * step;
        events.extend([
            event("user_annotation", &format!("ProfilerStep#{}", step + 7), 1, begin, begin + 100),
            event("cpu_op", "aten::linear", 1, begin, begin + 90),
            event("kernel", "ampere_sgemm_128x64_tn", 7, begin, begin + computing),
            event(
                "kernel",
                "ncclDevKernel_AllReduce_Sum_f32_RING_LL(ncclDevKernelArgsStorage)",
                20,
                begin + 40,
                begin + 80,
            ),
            event("gpu_memcpy", "Memcpy DtoH (Device -> Pinned)", 7, begin + 80, begin + 85),
        ]);
    }
    json!({"schemaVersion": 1, "distributedInfo": {"rank": number, "world_size": 8}, "traceEvents": events})
}

/// A folder with ranks that compute for so many milliseconds of each step.
fn ranks(computing: &[u64]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (number, computing) in (0..).zip(computing) {
        std::fs::write(folder.path().join(format!("{number}.json")), rank(number, *computing).to_string()).unwrap();
    }
    folder
}

fn run(folder: &Path, arguments: &[&str]) -> String {
    common::text(binary().current_dir(folder).arg("trace").args(arguments).output().unwrap())
}

/// Computing for 60 of 100 ms hides 20 of 40 ms of communication, for 75 ms it hides 35 ms.
#[test]
fn two_ranks_with_a_straggler() {
    let folder = ranks(&[60, 75]);
    let page = run(folder.path(), &["0.json", "1.json"]);
    for words in [
        "Exposed communication takes 12.5 % of a step: 12.5 ms of 100 ms. That is s(8).",
        "s(1) = 1.8 %: a ceiling of 57.0 times",
        "Rank 1 is the last to arrive in 3 of 3 steps",
        "the others 15.0 ms longer",
    ] {
        assert!(page.replace("\n  ", " ").contains(words), "{words} in\n{page}");
    }
    assert!(page.lines().all(|line| line.chars().count() <= 80), "{page}");
    is_as_before("trace-two-ranks", &page);
    let answer: Value = serde_json::from_str(&run(folder.path(), &["1.json", "0.json", "--format", "json"])).unwrap();
    assert_eq!(items(&answer["workers"]).len(), 2);
    assert!((number(&answer["law"]["as_it_is"]["serial_share"]) - 0.125).abs() < 1e-12);
    assert!((number(&answer["law"]["as_it_is"]["ceiling"]) - (12.5 + 8.0 * 87.5) / 12.5).abs() < 1e-9);
    assert!((number(&answer["law"]["all_hidden"]["seconds"]) - 0.0875).abs() < 1e-12);
    assert!((number(&answer["law"]["none_hidden"]["seconds"]) - 0.1275).abs() < 1e-12);
    assert_eq!(answer["straggler"]["rank"], 1);
    is_as_before("trace-json", &shortened(answer));
    is_as_before("trace-csv", &run(folder.path(), &["0.json", "1.json", "--format", "csv"]));
    is_as_before("trace-markdown", &run(folder.path(), &["0.json", "--format", "markdown"]));
    let html = run(folder.path(), &["0.json", "1.json", "--format", "html"]);
    assert!(html.contains("hidden communication") && html.contains("Exposed communication takes 12.5 %"));
}

/// s(8) = 20/100 and s(1) = 20/(20 + 8 x 80): 33 times on endless workers, 5.5 on 8 by the clock's own account.
#[test]
fn what_a_trace_finds_is_predicted_from() {
    let folder = ranks(&[60]);
    let answer = run(folder.path(), &["0.json", "--format", "json"]);
    std::fs::write(folder.path().join("found.json"), &answer).unwrap();
    let predict = |arguments: &[&str]| {
        let arguments = [&["predict", "--workers", "1,8,64", "--from"], arguments].concat();
        binary().current_dir(folder.path()).args(arguments).output().unwrap()
    };
    let page = common::text(predict(&["found.json"]));
    assert!(page.contains("measured on 8 workers") && page.contains("exposed communication"), "{page}");
    is_as_before("predict-from-trace", &page);
    let answer = common::json(predict(&["found.json", "--format", "json"]));
    let job = &answer["profiles"][0];
    assert!((number(&job["serial_fraction"]) - 20.0 / 660.0).abs() < 1e-12);
    assert!((number(&job["ceiling"]) - 33.0).abs() < 1e-9);
    let asked = common::json(predict(&["found.json", "--measured-on", "2", "--format", "json"]));
    assert!((number(&asked["profiles"][0]["serial_fraction"]) - 20.0 / 180.0).abs() < 1e-12);
    // A trace that does not tell its workers needs them.
    let mut alone = rank(0, 60);
    alone["distributedInfo"] = Value::Null;
    std::fs::write(folder.path().join("0.json"), alone.to_string()).unwrap();
    std::fs::write(folder.path().join("found.json"), run(folder.path(), &["0.json", "--format", "json"])).unwrap();
    assert!(common::refusal(&predict(&["found.json"])).contains("add --measured-on K"));
    assert!(run(folder.path(), &["0.json"]).contains("Give --measured-on K"));
}

#[test]
fn names_of_communication_can_be_added() {
    let folder = ranks(&[60]);
    let text = rank(0, 60).to_string().replace("ncclDevKernel", "my_halo_exchange");
    std::fs::write(folder.path().join("0.json"), text).unwrap();
    assert!(run(folder.path(), &["0.json"]).contains("No event has a name of communication"));
    let named = run(folder.path(), &["0.json", "--communication", "halo_.*"]);
    assert!(named.contains("Exposed communication takes 20.0 % of a step"), "{named}");
}

#[test]
fn bad_files_and_options_are_refused() {
    let folder = ranks(&[60, 60]);
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("table.csv", "workers,seconds\n1,2\n");
    write("empty.json", "");
    write("marks.json", r#"{"traceEvents":[{"ph":"M","name":"process_name"}]}"#);
    write("torn.json", "{\"traceEvents\":[\n{\"ph\":\"X\",}");
    write("bomb.json", &"[".repeat(1000));
    write("run.json", r#"{"schema":"amdahl-run/2"}"#);
    let commands: [&[&str]; 11] = [
        &[],
        &["nowhere.json"],
        &["."],
        &["table.csv"],
        &["empty.json"],
        &["marks.json"],
        &["torn.json"],
        &["bomb.json"],
        &["run.json"],
        &["0.json", "0.json"],
        &["0.json", "--communication", "("],
    ];
    let messages = commands.map(|arguments| {
        let output = binary().current_dir(folder.path()).arg("trace").args(arguments).output().unwrap();
        format!("$ amdahl trace {}\n{}\n", arguments.join(" "), common::refusal(&output))
    });
    is_as_before("refused-trace", &messages.concat());
}
