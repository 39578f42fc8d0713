//! Tables of every shape, good and bad.

mod formats;
mod random;
mod settings;

use super::*;

fn one(bytes: &[u8], mapping: &Mapping) -> Result<Timings, ReadError> {
    let mut reading = super::read(bytes, mapping)?;
    assert!(reading.by.is_empty() && reading.parts.len() == 1, "{reading:?}");
    Ok(reading.parts.remove(0).1)
}

fn plain(text: &str) -> Result<Timings, ReadError> {
    one(text.as_bytes(), &Mapping::default())
}

fn mapped(text: &str, columns: &[&str], unit: Option<&str>) -> Result<Timings, ReadError> {
    let columns = columns.iter().map(|&pair| pair.to_owned()).collect();
    one(text.as_bytes(), &Mapping { columns, unit: unit.map(str::to_owned), ..Mapping::default() })
}

/// The answers to a question.
fn asked(text: &str) -> (String, Vec<Mapping>) {
    match super::read(text.as_bytes(), &Mapping::default()) {
        Err(ReadError::Ask(question)) => {
            (question.text.clone(), question.answers.into_iter().map(|(_, mapping)| mapping).collect())
        }
        other => panic!("{text}: {other:?}"),
    }
}

fn medians(timings: &Timings) -> Vec<(f64, f64)> {
    timings.groups.iter().map(|group| (group.workers, group.seconds.median)).collect()
}

#[test]
fn rows_of_one_worker_count_are_repetitions_in_any_order() {
    let timings = plain("workers,seconds\n4,2\n1,8\n4,4\n1,9\n4,3\n").unwrap();
    assert_eq!(medians(&timings), [(1.0, 8.5), (4.0, 3.0)]);
    assert_eq!((timings.rows, timings.worker_counts, timings.pooled), (5, 2, false));
}

#[test]
fn a_time_is_called_by_its_unit() {
    for (name, seconds) in [
        ("seconds", 1.0),
        ("ms", 1e-3),
        ("time_ms", 1e-3),
        ("Time [ms]", 1e-3),
        ("time (us)", 1e-6),
        ("µs", 1e-6),
        ("nanoseconds", 1e-9),
        ("time [min]", 60.0),
        ("hours", 3600.0),
        ("time", 1.0),
    ] {
        let timings = plain(&format!("workers,{name}\n1,8\n2,4\n")).unwrap();
        assert!((timings.groups[0].seconds.median / (8.0 * seconds) - 1.0).abs() < 1e-12, "{name}");
        assert_eq!(timings.unit_stated, name != "time", "{name}");
    }
    let with_option = mapped("workers,time\n1,8\n2,4\n", &[], Some("us")).unwrap();
    assert!((with_option.groups[0].seconds.median - 8e-6).abs() < 1e-18);
    let in_cells = plain("workers,time\n1,8ms\n2,4000 us\n").unwrap();
    assert!((in_cells.groups[1].seconds.median - 4e-3).abs() < 1e-15);
}

#[test]
fn speedups_and_throughputs_become_relative_times() {
    assert_eq!(medians(&plain("workers,speedup\n1,1\n4,2\n").unwrap()), [(1.0, 1.0), (4.0, 0.5)]);
    let throughput = plain("workers,throughput\n1,10\n4,20\n").unwrap();
    assert_eq!(medians(&throughput), [(1.0, 0.1), (4.0, 0.05)]);
    assert_eq!((throughput.given, throughput.unit), (Given::Throughput, None));
    let both = plain("workers,speedup,seconds\n1,1,8\n4,2,4\n").unwrap();
    assert_eq!((both.given, both.unread.as_slice()), (Given::Seconds, ["speedup".to_owned()].as_slice()));
}

#[test]
fn other_names_are_mapped() {
    let text = "Processors,TPS,seconds\n1,10,7\n2,20,7\n";
    let timings = mapped(text, &["workers=processors", "throughput=tps"], None).unwrap();
    assert_eq!((timings.given, timings.column.as_str()), (Given::Throughput, "TPS"));
    assert!(mapped(text, &["workers"], None).unwrap_err().to_string().contains("no `=`"));
    assert!(mapped(text, &["people=TPS"], None).unwrap_err().to_string().contains("`people`"));
    assert!(mapped(text, &["workers=cores"], None).unwrap_err().to_string().contains("`cores`"));
    let twice = mapped(text, &["workers=TPS", "speedup=TPS"], None).unwrap_err().to_string();
    assert!(twice.contains("two meanings"), "{twice}");
}

