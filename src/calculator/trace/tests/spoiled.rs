//! Files that are no traces, traces spoiled at random, and a trace that is longer than the memory should be.

use std::io::Read;

use super::*;

#[test]
fn what_is_no_trace_is_refused_with_its_place() {
    let long = format!("[{{\"name\":\"{}\"}}]", "x".repeat(17 << 20));
    let deep = format!("{{\"traceEvents\":[],\"a\":{}", "[".repeat(100_000));
    let bomb = "[{\"ph\":\"B\",\"ts\":1},".to_owned() + &"{\"ph\":\"B\",\"ts\":1},".repeat(100_001);
    let mut damaged = gzip(&file(&overlapping(), 0, 1));
    damaged.iter_mut().skip(20).for_each(|byte| *byte ^= 0x5a);
    let cases: [(&[u8], &str); 14] = [
        (b"", "the file is empty"),
        (b"  \n", "the file is empty"),
        (b"workers,seconds\n1,2\n", "line 1 column 1: no JSON, it begins with \"workers,\""),
        (b"\x28\xb5\x2f\xfd123", "zstd"),
        (b"SQLite format 3\0", "database"),
        (b"{\"schema\":\"amdahl-run/2\",\"cases\":[]}", "no list `traceEvents` (its members: schema, cases)"),
        (b"[]", "its list of events is empty"),
        (b"[{\"ph\":\"M\",\"name\":\"process_name\"}]", "no event is work with a begin and a length"),
        (b"[{\"ph\":\"X\"},\n 7]", "line 2 column"),
        (b"{\"traceEvents\":\n  {}}", "line 2 column"),
        (b"[{\"ph\":\"X\"}] garbage", "line 1 column"),
        (long.as_bytes(), "a text or number is longer than 16 MiB"),
        (deep.as_bytes(), "stand more than 64 deep"),
        (bomb.as_bytes(), "more than 100000 events began"),
    ];
    for (bytes, words) in cases {
        let fault = read(bytes).unwrap_err();
        assert!(fault.contains(words), "{words}: {fault}");
    }
    let fault = read(damaged).unwrap_err();
    assert!(fault.contains("damaged") || fault.contains("line"), "{fault}");
}

/// Reads whatever it is, and writes what can be read in every format.
fn survives(bytes: &[u8]) -> bool {
    let Ok(recording) = read(bytes) else { return false };
    let Ok(report) = TraceReport::new(vec![recording], None) else { return false };
    for format in [Format::Text, Format::Markdown, Format::Json, Format::Csv, Format::Html] {
        assert!(!report.write(format, Look::default()).is_empty());
    }
    let [seconds, rest @ ..] = parts(&report.whole);
    assert!(rest.iter().all(|part| part.is_finite() && (0.0..=seconds).contains(part)), "{:?}", report.whole);
    true
}

#[test]
fn spoiled_traces_and_random_bytes_end_in_a_report_or_an_error() {
    let mut random = ChaCha8Rng::seed_from_u64(15);
    let mut events = overlapping();
    events.extend([step(1, 0..60), step(2, 60..110)]);
    let good = file(&events, 0, 4).into_bytes();
    let mut read = 0;
    for _ in 0..1500 {
        let mut bytes = good.clone();
        for _ in 0..random.random_range(1..6) {
            if bytes.len() < 2 {
                break;
            }
            let at = random.random_range(0..bytes.len());
            match random.random_range(0..5) {
                0 => bytes[at] = random.random(),
                1 => drop(bytes.remove(at)),
                2 => bytes.insert(at, *b"\"[]{}:,-0e9\\\xff".get(random.random_range(0..13)).unwrap_or(&b' ')),
                3 => bytes.truncate(at.max(1)),
                _ => bytes[at] = random.random_range(b'0'..=b'9'),
            }
        }
        read += usize::from(survives(&bytes));
    }
    assert!(read > 100, "only {read} of the spoiled traces could still be read");
    for length in 0..300 {
        let noise: Vec<u8> = (0..length).map(|_| random.random::<u8>()).collect();
        survives(&noise);
        survives(&[b"\x1f\x8b\x08\x00".as_slice(), &noise].concat());
        survives(&[b"[{".as_slice(), &noise].concat());
    }
}

/// A source that is never held as a whole: many events out of a few.
struct Endless {
    left: usize,
    text: Vec<u8>,
    at: usize,
    time: i64,
}

impl Read for Endless {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.at == self.text.len() && self.left > 0 {
            (self.left, self.at, self.time) = (self.left - 1, 0, self.time + 1);
            let event = kernel(if self.left.is_multiple_of(3) { REDUCE } else { COMPUTE }, 7, self.time..self.time + 1);
            self.text = format!("{event},").into_bytes();
        }
        let count = buffer.len().min(self.text.len() - self.at);
        buffer[..count].copy_from_slice(&self.text[self.at..self.at + count]);
        self.at += count;
        Ok(count)
    }
}

#[test]
fn a_long_trace_is_read_as_it_comes() {
    let source = Endless { left: 100_000, text: b"[".to_vec(), at: 0, time: -1 };
    let recording = Recording::read("pipe".to_owned(), source, &Naming::default()).unwrap();
    let [seconds, compute, communication, hidden, ..] = parts(&recording.workers[0].whole);
    assert_eq!((seconds, compute + communication, hidden), (100_000.0, 100_000.0, 0.0));
    assert_eq!(recording.file.events, 100_000);
}
