//! Columns whose names say repetition or result, and whose values say otherwise; and the other way round.

use std::fmt::Write as _;

use super::super::{Mapping, read};
use super::{asked, medians, plain};

/// Two values of a column on three counts; the second takes `more` times as long.
fn two_values(name: &str, values: [&str; 2], more: f64) -> String {
    let mut text = format!("threads,{name},time_s\n");
    for (value, times) in values.into_iter().zip([1.0, more]) {
        for (threads, seconds) in [(1, 1.0), (2, 0.52), (4, 0.28)] {
            writeln!(text, "{threads},{value},{}", times * seconds).unwrap();
        }
    }
    text
}

const NAMES: [&str; 25] = [
    "iter",
    "itr",
    "iteration",
    "rep",
    "run",
    "run_id",
    "id",
    "job_id",
    "trial",
    "attempt",
    "sample",
    "seed",
    "date",
    "timestamp",
    "index",
    "no",
    "pid",
    "",
    "time_steps",
    "sim_time",
    "end_time",
    "time_limit",
    "real_size",
    "user_count",
    "sys_size",
];

/// What changes the times on every count is a setting, whatever it is called.
#[test]
fn values_with_other_times_are_no_repetitions() {
    for name in NAMES {
        for (values, more) in [(["10", "100"], 10.0), (["1", "2"], 1.6), (["gcc", "clang"], 1.1)] {
            let text = two_values(name, values, more);
            let (question, answers) = asked(&text);
            assert!(question.contains("rows of one worker count differ in"), "{text}: {question}");
            assert!(!answers.is_empty(), "{text}");
            for answer in answers {
                assert!(read(text.as_bytes(), &answer).is_ok(), "{text}: {answer:?}");
            }
        }
    }
}

/// Numbers of runs whose times are the same are repetitions.
#[test]
fn values_with_the_same_times_are_repetitions() {
    for name in &NAMES[..18] {
        for values in [["1", "2"], ["run1", "run2"], ["first", "second"], ["2026-01-01", "2026-01-02"]] {
            let text = two_values(name, values, 1.05);
            let read = plain(&text).unwrap_or_else(|fault| panic!("{text}: {fault}"));
            assert_eq!((read.rows, read.worker_counts), (6, 3), "{text}");
        }
    }
    // Numbers that go on from one count to the next, or from one size to the next, tell nothing apart.
    assert_eq!(plain("threads,run,time\n1,1,8\n1,2,9\n2,3,4\n2,4,5\n").unwrap().rows, 4);
    let sizes = "threads,N,run,time\n1,10,1,8\n1,10,2,8\n2,10,1,4\n2,10,2,4\n1,20,3,16\n2,20,3,8\n";
    let work = Mapping { work: Some("N".to_owned()), ..Mapping::default() };
    assert!(asked(sizes).1.contains(&work), "{:?}", asked(sizes));
}

/// A count of iterations that only some runs share is found by the test of the noise.
#[test]
fn many_values_are_told_from_noise() {
    let table = |factor: fn(u32) -> f64| {
        let mut text = "threads,run,time\n".to_owned();
        for run in 1..=8_u32 {
            for threads in [1_u32, 2, 4, 8] {
                let noise = 1.0 + 0.1 * f64::from((run * 7 + threads * 5) % 11) / 11.0;
                writeln!(text, "{threads},{run},{}", factor(run) * noise / f64::from(threads)).unwrap();
            }
        }
        text
    };
    assert!(asked(&table(|run| f64::from(run.min(3)))).0.contains("differ in `run`"));
    assert_eq!(plain(&table(|_| 1.0)).unwrap().rows, 32);
}

/// Labels above the rows hold for all of them, until they are stated anew.
#[test]
fn labels_above_the_rows_hold_for_all_of_them() {
    let one = "Matrix size: 1000\nThreads: 1\nTime: 10 s\nThreads: 2\nTime: 5.2 s\n";
    assert_eq!(medians(&plain(one).unwrap()), [(1.0, 10.0), (2.0, 5.2)]);
    let two = format!("{one}{}", one.replace("1000", "2000").replace("Time: ", "Time: 2"));
    let (question, answers) = asked(&two);
    assert!(question.contains("differ in `Matrix size` (1000, 2000)") && answers.len() == 3, "{question}");
    let counts_above = "Threads: 1\nTime: 8\nTime: 8\nThreads: 2\nTime: 4\n";
    assert_eq!(medians(&plain(counts_above).unwrap()), [(1.0, 8.0), (2.0, 4.0)]);
}