#[test]
fn separators_line_ends_and_marks_of_many_programs() {
    for text in [
        "\u{feff}workers,seconds\n1,8\n2,4\n",
        "workers;seconds\r\n1;8\r\n2;4\r\n",
        "workers\tseconds\r1\t8\r2\t4\r",
        "# made by a script\n\nworkers , seconds\n# more\n1 , 8\n\n2 , 4",
        "\"workers\",\"seconds\"\n\"1\",\"8\"\n2.0,4e0\n",
        "workers,seconds\n1,8\n2,4\n# the end",
        "  # indented, \"\nworkers,seconds\n1,8\n   \n\t# more\n2,4\n,\n\"\",\"\"",
        "# one\rworkers,seconds\r# two\r1,8\r\r# three\r2,4",
        "workers,seconds\n2^0,8\n2^1,4",
        "workers,seconds,note\n1,8,\"a \"\"b\"\"\n# no comment\"\n2,4,5\" disk\n",
    ] {
        assert_eq!(medians(&plain(text).unwrap()), [(1.0, 8.0), (2.0, 4.0)], "{text:?}");
    }
}

#[test]
fn work_makes_pairs() {
    let timings = plain("work,workers,seconds\n10,1,8\n20,1,16\n10,2,4\n20,2,8\n20,4,4\n").unwrap();
    assert_eq!(timings.sizes(), [10.0, 20.0]);
    assert_eq!(timings.fixed_size().len(), 3);
    assert!(
        plain("work,workers,speedup\n1,1,1\n1,2,2\n2,1,1\n2,2,2\n")
            .unwrap_err()
            .to_string()
            .contains("needs a column of times")
    );
}

#[test]
fn very_many_worker_counts_are_pooled() {
    let rows: Vec<String> = (1..=5000).map(|p| format!("{p},{}", 1.0 / f64::from(p))).collect();
    let timings = plain(&format!("workers,seconds\n{}", rows.join("\n"))).unwrap();
    assert!(timings.pooled && timings.groups.len() <= 100 && timings.worker_counts == 5000);
    for group in &timings.groups {
        assert!((group.seconds.median * group.workers - 1.0).abs() < 1e-3, "{group:?}");
        // On an exact curve nothing scatters, however much time falls within a pool.
        assert!(group.seconds.log_se.unwrap_or(0.0) < 1e-3, "{group:?}");
    }
}

/// One count more than are fitted one by one: the errors and the interval hardly change.
#[test]
fn pooling_does_not_take_a_trend_for_an_error() {
    let mut state = 1_u64;
    let mut uniform = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 40) as f64 / f64::from(1_u32 << 24)
    };
    for repetitions in [1, 5] {
        let mut table = vec!["workers,seconds".to_owned()];
        for p in (1..=101).map(f64::from) {
            for _ in 0..repetitions {
                let noise: f64 = (0..12).map(|_| uniform()).sum::<f64>() - 6.0;
                table.push(format!("{p},{}", (0.05 + 0.95 / p) * (0.02 * noise).exp()));
            }
        }
        let fit = |counts: usize| {
            let timings = plain(&table[..=counts * repetitions].join("\n")).unwrap();
            assert_eq!(timings.pooled, counts > 100);
            let point = |group: &Group| crate::law::Point::from_summary(group.workers, &group.seconds);
            let fit = crate::law::speedup::fit(&timings.groups.iter().map(point).collect::<Vec<_>>());
            let s = fit.serial_fraction.unwrap();
            assert!(s.contains(0.05), "{s:?}");
            (s.high / s.low - 1.0, fit.goodness.unwrap().lack_of_fit)
        };
        let (alone, pooled) = (fit(100), fit(101));
        println!("{alone:?} {pooled:?}");
        assert!((0.6..1.7).contains(&(pooled.0 / alone.0)), "{alone:?} {pooled:?}");
        let tested = |f: Option<f64>| f.is_none_or(|f| (0.5..2.0).contains(&f));
        assert!(tested(alone.1) && tested(pooled.1), "{alone:?} {pooled:?}");
    }
}

