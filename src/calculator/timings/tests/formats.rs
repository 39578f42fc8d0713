//! Each form of a table that is read, and each that is asked about.

use super::super::{Mapping, read};
use super::{asked, medians, plain};

/// Each way to write a table, and what it holds: two counts with 8 and 4 seconds.
#[test]
fn formats_of_many_programs() {
    for text in [
        "threads seconds\n1 8\n2 4\n",
        "# threads time\n1 8\n2 4\n",
        "sep=;\nthreads;elapsed\n1;8,0\n2;4,00\n",
        "| Threads | Wall time (s) |\n|---|--:|\n| 1 | 8 |\n| 2 | 4 |\n",
        "Threads: 1, Time: 8 s\nThreads: 2, Time: 4 s\n",
        "threads=1 time=8.0\nthreads=2 time=4.0\n",
        "Threads: 1\nTime: 8 s\n\nThreads: 2\nTime: 4 s\n",
        "command,mean,stddev\nOMP_NUM_THREADS=1 ./a,8,1\nOMP_NUM_THREADS=2 ./a,4,1\n",
        "command,mean,stddev\nmpirun -np 1 ./a,8,1\nmpirun -np 2 ./a,4,1\n",
        "\"Num MPI ranks\",\"Run time\"\n1 8\n2 4\n",
        "Number of threads   Wall time\n1   8\n2   4\n",
        "nproc,real\n1,0m8.000s\n2,real 0m4s\n",
        "np,time\n1,0:08.00\n2,00:00:04\n",
        "cores,time_ms,stddev\n1,8000,3\n2,4e3,3\nTotal,12000,\n",
        "p,T,S,E\n1,8,1,1\n2,4,2,1\n",
        "threads,time,\n1,8,\n2,4,\n",
        "threads,min,avg,max\n1,7,8,9\n2,3,4,5\n",
        "ranks,user,sys,real\n1,7.9,0.1,8\n2,7.8,0.1,4\n",
        "gpus,time,images/s\n1,8,10\n2,4,20\n",
        "hilos;tiempo (s)\n1;8\n2;4\n",
        "threads,time\n1_seq,9\n1,8\n2,4\n4,NA\n8,DNF\n",
        "threads,time1,time2,time3\n1,8,8,8\n2,4,4,4\n",
        "threads,run,time\n1,1,8\n1,2,8\n2,1,4\n2,2,4\n",
        "{\"nproc\": 1, \"execution_time\": 8}\n{\"nproc\": 2, \"execution_time\": 4.0}\n",
        "[{\"threads\": 1, \"seconds\": 8},\n {\"threads\": 2, \"seconds\": 4}]",
        "[\n{\"threads\": 1, \"timing\": {\"seconds\": [8, 8]}},\n{\"threads\": 2, \"timing\": {\"seconds\": [4]}}\n]",
        "{\"results\": [{\"command\": \"x\", \"mean\": 9, \"times\": [8, 8], \"parameters\": {\"threads\": \"1\"}},\n\
         {\"command\": \"x\", \"mean\": 9, \"times\": [4, 4], \"parameters\": {\"threads\": \"2\"}}]}",
        "name,iterations,real_time,cpu_time,time_unit\n\"BM/threads:1\",9,8000,1,ms\n\"BM/threads:2\",9,4000,1,ms\n\
         \"BM/threads:2_mean\",9,4000,1,ms\n",
        "{\"context\": {}, \"benchmarks\": [\n\
         {\"name\": \"BM/threads:1\", \"threads\": 1, \"real_time\": 8e9, \"time_unit\": \"ns\"},\n\
         {\"name\": \"BM/threads:2\", \"threads\": 2, \"real_time\": 4e9, \"time_unit\": \"ns\"}]}",
        "PARAMETER threads\nPOINTS ( 1 ) ( 2 )\nREGION a\nMETRIC time\nDATA 8 8\nDATA 4\n",
        "2026-01-01T00:00:00\nRun on (8 X 3000 MHz CPU s)\nLoad Average: 0.2, 0.1, 0.1\n\
         name,iterations,real_time,cpu_time,time_unit\n\"BM/threads:1\",9,8,1,s\n\"BM/threads:2\",9,4,1,s\n",
        "{\"config\": {\"np\": 1}, \"metrics\": {\"wall_time\": 8}}\n\
         {\"config\": {\"np\": 2}, \"metrics\": {\"wall_time\": 4}}\n",
        "{\"benchmarks\": [{\"params\": {\"threads\": 1}, \"stats\": {\"mean\": 8, \"min\": 7}},\n\
         {\"params\": {\"threads\": 2}, \"stats\": {\"mean\": 4, \"min\": 3}}]}",
        "Solver, version 2\n\nthreads time\n1 8\n2 4\n",
        "Results,,\n,,\nthreads,time,\n1,8,\n2,4,\n",
        "OMP_NUM_THREADS=1\npi 3.14\n\nreal\t0m8.000s\nuser\t0m8s\nsys\t0m0s\nOMP_NUM_THREADS=2\n\nreal\t0m4.000s\n",
        "== 1 thread ==\nreal 8\nuser 8\nsys 0\n\nreal 8\nuser 8\nsys 0\n== 2 thread ==\nreal 4\nuser 8\nsys 0\n",
        "mpirun -np 1 ./a\n8.00user 0.00system 0:08.00elapsed 99%CPU\nmpirun -np 2 ./a\n8.0user 0:04.00elapsed\n",
        "+ ranks: 1\n\tElapsed (wall clock) time (h:mm:ss or m:ss): 0:08.00\n+ ranks: 2\n\
         \tElapsed (wall clock) time (h:mm:ss or m:ss): 0:04.00\n",
    ] {
        assert_eq!(
            medians(&plain(text).unwrap_or_else(|fault| panic!("{text}: {fault}"))),
            [(1.0, 8.0), (2.0, 4.0)],
            "{text}"
        );
    }
}

