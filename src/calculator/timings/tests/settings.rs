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

/// The sides of a grid whose product grows with the workers are asked about, and may be named as the size.
#[test]
fn a_product_that_grows_is_asked_about() {
    let rows = "\n1,1000,1000,10\n2,2000,1000,10.3\n4,2000,2000,10.5\n8,4000,2000,11.1\n16,4000,4000,11.6\n";
    for names in ["threads,nx,ny,time_s", "threads,rows,size,time_s"] {
        let text = format!("{names}{rows}");
        let (question, answers) = asked(&text);
        assert!(question.contains("the product of") && question.contains("grows with the workers"), "{question}");
        let read = read(text.as_bytes(), &answers[0]).unwrap_or_else(|fault| panic!("{text}: {fault}"));
        assert!(read.parts[0].1.weak.is_some() && read.parts[0].1.unread.is_empty(), "{answers:?}");
        assert!(answers.iter().all(|answer| super::super::read(text.as_bytes(), answer).is_ok()), "{answers:?}");
    }
    let grid = "threads,grid,time_s\n1,1000x1000,10\n2,2000x1000,10.3\n4,2000x2000,10.5\n8,4000x2000,11.1\n";
    assert_eq!(plain(grid).unwrap().weak.map(|weak| weak.column).as_deref(), Some("grid"));
    for name in ["scaled_speedup", "scaled speedup", "Scaled Speedup (Gustafson)"] {
        assert!(plain(&format!("p,{name}\n1,1\n2,1.95\n4,3.8\n")).unwrap().weak.is_some(), "{name}");
    }
}

/// A word that changes from some counts to others is said.
#[test]
fn a_setting_that_changes_with_the_counts_is_said() {
    let says = |text: &str, mapping: &Mapping| {
        let reading = read(text.as_bytes(), mapping).unwrap_or_else(|fault| panic!("{text}: {fault}"));
        reading.parts[0].1.notes.iter().any(|(name, _)| name == super::super::NOT_ONE_SETTING)
    };
    let text = "threads,compiler,time_s\n1,gcc,10\n2,gcc,5.2\n4,gcc,2.8\n8,clang,1.6\n16,clang,1\n";
    assert!(says(text, &Mapping::default()));
    assert!(!says(text, &Mapping { ignore: vec!["compiler".to_owned()], ..Mapping::default() }));
    assert!(!says(text, &Mapping { only: vec!["compiler=gcc".to_owned()], ..Mapping::default() }));
    assert!(!says(&text.replace("clang", "gcc"), &Mapping::default()));
}

/// A point that surely begins a fraction settles what the commas of another column are.
#[test]
fn commas_beside_points_set_thousands_apart() {
    let text = "n,threads,time_s\n\"1,000\",1,10.5\n\"1,000\",2,5.3\n\"2,000\",1,21.5\n\"2,000\",2,11.5\n";
    let (_, answers) = asked(text);
    assert!(answers.iter().any(|answer| answer.work.is_some()), "{answers:?}");
    assert!(answers.iter().all(|answer| read(text.as_bytes(), answer).is_ok()), "{answers:?}");
}

/// A table that lies on its side is read as if it stood.
#[test]
fn rows_that_others_have_as_columns_are_turned() {
    for text in ["threads,1,2,4\ntime,10,5.2,2.8\n", "threads 1 2 4\ntime 10 5.2 2.8\n"] {
        let read = plain(text).unwrap_or_else(|fault| panic!("{text}: {fault}"));
        assert_eq!(medians(&read), [(1.0, 10.0), (2.0, 5.2), (4.0, 2.8)], "{text}");
    }
}

/// What `time` prints beside the command, in zsh and in GNU time's long form.
#[test]
fn times_beside_their_commands_are_read() {
    for text in [
        "./a --threads 1  8.00s user 0.01s system 99% cpu 8.000 total\n\
         ./a --threads 2  8.00s user 0.01s system 199% cpu 4.000 total\n",
        "\tCommand being timed: \"mpirun -np 1 ./a\"\n\tElapsed (wall clock) time (h:mm:ss or m:ss): 0:08.00\n\
         \tCommand being timed: \"mpirun -np 2 ./a\"\n\tElapsed (wall clock) time (h:mm:ss or m:ss): 0:04.00\n",
    ] {
        let read = plain(text).unwrap_or_else(|fault| panic!("{text}: {fault}"));
        assert_eq!(medians(&read), [(1.0, 8.0), (2.0, 4.0)], "{text}");
    }
}