#[test]
fn bad_rows_are_named_by_line_and_column() {
    let cases = [
        ("workers,seconds\n1,8\n2,abc\n", "line 3, column 2 (`seconds`) is `abc`"),
        ("workers,seconds\n1,8\n\n# note\n2,abc\n", "line 5, column 2"),
        ("workers,seconds\n1,inf\n", "not a finite number"),
        ("workers,seconds\n1,-3\n", "line 2, column 2 (`seconds`) is `-3`, negative"),
        ("workers,seconds\n1,0\n", "is `0`, zero"),
        ("workers,seconds\n0,1\n", "no row with a value: 1 row of the sequential program, `0` (line 2)"),
        ("workers,seconds\n-2,1\n", "column 1 (`workers`) is `-2`, negative"),
        ("workers,seconds\n1.5,1\n", "not a whole number"),
        ("workers,seconds\n1e300,1\n", "2^53"),
        ("workers,seconds\n1,\n", "1 row without a value (line 2)"),
        ("workers,seconds\n,8\n", "line 2, column 1 (`workers`) is empty"),
        ("workers,seconds\n1\n", "column 2 (`seconds`) is missing"),
        ("workers,seconds\n1,2,3\n", "line 2 has 3 cells, the header 2"),
        ("workers,seconds,note\n1,2\n", "column 3 (`note`) is missing; the row has 2 of 3 cells"),
        ("workers,seconds\n1,8 parsecs\n", "unknown unit, `parsecs`"),
        ("workers,seconds\n1,1:2:3:4\n", "not a number"),
        ("workers,seconds\n1,1e-200\n", "between 1e-60 and 1e60"),
        ("workers,throughput\n1,1e99\n", "between 1e-60 and 1e60"),
        ("workers,seconds\n1,\"8\n2,4\n", "line 2, column 2 begins with a quote (\") that is never closed"),
        ("workers,seconds\n1,-8ms\n", "is `-8ms`, negative"),
        ("workers,seconds\n1,0ms\n", "is `0ms`, zero"),
        ("workers,seconds\n2^x,8\n", "not a worker count"),
        ("workers,seconds\r# a\r  # b\r \r,\r1,8\r2,x\r", "line 7, column 2"),
        ("workers,seconds\n1,8\n \n ,\n  # c \"\n2,x", "line 6, column 2"),
        ("work,workers,seconds\n0,1,8\n", "column 1 (`work`) is `0`, zero"),
        ("1 8\n2\n4 2\n", "line 2, column 2 is missing; the row has 1 of 2 cells"),
    ];
    for (text, words) in cases {
        let message = plain(text).unwrap_err().to_string();
        assert!(message.contains(words), "{text:?}: {message}");
    }
}

#[test]
fn bad_tables_say_what_would_be_right() {
    let cases = [
        ("", "is empty"),
        ("\n\n# nothing\n", "is empty"),
        ("workers,seconds\n", "no rows"),
        ("apples,pears\nx,y\nz,y\n", "no column of worker counts; its columns are `apples`, `pears`"),
        ("workers,pears\n1,x\n2,y\n", "no column of values"),
        ("workers,seconds\n4,8\n4,9\n", "every row has the worker count 4"),
        ("experiment,workload,phase,repetition,workers,seconds\n", "amdahl report"),
    ];
    for (text, words) in cases {
        let message = plain(text).unwrap_err().to_string();
        assert!(message.contains(words), "{text:?}: {message}");
    }
    assert!(mapped("workers,ms\n1,8\n2,4\n", &[], Some("s")).unwrap_err().to_string().contains("--unit says s"));
    assert!(mapped("workers,ms\n1,8\n2,4\n", &[], Some("ms")).is_ok());
    assert!(mapped("workers,time\n1,8\n", &[], Some("weeks")).unwrap_err().to_string().contains("`weeks`"));
    assert!(mapped("workers,speedup\n1,8\n", &[], Some("ms")).unwrap_err().to_string().contains("holds no times"));
}