/// What a table may mean is asked, and each answer is a reading.
#[test]
fn two_readings_are_asked() {
    for (text, words) in [
        ("1,8\n2,4\n", "nothing names the columns"),
        ("workers,workers,seconds\n1,1,8\n2,2,4\n", "2 columns count workers"),
        ("nodes,tasks_per_node,seconds\n1,2,8\n2,4,4\n", "2 columns count workers: `nodes` and `tasks_per_node`"),
        ("workers,ms,seconds\n1,1,8\n2,1,7\n", "2 columns hold times"),
        ("workers,serial_s,pthread_s\n1,8,8\n2,8,4\n", "2 columns hold times"),
        ("workers,parallel_time,openmp_time\n1,8,8\n2,8,4\n", "2 columns hold times"),
        ("workers,time_min\n1,8\n2,4\n", "in minutes"),
        ("workers;time\n1;1,234\n2;1,123\n", "may begin a fraction"),
        ("workers;time\n1;12.000\n2;6.300\n4;956\n", "every point stands before three digits"),
        ("gpus,ms,img/s\n1,100,320\n2,102,627\n4,105,1219\n", "`img/s` times `ms` is the work of a row"),
        ("clients,qps,p50 latency,p99 latency\n1,1000,1,2\n2,1900,1.05,2.1\n", "the rows are not one job"),
        ("size,t1,t2,t4\n9,8,4,2\n", "a column of its own"),
        ("threads,N,time\n1,10,8\n1,20,9\n2,10,4\n2,20,5\n", "differ in `N` (10, 20)"),
        ("threads,time,N\n1,8,10\n2,8,25\n4,8,30\n", "`N` (10, 25, 30) changes with the workers"),
        ("threads,time,load\n1,8,10\n2,8,20\n4,8,40\n", "`load` (10, 20, 40) grows with the workers"),
        ("threads,time,nx\n1,8,10\n2,8,14\n4,8,20\n", "`nx` (10, 14, 20) grows with the workers"),
        ("threads,time,system\n1,8,A\n2,4,A\n1,9,B\n2,5,B\n", "differ in `system` (A, B)"),
        ("Device,Device Name,BlockSize,GPU Time (sec),Noise (%)\n0,X,32,8,1\n0,X,64,4,1\n", "`BlockSize` may be one"),
        ("p,S\n1,1\n2,1.9\n", "`S` may hold speedups"),
        ("ranks,threads,time\n1,1,8\n1,2,5\n2,1,4\n2,2,3\n", "differ in `ranks` (1, 2); in `threads` (1, 2)"),
        ("threads,time\n# a\n1,8\n2,4\n# b\n1,7\n2,3\n", "differ in `block` (a, b)"),
        ("command,mean\n./a -t 1,8\n./a -t 2,4\n", "`argument 1` may be one"),
        (
            "./a -t 1  8.0s user 0.0s system 99% cpu 8.0 total\n./a -t 2  8.0s user 0.0s system 99% cpu 4.0 total\n",
            "`argument 1` may be one",
        ),
        ("command,mean\n./a --threads 1,8\n./b --threads 1,9\n./a --threads 2,4\n", "differ in `command`"),
    ] {
        let (question, answers) = asked(text);
        assert!(question.contains(words) && !answers.is_empty(), "{text}: {question}");
        for answer in answers {
            assert!(read(text.as_bytes(), &answer).is_ok(), "{text}: {answer:?}");
        }
    }
}

/// Older programs write letters in a code page of one byte each; the digits are the same in all of them.
#[test]
fn letters_of_a_code_page_are_read() {
    let read = read(&b"Kerne;Laufzeit f\xfcr A (s)\n1;8\n2;4\n"[..], &Mapping::default()).unwrap();
    assert_eq!(medians(&read.parts[0].1), [(1.0, 8.0), (2.0, 4.0)]);
}