#[test]
fn bytes_that_are_no_text_are_named() {
    let read = |bytes: &[u8]| super::read(bytes, &Mapping::default()).unwrap_err().to_string();
    assert!(read(b"workers,seconds\n1,8\n2,\xff4\x01\n").contains("line 3, byte 3 is 0xff"));
    assert!(read(b"\xff\xfew\x00o\x00").contains("UTF-16"));
}

/// Bare letters are no units, and parts of a word are no names.
#[test]
fn letters_are_no_units() {
    for name in ["h", "S", "s", "w", "min"] {
        let text = format!("workers,{name}\n1,8\n2,4\n");
        assert!(read(text.as_bytes(), &Mapping::default()).is_err(), "{name}");
    }
    let least = plain("workers,min,max\n1,8,9\n2,4,5\n").unwrap();
    assert_eq!((least.column.as_str(), least.groups[0].seconds.median), ("min", 8.0));
}

#[test]
fn parts_of_a_file_are_read_by_value_or_alone() {
    let text = "threads,N,time\n1,10,8\n1,20,9\n2,10,4\n2,20,5\n4,30,1\n";
    let by = Mapping { by: vec!["n".to_owned()], ..Mapping::default() };
    let reading = read(text.as_bytes(), &by).unwrap();
    assert_eq!((reading.by, reading.parts.len(), reading.skipped), (vec!["N".to_owned()], 2, vec!["30".to_owned()]));
    let only = Mapping { only: vec!["N=20.0".to_owned()], ..Mapping::default() };
    assert_eq!(medians(&one(text.as_bytes(), &only).unwrap()), [(1.0, 9.0), (2.0, 5.0)]);
    let work = Mapping { work: Some("2".to_owned()), ..Mapping::default() };
    assert_eq!(one(text.as_bytes(), &work).unwrap().sizes(), [10.0, 20.0, 30.0]);
    let ignore = Mapping { ignore: vec!["N".to_owned()], ..Mapping::default() };
    assert_eq!(medians(&one(text.as_bytes(), &ignore).unwrap())[0], (1.0, 8.5));
}

#[test]
fn sizes_have_their_units() {
    let work = Mapping { work: Some("size".to_owned()), ..Mapping::default() };
    let text = "threads,size,time\n1,64 KiB,1\n1,1MiB,8\n2,64 KiB,1\n2,1MiB,4\n";
    assert_eq!(one(text.as_bytes(), &work).unwrap().sizes(), [65_536.0, 1_048_576.0]);
    let text = "threads,size,time\n1,10k,1\n1,1M,8\n2,10k,1\n2,1M,4\n";
    assert_eq!(one(text.as_bytes(), &work).unwrap().sizes(), [1e4, 1e6]);
}

/// Times that carry their unit need none from the reader.
#[test]
fn a_unit_in_every_cell_is_stated() {
    for cells in [["0m8s", "4.5s"], ["1:23.45", "0:44"], ["80ms", "8 us"]] {
        assert!(plain(&format!("workers,time\n1,{}\n2,{}\n", cells[0], cells[1])).unwrap().unit_stated, "{cells:?}");
    }
    assert!(!plain("workers,time\n1,8s\n2,4\n").unwrap().unit_stated);
}

#[test]
fn too_many_timings_are_drawn_from() {
    let text = format!("workers,seconds\n{}2,4\n", "1,8\n".repeat(30_000));
    let timings = plain(&text).unwrap();
    assert_eq!(
        (timings.rows, timings.groups[0].seconds.count, timings.groups[0].seconds.median),
        (30_001, 10_000, 8.0)
    );
    assert!(timings.notes.iter().any(|(name, _)| name == "drawn"));
}

/// Nothing that a file can hold makes the reader panic: every prefix of a table, with every byte put into every place.
#[test]
fn no_table_makes_it_panic() {
    let table = b"#c\nwork,workers,time ms\n1,1,\"8\"\r\n2,2,4.5ms\n";
    for end in 0..table.len() {
        for byte in [0, b'\n', b'\r', b',', b'"', b'#', b'-', b'0', b'e', b';', b'\t', b'(', 0x80, 0xc3, 0xff] {
            let mut bytes = table.to_vec();
            bytes[end] = byte;
            let _ = super::read(&bytes[..], &Mapping::default());
            bytes.truncate(end + 1);
            let _ = super::read(&bytes[..], &Mapping::default());
        }
    }
}