/// The word weak says that the job grows with the workers: in a name, in every cell of a column, in a title.
#[test]
fn weak_in_words_is_weak_scaling() {
    for (text, column) in [
        ("nodes,scaling,time\n1,weak,10\n2,weak,11\n", "scaling"),
        ("nodes,mode,images/s,ms\n1,weak,310,10\n2,weak,613,10\n", "mode"),
        ("# Weak scaling, 1e6 cells per rank\nranks,time\n1,10\n2,11\n", "block"),
        ("# Weak scaling\n# times in s\nranks,time\n1,10\n2,11\n", "block"),
        ("ranks,weak_time_s\n1,10\n2,11\n", "weak_time_s"),
        ("ranks,time,weak efficiency\n1,10,1\n2,11,0.91\n", "weak efficiency"),
        ("ranks,efficiency (weak)\n1,1\n2,0.91\n", "efficiency (weak)"),
        ("ranks,N,scaling,time\n1,100,weak,10\n2,100,weak,11\n", "scaling"),
    ] {
        let weak = plain(text).unwrap_or_else(|fault| panic!("{text}: {fault}")).weak;
        assert_eq!(weak.map(|weak| weak.column).as_deref(), Some(column), "{text}");
    }
    for text in [
        "ranks,time\n1,10\n2,11\n",
        "# strong and weak scaling\nranks,time\n1,10\n2,11\n",
        "# Weak scaling\n# Strong scaling\nranks,time\n1,10\n2,11\n",
        "ranks,time,efficiency,weak efficiency\n1,10,1,1\n2,5,1,0.91\n",
    ] {
        assert_eq!(plain(text).unwrap().weak, None, "{text}");
    }
    let by = Mapping { by: vec!["mode".to_owned()], ..Mapping::default() };
    let parts = read(&b"mode,p,time\nstrong,1,8\nstrong,2,4\nweak,1,8\nweak,2,9\n"[..], &by).unwrap().parts;
    assert_eq!(parts.iter().map(|(_, part)| part.weak.is_some()).collect::<Vec<_>>(), [false, true]);
}

/// Points before three digits begin fractions, unless a number without one would then be out of place.
#[test]
fn points_of_fractions_are_not_asked_about() {
    for text in ["p,speedup\n1,1\n2,1.905\n4,3.478\n", "p,time\n1,0.956\n2,120\n", "p,time\n1,8.125\n2,4\n"] {
        assert!(plain(text).is_ok(), "{text}");
    }
    assert!(plain("gpus,ms,img/s\n1,100,320\n2,50,641\n").is_ok());
}

/// Files that are no text are named by what they are.
#[test]
fn files_of_other_programs_are_named() {
    let compressed: [(&[u8], &str); 3] = [
        (b"\x1f\x8b\x08\x00\xff\n", "gunzip"),
        (b"PK\x03\x04\x14\x00\xff\n", "spreadsheet"),
        (b"{\"traceEvents\": [{\"ph\": \"X\"}]}", "amdahl trace"),
    ];
    for (bytes, words) in compressed {
        let fault = read(bytes, &Mapping::default()).unwrap_err().to_string();
        assert!(fault.contains(words), "{fault}");
    }
}

/// Units in a row of their own below the names.
#[test]
fn units_below_the_names_belong_to_them() {
    for text in ["p,time\n-,ms\n1,8000\n2,4000\n", "p;time\n;[ms]\n1;8000\n2;4000\n", "p time\n# (ms)\n1 8\n2 4\n"] {
        let read = plain(text).unwrap_or_else(|fault| panic!("{text}: {fault}"));
        // A comment is no row.
        assert_eq!((medians(&read), read.unit_stated), (vec![(1.0, 8.0), (2.0, 4.0)], !text.contains('#')), "{text}");
    }
}

#[test]
fn the_error_of_a_value_is_no_part_of_it() {
    for cells in [
        ["8.0 ± 0.1", "4.0 ± 0.1"],
        ["8.0 ± 0.1 s", "4.0 ± 0.1 s"],
        ["8000 ms ± 12 ms", "4000ms±12ms"],
        ["(8.0 +/- 0.1) s", "(4.0 +- 0.1) s"],
    ] {
        let read =
            plain(&format!("p,time\n1,{}\n2,{}\n", cells[0], cells[1])).unwrap_or_else(|fault| panic!("{fault}"));
        assert_eq!(medians(&read), [(1.0, 8.0), (2.0, 4.0)], "{cells:?}");
        assert!(read.notes.iter().any(|(name, _)| name == "errors"), "{:?}", read.notes);
    }
}

#[test]
fn the_tables_of_pandas_are_read() {
    let split = r#"{"columns":["p","time"],"index":[0,1],"data":[[1,8.0],[2,4.0]]}"#;
    assert_eq!(medians(&plain(split).unwrap()), [(1.0, 8.0), (2.0, 4.0)]);
    assert_eq!(medians(&plain(&split.replace(",\"data", ",\n\"data")).unwrap()), [(1.0, 8.0), (2.0, 4.0)]);
    let records = r#"[{"p":1,"time":8.0},{"p":2,"time":4.0}]"#;
    assert_eq!(medians(&plain(records).unwrap()), [(1.0, 8.0), (2.0, 4.0)]);
}

/// A column without a name is called by its place.
#[test]
fn a_column_without_a_name_is_named_by_its_place() {
    let read = plain("p,,time\n1,a,8\n2,b,4\n").unwrap();
    assert_eq!(read.unread, ["column 2"]);
}
